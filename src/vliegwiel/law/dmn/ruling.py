"""One rule of a law as a boxed expression: its names those of the model, its additions to FEEL noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from vliegwiel.law.dmn import model as m
from vliegwiel.law.dmn.additions import ADDITIONS, conversion
from vliegwiel.law.dmn.kinds import Kinds
from vliegwiel.law.dmn.notes import Note
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.free import substituted, substituted_tests
from vliegwiel.law.feel.parser import Scope, parse_expression
from vliegwiel.law.feel.printing import print_expression, print_tests, print_text
from vliegwiel.law.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time, WideDate
from vliegwiel.law.feel.values import Value, show, show_number
from vliegwiel.law.feel.walk import replaced
from vliegwiel.law.lawfile import HitPolicy, PartValidity
from vliegwiel.law.model import Condition, Conditions, Expression, Fixed, Formula, Line, Table, Template
from vliegwiel.law.program import Program, Unit
from vliegwiel.law.types import Anything, Day, Group, Many, Type
from vliegwiel.law.typing import CONSTANTS, CONVERSIONS, TypeChecker

_PEILDATUM: Final = "peildatum"
_POLICIES: Final[dict[HitPolicy, tuple[str, str | None]]] = {
    HitPolicy.COLLECT_SUM: ("C", "SUM"),
    HitPolicy.COLLECT_MIN: ("C", "MIN"),
    HitPolicy.COLLECT_MAX: ("C", "MAX"),
    HitPolicy.COLLECT_COUNT: ("C", "COUNT"),
}
_LISTS: Final = (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
REMARKS: Final = ("artikel", "bron", "geverifieerd", "omdat", "van", "tot")


class Ruling:
    """The expression of one unit. `used` are the units it names, `additions` the functions, `uses_day`: it asks the day."""

    def __init__(self, program: Program, unit: Unit, names: Mapping[str, str], on: date | None) -> None:
        self.program = program
        self.unit = unit
        self.names = names
        self.on = on
        self.used: set[str] = set()
        self.additions: set[str] = set()
        self.uses_day = False
        self.mentioned: set[str] = set()
        self.notes: dict[str, Note] = {}

    def box(self, kinds: Kinds) -> m.Expression:
        """The boxed expression of the rule."""
        body = self.unit.body
        match body:
            case Fixed():
                return m.Literal(literal_of(body.value))
            case Formula():
                return m.Literal(self.text(body.expression, self.unit.type))
            case Conditions():
                return self.conditions(body)
            case Table():
                return self.table(body, kinds)
            case None:
                return m.Literal("null")

    # -- text ------------------------------------------------------------------------------------------------------------

    def text(self, expression: Expression, declared: Type | None = None) -> str:
        """An expression in standard FEEL."""
        return print_expression(substituted(self.ready(expression, declared), self.changed, self.fields))

    def ready(self, expression: Expression, declared: Type | None) -> tree.Node:
        """The tree to write: conversions of periods as calls, the law's own functions by position."""
        node = expression.tree
        if any(name in expression.text for name in CONVERSIONS):
            node = self.with_conversions(expression, declared)
        return replaced(node, _by_position)

    def with_conversions(self, expression: Expression, declared: Type | None) -> tree.Node:
        """`per_jaar(x)` was written out as a multiplication. Here it is a call again, of an addition that says what it does."""
        reads = self.unit.reads
        checker = TypeChecker(self.type_of, lambda: list(reads))
        parsed = parse_expression(expression.text, Scope(name for name in (*reads, _PEILDATUM) if "." not in name))
        checker.expression(parsed, declared)
        written_out = checker.rewrites

        def called(node: tree.Node) -> tree.Node | None:
            if not isinstance(node, tree.Call) or not isinstance(node.function, tree.Name):
                return None
            if node.function.name not in CONVERSIONS:
                return None
            name = conversion(node.function.name, written_out.get(node.at, node))
            return node.arguments[0] if name is None else tree.Call(tree.Name(name), node.arguments)

        if isinstance(parsed, tree.Name) and parsed.name not in reads:
            return expression.tree
        return replaced(parsed, called)

    def type_of(self, name: str) -> Type | None:
        """The type of a name where the rule was written."""
        if name == _PEILDATUM:
            return Day()
        key = self.unit.reads.get(name)
        return None if key is None else self.program.units[key].type

    def changed(self, name: str) -> tree.Node | None:
        """What a free name is called in the model."""
        if name == _PEILDATUM:
            self.uses_day = True
            return None
        key = self.unit.reads.get(name)
        if key is not None:
            self.used.add(key)
            return tree.Name(self.names[key])
        if name in CONSTANTS:
            return tree.Boolean(CONSTANTS[name])
        if name in ADDITIONS:
            self.additions.add(name)
        return None

    def fields(self, source: tree.Node) -> frozenset[str]:
        """The fields of the elements of a list; of a list whose elements are not known here those of any group."""
        type_ = TypeChecker(self.type_of, list).infer(source)
        element = type_.of if isinstance(type_, Many) else type_
        if isinstance(element, Group):
            return frozenset(name for name, _ in element.fields)
        if isinstance(element, Anything):
            return frozenset(name for unit in self.program.units.values() for name in _field_names(unit.type))
        return frozenset()

    # -- conditions ------------------------------------------------------------------------------------------------------

    def conditions(self, body: Conditions) -> m.Expression:
        """A boxed context: an entry for each condition, and what they give together."""
        held = [item for item in body.items if self.on is None or item.validity is None or item.validity.holds(self.on)]
        if len(held) == 1 and not self.said(held[0]):
            return m.Literal(self.condition(held[0], every=body.every))
        taken = set(self.names.values())
        word = "voorwaarde" if not any(name.startswith("voorwaarde_") for name in taken) else "voorwaarde_van_de_regel"
        entries: list[m.Entry] = []
        for number, item in enumerate(held, 1):
            name, identifier = f"{word}_{number}", f"regel_{self.names[self.unit.key]}_{word}_{number}"
            entries.append(m.Entry(name, m.Literal(self.condition(item, every=body.every)), "boolean", identifier))
            self.notes[identifier] = self.condition_note(item)
        joined = (" and " if body.every else " or ").join(str(entry.name) for entry in entries)
        return m.Context((*entries, m.Entry(None, m.Literal(joined))))

    def said(self, item: Condition) -> bool:
        """Whether a condition has anything of its own to tell."""
        says = item.says
        return any((says.yes, says.no, says.unknown, item.change)) or item.basis != self.unit.basis

    def condition(self, item: Condition, *, every: bool) -> str:
        """A condition; one that holds for a while does not count outside it."""
        text = self.text(item.expression)
        if item.validity is None or self.on is not None:
            return text
        self.uses_day = True
        span = _span(item.validity)
        return f"not({_PEILDATUM} in {span}) or ({text})" if every else f"{_PEILDATUM} in {span} and ({text})"

    def condition_note(self, item: Condition) -> Note:
        """The sentences and the article of a condition."""
        pairs = (
            ("ja", item.says.yes),
            ("nee", item.says.no),
            ("onbekend", item.says.unknown),
            ("anders", item.change),
        )
        sentences = {when: self.spoken(template) for when, template in pairs if template is not None}
        values = {
            "artikel": item.basis.ground.article,
            "wet": item.basis.ground.law,
            "bron": item.basis.source,
            "geverifieerd": "ja" if item.basis.verified else "nee",
        }
        about = f"{item.basis.ground.law_name}, artikel {item.basis.ground.article}."
        return Note("voorwaarde", "", f"{sentences.get('ja', '')} {about}".strip(), values, sentences)

    def spoken(self, template: Template) -> str:
        """A sentence in the names of the model. What it names is noted."""
        space = self.unit.space
        for name in template.names:
            key = space.get(name) or space.get(name.partition(".")[0])
            if key is not None:
                self.mentioned.add(key)
        return said(template, {name: self.names[key] for name, key in space.items()})

    # -- tables ----------------------------------------------------------------------------------------------------------

    def table(self, body: Table, kinds: Kinds) -> m.Expression:
        """A decision table. Lines that hold for a while are tested on the day, unless the model is of one day."""
        lines = [
            line for line in body.lines if self.on is None or line.validity is None or line.validity.holds(self.on)
        ]
        by_day = self.on is None and any(line.validity is not None for line in lines)
        policy, aggregation = _POLICIES.get(body.policy, (body.policy.value, None))
        name = self.names[self.unit.key]
        inputs = [
            m.Input(m.Literal(self.text(column), kinds.named(column.type, f"{name}_{number}")))
            for number, column in enumerate(body.columns, 1)
        ]
        if by_day:
            self.uses_day = True
            inputs.append(m.Input(m.Literal(_PEILDATUM, "date")))
        result = self.unit.type
        if body.policy in _LISTS and isinstance(result, Many):
            result = result.of
        order = ", ".join(literal_of(value) for value in body.order) if body.order else None
        output = m.Output("", kinds.named(result, f"{name}_uitkomst"), order)
        rules = tuple(self.line(line, result, by_day=by_day) for line in lines)
        return m.Table(policy, aggregation, tuple(inputs), (output,), rules, None, REMARKS)

    def line(self, line: Line, result: Type, *, by_day: bool) -> m.Rule:
        """One row, with where it comes from as remarks."""
        cells = [
            "-" if cell is None else print_tests(substituted_tests(_positioned(cell.tests), self.changed, self.fields))
            for cell in line.cells
        ]
        if by_day:
            cells.append("-" if line.validity is None else _span(line.validity))
        basis = line.basis
        remarks = (
            basis.ground.article,
            basis.source,
            "ja" if basis.verified else "nee",
            "" if line.because is None else self.spoken(line.because),
            line.validity.van.isoformat() if line.validity and line.validity.van else "",
            line.validity.tot.isoformat() if line.validity and line.validity.tot else "",
        )
        return m.Rule(tuple(cells), (self.text(line.output, result),), remarks)


