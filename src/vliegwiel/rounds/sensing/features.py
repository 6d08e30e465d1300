"""What an observation is about when nobody says: the place of its thing (OGC 18-088, 10.2.1.2).

The feature of interest is made from the location once. It stands with the datastream, so that millions of observations need
not carry it; only after a thing has moved do new observations carry the new one themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from vliegwiel.base.ids import uuid7
from vliegwiel.rounds.models import Datastream, FeatureOfInterest, Location, ThingLocation


def features_for(municipality: str, datastreams: Collection[UUID]) -> dict[UUID, UUID | None]:
    """For each datastream the feature its next observations must carry; None where that of the datastream holds, or where
    the thing has no place. Inside a scope; six statements at most, however many datastreams."""
    found: dict[UUID, UUID | None] = dict.fromkeys(datastreams)
    if not datastreams:
        return found
    streams = list(
        Datastream.objects.filter(municipality_id=municipality, id__in=datastreams).select_related("feature")
    )
    place_of = _places(municipality, {stream.thing_id for stream in streams})
    needed = {
        place_of[stream.thing_id]
        for stream in streams
        if stream.thing_id in place_of
        and (stream.feature is None or stream.feature.location_id not in {None, place_of[stream.thing_id]})
    }
    features = _features(municipality, needed)
    first = [stream for stream in streams if stream.feature is None and stream.thing_id in place_of]
    for stream in streams:
        place = place_of.get(stream.thing_id)
        if stream.feature is not None and place in features and stream.feature.location_id != place:
            found[stream.id] = features[place]
    for stream in first:
        stream.feature_id = features[place_of[stream.thing_id]]
    Datastream.objects.bulk_update(first, ["feature"])
    return found


def _places(municipality: str, things: Collection[UUID]) -> dict[UUID, UUID]:
    """The location of each thing that has one; of several encodings of one place the oldest."""
    pairs = ThingLocation.objects.filter(municipality_id=municipality, thing_id__in=things).order_by("-location_id")
    return dict(pairs.values_list("thing_id", "location_id"))


def _features(municipality: str, locations: Collection[UUID]) -> dict[UUID, UUID]:
    """The feature made from each location; made now where there is none yet."""
    if not locations:
        return {}
    rows = FeatureOfInterest.objects.filter(municipality_id=municipality, location_id__in=locations).order_by("-id")
    found = {location: row for row, location in rows.values_list("id", "location_id") if location is not None}
    new = [
        FeatureOfInterest(
            id=uuid7(), municipality_id=municipality, name=place.name, description=place.description,
            encoding_type=place.encoding_type, feature=place.location, lon=place.lon, lat=place.lat, location=place,
        )
        for place in Location.objects.filter(municipality_id=municipality, id__in=set(locations) - set(found))
    ]  # fmt: skip
    FeatureOfInterest.objects.bulk_create(new)
    return found | {row.location_id: row.id for row in new if row.location_id is not None}
