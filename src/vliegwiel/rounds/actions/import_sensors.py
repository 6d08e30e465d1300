"""Sensors from a table: which device hangs in which container, and how."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import polars as pl

from vliegwiel.base.errors import Invalid
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, scope_of

from ..decoding.library import sensor_types
from ..decoding.messages import Quantity
from ..ingest.tables import ROW, Column, number, read_table, sift
from ..models import Container, SensorSource, SourceKind
from .containers import NewSensor, hang_sensors
from .imported import CONTAINER, Imported, outcome, permit, together
from .reading_again import read_again

_COLUMNS: Final = (
    Column("apparaat", ("device", "device_eui", "deveui", "sensor")),
    CONTAINER,
    Column("sensortype", ("type", "decoder"), needed=False),
    Column("grootheden", ("quantities",), needed=False),
    Column("leeg_mm", ("empty_mm",), needed=False),
    Column("vol_mm", ("full_mm",), needed=False),
    Column("minuten", ("minutes", "interval"), needed=False),
)
_EUI: Final = re.compile(r"[0-9A-F]{16}")


def import_sensors(actor: Actor, file: Path, *, source: str) -> Imported:
    """Read a table of sensors of the source of that name: apparaat, container, and optionally sensortype (else that of the
    source), grootheden (words apart by a blank, else what the type measures), leeg_mm and vol_mm (how a distance sensor
    hangs), minuten (how often it reports). What the source already sent of these devices, and was kept aside, is read again.

    Needs `SENSOR_BEHEREN`. Raises `Invalid` for a file that is no such table, or a source that is not there.
    """
    permit(actor, Right.SENSOR_BEHEREN)
    with scope_of(actor):
        row = SensorSource.objects.filter(name=source).first()
        if row is None:
            raise Invalid(f"De bron {source} is er niet. Voeg haar eerst toe, of kies een andere.")
        places = list(Container.objects.values_list("code", flat=True))
    raw = read_table(file, _COLUMNS)
    numbers = ("leeg_mm", "vol_mm", "minuten")
    unread = pl.any_horizontal(*(number(name).is_null() & pl.col(name).is_not_null() for name in numbers)).alias("fout")
    table = raw.with_columns(unread).with_columns(
        *(number(name) for name in numbers),
        pl.col("sensortype").fill_null(row.decoder),
        pl.col("grootheden").str.to_lowercase().str.split(" ").fill_null([]),
    )
    words = pl.col("grootheden")
    good, refused = sift(
        table,
        (pl.col("apparaat").is_null() | (pl.col("apparaat").str.len_chars() > 64), "Er staat geen apparaat, of het is te lang."),
        (pl.col("apparaat").is_duplicated() & ~pl.col("apparaat").is_first_distinct(), "Dit apparaat komt twee keer voor."),
        (~pl.col("container").is_in(places) | pl.col("container").is_null(), "Deze container is hier niet bekend."),
        (~pl.col("sensortype").is_in(list(sensor_types())), "Dit sensortype kennen wij niet. Zie: vliegwiel sensors types."),
        (~words.list.eval(pl.element().is_in([q.value for q in Quantity])).list.all(), "Een grootheid kennen wij niet."),
        (pl.col("fout"), "Een maat of tijd is geen getal."),
        (
            pl.col("leeg_mm").is_null() != pl.col("vol_mm").is_null(),
            "Geef leeg_mm en vol_mm samen: de afstand tot de bodem, en die tot waar hij vol is.",
        ),
        (
            (pl.col("vol_mm") < 0) | (pl.col("vol_mm") >= pl.col("leeg_mm")) | (pl.col("leeg_mm") > 100_000),
            "De afstand bij leeg is groter dan die bij vol, en vol is 0 of meer.",
        ),
        (~pl.col("minuten").fill_null(60).is_between(1, 60 * 24 * 31), "De tijd tussen berichten is 1 minuut tot een maand."),
    )  # fmt: skip
    stored = hang_sensors(actor, row.id, [_sensor(one) for one in good.to_dicts()]) if good.height else 0
    if row.active and row.kind in (SourceKind.MQTT, SourceKind.WEBHOOK):
        read_again(actor, row.id)
    return outcome(
        actor,
        file,
        "sensoren.ingelezen",
        rows=table.height,
        stored=stored,
        refused=together(refused.select(ROW, "reden")),
    )


def _sensor(row: dict[str, object]) -> NewSensor:
    """The sensor of a row that was sifted. The types are those of the columns."""
    empty, full, minutes, words = row["leeg_mm"], row["vol_mm"], row["minuten"], row["grootheden"]
    assert isinstance(words, list)
    kind = str(row["sensortype"])
    hangs = {"leeg_mm": empty, "vol_mm": full} if isinstance(empty, float) and isinstance(full, float) else {}
    measured = [Quantity(word) for word in words] or list(sensor_types()[kind].quantities)
    name = str(row["apparaat"])
    eui = name.replace("-", "").replace(":", "").upper()
    return NewSensor(
        container=str(row["container"]),
        device_eui=eui if _EUI.fullmatch(eui) else name,
        decoder=kind,
        # How it hangs turns a distance into a level.
        quantities=tuple(dict.fromkeys([*([Quantity.FILL_LEVEL] if hangs else []), *measured])),
        interval_seconds=int(minutes * 60) if isinstance(minutes, float) else 4 * 3600,
        mounting=hangs,
    )
