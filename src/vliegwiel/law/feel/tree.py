"""The syntax tree of FEEL (DMN 1.5, section 10.3.1). Frozen; `at` is the offset of the node in its text."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

Operator: TypeAlias = OneOf["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">="]
Comparison: TypeAlias = OneOf["=", "!=", "<", "<=", ">", ">="]


class Number(Struct, frozen=True):
    value: Decimal
    at: int = 0


class String(Struct, frozen=True):
    value: str
    at: int = 0


class Boolean(Struct, frozen=True):
    value: bool
    at: int = 0


class Null(Struct, frozen=True):
    at: int = 0


class Temporal(Struct, frozen=True):
    """`@"..."`: a date, time, date and time or duration."""

    text: str
    at: int = 0


class Name(Struct, frozen=True):
    """A variable; the name as it is known in scope, spaces included."""

    name: str
    at: int = 0


class Placeholder(Struct, frozen=True):
    """`?`: the input of a unary test."""

    at: int = 0


class Path(Struct, frozen=True):
    """`source.name`."""

    source: Node
    name: str
    at: int = 0


class Binary(Struct, frozen=True):
    operator: Operator
    left: Node
    right: Node
    at: int = 0


class Negate(Struct, frozen=True):
    operand: Node
    at: int = 0


class Logical(Struct, frozen=True):
    """A chain of `and`, or of `or`."""

    kind: OneOf["and", "or"]
    items: tuple[Node, ...]
    at: int = 0


class Between(Struct, frozen=True):
    value: Node
    low: Node
    high: Node
    at: int = 0


class In(Struct, frozen=True):
    value: Node
    tests: tuple[Test, ...]
    at: int = 0


class InstanceOf(Struct, frozen=True):
    value: Node
    type: TypeRef
    at: int = 0


class If(Struct, frozen=True):
    condition: Node
    then: Node
    otherwise: Node
    at: int = 0


class Iteration(Struct, frozen=True):
    """`name in domain`, or `name in domain..end` counting up or down."""

    name: str
    domain: Node
    end: Node | None = None


class For(Struct, frozen=True):
    iterations: tuple[Iteration, ...]
    body: Node
    at: int = 0


class Quantified(Struct, frozen=True):
    kind: OneOf["some", "every"]
    iterations: tuple[Iteration, ...]
    condition: Node
    at: int = 0


class Parameter(Struct, frozen=True):
    name: str
    type: TypeRef | None = None


class FunctionDefinition(Struct, frozen=True):
    """`body` is None for an external function: those are refused, by design."""

    parameters: tuple[Parameter, ...]
    body: Node | None
    at: int = 0


class Call(Struct, frozen=True):
    """`named` is None for positional arguments."""

    function: Node
    arguments: tuple[Node, ...]
    named: tuple[str, ...] | None = None
    at: int = 0


class Filter(Struct, frozen=True):
    source: Node
    condition: Node
    at: int = 0


class ListLiteral(Struct, frozen=True):
    items: tuple[Node, ...]
    at: int = 0


class ContextLiteral(Struct, frozen=True):
    entries: tuple[tuple[str, Node], ...]
    at: int = 0


class RangeLiteral(Struct, frozen=True):
    """`[low..high]` and its open forms; a missing end (from `(< 5)`) is None."""

    low: Node | None
    high: Node | None
    low_closed: bool
    high_closed: bool
    at: int = 0


class Compare(Struct, frozen=True):
    """A unary test like `< 5`."""

    operator: Comparison
    operand: Node
    at: int = 0


class Expect(Struct, frozen=True):
    """A unary test that is an expression: equal to, in, or (with `?`) true."""

    expression: Node
    uses_input: bool
    at: int = 0


class UnaryTests(Struct, frozen=True):
    """A cell of a decision table. No tests at all is `-`: anything."""

    tests: tuple[Test, ...]
    negated: bool = False
    at: int = 0


class TypeRef(Struct, frozen=True):
    """A type in `instance of` or a parameter: `list<number>` has name `list` and one argument."""

    name: str
    arguments: tuple[TypeRef, ...] = ()
    fields: tuple[tuple[str, TypeRef], ...] = ()
    result: TypeRef | None = None


Test: TypeAlias = Compare | Expect
Node: TypeAlias = (
    Number
    | String
    | Boolean
    | Null
    | Temporal
    | Name
    | Placeholder
    | Path
    | Binary
    | Negate
    | Logical
    | Between
    | In
    | InstanceOf
    | If
    | For
    | Quantified
    | FunctionDefinition
    | Call
    | Filter
    | ListLiteral
    | ContextLiteral
    | RangeLiteral
    | UnaryTests
)
