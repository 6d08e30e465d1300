"""Let one policy live through one stream of deposits, day by day, and count what happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.rounds.simulation.policies import VISIT, Morning, Policy, Sensors
from vliegwiel.rounds.simulation.routing import IDLE, Router
from vliegwiel.rounds.simulation.streams import BEYOND, World
from vliegwiel.rounds.simulation.weighings import Floats, Ints

WEIGHED_FULL: Final = 0.98
"""Share of the capacity from which a weighing says: it was full, so at least this much had come in."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What is the same for every policy: the locations, the trucks, the roads, the days of collection."""

    router: Router
    capacity: Floats
    containers: Ints
    usual_cost: Floats
    weekdays: tuple[int, ...]

    def collects(self, day: int) -> bool:
        """Whether there is collection on this day."""
        return (day + 3) % 7 in self.weekdays

    def after(self, day: int) -> int:
        """The next day with collection."""
        return next(later for later in range(day + 1, day + 8) if self.collects(later))


@dataclass(frozen=True, slots=True)
class Counted:
    """Sums over the days that count.

    `spilled`: kilograms that did not fit; `overflow_days`: container-days on which something did not fit, of
    `container_days`; `filled`: sum over visits of the share of the capacity; `refused`: must-stops that did not fit in a
    day; `broken`: plans that broke a rule.
    """

    metres: int
    collecting_metres: int
    seconds: int
    visits: int
    lifts: int
    tips: int
    truck_days: int
    kilograms: float
    spilled: float
    overflow_days: int
    filled: float
    refused: int
    broken: int
    days: int
    container_days: int


def live(
    stage: Stage, world: World, deposits: Floats, policy: Policy, sensors: Sensors | None, *, seed: int
) -> Counted:
    """One policy, one stream. `deposits` is [days, n] kilograms from `world.first_day` on; the warm-up days are not counted."""
    luck = np.random.default_rng([7, seed])
    content = np.zeros(world.size)
    unheard = np.full(world.size, np.nan)
    sums = np.zeros(13)
    known: dict[bytes, Ints] = {}
    """Rounds driven before, in their order: those of a schedule come back every week."""
    last = world.days - BEYOND
    for step in range(last):
        day, today = world.first_day + step, deposits[step]
        counts = step >= world.warm
        # Luck is drawn every day, so that it is the same for every policy whatever it does.
        measured = sensors.read(content / stage.capacity, luck) if sensors else unheard
        before = today * VISIT
        over = np.maximum(content + before - stage.capacity, 0.0)
        content = np.minimum(content + before, stage.capacity)
        wish = policy.wish(Morning(day, stage.after(day), measured, stage.capacity, stage.usual_cost))
        driven, must = IDLE, 0
        if stage.collects(day):
            rows = np.flatnonzero(wish.must | (wish.prize >= stage.router.fleet.cents_service))
            key = rows.tobytes()
            driven = stage.router.drive(
                rows, content[rows], wish.prize[rows], wish.must[rows], seed=seed + step, before=known.get(key)
            )
            known[key] = driven.served
            must = int(wish.must.sum() - wish.must[driven.served].sum())
        served = driven.served
        carried = content[served]
        policy.emptied(served, day, carried, carried >= WEIGHED_FULL * stage.capacity[served])
        content[served] = 0.0
        over += np.maximum(content + today - before - stage.capacity, 0.0)
        content = np.minimum(content + today - before, stage.capacity)
        if counts:
            sums += (
                driven.metres, driven.collecting_metres, driven.seconds, len(served), stage.containers[served].sum(),
                driven.tips, driven.trucks, carried.sum(), over.sum(), stage.containers[over > 1e-9].sum(),
                (carried / stage.capacity[served]).sum(), must, not driven.feasible,
            )  # fmt: skip
    whole = [round(float(one)) for one in sums]
    return Counted(
        metres=whole[0], collecting_metres=whole[1], seconds=whole[2], visits=whole[3], lifts=whole[4], tips=whole[5],
        truck_days=whole[6], kilograms=float(sums[7]), spilled=float(sums[8]), overflow_days=whole[9],
        filled=float(sums[10]), refused=whole[11], broken=whole[12], days=world.counted,
        container_days=world.counted * int(stage.containers.sum()),
    )  # fmt: skip
