"""Roads, pure: an extract of OpenStreetMap becomes a graph for trucks; distances, times and lines between places come out.

    from vliegwiel.rounds.roads import Area, Crow, Point, TruckProfile

    roads = Area.open(Path("leiden.osm.pbf"), cache=Path("cache"))
    travel = roads.travel(points, (TruckProfile(height_cm=360),))     # travel.network fits planning.problem.Problem

Without a map, `Crow` gives straight lines times a detour factor, labelled as such. Coordinates are WGS84 (lon, lat); distances
whole metres, times whole seconds.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from vliegwiel.rounds.roads.crow import Crow
from vliegwiel.rounds.roads.places import Bounds, PlaceInvalid, Point
from vliegwiel.rounds.roads.profiles import DEFAULT, ProfileInvalid, TruckProfile, Turning
from vliegwiel.rounds.roads.travel import Leg, Roads, Source, Travel

if TYPE_CHECKING:
    from vliegwiel.rounds.roads.area import Area, OffRoad
    from vliegwiel.rounds.roads.graph import Facts
    from vliegwiel.rounds.roads.reading import MapInvalid
    from vliegwiel.rounds.roads.zones import EmissionZone

__all__ = [
    "DEFAULT", "Area", "Bounds", "Crow", "EmissionZone", "Facts", "Leg", "MapInvalid", "OffRoad", "PlaceInvalid", "Point",
    "ProfileInvalid", "Roads", "Source", "Travel", "TruckProfile", "Turning",
]  # fmt: skip

# What reads maps loads osmium and Numba (a hundred megabytes): only who really has a map pays for that.
_ON_ASKING = {
    "Area": "area", "OffRoad": "area", "Facts": "graph", "MapInvalid": "reading", "EmissionZone": "zones",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """The names that need a map, from their module at first use (PEP 562)."""
    if name not in _ON_ASKING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_ON_ASKING[name]}"), name)
