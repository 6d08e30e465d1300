"""Numbers in formulas: sums of terms with a factor, and between which bounds a number lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Final

from vliegwiel.law.checking.folding import Folder, Space, key_of, unit_of
from vliegwiel.law.checking.formulas import Bounds, Term
from vliegwiel.law.declaring import PEILDATUM
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.temporal import DAY_SECONDS, DaysDuration
from vliegwiel.law.feel.values import NUMBERS
from vliegwiel.law.model import Formula as FormulaBody
from vliegwiel.law.model import Table
from vliegwiel.law.program import Program, Unit
from vliegwiel.law.types import Day, Money, Number, Type
from vliegwiel.law.typing import TypeChecker

_DEEPEST: Final = 12
_ZERO: Final = Decimal(0)
_WHOLE_CALLS: Final = frozenset(
    ("hele_jaren", "hele_maanden", "dagen_tussen", "werkdagen_tussen", "count", "string length", "floor", "ceiling")
)
_NOT_NEGATIVE: Final = frozenset(("count", "string length", "abs", "sqrt"))
_NOT_NEGATIVE_USUALLY: Final = frozenset(("hele_jaren", "hele_maanden", *_NOT_NEGATIVE))
_WHOLE_PARTS: Final = frozenset(("year", "month", "day", "weekday", "years", "months", "days"))


@dataclass(frozen=True, slots=True)
class Linear:
    """`sum of factor times term, plus rest`."""

    parts: Mapping[str, tuple[Term, Decimal]]
    rest: Decimal


class Amounts:
    """Looks at the numbers of one program."""

    def __init__(self, program: Program, folder: Folder) -> None:
        self.program = program
        self.folder = folder
        self.types: dict[tuple[int, int], tuple[tree.Node, Type]] = {}

    # --- types -------------------------------------------------------------------------------------------------------

    def type_of(self, node: tree.Node, space: Space) -> Type:
        """The type of an expression."""
        unit = unit_of(node, space, self.program)
        if unit is not None:
            return unit.type
        key = (id(node), id(space))
        if key not in self.types:

            def of(name: str) -> Type | None:
                if name == PEILDATUM:
                    return Day()
                known = space.get(name)
                return self.program.units[known].type if known is not None else None

            # With the node itself, so that its id stays its own.
            self.types[key] = (node, TypeChecker(of, list).infer(node))
        return self.types[key][1]

    # --- sums --------------------------------------------------------------------------------------------------------

    def difference(self, left: tree.Node, right: tree.Node, space: Space) -> Linear | None:
        """`left - right`, when both are numbers."""
        one, other = self.linear(left, space), self.linear(right, space)
        return None if one is None or other is None else _added(one, other, Decimal(-1))

    def shifted(self, node: tree.Node, space: Space, depth: int = 0) -> tuple[tree.Node, Decimal]:
        """A date as another date and the whole days that come after it: `dag + weken(2)` is 14 days after `dag`."""
        if isinstance(node, tree.Binary) and node.operator in ("+", "-") and depth < _DEEPEST:
            days = self.whole_days(node.right, space)
            if days is not None and isinstance(self.type_of(node.left, space), Day):
                inner, after = self.shifted(node.left, space, depth + 1)
                return inner, after + (days if node.operator == "+" else -days)
        return node, _ZERO

    def whole_days(self, node: tree.Node, space: Space) -> Decimal | None:
        """The days of a duration that is the same for everybody."""
        known = self.folder.known(node, space)
        if known is None or not isinstance(known.value, DaysDuration):
            return None
        days = known.value.seconds / DAY_SECONDS
        return days if days == days.to_integral_value() else None

    def linear(self, node: tree.Node, space: Space, depth: int = 0) -> Linear | None:
        """An expression as a sum of terms; None when it is no number."""
        known = self.folder.known(node, space)
        if known is not None:
            return Linear({}, known.value) if isinstance(known.value, Decimal) else None
        if not isinstance(self.type_of(node, space), (Money, Number)):
            return None
        try:
            return self.sum(node, space, depth)
        except DecimalException:
            return None

    def sum(self, node: tree.Node, space: Space, depth: int) -> Linear:
        """The sum behind a node that is a number."""
        found: Linear | None = None
        match node:
            case tree.Negate():
                found = _times(self.linear(node.operand, space, depth), Decimal(-1))
            case tree.Binary() if node.operator in ("+", "-"):
                one, other = self.linear(node.left, space, depth), self.linear(node.right, space, depth)
                if one is not None and other is not None:
                    found = _added(one, other, Decimal(1 if node.operator == "+" else -1))
            case tree.Binary() if node.operator in ("*", "/"):
                found = self.product(node, space, depth)
            case tree.Call() if _calls(node, "procent") and len(node.arguments) == 2:
                share = self.folder.known(node.arguments[0], space)
                if share is not None and isinstance(share.value, Decimal):
                    found = _times(self.linear(node.arguments[1], space, depth), share.value / 100)
        unit = unit_of(node, space, self.program)
        if unit is not None and unit.kind == "regel" and isinstance(unit.body, FormulaBody) and depth < _DEEPEST:
            inner = unit.body.expression.tree
            if isinstance(inner, (tree.Binary, tree.Negate, tree.Name, tree.Path)) or _calls(inner, "procent"):
                found = self.linear(inner, unit.reads, depth + 1)
        if found is not None:
            return found
        term = self.base(node, space)
        return Linear({term.key: (term, Decimal(1))}, _ZERO)

    def product(self, node: tree.Binary, space: Space, depth: int) -> Linear | None:
        """A multiplication or division by a constant."""
        right = self.folder.known(node.right, space)
        if right is not None and isinstance(right.value, Decimal) and right.value != 0:
            factor = right.value if node.operator == "*" else NUMBERS.divide(Decimal(1), right.value)
            return _times(self.linear(node.left, space, depth), factor)
        left = self.folder.known(node.left, space)
        if node.operator == "*" and left is not None and isinstance(left.value, Decimal):
            return _times(self.linear(node.right, space, depth), left.value)
        return None

    def term(self, linear: Linear) -> tuple[Term, Decimal]:
        """The one term behind a sum, and the factor it has: `2x + 4y` is `2 · (x + 2y)`."""
        ordered = sorted(linear.parts.items())
        factor = ordered[0][1][1]
        if len(ordered) == 1:
            return ordered[0][1]
        scaled = [(key, term, NUMBERS.divide(share, factor)) for key, (term, share) in ordered]
        key = " + ".join(f"{share.normalize()}·{key}" for key, _, share in scaled)
        sure = _summed([(term.bounds, share) for _, term, share in scaled])
        usual = _summed([(term.usual, share) for _, term, share in scaled])
        money = any(isinstance(term.type, Money) for _, term, _ in scaled)
        return Term(key, Money() if money else Number(), sure, usual), factor

    # --- terms and their bounds --------------------------------------------------------------------------------------

    def base(self, node: tree.Node, space: Space) -> Term:
        """An expression as a term of its own."""
        unit = unit_of(node, space, self.program)
        while unit is not None and unit.kind == "regel" and isinstance(unit.body, FormulaBody):
            # A rule that is only another name, or a call: the same call elsewhere is the same term.
            node, space = unit.body.expression.tree, unit.reads
            unit = unit_of(node, space, self.program)
        key = unit.key if unit is not None else key_of(node, space)
        return Term(
            key,
            self.type_of(node, space),
            self.bounds(node, space, usual=False),
            self.bounds(node, space, usual=True),
        )

    def bounds(self, node: tree.Node, space: Space, *, usual: bool, depth: int = 0) -> Bounds:
        """Between which values a number lies; `usual` takes what counts people, years or money as not negative."""
        known = self.folder.known(node, space)
        if known is not None:
            value = known.value
            if not isinstance(value, Decimal):
                return Bounds()
            return Bounds(value, value, value == value.to_integral_value())
        if depth > _DEEPEST:
            return Bounds()
        unit = unit_of(node, space, self.program)
        if unit is not None:
            return self.of_unit(unit, usual=usual, depth=depth + 1)

        def of(inner: tree.Node) -> Bounds:
            return self.bounds(inner, space, usual=usual, depth=depth + 1)

        match node:
            case tree.Negate():
                return _summed([(of(node.operand), Decimal(-1))])
            case tree.Binary():
                return self.of_binary(node, of)
            case tree.If():
                return _either([of(node.then), of(node.otherwise)])
            case tree.Path() if node.name in _WHOLE_PARTS:
                return Bounds(None, None, True)
            case tree.Path() if usual and isinstance(self.type_of(node, space), (Money, Number)):
                return Bounds(_ZERO)
            case tree.Call() if isinstance(node.function, tree.Name):
                return self.of_call(node.function.name, node, of, usual=usual)
        return Bounds()

    def of_unit(self, unit: Unit, *, usual: bool, depth: int) -> Bounds:
        """The bounds of a name."""
        if unit.kind == "regel":
            if isinstance(unit.body, FormulaBody):
                return self.bounds(unit.body.expression.tree, unit.reads, usual=usual, depth=depth)
            if isinstance(unit.body, Table) and isinstance(unit.type, (Money, Number)):
                lines = unit.body.lines
                return _either([self.bounds(n.output.tree, unit.reads, usual=usual, depth=depth) for n in lines])
            return Bounds()
        counts = isinstance(unit.type, (Money, Number)) and usual
        return Bounds(_ZERO if counts else None)

    def of_binary(self, node: tree.Binary, of: Callable[[tree.Node], Bounds]) -> Bounds:
        """The bounds of a sum, or of a product with what is not negative."""
        one, other = of(node.left), of(node.right)
        if node.operator in ("+", "-"):
            return _summed([(one, Decimal(1)), (other, Decimal(1 if node.operator == "+" else -1))])
        positive = one.low is not None and one.low >= 0 and other.low is not None and other.low >= 0
        whole = one.whole and other.whole and node.operator == "*"
        return Bounds(_ZERO if positive and node.operator in "*/" else None, None, whole)

    def of_call(self, name: str, node: tree.Call, of: Callable[[tree.Node], Bounds], *, usual: bool) -> Bounds:
        """The bounds of a call."""
        if name in ("min", "max") and len(node.arguments) > 1:
            parts = [of(argument) for argument in node.arguments]
            return _lowest(parts) if name == "min" else _highest(parts)
        if name in ("afronden", "afronden_op", "afronden_omlaag", "afronden_omhoog", "procent", "floor", "ceiling"):
            inner = of(node.arguments[-1 if name == "procent" else 0])
            low = _ZERO if inner.low is not None and inner.low >= 0 else None
            return Bounds(low, None, name in _WHOLE_CALLS)
        never = _NOT_NEGATIVE_USUALLY if usual else _NOT_NEGATIVE
        return Bounds(_ZERO if name in never else None, None, name in _WHOLE_CALLS)


def _calls(node: tree.Node, name: str) -> bool:
    return isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name == name


def _times(linear: Linear | None, factor: Decimal) -> Linear | None:
    if linear is None:
        return None
    if factor == 0:
        return Linear({}, _ZERO)
    parts = {key: (term, NUMBERS.multiply(share, factor)) for key, (term, share) in linear.parts.items()}
    return Linear(parts, NUMBERS.multiply(linear.rest, factor))


def _added(one: Linear, other: Linear, factor: Decimal) -> Linear:
    parts = dict(one.parts)
    for key, (term, share) in other.parts.items():
        _, before = parts.get(key, (term, _ZERO))
        total = NUMBERS.add(before, NUMBERS.multiply(share, factor))
        if total == 0:
            parts.pop(key, None)
        else:
            parts[key] = (term, total)
    return Linear(parts, NUMBERS.add(one.rest, NUMBERS.multiply(other.rest, factor)))


def _summed(parts: list[tuple[Bounds, Decimal]]) -> Bounds:
    """The bounds of a sum of numbers with factors."""
    low: Decimal | None = _ZERO
    high: Decimal | None = _ZERO
    whole = True
    for bounds, factor in parts:
        ends = (bounds.low, bounds.high) if factor > 0 else (bounds.high, bounds.low)
        low = None if low is None or ends[0] is None else low + ends[0] * factor
        high = None if high is None or ends[1] is None else high + ends[1] * factor
        whole = whole and bounds.whole and factor == factor.to_integral_value()
    return Bounds(low, high, whole)


def _either(parts: list[Bounds]) -> Bounds:
    """The bounds of one of several numbers."""
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    return Bounds(
        None if not lows or None in lows else min(low for low in lows if low is not None),
        None if not highs or None in highs else max(high for high in highs if high is not None),
        bool(parts) and all(part.whole for part in parts),
    )


def _highest(parts: list[Bounds]) -> Bounds:
    lows = [part.low for part in parts if part.low is not None]
    return Bounds(max(lows) if lows else None, _either(parts).high, all(part.whole for part in parts))


def _lowest(parts: list[Bounds]) -> Bounds:
    highs = [part.high for part in parts if part.high is not None]
    return Bounds(_either(parts).low, min(highs) if highs else None, all(part.whole for part in parts))
