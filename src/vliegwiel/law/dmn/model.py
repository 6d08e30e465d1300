"""A DMN model as typed data: what the XML says, nothing worked out yet (DMN 1.5, chapters 6 to 8 and 10)."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Literal(Struct, frozen=True):
    """A FEEL expression."""

    text: str
    type: str | None = None


class Input(Struct, frozen=True):
    """A column of conditions. `values` are unary tests that say what may stand there, or None."""

    expression: Literal
    values: str | None = None


class Output(Struct, frozen=True):
    """A column of results; `name` is empty for a table with one column."""

    name: str
    type: str | None = None
    values: str | None = None
    default: str | None = None


class Rule(Struct, frozen=True):
    """A row: unary tests per input, expressions per output, and a remark per column of annotations."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...] = ()


class Table(Struct, frozen=True):
    """A decision table. `policy` is one of U A P F R O C, `aggregation` one of SUM MIN MAX COUNT or None."""

    policy: str
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    type: str | None = None
    annotations: tuple[str, ...] = ()


class Entry(Struct, frozen=True):
    """An entry of a boxed context; the last may have no name: then it is the result."""

    name: str | None
    expression: Expression
    type: str | None = None
    id: str = ""


class Context(Struct, frozen=True):
    entries: tuple[Entry, ...]
    type: str | None = None


class Parameter(Struct, frozen=True):
    name: str
    type: str | None = None


class Function(Struct, frozen=True):
    """`kind` is FEEL, or Java or PMML: those are refused."""

    parameters: tuple[Parameter, ...]
    body: Expression | None
    kind: str = "FEEL"
    type: str | None = None


class Invocation(Struct, frozen=True):
    function: Expression
    bindings: tuple[tuple[str, Expression | None], ...]
    type: str | None = None


class Items(Struct, frozen=True):
    """A boxed list."""

    items: tuple[Expression, ...]
    type: str | None = None


class Relation(Struct, frozen=True):
    columns: tuple[Parameter, ...]
    rows: tuple[tuple[Expression, ...], ...]
    type: str | None = None


class Conditional(Struct, frozen=True):
    condition: Expression
    then: Expression
    otherwise: Expression
    type: str | None = None


class Filtered(Struct, frozen=True):
    source: Expression
    match: Expression
    type: str | None = None


class Iterated(Struct, frozen=True):
    """`kind` is for, some or every."""

    kind: str
    variable: str
    source: Expression
    body: Expression
    type: str | None = None


Expression: TypeAlias = (
    Literal | Table | Context | Function | Invocation | Items | Relation | Conditional | Filtered | Iterated
)


class FunctionItem(Struct, frozen=True):
    """The type of a function: its parameters and what it gives."""

    parameters: tuple[Parameter, ...]
    result: str | None


class ItemDefinition(Struct, frozen=True):
    """A named type: a base type, a structure of components, or a function; perhaps a list of it; perhaps limited."""

    name: str
    base: str | None = None
    collection: bool = False
    allowed: str | None = None
    constraint: str | None = None
    components: tuple[ItemDefinition, ...] = ()
    function: FunctionItem | None = None
    id: str = ""


class Reference(Struct, frozen=True):
    """An element of this model (`namespace` empty) or of an imported one."""

    namespace: str
    id: str


class InputData(Struct, frozen=True):
    """`name` is that of its variable; `called` what the element itself is called, which should be the same."""

    id: str
    name: str
    type: str | None = None
    called: str = ""


class Decision(Struct, frozen=True):
    """`inputs` and `decisions` are its information requirements, `knowledge` the functions it may call."""

    id: str
    name: str
    type: str | None
    inputs: tuple[Reference, ...]
    decisions: tuple[Reference, ...]
    knowledge: tuple[Reference, ...]
    expression: Expression | None
    called: str = ""


class Knowledge(Struct, frozen=True):
    """A business knowledge model: a named function."""

    id: str
    name: str
    type: str | None
    function: Function | None
    knowledge: tuple[Reference, ...]
    called: str = ""


class Service(Struct, frozen=True):
    """A decision service: a part of the graph, called like a function."""

    id: str
    name: str
    type: str | None
    output_decisions: tuple[Reference, ...]
    encapsulated: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    input_data: tuple[Reference, ...]
    called: str = ""


class Import(Struct, frozen=True):
    """`location` is where the exporter had the file; only a hint among models of one namespace."""

    name: str
    namespace: str
    location: str = ""


class Model(Struct, frozen=True):
    """One file."""

    name: str
    namespace: str
    version: str
    types: tuple[ItemDefinition, ...]
    inputs: tuple[InputData, ...]
    decisions: tuple[Decision, ...]
    knowledge: tuple[Knowledge, ...]
    services: tuple[Service, ...]
    imports: tuple[Import, ...]
