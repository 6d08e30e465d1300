"""Built-in functions over columns. What has no version here the decision engine computes, once for each distinct argument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

import numpy as np

from vliegwiel.law.feel.builtins import BUILTINS, invoke
from vliegwiel.law.feel.errors import FeelLimit
from vliegwiel.law.feel.temporal import DAY_SECONDS
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.population import days, series
from vliegwiel.law.population.columns import (
    Amount,
    Blank,
    Cannot,
    Column,
    Family,
    Ints,
    Lit,
    Mask,
    Operand,
    Series,
    Space,
    Truth,
    Words,
    either_null,
    gap_in,
    joined,
    some,
    value_of,
)
from vliegwiel.law.population.exact import (
    Rounding,
    absolute,
    aligned,
    blank,
    divide,
    family,
    multiply,
    no_value,
    num,
    rounded,
    strict,
)
from vliegwiel.law.population.logic import chain, choose, inverse, ordered, same
from vliegwiel.law.population.making import column_of

Function: TypeAlias = Callable[[Space, Sequence[Operand]], Operand]

_MOST_DISTINCT: Final = 200_000


def call(space: Space, name: str, arguments: Sequence[Operand]) -> Operand:
    """A built-in with these arguments, by place."""
    if all(isinstance(argument, Lit) for argument in arguments):
        return Lit(_engine(name, [a.value for a in arguments if isinstance(a, Lit)]))
    found = _FUNCTIONS.get(name)
    if found is not None:
        return found(space, arguments)
    return _by_distinct(space, name, arguments)


def _engine(name: str, arguments: list[Value]) -> Value:
    signatures = [s for s in BUILTINS[name].signatures if s.accepts(len(arguments))]
    return invoke(signatures, arguments)


def _by_distinct(space: Space, name: str, arguments: Sequence[Operand]) -> Operand:
    """A function of one column: the decision engine is asked once for each value that occurs."""
    columns = [argument for argument in arguments if isinstance(argument, Column)]
    if len(columns) != 1 or isinstance(columns[0], (Blank, Series)):
        raise Cannot(f"de functie '{name}' met deze argumenten")
    column = columns[0]
    values, codes = _distinct(column)
    if len(values) > _MOST_DISTINCT:
        raise Cannot(f"de functie '{name}' van zo veel verschillende waarden")
    try:
        answers = [_engine(name, [a.value if isinstance(a, Lit) else value for a in arguments]) for value in values]
        nothing = _engine(name, [a.value if isinstance(a, Lit) else None for a in arguments])
    except FeelLimit as error:
        raise Cannot(f"de functie '{name}'") from error
    if nothing is not None and column.null is not None:
        raise Cannot(f"de functie '{name}' van niets")
    inner = Space(space.run, len(answers))
    made, bad = column_of(inner, answers)
    if bad is not None:
        space.doubt(bad[codes])
    found = made.take(codes)
    gap = column.gap
    others = [gap_in(space, a) for a in arguments if isinstance(a, Lit) and isinstance(a.value, Unknown)]
    found.gap = joined(gap, found.gap, *others)
    found.null = either_null(found.gap, found.null, column.null)
    if isinstance(found, Truth):
        found.yes = found.yes & ~outside(space, found)
    return found


def of_words(space: Space, column: Words, function: Callable[[Value], Value]) -> Operand:
    """What a function gives for each word of a column; nothing for nothing."""
    words = column.words or (None,)
    made, bad = column_of(Space(space.run, len(words)), [function(word) for word in words])
    codes = column.codes if column.words else np.zeros(space.size, dtype=np.int64)
    if bad is not None:
        space.doubt(bad[codes])
    found = made.take(codes)
    found.gap = joined(column.gap, found.gap)
    found.null = either_null(found.gap, found.null, column.null)
    if isinstance(found, Truth):
        found = Truth(found.yes & ~outside(space, found), found.null, found.gap)
    return found


def outside(space: Space, column: Column) -> Mask:
    """Rows without a value."""
    found = np.zeros(space.size, dtype=np.bool_)
    if column.null is not None:
        found |= column.null
    return found if column.gap is None else found | column.gap.mask


def _distinct(column: Column) -> tuple[list[Value], Ints]:
    if isinstance(column, Words):
        return list(column.words) or [None], column.codes if column.words else np.zeros(len(column.codes), np.int64)
    if isinstance(column, Truth):
        return [False, True], column.yes.astype(np.int8)
    if isinstance(column, Amount) and column.div is None:
        kept, codes = np.unique(column.data, return_inverse=True)
        return [value_of(column.family, int(top), column.den) for top in kept], codes
    raise Cannot("een functie van deze soort")


# --- numbers ---------------------------------------------------------------------------------------------------------


def _amount(space: Space, operand: Operand, kinds: tuple[Family, ...] = ("number",)) -> Amount:
    if isinstance(operand, Amount) and operand.family in kinds:
        return operand
    raise Cannot("een functie van iets dat geen getal is")


def _percent(space: Space, arguments: Sequence[Operand]) -> Operand:
    share, of = arguments
    if no_value(share) or no_value(of):
        return blank(space, share, of)
    return divide(space, multiply(space, share, of), Lit(Decimal(100)))


def _rounding(mode: Rounding) -> Function:
    def run(space: Space, arguments: Sequence[Operand]) -> Operand:
        number = arguments[0]
        scale = arguments[1] if len(arguments) > 1 else Lit(Decimal(0))
        if no_value(number) or no_value(scale):
            return blank(space, number, scale)
        if not isinstance(scale, Lit) or not isinstance(scale.value, Decimal) or abs(scale.value) > 12:
            raise Cannot("afronden op een aantal decimalen dat per rij verschilt")
        places = int(scale.value)
        top, bottom = (1, 10**places) if places >= 0 else (10**-places, 1)
        return rounded(space, _amount(space, number), mode, top, bottom)

    return run


def _to_multiple(mode: Rounding) -> Function:
    def run(space: Space, arguments: Sequence[Operand]) -> Operand:
        number, step = arguments
        if no_value(number) or no_value(step):
            return blank(space, number, step)
        if not isinstance(step, Lit) or not isinstance(step.value, Decimal):
            raise Cannot("afronden op een veelvoud dat per rij verschilt")
        if step.value <= 0:
            return blank(space, number, Lit(None))
        top, bottom = step.value.as_integer_ratio()
        return rounded(space, _amount(space, number), mode, top, bottom)

    return run


def _absolute(space: Space, arguments: Sequence[Operand]) -> Operand:
    only = arguments[0]
    return only if no_value(only) else absolute(space, _amount(space, only, ("number", "months", "days")))


def _modulo(space: Space, arguments: Sequence[Operand]) -> Operand:
    a, b = arguments
    if no_value(a) or no_value(b):
        return blank(space, a, b)
    if family(a) != "number" or family(b) != "number":
        raise Cannot("modulo van deze soorten")
    left, right = num(a), num(b)
    if left.endless or right.endless or left.loose is not None or right.loose is not None:
        raise Cannot("modulo van een breuk zonder einde")
    x, _, y, y_mag, den, _ = aligned(space, left, right)
    null, gap = strict(space, a, b)
    zero = np.equal(y, 0)
    nulls = either_null(gap, null, some(np.broadcast_to(zero, (space.size,)).copy()))
    data = np.mod(x, np.where(zero, 1, y))
    return Amount(np.broadcast_to(data, (space.size,)), y_mag, den=den, null=nulls, gap=gap)


def _parity(odd: bool) -> Function:
    def run(space: Space, arguments: Sequence[Operand]) -> Operand:
        if no_value(arguments[0]):
            return arguments[0]
        number = _amount(space, arguments[0])
        if number.div is not None or number.loose is not None:
            raise Cannot("even of oneven van een breuk")
        rest = np.abs(number.wide) % (2 * number.den)
        held = rest == (number.den if odd else 0)
        null, gap = strict(space, number)
        held = held if null is None else held & ~null
        return Truth(held if gap is None else held & ~gap.mask, null, gap)

    return run


# --- days and durations ----------------------------------------------------------------------------------------------


def _counted(name: str) -> Function:
    def run(space: Space, arguments: Sequence[Operand]) -> Operand:
        start, end = arguments
        if no_value(start) or no_value(end):
            return blank(space, start, end)
        return days.counted(space, name, start, end)

    return run


def _month_end(name: str) -> Function:
    def run(space: Space, arguments: Sequence[Operand]) -> Operand:
        only = arguments[0]
        return only if no_value(only) else days.month_end(_amount(space, only, ("day",)), name)

    return run


def _duration(kind: Family, each: int) -> Function:
    """`jaren(n)`, `weken(n)`: null where n is not whole."""

    def run(space: Space, arguments: Sequence[Operand]) -> Operand:
        only = arguments[0]
        if no_value(only):
            return only
        number = _amount(space, only)
        if number.div is not None or number.loose is not None or number.mag * each >= 2**62:
            raise Cannot("een duur van een breuk")
        steps, rest = np.divmod(number.wide, number.den)
        null = either_null(number.gap, number.null, some(rest != 0) if number.den > 1 else None)
        return Amount(steps * each, number.mag * each, family=kind, null=null, gap=number.gap)

    return run


def _months_duration(space: Space, arguments: Sequence[Operand]) -> Operand:
    found = _counted("hele_maanden")(space, arguments)
    if isinstance(found, Amount):
        found.family = "months"
    return found


def _day(space: Space, arguments: Sequence[Operand]) -> Operand:
    if len(arguments) == 1 and (no_value(arguments[0]) or family(arguments[0]) == "day"):
        return arguments[0]
    if len(arguments) == 1:
        return _by_distinct(space, "date", arguments)
    raise Cannot("een datum uit losse getallen")


# --- several values, or a list ---------------------------------------------------------------------------------------


def _aggregate(name: str) -> Function:
    def run(space: Space, arguments: Sequence[Operand]) -> Operand:
        if len(arguments) == 1:
            only = arguments[0]
            if isinstance(only, Series):
                return series.AGGREGATES[name](space, only)
            if isinstance(only, Blank) or (isinstance(only, Amount) and name in ("sum", "min", "max")):
                return only
            raise Cannot(f"de functie '{name}' van deze soort")
        if any(isinstance(argument, Series) for argument in arguments):
            raise Cannot(f"de functie '{name}' van een lijst naast iets anders")
        return loose(space, name, arguments)

    return run


def loose(space: Space, name: str, items: Sequence[Operand]) -> Operand:
    """A function of a list of which the items stand apart: `max(a, b)`, `sum([a, b])`."""
    if all(isinstance(item, Lit) for item in items):
        return Lit(_engine(name, [[item.value for item in items if isinstance(item, Lit)]]))
    if name in ("all", "any"):
        return _loose_truths(space, items, every=name == "all")
    if name == "count":
        gap = joined(*(gap_in(space, item) for item in items))
        return Amount(np.full(space.size, len(items), dtype=np.int64), len(items), gap=gap)
    if any(no_value(item) for item in items):
        return blank(space, *items)
    result = items[0]
    if family(result) is None:
        raise Cannot(f"de functie '{name}' van deze soort")
    for item in items[1:]:
        result = pairwise(space, "sum" if name == "mean" else name, result, item)
    return divide(space, result, Lit(Decimal(len(items)))) if name == "mean" else result


def pairwise(space: Space, name: str, a: Operand, b: Operand) -> Operand:
    """The `sum`, `min` or `max` of two operands."""
    return days.add(space, a, b, 1) if name == "sum" else _extreme(space, a, b, largest=name == "max")


def _extreme(space: Space, a: Operand, b: Operand, *, largest: bool) -> Operand:
    null, gap = strict(space, a, b)
    better = ordered(space, "<", a, b) if largest else ordered(space, "<", b, a)
    if isinstance(better, Lit):
        return b if better.value is True else a
    plain = Truth(better.yes) if isinstance(better, Truth) else better
    found = choose(space, plain, b, a)
    if isinstance(found, Column):
        found.null, found.gap = null, gap
    return found


def _loose_truths(space: Space, items: Sequence[Operand], *, every: bool) -> Operand:
    gap = joined(*(gap_in(space, item) for item in items))
    found = chain(space, items, every=every)
    if gap is None:
        return found
    if isinstance(found, Lit) or not isinstance(found, Truth):
        return Blank(some(~gap.mask), gap) if not isinstance(found, Lit) else _gapped(space, found, items)
    return Truth(found.yes & ~gap.mask, either_null(gap, found.null), gap)


def _gapped(space: Space, found: Lit, items: Sequence[Operand]) -> Operand:
    gap = joined(*(gap_in(space, item) for item in items))
    yes = np.full(space.size, found.value is True)
    return Truth(yes if gap is None else yes & ~gap.mask, None, gap)


def contains(space: Space, items: Sequence[Operand], element: Operand) -> Operand:
    """`list contains([a, b], element)`."""
    gap = joined(gap_in(space, element), *(gap_in(space, item) for item in items))
    found = np.zeros(space.size, dtype=np.bool_)
    for item in items:
        equal = same(space, item, element)
        found |= equal.yes if isinstance(equal, Truth) else equal.value is True if isinstance(equal, Lit) else False
    return Truth(found if gap is None else found & ~gap.mask, None, gap)


def _contains(space: Space, arguments: Sequence[Operand]) -> Operand:
    source, element = arguments
    if isinstance(source, Series):
        return series.contains(space, source, element)
    if isinstance(source, Lit) and isinstance(source.value, list):
        return contains(space, [Lit(value) for value in source.value], element)
    if no_value(source):
        return blank(space, source, element)
    raise Cannot("'list contains' van iets dat geen lijst is")


_FUNCTIONS: Final[dict[str, Function]] = {
    "not": lambda space, arguments: inverse(arguments[0]),
    "procent": _percent,
    "afronden": _rounding("half up"),
    "decimal": _rounding("half even"),
    "floor": _rounding("floor"),
    "ceiling": _rounding("ceiling"),
    "round up": _rounding("up"),
    "round down": _rounding("down"),
    "round half up": _rounding("half up"),
    "round half down": _rounding("half down"),
    "afronden_op": _to_multiple("half up"),
    "afronden_omlaag": _to_multiple("down"),
    "afronden_omhoog": _to_multiple("up"),
    "abs": _absolute,
    "modulo": _modulo,
    "odd": _parity(odd=True),
    "even": _parity(odd=False),
    "hele_maanden": _counted("hele_maanden"),
    "hele_jaren": _counted("hele_jaren"),
    "dagen_tussen": _counted("dagen_tussen"),
    "years and months duration": _months_duration,
    "eerste_dag_van_maand": _month_end("eerste_dag_van_maand"),
    "laatste_dag_van_maand": _month_end("laatste_dag_van_maand"),
    "jaren": _duration("months", 12),
    "maanden": _duration("months", 1),
    "weken": _duration("days", 7 * DAY_SECONDS),
    "dagen": _duration("days", DAY_SECONDS),
    "date": _day,
    "list contains": _contains,
    **{name: _aggregate(name) for name in series.AGGREGATES},
}
