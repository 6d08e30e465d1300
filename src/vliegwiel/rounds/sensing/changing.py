"""Changing and removing entities that are there, inside the transaction of an action (OGC 18-088, 10.3 and 10.4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from vliegwiel.base.errors import Conflict, NotFound
from vliegwiel.rounds import models
from vliegwiel.rounds.ingest import rows as stored
from vliegwiel.rounds.ingest.removing import find, move, remove_observation, remove_observations_of, times_again

from .drafts import Column, Columns, Draft, columns_of
from .entities import TYPES, EntityType, Own
from .writing import Writer, plain, rows_of, wrong

_JSON_COLUMNS = frozenset({"result_json", "result_quality", "parameters"})


def change(writer: Writer, municipality: str, row_id: UUID, draft: Draft, *, whole: bool) -> None:
    """Give an entity the values and relations of a draft. `whole` (PUT): what the draft leaves out becomes empty.

    Raises `NotFound`, and `DraftInvalid` for a new entity inside the changes: those are made apart (10.3.1).
    """
    for name, others in draft.links.items():
        if any(isinstance(other, Draft) for other in others):
            raise wrong(name, f"Maak een nieuwe {name} eerst apart; een wijziging verwijst alleen naar wat er is.")
    columns = columns_of(draft, whole=whole)
    if whole:
        columns = _emptied(draft.kind) | columns
    if draft.kind.name == "Observation":
        _change_observation(municipality, row_id, draft, columns)
        return
    links = {column: one for column, one in _own_links(municipality, draft).items() if column != "feature_id"}
    rows = rows_of(draft.kind, municipality).filter(id=row_id)
    if not (rows.update(**columns, **links) if columns or links else rows.exists()):
        raise NotFound(f"Deze {draft.kind.name} is er niet.")
    many = {name: others for name, others in draft.links.items() if draft.kind.relations[name].many}
    writer.hang(Draft(draft.kind, {}, many), row_id)


def _emptied(kind: EntityType) -> Columns:
    """All columns that may be empty, empty."""
    return {
        column: None
        for one in kind.properties.values()
        if one.settable and not one.required
        for column in one.columns
        if column != "phenomenon_time"
    }


def _own_links(municipality: str, draft: Draft) -> dict[str, UUID]:
    """The columns of relations to one that the draft changes."""
    found: dict[str, UUID] = {}
    for name, others in draft.links.items():
        relation = draft.kind.relations[name]
        if isinstance(relation.how, Own) and others and isinstance(other := others[0], UUID):
            target = TYPES[relation.target]
            if not rows_of(target, municipality).filter(id=other).exists():
                raise wrong(name, f"Deze {target.name} is er niet: {other}.")
            found[relation.how.column] = other
    return found


def _change_observation(municipality: str, row_id: UUID, draft: Draft, columns: Columns) -> None:
    place = find(municipality, row_id)
    if place is None:
        raise NotFound("Deze Observation is er niet.")
    links = _own_links(municipality, draft)
    datastream = links.get("datastream_id", place.datastream)
    time = columns.pop("phenomenon_time", None)
    when = time if isinstance(time, datetime) else place.time
    if (datastream, when) != place:
        move(municipality, row_id, when, datastream=datastream)
    cells: dict[str, str | float | datetime | UUID | None] = {
        column: stored.as_json(plain(value)) if column in _JSON_COLUMNS else _cell(value)
        for column, value in columns.items()
    }
    if "feature_id" in links:
        cells["feature_id"] = links["feature_id"]
    if not cells:
        return
    assignments = ", ".join(f"{column} = %s{'::jsonb' if column in _JSON_COLUMNS else ''}" for column in cells)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE rounds_observation SET {assignments}"
            " WHERE municipality_id = %s AND datastream_id = %s AND phenomenon_time = %s AND id = %s",
            [*cells.values(), municipality, datastream, when, row_id],
        )
    if "phenomenon_end" in cells:
        times_again(municipality, datastream)


def _cell(value: Column) -> str | float | datetime | None:
    assert not isinstance(value, list | dict)
    return value


def remove(municipality: str, kind: EntityType, row_id: UUID) -> None:
    """Remove an entity with what cannot be without it (10.4, table 24). Raises `NotFound`, and `Conflict` for a thing that is
    a container of ours, or a feature that datastreams are about."""
    if kind.name == "Observation":
        remove_observation(municipality, row_id)
        return
    rows = rows_of(kind, municipality).filter(id=row_id)
    if not rows.exists():
        raise NotFound(f"Deze {kind.name} is er niet.")
    match kind.name:
        case "Thing":
            _no_container(municipality, row_id)
            _remove_streams(municipality, thing_id=row_id)
        case "Sensor":
            _remove_streams(municipality, sensor_id=row_id)
        case "ObservedProperty":
            _remove_streams(municipality, observed_property_id=row_id)
        case "Datastream":
            _remove_streams(municipality, id=row_id)
            return
        case "Location":
            models.HistoricalLocation.objects.filter(municipality_id=municipality, places__location_id=row_id).delete()
        case "FeatureOfInterest":
            _remove_about(municipality, row_id)
        case _:
            pass
    rows.delete()


def _no_container(municipality: str, thing: UUID) -> None:
    container = models.Container.objects.filter(municipality_id=municipality, thing_id=thing).first()
    if container is not None:
        raise Conflict(f"Dit Thing is container {container.code}. Haal eerst de container uit de rondes.")


def _remove_streams(municipality: str, **which: UUID) -> None:
    """Datastreams with their observations: the database does not follow those by itself."""
    streams = models.Datastream.objects.filter(municipality_id=municipality, **which)
    ids = list(streams.values_list("id", flat=True))
    if ids:
        remove_observations_of(municipality, ids)
        streams.delete()


def _remove_about(municipality: str, feature: UUID) -> None:
    if models.Datastream.objects.filter(municipality_id=municipality, feature_id=feature).exists():
        raise Conflict("Over deze FeatureOfInterest gaan Datastreams. Verwijder die eerst.")
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM rounds_observation WHERE municipality_id = %s AND feature_id = %s RETURNING datastream_id",
            [municipality, feature],
        )
        streams = {datastream for (datastream,) in cursor.fetchall()}
    for datastream in streams:
        times_again(municipality, datastream)