def _field_names(type_: Type) -> Iterator[str]:
    """The names of the fields in a kind, also of groups inside it."""
    if isinstance(type_, Many):
        yield from _field_names(type_.of)
    elif isinstance(type_, Group):
        for name, inner in type_.fields:
            yield name
            yield from _field_names(inner)


def said(template: Template, names: Mapping[str, str]) -> str:
    """A sentence with the names of the model between its braces."""

    def spoken(name: str) -> str:
        head, dot, field = name.partition(".")
        if name in names:
            return names[name]
        return f"{names[head]}.{field}" if dot and head in names else name

    return "".join(text + ("" if name is None else "{" + spoken(name) + "}") for text, name in template.parts)


def _by_position(node: tree.Node) -> tree.Node | None:
    """Calls of the law's own functions without names of arguments, and with every argument: other programs need both."""
    if not isinstance(node, tree.Call) or not isinstance(node.function, tree.Name):
        return None
    made = ADDITIONS.get(node.function.name)
    if made is None:
        return None
    arguments = node.arguments
    if node.named is not None:
        by_name = dict(zip(node.named, node.arguments, strict=True))
        order = _LAW_NAMES.get(node.function.name, tuple(name for name, _ in made.parameters))
        arguments = tuple(by_name[name] for name in order if name in by_name)
    if len(arguments) < len(made.parameters):
        arguments = (*arguments, tree.ListLiteral(()))
    return tree.Call(node.function, arguments, None, node.at)


