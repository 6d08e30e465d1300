"""The filling of a container as a drawing: what was measured, when it was emptied, and the band of what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vliegwiel.base import clock
from vliegwiel.rounds.operations.containerpage import ContainerPage
from vliegwiel.web import wording

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 8, 26, 36
MOST: Final = 110.0
GAP: Final = timedelta(hours=30)
"""A longer silence breaks the line: nothing is drawn where nothing was measured."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A reading that was not believed, or an emptying."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All numbers of the drawing, and what it shows in a sentence."""

    lines: tuple[str, ...]
    band: str
    middle: str
    now_x: float
    emptied: tuple[Dot, ...]
    odd: tuple[Dot, ...]
    days: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    full_y: float
    finding: str


def chart(page: ContainerPage) -> Chart | None:
    """The drawing; None when nothing was measured and nothing is expected."""
    if not page.readings and not page.expected:
        return None
    span = (page.until - page.since).total_seconds()

    def x(at: datetime) -> float:
        share = (at - page.since).total_seconds() / span
        return round(LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT), 1)

    def y(level: float) -> float:
        return round(TOP + (1 - min(max(level, 0.0), MOST) / MOST) * (HEIGHT - TOP - BOTTOM), 1)

    good = [one for one in page.readings if one.quality in (0, 1, 4)]
    upper = [f"{x(one.at)},{y(one.high)}" for one in page.expected]
    lower = [f"{x(one.at)},{y(one.low)}" for one in reversed(page.expected)]
    return Chart(
        lines=tuple(_lines([(one.at, x(one.at), y(one.level)) for one in good])),
        band=" ".join(upper + lower),
        middle=" ".join(f"{x(one.at)},{y(one.level)}" for one in page.expected),
        now_x=x(clock.now()),
        emptied=tuple(Dot(x(at), float(HEIGHT - BOTTOM), wording.moment(at, short=True)) for at in page.emptied),
        odd=tuple(
            Dot(x(one.at), y(one.level), f"{round(one.level)} %") for one in page.readings if one.quality not in (0, 1, 4)
        ),
        days=tuple(_days(page, x)),
        levels=tuple(Tick(y(level), f"{level} %") for level in (0, 50, 100)),
        full_y=y(100.0),
        finding=finding(page),
    )  # fmt: skip


def _lines(points: Sequence[tuple[datetime, float, float]]) -> list[str]:
    parts: list[list[str]] = []
    last: datetime | None = None
    for at, px, py in points:
        if last is None or at - last > GAP:
            parts.append([])
        parts[-1].append(f"{px},{py}")
        last = at
    return [" ".join(part) for part in parts if len(part) > 1]


def _days(page: ContainerPage, x: object) -> list[Tick]:
    assert callable(x)
    first = clock.local(page.since).date() + timedelta(days=1)
    last = clock.local(page.until).date()
    mondays = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        Tick(x(clock.midnight(day)), wording.day(day, short=True).partition(" ")[2])
        for day in mondays
        if day.weekday() == 0
    ]


def finding(page: ContainerPage) -> str:
    """What there is to see, in a sentence."""
    if page.level is None:
        return "Er is nog geen verwachting: er is te weinig gemeten."
    if page.low >= 100:
        return f"Deze container is naar verwachting vol. Er komt per dag {_one(page.rate)}\u00a0% bij."
    now, low, high = (round(min(value, 100)) for value in (page.level, page.low, page.high))
    level = f"Nu naar verwachting {now}\u00a0% vol ({low} tot {high}\u00a0%)."
    grows = f"Er komt per dag {_one(page.rate)}\u00a0% bij."
    if page.full_on is None:
        return f"{level} {grows} Voorlopig loopt hij niet over."
    return f"{level} {grows} Vol op {wording.day(page.full_on)}, als niemand hem leegt."


def _one(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
