"""A syntax tree back to FEEL text that reads as the same tree (DMN 1.5, section 10.3.1.2).

Brackets stand only where the grammar needs them. Names are written as they are: whoever prints gives names that fit.
"""

from __future__ import annotations

from typing import Final

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.values import show_number

# How tight an operator binds: the table of the parser, and above it what needs no brackets.
_LOOSE, _OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _INSTANCE, _ATOM = range(9)
_STRENGTH: Final = {
    "=": _COMPARE,
    "!=": _COMPARE,
    "<": _COMPARE,
    "<=": _COMPARE,
    ">": _COMPARE,
    ">=": _COMPARE,
    "+": _ADD,
    "-": _ADD,
    "*": _MULTIPLY,
    "/": _MULTIPLY,
    "**": _POWER,
}
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def print_expression(node: tree.Node) -> str:
    """The text of an expression."""
    return _Printer().at(node, _LOOSE)


def print_tests(tests: tree.UnaryTests) -> str:
    """The text of a table cell; `-` for anything."""
    return _Printer().unary(tests)


def print_text(text: str) -> str:
    """A FEEL string literal."""
    return '"' + text.translate(_ESCAPES) + '"'


class _Printer:
    def at(self, node: tree.Node, least: int) -> str:
        """The text of a node where something that binds at least this tight must stand."""
        text, strength = self.node(node)
        return text if strength >= least else f"({text})"

    def node(self, node: tree.Node) -> tuple[str, int]:
        """The text of a node, and how tight it binds."""
        match node:
            case tree.Number():
                return show_number(node.value), _ATOM if node.value >= 0 else _POWER
            case tree.String():
                return print_text(node.value), _ATOM
            case tree.Boolean():
                return "true" if node.value else "false", _ATOM
            case tree.Null():
                return "null", _ATOM
            case tree.Temporal():
                return f"@{print_text(node.text)}", _ATOM
            case tree.Name():
                return node.name, _ATOM
            case tree.Placeholder():
                return "?", _ATOM
            case tree.Path():
                return f"{self.at(node.source, _ATOM)}.{node.name}", _ATOM
            case tree.Call():
                return self.call(node), _ATOM
            case tree.Filter():
                return f"{self.at(node.source, _ATOM)}[{self.at(node.condition, _LOOSE)}]", _ATOM
            case tree.ListLiteral():
                return "[" + self.listed(node.items) + "]", _ATOM
            case tree.ContextLiteral():
                return self.context(node), _ATOM
            case tree.RangeLiteral():
                return self.range(node), _ATOM
            case _:
                return self.operation(node)

    def operation(self, node: tree.Node) -> tuple[str, int]:
        """What holds others with words or operators between them."""
        match node:
            case tree.Binary():
                return self.binary(node)
            case tree.Negate():
                return f"-{self.at(node.operand, _INSTANCE)}", _POWER
            case tree.Logical():
                own = _AND if node.kind == "and" else _OR
                return f" {node.kind} ".join(self.at(item, own + 1) for item in node.items), own
            case tree.Between():
                low, high = self.at(node.low, _ADD), self.at(node.high, _ADD)
                return f"{self.at(node.value, _ADD)} between {low} and {high}", _COMPARE
            case tree.In():
                return f"{self.at(node.value, _ADD)} in {self.in_tests(node.tests)}", _COMPARE
            case tree.InstanceOf():
                return f"{self.at(node.value, _ATOM)} instance of {print_type(node.type)}", _INSTANCE
            case _:
                return self.worded(node), _LOOSE

    def worded(self, node: tree.Node) -> str:
        """What starts with a word and reaches as far as it can."""
        match node:
            case tree.If():
                condition, then = self.at(node.condition, _LOOSE), self.at(node.then, _LOOSE)
                return f"if {condition} then {then} else {self.at(node.otherwise, _LOOSE)}"
            case tree.For():
                return f"for {self.iterations(node.iterations)} return {self.at(node.body, _LOOSE)}"
            case tree.Quantified():
                loops = self.iterations(node.iterations)
                return f"{node.kind} {loops} satisfies {self.at(node.condition, _LOOSE)}"
            case tree.FunctionDefinition():
                typed = (f"{p.name}: {print_type(p.type)}" if p.type else p.name for p in node.parameters)
                body = "external {}" if node.body is None else self.at(node.body, _LOOSE)
                return f"function({', '.join(typed)}) {body}"
            case tree.UnaryTests():
                return self.unary(node)
            case _:
                raise ValueError(f"Unknown node: {type(node).__name__}.")

    def binary(self, node: tree.Binary) -> tuple[str, int]:
        """Both sides; operators of one strength associate to the left."""
        own = _STRENGTH[node.operator]
        left = self.at(node.left, own if own != _COMPARE else own + 1)
        return f"{left} {node.operator} {self.at(node.right, own + 1)}", own

    def call(self, node: tree.Call) -> str:
        """A call, with names where they were given."""
        arguments = [self.at(argument, _LOOSE) for argument in node.arguments]
        if node.named is not None:
            arguments = [f"{name}: {text}" for name, text in zip(node.named, arguments, strict=True)]
        return f"{self.at(node.function, _ATOM)}({', '.join(arguments)})"

    def listed(self, items: tuple[tree.Node, ...]) -> str:
        return ", ".join(self.at(item, _LOOSE) for item in items)

    def context(self, node: tree.ContextLiteral) -> str:
        """A key that is no plain word is written as text."""
        entries = (
            f"{key if key.isidentifier() and key.isascii() else print_text(key)}: {self.at(value, _LOOSE)}"
            for key, value in node.entries
        )
        return "{" + ", ".join(entries) + "}"

    def range(self, node: tree.RangeLiteral) -> str:
        """`[low..high]`; an open end as a comparison in brackets."""
        if node.low is None or node.high is None:
            closed = node.high_closed if node.low is None else node.low_closed
            end = node.high if node.low is None else node.low
            sign = ("<" if node.low is None else ">") + ("=" if closed else "")
            return f"({sign} {self.at(end, _ADD)})" if end is not None else "null"
        low, high = self.at(node.low, _ADD), self.at(node.high, _ADD)
        return f"{'[' if node.low_closed else '('}{low}..{high}{']' if node.high_closed else ')'}"

    def iterations(self, loops: tuple[tree.Iteration, ...]) -> str:
        """`x in xs, y in 1..3`."""
        return ", ".join(
            f"{loop.name} in {self.at(loop.domain, _ADD)}"
            + (f"..{self.at(loop.end, _ADD)}" if loop.end is not None else "")
            for loop in loops
        )

    def unary(self, tests: tree.UnaryTests) -> str:
        """A cell."""
        if not tests.tests:
            return "-"
        text = ", ".join(self.test(test) for test in tests.tests)
        return f"not({text})" if tests.negated else text

    def test(self, test: tree.Test) -> str:
        """One test of a cell."""
        if isinstance(test, tree.Compare):
            return f"{test.operator} {self.at(test.operand, _ADD)}"
        return self.at(test.expression, _LOOSE)

    def in_tests(self, tests: tuple[tree.Test, ...]) -> str:
        """What stands behind `in`: one value bare, more in brackets."""
        if len(tests) == 1 and isinstance(tests[0], tree.Expect):
            return self.at(tests[0].expression, _ADD)
        return "(" + ", ".join(self.test(test) for test in tests) + ")"


def print_type(type_: tree.TypeRef) -> str:
    """The text of a type."""
    if type_.result is not None:
        arguments = ", ".join(print_type(argument) for argument in type_.arguments)
        return f"function<{arguments}> -> {print_type(type_.result)}"
    if type_.fields:
        return "context<" + ", ".join(f"{name}: {print_type(inner)}" for name, inner in type_.fields) + ">"
    if type_.arguments:
        return f"{type_.name}<" + ", ".join(print_type(argument) for argument in type_.arguments) + ">"
    return type_.name
