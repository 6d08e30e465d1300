"""The break of a driver, for a solver that knows none: the hour of the break is cut out of the day, and put back afterwards.

Cut at one moment within the hour in which a break may begin, every window is moved to a day without that hour. A plan for
that day keeps its times when the hour is put back: what begins before the cut begins at the same time, what begins after it
begins that much later. What is going on at the cut (an emptying, a drive) is finished first, and the break follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vliegwiel.rounds.planning.problem import ALL_DAY, Problem, Rest, Stop, Truck, Window


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the day is cut, and for how long. A day without a break has a `length` of 0."""

    moment: int
    length: int

    def squeezed(self, window: Window) -> Window | None:
        """A window in the day without the break; None when nothing is left of it."""
        if not self.length:
            return window
        back = self.moment + self.length
        opens = window.open if window.open <= self.moment else max(self.moment, window.open - self.length)
        if window.close < self.moment:
            closes = window.close
        else:
            closes = window.close - self.length if window.close >= back else self.moment - 1
        return Window(opens, closes) if opens <= closes else None

    def real(self, time: int) -> int:
        """A moment of the day without the break, on the clock."""
        return time + self.length if time >= self.moment else time


NO_CUT = Cut(0, 0)


def rests(rest: Rest | None, shift: Window) -> bool:
    """Whether somebody who works from and until these times has a break: only who is out when it may begin."""
    return rest is not None and rest.length > 0 and shift.open <= rest.latest and shift.close > rest.earliest


def best_cut(problem: Problem) -> Cut:
    """Where to cut the day so that the fewest windows vanish; in the middle when it does not matter."""
    rest = problem.rest
    if rest is None or not any(rests(rest, truck.shift) for truck in problem.trucks):
        return NO_CUT
    windows = [window for stop in problem.stops for window in stop.windows]
    middle = (rest.earliest + rest.latest) // 2
    at_bounds = {time + after for w in windows for time in (w.open, w.close) for after in (0, 1, -rest.length)}
    moments = sorted({rest.earliest, rest.latest, middle, *(t for t in at_bounds if rest.earliest <= t <= rest.latest)})
    return min(
        (Cut(moment, rest.length) for moment in moments),
        key=lambda cut: (_lost(cut, windows), abs(cut.moment - middle)),
    )


def _lost(cut: Cut, windows: Iterable[Window]) -> int:
    return sum(cut.squeezed(window) is None for window in windows)


def windows_of(stop: Stop, cut: Cut) -> list[Window]:
    """When emptying may begin, in the day without the break."""
    found = (cut.squeezed(window) for window in stop.windows or (ALL_DAY,))
    return [window for window in found if window is not None]


def shift_of(truck: Truck, cut: Cut) -> Window:
    """The shift in the day without the break, overtime not counted."""
    opens, closes = truck.shift.open, truck.shift.close
    if not cut.length:
        return truck.shift
    if opens > cut.moment:
        opens = max(cut.moment, opens - cut.length)
    if closes > cut.moment:
        closes = max(cut.moment, closes - cut.length)
    return Window(opens, max(opens, closes))
