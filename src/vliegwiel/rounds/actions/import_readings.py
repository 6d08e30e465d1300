"""Readings of sensors from a table: history of another system, or what a supplier hands over as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import polars as pl
from django.db import connection

from vliegwiel.base.clock import now
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, scope_of

from ..decoding.messages import Quantity
from ..ingest import arrays, rows
from ..ingest.ids import observation_id
from ..ingest.levels import Touched, look_again
from ..ingest.tables import Column, moment, number, read_table, sift
from ..models import Channel, Container, Quality, SensorSource, SourceKind
from ..partitions import make_months, refresh_statistics
from .containers import NewSensor, hang_sensors
from .imported import CONTAINER, NO_TIME, TIME, UTC_TIME, Imported, in_utc, outcome, permit, pieces, together

LOOKED_AT_ONCE: Final = 100_000
_KEY: Final = ("container", "apparaat", "grootheid")
_STREAMS: Final = {
    "container": pl.String, "apparaat": pl.String, "grootheid": pl.String, "stroom": pl.String, "laag": pl.Float64,
    "hoog": pl.Float64,
}  # fmt: skip

_NEWEST = """
UPDATE rounds_channel AS c SET last_time = new.t, last_result = new.v, same_since = new.t, same_count = 1
FROM unnest(%s::uuid[], %s::timestamptz[], %s::float8[]) AS new(s, t, v)
WHERE c.municipality_id = %s AND c.datastream_id = new.s AND (c.last_time IS NULL OR c.last_time < new.t)
"""


def import_readings(actor: Actor, file: Path, *, source: str = "bestand") -> Imported:
    """Read a table of readings: container or apparaat, tijd, waarde, and optionally grootheid (else `vulgraad`).

    A container without a sensor for that quantity gets one, in the source of that name. Emptyings are found in the levels.
    Needs `SENSOR_BEHEREN`. Raises `Invalid` for a file that is no such table.
    """
    permit(actor, Right.SENSOR_BEHEREN)
    table = _read(file)
    good, refused = sift(
        table,
        (pl.col("container").is_null() & pl.col("apparaat").is_null(), "Er staat geen container of apparaat."),
        (pl.col("tijd").is_null(), NO_TIME),
        (pl.col("waarde").is_null(), "De waarde is geen getal."),
        (~pl.col("grootheid").is_in([q.value for q in Quantity]), "Deze grootheid kennen wij niet."),
    )
    streams = _streams(actor, good.select(_KEY).unique(), source)
    good, unknown = sift(
        good.join(streams, on=_KEY, how="left", nulls_equal=True, maintain_order="left"),
        (pl.col("stroom").is_null(), "Deze container of dit apparaat is hier niet bekend."),
    )
    value = pl.col("waarde")
    possible = value.is_between(pl.col("laag").fill_null(-float("inf")), pl.col("hoog").fill_null(float("inf")))
    good = good.with_columns(possible.alias("mogelijk"))
    stored, emptyings = _store(actor, good)
    return outcome(
        actor, file, "metingen.ingelezen", rows=table.height, stored=stored, refused=together(refused, unknown),
        doubtful=good.height - int(good["mogelijk"].sum()), emptyings=emptyings,
    )  # fmt: skip


def _read(file: Path) -> pl.DataFrame:
    table = read_table(
        file,
        (
            Column(CONTAINER.name, CONTAINER.also, needed=False),
            Column("apparaat", ("device", "device_eui", "deveui", "sensor"), needed=False),
            TIME,
            UTC_TIME,
            Column("waarde", ("value", "result", "vulgraad", "level", "fill_level", "percent")),
            Column("grootheid", ("quantity", "property"), needed=False),
        ),
    )
    return table.with_columns(
        moment("tijd", utc=in_utc(table)), number("waarde"), pl.col("grootheid").fill_null(Quantity.FILL_LEVEL.value)
    )


def _streams(actor: Actor, wanted: pl.DataFrame, source: str) -> pl.DataFrame:
    """The datastream of each container or device and quantity, with what is possible there."""
    keys: list[tuple[str | None, str | None, str]] = wanted.rows()
    with scope_of(actor):
        in_containers = _in_containers({code for code, device, _ in keys if device is None and code is not None})
        lacking = [key for key in keys if key[1] is None and (key[0], key[2]) not in in_containers]
        if lacking:
            _hang(actor, source, lacking)
            in_containers = _in_containers({code for code, device, _ in keys if device is None and code is not None})
        by_device = _of_devices({device for _, device, _ in keys if device is not None}, source)
    found = []
    for code, device, quantity in keys:
        stream = by_device.get((device, quantity)) if device is not None else in_containers.get((code or "", quantity))
        if stream is not None:
            found.append((code, device, quantity, str(stream[0]), stream[1], stream[2]))
    return pl.DataFrame(found, schema=_STREAMS, orient="row")


_Found = dict[tuple[str, str], tuple[UUID, float | None, float | None]]


def _in_containers(codes: set[str]) -> _Found:
    things = dict(Container.objects.filter(code__in=codes).values_list("thing_id", "code"))
    channels = Channel.objects.filter(device__thing__in=things).order_by("-device__active", "id")
    found: _Found = {}
    for thing, name, stream, low, high in channels.values_list(
        "device__thing_id", "name", "datastream_id", "low", "high"
    ):
        found.setdefault((things[thing], name), (stream, low, high))
    return found


def _of_devices(names: set[str], source: str) -> _Found:
    channels = Channel.objects.filter(device__device_eui__in=names).order_by("id")
    found: _Found = {}
    for name, quantity, where, stream, low, high in channels.values_list(
        "device__device_eui", "name", "device__source__name", "datastream_id", "low", "high"
    ):
        if where == source or (name, quantity) not in found:
            found[name, quantity] = (stream, low, high)
    return found


def _hang(actor: Actor, source: str, lacking: Sequence[tuple[str | None, str | None, str]]) -> None:
    """A sensor in each container that has none for the quantity: the file is its sensor."""
    there = set(Container.objects.filter(code__in={code for code, _, _ in lacking}).values_list("code", flat=True))
    quantities: dict[str, list[Quantity]] = {}
    for code, _, quantity in lacking:
        if code in there:
            quantities.setdefault(code, []).append(Quantity(quantity))
    if not quantities:
        return
    row, _ = SensorSource.objects.get_or_create(
        municipality_id=actor.municipality, name=source, defaults={"kind": SourceKind.FILE}
    )
    hang_sensors(actor, row.id, [NewSensor(code, code, "bestand", tuple(q)) for code, q in quantities.items()])


def _store(actor: Actor, table: pl.DataFrame) -> tuple[int, int]:
    """Store the readings; returns how many are new, and the emptyings that are in them."""
    if not table.height:
        return 0, 0
    first, last = table["tijd"].min(), table["tijd"].max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    make_months("rounds_observation", first.date(), last.date())
    stored = 0
    received = now()
    for piece in pieces(table.sort("stroom", "tijd")):
        with scope_of(actor):
            new = [
                rows.Row(
                    observation_id(stream, at, b""), stream, at, received, value,
                    Quality.GOOD if possible else Quality.IMPOSSIBLE,
                )
                for stream, at, value, possible in _typed(piece)
            ]  # fmt: skip
            stored += len(rows.insert(actor.municipality, new))
            rows.widen(actor.municipality, ((row.datastream, row.time) for row in new))
    refresh_statistics()
    good = table.filter("mogelijk")
    _remember(actor, good)
    levels = good.filter(pl.col("grootheid") == Quantity.FILL_LEVEL.value)
    return stored, _find_emptyings(actor, levels)


def _typed(piece: pl.DataFrame) -> list[tuple[UUID, datetime, float, bool]]:
    ids = {text: UUID(text) for text in piece["stroom"].unique()}
    return [
        (ids[s], at, value, ok) for s, at, value, ok in piece.select("stroom", "tijd", "waarde", "mogelijk").iter_rows()
    ]


def _remember(actor: Actor, table: pl.DataFrame) -> None:
    """Let the channels know their newest reading."""
    newest = table.sort("tijd").group_by("stroom").last()
    with scope_of(actor), connection.cursor() as cursor:
        cursor.execute(
            _NEWEST,
            [
                arrays.uuids(UUID(s) for s in newest["stroom"]),
                arrays.moments(newest["tijd"]),
                arrays.numbers(newest["waarde"]),
                actor.municipality,
            ],
        )


def _find_emptyings(actor: Actor, levels: pl.DataFrame) -> int:
    """Look for emptyings in the datastreams, some at a time."""
    spans = levels.group_by("stroom", maintain_order=True).agg(
        pl.col("tijd").min().alias("van"), pl.col("tijd").max().alias("tot"), pl.len().alias("aantal")
    )
    found, waiting, size = 0, {}, 0
    for stream, begin, end, count in spans.iter_rows():
        waiting[UUID(stream)] = Touched(begin, end)
        size += count
        if size >= LOOKED_AT_ONCE:
            found += _look(actor, waiting)
            waiting, size = {}, 0
    return found + _look(actor, waiting)


def _look(actor: Actor, touched: dict[UUID, Touched]) -> int:
    with scope_of(actor):
        return look_again(actor.municipality, touched)
