"""`for`, `some`, `every` and filters (DMN 1.5, sections 10.3.2.14, 10.3.2.16 and 10.3.2.5). Every step costs budget."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from vliegwiel.law.feel import temporal, tree
from vliegwiel.law.feel.builtins.registry import whole
from vliegwiel.law.feel.compiling import Compiling, cost_of
from vliegwiel.law.feel.runtime import Budget, Code, Frame, check_size
from vliegwiel.law.feel.values import Range, Unknown, Value, both, either, less


class LoopCompiler(Compiling):
    """The part of the compiler that deals with loops."""

    def for_loop(self, node: tree.For) -> Code:
        """A list of the body for every combination; `partial` is what was made so far."""
        plan = self.plan(node.iterations)
        (partial,) = self.names.push("partial")
        body = self.code(node.body)
        self.names.pop(1 + len(plan))

        remembers = partial in self.names.used
        cost = cost_of(node.body)

        def run(frame: Frame) -> Value:
            made: list[Value] = []
            for missing in _each(plan, 0, frame, cost):
                if missing is not None:
                    return missing if isinstance(missing, Unknown) else None
                if remembers:
                    # A copy: the body may keep it, and it must not grow afterwards.
                    frame.budget.spend(len(made))
                    frame[partial] = [*made]
                made.append(body(frame))
                check_size(len(made))
            return made

        return run

    def quantified(self, node: tree.Quantified) -> Code:
        """Three-valued: stops at the first true (`some`) or false (`every`)."""
        plan = self.plan(node.iterations)
        condition = self.code(node.condition)
        self.names.pop(len(plan))
        some = node.kind == "some"
        cost = cost_of(node.condition)

        def run(frame: Frame) -> Value:
            result: Value = not some
            for missing in _each(plan, 0, frame, cost):
                if missing is not None:
                    return missing if isinstance(missing, Unknown) else None
                verdict = condition(frame)
                if verdict is not None and not isinstance(verdict, (bool, Unknown)):
                    return None
                value = verdict
                result = either(result, value) if some else both(result, value)
                if result is some:
                    return some
            return result

        return run

    def plan(self, iterations: tuple[tree.Iteration, ...]) -> list[tuple[int, Code, Code | None]]:
        """Slot, domain and end of each variable; leaves a layer per variable for the body."""
        found: list[tuple[int, Code, Code | None]] = []
        for iteration in iterations:
            domain = self.code(iteration.domain)
            end = self.code(iteration.end) if iteration.end is not None else None
            (slot,) = self.names.push(iteration.name)
            found.append((slot, domain, end))
        return found

    def filter(self, node: tree.Filter) -> Code:
        """`list[condition]` or `list[number]`."""
        source = self.code(node.source)
        slot = self.names.push_item()
        condition = self.code(node.condition)
        self.names.pop()
        cost = cost_of(node.condition)
        fixed = isinstance(node.condition, tree.Number) or (
            isinstance(node.condition, tree.Negate) and isinstance(node.condition.operand, tree.Number)
        )

        def run(frame: Frame) -> Value:
            value = source(frame)
            if isinstance(value, Unknown):
                return value
            if value is None:
                return None if fixed else []
            items: list[Value] = value if isinstance(value, list) else [value]
            frame[slot] = items[0] if items else None
            first = condition(frame)
            if isinstance(first, Decimal):
                return _at(items, first)
            frame.budget.spend(cost * len(items))
            return _kept(items, slot, condition, frame)

        return run


def _at(items: list[Value], position: Decimal) -> Value:
    place = whole(position)
    if place is None or place == 0 or abs(place) > len(items):
        return None
    return items[place - 1] if place > 0 else items[place]


def _kept(items: list[Value], slot: int, condition: Code, frame: Frame) -> Value:
    kept: list[Value] = []
    for item in items:
        frame[slot] = item
        verdict = condition(frame)
        if verdict is True:
            kept.append(item)
        elif isinstance(verdict, Unknown):
            return verdict
    return kept


def _each(
    plan: list[tuple[int, Code, Code | None]], depth: int, frame: Frame, cost: int
) -> Iterator[Unknown | bool | None]:
    """Sets the variables for every combination; yields None each time, or what makes the whole impossible."""
    if depth == len(plan):
        frame.budget.spend(cost)
        yield None
        return
    slot, domain, end = plan[depth]
    start = domain(frame)
    values = _domain(start, frame.budget) if end is None else _counted(start, end(frame), frame.budget)
    if values is None or isinstance(values, Unknown):
        # False stands for null here: None means "go on".
        yield values if isinstance(values, Unknown) else False
        return
    for value in values:
        frame[slot] = value
        yield from _each(plan, depth + 1, frame, cost)


def _domain(value: Value, budget: Budget) -> list[Value] | Unknown | None:
    if value is None or isinstance(value, (list, Unknown)):
        return value
    if isinstance(value, Range):
        low, high = value.low, value.high
        if less(high, low) is True:
            return None
        if not value.low_closed or not value.high_closed:
            return _inner(value, budget)
        return _counted(low, high, budget)
    return [value]


def _inner(interval: Range, budget: Budget) -> list[Value] | Unknown | None:
    whole_range = _counted(interval.low, interval.high, budget)
    if not isinstance(whole_range, list):
        return whole_range
    first = 0 if interval.low_closed else 1
    return whole_range[first : len(whole_range) if interval.high_closed else -1]


def _counted(start: Value, end: Value, budget: Budget) -> list[Value] | Unknown | None:
    """Whole numbers or dates from start to end, up or down."""
    for value in (start, end):
        if isinstance(value, Unknown):
            return value
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        first, last = whole(start), whole(end)
        if first is None or last is None:
            return None
        budget.spend(abs(last - first))
        step = 1 if last >= first else -1
        return [Decimal(n) for n in range(first, last + step, step)]
    if isinstance(start, (date, temporal.WideDate)) and isinstance(end, (date, temporal.WideDate)):
        first, last = temporal.day_number(start), temporal.day_number(end)
        budget.spend(abs(last - first))
        step = 1 if last >= first else -1
        return [temporal.from_day_number(n) for n in range(first, last + step, step)]
    return None
