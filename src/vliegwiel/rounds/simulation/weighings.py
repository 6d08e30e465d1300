"""Weighings of trucks as evidence: lifts become visits, visits become intervals of which the deposit is known, or is not.

A weighing says what was in a container when it was emptied. What came in between two visits is known only when both were
registered and weighed. In real registrations visits are missing: there, the weight does not grow with the time since the
visit before. Intervals that are much longer than usual at that location are therefore unknown, not slow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from vliegwiel.base.errors import Invalid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ZONE: Final = ZoneInfo("Europe/Amsterdam")
EPOCH: Final = date(1970, 1, 1)
HEAVIEST: Final = 1000
"""Kilograms in one lift above which a weight is a mistake of the scale (or the whole truck)."""
VISIT_MINUTES: Final = 30
"""Lifts at one location within this time belong to one visit."""
USUAL: Final = 1.6
"""An interval more than this many times the median one of its location (plus `SLACK`) misses a registration."""
SLACK: Final = 0.75
SHORTEST: Final = 0.5
"""Days: two visits within half a day are one visit in two turns."""


class DataInvalid(Invalid):
    """A file that does not hold what the simulation needs; says which column or row."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the first and the last included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise DataInvalid(f"De periode {self.first} tot en met {self.last} eindigt voor zij begint.")

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def begin(self) -> float:
        """Midnight at which it begins, in days since 1970 on the wall clock."""
        return float(day_number(self.first))

    @property
    def end(self) -> float:
        """Midnight at which it has ended."""
        return float(day_number(self.last) + 1)

    def overlaps(self, other: Period) -> bool:
        """Whether they share a day."""
        return self.first <= other.last and other.first <= self.last


def day_number(day: date) -> int:
    """Days since 1970-01-01 (a Thursday)."""
    return (day - EPOCH).days


def date_of(number: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=int(number))


