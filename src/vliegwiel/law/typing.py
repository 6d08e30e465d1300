"""What an expression of a law gives, found before anything runs: types, units and periods, with an error at each mistake.

The checker also writes out what depends on types: `per_jaar(x)` becomes `x * 12` for an amount a month, and a choice without
quotes in a table cell becomes its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.law import meeting
from vliegwiel.law.calling import COUNTS, KEEPS_FIRST, RESULTS, TO_MULTIPLE, UNITS, call_forms, misfit
from vliegwiel.law.feel import temporal, tree
from vliegwiel.law.feel.builtins import BUILTINS, select
from vliegwiel.law.feel.walk import replaced
from vliegwiel.law.types import (
    Anything,
    Choice,
    Clock,
    Closure,
    Day,
    Days,
    Group,
    Interval,
    Many,
    Moment,
    Money,
    Months,
    Nothing,
    Number,
    Text,
    Type,
    YesNo,
    kind_of,
    normal_unit,
)

CONSTANTS: Final[Mapping[str, bool]] = {"ja": True, "nee": False}
CONVERSIONS: Final[Mapping[str, str]] = {
    "per_jaar": "jaar",
    "per_kwartaal": "kwartaal",
    "per_maand": "maand",
    "in_een_jaar": "jaar",
}
# What a year of it comes to: an amount, no longer an amount a period.
_TOTAL: Final = "in_een_jaar"
_IN_A_YEAR: Final[Mapping[str, int]] = {"jaar": 1, "kwartaal": 4, "maand": 12}

_PARTS: Final[Mapping[type, Mapping[str, Type]]] = {
    Day: {"year": Number(), "month": Number(), "day": Number(), "weekday": Number()},
    Moment: {
        "year": Number(),
        "month": Number(),
        "day": Number(),
        "weekday": Number(),
        "hour": Number(),
        "minute": Number(),
        "second": Number(),
    },
    Clock: {"hour": Number(), "minute": Number(), "second": Number()},
    Months: {"years": Number("jaar"), "months": Number("maand")},
    Days: {"days": Number("dag"), "hours": Number("uur"), "minutes": Number(), "seconds": Number()},
}


class TypeChecker:
    """Types one expression. `problems` holds (offset, Dutch message) for everything that is wrong."""

    def __init__(self, type_of: Callable[[str], Type | None], known: Callable[[], list[str]]) -> None:
        self.type_of = type_of
        self.known = known
        self.problems: list[tuple[int, str]] = []
        self.scopes: list[dict[str, Type]] = []
        self.elements: list[Type] = []
        self.rewrites: dict[int, tree.Node] = {}

    # --- entrances ---------------------------------------------------------------------------------------------------

    def expression(self, node: tree.Node, declared: Type | None = None) -> tuple[Type, tree.Node]:
        """The type of an expression and the tree to run; checked against a declared type when one is given."""
        if isinstance(declared, Choice) and isinstance(node, tree.Name) and self.is_option(declared, node.name):
            node = tree.String(node.name, node.at)
        found = self.infer(node)
        if declared is not None:
            self.expect(node, found, declared)
        return found, self.rewritten(node)

    def cell(self, tests: tree.UnaryTests, column: Type) -> tree.UnaryTests:
        """A table cell for a column of this type, ready to run."""
        if isinstance(column, Choice):
            options = column

            def quoted(node: tree.Node) -> tree.Node | None:
                if isinstance(node, tree.Name) and self.is_option(options, node.name):
                    return tree.String(node.name, node.at)
                return None

            tests = _as_tests(replaced(tests, quoted))
        self.scopes.append({"?": column})
        for test in tests.tests:
            self.test(test, column)
        self.scopes.pop()
        return _as_tests(self.rewritten(tests))

    def rewritten(self, node: tree.Node) -> tree.Node:
        """The tree with what depends on types written out."""
        if not self.rewrites:
            return node
        return replaced(node, lambda n: self.rewrites.get(n.at) if isinstance(n, tree.Call) else None)

    @staticmethod
    def is_option(choice: Choice, name: str) -> bool:
        """Whether a bare word is one of the choices."""
        return any(option == name for option, _ in choice.options)

    def wrong(self, node: tree.Node | tree.Test, message: str) -> Type:
        """Note a mistake; what follows cannot be typed."""
        self.problems.append((node.at, message))
        return Anything()

    def expect(self, node: tree.Node, found: Type, declared: Type) -> None:
        """A value must fit a declared type."""
        if isinstance(declared, Choice):
            for result in _results(node):
                if isinstance(result, tree.String):
                    self.option(result, declared)
                elif not meeting.fits(self.quietly(result), declared):
                    self.wrong(result, f"Hier hoort een van de keuzes. Dit geeft '{kind_of(self.quietly(result))}'.")
            return
        if not meeting.fits(found, declared):
            self.wrong(node, f"Dit geeft '{kind_of(found)}', maar hier hoort '{kind_of(declared)}'.")

    def quietly(self, node: tree.Node) -> Type:
        """The type of a node whose mistakes were noted before."""
        before = len(self.problems)
        found = self.infer(node)
        del self.problems[before:]
        return found

    def option(self, literal: tree.String, choice: Choice) -> None:
        """A text compared with a choice must be one of its options."""
        if not self.is_option(choice, literal.value):
            names = [option for option, _ in choice.options]
            meant = nearest(literal.value, names)
            hint = f" Bedoelt u '{meant}'?" if meant else ""
            self.wrong(literal, f"'{literal.value}' is geen keuze.{hint} Toegestaan: {', '.join(names)}.")

    # --- nodes -------------------------------------------------------------------------------------------------------

    def infer(self, node: tree.Node) -> Type:
        """The type of a node."""
        match node:
            case tree.Number():
                return Number()
            case tree.String():
                return Text()
            case tree.Boolean() | tree.Between() | tree.InstanceOf() | tree.Quantified():
                return self.truth_of(node)
            case tree.Null():
                return Nothing()
            case tree.Temporal():
                return _of_literal(node.text)
            case tree.Placeholder():
                return next((scope["?"] for scope in reversed(self.scopes) if "?" in scope), Anything())
            case tree.Name():
                return self.name(node)
            case tree.Path():
                return self.path(node)
            case tree.Binary():
                return self.binary(node)
            case tree.Call():
                return self.call(node)
            case _:
                return self.compound(node)

    def compound(self, node: tree.Node) -> Type:
        """The type of a node that holds others."""
        match node:
            case tree.Logical():
                for item in node.items:
                    self.truth(item)
                return YesNo()
            case tree.Negate():
                return self.infer(node.operand)
            case tree.In():
                column = self.infer(node.value)
                for test in node.tests:
                    self.test(test, column)
                return YesNo()
            case tree.If():
                self.truth(node.condition)
                return self.together(node, [self.infer(node.then), self.infer(node.otherwise)])
            case tree.For():
                self.loop(node.iterations)
                result = self.infer(node.body)
                self.scopes.pop()
                return Many(result)
            case tree.Filter():
                return self.filter(node)
            case tree.ListLiteral():
                return Many(self.together(node, [self.infer(item) for item in node.items]))
            case tree.ContextLiteral():
                return self.context(node)
            case tree.RangeLiteral():
                ends = [self.infer(end) for end in (node.low, node.high) if end is not None]
                return Interval(self.together(node, ends))
            case tree.FunctionDefinition():
                return self.function(node)
            case _:
                return Anything()

    def truth_of(self, node: tree.Node) -> Type:
        """The parts of a node that gives yes or no."""
        if isinstance(node, tree.Between):
            middle = self.infer(node.value)
            for end in (node.low, node.high):
                self.meet(node, middle, self.infer(end))
        elif isinstance(node, tree.InstanceOf):
            self.infer(node.value)
        elif isinstance(node, tree.Quantified):
            self.loop(node.iterations)
            self.truth(node.condition)
            self.scopes.pop()
        return YesNo()

    def truth(self, node: tree.Node) -> None:
        """A condition must give yes or no."""
        found = self.infer(node)
        if not meeting.is_truth(found):
            self.wrong(node, f"Hier hoort een voorwaarde (ja of nee). Dit geeft '{kind_of(found)}'.")

    def together(self, node: tree.Node, types: list[Type]) -> Type:
        """The type that holds all of these."""
        result: Type = Nothing()
        for type_ in types:
            joined = meeting.join(result, type_)
            if joined is None:
                return self.wrong(node, meeting.clash(result, type_))
            result = joined
        return result if types else Anything()

    def meet(self, node: tree.Node | tree.Test, a: Type, b: Type) -> None:
        """Two values are compared."""
        if meeting.join(a, b) is None:
            self.wrong(node, meeting.clash(a, b))

    def name(self, node: tree.Name) -> Type:
        """A variable, a field of the element of a filter, or a constant."""
        for scope in reversed(self.scopes):
            if node.name in scope:
                return scope[node.name]
        for element in reversed(self.elements):
            if isinstance(element, Group) and (field := element.field(node.name)) is not None:
                return field
        found = self.type_of(node.name)
        if found is not None:
            return found
        if node.name in CONSTANTS:
            return YesNo()
        if node.name in BUILTINS:
            return Closure(Anything())
        if any(isinstance(element, Anything) for element in self.elements):
            return Anything()
        meant = nearest(node.name, self.known())
        hint = f" Bedoelt u '{meant}'?" if meant else ""
        return self.wrong(node, f"De naam '{node.name}' is hier niet bekend.{hint}")

    def path(self, node: tree.Path) -> Type:
        """What stands behind a dot; `wet.regel` is a name of another law."""
        if isinstance(node.source, tree.Name):
            other = self.type_of(f"{node.source.name}.{node.name}")
            if other is not None:
                return other
        source = self.infer(node.source)
        if isinstance(source, Many):
            return Many(self.part(node, source.of))
        return self.part(node, source)

    def part(self, node: tree.Path, source: Type) -> Type:
        """A field of a group, or a part of a date or duration."""
        if isinstance(source, (Anything, Nothing, Interval)):
            return source.of if isinstance(source, Interval) and node.name in ("start", "end") else Anything()
        if isinstance(source, Group):
            known = [name for name, _ in source.fields]
            found = source.field(node.name)
        else:
            known = list(_PARTS.get(type(source), {}))
            found = _PARTS.get(type(source), {}).get(node.name)
        if found is not None:
            return found
        allowed = f" Toegestaan: {', '.join(known)}." if known else ""
        return self.wrong(node, f"'{kind_of(source)}' heeft geen onderdeel '{node.name}'.{allowed}")

    def binary(self, node: tree.Binary) -> Type:
        """Arithmetic and comparison."""
        left, right = self.infer(node.left), self.infer(node.right)
        if node.operator in ("=", "!=", "<", "<=", ">", ">="):
            for literal, other in ((node.right, left), (node.left, right)):
                if isinstance(literal, tree.String) and isinstance(other, Choice):
                    self.option(literal, other)
            self.meet(node, left, right)
            return YesNo()
        if node.operator == "**":
            return Number()
        result = {"+": meeting.add, "-": meeting.subtract, "*": meeting.multiply, "/": meeting.divide}[node.operator](
            left, right
        )
        if result is not None:
            return result
        if node.operator in "*/" and Number("procent") in (left, right):
            return self.wrong(node, "Reken met een percentage via procent(percentage, bedrag).")
        return self.wrong(node, meeting.clash(left, right))

    def test(self, test: tree.Test, column: Type) -> None:
        """A unary test for a value of this type."""
        if isinstance(test, tree.Compare):
            self.meet(test, column, self.infer(test.operand))
            return
        literal = test.expression
        if isinstance(literal, tree.String) and isinstance(column, Choice):
            self.option(literal, column)
            return
        found = self.infer(literal)
        if test.uses_input:
            if not meeting.is_truth(found):
                self.wrong(test, f"Met een vraagteken hoort hier ja of nee. Dit geeft '{kind_of(found)}'.")
            return
        inner = found.of if isinstance(found, (Interval, Many)) and not isinstance(column, (Interval, Many)) else found
        if not (isinstance(found, YesNo) and not isinstance(literal, (tree.Boolean, tree.Name))):
            self.meet(test, column, inner)

    def loop(self, iterations: tuple[tree.Iteration, ...]) -> None:
        """Opens a scope with the variables of a loop; the caller closes it."""
        scope: dict[str, Type] = {"partial": Many(Anything())}
        self.scopes.append(scope)
        for iteration in iterations:
            domain = self.infer(iteration.domain)
            if iteration.end is not None:
                self.infer(iteration.end)
            scope[iteration.name] = domain.of if isinstance(domain, (Many, Interval)) else domain

    def filter(self, node: tree.Filter) -> Type:
        """`list[condition]` keeps the list, `list[number]` gives an element."""
        source = self.infer(node.source)
        element = source.of if isinstance(source, Many) else source
        self.scopes.append({"item": element})
        self.elements.append(element)
        condition = self.infer(node.condition)
        self.elements.pop()
        self.scopes.pop()
        return element if isinstance(condition, Number) else Many(element)

    def context(self, node: tree.ContextLiteral) -> Type:
        """A group made on the spot; later entries may use earlier ones."""
        fields: list[tuple[str, Type]] = []
        scope: dict[str, Type] = {}
        self.scopes.append(scope)
        for key, value in node.entries:
            scope[key] = self.infer(value)
            fields.append((key, scope[key]))
        self.scopes.pop()
        return Group(tuple(fields))

    def function(self, node: tree.FunctionDefinition) -> Type:
        """A function value; its parameters are typed at run time."""
        self.scopes.append({parameter.name: Anything() for parameter in node.parameters})
        result = self.infer(node.body) if node.body is not None else Anything()
        self.scopes.pop()
        return Closure(result)

    # --- calls -------------------------------------------------------------------------------------------------------

    def call(self, node: tree.Call) -> Type:
        """A call of a built-in or of a function value."""
        arguments = [self.infer(argument) for argument in node.arguments]
        if not isinstance(node.function, tree.Name):
            callee = self.infer(node.function)
            return callee.result if isinstance(callee, Closure) else Anything()
        name = node.function.name
        if name in CONVERSIONS:
            return self.conversion(node, name, arguments)
        if name not in BUILTINS:
            found = self.name(node.function)
            if not isinstance(found, (Closure, Anything)):
                return self.wrong(node, f"'{name}' is hier geen functie, maar een waarde ('{kind_of(found)}').")
            return found.result if isinstance(found, Closure) else Anything()
        if select(name, len(arguments), node.named) is None:
            return self.wrong(node, call_forms(name))
        wrong = misfit(name, arguments, node.named)
        if wrong is not None:
            at, wanted = wrong
            said = f"Bij '{name}' hoort hier {wanted}. Dit geeft '{kind_of(arguments[at])}'."
            return self.wrong(node.arguments[at], said)
        return self.builtin(node, name, arguments)

    def conversion(self, node: tree.Call, name: str, arguments: list[Type]) -> Type:
        """`per_jaar(x)` and the like: written out as a multiplication or division."""
        if len(arguments) != 1:
            return self.wrong(node, f"'{name}' heeft één bedrag nodig.")
        found, target = arguments[0], CONVERSIONS[name]
        result = Money(None if name == _TOTAL else target)
        if isinstance(found, Anything):
            return result
        per = found.per if isinstance(found, Money) else None
        if per is None or per not in _IN_A_YEAR:
            return self.wrong(node, f"'{name}' rekent om per maand, kwartaal of jaar, geen '{kind_of(found)}'.")
        many, few = _IN_A_YEAR[per], _IN_A_YEAR[target]
        value = self.rewritten(node.arguments[0])
        if many > few:
            self.rewrites[node.at] = tree.Binary("*", value, tree.Number(Decimal(many // few), node.at), node.at)
        elif few > many:
            self.rewrites[node.at] = tree.Binary("/", value, tree.Number(Decimal(few // many), node.at), node.at)
        else:
            self.rewrites[node.at] = value
        return result

    def builtin(self, node: tree.Call, name: str, arguments: list[Type]) -> Type:
        """The result of a built-in for these arguments."""
        if name in UNITS:
            return Number(UNITS[name])
        if name in COUNTS and isinstance(arguments[0], Number):
            unit = arguments[0].unit
            if unit is not None and normal_unit(unit) != COUNTS[name]:
                return self.wrong(node, f"'{name}' telt in {COUNTS[name]}, niet in {unit}.")
        if name == "procent":
            if not isinstance(arguments[0], Anything) and arguments[0] not in (Number(), Number("procent")):
                return self.wrong(
                    node, f"Het eerste argument van procent is een percentage, geen '{kind_of(arguments[0])}'."
                )
            return arguments[1]
        if name in KEEPS_FIRST:
            return arguments[0]
        if name in TO_MULTIPLE:
            return self.together(node, arguments)
        result = BUILTINS[name].result
        if name == "list contains" and isinstance(arguments[0], Many):
            self.membership(node, arguments[0].of, arguments[1])
        if result == "item":
            return self.element(node, arguments)
        if result == "same":
            return arguments[0] if arguments and isinstance(arguments[0], Many) else Many(Anything())
        if name == "duration":
            only = node.arguments[0]
            return _of_literal(only.value) if isinstance(only, tree.String) else Anything()
        return RESULTS.get(result, Anything())

    def membership(self, node: tree.Call, inner: Type, element: Type) -> None:
        """`list contains(list, element)`: both must be able to be equal."""
        source, wanted = node.arguments[0], node.arguments[1]
        if isinstance(element, Choice) and isinstance(source, tree.ListLiteral):
            for item in source.items:
                if isinstance(item, tree.String):
                    self.option(item, element)
        if isinstance(inner, Choice) and isinstance(wanted, tree.String):
            self.option(wanted, inner)
        self.meet(node, inner, element)

    def element(self, node: tree.Call, arguments: list[Type]) -> Type:
        """`min`, `max`, `sum`, `mean`: of one list, or of loose values."""
        if len(arguments) == 1 and isinstance(arguments[0], Many):
            return arguments[0].of
        return self.together(node, arguments)


def _of_literal(text: str) -> Type:
    """The type of a date, time or duration that is written out."""
    try:
        value = temporal.parse_temporal(text)
    except temporal.NotTemporal:
        return Anything()
    kinds: dict[type, Type] = {
        temporal.MonthsDuration: Months(),
        temporal.DaysDuration: Days(),
        temporal.Time: Clock(),
        temporal.DateTime: Moment(),
    }
    return kinds.get(type(value), Day())


def _results(node: tree.Node) -> list[tree.Node]:
    """The nodes an expression can give as its value: the branches of `if`."""
    if isinstance(node, tree.If):
        return [*_results(node.then), *_results(node.otherwise)]
    return [node]


def _as_tests(node: tree.Node) -> tree.UnaryTests:
    if not isinstance(node, tree.UnaryTests):
        raise TypeError("a rewrite of tests must stay tests")
    return node
