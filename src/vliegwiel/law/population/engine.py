"""The decision engine, asked for the value of one expression that is the same in every row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.compiler import compile_expression
from vliegwiel.law.feel.runtime import Code
from vliegwiel.law.feel.scope import UNSET, Names, Slots
from vliegwiel.law.feel.values import Value
from vliegwiel.law.program import Program
from vliegwiel.law.typing import CONSTANTS


def loaders_of(program: Program, on: date, reads: Mapping[str, str]) -> dict[str, Code]:
    """How each name is loaded; `reads` is which unit each name means."""
    loaders = {name: program.units[key].load for name, key in reads.items()}
    loaders["peildatum"] = lambda frame: on
    return loaders


def evaluate(program: Program, on: date, node: tree.Node, loaders: dict[str, Code]) -> Value:
    """The value of an expression on a date when nothing is given."""
    slots = Slots(len(program.template))
    code = compile_expression(node, Names(slots, loaders, dict(CONSTANTS)))
    frame = program.frame(on)
    frame.extend([UNSET] * (slots.size - len(frame)))
    return code(frame)
