"""Sentences of the pages of rounds: the answer first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vliegwiel.base import clock
from vliegwiel.rounds.operations.figures import FIXED_ROUND, MUST_ONLY, PROPOSED, Numbers
from vliegwiel.rounds.operations.pages import DayPage, OptionLine
from vliegwiel.rounds.operations.words import hours, kilometres, percent, soon, weekday
from vliegwiel.web import wording


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it is compared with. `link`: where it is explained."""

    label: str
    value: str
    note: str
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan to choose."""

    key: str
    title: str
    note: str
    current: bool


def title(page: DayPage) -> str:
    """The heading of the day."""
    name = dict(page.fractions)[page.fraction]
    today = clock.today()
    when = {0: "vandaag", 1: "morgen", -1: "gisteren"}.get((page.day - today).days)
    return f"Ronde van {when or wording.day(page.day)}: {name}"


def lead(page: DayPage) -> tuple[str, str]:
    """What to do and what can wait: the first in bold."""
    total = len(page.bins)
    if page.plan is None:
        if not page.collected:
            return (f"Op {weekday(page.day)} wordt dit niet opgehaald.", f"De volgende dag is {soon(page.next_day)}.")
        return ("Er is nog geen plan voor deze dag.", f"Er staan {total} containers.")
    waits = total - page.emptied
    first = f"{'Geleegd worden' if page.state in ('driving', 'fixed') else 'Leeg'} {page.emptied} van de {total} containers."
    if page.state == "done":
        done = sum(truck.done for truck in page.trucks)
        first = f"De ronde is klaar: {done} van de {page.emptied} containers zijn geleegd."
    if not waits:
        return first, "Er wacht er geen."
    odds = page.numbers.overflow if page.numbers else 0.0
    rest = "De andere kan" if waits == 1 else f"De andere {waits} kunnen"
    return first, f"{rest} wachten. Kans dat er één overloopt vóór {soon(page.next_day)}: {percent(odds)}."


def figures(page: DayPage, report: str) -> tuple[Figure, ...]:
    """The four figures on top. `report`: the address of the report of savings."""
    found = []
    if page.numbers is not None:
        found += [
            Figure("Rijden", kilometres(page.numbers.metres), _against(page.numbers, page.fixed, "metres")),
            Figure("Tijd", hours(page.numbers.seconds), _against(page.numbers, page.fixed, "seconds")),
        ]
    if page.savings is not None:
        share = page.savings
        word = "minder" if share.kilometres >= 0 else "meer"
        value = f"{percent(abs(share.kilometres))} {word} km"
        range_ = f"{round(share.low * 100)} tot {round(share.high * 100)}\u00a0%"
        found.append(
            Figure("Berekende besparing", value, f"{range_}, {_overflow(share.overflow)}.", report, "Hoe gemeten?")
        )
    else:
        found.append(
            Figure(
                "Besparing", "nog niet berekend", "Zonder vergelijking noemen wij geen getal.", report, "Hoe dat gaat"
            )
        )
    quiet = page.silent
    note = (
        "alle sensoren melden zich"
        if not quiet
        else f"{quiet} {'zwijgt' if quiet == 1 else 'zwijgen'}: daar schatten wij"
    )
    found.append(Figure("Sensoren", f"{len(page.bins) - quiet} van {len(page.bins)}", note))
    return tuple(found)


def _overflow(difference: float) -> str:
    if abs(difference) < 0.005:
        return "bij even weinig overloop"
    word = "minder" if difference < 0 else "meer"
    return f"bij {percent(abs(difference))} {word} overloop"


def _against(ours: Numbers, fixed: Numbers | None, what: str) -> str:
    if fixed is None:
        return "De vaste ronde rijdt deze dag niet."
    difference = getattr(fixed, what) - getattr(ours, what)
    said = (kilometres if what == "metres" else hours)(abs(difference))
    word = (
        ("minder" if what == "metres" else "korter") if difference >= 0 else ("meer" if what == "metres" else "langer")
    )
    if what == "seconds":
        return f"{said} {word} dan de vaste ronde ({fixed.containers} containers)"
    return f"{said} {word} dan de vaste ronde. Die geeft {percent(fixed.overflow)} kans op overloop."


def choices(options: Sequence[OptionLine], page: DayPage) -> tuple[Choice, ...]:
    """The plans to choose from. A plan that was changed by hand is the first."""
    found = []
    for one in options:
        n = one.numbers
        current = one.current
        if current and page.numbers is not None:
            n = page.numbers
        changed = " (door u gewijzigd)" if current and page.changed else ""
        names = {
            PROPOSED: f"Voorstel: {n.containers} containers{changed}",
            MUST_ONLY: f"Alleen wat moet: {n.containers} containers{changed}",
            FIXED_ROUND: f"Vaste ronde: {n.containers} containers{changed}",
        }
        note = f"{kilometres(n.metres)}, {hours(n.seconds)}, {percent(n.overflow)} kans op overloop"
        found.append(Choice(one.key, names.get(one.key, one.key), note, current))
    return tuple(found)
