"""Facts with which something that seems possible really happens: the law itself is run until it does.

A formula may think too much possible (two calls over one birth date, say). What is reported to people was seen to happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, DecimalException
from random import Random
from typing import Final

from vliegwiel.base.errors import VliegwielError
from vliegwiel.law.checking.formulas import Term
from vliegwiel.law.feel import temporal, tree
from vliegwiel.law.feel.runtime import Frame
from vliegwiel.law.feel.temporal import DaysDuration, MonthsDuration, NotTemporal
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.feel.walk import every_node
from vliegwiel.law.model import Body, Conditions, Formula, OpenTerm, Rule, Table
from vliegwiel.law.program import Constant, Program, Unit, needed_by
from vliegwiel.law.types import Choice, Clock, Day, Days, Group, Many, Moment, Money, Months, Number, Text, Type, YesNo

TRIES: Final = 240
_SEED: Final = 11
_MOST_NUMBERS: Final = 40


@dataclass(frozen=True, slots=True)
class Found:
    """Facts that were tried, and the frame in which it happened."""

    facts: Mapping[str, Value]
    frame: Frame


def find(
    program: Program, unit: Unit, on: date, guess: Mapping[Term, Value], happens: Callable[[Frame], bool]
) -> Found | None:
    """Facts with which `happens`, starting from the values a formula gave; None when none were found."""
    inputs = _inputs(program, unit)
    pool = _Pool(program, unit, on, guess.values())
    known = {term.key: value for term, value in guess.items()}
    random = Random(_SEED)  # noqa: S311 - facts to try are no secret
    for attempt in range(TRIES):
        keep = 1.0 if attempt < TRIES // 3 else 0.6
        facts: dict[str, Value] = {}
        for key in inputs:
            guessed = key in known and random.random() < keep
            facts[key] = known[key] if guessed else pool.fact(program.units[key], random)
        frame = program.frame(on)
        for key, value in facts.items():
            frame[program.units[key].slot] = value
        if _quietly(happens, frame):
            return Found(facts, frame)
    return None


def _quietly(happens: Callable[[Frame], bool], frame: Frame) -> bool:
    try:
        return happens(frame)
    except (VliegwielError, DecimalException, RecursionError, NotTemporal):
        return False


def _inputs(program: Program, unit: Unit) -> list[str]:
    """The data, judgements and unfilled open terms that a unit and the rules that use it rest on."""
    users = [key for key, found in program.units.items() if unit.key in needed_by(found.anatomy)]
    reached = program.reach([unit.key, *users])
    return [
        key
        for key, found in program.units.items()
        if key in reached
        and (found.kind in ("gegeven", "oordeel") or (found.kind == "open term" and found.key != unit.key))
        and not isinstance(found.definition, Rule)
    ]


class _Pool:
    """Values worth trying: what the rules compare with, and right beside it."""

    def __init__(self, program: Program, unit: Unit, on: date, guessed: Iterable[Value]) -> None:
        self.on = on
        self.numbers: dict[Decimal, None] = {}
        self.dates: dict[date, None] = {}
        self.texts: dict[str, None] = {}
        for value in guessed:
            self.note(value)
        self.may_be_nothing: set[str] = set()
        for key in sorted(program.reach([unit.key])):
            reached = program.units[key]
            self.may_be_nothing.update(_beside_null(reached))
            for value in _constants(reached):
                self.note(value)
        for value in (Decimal(0), Decimal(1), Decimal(2), Decimal(1000)):
            self.numbers.setdefault(value)
        counts = [int(n) for n in list(self.numbers)[:_MOST_NUMBERS] if n == n.to_integral_value() and 0 <= n <= 150]
        self.days: list[date] = list(self.dates)
        for count in dict.fromkeys(counts):
            self.days.extend(_around(on, count))
        self.amounts = [n + d for n in self.numbers for d in (Decimal(0), Decimal("0.01"), Decimal(1), Decimal(-1))]

    def note(self, value: Value) -> None:
        """Remember a value and its neighbours."""
        if isinstance(value, Decimal):
            self.numbers.setdefault(value)
        elif isinstance(value, str):
            self.texts.setdefault(value)
        elif isinstance(value, date):
            for step in (0, 1, -1):
                self.dates.setdefault(value + timedelta(days=step))
        elif isinstance(value, MonthsDuration):
            self.numbers.setdefault(Decimal(value.months))
            self.numbers.setdefault(Decimal(value.months // 12))
        elif isinstance(value, DaysDuration):
            self.numbers.setdefault((value.seconds / temporal.DAY_SECONDS).to_integral_value())
        elif isinstance(value, dict):
            for inner in value.values():
                self.note(inner)

    def fact(self, unit: Unit, random: Random) -> Value:
        """A value for an input; now and then nothing, where the law speaks of that."""
        if unit.key in self.may_be_nothing and random.random() < 0.15:
            return None
        return self.any_of(unit.type, random, unit.key)

    def any_of(self, type_: Type, random: Random, key: str = "") -> Value:
        """Some value of a type."""
        match type_:
            case YesNo():
                return random.random() < 0.5
            case Choice():
                return random.choice([name for name, _ in type_.options])
            case Money() | Number():
                return abs(random.choice(self.amounts))
            case Text():
                return random.choice([*self.texts, "iets anders"])
            case Day():
                return random.choice([self.on, *self.days])
            case Months():
                return MonthsDuration(int(abs(random.choice(self.amounts))) % 1200)
            case Days():
                return DaysDuration(Decimal(int(abs(random.choice(self.amounts))) % 4000 * temporal.DAY_SECONDS))
            case Many():
                return [self.any_of(type_.of, random) for _ in range(random.choice((0, 1, 1, 2, 3)))]
            case Group():
                return {name: self.any_of(inner, random) for name, inner in type_.fields}
            case Moment():
                return temporal.local_midnight(random.choice([self.on, *self.days]))
            case Clock():
                return temporal.time_of(random.randrange(24) * 3_600 * temporal.NANOS)
        return Unknown(frozenset((key,)))


def _around(on: date, count: int) -> Iterator[date]:
    """Days that lie this many years, months or days before or after a day, and right beside it."""
    for months in (-12 * count, 12 * count, -count, count):
        try:
            there = temporal.add_months(on, months)
        except NotTemporal:
            continue
        if isinstance(there, date) and 2 < there.year < 9998:
            yield from (there, there + timedelta(days=1), there - timedelta(days=1))
    yield from (on + timedelta(days=count), on - timedelta(days=count), on - timedelta(days=count + 1))


def _constants(unit: Unit) -> Iterator[Value]:
    """The values that a unit speaks of."""
    if isinstance(unit.anatomy, Constant):
        yield unit.anatomy.value
    for node in _trees(unit.body):
        for part in every_node(node):
            if isinstance(part, (tree.Number, tree.String)):
                yield part.value
            elif isinstance(part, tree.Temporal):
                yield _moment(part.text)
            elif isinstance(part, tree.Call) and part.arguments and isinstance(part.arguments[0], tree.String):
                yield _moment(part.arguments[0].value)


def _beside_null(unit: Unit) -> Iterator[str]:
    """The units that a unit compares with null; an open term whose default is null is one itself."""
    fallback = unit.definition.fallback if isinstance(unit.definition, OpenTerm) else None
    if fallback is not None and isinstance(fallback.tree, tree.Null):
        yield unit.key
    for node in _trees(unit.body):
        for part in every_node(node):
            if isinstance(part, tree.Binary) and isinstance(part.right, tree.Null) and isinstance(part.left, tree.Name):
                yield unit.reads.get(part.left.name, "")
    if isinstance(unit.body, Table):
        for number, column in enumerate(unit.body.columns):
            cells = [line.cells[number] for line in unit.body.lines]
            told = any(isinstance(n, tree.Null) for cell in cells if cell is not None for n in every_node(cell.tests))
            if told and isinstance(column.tree, tree.Name):
                yield unit.reads.get(column.tree.name, "")


def _moment(text: str) -> Value:
    try:
        return temporal.parse_temporal(text)
    except NotTemporal:
        return None


def _trees(body: Body | None) -> Sequence[tree.Node]:
    """All expressions of a body."""
    if isinstance(body, Formula):
        return [body.expression.tree]
    if isinstance(body, Conditions):
        return [item.expression.tree for item in body.items]
    if isinstance(body, Table):
        cells = [cell.tests for line in body.lines for cell in line.cells if cell is not None]
        return [*(column.tree for column in body.columns), *cells, *(line.output.tree for line in body.lines)]
    return []
