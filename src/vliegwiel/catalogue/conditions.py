"""FEEL in definitions: conditions of forms, documents, tasks and outcomes, over names that are known at that moment.

Names may be dotted (`persoon.geboortedatum`): the names of data from registers. What nobody has said yet is *unknown*, not
null, and runs through an expression; a condition that is unknown does not hold. Each text is compiled once.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, cast

from vliegwiel.base.sourcefile import SourceText
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.compiler import compile_expression
from vliegwiel.law.feel.evaluate import run_code
from vliegwiel.law.feel.parser import Scope, parse_expression
from vliegwiel.law.feel.runtime import Budget, Code, Frame
from vliegwiel.law.feel.scope import Names, Slots
from vliegwiel.law.feel.values import Unknown
from vliegwiel.law.feel.values import Value as FeelValue
from vliegwiel.law.feel.vocabulary import BUILTIN_NAMES
from vliegwiel.registers.facts import Value

Knowable: TypeAlias = "Value | FeelValue"
"""A value of a register or an answer, or what the law made of it (which may be unknown)."""

_STEPS = 100_000
_CONSTANTS: dict[str, FeelValue] = {"ja": True, "nee": False}
_BUILTINS = frozenset(BUILTIN_NAMES)


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression, ready to run. `roots` are its free names, `used` the dotted names among them."""

    code: Code
    size: int
    roots: tuple[str, ...]
    used: tuple[str, ...]

    def run(self, known: Mapping[str, Knowable]) -> FeelValue:
        """The value, given what is known by (dotted) name. Raises `FeelLimit`."""
        start = [_root(root, self.used, known) for root in self.roots]
        return run_code(self.code, Frame([*start, *([None] * (self.size - len(start)))], Budget(_STEPS)))


@functools.lru_cache(maxsize=8192)
def compiled(text: str) -> Compiled:
    """Read and compile an expression. Raises `FeelError`."""
    node = parse_expression(text, Scope())
    roots, used = _free_names(node)
    slots = Slots()
    names = Names(slots, constants=dict(_CONSTANTS))
    for root in roots:
        slot = slots.take()
        names.globals[root] = _load(slot)
    return Compiled(compile_expression(node, names, text), slots.size, roots, used)


def _load(slot: int) -> Code:
    return lambda frame: frame[slot]


def holds(condition: SourceText | None, known: Mapping[str, Knowable]) -> bool:
    """Whether a condition holds. No condition always holds; one that cannot be told yet does not."""
    return condition is None or compiled(condition.text).run(known) is True


def verdict(condition: SourceText | None, known: Mapping[str, Knowable]) -> bool | Unknown:
    """Whether a condition holds, or which names are missing to tell."""
    if condition is None:
        return True
    found = compiled(condition.text).run(known)
    return found if isinstance(found, Unknown) else found is True


def value_of(expression: SourceText, known: Mapping[str, Knowable]) -> FeelValue:
    """The value of an expression; `Unknown` when something is missing. Raises `FeelLimit`."""
    return compiled(expression.text).run(known)


def unknown_in(value: FeelValue) -> frozenset[str]:
    """The names that would make a value known, also those deep in a list or group; empty when all of it is known."""
    if isinstance(value, Unknown):
        return value.names
    if isinstance(value, list):
        return frozenset().union(*map(unknown_in, value))
    if isinstance(value, dict):
        return frozenset().union(*map(unknown_in, value.values()))
    return frozenset()


def _root(root: str, used: tuple[str, ...], known: Mapping[str, Knowable]) -> FeelValue:
    """What a free name stands for: a value, or a group of all known names that begin with it and a dot."""
    prefix = f"{root}."
    group: dict[str, FeelValue] = {}
    whole = known.get(root)
    if isinstance(whole, Mapping):
        group.update({key: to_feel(value) for key, value in whole.items()})
    elif root in known:
        return to_feel(whole)
    for name, value in known.items():
        if name.startswith(prefix):
            _put(group, name[len(prefix) :].split("."), to_feel(value))
    for name in used:
        if name.startswith(prefix):
            first = name[len(prefix) :].split(".", 1)[0]
            group.setdefault(first, Unknown(frozenset({prefix + first})))
    return group if group else Unknown(frozenset({root}))


def _put(group: dict[str, FeelValue], path: list[str], value: FeelValue) -> None:
    if len(path) == 1:
        standing = group.get(path[0])
        if isinstance(standing, dict) and isinstance(value, dict):
            standing.update(value)
        else:
            group[path[0]] = value
        return
    below = group.get(path[0])
    if not isinstance(below, dict):
        below = {}
        group[path[0]] = below
    _put(below, path[1:], value)


def to_feel(value: Knowable) -> FeelValue:
    """A value of a register or an answer, as FEEL has it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, Mapping):
        return {str(key): to_feel(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_feel(item) for item in value]
    return cast(FeelValue, value)


# --- which names an expression uses -------------------------------------------------------------------------------------


def _free_names(node: tree.Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    roots: dict[str, None] = {}
    used: dict[str, None] = {}
    for name in _names(node, frozenset()):
        root, _, rest = name.partition(".")
        if root in _BUILTINS or root in _CONSTANTS:
            continue
        roots[root] = None
        if rest:
            used[name] = None
    return tuple(roots), tuple(used)


def _names(node: tree.Node, bound: frozenset[str]) -> Iterator[str]:
    """Free names; a chain of dots as one dotted name. Names inside a filter may be fields of its items: `item` marks them."""
    dotted = _dotted(node)
    if dotted is not None:
        if dotted.split(".", 1)[0] not in bound:
            yield dotted
        return
    if isinstance(node, tree.For | tree.Quantified):
        for iteration in node.iterations:
            yield from _names(iteration.domain, bound)
            if iteration.end is not None:
                yield from _names(iteration.end, bound)
            bound = bound | {iteration.name}
        yield from _names(node.body if isinstance(node, tree.For) else node.condition, bound | {"partial"})
        return
    if isinstance(node, tree.Filter):
        yield from _names(node.source, bound)
        yield from _names(node.condition, bound | {"item"})
        return
    if isinstance(node, tree.FunctionDefinition):
        if node.body is not None:
            yield from _names(node.body, bound | {p.name for p in node.parameters})
        return
    for child in _children(node):
        yield from _names(child, bound)


def _dotted(node: tree.Node) -> str | None:
    if isinstance(node, tree.Name):
        return node.name
    if isinstance(node, tree.Path):
        source = _dotted(node.source)
        return f"{source}.{node.name}" if source else None
    return None


def _children(node: object) -> Iterator[tree.Node]:
    for name in getattr(node, "__struct_fields__", ()):
        yield from _nodes_in(getattr(node, name))


def _nodes_in(part: object) -> Iterator[tree.Node]:
    if isinstance(part, tuple):
        for item in part:
            yield from _nodes_in(item)
    elif isinstance(part, tree.Compare | tree.Expect):
        yield from _children(part)
    elif isinstance(part, tree.Node):
        yield part


def names_used(text: str) -> tuple[str, ...]:
    """All names (dotted where they are) that an expression needs from outside. Raises `FeelError`."""
    found = compiled(text)
    grouped = {name.split(".", 1)[0] for name in found.used}
    return (*found.used, *(root for root in found.roots if root not in grouped))
