"""Changes by hand: what they do to a plan, worked out at once. Pure; the actions store what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from vliegwiel.base.errors import Conflict, NotFound
from vliegwiel.rounds.planning import what_if
from vliegwiel.rounds.planning.problem import Problem
from vliegwiel.rounds.planning.replanning import Progress

from .computing import BY_HAND, numbers, problem_of
from .figures import Chosen, Left, Option, PlanFigures

MOST_CHANGES: Final = 20
SKIPPED: Final = "Door u overgeslagen."


class Doing(StrEnum):
    """What a planner can do with one container."""

    MOVE = "verplaatsen"
    SKIP = "overslaan"
    EMPTY = "legen"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `truck` and `position` (from 1, among the containers of that truck) may stay open for what fits best."""

    doing: Doing
    code: str
    truck: str = ""
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change does: differences in whole metres, seconds and cents, the new odds of an overflow, and which rules it would
    break (empty: it can be done). `sentence` is for people."""

    figures: PlanFigures
    metres: int
    seconds: int
    cents: int
    overflow_before: float
    overflow: float
    broken: tuple[str, ...]
    sentence: str


def worked_out(
    figures: PlanFigures, change: Change, *, problem: Problem | None = None, progress: Sequence[Progress] = ()
) -> Outcome:
    """What the change does. Raises `NotFound` for a container that is not in this plan, `Conflict` for a change that is none.

    `progress`: how far the trucks are, when they drive already: what was done stays. `problem`: where it is known already.
    """
    problem = problem or problem_of(figures)
    current = figures.current
    _check(figures, change)
    risk = {one.key: one.risk() for one in figures.outlooks}
    effect = _effect(problem, current, change, risk, progress)
    emptied, waiting = dict(current.emptied), dict(current.waiting)
    outlook = next(one for one in figures.outlooks if one.key == change.code)
    if change.doing is Doing.SKIP:
        emptied.pop(change.code, None)
        waiting[change.code] = Left(SKIPPED, outlook.risk(), outlook.next_chance, by_hand=True)
    elif change.doing is Doing.EMPTY:
        waiting.pop(change.code, None)
        emptied[change.code] = Chosen(must=True, sentence=BY_HAND, by_hand=True)
    else:
        was = emptied[change.code]
        emptied[change.code] = Chosen(was.must, was.sentence, by_hand=True)
    after = Option(
        current.key,
        numbers(effect.plan, figures.trucks, emptied, [left.overflow for left in waiting.values()]),
        effect.plan, emptied, waiting,
    )  # fmt: skip
    changes = (*figures.changes, _told(change))[-MOST_CHANGES:]
    return Outcome(
        figures=msgspec.structs.replace(figures, current=after, changes=changes),
        metres=effect.metres, seconds=effect.seconds, cents=effect.cents,
        overflow_before=current.numbers.overflow, overflow=after.numbers.overflow,
        broken=effect.broken, sentence=effect.sentence,
    )  # fmt: skip


def _check(figures: PlanFigures, change: Change) -> None:
    current = figures.current
    inside, known = change.code in current.emptied, change.code in {*current.emptied, *current.waiting}
    if not known:
        raise NotFound("Deze container staat niet in dit plan.")
    if change.truck and change.truck not in {truck.key for truck in figures.trucks}:
        raise NotFound("Deze wagen rijdt die dag niet.")
    if change.doing is Doing.EMPTY and inside:
        raise Conflict("Deze container wordt al geleegd.")
    if change.doing is not Doing.EMPTY and not inside:
        raise Conflict("Deze container wordt al overgeslagen.")
    if change.doing is Doing.MOVE and not change.truck:
        raise Conflict("Kies naar welke wagen de container gaat.")


def _effect(
    problem: Problem, current: Option, change: Change, risk: dict[str, float], progress: Sequence[Progress]
) -> what_if.Effect:
    if change.doing is Doing.SKIP:
        return what_if.drop(problem, current.plan, change.code, risk=risk, progress=progress)
    position = None if change.position is None else max(change.position - 1, 0)
    if change.doing is Doing.MOVE:
        return what_if.move(problem, current.plan, change.code, change.truck, 1, position, risk=risk, progress=progress)
    if change.truck:
        return what_if.add(problem, current.plan, change.code, change.truck, 1, position, risk=risk, progress=progress)
    tried = [
        what_if.add(problem, current.plan, change.code, t.key, 1, None, risk=risk, progress=progress)
        for t in problem.trucks
    ]
    return min(tried, key=lambda effect: (len(effect.broken), effect.cents))


def _told(change: Change) -> str:
    match change.doing:
        case Doing.MOVE:
            return f"{change.code} naar {change.truck}"
        case Doing.SKIP:
            return f"{change.code} overgeslagen"
        case Doing.EMPTY:
            return f"{change.code} toegevoegd"
