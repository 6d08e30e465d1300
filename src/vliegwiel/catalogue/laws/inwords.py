"""An expression of the law in Dutch words, for people who do not read FEEL. It says what stands there, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from vliegwiel.law.feel import temporal, tree
from vliegwiel.law.feel.temporal import NotTemporal
from vliegwiel.law.feel.values import show_number
from vliegwiel.law.model import Cell, Expression, Template
from vliegwiel.law.types import Anything, Choice, Day, Group, Many, Moment, Type
from vliegwiel.law.wording import enumerate_words, say

LONGEST: Final = 600
"""Characters; an expression that takes more words than this is easier to read as FEEL."""

_COMPARED: Final = {
    "=": "is", "!=": "is niet", "<": "is minder dan", "<=": "is hoogstens", ">": "is meer dan", ">=": "is minstens",
}  # fmt: skip
_COMPARED_DAYS: Final = {"<": "is vóór", "<=": "is op of vóór", ">": "is na", ">=": "is op of na"}
_TESTED: Final = {"=": "", "!=": "niet ", "<": "minder dan ", "<=": "hoogstens ", ">": "meer dan ", ">=": "minstens "}
_ARITHMETIC: Final = {"+": "plus", "-": "min", "*": "keer", "/": "gedeeld door", "**": "tot de macht"}


@dataclass(frozen=True, slots=True)
class Named:
    """What a name of the law is called, and its type."""

    label: str
    type: Type


class _NoWords(Exception):
    """Something that is clearer in FEEL."""


class Words:
    """Puts expressions of one law in words. `names` are the names its expressions use."""

    def __init__(self, names: Mapping[str, Named]) -> None:
        self.names = names

    def expression(self, expression: Expression) -> str:
        """The expression in words; empty where FEEL is clearer."""
        return self._said(lambda: self.node(expression.tree))

    def parsed(self, node: tree.Node) -> str:
        """An expression that was read already, in words; empty where FEEL is clearer."""
        return self._said(lambda: self.node(node))

    def fixed(self, expression: Expression, type_: Type) -> str:
        """A fixed value as one of its type ("alleenstaand", "€ 400,00 per jaar"); empty for anything else."""
        node = expression.tree
        if isinstance(node, tree.Number | tree.String):
            return self.value(node, type_)
        return ""

    def cell(self, cell: Cell | None, column: Type) -> str:
        """A cell of a table in words; its own text where that is clearer."""
        if cell is None:
            return "maakt niet uit"
        return self._said(lambda: self.tests(cell.tests, column)) or cell.text

    def template(self, template: Template | None) -> str:
        """A sentence, with the names of what is filled in between square brackets."""
        if template is None:
            return ""
        return "".join(text + (f"[{self.label(name)}]" if name else "") for text, name in template.parts)

    def label(self, name: str) -> str:
        """What a name is called."""
        known = self.names.get(name)
        if known is not None:
            return known.label
        head, _, field = name.partition(".")
        if field and head in self.names:
            return f"{self.names[head].label} ({field.replace('_', ' ')})"
        return name.replace("_", " ")

    def _said(self, make: Callable[[], str]) -> str:
        try:
            words = make()
        except (_NoWords, RecursionError):
            return ""
        return words if len(words) <= LONGEST else ""

    # --- values ------------------------------------------------------------------------------------------------------

    def type_of(self, node: tree.Node) -> Type:
        """The type of a name or of a field; anything for the rest."""
        if isinstance(node, tree.Name) and node.name in self.names:
            return self.names[node.name].type
        if isinstance(node, tree.Path):
            if isinstance(node.source, tree.Name) and f"{node.source.name}.{node.name}" in self.names:
                return self.names[f"{node.source.name}.{node.name}"].type
            source = self.type_of(node.source)
            found = source.field(node.name) if isinstance(source, Group) else None
            return found or Anything()
        return Anything()

    def node(self, node: tree.Node) -> str:
        """Any expression."""
        match node:
            case tree.Number():
                return _number(node.value)
            case tree.String():
                return f"“{node.value}”"
            case tree.Boolean():
                return "ja" if node.value else "nee"
            case tree.Null():
                return "niets"
            case tree.Temporal():
                return _moment(node.text)
            case tree.Name():
                return self.label(node.name)
            case tree.Path():
                return self.path(node)
            case tree.Negate():
                return f"min {self.inner(node.operand)}"
            case tree.Placeholder():
                return "dit"
            case _:
                return self.composed(node)

    def composed(self, node: tree.Node) -> str:
        """What is made of other expressions."""
        match node:
            case tree.Binary():
                return self.binary(node)
            case tree.Logical():
                return self.logical(node)
            case tree.Between():
                return f"{self.inner(node.value)} ligt van {self.inner(node.low)} tot en met {self.inner(node.high)}"
            case tree.In():
                return self.within(node)
            case tree.If():
                return self.choice(node)
            case tree.For():
                return self.repeated(node)
            case tree.Quantified():
                return self.quantified(node)
            case tree.Filter():
                return self.filtered(node)
            case tree.Call():
                return self.call(node)
            case tree.RangeLiteral():
                return self.span(node)
            case tree.ListLiteral():
                return enumerate_words([self.inner(item) for item in node.items]) or "een lege lijst"
            case _:
                raise _NoWords

    def inner(self, node: tree.Node) -> str:
        """An expression inside another: between brackets where it would read on."""
        words = self.node(node)
        simple = (
            tree.Name,
            tree.Path,
            tree.Number,
            tree.String,
            tree.Call,
            tree.Temporal,
            tree.Boolean,
            tree.ListLiteral,
        )
        return words if isinstance(node, simple) else f"({words})"

    def value(self, node: tree.Node, type_: Type) -> str:
        """A fixed value beside something of a type: a choice has its own words."""
        if isinstance(node, tree.String) and isinstance(type_, Choice):
            return type_.label(node.value)
        if isinstance(node, tree.Number):
            return say(type_, node.value)
        return self.node(node) if isinstance(node, tree.RangeLiteral) else self.inner(node)

    # --- kinds of node -----------------------------------------------------------------------------------------------

    def binary(self, node: tree.Binary) -> str:
        """Comparing and calculating."""
        if node.operator in _ARITHMETIC:
            return f"{self.inner(node.left)} {_ARITHMETIC[node.operator]} {self.inner(node.right)}"
        left, right = self.type_of(node.left), self.type_of(node.right)
        sign = _COMPARED[node.operator]
        if isinstance(left, Day | Moment) or isinstance(right, Day | Moment):
            sign = _COMPARED_DAYS.get(node.operator, sign)
        if isinstance(node.right, tree.Null):
            return f"{self.inner(node.left)} is er {'niet' if node.operator == '=' else 'wel'}"
        return f"{self.value(node.left, right)} {sign} {self.value(node.right, left)}"

    def logical(self, node: tree.Logical) -> str:
        """And, or."""
        parts = [
            f"({self.node(item)})" if isinstance(item, tree.Logical | tree.If) else self.node(item)
            for item in node.items
        ]
        return f" {'en' if node.kind == 'and' else 'of'} ".join(parts)

    def choice(self, node: tree.If) -> str:
        """If, then, else."""
        return f"als {self.node(node.condition)}: {self.node(node.then)}; anders: {self.node(node.otherwise)}"

    def within(self, node: tree.In) -> str:
        """One of several."""
        type_ = self.type_of(node.value)
        return f"{self.inner(node.value)} is {' of '.join(self.test(test, type_) for test in node.tests)}"

    def quantified(self, node: tree.Quantified) -> str:
        """Some, every."""
        if len(node.iterations) != 1 or node.iterations[0].end is not None:
            raise _NoWords
        one = node.iterations[0]
        of = self.node(one.domain)
        how = "minstens één" if node.kind == "some" else "elke"
        return f"voor {how} uit {of} geldt: {self._with(one).node(node.condition)}"

    def repeated(self, node: tree.For) -> str:
        """For each."""
        if len(node.iterations) != 1 or node.iterations[0].end is not None:
            raise _NoWords
        one = node.iterations[0]
        return f"voor elke uit {self.node(one.domain)}: {self._with(one).node(node.body)}"

    def _with(self, one: tree.Iteration) -> Words:
        domain = self.type_of(one.domain)
        type_ = domain.of if isinstance(domain, Many) else Anything()
        return Words({**self.names, one.name: Named(one.name.replace("_", " "), type_)})

    def filtered(self, node: tree.Filter) -> str:
        """Those of a list that fulfil something."""
        domain = self.type_of(node.source)
        fields = domain.of.fields if isinstance(domain, Many) and isinstance(domain.of, Group) else ()
        below = {name: Named(name.replace("_", " "), type_) for name, type_ in fields}
        inside = Words({**self.names, **below})
        if isinstance(node.condition, tree.Number | tree.Negate):
            raise _NoWords
        return f"{self.inner(node.source)} waarvoor geldt: {inside.node(node.condition)}"

    def path(self, node: tree.Path) -> str:
        """A field of something, or a rule of another law."""
        if isinstance(node.source, tree.Name):
            return self.label(f"{node.source.name}.{node.name}")
        return f"{node.name.replace('_', ' ')} van {self.inner(node.source)}"

    def span(self, node: tree.RangeLiteral) -> str:
        """A range."""
        if node.low is None or node.high is None:
            raise _NoWords
        start = "van" if node.low_closed else "meer dan"
        end = "tot en met" if node.high_closed else "tot"
        return f"{start} {self.inner(node.low)} {end} {self.inner(node.high)}"

    def call(self, node: tree.Call) -> str:
        """A function."""
        if not isinstance(node.function, tree.Name) or node.named is not None:
            raise _NoWords
        name, given = node.function.name, node.arguments
        if name in ("date", "duration") and len(given) == 1 and isinstance(given[0], tree.String):
            return _moment(given[0].value)
        if name == "not" and len(given) == 1:
            inside = given[0]
            named = isinstance(inside, tree.Name | tree.Path)
            return f"{self.node(inside)} is nee" if named else f"niet waar is: ({self.node(inside)})"
        if name == "procent" and not isinstance(given[0], tree.Number):
            return f"{self.inner(given[1])} maal {self.inner(given[0])}"
        pattern = _CALLS.get((name, len(given)))
        if pattern is not None:
            rounds = name.startswith("afronden") and isinstance(given[0], tree.Binary)
            said = [self.node(one) if rounds and one is given[0] else self.inner(one) for one in given]
            return pattern.format(*said)
        if name in _SERIES:
            return f"{_SERIES[name]} {enumerate_words([self.inner(one) for one in given])}"
        return f"{name.replace('_', ' ')} van {enumerate_words([self.inner(one) for one in given])}"

    # --- cells of a table --------------------------------------------------------------------------------------------

    def tests(self, tests: tree.UnaryTests, type_: Type) -> str:
        """The tests of a cell."""
        if not tests.tests:
            return "maakt niet uit"
        words = " of ".join(self.test(test, type_) for test in tests.tests)
        return f"niet {words}" if tests.negated else words

    def test(self, test: tree.Test, type_: Type) -> str:
        """One test."""
        if isinstance(test, tree.Compare):
            if isinstance(type_, Day | Moment) and test.operator in _COMPARED_DAYS:
                return f"{_COMPARED_DAYS[test.operator].removeprefix('is ')} {self.value(test.operand, type_)}"
            return f"{_TESTED[test.operator]}{self.value(test.operand, type_)}"
        if isinstance(test.expression, tree.Null):
            return "er niet"
        return self.value(test.expression, type_) if not test.uses_input else self.node(test.expression)


def _moment(text: str) -> str:
    for read in (temporal.parse_date, temporal.parse_date_time, temporal.parse_time, temporal.parse_duration):
        try:
            return say(Anything(), read(text))
        except NotTemporal:
            continue
    return text


def _number(number: Decimal) -> str:
    return show_number(number).replace(".", ",")


_CALLS: Final[Mapping[tuple[str, int], str]] = {
    ("hele_jaren", 2): "het aantal hele jaren van {0} tot {1}",
    ("hele_maanden", 2): "het aantal hele maanden van {0} tot {1}",
    ("dagen_tussen", 2): "het aantal dagen van {0} tot {1}",
    ("eerste_dag_van_maand", 1): "de eerste dag van de maand van {0}",
    ("procent", 2): "{0} procent van {1}",
    ("afronden", 2): "{0}, afgerond op {1} decimalen",
    ("per_jaar", 1): "{0}, omgerekend naar een jaar",
    ("per_maand", 1): "{0}, omgerekend naar een maand",
    ("per_kwartaal", 1): "{0}, omgerekend naar een kwartaal",
    ("in_een_jaar", 1): "{0}, opgeteld over een jaar",
    ("jaren", 1): "{0} jaar",
    ("maanden", 1): "{0} maanden",
    ("weken", 1): "{0} weken",
    ("dagen", 1): "{0} dagen",
    ("afronden_op", 2): "{0}, afgerond op een veelvoud van {1}",
    ("afronden_omlaag", 2): "{0}, naar beneden afgerond op een veelvoud van {1}",
    ("afronden_omhoog", 2): "{0}, naar boven afgerond op een veelvoud van {1}",
    ("laatste_dag_van_maand", 1): "de laatste dag van de maand van {0}",
    ("is_werkdag", 1): "{0} is een werkdag",
    ("eerstvolgende_werkdag", 1): "de eerste werkdag vanaf {0}",
    ("werkdagen_na", 2): "{1} werkdagen na {0}",
    ("werkdagen_tussen", 2): "het aantal werkdagen van {0} tot {1}",
    ("einde_termijn", 2): "het einde van een termijn van {1} na {0}",
    ("starts with", 2): "{0} begint met {1}",
    ("contains", 2): "{1} staat in {0}",
    ("count", 1): "het aantal in {0}",
    ("sum", 1): "de som van {0}",
    ("min", 1): "de laagste van {0}",
    ("max", 1): "de hoogste van {0}",
    ("floor", 1): "{0}, naar beneden afgerond",
    ("floor", 2): "{0}, naar beneden afgerond op {1} decimalen",
    ("ceiling", 1): "{0}, naar boven afgerond",
    ("abs", 1): "{0} zonder minteken",
    ("list contains", 2): "{1} staat in {0}",
    ("year", 1): "het jaar van {0}",
}
_SERIES: Final = {"min": "de laagste van", "max": "de hoogste van", "sum": "de som van", "count": "het aantal van"}
