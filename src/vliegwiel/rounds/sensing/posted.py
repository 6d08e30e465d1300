"""Many observations at once: all datastreams and features they name are looked up in two statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vliegwiel.base.errors import VliegwielError
from vliegwiel.rounds.ingest.arrivals import NewObservation
from vliegwiel.rounds.models import Datastream, FeatureOfInterest

from .drafts import Draft, DraftInvalid, columns_of
from .writing import new_observation, wrong


@dataclass(frozen=True, slots=True)
class Posted:
    """One observation of many: its values, the datastream it belongs to and what it is about. A key that is no id of ours is
    None in `datastream`; `error` says what was wrong with it before."""

    draft: Draft
    datastream: UUID | None
    feature: UUID | None = None
    error: DraftInvalid | None = None


def observations_of(
    municipality: str, posted: Sequence[Posted], now: datetime
) -> list[NewObservation | VliegwielError]:
    """What can be stored, or why not, in the same order. Inside a scope."""
    streams = _known(Datastream, municipality, {one.datastream for one in posted if one.datastream is not None})
    features = _known(FeatureOfInterest, municipality, {one.feature for one in posted if one.feature is not None})
    return [_judged(one, streams, features, now) for one in posted]


def _judged(
    one: Posted, streams: Collection[UUID], features: Collection[UUID], now: datetime
) -> NewObservation | VliegwielError:
    if one.error is not None:
        return one.error
    if one.datastream is None or one.datastream not in streams:
        return wrong("Datastream", "Deze Datastream is er niet.")
    if one.feature is not None and one.feature not in features:
        return wrong("FeatureOfInterest", "Deze FeatureOfInterest is er niet.")
    try:
        return new_observation(columns_of(one.draft, whole=True), one.datastream, one.feature, now)
    except DraftInvalid as error:
        return error


def _known(model: type[Datastream | FeatureOfInterest], municipality: str, ids: Collection[UUID]) -> set[UUID]:
    if not ids:
        return set()
    return set(model.objects.filter(municipality_id=municipality, id__in=ids).values_list("id", flat=True))
