"""Containers from a table: the register of another system, or a spreadsheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from vliegwiel.base.errors import Invalid
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right

from ..ingest.tables import ROW, Column, day, number, read_table, sift
from ..models import Fraction
from ..rijksdriehoek import from_rd
from .containers import NewContainer, place_containers
from .imported import CONTAINER, PIECE, Imported, outcome, permit, together

_COLUMNS: Final = (
    CONTAINER,
    Column("fractie", ("fraction", "stroom", "afvalsoort"), needed=False),
    Column("liter", ("litres", "liters", "inhoud"), needed=False),
    Column("kilogram", ("kilograms", "kg", "gewicht_vol"), needed=False),
    Column("lengtegraad", ("lon", "longitude", "lengte"), needed=False),
    Column("breedtegraad", ("lat", "latitude", "breedte"), needed=False),
    Column("rd_x", ("x",), needed=False),
    Column("rd_y", ("y",), needed=False),
    Column("adres", ("address",), needed=False),
    Column("wijk", ("district", "buurt"), needed=False),
    Column("seconden", ("service_seconds",), needed=False),
    Column("vaste_dagen", ("fixed_days",), needed=False),
    Column("vanaf", ("active_from",), needed=False),
    Column("tot_en_met", ("active_until",), needed=False),
)
_NUMBERS: Final = ("liter", "kilogram", "lengtegraad", "breedtegraad", "rd_x", "rd_y", "seconden")
_NAMES: Final = {"restafval": "rest", "papier en karton": "papier", "oud papier": "papier", "pmd": "pbd", "gfte": "gft"}
"""Names that registers use for our fractions."""


def import_containers(
    actor: Actor, file: Path, *, fraction: str = "rest", litres: float | None = None, kilograms: float | None = None
) -> Imported:
    """Read a table of containers: container (code), lengtegraad and breedtegraad or rd_x and rd_y, and optionally fractie,
    liter, kilogram (what is in it when full), adres, wijk, seconden, vaste_dagen (`1 4`), vanaf, tot_en_met. Where the table
    has no fractie, liter or kilogram, those given here count.

    Needs `RONDE_PLANNEN`. Raises `Invalid` for a file that is no such table.
    """
    permit(actor, Right.RONDE_PLANNEN)
    raw = read_table(file, _COLUMNS)
    table = raw.with_columns(
        *(number(name) for name in _NUMBERS),
        day("vanaf"),
        day("tot_en_met"),
        pl.col("fractie").fill_null(fraction).str.to_lowercase().replace(_NAMES),
    ).with_columns(
        pl.col("liter").fill_null(pl.lit(litres, dtype=pl.Float64)),
        pl.col("kilogram").fill_null(pl.lit(kilograms, dtype=pl.Float64)),
    )
    unread = pl.any_horizontal(*(table[name].is_null() & raw[name].is_not_null() for name in ("vanaf", "tot_en_met")))
    degrees = pl.col("lengtegraad").is_not_null() & pl.col("breedtegraad").is_not_null()
    metres = pl.col("rd_x").is_not_null() & pl.col("rd_y").is_not_null()
    good, refused = sift(
        table.with_columns(unread.alias("datum_fout")),
        (pl.col("container").is_null(), "Er staat geen code."),
        (
            pl.col("container").is_duplicated() & ~pl.col("container").is_first_distinct(),
            "Deze code komt twee keer voor.",
        ),
        (~pl.col("fractie").is_in(Fraction.values), f"De fractie is een van: {', '.join(Fraction.values)}."),
        (~(degrees | metres), "De plaats ontbreekt: geef lengtegraad en breedtegraad, of rd_x en rd_y."),
        (pl.col("liter").is_null(), "De inhoud (liter) ontbreekt. Geef een kolom liter, of één inhoud voor alle."),
        (pl.col("kilogram").is_null(), "Het gewicht vol ontbreekt. Geef een kolom kilogram, of één gewicht voor alle."),
        (pl.col("datum_fout"), "Een datum is niet te lezen. Schrijf 2026-03-01."),
        (
            ~pl.col("vaste_dagen").fill_null("").str.contains(r"^[1-7 ,;]*$"),
            "Vaste dagen zijn cijfers van 1 tot en met 7.",
        ),
    )
    stored, wrong = _place(actor, good)
    return outcome(
        actor, file, "containers.ingelezen", rows=table.height, stored=stored, refused=together(refused, wrong)
    )


def _place(actor: Actor, table: pl.DataFrame) -> tuple[int, pl.DataFrame]:
    """Place them, some at a time; a row that the action itself finds wrong is set apart. Returns how many are new."""
    stored = 0
    wrong: list[tuple[int, str]] = []
    new = [(number, _container(row)) for number, row in zip(table[ROW], table.to_dicts(), strict=True)]
    for begin in range(0, len(new), PIECE):
        piece = new[begin : begin + PIECE]
        try:
            stored += place_containers(actor, [c for _, c in piece]).new
        except Invalid as error:
            bad = {int(p.name.removeprefix("rij ").partition(".")[0]) - 1: p.reason for p in reversed(error.invalid)}
            wrong += [(piece[i][0], reason) for i, reason in bad.items()]
            stored += place_containers(actor, [c for i, (_, c) in enumerate(piece) if i not in bad]).new
    return stored, pl.DataFrame(wrong, schema={ROW: pl.UInt32, "reden": pl.String}, orient="row")


def _container(row: dict[str, object]) -> NewContainer:
    """The container of a row that was sifted. The types are those of the columns."""
    lon, lat = row["lengtegraad"], row["breedtegraad"]
    if not isinstance(lon, float) or not isinstance(lat, float):
        x, y = row["rd_x"], row["rd_y"]
        assert isinstance(x, float)
        assert isinstance(y, float)
        lon, lat = (round(v, 6) for v in from_rd(x, y))
    litres, kilograms, seconds = row["liter"], row["kilogram"], row["seconden"]
    assert isinstance(litres, float)
    assert isinstance(kilograms, float)
    return NewContainer(
        code=str(row["container"]),
        fraction=str(row["fractie"]),
        litres=litres,
        kilograms_full=kilograms,
        lon=lon,
        lat=lat,
        address=str(row["adres"] or ""),
        district=str(row["wijk"] or ""),
        service_seconds=int(seconds) if isinstance(seconds, float) else 120,
        fixed_days=tuple(sorted({int(c) for c in str(row["vaste_dagen"] or "") if c.isdigit()})),
        active_from=_date(row["vanaf"]),
        active_until=_date(row["tot_en_met"]),
    )


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None
