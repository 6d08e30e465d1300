"""Roads, pure: an extract of OpenStreetMap becomes a graph for trucks; distances, times and lines between places come out.

    from vliegwiel.rounds.roads import Area, Crow, Point, TruckProfile

    roads = Area.open(Path("leiden.osm.pbf"), cache=Path("cache"))
    travel = roads.travel(points, (TruckProfile(height_cm=360),))     # travel.network fits planning.problem.Problem

Without a map, `Crow` gives straight lines times a detour factor, labelled as such. Coordinates are WGS84 (lon, lat); distances
whole metres, times whole seconds.
"""

from vliegwiel.rounds.roads.area import Area, OffRoad
from vliegwiel.rounds.roads.crow import Crow
from vliegwiel.rounds.roads.graph import Facts
from vliegwiel.rounds.roads.places import Bounds, PlaceInvalid, Point
from vliegwiel.rounds.roads.profiles import DEFAULT, ProfileInvalid, TruckProfile, Turning
from vliegwiel.rounds.roads.reading import MapInvalid
from vliegwiel.rounds.roads.travel import Leg, Roads, Source, Travel
from vliegwiel.rounds.roads.zones import EmissionZone

__all__ = [
    "DEFAULT", "Area", "Bounds", "Crow", "EmissionZone", "Facts", "Leg", "MapInvalid", "OffRoad", "PlaceInvalid", "Point",
    "ProfileInvalid", "Roads", "Source", "Travel", "TruckProfile", "Turning",
]  # fmt: skip
