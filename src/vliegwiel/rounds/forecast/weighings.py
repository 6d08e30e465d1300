"""Weighings of trucks as evidence: what was weighed at an emptying came in since the emptying before.

Form of the files (as the open data of Amsterdam is kept): `location,time_utc,kg`, one row per lift; and
`location,source_id,rd_x,rd_y,fraction,lat,lon`, one row per location. CSV, gzipped CSV or Parquet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from vliegwiel.rounds.forecast.evidence import Containers, Deposits, EvidenceInvalid, Floats, Ints, containers, days_of

TOO_HEAVY: Final = 1000.0
"""Kilograms above which one lift is no weight but a mistake of the scale."""

ONE_VISIT: Final = timedelta(minutes=30)
"""Lifts at one location that lie this close belong to one visit."""

CELL: Final = 2000.0
"""Metres. Locations in a square of this side learn from each other, where nobody names districts."""

SAME_DAY: Final = 0.5
"""Days. A truck that comes back within half a day finishes the visit (a second container of the cluster)."""


@dataclass(frozen=True, slots=True)
class Weighings:
    """Visits: `location` [m] as in the file, `at` [m] days of wall clock, `kilograms` [m], `lifts` [m] how many containers.

    A lift that cannot have been a weight makes the weight of the whole visit unknown (NaN): it was emptied all the same.
    `unknown`: how many lifts.
    """

    location: Ints
    at: Floats
    kilograms: Floats
    lifts: Ints
    unknown: int = 0

    def deposits(self, locations: Ints, *, first: float = -np.inf, last: float = np.inf) -> Deposits:
        """What came in between two visits in [first, last), of known weight; row i of the containers is `locations[i]`."""
        order = np.argsort(locations, kind="stable")
        place = np.searchsorted(locations[order], self.location)
        place = np.minimum(place, max(len(locations) - 1, 0))
        known = (locations[order][place] == self.location) if len(locations) else np.zeros(len(self.at), dtype=np.bool_)
        keep = known & (self.at >= first) & (self.at < last)
        row, at, amount = order[place[keep]], self.at[keep], self.kilograms[keep]
        again = (row[1:] == row[:-1]) & np.isfinite(amount[1:])
        return Deposits(
            row[1:][again].astype(np.int64),
            at[:-1][again],
            at[1:][again],
            amount[1:][again],
            np.zeros(int(again.sum()), dtype=np.bool_),
        )


@dataclass(frozen=True, slots=True)
class Locations:
    """Where the locations are: `key` as in the weighings, RD in metres, WGS84, fraction."""

    key: Ints
    rd_x: Floats
    rd_y: Floats
    lon: Floats
    lat: Floats
    fraction: tuple[str, ...]

    def containers(self) -> Containers:
        """The locations as containers of unknown capacity; those in one square of `CELL` metres are a group."""
        cells = [
            f"{fraction}|{int(x // CELL)}-{int(y // CELL)}"
            for fraction, x, y in zip(self.fraction, self.rd_x.tolist(), self.rd_y.tolist(), strict=True)
        ]
        return containers([str(key) for key in self.key.tolist()], [np.inf] * len(self.key), cells)


def read_weighings(file: Path) -> Weighings:
    """Visits of a file of weighings, by location and moment. Raises `EvidenceInvalid` for a file of another form."""
    table = _read(file, ("location", "time_utc", "kg"))
    try:
        rows = table.select(
            pl.col("location").cast(pl.Int64),
            _moment(table),
            pl.col("kg").cast(pl.Float64),
        )
    except pl.exceptions.PolarsError as error:
        raise EvidenceInvalid(f"{file.name}: location is een getal, time_utc een tijd, kg een gewicht.") from error
    weight = pl.when((pl.col("kg") > 0) & (pl.col("kg") <= TOO_HEAVY)).then(pl.col("kg")).otherwise(float("nan"))
    lifts = rows.drop_nulls(("location", "time_utc")).sort("location", "time_utc").with_columns(weight.alias("kg"))
    new = (pl.col("location") != pl.col("location").shift(1)) | (
        pl.col("time_utc") - pl.col("time_utc").shift(1) > ONE_VISIT
    )
    visits = (
        lifts.with_columns(new.fill_null(value=True).cum_sum().alias("visit"))
        .group_by("visit", maintain_order=True)
        .agg(pl.col("location").first(), pl.col("time_utc").last(), pl.col("kg").sum(), pl.len().alias("lifts"))
    )
    at = days_of(visits["time_utc"].dt.epoch("us").to_numpy() / 1e6)
    return _days_joined(
        Weighings(
            visits["location"].to_numpy().astype(np.int64),
            at,
            visits["kg"].to_numpy().astype(np.float64),
            visits["lifts"].to_numpy().astype(np.int64),
            int(lifts["kg"].is_nan().sum()),
        )
    )


def read_locations(file: Path) -> Locations:
    """Locations of a file. Raises `EvidenceInvalid` for a file of another form."""
    table = _read(file, ("location", "rd_x", "rd_y", "fraction", "lat", "lon"))
    try:
        key = table["location"].cast(pl.Int64).to_numpy()
        numbers = {
            name: table[name].cast(pl.Float64).to_numpy().astype(np.float64) for name in ("rd_x", "rd_y", "lon", "lat")
        }
    except pl.exceptions.PolarsError as error:
        raise EvidenceInvalid(f"{file.name}: locaties hebben getallen als plaats.") from error
    fraction = tuple(table["fraction"].cast(pl.String).fill_null("rest").str.to_lowercase().to_list())
    return Locations(key.astype(np.int64), numbers["rd_x"], numbers["rd_y"], numbers["lon"], numbers["lat"], fraction)


def _days_joined(visits: Weighings) -> Weighings:
    """Visits within half a day of the one before become part of it, at its last moment."""
    if not len(visits.at):
        return visits
    new = np.ones(len(visits.at), dtype=np.bool_)
    new[1:] = (visits.location[1:] != visits.location[:-1]) | (np.diff(visits.at) > SAME_DAY)
    begins = np.flatnonzero(new)
    ends = np.append(begins[1:], len(new)) - 1
    return Weighings(
        visits.location[begins],
        visits.at[ends],
        np.add.reduceat(visits.kilograms, begins),
        np.add.reduceat(visits.lifts, begins),
        visits.unknown,
    )


def _moment(table: pl.DataFrame) -> pl.Expr:
    """The column of moments, as UTC."""
    kind = table.schema["time_utc"]
    column = pl.col("time_utc")
    if kind == pl.String:
        return column.str.to_datetime(time_unit="us", time_zone="UTC")
    if isinstance(kind, pl.Datetime) and kind.time_zone is None:
        return column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return column.cast(pl.Datetime("us", "UTC"))


def _read(file: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    try:
        table = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, infer_schema_length=1000)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise EvidenceInvalid(f"{file.name} is niet te lezen als tabel (CSV of Parquet).") from error
    if missing := [name for name in columns if name not in table.columns]:
        raise EvidenceInvalid(f"{file.name} mist de kolom {', '.join(missing)}.")
    return table.select(columns)
