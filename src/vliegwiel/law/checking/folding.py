"""What has one value on a date: literals, norms, and what is made of those only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import DecimalException
from typing import Final

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.builtins import BUILTINS
from vliegwiel.law.feel.closures import constant
from vliegwiel.law.feel.compiler import compile_expression
from vliegwiel.law.feel.errors import FeelError, FeelLimit
from vliegwiel.law.feel.runtime import Budget, Frame
from vliegwiel.law.feel.scope import Names, Slots
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.feel.walk import every_node
from vliegwiel.law.model import Fixed, Formula
from vliegwiel.law.program import Constant, Program, Unit
from vliegwiel.law.typing import CONSTANTS

Space = Mapping[str, str]
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Known:
    """A value that is the same for everybody."""

    value: Value


def unit_of(node: tree.Node, space: Space, program: Program) -> Unit | None:
    """The unit that a name (`recht`, `awb.beslistermijn`) means."""
    if isinstance(node, tree.Name):
        name = node.name
    elif isinstance(node, tree.Path) and isinstance(node.source, tree.Name):
        name = f"{node.source.name}.{node.name}"
    else:
        return None
    key = space.get(name)
    return program.units[key] if key is not None else None


def key_of(node: object, space: Space) -> str:
    """A text that is the same for expressions that mean the same."""
    if isinstance(node, tree.Name):
        return space.get(node.name, f"'{node.name}'")
    if isinstance(node, tree.Path) and isinstance(node.source, tree.Name):
        whole = space.get(f"{node.source.name}.{node.name}")
        if whole is not None:
            return whole
    if isinstance(node, tuple):
        return "(" + ", ".join(key_of(item, space) for item in node) + ")"
    fields = getattr(node, "__struct_fields__", None)
    if fields is None:
        return repr(node)
    inner = ", ".join(key_of(getattr(node, name), space) for name in fields if name != "at")
    return f"{type(node).__name__}({inner})"


class Folder:
    """Finds what is constant in one program. Each node is looked at once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        # With the node itself, so that its id stays its own.
        self.kept: dict[tuple[int, int], tuple[tree.Node, Known | None]] = {}

    def known(self, node: tree.Node, space: Space, depth: int = 0) -> Known | None:
        """The value of an expression, when it has only one."""
        if isinstance(node, (tree.Number, tree.String, tree.Boolean)):
            return Known(node.value)
        if isinstance(node, tree.Null):
            return Known(None)
        key = (id(node), id(space))
        if key not in self.kept:
            self.kept[key] = (node, None)
            self.kept[key] = (node, self.look(node, space, depth) if depth < _DEEPEST else None)
        return self.kept[key][1]

    def look(self, node: tree.Node, space: Space, depth: int) -> Known | None:
        unit = unit_of(node, space, self.program)
        if unit is not None:
            return self.of_unit(unit, depth)
        if isinstance(node, tree.Name):
            return Known(CONSTANTS[node.name]) if node.name in CONSTANTS else None
        return self.made(node, space, depth)

    def of_unit(self, unit: Unit, depth: int = 0) -> Known | None:
        """The value of a norm, or of a rule that is a fixed value. An open term may be filled in otherwise."""
        if unit.kind == "norm" and isinstance(unit.anatomy, Constant):
            return None if isinstance(unit.anatomy.value, Unknown) else Known(unit.anatomy.value)
        if unit.kind != "regel":
            return None
        if isinstance(unit.body, Fixed):
            return Known(unit.body.value)
        return self.known(unit.body.expression.tree, unit.reads, depth + 1) if isinstance(unit.body, Formula) else None

    def made(self, node: tree.Node, space: Space, depth: int) -> Known | None:
        """The value of an expression over constants, found by running it."""
        names = Names(Slots(), constants=dict(CONSTANTS))
        for part in every_node(node):
            if isinstance(part, (tree.For, tree.Quantified, tree.FunctionDefinition, tree.Filter, tree.Placeholder)):
                return None
            unit = unit_of(part, space, self.program) if isinstance(part, (tree.Name, tree.Path)) else None
            if unit is not None:
                fixed = self.of_unit(unit, depth)
                if fixed is None:
                    return None
                names.globals[_spelled(part)] = constant(fixed.value)
            elif isinstance(part, tree.Name) and not _is_common(part.name, space):
                return None
        try:
            code = compile_expression(node, names, "")
            value = code(Frame([None] * names.slots.size, Budget(10_000)))
        except (FeelError, FeelLimit, DecimalException, RecursionError):
            return None
        return None if isinstance(value, Unknown) else Known(value)


def _spelled(node: object) -> str:
    """A name as the expression writes it."""
    if isinstance(node, tree.Path) and isinstance(node.source, tree.Name):
        return f"{node.source.name}.{node.name}"
    return node.name if isinstance(node, tree.Name) else ""


def _is_common(name: str, space: Space) -> bool:
    """Whether a name is a constant, a built-in, or the law before a dot."""
    return name in CONSTANTS or name in BUILTINS or any(known.startswith(name + ".") for known in space)
