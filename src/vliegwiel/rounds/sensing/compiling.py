"""Expressions of a filter turned into SQL, checked against the entity types.

Comparisons follow OData 4.0 part 2, 5.1.1.1: nothing is greater or smaller than null, only `eq null` and `ne null` have an
answer, and `not` of no answer is true. A period is before (`lt`) a moment when it ended before it, and after (`gt`) when it
started after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from . import expressions as e
from . import geometry
from .comparing import compared, empty, shifted
from .entities import TYPES
from .functions import FUNCTIONS
from .geoanswers import GeoAnswer, Geometries
from .joins import Joins
from .properties import constant, property_of, property_value
from .refused import Refused
from .sql import FALSE, TRUE, Sql, every, filled
from .values import Kind, Value, read_as


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles expressions about rows of `joins`. `now` is the moment of the question, `geometries` reads shapes."""

    joins: Joins
    geometries: Geometries
    now: datetime

    def condition(self, expression: e.Expression) -> Sql:
        """As a condition, true or not true."""
        match expression:
            case e.Both(left, right):
                return every((self.condition(left), self.condition(right)))
            case e.Either(left, right):
                return filled("({0}) OR ({1})", self.condition(left), self.condition(right))
            case e.Not(inner):
                return filled("({0}) IS NOT TRUE", self.condition(inner))
            case e.Compare(how, left, right):
                return self._compare(how, left, right)
            case e.OneOf(value, options):
                return self._one_of(value, options)
            case e.Truth(value):
                return TRUE if value else FALSE
            case _:
                found = read_as(self.value(expression), Kind.TRUTH)
                if found is None:
                    raise Refused(
                        "In $filter staat iets wat geen ja of nee is. Vergelijk het ergens mee, zoals met eq."
                    )
                return found.sql

    def value(self, expression: e.Expression) -> Value:
        """As a value."""
        match expression:
            case e.Path(names):
                return self._path(names)
            case e.Call(name, arguments):
                return self._call(name, arguments)
            case e.Calculate(how, left, right):
                return self._calculate(how, left, right)
            case e.Minus(inner):
                return Value(Kind.NUMBER, (filled("(- {0})", self._as(inner, Kind.NUMBER)),))
            case e.Both() | e.Either() | e.Not() | e.Compare() | e.OneOf():
                return Value(Kind.TRUTH, (filled("({0})", self.condition(expression)),))
            case _:
                return constant(expression)

    def _as(self, expression: e.Expression, kind: Kind) -> Sql:
        found = self.value(expression)
        as_kind = read_as(found, kind)
        if as_kind is None:
            raise Refused(f"Hier hoort een {kind}, maar er staat een {found.kind}.")
        return as_kind.sql

    # Paths

    def _path(self, names: tuple[str, ...]) -> Value:
        kind, relations = self.joins.kind, 0
        while relations < len(names) and names[relations] in kind.relations:
            kind = TYPES[kind.relations[names[relations]].target]
            relations += 1
        if relations == len(names):
            raise Refused(f"{'/'.join(names)} is een relatie; noem ook een eigenschap, zoals {'/'.join(names)}/id.")
        kind, alias = self.joins.to(names[:relations])
        name, inside = names[relations], names[relations + 1 :]
        return property_value(kind, alias, property_of(kind, name), inside)

    # Comparisons

    def _compare(self, how: e.Comparator, left: e.Expression, right: e.Expression) -> Sql:
        if isinstance(left, e.Nothing):
            left, right = right, left
        if isinstance(right, e.Nothing):
            return self._against_null(how, left)
        if (quick := self._compare_distance(how, left, right)) is not None:
            return quick
        return compared(how, self.value(left), self.value(right))

    def _against_null(self, how: e.Comparator, expression: e.Expression) -> Sql:
        if how not in {e.Comparator.EQ, e.Comparator.NE}:
            return FALSE
        value = self.value(expression)
        nothing = empty(value)
        return nothing if how is e.Comparator.EQ else filled("NOT ({0})", nothing)

    def _compare_distance(self, how: e.Comparator, left: e.Expression, right: e.Expression) -> Sql | None:
        """`geo.distance(location, ...) lt 0.01` is worked out here and becomes a list of rows: the usual way to ask it."""
        if not (isinstance(left, e.Call) and left.name in geometry.NUMBERS and isinstance(right, e.Number)):
            return None
        return self._geo(left).compared(how, float(right.value))

    def _one_of(self, value: e.Expression, options: tuple[e.Expression, ...]) -> Sql:
        found = FALSE
        for option in options:
            found = filled("({0}) OR ({1})", found, self._compare(e.Comparator.EQ, value, option))
        return found

    # Calculations

    def _calculate(self, how: e.Operator, left: e.Expression, right: e.Expression) -> Value:
        one, other = self.value(left), self.value(right)
        if other.kind is Kind.DURATION and how in {e.Operator.ADD, e.Operator.SUB}:
            return shifted(one, other, "+" if how is e.Operator.ADD else "-")
        if how is e.Operator.SUB and {one.kind, other.kind} <= {Kind.MOMENT, Kind.DAY, Kind.PERIOD}:
            ends = tuple(read_as(value, Kind.MOMENT) for value in (one, other))
            assert ends[0] is not None
            assert ends[1] is not None
            return Value(Kind.DURATION, (filled("({0} - {1})", ends[0].sql, ends[1].sql),))
        numbers = [read_as(value, Kind.NUMBER) for value in (one, other)]
        if numbers[0] is None or numbers[1] is None:
            raise Refused(f"{how.value} rekent met getallen, niet met een {one.kind} en een {other.kind}.")
        return Value(Kind.NUMBER, (filled(_ARITHMETIC[how], numbers[0].sql, numbers[1].sql),))

    # Functions

    def _call(self, name: str, arguments: tuple[e.Expression, ...]) -> Value:
        if name in geometry.NAMES:
            return self._geo(e.Call(name, arguments)).value()
        if name == "now":
            if arguments:
                raise Refused("now() heeft geen invoer.")
            return Value(Kind.MOMENT, (Sql("%s::timestamptz", (self.now,)),))
        if (function := FUNCTIONS.get(name)) is None:
            raise Refused(f"De functie {name} bestaat niet in deze standaard.")
        template = function.template(len(arguments))
        if template is None:
            raise Refused(f"{name} hoort {len(function.takes)} keer invoer te krijgen, niet {len(arguments)} keer.")
        inputs = (self._as(one, kind) for one, kind in zip(arguments, function.takes, strict=False))
        return Value(function.gives, (filled(f"({template})", *inputs),))

    def _geo(self, call: e.Call) -> GeoAnswer:
        wanted = {"geo.length": 1, "st_relate": 3}.get(call.name, 2)
        if len(call.arguments) != wanted:
            raise Refused(f"{call.name} hoort {wanted} keer invoer te krijgen.")
        pattern = ""
        if call.name == "st_relate":
            last = call.arguments[2]
            if not isinstance(last, e.Text):
                raise Refused("Het laatste van st_relate is een patroon tussen quotes, zoals 'T*****FF*'.")
            pattern = last.value
        shapes = call.arguments[: 2 if wanted == 3 else wanted]
        return self._geo_over(call.name, shapes, pattern)

    def _geo_over(self, name: str, arguments: tuple[e.Expression, ...], pattern: str) -> GeoAnswer:
        paths = [one for one in arguments if isinstance(one, e.Path)]
        if len(paths) > 1:
            raise Refused(f"Bij {name} mag één van beide een eigenschap zijn; schrijf de andere als geography'...'.")
        found: Value | None = None
        if paths:
            found = self._path(paths[0].names)
            if found.kind is not Kind.SHAPE:
                raise Refused(f"{paths[0]} heeft geen vorm. Neem location, feature of observedArea.")
        layer = self.geometries.layer(found.place) if found is not None else None
        count = len(layer.ids) if layer is not None else 1
        inputs = []
        for one in arguments:
            if isinstance(one, e.Path):
                assert layer is not None
                inputs.append(layer.shapes)
            elif isinstance(one, e.Shape):
                inputs.append(geometry.repeated(one.wkt, count))
            else:
                raise Refused(f"{name} vraagt een eigenschap met een vorm, of geography'...'.")
        ids = layer.ids if layer is not None else None
        row = found.sql if found is not None else None
        if name in geometry.TRUTHS:
            return GeoAnswer(ids, row, truths=geometry.truths(name, inputs[0], inputs[1], pattern))
        return GeoAnswer(ids, row, numbers=geometry.numbers(name, *inputs))


_ARITHMETIC = {
    e.Operator.ADD: "({0} + {1})",
    e.Operator.SUB: "({0} - {1})",
    e.Operator.MUL: "({0} * {1})",
    e.Operator.DIV: "({0} / NULLIF({1}, 0))",
    e.Operator.MOD: "(mod(({0})::numeric, NULLIF(({1})::numeric, 0))::float8)",
}
