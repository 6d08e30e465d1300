"""The contents of a decision as the contents of a rule of a law: a formula, conditions or a table, with its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from vliegwiel.law.dmn import model as m
from vliegwiel.law.dmn.lawtypes import Spec, is_known, spec_of
from vliegwiel.law.dmn.translating import Place, Translator, Untranslatable
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.errors import FeelError, FeelLimit
from vliegwiel.law.feel.evaluate import evaluate
from vliegwiel.law.feel.parser import parse_expression, parse_unary_tests
from vliegwiel.law.feel.printing import print_expression, print_tests
from vliegwiel.law.feel.values import Value
from vliegwiel.law.feel.walk import replaced
from vliegwiel.law.meeting import join
from vliegwiel.law.plain import to_plain
from vliegwiel.law.types import Anything, Choice, Day, Group, Many, Nothing, Number, Type, YesNo
from vliegwiel.law.typing import TypeChecker

_SINGLE: Final = ("U", "A", "F", "P")
_AGGREGATED: Final = {"SUM": "C+", "MIN": "C<", "MAX": "C>", "COUNT": "C#"}


@dataclass(slots=True)
class Made:
    """A rule: its keys and kind, rules it needs besides, and what changed (`remarks`).

    `ids` are where its conditions came from, `remarked` what was said at each line of its table.
    """

    body: Spec
    type: Type
    helpers: dict[str, Made] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    remarked: list[Mapping[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NormRow:
    """A value of a norm from a day on, as it stands in a law file."""

    start: date
    value: object
    remarks: Mapping[str, str]


class Bodies:
    """Makes the rules of one model. `known` are the kinds of names made so far."""

    def __init__(self, translator: Callable[[Bodies], Translator], known: dict[str, Type]) -> None:
        self.known = known
        self.translate = translator(self)
        self.translate.fits = self.fits
        self.helpers: dict[str, Made] = {}
        self.remarks: list[str] = []

    def decision(self, name: str, box: m.Expression, declared: Type) -> Made:
        """The rule of a decision. Raises `Untranslatable`."""
        self.helpers, self.remarks = {}, []
        made = self.made(box, Place(name), declared)
        made.helpers, made.remarks = dict(self.helpers), [*self.remarks, *made.remarks]
        if not is_known(made.type):
            raise Untranslatable("wat voor waarde hier uit komt, is niet bekend")
        self.known[name] = made.type
        return made

    def drop(self, name: str) -> None:
        """Forget the rules that were made for a decision that cannot be said after all."""
        for helper in self.helpers:
            self.known.pop(helper, None)
        self.helpers, self.remarks = {}, []

    def helper(self, name: str, table: m.Table, place: Place) -> str:
        """A rule of its own for a table inside something else; gives its name."""
        free = self.translate.idents.free(name)
        made = self.table(table, place, Anything())
        if not is_known(made.type):
            raise Untranslatable("wat voor waarde een tabel in deze beslissing geeft, is niet bekend")
        self.helpers[free] = made
        self.known[free] = made.type
        return free

    def made(self, box: m.Expression, place: Place, declared: Type) -> Made:
        """A table, conditions, or else a formula."""
        opened = self.translate.opened(box, place)
        if opened is not None:
            # The whole decision is one call: its rule is what the function does, with its own kind.
            return self.made(*opened, declared)
        if isinstance(box, m.Table):
            if box.policy == "C" and box.aggregation in ("SUM", "MIN", "MAX") and box.outputs[0].default is not None:
                return self.with_fallback(box, place, declared)
            return self.table(box, place, declared)
        if isinstance(box, m.Context) and isinstance(declared, (YesNo, Anything)):
            conditions = self.conditions(box, place)
            if conditions is not None:
                return conditions
        node = self.translate.node(box, place)
        return Made({"formule": _in_words(print_expression(node))}, self.settled(declared, node))

    def settled(self, declared: Type, *nodes: tree.Node) -> Type:
        """The kind that was declared, or that the expressions give together."""
        if is_known(declared):
            return declared
        found: Type = Nothing()
        for node in nodes:
            joined = join(found, self.infer(node))
            found = Anything() if joined is None else joined
        return found

    def fits(self, wanted: Type, node: tree.Node) -> bool:
        """Whether an argument can be of the kind that a function asks. FEEL makes another kind null; a law must not guess."""
        return not is_known(wanted) or join(wanted, self.infer(node)) is not None

    def infer(self, node: tree.Node) -> Type:
        return TypeChecker(self.type_of, lambda: list(self.known)).infer(node)

    def type_of(self, name: str) -> Type | None:
        return Day() if name == "peildatum" else self.known.get(name)

    # -- conditions ------------------------------------------------------------------------------------------------------

    def conditions(self, box: m.Context, place: Place) -> Made | None:
        """A context whose result is that all its entries, or one of them, hold; None when it is something else."""
        *entries, last = box.entries
        if not entries or last.name is not None or not isinstance(last.expression, m.Literal):
            return None
        names = [entry.name or "" for entry in entries]
        try:
            result = parse_expression(
                last.expression.text, self.translate.scope(place.knowing(dict.fromkeys(names, _ANY)))
            )
        except FeelError:
            return None
        items: tuple[tree.Node, ...] = result.items if isinstance(result, tree.Logical) else (result,)
        if [item.name if isinstance(item, tree.Name) else None for item in items] != names:
            return None
        parts: list[tree.Node] = []
        inner = place
        for entry in entries:
            if not isinstance(entry.expression, m.Literal):
                return None
            node = self.translate.text(entry.expression.text, inner)
            if not isinstance(self.infer(node), YesNo):
                return None
            parts.append(node)
            inner = inner.knowing({entry.name or "": node})
        key = "een" if isinstance(result, tree.Logical) and result.kind == "or" else "alle"
        return Made({key: [print_expression(part) for part in parts]}, YesNo(), ids=[entry.id for entry in entries])

    # -- tables ----------------------------------------------------------------------------------------------------------

    def table(self, box: m.Table, place: Place, declared: Type) -> Made:
        """A decision table."""
        policy = self.policy(box)
        columns = self.columns(box, place)
        lines: list[Spec] = []
        remarked: list[Mapping[str, str]] = []
        outputs: list[tree.Node] = []
        for row in box.rules:
            cells: dict[str, object] = {}
            for column, text in zip(columns, row.inputs, strict=False):
                tests = self.translate.tests(text.strip() or "-", place)
                if tests.tests:
                    cells[column] = self.cell(column, tests)
            result = self.output(box, row.outputs, place)
            outputs.append(result)
            lines.append(
                {"als": cells, "dan": print_expression(result)} if cells else {"dan": print_expression(result)}
            )
            remarked.append(dict(zip(box.annotations, row.annotations, strict=False)))
        if any(output.default is not None for output in box.outputs):
            result = self.output(box, tuple(output.default or "null" for output in box.outputs), place)
            policy = self.with_default(policy)
            outputs.append(result)
            lines.append({"dan": print_expression(result)})
            remarked.append({})
        if not lines:
            raise Untranslatable("de tabel heeft geen regels")
        type_ = self.table_type(box, policy, declared, outputs)
        spec: Spec = {"treffer": policy, "invoer": columns or ["true"], "regels": lines}
        order = self.order(box, place)
        if policy in ("P", "O"):
            if not order:
                raise Untranslatable("de volgorde van de uitkomsten staat niet in de tabel")
            spec["volgorde"] = order
        return Made({"tabel": spec}, type_, remarked=remarked)

    def with_fallback(self, box: m.Table, place: Place, declared: Type) -> Made:
        """A table that adds up, with a default: a rule for the table, and one that gives the default when no line fits."""
        (output,) = box.outputs
        bare = msgspec.structs.replace(box, outputs=(msgspec.structs.replace(output, default=None),))
        made = self.table(bare, place, declared)
        name = self.translate.idents.free(f"{place.name}_uit_de_tabel")
        self.helpers[name], self.known[name] = made, made.type
        default = print_expression(self.output(box, (output.default or "null",), place))
        return Made({"formule": f"if {name} = null then {default} else {name}"}, made.type)

    def cell(self, column: str, tests: tree.UnaryTests) -> str:
        """A cell as lawyers write it: choices bare, `ja` and `nee`."""
        type_ = self.known.get(column)
        options = (
            {name for name, _ in type_.options if self.translate.idents.is_ident(name)}
            if isinstance(type_, Choice)
            else ()
        )
        if options and not any(name in self.known for name in options):
            tests = _bare(tests, frozenset(options))
        return print_tests(tests) if not isinstance(type_, YesNo) else _in_words(print_tests(tests))

    def policy(self, box: m.Table) -> str:
        """The hit policy of a law."""
        if box.policy == "C" and box.aggregation is not None:
            return _AGGREGATED[box.aggregation]
        if len(box.outputs) > 1 and box.policy in ("P", "O"):
            raise Untranslatable("een volgorde over meer uitkomsten tegelijk kan een wet niet zeggen")
        return box.policy

    def with_default(self, policy: str) -> str:
        """A table with a default ends with a line for everything else; then the first line that fits must count."""
        if policy not in _SINGLE:
            raise Untranslatable("een standaarduitkomst bij deze treffer kan een wet niet zeggen")
        if policy != "F":
            self.remarks.append(f"de standaarduitkomst is de laatste regel; de treffer werd F (was {policy})")
        return "F"

    def columns(self, box: m.Table, place: Place) -> list[str]:
        """The texts of the columns, each once."""
        found: list[str] = []
        for number, column in enumerate(box.inputs, 1):
            text = print_expression(self.translate.text(column.expression.text, place))
            while text in found:
                text = f"({text})"
            found.append(text)
            if column.values is not None and not self.is_choice(text):
                self.remarks.append(f"wat in kolom {number} mag staan ({column.values}) is niet overgenomen")
        return found

    def is_choice(self, text: str) -> bool:
        return isinstance(self.known.get(text), (Choice, YesNo))

    def output(self, box: m.Table, cells: tuple[str, ...], place: Place) -> tree.Node:
        """What a line gives: one value, or a group of them."""
        nodes = [self.translate.text(text.strip() or "null", place) for text in cells]
        if len(box.outputs) == 1:
            return nodes[0]
        names = [self.translate.idents.of(output.name) for output in box.outputs]
        return tree.ContextLiteral(tuple(zip(names, nodes, strict=False)))

    def table_type(self, box: m.Table, policy: str, declared: Type, outputs: list[tree.Node]) -> Type:
        """The kind of a table: declared, or what its lines give together; a list where lines are collected."""
        if is_known(declared):
            return declared
        if policy == "C#":
            return Number()
        one = self.settled(Anything(), *outputs)
        return Many(one) if policy in ("C", "R", "O") else one

    def order(self, box: m.Table, place: Place) -> list[str]:
        """Outputs from best to worst."""
        text = box.outputs[0].values if box.outputs else None
        if text is None:
            return []
        tests = self.translate.tests(text, place)
        return [print_expression(test.expression) for test in tests.tests if isinstance(test, tree.Expect)]

    # -- norms -----------------------------------------------------------------------------------------------------------

    def norm_rows(self, box: m.Expression | None, type_: Type, start: date | None) -> list[NormRow]:
        """The values of a norm that we wrote: a table by date, or one value from `start` on. Empty for anything else."""
        found: list[NormRow] = []
        if isinstance(box, m.Literal) and start is not None:
            value = _constant(box.text)
            return [] if value is None else [NormRow(start, self.written(value, type_), {})]
        if not isinstance(box, m.Table) or len(box.outputs) != 1 or len(box.inputs) != 1:
            return []
        for rule in box.rules:
            day, value = _first_day(rule.inputs[0]), _constant(rule.outputs[0])
            open_row = rule.outputs[0].strip() == "null"
            if day is None or (value is None and not open_row):
                return []
            remarks = dict(zip(box.annotations, rule.annotations, strict=False))
            found.append(NormRow(day, "onbekend" if open_row else self.written(value, type_), remarks))
        return found

    def written(self, value: Value, type_: Type) -> object:
        """A value as a law file writes it; of a norm with fields a list in their order."""
        if isinstance(type_, Group) and isinstance(value, dict):
            return [self.written(value.get(name), inner) for name, inner in type_.fields]
        return value if isinstance(value, (Decimal, date, bool)) else to_plain(value)

    def norm_kind(self, type_: Type) -> Spec | None:
        """The keys that say the kind of a norm; None for a kind that no norm has."""
        if isinstance(type_, Group):
            kinds = {inner for _, inner in type_.fields}
            spec = spec_of(next(iter(kinds)))
            return spec | {"velden": [name for name, _ in type_.fields]} if len(kinds) == 1 and len(spec) == 1 else None
        spec = spec_of(type_)
        return spec if len(spec) == 1 else None


_ANY: Final = tree.Null()


def _bare(tests: tree.UnaryTests, options: frozenset[str]) -> tree.UnaryTests:
    """Choices without quotes."""

    def unquoted(node: tree.Node) -> tree.Node | None:
        return tree.Name(node.value, node.at) if isinstance(node, tree.String) and node.value in options else None

    changed = replaced(tests, unquoted)
    assert isinstance(changed, tree.UnaryTests)  # only texts are changed
    return changed


def _in_words(text: str) -> str:
    return {"true": "ja", "false": "nee"}.get(text, text)


def _constant(text: str) -> Value:
    try:
        return evaluate(text)
    except (FeelError, FeelLimit):
        return None


def _first_day(cell: str) -> date | None:
    """The first day of `[date("…")..date("…"))` or `>= date("…")`."""
    try:
        tests = parse_unary_tests(cell).tests
    except FeelError:
        return None
    node: tree.Node | None = None
    if len(tests) == 1 and isinstance(tests[0], tree.Compare) and tests[0].operator == ">=":
        node = tests[0].operand
    elif len(tests) == 1 and isinstance(tests[0], tree.Expect) and isinstance(tests[0].expression, tree.RangeLiteral):
        node = tests[0].expression.low if tests[0].expression.low_closed else None
    if node is None:
        return None
    value = _constant(print_expression(node))
    return value if isinstance(value, date) else None