# The names of parameters in law files where the addition has others (a parameter may not be named as its function is).
_LAW_NAMES: Final = {"procent": ("procent", "van")}


def _positioned(tests: tree.UnaryTests) -> tree.UnaryTests:
    changed = replaced(tests, _by_position)
    assert isinstance(changed, tree.UnaryTests)  # only calls are changed
    return changed


def _span(validity: PartValidity) -> str:
    """The days on which a part holds, as a FEEL range."""
    if validity.van is None and validity.tot is not None:
        return f"(<= {literal_of(validity.tot)})"
    if validity.tot is None and validity.van is not None:
        return f"(>= {literal_of(validity.van)})"
    return f"[{literal_of(validity.van)}..{literal_of(validity.tot)}]"


def literal_of(value: Value) -> str:
    """A value as FEEL that every tool reads: `date("2026-01-01")`, `duration("P1M")`, lists and contexts."""
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if isinstance(value, list):
        return "[" + ", ".join(literal_of(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal_of(item)}" for name, item in value.items()) + "}"
    return "null"


def _number(value: Value) -> str:
    assert isinstance(value, Decimal)  # its place in the table below
    return show_number(value)


_WRITERS: Final[dict[type, Callable[[Value], str]]] = {
    bool: lambda value: "true" if value else "false",
    Decimal: _number,
    str: lambda value: print_text(str(value)),
    date: lambda value: f'date("{show(value)}")',
    WideDate: lambda value: f'date("{show(value)}")',
    Time: lambda value: f'time("{show(value)}")',
    DateTime: lambda value: f'date and time("{show(value)}")',
    MonthsDuration: lambda value: f'duration("{show(value)}")',
    DaysDuration: lambda value: f'duration("{show(value)}")',
}
