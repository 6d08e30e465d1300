"""Days to plan, made by chance: towns of stops around tips, trucks of several kinds, locks, windows, breaks and limits."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from vliegwiel.rounds.planning import Network, Problem, Rest, Stop, Tariff, Tip, Truck, Window

HOUR = 3600


def network(points: np.ndarray, *, speed: float = 8.0) -> Network:
    """Metres along the axes, and seconds at so many metres a second."""
    metres = np.abs(points[:, None, :] - points[None, :, :]).sum(axis=2).astype(np.int64)
    return Network((metres,), (np.ceil(metres / speed).astype(np.int64),))


KINDS = ("papier", "rest")


@st.composite
def days(draw: st.DrawFn) -> Problem:
    """A small day with everything in it that a planner must keep to."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    number = draw(st.integers(1, 14))
    points = dice.integers(0, 9000, (number + 3, 2))
    dimensions = draw(st.integers(1, 2))
    several = draw(st.booleans())
    rest = draw(st.sampled_from([None, Rest(1800, 11 * HOUR, 13 * HOUR), Rest(HOUR, 11 * HOUR, 12 * HOUR)]))
    trucks = tuple(
        Truck(
            key=f"wagen-{n}",
            capacity=tuple(int(x) for x in dice.integers(20, 60, dimensions)),
            start=0,
            end=int(dice.integers(0, 2)),
            shift=Window(int(dice.integers(6, 9)) * HOUR, int(dice.integers(14, 18)) * HOUR),
            tips=("stort-1", "stort-2") if dice.random() < 0.7 else ("stort-1",),
            empties=bool(dice.random() < 0.8),
            rest=rest if dice.random() < 0.9 else None,
            overtime=int(dice.integers(0, 2)) * HOUR,
            most_stops=int(dice.integers(2, 8)) if dice.random() < 0.3 else None,
            most_load=tuple(int(x) for x in dice.integers(40, 120, dimensions)) if dice.random() < 0.2 else None,
            onboard=tuple(int(x) for x in dice.integers(0, 20, dimensions)) if dice.random() < 0.3 else (),
            count=int(dice.integers(1, 3)),
            fractions=(KINDS[int(dice.integers(2))],) if several and dice.random() < 0.5 else (),
            tariff=Tariff(kilometre=int(dice.integers(80, 300)), hour=4500) if dice.random() < 0.2 else None,
        )
        for n in range(draw(st.integers(1, 3)))
    )
    names = [truck.key for truck in trucks]
    stops = tuple(
        Stop(
            key=f"c{n}",
            location=3 + n,
            load=tuple(int(x) for x in dice.integers(0, 16, dimensions)),
            service=int(dice.integers(60, 900)),
            windows=_windows(dice),
            prize=None if dice.random() < 0.4 else int(dice.integers(0, 4000)),
            truck="wagen-0" if dice.random() < 0.2 else None,
            trucks=tuple(name for name in names if dice.random() < 0.6) if dice.random() < 0.3 else (),
            fraction=KINDS[int(dice.integers(2))] if several else "",
        )
        for n in range(number)
    )
    only = ("rest",) if several and dice.random() < 0.5 else ()
    tips = (Tip("stort-1", 1, 900), Tip("stort-2", 2, 600, Window(7 * HOUR, 17 * HOUR), only))
    return Problem(
        stops, trucks, tips, network(points), Tariff(kilometre=150, hour=4500, overtime_hour=2000, truck=5000)
    )


def _windows(dice: np.random.Generator) -> tuple[Window, ...]:
    kind = dice.random()
    if kind < 0.5:
        return ()
    if kind < 0.8:
        opens = int(dice.integers(6, 12)) * HOUR
        return (Window(opens, opens + int(dice.integers(1, 5)) * HOUR),)
    # Not when a school begins or ends.
    return (Window(6 * HOUR, 8 * HOUR), Window(9 * HOUR, 14 * HOUR))
