"""The map of a municipality, where it has one: distances for its own trucks over real roads. Without one: straight lines."""

from __future__ import annotations

import importlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from vliegwiel.rounds.models import RoadArea, Truck
from vliegwiel.rounds.roads import Crow, Roads, TruckProfile

FOLDER: Final = "kaarten"
HEAVY_KG, HIGH_CM, EURO = 26_000, 380, 6
"""Of a truck of which it is not noted: what a side or rear loader usually is."""


def folder(municipality: str) -> Path:
    """Where the maps of a municipality are kept, and what was made of them."""
    return Path(settings.DATA_DIR) / FOLDER / municipality


def roads_of(municipality: str) -> Roads:
    """The newest map of a municipality; straight lines where there is none, or where its file is gone. Inside the scope."""
    row = RoadArea.objects.filter(municipality_id=municipality).order_by("-made_at").first()
    if row is None:
        return Crow()
    file = folder(municipality) / row.file
    return _area(file) if file.is_file() else Crow()


@lru_cache(maxsize=4)
def _area(file: Path) -> Roads:
    """A map that is at hand: its file has its own fingerprint as name, so it never changes."""
    # What reads maps loads osmium and Numba: only a process of a municipality that has a map pays for that.
    roads: Roads = importlib.import_module("vliegwiel.rounds.roads.area").Area.open(file, cache=file.parent)
    return roads


def profile_of(truck: Truck) -> TruckProfile:
    """A truck as the road sees it. What is not noted is taken on the safe side: heavy, high, and clean enough for its town."""
    euro = "".join(sign for sign in truck.emission_class if sign.isdigit())[:1]
    electric = truck.emission_class.casefold() in {"elektrisch", "waterstof", "zero"}
    return TruckProfile(
        key=truck.code,
        weight_kg=round(truck.weight_kg or HEAVY_KG),
        height_cm=round((truck.height_m or HIGH_CM / 100) * 100),
        emission_class=int(euro) if euro else EURO,
        zero_emission=electric,
    )
