"""Functions of geometry (OGC 18-088, table 23), worked out by shapely over the shapes of one table at a time.

Distances and lengths are in degrees of WGS84, as the conformance tests of the standard expect of a server without another
coordinate system. A length is that of lines; of points and areas it is 0. What holds no readable GeoJSON has no shape, and
answers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray

from .refused import Refused

MOST_SHAPES = 200_000
"""Shapes looked at for one question."""

Shapes = NDArray[np.object_]
Binary = Callable[[Shapes, Shapes], NDArray[np.generic]]

PREDICATES: Mapping[str, Binary] = {
    "geo.intersects": shapely.intersects,
    "st_equals": shapely.equals,
    "st_disjoint": shapely.disjoint,
    "st_touches": shapely.touches,
    "st_within": shapely.within,
    "st_overlaps": shapely.overlaps,
    "st_crosses": shapely.crosses,
    "st_intersects": shapely.intersects,
    "st_contains": shapely.contains,
}
TRUTHS = frozenset({*PREDICATES, "st_relate"})
NUMBERS = frozenset({"geo.distance", "geo.length"})
NAMES = TRUTHS | NUMBERS

_LINES = frozenset({1, 2, 5})
"""Types of GEOS with a length: line, ring, lines."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The shapes of a table: `ids[i]` has `shapes[i]`, or None where it has none that can be read."""

    ids: Sequence[UUID]
    shapes: Shapes


def layer(rows: Sequence[tuple[UUID, float | None, float | None, str | None]]) -> Layer:
    """From rows (id, lon, lat, GeoJSON as text). Points come from the two numbers, which saves reading their JSON."""
    if len(rows) > MOST_SHAPES:
        raise Refused(f"Er zijn te veel vormen om te vergelijken (meer dan {MOST_SHAPES}). Vraag over minder tegelijk.")
    shapes = np.full(len(rows), None, dtype=object)
    points = [(i, row[1], row[2]) for i, row in enumerate(rows) if row[3] is None and row[1] is not None]
    if points:
        places, lons, lats = (list(part) for part in zip(*points, strict=True))
        shapes[places] = shapely.points(lons, lats)
    texts = [i for i, row in enumerate(rows) if row[3] is not None]
    if texts:
        found = shapely.from_geojson([rows[i][3] for i in texts], on_invalid="ignore")
        shapes[texts] = [_only(shape) for shape in found]
    return Layer([row[0] for row in rows], shapes)


def _only(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """A feature is read as a collection of one."""
    if isinstance(shape, shapely.GeometryCollection) and len(shape.geoms) == 1:
        only: shapely.Geometry = shape.geoms[0]
        return only
    return shape


def truths(name: str, left: Shapes, right: Shapes, pattern: str = "") -> NDArray[np.bool_]:
    """A predicate for each pair; false where one has no shape. `pattern` is the DE-9IM pattern of `st_relate`."""
    if name == "st_relate":
        both = np.broadcast_arrays(left, right)
        known = ~(shapely.is_missing(both[0]) | shapely.is_missing(both[1]))
        found = np.zeros(both[0].shape, dtype=bool)
        try:
            found[known] = shapely.relate_pattern(both[0][known], both[1][known], pattern)
        except (shapely.GEOSException, ValueError):
            raise Refused("Het patroon van st_relate heeft negen tekens uit 0, 1, 2, T, F en *.") from None
        return found
    return np.asarray(PREDICATES[name](left, right), dtype=bool)


def numbers(name: str, left: Shapes, right: Shapes | None = None) -> NDArray[np.float64]:
    """A distance or length in degrees for each; NaN where a shape is missing."""
    if name == "geo.distance":
        assert right is not None
        return np.asarray(shapely.distance(left, right), dtype=np.float64)
    lengths = np.asarray(shapely.length(left), dtype=np.float64)
    has_length = np.isin(shapely.get_type_id(left), list(_LINES))
    lengths[~has_length & ~shapely.is_missing(left)] = 0.0
    return lengths


def repeated(wkt: str, times: int) -> Shapes:
    """One shape, as often as there are rows to hold it against. Prepared, because it is looked at for each of them."""
    shape = shapely.from_wkt(wkt)
    shapely.prepare(shape)
    found = np.empty(times, dtype=object)
    found[:] = shape
    return found
