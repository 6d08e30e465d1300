"""A program of the law compiled to columns, and one run of it over a chunk of rows.

A rule that has no column form is *slow*: the decision engine computes it, once for each distinct combination of what it uses.
Rows that are doubted are computed again from their data by the decision engine as a whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from vliegwiel.law.errors import LawFault
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.errors import FeelError, FeelLimit
from vliegwiel.law.feel.runtime import Code, Frame
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.model import Table
from vliegwiel.law.population.columns import (
    Amount,
    Blank,
    Cannot,
    Column,
    Ints,
    Lit,
    Mask,
    NameBits,
    NoUnits,
    Op,
    Operand,
    Space,
)
from vliegwiel.law.population.cutting import cut
from vliegwiel.law.population.engine import evaluate, loaders_of
from vliegwiel.law.population.exact import rounded
from vliegwiel.law.population.expressions import Expressions
from vliegwiel.law.population.hits import LineOp, TableOp, table_value
from vliegwiel.law.population.logic import chain, pick
from vliegwiel.law.population.making import column_of, identity, shown, values_of, words_of
from vliegwiel.law.population.unary import Test
from vliegwiel.law.program import (
    JUDGEMENT,
    NORM,
    OPEN,
    CompiledConditions,
    CompiledFormula,
    CompiledTableParts,
    Program,
    Unit,
    needed_by,
)
from vliegwiel.law.types import Group, Many, Type

# The values of a row, for the decision engine: (what is given by unit key) for these rows of the chunk.
RowValues = Callable[[Sequence[int]], list[Mapping[str, Value]]]

_ERRORS: Final = (LawFault, FeelLimit, RecursionError)


@dataclass(slots=True)
class Slow:
    """A rule that runs in the decision engine: why, and how often so far."""

    why: str
    rows: int = 0
    distinct: int = 0


@dataclass(slots=True)
class Plan:
    """A law on a date, ready to run over columns of which `given` are the unit keys. Safe to share between threads."""

    program: Program
    on: date
    wanted: tuple[str, ...]
    given: frozenset[str]
    names: NameBits
    ops: dict[str, Op] = field(default_factory=dict)
    slow: dict[str, Slow] = field(default_factory=dict)
    recomputed: int = 0
    _fixed: dict[str, Lit | None] = field(default_factory=dict)
    _loaders: dict[int, dict[str, Code]] = field(default_factory=dict)
    _slots: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fixed(self, key: str) -> Lit | None:
        """The value of a unit that needs no column."""
        if key not in self._fixed:
            if self.program.reach([key]) & self.given:
                self._fixed[key] = None
            else:
                self._fixed[key] = self._constant(key)
        return self._fixed[key]

    def _constant(self, key: str) -> Lit | None:
        try:
            return Lit(self.program.units[key].load(self.program.frame(self.on)))
        except _ERRORS as error:
            # Only a fault when a row gets there.
            self.demote(key, str(error))
            return None

    def evaluate(self, node: tree.Node, reads: Mapping[str, str]) -> Value:
        """An expression without columns, by the decision engine."""
        loaders = self._loaders.get(id(reads))
        if loaders is None:
            loaders = self._loaders[id(reads)] = loaders_of(self.program, self.on, reads)
        return evaluate(self.program, self.on, node, loaders)

    def slot(self) -> int:
        """A free number for a variable."""
        self._slots += 1
        return self._slots

    def demote(self, key: str, why: str) -> None:
        """This rule cannot be done over columns."""
        with self._lock:
            self.slow.setdefault(key, Slow(why))

    def note(self, key: str, rows: int, distinct: int) -> None:
        """The decision engine ran a rule."""
        with self._lock:
            self.slow[key].rows += rows
            self.slow[key].distinct += distinct

    def note_recomputed(self, rows: int) -> None:
        """The decision engine ran whole rows."""
        with self._lock:
            self.recomputed += rows


def missing_names(program: Program, wanted: Sequence[str]) -> list[str]:
    """Every name that may be missing for these outcomes. Raises `LawNotFound` for a name the law does not have."""
    return _names(program, program.reach([program.unit(name).key for name in wanted]))


def make_plan(program: Program, on: date, wanted: Sequence[str], given: Collection[str], names: NameBits) -> Plan:
    """Compile what these outcomes need. Raises `LawNotFound` for a name the law does not have."""
    keys = tuple(program.unit(name).key for name in wanted)
    reached = program.reach(keys)
    plan = Plan(program, on, keys, frozenset(given) & reached, names)
    for key in reached:
        if key in plan.given or plan.fixed(key) is not None or key in plan.slow:
            continue
        try:
            plan.ops[key] = _unit_op(plan, program.units[key])
        except Cannot as reason:
            plan.demote(key, str(reason))
    for key in reached & plan.given:
        unit = program.units[key]
        if unit.kind == "open term":
            # A row without its own value falls back on the ordinance.
            plan.ops[key] = _fallback_op(plan, unit)
    return plan


def _names(program: Program, reached: Collection[str]) -> list[str]:
    """Every name that may be missing."""
    found: list[str] = []
    for key in sorted(reached):
        unit = program.units[key]
        if unit.kind == "gegeven":
            found.extend(_parts(unit.type, unit.name))
        elif unit.kind == "oordeel":
            found.append(JUDGEMENT + key)
        elif unit.kind == "open term":
            found.extend((OPEN + key, *_parts(unit.type, unit.name)))
        elif unit.kind == "norm":
            found.append(NORM + key)
    return found


def _parts(type_: Type, name: str) -> list[str]:
    if isinstance(type_, Many):
        return [name, *_parts(type_.of, name)]
    if isinstance(type_, Group):
        return [name, *(part for field, inner in type_.fields for part in _parts(inner, f"{name}.{field}"))]
    return [name]


def _unit_op(plan: Plan, unit: Unit) -> Op:
    """The function of a rule."""
    expressions = Expressions(plan, unit.reads)
    anatomy = unit.anatomy
    if isinstance(anatomy, CompiledConditions):
        items = [expressions.op(item.condition.expression.tree) for item in anatomy.items]
        every = anatomy.every
        return lambda space: chain(space, [item(space) for item in items], every=every)
    if isinstance(anatomy, CompiledTableParts) and isinstance(unit.body, Table):
        return _table_op(expressions, anatomy, unit.body)
    if isinstance(anatomy, CompiledFormula) and unit.body is not None:
        expression = getattr(unit.body, "expression", None)
        if expression is not None:
            return expressions.op(expression.tree)
    raise Cannot("deze vorm van een regel")


def _fallback_op(plan: Plan, unit: Unit) -> Op:
    fixed = None if (plan.program.reach([unit.key]) - {unit.key}) & plan.given else _without(plan, unit)
    if fixed is not None:
        return lambda space: fixed
    try:
        return _unit_op(plan, unit)
    except Cannot:
        # The decision engine does these rows as a whole.
        return _all_doubted


def _all_doubted(space: Space) -> Operand:
    space.doubt(np.ones(space.size, dtype=np.bool_))
    return Blank(np.ones(space.size, dtype=np.bool_), None)


def _without(plan: Plan, unit: Unit) -> Lit:
    return Lit(unit.load(plan.program.frame(plan.on)))


def _table_op(expressions: Expressions, anatomy: CompiledTableParts, table: Table) -> Op:
    columns = tuple(expressions.op(column.tree) for column in table.columns)
    tests: list[tuple[int, Test]] = []
    places: dict[tuple[int, str], int] = {}
    lines: list[LineOp] = []
    for line in anatomy.lines:
        found: list[tuple[int, int]] = []
        for column, cell in enumerate(line.cells):
            if cell is None or not cell.tests.tests:
                continue
            key = (column, cell.text)
            if key not in places:
                places[key] = len(tests)
                tests.append((column, expressions.tests(cell.tests)))
            found.append((column, places[key]))
        lines.append(LineOp(tuple(found), expressions.branch(line.output.tree)))
    ready = TableOp(table.policy, columns, tuple(tests), tuple(lines), table.order)
    return lambda space: table_value(ready, space)


class ChunkRun:
    """One chunk of rows through a plan."""

    def __init__(self, plan: Plan, inputs: Mapping[str, Operand], rows: RowValues, first: int, size: int) -> None:
        """`inputs` are columns by unit key, of which this run takes `size` rows from row `first` on.

        `rows` gives the exact values of rows of those columns, for the decision engine.
        """
        self.plan = plan
        self.names = plan.names
        self.space = Space(self, size)
        self.first = first
        self.inputs = {key: cut(self.space, inputs[key], first, first + size) for key in plan.given}
        self.rows = rows
        self.doubted: Mask | None = None
        self.done: dict[str, Operand] = {}

    def doubt(self, rows: Mask | Ints) -> None:
        """These rows must be computed again by the decision engine."""
        if self.doubted is None:
            self.doubted = np.zeros(self.space.size, dtype=np.bool_)
        self.doubted[rows] = True

    def unit(self, key: str) -> Operand:
        """The column of a unit, computed once."""
        found = self.done.get(key)
        if found is None:
            found = self.done[key] = self._unit(key)
        return found

    def known(self, key: str) -> Operand | None:
        """The column of a unit that needs no computing any more."""
        found = self.done.get(key)
        if found is None and (key in self.plan.given or self.plan.fixed(key) is not None):
            found = self.unit(key)
        return found

    def unit_in(self, space: Space, key: str) -> Operand:
        """A rule for some rows only. Raises `Cannot` when it can only be done for all."""
        if key in self.plan.slow or key not in self.plan.ops:
            raise Cannot(key)
        return self.plan.ops[key](space)

    def _unit(self, key: str) -> Operand:
        if key in self.plan.given:
            return self._given(key)
        fixed = self.plan.fixed(key)
        if fixed is not None:
            return fixed
        if key not in self.plan.slow:
            try:
                return self.plan.ops[key](self.space)
            except Cannot as reason:
                self.plan.demote(key, str(reason))
        return self._slowly(key)

    def _given(self, key: str) -> Operand:
        column = self.inputs[key]
        fallback = self.plan.ops.get(key)
        if fallback is None or not isinstance(column, Column) or column.gap is None:
            return column
        own = column.take(np.arange(self.space.size))
        own.gap = None
        mask = column.gap.mask
        try:
            other = fallback(self.space)
        except Cannot as reason:
            self.plan.demote(key, str(reason))
            other = self._slowly(key)
        try:
            return pick(self.space, [(~mask, own), (mask, other)])
        except Cannot:
            self.doubt(mask)
            return column

    def outcomes(self) -> dict[str, Operand]:
        """What is wanted, by unit key, doubted rows computed again. Raises `LawFault` where the law contradicts itself."""
        found = {key: self.unit(key) for key in self.plan.wanted}
        if self.doubted is None:
            return found
        rows = np.flatnonzero(self.doubted)
        self.plan.note_recomputed(len(rows))
        answers = self._again([int(row) for row in rows])
        index = np.zeros(self.space.size, dtype=np.int64)
        index[rows] = np.arange(len(rows))
        for key, values in answers.items():
            found[key] = self._patched(found[key], index, rows, values)
        return found

    def _patched(self, operand: Operand, index: Ints, rows: Ints, values: Sequence[Value]) -> Operand:
        """The column with these rows computed again.

        Amounts too large for so many decimals keep fewer, but never fewer than four: beyond that (more than 10 ** 14) the
        outcomes are kept as they are, one by one.
        """
        mask = np.zeros(self.space.size, dtype=np.bool_)
        mask[rows] = True
        inner = Space(self, len(rows))
        operand = _emptied(operand, mask)
        for digits in (8, 6, 4):
            noted = _Noted(self.names)
            careful = Space(noted, self.space.size)
            made, bad = column_of(inner, [shown(value, digits) for value in values])
            if bad is not None:
                continue
            fitted = operand if digits == 8 else _to_decimals(careful, operand, digits)
            try:
                found = pick(careful, [(mask, made.take(index)), (~mask, fitted)])
            except Cannot:
                break
            if not noted.seen:
                return found
        return self._as_words(operand, rows, values)

    def _as_words(self, operand: Operand, rows: Ints, values: Sequence[Value]) -> Operand:
        """Outcomes of mixed kinds, value by value."""
        every, _ = values_of(self.space, operand, range(self.space.size))
        for row, value in zip(rows, values, strict=True):
            every[int(row)] = value
        column, bad = column_of(self.space, every)
        return column if bad is None else words_of(column, every)

    def _again(self, rows: Sequence[int]) -> dict[str, list[Value]]:
        """The wanted outcomes of these rows, by the decision engine. Equal rows are computed once."""
        program = self.plan.program
        units = [program.units[key] for key in self.plan.wanted]
        found: dict[str, list[Value]] = {key: [] for key in self.plan.wanted}
        known: dict[str, list[Value]] = {}
        for given in self.rows([self.first + row for row in rows]):
            mark = repr(sorted(given.items()))
            if mark not in known:
                frame = program.frame(self.plan.on)
                for key, value in given.items():
                    if not (isinstance(value, Unknown) and program.units[key].kind == "open term"):
                        frame[program.units[key].slot] = value
                known[mark] = [unit.load(frame) for unit in units]
            for key, value in zip(self.plan.wanted, known[mark], strict=True):
                found[key].append(value)
        return found

    # --- rules without a column form ---------------------------------------------------------------------------------

    def _slowly(self, key: str) -> Operand:
        """A rule by the decision engine, once for each distinct combination of what it uses."""
        uses = [used for used in dict.fromkeys(needed_by(self.plan.program.units[key].anatomy)) if used != key]
        operands = {used: self.unit(used) for used in uses}
        firsts, codes = self._distinct(list(operands.values()))
        columns: dict[str, list[Value]] = {}
        unsure: set[int] = set()
        for used, operand in operands.items():
            columns[used], doubtful = values_of(self.space, operand, firsts)
            unsure.update(doubtful)
        answers: list[Value] = []
        for place in range(len(firsts)):
            answer, sure = self._answer(key, {used: values[place] for used, values in columns.items()})
            answers.append(answer)
            if not sure:
                unsure.add(place)
        self.plan.note(key, self.space.size, len(firsts))
        made, bad = column_of(Space(self, len(answers)), answers)
        if bad is not None:
            unsure.update(int(place) for place in np.flatnonzero(bad))
        if unsure:
            self.doubt(np.isin(codes, np.array(sorted(unsure))))
        return made.take(codes)

    def _answer(self, key: str, values: Mapping[str, Value]) -> tuple[Value, bool]:
        program = self.plan.program
        frame: Frame = program.frame(self.plan.on)
        for used, value in values.items():
            frame[program.units[used].slot] = value
        try:
            return program.units[key].load(frame), True
        except _ERRORS:
            # Whether this rule is reached at all is for the decision engine to say.
            return None, False
        except FeelError as error:
            raise LawFault(str(error)) from error

    def _distinct(self, operands: Sequence[Operand]) -> tuple[list[int], Ints]:
        """A row for each distinct combination, and for each row which combination it has."""
        size = self.space.size
        columns = [operand for operand in operands if isinstance(operand, Column)]
        if not columns:
            return ([0] if size else []), np.zeros(size, dtype=np.int64)
        parts: list[Ints] = []
        for column in columns:
            found = identity(column)
            if found is None:
                return self._distinct_by_value(columns)
            parts.extend(found)
        _, firsts, codes = np.unique(np.stack(parts, axis=1), axis=0, return_index=True, return_inverse=True)
        return [int(row) for row in firsts], np.reshape(codes, -1)

    def _distinct_by_value(self, columns: Sequence[Column]) -> tuple[list[int], Ints]:
        size = self.space.size
        values = [values_of(self.space, column, range(size))[0] for column in columns]
        places: dict[str, int] = {}
        firsts: list[int] = []
        codes = np.zeros(size, dtype=np.int64)
        for row, combination in enumerate(zip(*values, strict=True)):
            mark = repr(combination)
            if mark not in places:
                places[mark] = len(firsts)
                firsts.append(row)
            codes[row] = places[mark]
        return firsts, codes


class _Noted(NoUnits):
    """A run that remembers whether anything was doubted."""

    def __init__(self, names: NameBits) -> None:
        self.names = names
        self.seen = False

    def doubt(self, rows: Mask | Ints) -> None:
        """Something did not fit."""
        self.seen = self.seen or bool(np.any(rows)) if rows.dtype == np.bool_ else self.seen or len(rows) > 0


def _emptied(operand: Operand, mask: Mask) -> Operand:
    """The column without what stands in these rows: it may be of any size."""
    if not isinstance(operand, Amount):
        return operand
    data = np.where(mask, 0, operand.wide)
    div = None if operand.div is None else np.where(mask, 1, operand.div)
    size = max(int(data.max(initial=0)), -int(data.min(initial=0)))
    return Amount(
        data,
        size,
        den=operand.den,
        div=div,
        family=operand.family,
        loose=operand.loose,
        null=operand.null,
        gap=operand.gap,
    )


def _to_decimals(space: Space, operand: Operand, digits: int) -> Operand:
    if not isinstance(operand, Amount) or operand.family == "day":
        return operand
    return rounded(space, operand, "half even", 1, 10**digits)
