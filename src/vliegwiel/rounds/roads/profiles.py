"""What a truck is on the road: how heavy, high and clean, how fast it goes, and what a turn costs it.

Sizes and weights are compared with what signs in the map allow. Speeds and turn times are assumptions of ours, set here in one
place; measure your own trucks and set them to what those do. Sources: RVV 1990 art. 20-22 (most a lorry may drive), art. 45
(erf: 15 km/h); Regeling voertuigen (11,5 t on a driven axle).
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Final

import msgspec

from vliegwiel.base.errors import Invalid


class ProfileInvalid(Invalid):
    """A truck that cannot be."""


@dataclass(frozen=True, slots=True)
class Turning:
    """What it costs to get past a crossing, in seconds, and when a street may not be used as a short cut.

    - `right`, `left`: turning off by more than 30 degrees.
    - `back`: turning round at the end of a dead-end street.
    - `around`: what turning round at a crossing, besides, is worth avoiding: done only near streets that it could not leave else.
    - `signals`: passing traffic lights, on average.
    - `destination`: what driving into a street for local traffic only is worth avoiding.

    The last two steer the choice; the time driven does not include them.
    """

    right: float = 2.0
    left: float = 5.0
    back: float = 40.0
    around: float = 600.0
    signals: float = 8.0
    destination: float = 300.0


@dataclass(frozen=True, slots=True)
class TruckProfile:
    """A kind of truck, as the road sees it. Two profiles with the same figures share their matrices.

    - `weight_kg`: loaded; `axle_kg`: the heaviest axle; `height_cm`, `width_cm`, `length_cm`: on the outside.
    - `emission_class`: Euro class of the engine; `zero_emission`: battery or hydrogen.
    - `exempt_zones`: names of emission zones in which it may come all the same (an exemption).
    - `pedestrian`: it has an exemption for pedestrian areas, and drives there at walking pace.
    - `flow`: share of the speed limit that it keeps up on average between crossings.
    """

    key: str = "vrachtwagen"
    weight_kg: int = 26_000
    axle_kg: int = 11_500
    height_cm: int = 380
    width_cm: int = 255
    length_cm: int = 1_000
    emission_class: int = 6
    zero_emission: bool = False
    exempt_zones: tuple[str, ...] = ()
    pedestrian: bool = False
    most_kmh: int = 80
    flow: float = 0.8
    turning: Turning = Turning()

    def __post_init__(self) -> None:
        sizes = (self.weight_kg, self.axle_kg, self.height_cm, self.width_cm, self.length_cm, self.most_kmh)
        if min(sizes) <= 0 or not 0 < self.flow <= 1 or min(asdict(self.turning).values()) < 0:
            raise ProfileInvalid(
                f"Wagen {self.key}: maten, gewichten en snelheid zijn groter dan nul, tijden niet negatief."
            )

    @property
    def digest(self) -> str:
        """The same for profiles that drive the same, whatever they are called."""
        figures = {name: value for name, value in asdict(self).items() if name != "key"}
        return hashlib.sha256(msgspec.json.encode(figures, order="deterministic")).hexdigest()[:16]


DEFAULT: Final = TruckProfile()
