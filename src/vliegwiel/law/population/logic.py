"""Three-valued logic over columns, with unknown apart from null, as `vliegwiel.law.feel.values` has it for one row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from vliegwiel.law.feel import values
from vliegwiel.law.feel.values import Unknown, Value, negation
from vliegwiel.law.population.columns import (
    LIMIT,
    Amount,
    Blank,
    Cannot,
    Gap,
    Ints,
    Lit,
    Mask,
    Operand,
    Space,
    Truth,
    Words,
    any_of,
    code_type,
    common,
    distinct_words,
    either_null,
    gap_in,
    joined,
    known_in,
    narrowed,
    null_in,
    some,
)
from vliegwiel.law.population.exact import Comparing, blank, compared, family, no_value, num, strict, times


def no_mask(space: Space) -> Mask:
    """No row."""
    return np.zeros(space.size, dtype=np.bool_)


def as_truth(space: Space, operand: Operand) -> Truth:
    """An operand as a condition: what is neither true, false nor unknown counts as null."""
    if isinstance(operand, Truth):
        return operand
    if isinstance(operand, Lit) and isinstance(operand.value, bool):
        return Truth(np.full(space.size, operand.value))
    gap = gap_in(space, operand)
    rest = np.ones(space.size, dtype=np.bool_) if gap is None else ~gap.mask
    return Truth(no_mask(space), some(rest), gap)


def truth(space: Space, yes: Mask, null: Mask | None, gap: Gap | None) -> Truth:
    """A condition that holds in these rows, but not where it is null or unknown."""
    if null is not None:
        yes = yes & ~null
    if gap is not None:
        yes = yes & ~gap.mask
    return Truth(yes, null, gap)


def chain(space: Space, operands: Sequence[Operand], *, every: bool) -> Operand:
    """Three-valued `and` (`every`) or `or`: the deciding value wins, then unknown, then null."""
    columns: list[Truth] = []
    fixed: Value = every
    for operand in operands:
        if not isinstance(operand, Lit):
            columns.append(as_truth(space, operand))
            continue
        value = operand.value if isinstance(operand.value, (bool, Unknown)) else None
        fixed = values.both(fixed, value) if every else values.either(fixed, value)
        if fixed is not every and isinstance(fixed, bool):
            return Lit(fixed)
    if not columns:
        return Lit(fixed)
    join = np.logical_and if every else np.logical_or
    yes: Mask = columns[0].yes
    for column in columns[1:]:
        yes = join(yes, column.yes)
    if fixed is every and all(column.null is None and column.gap is None for column in columns):
        return Truth(yes)
    if fixed is not every:
        columns.append(as_truth(space, Lit(fixed)))
        yes = no_mask(space) if every else yes
    return _mixed(space, columns, yes, every)


def _mixed(space: Space, columns: list[Truth], yes: Mask, every: bool) -> Truth:
    """A chain in which some rows are null or unknown."""
    if every:
        settled = no_mask(space)
        for column in columns:
            settled |= column.no()
    else:
        settled = yes
    gap = narrowed(joined(*(column.gap for column in columns)), ~settled)
    null = either_null(gap, *(column.null for column in columns))
    if null is not None:
        null = some(null & ~settled)
    return Truth(yes, null, gap)


def inverse(operand: Operand) -> Operand:
    """Three-valued `not`."""
    if isinstance(operand, Lit):
        return Lit(negation(operand.value))
    if isinstance(operand, Truth):
        return Truth(operand.no(), operand.null, operand.gap)
    if isinstance(operand, Blank):
        return operand
    raise Cannot("niet van iets dat geen ja of nee is")


# --- comparing -------------------------------------------------------------------------------------------------------

_ORDER: Final[dict[Comparing, Callable[[Value, Value], Value]]] = {
    "<": values.less,
    "<=": values.less_or_equal,
    ">": lambda a, b: values.less(b, a),
    ">=": lambda a, b: values.less_or_equal(b, a),
}


def ordered(space: Space, operator: Comparing, a: Operand, b: Operand) -> Operand:
    """`a < b` and the like: null when either is null."""
    if isinstance(a, Lit) and isinstance(b, Lit):
        return Lit(_ORDER[operator](a.value, b.value))
    if no_value(a) or no_value(b):
        return blank(space, a, b)
    kind = family(a)
    if kind is None or kind != family(b):
        raise Cannot("ordenen van deze soorten")
    null, gap = strict(space, a, b)
    return truth(space, compared(space, operator, a, b), null, gap)


def same(space: Space, a: Operand, b: Operand) -> Operand:
    """`a = b`: null equals null and nothing else."""
    if isinstance(a, Lit) and isinstance(b, Lit):
        return Lit(values.equal(a.value, b.value))
    if isinstance(a, Lit):
        a, b = b, a
    gap = joined(gap_in(space, a), gap_in(space, b))
    if no_value(a) or no_value(b):
        first, second = null_in(space, a), null_in(space, b)
        both = no_mask(space) if first is None or second is None else first & second
        return truth(space, both, None, gap)
    yes = _equal_values(space, a, b)
    known = [mask for mask in (known_in(space, a), known_in(space, b)) if mask is not None]
    for mask in known:
        yes = yes & mask
    first, second = null_in(space, a), null_in(space, b)
    if first is not None and second is not None:
        yes = yes | (first & second)
    return truth(space, yes, None, gap)


def _equal_values(space: Space, a: Operand, b: Operand) -> Mask:
    kind = family(a)
    if kind is not None and kind == family(b):
        return compared(space, "=", a, b)
    if isinstance(a, Truth):
        if isinstance(b, Truth):
            return np.equal(a.yes, b.yes)
        if isinstance(b, Lit) and isinstance(b.value, bool):
            return a.yes if b.value else ~a.yes
    if isinstance(a, Words):
        if isinstance(b, Lit) and isinstance(b.value, str) and all(isinstance(word, str) for word in a.words):
            if b.value not in a.words:
                return no_mask(space)
            return _codes_equal(a.codes, a.words.index(b.value))
        if isinstance(b, Words) and all(isinstance(word, str) for word in (*a.words, *b.words)):
            first, second, _ = one_dictionary([a, b])
            return _codes_equal(first, second)
    raise Cannot("vergelijken van deze soorten")


def _codes_equal(codes: Ints, other: Ints | int) -> Mask:
    return np.equal(codes, other)


def one_dictionary(operands: Sequence[Words]) -> tuple[Ints, Ints, tuple[Value, ...]]:
    """The codes of two columns in one list of words."""
    a, b = operands
    if a.words == b.words:
        return a.codes, b.codes, a.words
    codes, words = distinct_words([*a.words, *b.words])
    table = np.array(codes, dtype=code_type(len(words)))
    return table[: len(a.words)][a.codes], table[len(a.words) :][b.codes], words


# --- choosing --------------------------------------------------------------------------------------------------------


def pick(space: Space, choices: Sequence[tuple[Mask, Operand]], *, covers: bool = False) -> Operand:
    """For each row the operand whose mask it is in; null in rows that are in none (`covers`: there are no such rows)."""
    gaps = [narrowed(gap_in(space, operand), mask) for mask, operand in choices]
    gap = joined(*gaps)
    nulls = [_within(null_in(space, operand), mask) for mask, operand in choices]
    null = either_null(gap, *nulls, None if covers else _uncovered(space, choices))
    valued = [(mask, operand) for mask, operand in choices if not no_value(operand)]
    if not valued:
        return Blank(null, gap)
    kinds = {family(operand) for _, operand in valued}
    if len(kinds) == 1 and None not in kinds:
        return _amounts(space, valued, null, gap)
    if all(_is_truth(operand) for _, operand in valued):
        return Truth(_held(space, valued), null, gap)
    if all(isinstance(o, Words) or (isinstance(o, Lit) and isinstance(o.value, str)) for _, o in valued):
        return _words(space, valued, null, gap)
    raise Cannot("kiezen tussen deze soorten")


def _uncovered(space: Space, choices: Sequence[tuple[Mask, Operand]]) -> Mask | None:
    covered = no_mask(space)
    for mask, _ in choices:
        covered |= mask
    return some(~covered)


def _held(space: Space, valued: list[tuple[Mask, Operand]]) -> Mask:
    yes = no_mask(space)
    for mask, operand in valued:
        if isinstance(operand, Lit):
            if operand.value is True:
                yes |= mask
        else:
            yes |= mask & as_truth(space, operand).yes
    return yes


def _within(null: Mask | None, mask: Mask) -> Mask | None:
    return None if null is None else some(null & mask)


def _is_truth(operand: Operand) -> bool:
    return isinstance(operand, Truth) or (isinstance(operand, Lit) and isinstance(operand.value, bool))


def _amounts(space: Space, valued: list[tuple[Mask, Operand]], null: Mask | None, gap: Gap | None) -> Amount:
    from_numbers = [(mask, num(operand)) for mask, operand in valued]
    den = common(*(number.den for _, number in from_numbers))
    fixed: list[tuple[Mask, int]] = []
    columns: list[tuple[Mask, Ints]] = []
    largest = 0
    for mask, number in from_numbers:
        scaled, mag = times(space, number.data, number.mag, den // number.den, den // number.den)
        if isinstance(scaled, int) and mag >= LIMIT:
            space.doubt(mask)
            scaled, mag = 0, 0
        largest = max(largest, mag)
        if isinstance(scaled, int):
            fixed.append((mask, scaled))
        else:
            columns.append((mask, scaled))
    data = _chosen(space, fixed, columns)
    div: Ints | None = None
    if any(number.div is not None for _, number in from_numbers):
        div = np.ones(space.size, dtype=np.int64)
        for mask, number in from_numbers:
            if number.div is not None:
                div = np.where(mask, number.div, div)
    kind = family(valued[0][1])
    if kind is None:
        raise Cannot("geen getal")
    loose = any_of(*(mask & number.loose for mask, number in from_numbers if number.loose is not None))
    return Amount(data, largest, den=den, div=div, family=kind, loose=loose, null=null, gap=gap)


def _chosen(space: Space, fixed: list[tuple[Mask, int]], columns: list[tuple[Mask, Ints]]) -> Ints:
    """The number of each row. What stands in rows that are in no mask means nothing."""
    data: Ints | int = 0
    if len(fixed) == 1:
        data = fixed[0][1]
    elif len(fixed) > 1:
        # Adding codes of a byte and looking them up is much faster than choosing between wide numbers again and again.
        kind = code_type(len(fixed))
        codes: Ints = np.zeros(space.size, dtype=kind)
        for place, (mask, _) in enumerate(fixed[1:], 1):
            codes += np.multiply(mask, kind.type(place))
        data = np.take(np.array([number for _, number in fixed], dtype=np.int64), codes)
    for mask, column in columns:
        data = np.multiply(mask, column) if isinstance(data, int) and data == 0 else np.where(mask, column, data)
    return _column(space, data)


def _words(space: Space, valued: list[tuple[Mask, Operand]], null: Mask | None, gap: Gap | None) -> Words:
    found: list[Value] = []
    for _, operand in valued:
        found.extend(
            operand.words if isinstance(operand, Words) else [operand.value] if isinstance(operand, Lit) else []
        )
    codes, words = distinct_words(found)
    kind = code_type(len(words))
    data = np.zeros(space.size, dtype=kind)
    start = 0
    for mask, operand in valued:
        if isinstance(operand, Words):
            table = codes[start : start + len(operand.words)]
            own = operand.codes.astype(kind, copy=False)
            if table != list(range(len(table))):
                own = np.array(table, dtype=kind)[operand.codes]
            start += len(operand.words)
            data += np.multiply(mask, own)
        else:
            data += np.multiply(mask, kind.type(codes[start]))
            start += 1
    return Words(data, words, null, gap)


def _column(space: Space, data: Ints | int) -> Ints:
    """The same number in every row where it is one number."""
    return data if isinstance(data, np.ndarray) else np.full(space.size, data)


def choose(space: Space, condition: Operand, then: Operand, otherwise: Operand) -> Operand:
    """`if`: an unknown condition matters only where the two branches differ."""
    if isinstance(condition, Lit) and not isinstance(condition.value, Unknown):
        return then if condition.value is True else otherwise
    asked = as_truth(space, condition)
    taken = asked.yes
    if asked.gap is None:
        return pick(space, [(~taken, otherwise), (taken, then)], covers=True)
    with space.only(asked.gap.mask):
        agreed = as_truth(space, same(space, then, otherwise)).yes
    taken = taken | (asked.gap.mask & agreed)
    found = pick(space, [(~taken, otherwise), (taken, then)], covers=True)
    return unknown_in(space, found, narrowed(asked.gap, ~agreed))


def unknown_in(space: Space, operand: Operand, gap: Gap | None) -> Operand:
    """The same, but unknown in these rows whatever it was there."""
    if gap is None:
        return operand
    null = either_null(gap, null_in(space, operand))
    found = joined(narrowed(gap_in(space, operand), ~gap.mask), gap)
    match operand:
        case Truth():
            return Truth(operand.yes & ~gap.mask, null, found)
        case Amount():
            return Amount(
                operand.data, operand.mag, den=operand.den, div=operand.div, family=operand.family,
                loose=operand.loose, null=null, gap=found,
            )  # fmt: skip
        case Words():
            return Words(operand.codes, operand.words, null, found)
        case Blank():
            return Blank(null, found)
        case Lit():
            return pick(space, [(~gap.mask, operand), (gap.mask, Blank(None, found))])
        case _:
            raise Cannot("onbekend in een groep of lijst")
