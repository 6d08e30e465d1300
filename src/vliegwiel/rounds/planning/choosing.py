"""Which kind of waste each truck has today, where a truck could have several: one kind a day, as collectors work.

The solver cannot say "one of these"; so each such truck is planned as several at once, and the one that does least is taken
away, truck by truck, until each has one kind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vliegwiel.rounds.planning.problem import Problem, Stop, Truck
from vliegwiel.rounds.planning.solving import Answer, Effort, solve
from vliegwiel.rounds.planning.translating import ransom_of

NOTHING: Final = "(niets)"
"""The kind of waste of a truck that can have none of today's."""


def settled(problem: Problem, effort: Effort) -> Problem:
    """The same day, each truck with the one kind of waste it has and the places that take it. `effort` is for all of it."""
    options = {truck.key: _options(problem, truck) for truck in problem.trucks}
    chosen = {key: (kinds or [NOTHING])[0] for key, kinds in options.items() if len(kinds) < 2}
    open_ = [truck.key for truck in problem.trucks if truck.key not in chosen]
    share = replace(effort, seconds=effort.seconds / max(len(open_), 1), first=False)
    while open_:
        done = _work_done(problem, options | {key: [kind] for key, kind in chosen.items()}, share)
        clearest = max(open_, key=lambda key: max(done.get((key, kind), 0) for kind in options[key]))
        chosen[clearest] = max(options[clearest], key=lambda kind: done.get((clearest, kind), 0))
        open_.remove(clearest)
    trucks = tuple(_with(problem, truck, chosen[truck.key]) for truck in problem.trucks)
    return problem if trucks == problem.trucks else replace(problem, trucks=trucks)


def _options(problem: Problem, truck: Truck) -> list[str]:
    """The kinds of today's waste that it can have and, if it must come home empty, can get rid of."""
    tips = [problem.tip(key) for key in truck.tips]
    return [
        kind
        for kind in problem.fractions
        if truck.can_have(kind) and (not truck.empties or any(tip.takes(kind) for tip in tips))
    ]


def _with(problem: Problem, truck: Truck, kind: str) -> Truck:
    tips = tuple(key for key in truck.tips if problem.tip(key).takes(kind))
    if kind == NOTHING:
        return replace(truck, fractions=(NOTHING,))
    several = len(problem.fractions) > 1 or truck.fractions
    return replace(truck, fractions=(kind,) if several else (), tips=tips)


def _work_done(problem: Problem, options: dict[str, list[str]], effort: Effort) -> dict[tuple[str, str], int]:
    """What each truck would do with each kind, when it could be as many trucks as it has kinds: in cents of worth."""
    names: dict[str, tuple[str, str]] = {}
    trucks: list[Truck] = []
    for truck in problem.trucks:
        for kind in options[truck.key]:
            name = f"{len(names)}"
            names[name] = (truck.key, kind)
            trucks.append(replace(_with(problem, truck, kind), key=name))
    of: dict[str, tuple[str, ...]] = {key: tuple(n for n, (k, _) in names.items() if k == key) for key in options}
    stops = tuple(_for_variants(stop, of) for stop in problem.stops)
    stops = tuple(stop for stop in stops if stop.trucks != (NOTHING,))
    if not trucks or not stops:
        return {}
    answer: Answer = solve(replace(problem, trucks=tuple(trucks), stops=stops), effort, optional=True)
    ransom = ransom_of(problem)
    done: dict[tuple[str, str], int] = {}
    for truck, steps, _ in answer.days:
        worth = sum(ransom if step.prize is None else step.prize for step in steps if isinstance(step, Stop))
        done[names[truck.key]] = done.get(names[truck.key], 0) + worth
    return done


def _for_variants(stop: Stop, of: dict[str, tuple[str, ...]]) -> Stop:
    keys = [stop.truck] if stop.truck is not None else stop.trucks
    if not keys:
        return stop
    variants = tuple(name for key in keys for name in of[key])
    return replace(stop, truck=None, trucks=variants or (NOTHING,))
