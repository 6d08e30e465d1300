"""May this truck drive here, which way, and how fast: what the tags of a street say.

Sources: OpenStreetMap wiki, pages "Access restrictions", "Conditional restrictions", "Key:oneway", "Key:barrier". A street
that is closed only at times counts as one for local traffic: the truck may come for its containers (their own windows say
when), and does not pass through. What is unclear keeps the truck out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from vliegwiel.rounds.roads.measures import centimetres, kilograms, kmh
from vliegwiel.rounds.roads.profiles import TruckProfile

Tags = Mapping[str, str]

_ROADS: Final = {
    "motorway": 100.0, "motorway_link": 60.0, "trunk": 80.0, "trunk_link": 50.0, "primary": 60.0, "primary_link": 40.0,
    "secondary": 50.0, "secondary_link": 40.0, "tertiary": 50.0, "tertiary_link": 40.0, "unclassified": 40.0,
    "residential": 30.0, "living_street": 15.0, "service": 15.0, "road": 30.0, "track": 10.0, "pedestrian": 8.0,
}  # fmt: skip
"""Streets that trucks can use, and the speed (km/h) where no sign is mapped: an assumption of ours, below the legal limit."""
_NO_STOPPING: Final = frozenset({"motorway", "motorway_link", "trunk", "trunk_link"})
_YES: Final = frozenset({"yes", "designated", "permissive", "official", "public", "unrestricted"})
_LOCAL: Final = frozenset({"destination", "delivery", "customers", "residents", "permit"})
_NO: Final = frozenset({
    "no", "private", "agricultural", "forestry", "emergency", "military", "bus", "psv", "restricted", "use_sidepath",
    "discouraged",
})  # fmt: skip
_PASSABLE: Final = frozenset({
    "entrance", "cattle_grid", "height_restrictor", "toll_booth", "border_control", "kerb", "checkpoint", "no",
})  # fmt: skip
_REMOVABLE: Final = frozenset({"rising", "removable", "foldable"})
_CLAUSE: Final = re.compile(r"\s*([^@;]+?)\s*@\s*(\([^)]*\)|[^;]+?)\s*(?:;|$)", re.ASCII)
_COMPARE: Final = re.compile(
    r"^\s*(maxweight|weight|weightrating|axleload|height|width|length)\s*(<=|>=|<|>|=)\s*(.+)$", re.ASCII
)
_LIMITS: Final = ("maxweight", "maxweightrating", "maxaxleload", "maxheight", "maxwidth", "maxlength")


class May(IntEnum):
    """Whether a truck may come; the larger of two holds."""

    PASS = 0
    LOCAL = 1
    NOT = 2


@dataclass(frozen=True, slots=True)
class Use:
    """How a truck uses a street.

    - `forward`, `backward`: km/h, 0 where it may not go that way.
    - `local`: only to be there, not to pass through.
    - `stops`: it may stop for a container (not on a motorway, not in a tunnel).
    """

    forward: float
    backward: float
    local: bool
    stops: bool


def use(tags: Tags, truck: TruckProfile) -> Use | None:
    """How this truck uses this street; None if it may not come at all."""
    kind = tags.get("highway", "")
    default = _ROADS.get(kind)
    if default is None or tags.get("area") == "yes" or tags.get("service") == "emergency_access":
        return None
    if kind == "track" and tags.get("tracktype", "grade1") != "grade1":
        return None
    may = max(_access(tags, truck, kind), _limits(tags, truck))
    if may is May.NOT:
        return None
    local = may is May.LOCAL or kind in ("track", "pedestrian") or (
        kind == "service" and tags.get("service") in ("driveway", "parking_aisle", "drive-through", "yard")
    )  # fmt: skip
    forward, backward = _directions(tags, truck, kind)
    ahead, back = (_speed(tags, truck, default, way) for way in ("forward", "backward"))
    if not (forward or backward):
        return None
    underground = tags.get("tunnel", "no") not in ("no", "building_passage") or tags.get("layer", "0").startswith("-")
    return Use(
        ahead if forward else 0.0, back if backward else 0.0, local, kind not in _NO_STOPPING and not underground
    )


def blocks(tags: Tags, truck: TruckProfile) -> bool:
    """Whether what stands at a point of the road (a gate, bollards, a low portal) keeps this truck from passing it."""
    if "traffic_sign" not in tags and _limits(tags, truck) is May.NOT:
        return True  # a sign's own point tells of the road behind it, which carries the limit itself
    barrier = tags.get("barrier")
    if barrier is None:
        return False
    if truck.pedestrian and (tags.get("bollard") in _REMOVABLE or barrier == "lift_gate"):
        return False
    said = _said(tags, truck)
    if said is not None:
        return said is May.NOT
    return not (barrier in _PASSABLE or (barrier in ("gate", "lift_gate", "swing_gate") and tags.get("locked") == "no"))


def turn_holds(tags: Tags, truck: TruckProfile) -> str | None:
    """What a turn restriction forbids this truck: `no` (this turn), `only` (all others), or None: nothing.

    One that holds only at times counts as always.
    """
    excepted = {word.strip() for word in tags.get("except", "").split(";")}
    if excepted & {_vehicle(truck), "motor_vehicle", "vehicle"}:
        return None
    vehicle = _vehicle(truck)
    for key in (f"restriction:{vehicle}", "restriction:motor_vehicle", "restriction"):
        value = tags.get(key)
        if value is None:
            for said, condition in _clauses(tags.get(f"{key}:conditional", "")):
                if _holds(condition, truck) is not False:
                    value = said
        if value is not None:
            return "no" if value.startswith("no_") else "only" if value.startswith("only_") else None
    return None


def _vehicle(truck: TruckProfile) -> str:
    return "hgv" if truck.weight_kg > 3500 else "goods"


def _ladder(truck: TruckProfile) -> tuple[str, ...]:
    """Keys that speak of this truck, most particular first."""
    return (_vehicle(truck), "motor_vehicle", "vehicle", "access")


def _said(tags: Tags, truck: TruckProfile, suffix: str = "") -> May | None:
    """What the most particular tag says, with its conditions."""
    for key in _ladder(truck):
        base = _value(tags.get(key + suffix))
        found = base
        for said, condition in _clauses(tags.get(f"{key}{suffix}:conditional", "")):
            value, holds = _value(said), _holds(condition, truck)
            if value is None or holds is False:
                continue
            if holds:
                found = value
            elif value is not (base if base is not None else May.PASS):
                found = May.LOCAL
        if found is not None:
            return found
    return None


def _value(text: str | None) -> May | None:
    if text is None:
        return None
    values = {word.strip() for word in text.split(";")}
    if values & _YES:
        return May.PASS
    if values & _LOCAL:
        return May.LOCAL
    return May.NOT if values & _NO else None


def _access(tags: Tags, truck: TruckProfile, kind: str) -> May:
    said = _said(tags, truck)
    if kind == "pedestrian":
        if truck.pedestrian:
            return May.LOCAL
        particular = any(tags.get(key) or tags.get(f"{key}:conditional") for key in _ladder(truck)[:3])
        return said if said is not None and particular else May.NOT
    if tags.get("motorroad") == "yes" and truck.most_kmh <= 50:
        return May.NOT  # RVV 1990 art. 42: only what may and can go faster than 50 km/h
    return said if said is not None else May.PASS


def _limits(tags: Tags, truck: TruckProfile) -> May:
    worst = May.PASS
    for key in _LIMITS:
        over = any(
            _over(key, tags[k], truck) for k in (key, f"{key}:{_vehicle(truck)}", f"{key}:physical") if k in tags
        )
        conditional = _clauses(tags.get(f"{key}:conditional", ""))
        for value, condition in conditional:
            holds = _holds(condition, truck)
            if condition.strip("() ") in _LOCAL and (value in ("none", "no") or not _over(key, value, truck)):
                worst, over = max(worst, May.LOCAL if over else May.PASS), False
            elif holds is not False and _over(key, value, truck):
                over = True
        if over:
            return May.NOT
    return worst


def _over(key: str, text: str, truck: TruckProfile) -> bool:
    measure = key.removeprefix("max")
    limit = _measured(measure, text)
    return limit is not None and _size(measure, truck) > limit


def _measured(measure: str, text: str) -> float | None:
    return kilograms(text) if measure in ("weight", "weightrating", "axleload") else centimetres(text)


def _size(measure: str, truck: TruckProfile) -> float:
    return {
        "weight": truck.weight_kg, "weightrating": truck.weight_kg, "axleload": truck.axle_kg, "height": truck.height_cm,
        "width": truck.width_cm, "length": truck.length_cm,
    }[measure]  # fmt: skip


def _clauses(text: str) -> list[tuple[str, str]]:
    return [(found[1].strip().lower(), found[2].strip()) for found in _CLAUSE.finditer(text[:1000])]


def _holds(condition: str, truck: TruckProfile) -> bool | None:
    """Whether a condition is true of this truck; None when it depends on something else, such as the time."""
    known: bool | None = True
    for part in condition.strip("() ").split(" AND "):
        found = _COMPARE.match(part)
        limit = _measured(found[1].removeprefix("max"), found[3]) if found else None
        if found is None or limit is None:
            known = None
            continue
        size = _size(found[1].removeprefix("max"), truck)
        sign = found[2]
        if not (
            (sign[0] == ">" and size > limit) or (sign[0] == "<" and size < limit) or ("=" in sign and size == limit)
        ):
            return False
    return known


def _directions(tags: Tags, truck: TruckProfile, kind: str) -> tuple[bool, bool]:
    oneway = tags.get(f"oneway:{_vehicle(truck)}") or tags.get("oneway:motor_vehicle") or tags.get("oneway")
    if oneway is None and (kind == "motorway" or tags.get("junction") in ("roundabout", "circular")):
        oneway = "yes"
    forward, backward = {
        "yes": (True, False), "true": (True, False), "1": (True, False), "-1": (False, True), "reverse": (False, True),
        "reversible": (False, False),
    }.get(oneway or "no", (True, True))  # fmt: skip
    return (
        forward and _said(tags, truck, ":forward") is not May.NOT,
        backward and _said(tags, truck, ":backward") is not May.NOT,
    )


def _speed(tags: Tags, truck: TruckProfile, default: float, way: str) -> float:
    vehicle = _vehicle(truck)
    for key in (f"maxspeed:{vehicle}:{way}", f"maxspeed:{vehicle}", f"maxspeed:{way}", "maxspeed"):
        limit = kmh(tags.get(key, ""))
        if limit is not None:
            break
    else:
        limit = default
    if tags.get("service") in ("driveway", "parking_aisle", "drive-through", "alley"):
        limit = min(limit, 10.0)
    return max(3.0, min(limit, truck.most_kmh) * truck.flow)
