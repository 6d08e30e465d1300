"""From the same syntax tree that the decision engine compiles to a function over columns.

What is the same in every row (norms, data nobody gave) is computed once, by the decision engine. A construct without a column
form raises `Cannot`: the rule then runs per distinct row, by the decision engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from vliegwiel.law.declaring import PEILDATUM
from vliegwiel.law.feel import operators, tree
from vliegwiel.law.feel.builtins import BUILTINS, select
from vliegwiel.law.feel.builtins.registry import whole
from vliegwiel.law.feel.values import Range, Value
from vliegwiel.law.feel.walk import every_node
from vliegwiel.law.population import days, functions, series
from vliegwiel.law.population.branches import Branch, chosen
from vliegwiel.law.population.columns import (
    Amount,
    Cannot,
    Lit,
    Op,
    Operand,
    Record,
    Series,
    Space,
)
from vliegwiel.law.population.exact import blank, divide, multiply, negate, no_value
from vliegwiel.law.population.logic import chain, inverse, ordered, same
from vliegwiel.law.population.parts import part_of, through
from vliegwiel.law.population.unary import Test, comparison, satisfies, within
from vliegwiel.law.typing import CONSTANTS

_CONDITIONS: Final = (
    tree.Binary, tree.Logical, tree.Between, tree.In, tree.InstanceOf, tree.Quantified, tree.Call, tree.If,
)  # fmt: skip
_MOST_UNROLLED: Final = 60


class Knowledge(Protocol):
    """What an expression may lean on."""

    def fixed(self, key: str) -> Lit | None:
        """The value of a unit that is the same in every row, or None."""

    def evaluate(self, node: tree.Node, reads: Mapping[str, str]) -> Value:
        """The value of an expression without columns, by the decision engine."""

    def slot(self) -> int:
        """A free number for a variable."""


@dataclass(slots=True)
class _Layer:
    """Variables of one construct; `item` is the element inside a filter, whose fields are names too."""

    slots: dict[str, int] = field(default_factory=dict)
    item: int | None = None


class Expressions:
    """Compiles the expressions of one unit. `reads` is which unit each name means."""

    def __init__(self, knowledge: Knowledge, reads: Mapping[str, str]) -> None:
        self.knowledge = knowledge
        self.reads = reads
        self.layers: list[_Layer] = []

    def op(self, node: tree.Node) -> Op:
        """The function of an expression. Raises `Cannot`."""
        if self.is_fixed(node):
            found = Lit(self.knowledge.evaluate(node, self.reads))
            return lambda space: found
        match node:
            case tree.Name():
                return self.name(node.name)
            case tree.Path():
                return self.path(node)
            case tree.Placeholder():
                return self.placeholder()
            case tree.Binary():
                return self.binary(node)
            case tree.Logical():
                return self.logical(node)
            case tree.Negate():
                operand = self.op(node.operand)
                return lambda space: negate(space, operand(space))
            case tree.Between():
                return self.between(node)
            case tree.In():
                value, test = self.op(node.value), self.tests(tree.UnaryTests(node.tests, at=node.at))
                return lambda space: test(space, value(space))
            case tree.If():
                return self.choose(node)
            case tree.Call():
                return self.call(node)
            case _:
                return self.composed(node)

    def composed(self, node: tree.Node) -> Op:
        """Constructs over lists and groups."""
        match node:
            case tree.Quantified():
                return self.quantified(node)
            case tree.For():
                return self.loop(node)
            case tree.Filter():
                return self.filter(node)
            case tree.ContextLiteral():
                return self.context(node)
            case tree.UnaryTests():
                test, placeholder = self.tests(node), self.placeholder()
                return lambda space: test(space, placeholder(space))
            case _:
                raise Cannot(_named(node))

    # --- names -------------------------------------------------------------------------------------------------------

    def is_fixed(self, node: tree.Node) -> bool:
        """Whether an expression is the same in every row."""
        qualified: set[int] = set()
        for found in every_node(node):
            if isinstance(found, tree.Placeholder):
                return False
            if isinstance(found, tree.Path) and isinstance(found.source, tree.Name):
                key = self.reads.get(f"{found.source.name}.{found.name}")
                if key is not None:
                    qualified.add(id(found.source))
                    if self.knowledge.fixed(key) is None:
                        return False
            if isinstance(found, tree.Name) and id(found) not in qualified and not self.fixed_name(found.name):
                return False
        return True

    def fixed_name(self, name: str) -> bool:
        """Whether a name has one value for all rows."""
        for layer in self.layers:
            if name in layer.slots or (layer.item is not None and name not in BUILTINS):
                return False
        key = self.reads.get(name)
        return key is None or self.knowledge.fixed(key) is not None

    def name(self, wanted: str) -> Op:
        """A variable, a unit, or inside a filter a field of the element."""
        items: list[int] = []
        outer: Op | None = None
        for layer in reversed(self.layers):
            if wanted in layer.slots:
                slot = layer.slots[wanted]
                if slot == layer.item:
                    items.append(slot)
                outer = _variable(slot)
                break
            if layer.item is not None:
                items.append(layer.item)
        if outer is None:
            outer = self.outer(wanted)
        for slot in reversed(items):
            outer = through(slot, wanted, outer)
        return outer

    def outer(self, wanted: str) -> Op:
        """What a name means outside loops."""
        key = self.reads.get(wanted)
        if key is None:
            value = (
                self.knowledge.evaluate(tree.Name(wanted), self.reads) if wanted == PEILDATUM else CONSTANTS.get(wanted)
            )
            found = Lit(value)
            return lambda space: found
        fixed = self.knowledge.fixed(key)
        if fixed is not None:
            return lambda space: fixed
        return lambda space: space.unit(key)

    def placeholder(self) -> Op:
        """`?`."""
        for layer in reversed(self.layers):
            if "?" in layer.slots:
                return _variable(layer.slots["?"])
        raise Cannot("een vraagteken buiten een tabelvak")

    def path(self, node: tree.Path) -> Op:
        """What stands behind a dot."""
        if isinstance(node.source, tree.Name) and f"{node.source.name}.{node.name}" in self.reads:
            return self.outer(f"{node.source.name}.{node.name}")
        source, name = self.op(node.source), node.name
        return lambda space: part_of(space, source(space), name)

    # --- operators ---------------------------------------------------------------------------------------------------

    def binary(self, node: tree.Binary) -> Op:
        """Arithmetic and comparison."""
        left, right, operator = self.op(node.left), self.op(node.right), node.operator
        if operator == "=":
            return lambda space: same(space, left(space), right(space))
        if operator == "!=":
            return lambda space: inverse(same(space, left(space), right(space)))
        if operator in ("<", "<=", ">", ">="):
            return lambda space: ordered(space, operator, left(space), right(space))
        if operator == "*":
            return lambda space: multiply(space, left(space), right(space))
        if operator == "/":
            return lambda space: divide(space, left(space), right(space))
        if operator in ("+", "-"):
            sign = 1 if operator == "+" else -1
            return lambda space: _added(space, left(space), right(space), sign)
        raise Cannot("machtsverheffen")

    def logical(self, node: tree.Logical) -> Op:
        """`and`, `or`."""
        items = [self.op(item) for item in node.items]
        every = node.kind == "and"
        return lambda space: chain(space, [item(space) for item in items], every=every)

    def between(self, node: tree.Between) -> Op:
        """`x between a and b`."""
        value, low, high = self.op(node.value), self.op(node.low), self.op(node.high)

        def run(space: Space) -> Operand:
            middle = value(space)
            ends = ordered(space, "<=", low(space), middle), ordered(space, "<=", middle, high(space))
            return chain(space, ends, every=True)

        return run

    def choose(self, node: tree.If) -> Op:
        """`if`."""
        condition, then, otherwise = self.op(node.condition), self.branch(node.then), self.branch(node.otherwise)
        return lambda space: chosen(space, condition(space), then, otherwise)

    def branch(self, node: tree.Node) -> Branch:
        """A part that matters in some rows only."""
        op = self.op(node)
        if self.is_fixed(node):
            return Branch(op, plain=True)
        name = _dotted(node)
        local = name is None or any(name in layer.slots or layer.item is not None for layer in self.layers)
        return Branch(op, unit=None if local or name is None else self.reads.get(name))

    # --- calls -------------------------------------------------------------------------------------------------------

    def call(self, node: tree.Call) -> Op:
        """A built-in."""
        if not isinstance(node.function, tree.Name) or node.function.name not in BUILTINS:
            raise Cannot("een eigen functie")
        name = node.function.name
        if any(name in layer.slots for layer in self.layers) or name in self.reads:
            raise Cannot("een eigen functie")
        picked = select(name, len(node.arguments), node.named)
        if picked is None or any(place is None for place in picked[1]):
            raise Cannot(f"de functie '{name}' zo aangeroepen")
        nodes = [node.arguments[place] for place in picked[1] if place is not None]
        if name == "list contains" and isinstance(nodes[0], tree.ListLiteral) and not self.is_fixed(nodes[0]):
            items, element = [self.op(item) for item in nodes[0].items], self.op(nodes[1])
            return lambda space: functions.contains(space, [item(space) for item in items], element(space))
        if name in series.AGGREGATES and len(nodes) == 1 and isinstance(nodes[0], tree.ListLiteral):
            parts = [self.op(item) for item in nodes[0].items]
            return lambda space: functions.loose(space, name, [part(space) for part in parts])
        arguments = [self.op(argument) for argument in nodes]
        return lambda space: functions.call(space, name, [argument(space) for argument in arguments])

    # --- tests -------------------------------------------------------------------------------------------------------

    def tests(self, node: tree.UnaryTests) -> Test:
        """A whole cell of a table, or what stands behind `in`."""
        if not node.tests:
            everything = Lit(True)
            return lambda space, value: everything
        slot = self.knowledge.slot()
        self.layers.append(_Layer({"?": slot}))
        found = [self.test(test, slot) for test in node.tests]
        self.layers.pop()
        negated = node.negated
        if len(found) == 1 and not negated:
            return found[0]

        def run(space: Space, value: Operand) -> Operand:
            result = chain(space, [test(space, value) for test in found], every=False)
            return inverse(result) if negated else result

        return run

    def test(self, node: tree.Test, slot: int) -> Test:
        """One test."""
        if isinstance(node, tree.Compare):
            return comparison(node.operator, self.op(node.operand))
        if node.uses_input:
            code = self.op(node.expression)

            def asked(space: Space, value: Operand) -> Operand:
                space.variables[slot] = value
                return code(space)

            return asked
        if isinstance(node.expression, tree.RangeLiteral) and not self.is_fixed_range(node.expression):
            return self.inside(node.expression)
        held = isinstance(node.expression, _CONDITIONS)
        wanted = self.op(node.expression)
        return lambda space, value: satisfies(space, value, wanted(space), held=held)

    def is_fixed_range(self, node: tree.RangeLiteral) -> bool:
        """Whether a range is the same in every row, and has the ends it names."""
        return self.is_fixed(node) and isinstance(self.knowledge.evaluate(node, self.reads), Range)

    def inside(self, node: tree.RangeLiteral) -> Test:
        """A range with ends that differ by row, or that are not there."""
        low = self.op(node.low) if node.low is not None else None
        high = self.op(node.high) if node.high is not None else None

        def run(space: Space, value: Operand) -> Operand:
            bottom = low(space) if low is not None else None
            top = high(space) if high is not None else None
            return within(space, value, bottom, top, (node.low_closed, node.high_closed))

        return run

    # --- lists and groups --------------------------------------------------------------------------------------------

    def quantified(self, node: tree.Quantified) -> Op:
        """`some` and `every` over one list."""
        iteration = _only(node.iterations)
        domain = self.op(iteration.domain)
        spread = isinstance(iteration.domain, tree.ListLiteral)
        parts = (
            [self.op(item) for item in iteration.domain.items] if isinstance(iteration.domain, tree.ListLiteral) else []
        )
        slot = self.knowledge.slot()
        self.layers.append(_Layer({iteration.name: slot}))
        condition = self.op(node.condition)
        self.layers.pop()
        every = node.kind == "every"

        def run(space: Space) -> Operand:
            if spread:
                return _unrolled(space, [part(space) for part in parts], slot, condition, every=every)
            items = domain(space)
            if isinstance(items, Lit) and isinstance(items.value, list):
                return _unrolled(space, [Lit(value) for value in items.value], slot, condition, every=every)
            if no_value(items):
                return blank(space, items)
            if not isinstance(items, Series):
                raise Cannot("een lus over iets dat geen lijst is")
            items.space.variables[slot] = items.items
            return series.quantified(space, items, condition(items.space), every=every)

        return run

    def loop(self, node: tree.For) -> Op:
        """`for x in list return ...` over one list."""
        iteration = _only(node.iterations)
        domain, slot = self.op(iteration.domain), self.knowledge.slot()
        self.layers.append(_Layer({iteration.name: slot}))
        body = self.op(node.body)
        self.layers.pop()

        def run(space: Space) -> Operand:
            items = domain(space)
            if no_value(items):
                return blank(space, items)
            if not isinstance(items, Series):
                raise Cannot("een lus over iets dat geen lijst is")
            items.space.variables[slot] = items.items
            return Series(items.space, body(items.space), items.null, items.gap)

        return run

    def filter(self, node: tree.Filter) -> Op:
        """`list[condition]`, `list[number]`."""
        source, slot = self.op(node.source), self.knowledge.slot()
        if self.is_fixed(node.condition) and isinstance(node.condition, (tree.Number, tree.Negate)):
            place = self.knowledge.evaluate(node.condition, self.reads)
            position = whole(place)
            if position is None:
                raise Cannot("een plaats in een lijst die geen heel getal is")
            return lambda space: _at(space, source(space), position)
        self.layers.append(_Layer({"item": slot}, slot))
        condition = self.op(node.condition)
        self.layers.pop()

        def run(space: Space) -> Operand:
            items = source(space)
            if not isinstance(items, Series):
                raise Cannot("een keuze uit iets dat geen lijst is")
            items.space.variables[slot] = items.items
            verdict = condition(items.space)
            if isinstance(verdict, Amount) or (isinstance(verdict, Lit) and whole(verdict.value) is not None):
                raise Cannot("een plaats in een lijst die per rij verschilt")
            return series.filtered(space, items, verdict)

        return run

    def context(self, node: tree.ContextLiteral) -> Op:
        """A group made on the spot; later entries may use earlier ones."""
        entries: list[tuple[str, int, Op]] = []
        for key, value in node.entries:
            code, slot = self.op(value), self.knowledge.slot()
            self.layers.append(_Layer({key: slot}))
            entries.append((key, slot, code))
        del self.layers[len(self.layers) - len(entries) :]

        def run(space: Space) -> Operand:
            for _, slot, code in entries:
                space.variables[slot] = code(space)
            return Record({key: space.variables[slot] for key, slot, _ in entries})

        return run


# --- what needs no compiler ------------------------------------------------------------------------------------------


def _variable(slot: int) -> Op:
    return lambda space: space.variable(slot)


def _named(node: tree.Node) -> str:
    names: dict[type, str] = {
        tree.InstanceOf: "'instance of'",
        tree.FunctionDefinition: "een eigen functie",
        tree.ListLiteral: "een lijst van wat per rij verschilt",
        tree.RangeLiteral: "een bereik als waarde",
    }
    return names.get(type(node), f"deze vorm ({type(node).__name__})")


def _dotted(node: tree.Node) -> str | None:
    """The name of a unit, when the expression is nothing else."""
    if isinstance(node, tree.Path) and isinstance(node.source, tree.Name):
        return f"{node.source.name}.{node.name}"
    return node.name if isinstance(node, tree.Name) else None


def _only(iterations: tuple[tree.Iteration, ...]) -> tree.Iteration:
    if len(iterations) != 1 or iterations[0].end is not None:
        raise Cannot("een lus over meer dan één lijst")
    return iterations[0]


def _added(space: Space, a: Operand, b: Operand, sign: int) -> Operand:
    if isinstance(a, Lit) and isinstance(b, Lit):
        return Lit((operators.add if sign > 0 else operators.subtract)(a.value, b.value))
    return blank(space, a, b) if no_value(a) or no_value(b) else days.add(space, a, b, sign)


def _at(space: Space, items: Operand, position: int) -> Operand:
    if no_value(items):
        return blank(space, items)
    if not isinstance(items, Series):
        raise Cannot("een plaats in iets dat geen lijst is")
    return series.item_at(space, items, position)


def _unrolled(space: Space, items: Sequence[Operand], slot: int, condition: Op, *, every: bool) -> Operand:
    """A quantifier over a list of which the items stand apart."""
    if len(items) > _MOST_UNROLLED:
        raise Cannot("een lus over een lange lijst")
    verdicts: list[Operand] = []
    for item in items:
        space.variables[slot] = item
        verdicts.append(condition(space))
    return chain(space, verdicts, every=every)
