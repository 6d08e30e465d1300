"""Decision tables over columns: which lines match in which rows, and what they give together (DMN 1.5, section 8.2.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.law.feel.values import Value, equal
from vliegwiel.law.lawfile import HitPolicy
from vliegwiel.law.population.branches import Branch, few, some_rows, spread, within
from vliegwiel.law.population.columns import (
    Amount,
    Blank,
    Cannot,
    Gap,
    Lit,
    Mask,
    Op,
    Operand,
    Space,
    Truth,
    gap_in,
    joined,
    known_in,
    narrowed,
)
from vliegwiel.law.population.functions import pairwise
from vliegwiel.law.population.logic import as_truth, no_mask, pick, same, unknown_in
from vliegwiel.law.population.unary import Test

_SINGLE: Final = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY)


@dataclass(frozen=True, slots=True)
class LineOp:
    """The tests of a line (column, place of the test) and what it gives."""

    tests: tuple[tuple[int, int], ...]
    output: Branch


@dataclass(frozen=True, slots=True)
class TableOp:
    """A table ready to run. Equal cells of a column are one test in `tests`."""

    policy: HitPolicy
    columns: tuple[Op, ...]
    tests: tuple[tuple[int, Test], ...]
    lines: tuple[LineOp, ...]
    order: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class _Hits:
    """Per line the rows that match and that may match; per row what keeps it from being sure."""

    sure: list[Mask]
    maybe: list[Mask | None]
    missing: Gap | None


class _Tested:
    """The tests of a table in one space, each done once."""

    def __init__(self, table: TableOp, space: Space) -> None:
        self.table = table
        self.space = space
        self.columns: dict[int, Operand] = {}
        self.verdicts: dict[int, Truth] = {}

    def verdict(self, place: int) -> Truth:
        """The outcome of a test."""
        found = self.verdicts.get(place)
        if found is None:
            column, test = self.table.tests[place]
            if column not in self.columns:
                self.columns[column] = self.table.columns[column](self.space)
            found = self.verdicts[place] = as_truth(self.space, test(self.space, self.columns[column]))
        return found


def table_value(table: TableOp, space: Space) -> Operand:
    """What the table gives in each row."""
    tested = _Tested(table, space)
    settled = _by_first_column(table, space, tested)
    return _by_all_columns(table, space, tested) if settled is None else settled


def _by_all_columns(table: TableOp, space: Space, tested: _Tested) -> Operand:
    hits = _hits(table, space, [tested.verdict(place) for place in range(len(table.tests))])
    lines = zip(table.lines, hits.sure, hits.maybe, strict=True)
    outputs = [within(space, line.output, sure if maybe is None else sure | maybe) for line, sure, maybe in lines]
    if table.policy in _SINGLE:
        found = _single(table, space, hits, outputs)
    elif hits.missing is None:
        found = _collected(table, space, hits.sure, outputs)
    else:
        found = unknown_in(space, _collected(table, space, hits.sure, outputs), hits.missing)
    return found


def _by_first_column(table: TableOp, space: Space, tested: _Tested) -> Operand | None:
    """Where one column leaves only few rows open, the other columns are looked at in those rows only. None where it does not."""
    if table.policy not in (HitPolicy.FIRST, HitPolicy.UNIQUE) or not table.lines or not table.lines[0].tests:
        return None
    first_only = table.policy is HitPolicy.FIRST
    column = table.lines[0].tests[0][0]
    seen, still_open = no_mask(space), no_mask(space)
    settled: list[tuple[Mask, Branch]] = []
    for line in table.lines:
        mask = np.ones(space.size, dtype=np.bool_)
        for number, place in line.tests:
            if number == column:
                verdict = tested.verdict(place)
                if verdict.gap is not None:
                    return None
                mask = verdict.yes
        fresh = mask & ~seen
        if any(number != column for number, _ in line.tests):
            still_open |= fresh
        else:
            settled.append((fresh, line.output))
        if not first_only:
            still_open |= seen & mask
        seen = seen | mask
    if not few(space, still_open):
        return None
    rows = np.flatnonzero(still_open)
    choices = [(mask & ~still_open, output) for mask, output in settled]
    found = [(mask, within(space, output, mask)) for mask, output in choices if mask.any()]
    if len(rows):
        found.append((still_open, spread(space, rows, table_value(table, some_rows(space, rows)))))
    return pick(space, found)


def _hits(table: TableOp, space: Space, verdicts: Sequence[Truth]) -> _Hits:
    sure: list[Mask] = []
    maybe: list[Mask | None] = []
    missing: Gap | None = None
    first_only = table.policy is HitPolicy.FIRST
    left = np.ones(space.size, dtype=np.bool_)
    for line in table.lines:
        tests = [verdicts[place] for _, place in line.tests]
        held = left if first_only else np.ones(space.size, dtype=np.bool_)
        doubt = joined(*(test.gap for test in tests))
        if doubt is not None:
            possible = held
            for test in tests:
                possible = possible & (test.yes if test.gap is None else test.yes | test.gap.mask)
            doubt = narrowed(doubt, possible)
            missing = joined(missing, doubt)
        for test in tests:
            held = held & test.yes
        sure.append(held)
        maybe.append(doubt.mask if doubt is not None else None)
        if first_only:
            left = left & ~held
    return _Hits(sure, maybe, missing)


def _single(table: TableOp, space: Space, hits: _Hits, outputs: Sequence[Operand]) -> Operand:
    """The policies that give one output."""
    chosen = list(hits.sure)
    if table.policy is HitPolicy.PRIORITY:
        chosen = _by_rank(table, space, hits.sure, outputs)
    elif table.policy is not HitPolicy.FIRST:
        taken = no_mask(space)
        for number, mask in enumerate(hits.sure):
            twice = taken & mask
            if twice.any():
                # More than one line: the decision engine says whether that is a contradiction.
                space.doubt(twice)
                chosen[number] = mask & ~taken
            taken = taken | mask
    found = pick(space, list(zip(chosen, outputs, strict=True)))
    if hits.missing is None:
        return found
    return _doubtful(space, hits, outputs, found)


def _doubtful(space: Space, hits: _Hits, outputs: Sequence[Operand], found: Operand) -> Operand:
    """Where lines may match: known only if every line that matters gives the same as the first sure one."""
    gap = hits.missing
    if gap is None:
        return found
    first = no_mask(space)
    for mask in hits.sure:
        first |= mask
    agreed = gap.mask & first
    if agreed.any():
        reference = pick(space, _first_only(hits.sure, outputs))
        for sure, maybe, output in zip(hits.sure, hits.maybe, outputs, strict=True):
            concerned = sure if maybe is None else sure | maybe
            with space.only(agreed & concerned):
                alike = as_truth(space, same(space, reference, output)).yes
            agreed = agreed & (~concerned | alike | _is_first(hits.sure, sure, space))
        found = pick(space, [(agreed, reference), (~agreed, found)])
    return unknown_in(space, found, narrowed(gap, ~agreed))


def _is_first(sure: Sequence[Mask], mask: Mask, space: Space) -> Mask:
    """Rows in which this line is the first sure one: it need not equal itself (unknown equals nothing)."""
    before = no_mask(space)
    for other in sure:
        if other is mask:
            return mask & ~before
        before = before | other
    return no_mask(space)


def _first_only(sure: Sequence[Mask], outputs: Sequence[Operand]) -> list[tuple[Mask, Operand]]:
    found: list[tuple[Mask, Operand]] = []
    taken: Mask | None = None
    for mask, output in zip(sure, outputs, strict=True):
        found.append((mask if taken is None else mask & ~taken, output))
        taken = mask if taken is None else taken | mask
    return found


def _by_rank(table: TableOp, space: Space, sure: Sequence[Mask], outputs: Sequence[Operand]) -> list[Mask]:
    """Per line the rows in which it is the best of those that match."""
    ranks: list[int] = []
    for output in outputs:
        if not isinstance(output, Lit):
            raise Cannot("een tabel met treffer P waarvan de uitkomsten per rij verschillen")
        value = output.value
        ranks.append(next((n for n, v in enumerate(table.order) if equal(v, value) is True), len(table.order)))
    chosen = list(sure)
    taken = no_mask(space)
    for number in sorted(range(len(sure)), key=lambda n: ranks[n]):
        chosen[number] = sure[number] & ~taken
        taken = taken | sure[number]
    return chosen


# --- policies that collect -------------------------------------------------------------------------------------------


def _collected(table: TableOp, space: Space, sure: Sequence[Mask], outputs: Sequence[Operand]) -> Operand:
    """The sum, the smallest, the largest or the number of the outputs. An output that is unknown is doubted."""
    if table.policy is HitPolicy.COLLECT_COUNT:
        return _counted(space, sure)
    if table.policy not in (HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_MIN, HitPolicy.COLLECT_MAX):
        raise Cannot("een tabel die een lijst geeft")
    result: Operand | None = None
    seen, empty = no_mask(space), no_mask(space)
    for mask, output in zip(sure, outputs, strict=True):
        gap = narrowed(gap_in(space, output), mask)
        if gap is not None:
            space.doubt(gap.mask)
        known = known_in(space, output)
        if known is not None:
            empty |= mask & ~known
        result = output if result is None else _joined_output(table, space, result, seen, output, mask)
        seen = seen | mask
    if result is None:
        return Blank(np.ones(space.size, dtype=np.bool_), None)
    return pick(space, [(seen & ~empty, result), (~seen | empty, Lit(None))])


def _joined_output(table: TableOp, space: Space, result: Operand, seen: Mask, output: Operand, mask: Mask) -> Operand:
    name = {
        HitPolicy.COLLECT_SUM: "sum",
        HitPolicy.COLLECT_MIN: "min",
        HitPolicy.COLLECT_MAX: "max",
    }[table.policy]
    both = seen & mask
    if not both.any():
        return pick(space, [(seen, result), (mask, output)])
    together = pairwise(space, name, result, output)
    return pick(space, [(both, together), (seen & ~mask, result), (mask & ~seen, output)])


def _counted(space: Space, sure: Sequence[Mask]) -> Operand:
    """How many lines match, whatever they give."""
    data = np.zeros(space.size, dtype=np.int64)
    for mask in sure:
        data += mask
    return Amount(data, len(sure))