@dataclass(frozen=True, slots=True)
class Places:
    """Locations on the map, in metres of the Dutch grid (RD). `columns`: every text column, to look a district up in."""

    keys: tuple[str, ...]
    x: Floats
    y: Floats
    columns: dict[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits in order of location and time. `row`: which location; `at`: days since 1970; `known`: weighed well."""

    row: Ints
    at: Floats
    kilograms: Floats
    lifts: Ints
    known: npt.NDArray[np.bool_]
    rejected: int
    """How many lifts had an impossible weight."""
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Intervals:
    """What came in between two visits. `whole`: that is known (both registered and weighed, none missing between)."""

    row: Ints
    begin: Floats
    end: Floats
    kilograms: Floats
    lifts: Ints
    whole: npt.NDArray[np.bool_]

    def between(self, begin: float, end: float) -> Intervals:
        """Those that lie wholly within."""
        keep = (self.begin >= begin) & (self.end <= end)
        return self.where(keep)

    def where(self, keep: npt.NDArray[np.bool_]) -> Intervals:
        """A part of them."""
        return Intervals(
            self.row[keep], self.begin[keep], self.end[keep], self.kilograms[keep], self.lifts[keep], self.whole[keep]
        )


def read_table(path: Path) -> pl.DataFrame:
    """A CSV (also .gz) or Parquet file as a table. Raises `DataInvalid` when it cannot be read."""
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema_length=None)
    except (OSError, pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise DataInvalid(f"{path.name} is niet te lezen als CSV of Parquet: {str(error).splitlines()[0]}") from error


def _column(table: pl.DataFrame, what: str, names: tuple[str, ...]) -> str:
    lower = {name.lower(): name for name in table.columns}
    for name in names:
        if name in lower:
            return lower[name]
    raise DataInvalid(f"{what}: geen kolom {' of '.join(names)} (er zijn: {', '.join(table.columns) or 'geen'}).")


LOCATION: Final = ("location", "locatie", "container", "code")


def read_places(path: Path) -> Places:
    """Locations: a key (`location`), and `rd_x`, `rd_y` (metres) or `lon`, `lat` (WGS84)."""
    table = read_table(path)
    key = _column(table, "Locaties", LOCATION)
    lower = {name.lower() for name in table.columns}
    if {"rd_x", "rd_y"} <= lower:
        x = _numbers(table, _column(table, "Locaties", ("rd_x",)), "Locaties")
        y = _numbers(table, _column(table, "Locaties", ("rd_y",)), "Locaties")
    else:
        lon = _numbers(table, _column(table, "Locaties", ("lon", "longitude", "lengtegraad")), "Locaties")
        lat = _numbers(table, _column(table, "Locaties", ("lat", "latitude", "breedtegraad")), "Locaties")
        x, y = to_rd(lon, lat)
    keys = table[key].cast(pl.String).to_list()
    if len(set(keys)) != len(keys) or None in keys:
        raise DataInvalid("Locaties: een locatie komt twee keer voor of heeft geen sleutel.")
    if not keys or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise DataInvalid("Locaties: er is geen locatie, of een locatie heeft geen plek.")
    columns = {
        name: tuple("" if value is None else str(value) for value in table[name].to_list())
        for name in table.columns
        if table[name].dtype == pl.String and name != key
    }
    return Places(tuple(keys), x, y, columns)


def _numbers(table: pl.DataFrame, name: str, what: str) -> Floats:
    try:
        return np.asarray(table[name].cast(pl.Float64).fill_null(float("nan")).to_numpy(), dtype=np.float64)
    except pl.exceptions.PolarsError as error:
        raise DataInvalid(f"{what}: in de kolom {name} staat iets dat geen getal is.") from error


def to_rd(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """WGS84 to RD, to about a metre: the series of Schreutelkamp and Strang van Hees, 'Benaderingsformules', Geodesia 2001."""
    a, b = 0.36 * (lat - 52.15517440), 0.36 * (lon - 5.38720621)
    x = (
        155000 + 190094.945 * b - 11832.228 * a * b - 114.221 * a**2 * b - 32.391 * b**3 - 0.705 * a
        - 2.340 * a**3 * b - 0.608 * a * b**3 - 0.008 * b**2 + 0.148 * a**2 * b**3
    )  # fmt: skip
    y = (
        463000 + 309056.544 * a + 3638.893 * b**2 + 73.077 * a**2 - 157.984 * a * b**2 + 59.788 * a**3 + 0.433 * b
        - 6.439 * a**2 * b**2 - 0.032 * a * b + 0.092 * b**4 - 0.054 * a * b**4
    )  # fmt: skip
    return x, y


def read_visits(path: Path, places: Places) -> Visits:
    """Weighings (`location`, `time_utc` or `time`, `kg`) as visits. Times with an offset are moved to the Dutch clock.

    Raises `DataInvalid` when a column is missing, or no weighing belongs to a known location.
    """
    table = read_table(path)
    location = _column(table, "Wegingen", LOCATION)
    moment = _column(table, "Wegingen", ("time_utc", "time", "tijd", "moment", "at"))
    weight = _column(table, "Wegingen", ("kg", "kilograms", "gewicht"))
    index = {key: row for row, key in enumerate(places.keys)}
    lifts = pl.DataFrame(
        {
            "row": table[location].cast(pl.String).replace_strict(index, default=-1, return_dtype=pl.Int64),
            "at": _wall_clock(table[moment], utc=moment.lower().endswith("utc")),
            "kg": _numbers(table, weight, "Wegingen"),
        }
    ).filter((pl.col("row") >= 0) & pl.col("at").is_not_null())
    if lifts.is_empty():
        raise DataInvalid("Wegingen: geen weging hoort bij een van de locaties.")
    lifts = lifts.unique(["row", "at", "kg"], maintain_order=True).sort("row", "at")
    lifts = lifts.with_columns(
        good=(pl.col("kg") > 0) & (pl.col("kg") <= HEAVIEST),
        new=(pl.col("at").diff().over("row").fill_null(1e9) * 1440 > VISIT_MINUTES),
    ).with_columns(visit=pl.col("new").cum_sum())
    visits = (
        lifts.group_by("visit")
        .agg(
            pl.col("row").first(), pl.col("at").first(), kg=pl.col("kg").sum(), lifts=pl.len().cast(pl.Int64),
            known=pl.col("good").all(),
        )
        .sort("row", "at")
    )  # fmt: skip
    at = visits["at"].to_numpy()
    return Visits(
        visits["row"].to_numpy(), at, visits["kg"].to_numpy(), visits["lifts"].to_numpy(), visits["known"].to_numpy(),
        rejected=int((~lifts["good"]).sum()), first=date_of(int(at.min())), last=date_of(int(at.max())),
    )  # fmt: skip


def _wall_clock(column: pl.Series, *, utc: bool) -> pl.Series:
    """Days since 1970 on the Dutch clock; null where it is no moment."""
    if column.dtype == pl.String:
        aware = column.str.contains(r"(Z|[+-]\d\d:?\d\d)$").fill_null(value=False).any()
        text = column.str.replace(r"Z$", "+00:00")
        parsed = (
            text.str.to_datetime(time_zone="UTC", time_unit="us", strict=False)
            if aware
            else column.str.to_datetime(time_unit="us", strict=False)
        )
    else:
        parsed = column.cast(pl.Datetime("us", getattr(column.dtype, "time_zone", None)))
    if getattr(parsed.dtype, "time_zone", None) is None and utc:
        parsed = parsed.dt.replace_time_zone("UTC")
    if getattr(parsed.dtype, "time_zone", None) is not None:
        parsed = parsed.dt.convert_time_zone(ZONE.key).dt.replace_time_zone(None)
    return parsed.dt.epoch("us").cast(pl.Float64) / 86_400_000_000


def complete(visits: Visits, places: int) -> Visits:
    """Visits at which as many lifts were made as the location has containers, counting those since the complete visit before.

    A visit that lifts one container of two empties half a location: it weighs 40 % less than usual and the next one 40 %
    more. Taken as whole visits they would make deposits look far more erratic than they are.
    """
    usual = np.maximum(np.round(medians(visits.row, visits.lifts.astype(np.float64), places)), 1)
    keep = np.zeros(len(visits.row), dtype=bool)
    kilograms, lifts, known = visits.kilograms.copy(), visits.lifts.copy(), visits.known.copy()
    needed = usual[visits.row]
    same = np.append(visits.row[1:] == visits.row[:-1], False)
    for at in range(len(keep)):
        keep[at] = lifts[at] >= needed[at]
        if not keep[at] and same[at]:
            kilograms[at + 1] += kilograms[at]
            lifts[at + 1] += lifts[at]
            known[at + 1] &= known[at]
    return Visits(
        visits.row[keep], visits.at[keep], kilograms[keep], lifts[keep], known[keep], visits.rejected, visits.first,
        visits.last,
    )  # fmt: skip


def intervals_of(visits: Visits, places: int) -> Intervals:
    """The time between each two complete visits of a location, and whether what came in is known."""
    whole_visits = complete(visits, places)
    row_of, at = whole_visits.row, whole_visits.at
    same = row_of[1:] == row_of[:-1]
    row = row_of[1:][same]
    begin, end = at[:-1][same], at[1:][same]
    usual = medians(row, end - begin, places)
    known = whole_visits.known[1:][same]
    whole = known & (end - begin <= USUAL * usual[row] + SLACK) & (end - begin > SHORTEST)
    return Intervals(row, begin, end, whole_visits.kilograms[1:][same], whole_visits.lifts[1:][same], whole)


def medians(row: Ints, value: Floats, places: int) -> Floats:
    """The median per location; NaN where there is none."""
    found = pl.DataFrame({"row": row, "value": value}).group_by("row").agg(pl.col("value").median())
    out = np.full(places, np.nan)
    out[found["row"].to_numpy()] = found["value"].to_numpy()
    return out
