"""Check a plan for an instance of Kim et al., from the file's own text and plain arithmetic.

Shares no code with the reader or the planner: what they misunderstand together would stay hidden. Written from the
description of the instances only; exact fractions, no rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

FEET_PER_MILE = 5280
NOON, ELEVEN = 12 * 3600, 11 * 3600


@dataclass(frozen=True)
class Called:
    """One call of a vehicle: `what` is "depot", "stop", "tip" or "lunch"; `site` its id in the file ("" for lunch); when it
    begins and ends, in seconds since midnight."""

    what: str
    site: str
    begins: int
    ends: int


@dataclass(frozen=True)
class Verdict:
    """What the plan comes to, and every rule it breaks."""

    vehicles: int
    miles: float
    hours: float
    violations: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Whether no rule is broken."""
        return not self.violations


@dataclass(frozen=True)
class _Place:
    x: Fraction
    y: Fraction
    opens: int
    closes: int
    service: Fraction
    yards: Fraction
    kind: str


def _seconds(hhmm: str) -> int:
    value = int(Fraction(hhmm))
    return value // 100 * 3600 + value % 100 * 60


class Checker:
    """The rules of one instance."""

    def __init__(self, text: str) -> None:
        lines = [line for line in text.splitlines() if line.strip()]
        self.capacity, self.day_yards, self.day_stops, self.lunch, mph = (
            Fraction(line.split("//")[0].strip()) for line in lines[:5]
        )
        self.feet_per_second = mph * FEET_PER_MILE / 3600
        self.stops: dict[str, _Place] = {}
        self.tips: list[tuple[str, _Place]] = []
        for line in lines[6:]:
            name, x, y, opens, closes, service, yards, kind = line.split("//")[0].split()
            place = _Place(
                Fraction(x), Fraction(y), _seconds(opens), _seconds(closes), Fraction(service), Fraction(yards),
                str(int(Fraction(kind))),
            )  # fmt: skip
            if place.kind == "0":
                self.depot = place
            elif place.kind == "1":
                self.stops[name] = place
            else:
                self.tips.append((name, place))

    def check(self, vehicles: Sequence[Sequence[Called]]) -> Verdict:
        """Check every vehicle, and that every stop is visited exactly once."""
        wrong: list[str] = []
        feet = Fraction(0)
        seconds = 0
        seen: dict[str, int] = {}
        for number, calls in enumerate(vehicles, 1):
            feet += self._drive(number, calls, wrong, seen)
            seconds += calls[-1].ends - calls[0].begins if calls else 0
        wrong += [f"stop {name}: not visited" for name in self.stops if name not in seen]
        wrong += [f"stop {name}: visited {times} times" for name, times in seen.items() if times > 1]
        return Verdict(len(vehicles), float(feet / FEET_PER_MILE), seconds / 3600, tuple(wrong))

    def _drive(self, number: int, calls: Sequence[Called], wrong: list[str], seen: dict[str, int]) -> Fraction:
        def fault(what: str) -> None:
            wrong.append(f"vehicle {number}: {what}")

        if len(calls) < 2 or calls[0].what != "depot" or calls[-1].what != "depot":
            fault("does not start and end at the depot")
            return Fraction(0)
        if calls[0].begins < self.depot.opens or calls[-1].ends > self.depot.closes:
            fault("is out before the depot opens or after it closes")
        feet = self._check_times(calls, fault)
        self._check_loads(calls, seen, fault)
        self._check_lunch(calls, fault)
        return feet

    def _check_times(self, calls: Sequence[Called], fault: Callable[[str], None]) -> Fraction:
        """Whether it can be everywhere in time, stays long enough, and begins within the windows; the feet it drives."""
        feet, here, left = Fraction(0), self.depot, calls[0].ends
        lunch: Called | None = None
        for call in calls[1:]:
            if call.what == "lunch":
                lunch = call
                continue
            there = self._place(call)
            if there is None:
                fault(f"{call.what} {call.site} does not exist")
                continue
            leg = abs(there.x - here.x) + abs(there.y - here.y)
            if not self._in_time(left, leg / self.feet_per_second, lunch, call):
                fault(f"cannot begin at {call.what} {call.site} at {call.begins}")
            if call.what != "depot" and call.ends < call.begins + there.service:
                fault(f"is too short at {call.what} {call.site}")
            if call.what != "depot" and not there.opens <= call.begins <= there.closes:
                fault(f"{call.what} {call.site} begins at {call.begins}, outside its window")
            feet, here, left, lunch = feet + leg, there, call.ends, None
        return feet

    def _check_loads(self, calls: Sequence[Called], seen: dict[str, int], fault: Callable[[str], None]) -> None:
        """Whether it is never too full, comes home empty, and does no more than a day allows."""
        aboard, day, count = Fraction(0), Fraction(0), 0
        for call in calls:
            if call.what == "tip":
                aboard = Fraction(0)
            elif call.what == "stop" and call.site in self.stops:
                yards = self.stops[call.site].yards
                seen[call.site] = seen.get(call.site, 0) + 1
                aboard, day, count = aboard + yards, day + yards, count + 1
                if aboard > self.capacity:
                    fault(f"is too full after stop {call.site}")
        if aboard:
            fault("comes home without tipping")
        if day > self.day_yards:
            fault("collects more yards than a day allows")
        if count > self.day_stops:
            fault("makes more stops than a day allows")

    def _in_time(self, left: int, drive: Fraction, lunch: Called | None, call: Called) -> bool:
        """Whether a call can begin then, with lunch before the drive or after it."""
        if lunch is None:
            return call.begins >= left + drive
        before = lunch.begins >= left and call.begins >= lunch.ends + drive
        after = lunch.begins >= left + drive and call.begins >= lunch.ends
        return before or after

    def _place(self, call: Called) -> _Place | None:
        if call.what == "depot":
            return self.depot
        if call.what == "stop":
            return self.stops.get(call.site)
        return next((place for name, place in self.tips if name == call.site), None)

    def _check_lunch(self, calls: Sequence[Called], fault: Callable[[str], None]) -> None:
        if not self.lunch:
            return
        lunches = [call for call in calls if call.what == "lunch"]
        if len(lunches) > 1:
            fault("has lunch twice")
        if any(not ELEVEN <= call.begins <= NOON for call in lunches):
            fault("has lunch at another time than between 11:00 and 12:00")
        if any(call.ends < call.begins + self.lunch for call in lunches):
            fault("has too short a lunch")
        if not lunches and calls[-1].ends > NOON and calls[0].begins <= NOON:
            fault("has no lunch")
