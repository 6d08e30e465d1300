"""The locations of one district: by a box, by a name in the file itself, or by the name of a district of Amsterdam.

The file of locations of Amsterdam names no districts. `buurten_amsterdam.csv` holds a middle of each neighbourhood, set by
hand; a location belongs to the nearest. That is near the official border and not the official border; whoever needs that
gives a column in the file of locations.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from vliegwiel.rounds.simulation.weighings import DataInvalid, Floats, Places, to_rd

Mask = npt.NDArray[np.bool_]
NEAR: Final = 2500.0
"""Metres from the nearest middle beyond which a location is in no neighbourhood."""


@dataclass(frozen=True, slots=True)
class Area:
    """Which locations belong to it. `exact`: False where the border is an approximation."""

    name: str
    inside: Mask
    exact: bool


@dataclass(frozen=True, slots=True)
class Site:
    """Where trucks start and where they tip (RD metres), and whether somebody chose that."""

    yard: tuple[float, float]
    tip: tuple[float, float]
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Middles:
    x: Floats
    y: Floats
    names: tuple[tuple[str, str, str], ...]


def area_of(places: Places, wanted: str) -> Area:
    """The locations that somebody asks for by name or box (`lon,lat,lon,lat` or RD `x,y,x,y`).

    Raises `DataInvalid` with the names there are when there is no such district.
    """
    if (box := _box(wanted)) is not None:
        return _in_box(places, wanted, box)
    asked = _plain(wanted)
    for column in places.columns.values():
        inside = np.array([_plain(value) == asked for value in column])
        if asked and inside.any():
            return Area(wanted.strip(), inside, exact=True)
    middles = _middles()
    near = _nearest(places, middles)
    hits = _matching(middles, asked)
    inside = np.isin(near, hits) if hits else np.zeros(len(places), dtype=bool)
    if not inside.any():
        raise DataInvalid(f"Wijk {wanted!r} is niet bekend, of er is geen locatie. Kies uit: {_choices(places)}.")
    return Area(wanted.strip(), inside, exact=False)


def everything(places: Places) -> Area:
    """All locations."""
    return Area("alle locaties", np.ones(len(places), dtype=bool), exact=True)


def middle_area(places: Places, rows: npt.NDArray[np.int64]) -> Area:
    """An area for who did not choose: the middle one by number of weighings. `rows`: the location of each weighing."""
    middles = _middles()
    near = _nearest(places, middles)
    weight = np.bincount(rows, minlength=len(places))
    heavy: dict[str, int] = {}
    for row, count in zip(near.tolist(), weight.tolist(), strict=True):
        if row >= 0:
            heavy[middles.names[row][1]] = heavy.get(middles.names[row][1], 0) + count
    if not heavy:
        return everything(places)
    return area_of(places, sorted(heavy, key=lambda name: (heavy[name], name))[len(heavy) // 2])


def site_of(x: Floats, y: Floats, yard: str, tip: str) -> Site:
    """Where trucks start and tip: as asked, or both on the west-north-west edge of the district."""
    angle, reach = np.radians(150), float(np.quantile(np.hypot(x - x.mean(), y - y.mean()), 0.95))
    edge = (float(x.mean() + reach * np.cos(angle)), float(y.mean() + reach * np.sin(angle)))
    given_tip = _point(tip) if tip.strip() else None
    given_yard = _point(yard) if yard.strip() else given_tip
    return Site(given_yard or edge, given_tip or given_yard or edge, given_yard is not None)


def _point(text: str) -> tuple[float, float]:
    try:
        a, b = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError as error:
        raise DataInvalid(f"{text!r} is geen plek: geef lengte,breedte (of RD x,y).") from error
    if max(abs(a), abs(b)) > 180:
        return a, b
    lon, lat = (a, b) if a < b else (b, a)
    x, y = to_rd(np.array([lon]), np.array([lat]))
    return float(x[0]), float(y[0])


def _box(text: str) -> tuple[float, float, float, float] | None:
    parts = text.replace(";", ",").replace(":", ",").replace(" ", ",").strip("[]()").split(",")
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return None
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if len(numbers) != 4 or not np.isfinite(numbers).all():
        raise DataInvalid("Een vak heeft vier getallen: lengte,breedte,lengte,breedte (of RD: x,y,x,y).")
    a, b, c, d = numbers
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _in_box(places: Places, wanted: str, box: tuple[float, float, float, float]) -> Area:
    west, south, east, north = box
    if max(abs(number) for number in box) > 180:
        inside = (places.x >= west) & (places.x <= east) & (places.y >= south) & (places.y <= north)
    else:
        if west > 40 and south < 40:  # people write latitude first as often as not
            west, south, east, north = south, west, north, east
        lon, lat = to_wgs84(places.x, places.y)
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    if not inside.any():
        raise DataInvalid(f"In het vak {wanted} ligt geen locatie.")
    return Area(f"vak {wanted.strip()}", inside, exact=True)


def to_wgs84(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """RD to WGS84 by turning `to_rd` round (three steps of Newton with a fixed slope; exact to a metre)."""
    lon = 5.38720621 + (x - 155000) / (190094.945 * 0.36)
    lat = 52.15517440 + (y - 463000) / (309056.544 * 0.36)
    for _ in range(6):
        at_x, at_y = to_rd(lon, lat)
        lon = lon + (x - at_x) / (190094.945 * 0.36)
        lat = lat + (y - at_y) / (309056.544 * 0.36)
    return lon, lat


@cache
def _middles() -> _Middles:
    text = (files("vliegwiel.rounds.simulation") / "buurten_amsterdam.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    lon = np.array([float(row["lon"]) for row in rows])
    lat = np.array([float(row["lat"]) for row in rows])
    x, y = to_rd(lon, lat)
    return _Middles(x, y, tuple((row["stadsdeel"], row["gebied"], row["buurt"]) for row in rows))


def _nearest(places: Places, middles: _Middles) -> npt.NDArray[np.int64]:
    """The row of the nearest middle; -1 when none is near."""
    far = np.hypot(places.x[:, None] - middles.x[None], places.y[:, None] - middles.y[None])
    nearest = np.argmin(far, axis=1)
    return np.where(far[np.arange(len(places)), nearest] <= NEAR, nearest, -1)


def _matching(middles: _Middles, asked: str) -> list[int]:
    """Rows whose stadsdeel, gebied or buurt has this name; otherwise those whose name begins with it or holds it."""
    tests = (
        lambda name: name == asked,
        lambda name: bool(asked) and name.startswith(asked),
        lambda name: len(asked) >= 4 and asked in name,
    )
    for test in tests:
        for level in range(3):
            hits = [row for row, names in enumerate(middles.names) if test(_plain(names[level]))]
            if hits:
                return hits
    return []


def _choices(places: Places) -> str:
    middles = _middles()
    near = set(_nearest(places, middles).tolist())
    there = [names for row, names in enumerate(middles.names) if row in near]
    columns = [name for name, values in places.columns.items() if 1 < len(set(values)) <= len(values) // 3]
    said = [f"een waarde uit de kolom {name}" for name in columns]
    if there:
        said.append(", ".join(dict.fromkeys(stadsdeel for stadsdeel, _, _ in there)))
        said.append(", ".join(dict.fromkeys(gebied for stadsdeel, gebied, _ in there if gebied != stadsdeel)))
        said.append("een buurt zoals Jordaan")
    return "; ".join([*said, "een vak lengte,breedte,lengte,breedte"])


def _plain(text: str) -> str:
    """Without accents, capitals, hyphens and the word 'stadsdeel', as people type it."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    words = bare.replace("-", " ").replace("/", " ").split()
    if len(words) > 1 and words[0] in ("stadsdeel", "wijk", "buurt", "gebied", "amsterdam"):
        words = words[1:]
    return " ".join(words)
