"""Boxed expressions to functions, with the compiler of FEEL (DMN 1.5, sections 8 and 10.2.2).

Every box is what it is in FEEL: a context, a call, a list, a function, a loop. So boxes and text share names and frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vliegwiel.law.dmn import model as m
from vliegwiel.law.dmn.tables import Policy, Row, TooManyHits
from vliegwiel.law.dmn.typing import ANY, DmnType, Types
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.compiler import Compiler, compile_expression, compile_tests
from vliegwiel.law.feel.errors import FeelError
from vliegwiel.law.feel.parser import Scope, parse_expression, parse_unary_tests
from vliegwiel.law.feel.runtime import Budget, Code, Frame
from vliegwiel.law.feel.scope import Names
from vliegwiel.law.feel.values import FeelFunction, Unknown, Value

Report = Callable[[str], None]
Test = Callable[[Frame, Value], Value]
_VALUE = "value to filter"


def fitted(code: Code, wanted: DmnType) -> Code:
    """The code, with its value made to fit a type."""
    if wanted is ANY:
        return code
    return lambda frame: wanted.fit(code(frame))


def allowed(limit: Test | None, frame: Frame, value: Value, report: Report) -> Value:
    """A value of a column; null with a report when the column may not hold it."""
    if limit is None or value is None or isinstance(value, Unknown) or limit(frame, value) is True:
        return value
    report("Een waarde past niet bij wat in de kolom mag staan.")
    return None


class BoxCompiler:
    """Compiles the expressions of one decision or knowledge model. `report` takes sentences about what is wrong."""

    def __init__(self, names: Names, types: Types, properties: frozenset[str], report: Report) -> None:
        self.names = names
        self.types = types
        self.properties = properties
        self.report = report
        self.scopes: dict[tuple[str, ...], Scope] = {}

    # -- text ------------------------------------------------------------------------------------------------------------

    def scope(self) -> Scope:
        """The names that are known at this place. Made once for each set of names: preparing names is dear."""
        known = tuple(name for layer in self.names.layers for name in layer.slots)
        if known not in self.scopes:
            self.scopes[known] = Scope(known, self.properties)
        return self.scopes[known]

    def text(self, text: str) -> Code:
        """An expression; one that cannot be read gives null and a report."""
        try:
            return compile_expression(parse_expression(text, self.scope()), self.names, text)
        except FeelError as error:
            self.report(error.sentence)
            return lambda frame: None

    def tests(self, text: str) -> Callable[[Frame, Value], Value]:
        """A cell of conditions."""
        try:
            return compile_tests(parse_unary_tests(text, self.scope()), self.names, text)
        except FeelError as error:
            self.report(error.sentence)
            return lambda frame, value: None

    # -- boxes -----------------------------------------------------------------------------------------------------------

    def code(self, box: m.Expression) -> Code:
        """The function of a box."""
        wanted = self.types.named(box.type)
        if isinstance(box, m.Function) and not wanted.function:
            wanted = ANY
        return fitted(self.shape(box), wanted)

    def shape(self, box: m.Expression) -> Code:
        """The function of a box, before its type is applied."""
        match box:
            case m.Literal():
                return self.text(box.text)
            case m.Table():
                return self.table(box)
            case m.Context():
                return self.context(box)
            case m.Function():
                return self.function(box)
            case m.Invocation():
                return self.invocation(box)
            case m.Items():
                return _collected([self.code(item) for item in box.items])
            case m.Relation():
                return self.relation(box)
            case m.Conditional():
                return self.conditional(box)
            case m.Filtered() | m.Iterated():
                return self.loop(box)

    def context(self, box: m.Context) -> Code:
        """Entries in order, each knows those before it; an entry without a name is the result of the whole."""
        entries: list[tuple[str | None, int, Code]] = []
        for entry in box.entries:
            wanted = self.types.named(entry.type)
            name = entry.name or "result of the context"
            if isinstance(entry.expression, m.Function):
                (slot,) = self.names.push(name)
                code = fitted(self.code(entry.expression), wanted)
            else:
                code = fitted(self.code(entry.expression), wanted)
                (slot,) = self.names.push(name)
            entries.append((entry.name, slot, code))
        self.names.pop(len(entries))

        def run(frame: Frame) -> Value:
            made: dict[str, Value] = {}
            for name, slot, code in entries:
                value = code(frame)
                if name is None:
                    return value
                made[name] = frame[slot] = value
                if isinstance(value, FeelFunction) and value.bind is not None:
                    value.bind(slot, value)
            return made

        return run

    def function(self, box: m.Function) -> Code:
        """A function value; Java and PMML functions are refused."""
        if box.kind != "FEEL" or box.body is None:
            self.report("Externe functies worden niet uitgevoerd.")
            return lambda frame: None
        return self.closure(box.parameters, box.body, ANY)

    def closure(self, parameters: Sequence[m.Parameter], body: m.Expression, result: DmnType) -> Code:
        """A function over the frame it is made in. Arguments that do not fit make the call null."""
        names = tuple(p.name for p in parameters)
        wanted = [self.types.named(p.type) for p in parameters]
        slots = self.names.push(*names)
        code = fitted(self.code(body), result)
        self.names.pop()

        def run(frame: Frame) -> Value:
            captured = frame.fork()

            def call(arguments: list[Value]) -> Value:
                inner = captured.fork()
                for slot, argument, kind in zip(slots, arguments, wanted, strict=True):
                    inner[slot] = value = kind.fit(argument)
                    if value is None and argument is not None:
                        return None
                inner.budget.enter()
                value = code(inner)
                inner.budget.leave()
                return value

            return FeelFunction(names, call, bind=captured.__setitem__)

        return run

    def invocation(self, box: m.Invocation) -> Code:
        """A call with arguments by name."""
        callee = self.called(box.function)
        bound = [(name, self.code(value)) for name, value in box.bindings if value is not None]

        def run(frame: Frame) -> Value:
            function = callee(frame)
            if isinstance(function, Unknown):
                return function
            if not isinstance(function, FeelFunction):
                return None
            given = {name: code(frame) for name, code in bound}
            if not set(given) <= set(function.parameters):
                return None
            return function.call([given.get(name) for name in function.parameters])

        return run

    def called(self, box: m.Expression) -> Code:
        """What an invocation calls: a name, also one with spaces."""
        if isinstance(box, m.Literal):
            name = " ".join(box.text.split())
            if any(name in layer.slots for layer in self.names.layers):
                return Compiler(self.names, name).code(tree.Name(name))
        return self.code(box)

    def relation(self, box: m.Relation) -> Code:
        """A list of contexts."""
        kinds = [self.types.named(column.type) for column in box.columns]
        names = [column.name for column in box.columns]
        rows = [[fitted(self.code(cell), kind) for cell, kind in zip(row, kinds, strict=False)] for row in box.rows]

        def run(frame: Frame) -> Value:
            return [dict(zip(names, [cell(frame) for cell in row], strict=False)) for row in rows]

        return run

    def conditional(self, box: m.Conditional) -> Code:
        """If, then, else."""
        condition, then, otherwise = self.code(box.condition), self.code(box.then), self.code(box.otherwise)

        def run(frame: Frame) -> Value:
            verdict = condition(frame)
            if isinstance(verdict, Unknown):
                return verdict
            return then(frame) if verdict is True else otherwise(frame)

        return run

    def loop(self, box: m.Filtered | m.Iterated) -> Code:
        """Filters and loops: the source is computed first, then FEEL's own loop runs over it."""
        source = self.code(box.source)
        (slot,) = self.names.push(_VALUE)
        name = tree.Name(_VALUE)
        run = self.filtered(box, slot) if isinstance(box, m.Filtered) else self.iterated(box, name)
        self.names.pop()

        def outer(frame: Frame) -> Value:
            frame[slot] = source(frame)
            return run(frame)

        return outer

    def filtered(self, box: m.Filtered, source: int) -> Code:
        """A boxed filter keeps what matches; a match that is no boolean makes it null."""
        item = self.names.push_item()
        match = self.code(box.match)
        self.names.pop()

        def run(frame: Frame) -> Value:
            value = frame[source]
            if isinstance(value, Unknown) or value is None:
                return value
            items: list[Value] = value if isinstance(value, list) else [value]
            frame.budget.spend(len(items))
            kept: list[Value] = []
            for element in items:
                frame[item] = element
                verdict = match(frame)
                if isinstance(verdict, Unknown):
                    return verdict
                if verdict is not None and not isinstance(verdict, bool):
                    return None
                if verdict is True:
                    kept.append(element)
            return kept

        return run

    def iterated(self, box: m.Iterated, source: tree.Name) -> Code:
        """`for`, `some` and `every` as boxes."""
        compiler = _Boxed(self.names, self, box.body)
        iteration = tree.Iteration(box.variable, source)
        if box.kind == "for":
            return compiler.code(tree.For((iteration,), BODY))
        return compiler.code(tree.Quantified("some" if box.kind == "some" else "every", (iteration,), BODY))

    # -- tables ----------------------------------------------------------------------------------------------------------

    def table(self, box: m.Table) -> Code:
        """A decision table; more hits than its policy allows give null and a report."""
        inputs = [fitted(self.text(i.expression.text), self.types.named(i.expression.type)) for i in box.inputs]
        limits = [self.limit(i.values) for i in box.inputs]
        answers = [self.limit(o.values) for o in box.outputs]
        rules = [
            ([self.tests(cell) for cell in rule.inputs], [self.text(cell) for cell in rule.outputs])
            for rule in box.rules
        ]
        kinds = [self.types.named(output.type) for output in box.outputs]
        defaults = self.defaults(box)
        policy = Policy(box.policy, box.aggregation, tuple(o.name for o in box.outputs), self.rank(box))
        report = self.report

        def run(frame: Frame) -> Value:
            values = [code(frame) for code in inputs]
            missing = next((v for v in values if isinstance(v, Unknown)), None)
            if missing is not None:
                return missing
            # A value that may not stand in its column counts as null there (DMN 1.5, section 8.2.3).
            values = [allowed(limit, frame, value, report) for limit, value in zip(limits, values, strict=True)]
            frame.budget.spend(len(rules))
            hits: list[Row] = []
            for tests, outputs in rules:
                if all(test(frame, value) is True for test, value in zip(tests, values, strict=True)):
                    row = [kind.fit(code(frame)) for kind, code in zip(kinds, outputs, strict=True)]
                    hits.append(
                        tuple(allowed(limit, frame, value, report) for limit, value in zip(answers, row, strict=True))
                    )
                    if box.policy == "F":
                        break
            if not hits and defaults is not None:
                return policy.shape(tuple(code(frame) for code in defaults))
            try:
                return policy.result(hits, frame.budget)
            except TooManyHits as error:
                report(str(error))
                return None

        return run

    def limit(self, text: str | None) -> Test | None:
        """What a column may hold, or None when it may hold anything. A lone `?` says nothing about a value."""
        if text is None or text.strip() in ("", "-", "?"):
            return None
        return self.tests(text)

    def defaults(self, box: m.Table) -> list[Code] | None:
        """What a table gives when no rule is hit, or None."""
        if not any(output.default for output in box.outputs):
            return None
        return [self.text(output.default or "null") for output in box.outputs]

    def rank(self, box: m.Table) -> Callable[[Row], tuple[int, ...]]:
        """The order of outputs: that of the values each column lists, or its type allows."""
        orders: list[list[Value] | None] = []
        for output in box.outputs:
            text = output.values or self.types.allowed_text(output.type)
            orders.append(self.listed(text) if text else None)

        def rank(row: Row) -> tuple[int, ...]:
            return tuple(
                order.index(value) if order is not None and value in order else len(order or ())
                for order, value in zip(orders, row, strict=True)
            )

        return rank

    def listed(self, text: str) -> list[Value]:
        """The values of `"a", "b"`, in order."""
        code = self.text(f"[{text}]")
        value = code(Frame([None] * self.names.slots.size, Budget()))
        return value if isinstance(value, list) else []


BODY = tree.Placeholder(at=-1)


class _Boxed(Compiler):
    """FEEL's compiler, where one node stands for a box."""

    def __init__(self, names: Names, boxes: BoxCompiler, body: m.Expression) -> None:
        super().__init__(names, "")
        self.boxes = boxes
        self.body = body

    def code(self, node: tree.Node) -> Code:
        """The function of a node; the stand-in is the box."""
        return self.boxes.code(self.body) if node is BODY else super().code(node)


def _collected(codes: list[Code]) -> Code:
    return lambda frame: [code(frame) for code in codes]
