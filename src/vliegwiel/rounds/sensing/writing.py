"""Making, changing and removing entities, inside the transaction of an action (OGC 18-088, chapter 10).

A thing has one place at a time (in several encodings): a new place takes over from the old one, and a historical location
remembers it. An observation that names no feature of interest is about the place of its thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import models as dj

from vliegwiel.base.errors import InvalidParam, TooLarge
from vliegwiel.base.ids import uuid7
from vliegwiel.rounds import models
from vliegwiel.rounds.ingest.arrivals import Json, NewObservation
from vliegwiel.rounds.ingest.given import store_observations

from .drafts import Column, Columns, Draft, DraftInvalid, columns_of
from .entities import TYPES, Between, EntityType, Own, Relation, Theirs
from .features import features_for

MOST = 10_000
"""Entities made by one request."""
MODELS: Mapping[str, type[dj.Model]] = {
    "Thing": models.Thing,
    "Location": models.Location,
    "HistoricalLocation": models.HistoricalLocation,
    "Datastream": models.Datastream,
    "Sensor": models.Sensor,
    "ObservedProperty": models.ObservedProperty,
    "FeatureOfInterest": models.FeatureOfInterest,
}
"""Tables of Django by entity type; observations have statements of their own (`rounds.ingest`)."""


def inverse(kind: EntityType, relation: Relation) -> str:
    """The name of the relation back: of `Thing.Datastreams` it is `Thing`."""
    target = TYPES[relation.target]
    return next(one.name for one in target.relations.values() if one.target == kind.name)


def rows_of(kind: EntityType, municipality: str) -> dj.QuerySet[dj.Model]:
    """The rows of an entity type of this municipality, whatever else is in scope."""
    manager: dj.Manager[dj.Model] = MODELS[kind.name]._default_manager
    return manager.filter(municipality_id=municipality)


def wrong(name: str, reason: str) -> DraftInvalid:
    """The error for one property or relation."""
    return DraftInvalid(reason, invalid=[InvalidParam(name, "invalid", reason)])


class Writer:
    """Makes entities with all that hangs on them. Observations wait until `finish`, and then go in together."""

    def __init__(self, municipality: str, now: datetime) -> None:
        self._municipality = municipality
        self._now = now
        self._waiting: list[NewObservation] = []
        self._made = 0

    def make(self, draft: Draft, given: Mapping[str, UUID] | None = None) -> UUID:
        """Make an entity, `given` being the relations that the address it was posted to already says. Returns its id, which
        of an observation is known only after `finish`."""
        self._made += 1
        if self._made > MOST:
            raise TooLarge(f"Dit is te veel in één keer: hoogstens {MOST} nieuwe onderdelen.")
        given = given or {}
        if draft.kind.name == "Observation":
            return self._observe(draft, given)
        columns = columns_of(draft, whole=True)
        links: dict[str, UUID | None] = {}
        for relation in draft.kind.relations.values():
            if isinstance(relation.how, Own):
                links[relation.how.column] = self._one(draft, relation, given)
            elif relation.required and not (draft.links.get(relation.name) or relation.name in given):
                raise wrong(relation.name, f"{draft.kind.name} hoort {relation.name} te hebben.")
        row_id = uuid7()
        model = MODELS[draft.kind.name]
        model(id=row_id, municipality_id=self._municipality, **columns, **links).save(force_insert=True)
        self.hang(draft, row_id)
        return row_id

    def make_below(self, draft: Draft, given: Mapping[str, UUID]) -> UUID:
        """As `make`, for what is posted below another entity: also where that is a relation between many and many."""
        row_id = self.make(draft, given)
        for name, other in given.items():
            relation = draft.kind.relations[name]
            if isinstance(relation.how, Between):
                self._pair(draft.kind, relation, row_id, [other])
        return row_id

    def finish(self) -> list[UUID]:
        """Store the observations that wait; returns their ids in the order in which they were made."""
        return self.observe_all(self._waiting)

    def observe_all(self, observations: Sequence[NewObservation]) -> list[UUID]:
        """Store observations; those without a feature of interest are about the place of their thing."""
        bare = {one.datastream_id for one in observations if one.feature_id is None}
        features = features_for(self._municipality, bare)
        placed = [
            replace(one, feature_id=features[one.datastream_id]) if one.feature_id is None else one
            for one in observations
        ]
        return store_observations(self._municipality, placed)

    # Relations

    def hang(self, draft: Draft, row_id: UUID) -> None:
        """Make or link what the draft says hangs on entity `row_id`."""
        for name, others in draft.links.items():
            relation = draft.kind.relations[name]
            target = TYPES[relation.target]
            back = inverse(draft.kind, relation)
            match relation.how:
                case Theirs(column):
                    for other in others:
                        if isinstance(other, Draft):
                            self.make(other, {back: row_id})
                        else:
                            self._take(target, other, column, row_id)
                case Between():
                    ids = [
                        self.make(other, {back: row_id})
                        if isinstance(other, Draft)
                        else self._there(target, other, name)
                        for other in others
                    ]
                    self._pair(draft.kind, relation, row_id, ids)
                case Own():
                    pass

    def _pair(self, kind: EntityType, relation: Relation, row_id: UUID, others: Sequence[UUID]) -> None:
        match kind.name, relation.target:
            case "Thing", "Location":
                self.put(row_id, others)
            case "Location", "Thing":
                for thing in others:
                    self.put(thing, [row_id])
            case "HistoricalLocation", "Location":
                self._remember(row_id, others)
            case _:
                for history in others:
                    self._remember(history, [row_id])

    def put(self, thing: UUID, locations: Sequence[UUID]) -> None:
        """A thing is at these locations from now on."""
        history = models.HistoricalLocation.objects.create(
            municipality_id=self._municipality, thing_id=thing, time=self._now
        )
        self._remember(history.id, locations)

    def _remember(self, history_id: UUID, locations: Sequence[UUID]) -> None:
        """A historical location is of these places; when it is the latest of its thing, the thing is there now."""
        models.HistoricalLocationPlace.objects.bulk_create(
            models.HistoricalLocationPlace(
                municipality_id=self._municipality, historical_location_id=history_id, location_id=location
            )
            for location in dict.fromkeys(locations)
        )
        histories = models.HistoricalLocation.objects.filter(municipality_id=self._municipality)
        history = histories.get(id=history_id)
        if histories.filter(thing_id=history.thing_id, time__gt=history.time).exists():
            return
        now = models.ThingLocation.objects.filter(municipality_id=self._municipality, thing_id=history.thing_id)
        now.delete()
        models.ThingLocation.objects.bulk_create(
            models.ThingLocation(municipality_id=self._municipality, thing_id=history.thing_id, location_id=location)
            for location in dict.fromkeys(locations)
        )

    def _take(self, target: EntityType, other: UUID, column: str, row_id: UUID) -> None:
        if target.name == "Observation":
            raise wrong("Observations", "Een Observation krijgt haar Datastream als zij wordt gemaakt.")
        if not rows_of(target, self._municipality).filter(id=other).update(**{column: row_id}):
            raise wrong(target.plural, f"Deze {target.name} is er niet: {other}.")

    def _one(self, draft: Draft, relation: Relation, given: Mapping[str, UUID]) -> UUID | None:
        """The id of the one entity of a relation: the address says it, the draft names it, or it is made now."""
        if relation.name in given:
            return given[relation.name]
        others = draft.links.get(relation.name, ())
        if not others:
            if relation.required:
                raise wrong(relation.name, f"{draft.kind.name} hoort een {relation.name} te hebben.")
            return None
        other = others[0]
        target = TYPES[relation.target]
        return self.make(other) if isinstance(other, Draft) else self._there(target, other, relation.name)

    def _there(self, target: EntityType, other: UUID, name: str) -> UUID:
        if not rows_of(target, self._municipality).filter(id=other).exists():
            raise wrong(name, f"Deze {target.name} is er niet: {other}.")
        return other

    # Observations

    def _observe(self, draft: Draft, given: Mapping[str, UUID]) -> UUID:
        datastream = self._one(draft, draft.kind.relations["Datastream"], given)
        assert datastream is not None
        feature = self._one(draft, draft.kind.relations["FeatureOfInterest"], given)
        self._waiting.append(self.observation(draft, datastream, feature))
        return datastream

    def observation(self, draft: Draft, datastream: UUID, feature: UUID | None) -> NewObservation:
        """The observation that a draft describes. Without a moment it is of now. Raises `DraftInvalid`."""
        return new_observation(columns_of(draft, whole=True), datastream, feature, self._now)


def new_observation(columns: Columns, datastream: UUID, feature: UUID | None, now: datetime) -> NewObservation:
    """From columns to what is stored."""
    time, result = columns.get("phenomenon_time"), columns.get("result")
    return NewObservation(
        datastream_id=datastream,
        phenomenon_time=time if isinstance(time, datetime) else now,
        result=result if isinstance(result, float) else None,
        result_json=plain(columns.get("result_json")),
        phenomenon_end=_when(columns.get("phenomenon_end")),
        result_time=_when(columns.get("result_time")),
        result_quality=plain(columns.get("result_quality")),
        valid_from=_when(columns.get("valid_from")),
        valid_until=_when(columns.get("valid_until")),
        parameters=plain(columns.get("parameters")),
        feature_id=feature,
    )


def _when(value: Column) -> datetime | None:
    return value if isinstance(value, datetime) else None


def plain(value: Column) -> Json:
    """What is JSON of a column; a moment is none."""
    return None if isinstance(value, datetime) else value
