"""Containers that fill, by the day of the week and the hour of the day, until someone empties them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import msgspec

from vliegwiel.base.clock import local
from vliegwiel.base.typed import prepare

HOURS = (
    0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.5, 0.9, 1.2, 1.4, 1.5, 1.5,
    1.4, 1.4, 1.4, 1.3, 1.4, 1.6, 1.8, 1.8, 1.6, 1.2, 0.8, 0.5,
)  # fmt: skip
"""How much comes in at each hour against the mean of the day: people bring their rubbish out by day and after dinner."""
BAG = 0.7
"""Percent of the container that one bag takes: what comes in, comes in lumps."""
HEAP = 135.0
"""Percent at which nobody puts anything beside it any more."""
STEP = timedelta(hours=1)


class Container(msgspec.Struct):
    """A container and its sensor. `level` is the truth in percent at `at`, and may be over 100 (bags beside it).

    `rate` is what comes in on a mean day, in percent; `week` how that differs by day of the week, from Monday.
    """

    code: str
    device: str
    kind: str
    level: float
    at: datetime
    rate: float
    leeg_mm: float
    vol_mm: float
    week: tuple[float, float, float, float, float, float, float] = (1.1, 0.95, 0.95, 1.0, 1.05, 1.05, 0.9)
    silent: bool = False
    counter: int = 0

    def fill(self, until: datetime, seed: str) -> None:
        """Let it fill up to a moment. The lumps follow from the seed, the container and the hour, not from how often it is
        asked."""
        while self.at < until:
            hour = self.at.replace(minute=0, second=0, microsecond=0)
            end = min(until, hour + STEP)
            share = (end - self.at) / STEP
            here = local(hour)
            expected = self.rate / 24 * self.week[here.weekday()] * HOURS[here.hour]
            lot = Random(f"{seed} {self.code} {hour.isoformat()}")  # noqa: S311  # made-up rubbish, nothing secret
            came = lot.gammavariate(expected / BAG, BAG) if expected > 0 else 0.0
            self.level = min(self.level + came * share, HEAP)
            self.at = end

    def empty(self, at: datetime, seed: str) -> None:
        """Emptied by a truck: something always stays behind."""
        self.fill(at, seed)
        self.level = Random(f"{seed} {self.code} {at.isoformat()}").uniform(0.0, 1.5)  # noqa: S311

    def distance_mm(self) -> float:
        """From the sensor to the rubbish."""
        return self.leeg_mm - min(self.level, 100.0) / 100 * (self.leeg_mm - self.vol_mm)


class World(msgspec.Struct):
    """All containers of a municipality, and the topic under which its network sends."""

    municipality: str
    containers: list[Container]

    @property
    def by_code(self) -> dict[str, Container]:
        """The containers by their code."""
        return {container.code: container for container in self.containers}


prepare(World)
_reader = msgspec.json.Decoder(World)


def read_world(path: Path) -> World | None:
    """The world as it was written down, or None where there is none (yet)."""
    try:
        return _reader.decode(path.read_bytes())
    except FileNotFoundError:
        return None


def write_world(path: Path, world: World) -> None:
    """Write the world down, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(world))
    fresh.replace(path)
