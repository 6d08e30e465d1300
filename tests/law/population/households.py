"""Random households for any law: a value for every datum, often right on a boundary of the law, sometimes nothing or unknown."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl

from vliegwiel.law import LawBook, WrongFact, values
from vliegwiel.law.errors import LawFault
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.feel.walk import every_node
from vliegwiel.law.model import Conditions, Fixed, Formula, Table, Text
from vliegwiel.law.population.columns import NameBits
from vliegwiel.law.population.intake import Chunk, intake_of
from vliegwiel.law.population.making import value_at
from vliegwiel.law.population.plan import ChunkRun, Plan, make_plan, missing_names
from vliegwiel.law.program import Program
from vliegwiel.law.types import Choice, Clock, Day, Days, Group, Many, Moment, Money, Months, Number, Type, YesNo
from vliegwiel.law.types import Text as TextType

UNKNOWN = object()


@dataclass(frozen=True)
class Boundaries:
    """What the law compares with."""

    numbers: tuple[Decimal, ...]
    words: tuple[str, ...]
    dates: tuple[date, ...]


def boundaries(program: Program) -> Boundaries:
    """All numbers, texts and dates in the texts of a program."""
    numbers, words, dates = set[Decimal](), set[str](), set[date]()

    def note(value: Value) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                note(inner)
        elif isinstance(value, list):
            for inner in value:
                note(inner)
        elif isinstance(value, Decimal):
            numbers.add(value)
        elif isinstance(value, str):
            words.add(value)
        elif isinstance(value, date):
            dates.add(value)

    for text in program.texts:
        for norm in text.norms.values():
            note(norm.rows[-1].value)
        for node in _nodes(text):
            if isinstance(node, (tree.Number, tree.String)):
                note(node.value)
    for rule in (r for text in program.texts for r in (*text.rules.values(), *text.filled.values())):
        if isinstance(rule.body, Fixed):
            note(rule.body.value)
    return Boundaries(tuple(sorted(numbers)), tuple(sorted(words)), tuple(sorted(dates)))


def _nodes(text: Text) -> Iterator[object]:
    for rule in (*text.rules.values(), *text.filled.values()):
        match rule.body:
            case Formula():
                yield from every_node(rule.body.expression.tree)
            case Conditions():
                for item in rule.body.items:
                    yield from every_node(item.expression.tree)
            case Table():
                for line in rule.body.lines:
                    yield from every_node(line.output.tree)
                    for cell in line.cells:
                        if cell is not None:
                            yield from every_node(cell.tests)


class Households:
    """A source of random rows; the same seed gives the same rows."""

    def __init__(self, seed: int, on: date, edges: Boundaries) -> None:
        self.random = random.Random(seed)
        self.on = on
        self.edges = edges

    def cell(self, type_: Type) -> object:
        """A value of a type, None (nothing) or UNKNOWN."""
        lot = self.random.random()
        if lot < 0.05:
            return UNKNOWN
        return None if lot < 0.1 else self.value(type_)

    def value(self, type_: Type) -> object:
        """A value of a type."""
        pick = self.random
        match type_:
            case YesNo():
                return pick.random() < 0.5
            case Money():
                return self.amount()
            case Number():
                return self.number()
            case Day():
                return self.day()
            case Choice():
                return pick.choice([name for name, _ in type_.options])
            case TextType():
                return pick.choice([*self.edges.words, "anders", ""])
            case Months():
                return MonthsDuration(pick.choice([0, 1, 12, 35, 36, 37, pick.randrange(-20, 400)]))
            case Days():
                return DaysDuration(Decimal(pick.choice([0, 1, 7, 56, pick.randrange(-20, 400)]) * 86_400))
            case Many():
                return [self.element(type_.of) for _ in range(pick.choice([0, 0, 1, 1, 2, 3, 5]))]
            case Group():
                return {name: self.cell(inner) for name, inner in type_.fields}
            case Moment():
                return DateTime(self.day(), self.clock())
            case Clock():
                return self.clock()
            case _:
                raise NotImplementedError(type_)

    def element(self, type_: Type) -> object:
        """An item of a list: never unknown as a whole."""
        return self.value(type_) if isinstance(type_, Group) or self.random.random() < 0.97 else UNKNOWN

    def amount(self) -> Decimal:
        pick = self.random
        if self.edges.numbers and pick.random() < 0.4:
            edge = pick.choice(self.edges.numbers)
            factor = pick.choice([Decimal(1), Decimal(1), Decimal("1.1"), Decimal("1.2"), Decimal("0.5"), Decimal(12)])
            return (edge * factor).quantize(Decimal("0.01")) + pick.choice(
                [Decimal(0), Decimal("0.01"), Decimal("-0.01")]
            )
        return Decimal(pick.randrange(-1000, 400_000) if pick.random() < 0.95 else pick.randrange(0, 10**11)) / 100

    def number(self) -> Decimal:
        pick = self.random
        if self.edges.numbers and pick.random() < 0.6:
            return pick.choice(self.edges.numbers) + pick.choice([-1, 0, 0, 1])
        return Decimal(pick.randrange(-3, 130)) if pick.random() < 0.9 else Decimal(pick.randrange(0, 3000)) / 100

    def day(self) -> date:
        pick = self.random
        lot = pick.random()
        if lot < 0.1:
            years = int(pick.choice([n for n in self.edges.numbers if 0 <= n <= 110] or [Decimal(18)]))
            on = self.on.replace(year=self.on.year - years, day=min(self.on.day, 28))
            return on + timedelta(days=pick.choice([-1, 0, 1]))
        if lot < 0.3:
            months = int(pick.choice([n for n in self.edges.numbers if 0 <= n <= 130] or [Decimal(6)]))
            return self.on - timedelta(days=int(months * 30.4375) + pick.choice([-1, 0, 1]))
        if lot < 0.35 and self.edges.dates:
            return pick.choice(self.edges.dates) + timedelta(days=pick.choice([-1, 0, 1]))
        # Some laws go day by day from one date to another: far apart is rare.
        return self.on + timedelta(days=pick.randrange(-60, 60) if lot < 0.98 else pick.randrange(-30_000, 800))

    def clock(self) -> Time:
        return Time(self.random.randrange(24), self.random.choice([0, 0, 30, 59]), 0)


def fact_of(cell: object) -> object:
    """A cell as decision mode takes it: unknown parts of groups are left out, unknown items are not used."""
    if isinstance(cell, dict):
        return {name: fact_of(inner) for name, inner in cell.items() if inner is not UNKNOWN}
    return [fact_of(inner) for inner in cell] if isinstance(cell, list) else cell


def frame_of(types: Mapping[str, Type], rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """The rows as a data frame, with a column `naam.niets` for what is known to be nothing."""
    columns: list[pl.Series] = []
    for name, type_ in types.items():
        cells = [row[name] for row in rows]
        if isinstance(type_, Group):
            for part, inner in type_.fields:
                # The group itself is always there; its parts may not be.
                below = [cell[part] for cell in cells]
                columns += _pair(f"{name}.{part}", inner, below)
        else:
            columns += _pair(name, type_, cells)
    return pl.DataFrame(columns)


def _pair(name: str, type_: Type, cells: Sequence[object]) -> list[pl.Series]:
    plain = [None if cell is UNKNOWN or cell is None else _plain(cell) for cell in cells]
    values = pl.Series(name, plain, dtype=_kind(type_), strict=True)
    return [values, pl.Series(f"{name}.niets", [cell is None for cell in cells])]


def _plain(cell: object) -> object:
    if isinstance(cell, MonthsDuration):
        return cell.months
    if isinstance(cell, DaysDuration):
        return int(cell.seconds) // 86_400
    if isinstance(cell, Time):
        return time(cell.hour, cell.minute, cell.second)
    if isinstance(cell, DateTime):
        return datetime.combine(cell.date, _plain(cell.time))
    if isinstance(cell, list):
        return [_plain(item) for item in cell]
    if isinstance(cell, dict):
        return {name: _plain(inner) for name, inner in cell.items()}
    return None if cell is UNKNOWN else cell


def _kind(type_: Type) -> pl.DataType:
    match type_:
        case YesNo():
            return pl.Boolean()
        case Money() | Number():
            return pl.Decimal(30, 6)
        case Day():
            return pl.Date()
        case Choice() | TextType():
            return pl.String()
        case Clock():
            return pl.Time()
        case Moment():
            return pl.Datetime()
        case Months() | Days():
            return pl.Int64()
        case Many():
            return pl.List(_kind(type_.of))
        case Group():
            return pl.Struct([pl.Field(name, _kind(inner)) for name, inner in type_.fields])
        case _:
            raise NotImplementedError(type_)


@dataclass
class Case:
    """A law on a date for a municipality, with what is asked and what is given."""

    book: LawBook
    law: str
    on: date
    gemeente: str | None
    program: Program
    wanted: tuple[str, ...]
    types: dict[str, Type]


def case_of(book: LawBook, law: str, on: date, gemeente: str | None, wanted: Sequence[str] | None = None) -> Case:
    """Everything the law can say, from everything it can be told. Open terms are given where nothing fills them."""
    program = book.program(law, on, gemeente)
    kinds = ("regel", "open term")
    names = wanted or [n for n, key in program.names.items() if "." not in n and program.units[key].kind in kinds]
    reached = program.reach([program.unit(name).key for name in names])
    types: dict[str, Type] = {}
    for name, key in program.inputs.items():
        unit = program.units[key]
        unfilled = unit.kind == "open term" and isinstance(unit.load(program.frame(on)), Unknown)
        if key in reached and (unit.kind != "open term" or unfilled):
            types[name] = unit.type
    return Case(book, law, on, gemeente, program, tuple(names), types)


def rows_for(case: Case, count: int, seed: int) -> tuple[list[dict[str, object]], list[dict[str, Value]]]:
    """Random rows with what decision mode says; rows about which the law contradicts itself are left out."""
    homes = Households(seed, case.on, boundaries(case.program))
    rows: list[dict[str, object]] = []
    answers: list[dict[str, Value]] = []
    for _ in range(count * 3):
        if len(rows) == count:
            break
        row = {
            name: homes.value(type_) if isinstance(type_, Group) else homes.cell(type_)
            for name, type_ in case.types.items()
        }
        row = {name: _without_null_items(cell, case.types[name]) for name, cell in row.items()}
        facts = {name: fact_of(cell) for name, cell in row.items() if cell is not UNKNOWN}
        try:
            answer = values(case.book, case.law, case.wanted, facts, on=case.on, gemeente=case.gemeente)
        except (LawFault, WrongFact):
            continue
        rows.append(row)
        answers.append(answer)
    return rows, answers


def _without_null_items(cell: object, type_: Type) -> object:
    """In a data frame an empty field of an item is unknown; that it is nothing has no column there."""
    if isinstance(cell, list) and isinstance(type_, Many):
        if isinstance(type_.of, Group):
            return [{n: (UNKNOWN if v is None else v) for n, v in item.items()} for item in cell]
        return [item for item in cell if item is not UNKNOWN]
    return cell


def by_columns(case: Case, frame: pl.DataFrame) -> tuple[list[dict[str, Value]], Plan]:
    """What population mode says of the same rows."""
    schema = dict(frame.schema)
    names = NameBits(missing_names(case.program, case.wanted))
    intake = intake_of([case.program], case.wanted, schema, (), names)
    plan = make_plan(case.program, case.on, case.wanted, intake.keys, names)
    chunk = Chunk(intake, frame, 0)
    run = ChunkRun(plan, chunk.inputs, chunk.values, 0, frame.height)
    if chunk.odd is not None:
        run.doubt(chunk.odd)
    found = run.outcomes()
    columns = {name: found[case.program.unit(name).key] for name in case.wanted}
    return [
        {name: value_at(run.space, operand, row)[0] for name, operand in columns.items()} for row in range(frame.height)
    ], plan


def alike(a: Value, b: Value) -> bool:
    """The same value; numbers with more than 4 decimals to well within a cent."""
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return isinstance(a, Unknown) and isinstance(b, Unknown) and a.names == b.names
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return a == b or (int(a.as_tuple().exponent) < -4 and abs(a - b) <= Decimal("0.0005"))
    if isinstance(a, DaysDuration) and isinstance(b, DaysDuration):
        return alike(a.seconds, b.seconds)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(alike(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
    return type(a) is type(b) and a == b


def differences(case: Case, count: int, seed: int) -> tuple[list[str], Plan]:
    """Where the two ways of running differ, in words."""
    rows, answers = rows_for(case, count, seed)
    if not rows:
        # The law contradicts itself whatever is given.
        return [], make_plan(case.program, case.on, case.wanted, (), NameBits(missing_names(case.program, case.wanted)))
    frame = frame_of(case.types, rows)
    found, plan = by_columns(case, frame)
    return wrong_answers(case, rows, answers, found), plan


def wrong_answers(
    case: Case,
    rows: Sequence[Mapping[str, object]],
    answers: Sequence[Mapping[str, Value]],
    found: Sequence[Mapping[str, Value]],
) -> list[str]:
    """Each outcome that differs, in words."""
    wrong: list[str] = []
    for number, (row, decided, columned) in enumerate(zip(rows, answers, found, strict=True)):
        for name in case.wanted:
            if not alike(decided[name], columned[name]):
                shown = {k: v for k, v in row.items() if v is not UNKNOWN}
                wrong.append(f"rij {number} {name}: besluit {decided[name]!r}, kolommen {columned[name]!r}; {shown}")
    return wrong


__all__ = ["Case", "alike", "by_columns", "case_of", "differences", "frame_of", "rows_for", "wrong_answers"]
