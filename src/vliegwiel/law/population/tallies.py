"""Counting outcomes chunk by chunk, exactly: whole numbers over a denominator, added as fractions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from vliegwiel.law.feel.values import Value, show
from vliegwiel.law.population.columns import Ints, Mask
from vliegwiel.law.population.outcomes import Outcome

_Key = TypeVar("_Key", int, str)

_FLOAT_EXACT: Final = 2**53
_MOST_KEPT: Final = 12_000_000
_MOST_DISTINCT: Final = 3_000_000


@dataclass(frozen=True, slots=True)
class Weights:
    """How many households each row stands for: `data / den`. `data` is None when each row is one."""

    data: npt.NDArray[np.int64] | None
    den: int = 1

    def cut(self, first: int, last: int) -> Weights:
        """A stretch of rows."""
        return self if self.data is None else Weights(self.data[first:last], self.den)

    def of(self, mask: Mask) -> tuple[int, Fraction]:
        """Rows in the mask, and what they stand for."""
        rows = int(np.count_nonzero(mask))
        return rows, Fraction(rows) if self.data is None else Fraction(int(self.data[mask].sum()), self.den)


@dataclass(slots=True)
class Tally:
    """Rows, what they stand for, and (for amounts) their sum; per group or for all."""

    rows: npt.NDArray[np.int64]
    weighted: list[Fraction]
    sums: list[Fraction] | None = None

    @classmethod
    def empty(cls, groups: int, *, sums: bool = False) -> Tally:
        """Nothing counted yet."""
        zeros = [Fraction(0)] * groups
        return cls(np.zeros(groups, dtype=np.int64), zeros, [Fraction(0)] * groups if sums else None)

    def add(self, other: Tally) -> None:
        """Add what was counted elsewhere."""
        self.rows = self.rows + other.rows
        self.weighted = [a + b for a, b in zip(self.weighted, other.weighted, strict=True)]
        if self.sums is not None and other.sums is not None:
            self.sums = [a + b for a, b in zip(self.sums, other.sums, strict=True)]


@dataclass(frozen=True, slots=True)
class Groups:
    """Which group each row of a chunk is in; `codes` is None when all are in the one group."""

    codes: Ints | None
    size: int

    def cut(self, first: int, last: int) -> Groups:
        """A stretch of rows."""
        return self if self.codes is None else Groups(self.codes[first:last], self.size)


ALL: Final = Groups(None, 1)


def tally(
    groups: Groups, weights: Weights, mask: Mask, amounts: tuple[npt.NDArray[np.int64], int, int] | None
) -> Tally:
    """Count the rows of a mask per group; `amounts` are numerators, their largest size and the denominator."""
    if groups.codes is None:
        rows, weighted = weights.of(mask)
        return Tally(np.array([rows]), [weighted], None if amounts is None else [_sum(weights, mask, *amounts)])
    codes = groups.codes[mask]
    rows_of = np.bincount(codes, minlength=groups.size)
    weight = None if weights.data is None else weights.data[mask]
    if weight is None:
        weighted_of = [Fraction(int(n)) for n in rows_of]
    else:
        weighted_of = [Fraction(n, weights.den) for n in _per_group(codes, weight, groups.size)]
    if amounts is None:
        return Tally(rows_of, weighted_of)
    data, _, den = amounts
    chosen = data[mask]
    bottom = den if weight is None else den * weights.den
    tops = _per_group(codes, chosen if weight is None else _product(chosen, weight), groups.size)
    return Tally(rows_of, weighted_of, [Fraction(top, bottom) for top in tops])


def _sum(weights: Weights, mask: Mask, data: npt.NDArray[np.int64], mag: int, den: int) -> Fraction:
    chosen = data if mask.all() else data[mask]
    if weights.data is None:
        if mag * max(len(chosen), 1) < 2**62:
            return Fraction(int(chosen.sum()), den)
        return Fraction(int(chosen.astype(object).sum()), den)
    product = _product(chosen, weights.data if mask.all() else weights.data[mask])
    return Fraction(sum(_per_group(np.zeros(len(chosen), dtype=np.int64), product, 1)), den * weights.den)


def _product(a: Ints, b: Ints) -> Ints:
    """Exact: as Python integers where 62 bits are not enough."""
    if not len(a) or int(np.abs(a).max()) * int(np.abs(b).max()) < 2**62:
        found: Ints = a * b
    else:
        found = a.astype(object) * b.astype(object)
    return found


def _per_group(codes: Ints, data: Ints, size: int) -> list[int]:
    """Exact sums per group."""
    if not len(data):
        return [0] * size
    if data.dtype != object and int(np.abs(data).max()) * len(data) < _FLOAT_EXACT:
        return [int(top) for top in np.bincount(codes, weights=data, minlength=size)]
    found = [0] * size
    for code in np.unique(codes):
        found[int(code)] = int(data[codes == code].astype(object).sum())
    return found


# --- values, for the median ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Values:
    """Amounts with how often they occur. Kept as they come; above twelve million they are gathered by distinct value, and only
    where even those are too many rounded (to a tenth of what they were)."""

    parts: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64] | None, int]] = field(default_factory=list)
    size: int = 0

    def add(self, data: npt.NDArray[np.int64], weights: npt.NDArray[np.int64] | None, den: int) -> None:
        """More amounts: `data / den`."""
        if len(data):
            self.parts.append((data, weights, den))
            self.size += len(data)
        if self.size > _MOST_KEPT:
            self._gather()

    def extend(self, other: Values) -> None:
        """What was kept elsewhere."""
        for part in other.parts:
            self.add(*part)

    def _joined(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64] | None, int]:
        den = lcm(*(part[2] for part in self.parts))
        data = np.concatenate([part[0] * (den // part[2]) for part in self.parts])
        if all(part[1] is None for part in self.parts):
            return data, None, den
        weights = [np.ones(len(p[0]), dtype=np.int64) if p[1] is None else p[1] for p in self.parts]
        return data, np.concatenate(weights), den

    def _gather(self) -> None:
        data, weights, den = self._joined()
        while True:
            found, codes = np.unique(data, return_inverse=True)
            if len(found) <= _MOST_DISTINCT:
                break
            data, den = np.floor_divide(data, 10), max(den // 10, 1)
        size = len(found)
        counts = np.bincount(codes, weights=weights, minlength=size).astype(np.int64)
        self.parts, self.size = [(found, counts, den)], size

    def median(self) -> Fraction | None:
        """The middle value (of two middle ones their mean)."""
        if not self.parts:
            return None
        data, weights, den = self._joined()
        if weights is None:
            half = len(data) // 2
            if len(data) % 2:
                return Fraction(int(np.partition(data, half)[half]), den)
            low, high = np.partition(data, [half - 1, half])[half - 1 : half + 1]
            return Fraction(int(low) + int(high), 2 * den)
        order = np.argsort(data, kind="stable")
        running = np.cumsum(weights[order])
        total = int(running[-1])
        if total <= 0:
            return None
        low_place = int(np.searchsorted(running, (total + 1) // 2))
        high_place = int(np.searchsorted(running, total // 2 + 1))
        return Fraction(int(data[order[low_place]]) + int(data[order[high_place]]), 2 * den)


# --- one outcome -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class OutcomeTally:
    """One outcome of one version: how many of each, per grouping."""

    yes: list[Tally]
    no: Tally
    value: list[Tally]
    nothing: Tally
    unknown: list[Tally]
    every: list[Tally]
    values: Values
    choices: Counter[str] = field(default_factory=Counter)
    choices_weighted: dict[str, Fraction] = field(default_factory=dict)
    missing: Counter[int] = field(default_factory=Counter)
    missing_weighted: dict[int, Fraction] = field(default_factory=dict)
    lowest: Fraction | None = None
    highest: Fraction | None = None
    amounts: bool = False

    def add(self, other: OutcomeTally) -> None:
        """Add another chunk."""
        for mine, more in (
            (self.yes, other.yes), (self.value, other.value), (self.unknown, other.unknown), (self.every, other.every),
            ([self.no, self.nothing], [other.no, other.nothing]),
        ):  # fmt: skip
            for a, b in zip(mine, more, strict=True):
                a.add(b)
        self.values.extend(other.values)
        self.choices.update(other.choices)
        _add_to(self.choices_weighted, other.choices_weighted)
        self.missing.update(other.missing)
        _add_to(self.missing_weighted, other.missing_weighted)
        self.amounts = self.amounts or other.amounts
        ends = [n for n in (self.lowest, self.highest, other.lowest, other.highest) if n is not None]
        self.lowest, self.highest = (min(ends), max(ends)) if ends else (None, None)


def _add_to(mine: dict[_Key, Fraction], more: Mapping[_Key, Fraction]) -> None:
    for key, weight in more.items():
        mine[key] = mine.get(key, Fraction(0)) + weight


def tallied(outcome: Outcome, groupings: Sequence[Groups], weights: Weights) -> OutcomeTally:
    """Count one chunk."""
    known = outcome.known
    every = np.ones(outcome.size, dtype=np.bool_)
    none = np.zeros(outcome.size, dtype=np.bool_)
    gap = none if outcome.gap is None else outcome.gap.mask
    yes = none if outcome.yes is None else outcome.yes
    valued = none if outcome.yes is not None else known
    countable = outcome.data is not None and outcome.family == "number"
    amounts = (outcome.data, outcome.mag, outcome.den) if countable and outcome.data is not None else None
    splits = [ALL, *groupings]
    if amounts is None:
        zero = np.zeros(outcome.size, dtype=np.int64), 0, 1
        value = [tally(groups, weights, valued, zero) for groups in splits]
    else:
        value = [tally(groups, weights, valued, amounts) for groups in splits]
    found = OutcomeTally(
        yes=[tally(groups, weights, yes, None) for groups in splits],
        no=tally(ALL, weights, known & ~yes if outcome.yes is not None else none, None),
        value=value,
        nothing=tally(ALL, weights, none if outcome.null is None else outcome.null, None),
        unknown=[tally(groups, weights, gap, None) for groups in splits],
        every=[tally(groups, weights, every, None) for groups in splits],
        values=Values(),
        amounts=countable,
    )
    if amounts is not None and outcome.data is not None:
        _keep_values(found, outcome, outcome.data, known, weights)
    if outcome.codes is not None:
        _count_choices(found, outcome, outcome.codes, known, weights)
    if outcome.gap is not None:
        _count_missing(found, outcome, weights)
    return found


def _keep_values(
    found: OutcomeTally, outcome: Outcome, data: npt.NDArray[np.int64], known: Mask, weights: Weights
) -> None:
    kept = data if known.all() else data[known]
    if len(kept):
        found.lowest = Fraction(int(kept.min()), outcome.den)
        found.highest = Fraction(int(kept.max()), outcome.den)
    found.values.add(kept, None if weights.data is None else weights.data[known], outcome.den)


def _count_choices(found: OutcomeTally, outcome: Outcome, codes: Ints, known: Mask, weights: Weights) -> None:
    groups = Groups(codes.astype(np.int64), max(len(outcome.words), 1))
    counted = tally(groups, weights, known, None)
    for place, word in enumerate(outcome.words):
        if counted.rows[place]:
            found.choices[_spelled(word)] += int(counted.rows[place])
            found.choices_weighted[_spelled(word)] = counted.weighted[place]


def _spelled(word: Value) -> str:
    return word if isinstance(word, str) else str(show(word))


def _count_missing(found: OutcomeTally, outcome: Outcome, weights: Weights) -> None:
    if outcome.gap is None:
        return
    mask = outcome.gap.mask
    bits = outcome.gap.bits[mask]
    kept, codes = np.unique(bits, return_inverse=True)
    chosen = Weights(None if weights.data is None else weights.data[mask], weights.den)
    counted = tally(Groups(np.reshape(codes, -1), len(kept)), chosen, np.ones(len(bits), dtype=np.bool_), None)
    for place, name_bits in enumerate(kept):
        found.missing[int(name_bits)] += int(counted.rows[place])
        found.missing_weighted[int(name_bits)] = counted.weighted[place]


# --- two versions ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class ComparedTally:
    """What changes between two versions, per grouping. The sums of `gains` and `loses` are differences."""

    gains: list[Tally]
    loses: list[Tally]
    differs: list[Tally]
    same: list[Tally]
    unknown: list[Tally]
    every: list[Tally]
    amounts: bool = False

    def add(self, other: ComparedTally) -> None:
        """Add another chunk."""
        for name in ("gains", "loses", "differs", "same", "unknown", "every"):
            for a, b in zip(getattr(self, name), getattr(other, name), strict=True):
                a.add(b)
        self.amounts = self.amounts or other.amounts


def compared_tally(base: Outcome, other: Outcome, groupings: Sequence[Groups], weights: Weights) -> ComparedTally:
    """Count what changes in one chunk."""
    size = base.size
    unknown = np.zeros(size, dtype=np.bool_)
    for outcome in (base, other):
        if outcome.gap is not None:
            unknown |= outcome.gap.mask
    amounts = _differences(base, other)
    none = np.zeros(size, dtype=np.bool_)
    if amounts is not None:
        difference = amounts[0]
        up, down, odd = (difference > 0) & ~unknown, (difference < 0) & ~unknown, none
    elif _truths(base, other):
        before, after = _yes(base), _yes(other)
        up, down, odd = after & ~before & ~unknown, before & ~after & ~unknown, none
    else:
        up, down, odd = none, none, _changed(base, other) & ~unknown
    zero = np.zeros(size, dtype=np.int64), 0, 1
    measured = amounts or zero
    same = ~(up | down | odd | unknown)
    every = np.ones(size, dtype=np.bool_)
    splits = [ALL, *groupings]
    return ComparedTally(
        [tally(groups, weights, up, measured) for groups in splits],
        [tally(groups, weights, down, measured) for groups in splits],
        [tally(groups, weights, odd, None) for groups in splits],
        [tally(groups, weights, same, None) for groups in splits],
        [tally(groups, weights, unknown, None) for groups in splits],
        [tally(groups, weights, every, None) for groups in splits],
        amounts is not None,
    )


def _differences(base: Outcome, other: Outcome) -> tuple[npt.NDArray[np.int64], int, int] | None:
    """The difference of two amounts, where nothing counts as 0; None when they are no amounts."""
    kinds = {base.kind, other.kind}
    numbers = [o for o in (base, other) if o.data is not None]
    if not kinds <= {"amount", "blank"} or not numbers or any(o.family != "number" for o in numbers):
        return None
    den = lcm(*(outcome.den for outcome in numbers))
    zero = np.zeros(base.size, dtype=np.int64)
    before = zero if base.data is None else base.data * (den // base.den)
    after = zero if other.data is None else other.data * (den // other.den)
    return after - before, base.mag * (den // base.den) + other.mag * (den // other.den), den


def _truths(base: Outcome, other: Outcome) -> bool:
    return {base.kind, other.kind} <= {"truth", "blank"}


def _yes(outcome: Outcome) -> Mask:
    return np.zeros(outcome.size, dtype=np.bool_) if outcome.yes is None else outcome.yes


def _changed(base: Outcome, other: Outcome) -> Mask:
    """Whether two choices, dates or durations differ."""
    known = base.known & other.known
    one_sided = base.known ^ other.known
    changed: Mask
    if base.codes is not None and other.codes is not None:
        words = {_spelled(w): n for n, w in enumerate(dict.fromkeys((*base.words, *other.words)))}
        first = np.array([words[_spelled(w)] for w in base.words] or [0])[base.codes]
        second = np.array([words[_spelled(w)] for w in other.words] or [0])[other.codes]
        changed = first != second
    elif base.data is not None and other.data is not None:
        changed = base.data * other.den != other.data * base.den
    else:
        changed = np.full(base.size, base.kind != other.kind)
    return one_sided | (known & changed)


def as_decimal(number: Fraction | None, places: int = 10) -> Decimal | None:
    """A fraction as a decimal with at most so many places."""
    if number is None:
        return None
    scaled = round(number * 10**places)
    found = Decimal(scaled).scaleb(-places).normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found
