"""What the parts of the compiler share."""

from __future__ import annotations

from abc import ABC, abstractmethod

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.errors import FeelError, place
from vliegwiel.law.feel.runtime import Code
from vliegwiel.law.feel.scope import Names
from vliegwiel.law.feel.walk import every_node


def cost_of(node: tree.Node) -> int:
    """About how many microseconds it takes to run a tree once, loops in it not counted."""
    return 1 + sum(1 for _ in every_node(node)) // 8


class Compiling(ABC):
    """One expression being compiled: the names it may use and its text, for messages."""

    def __init__(self, names: Names, text: str) -> None:
        self.names = names
        self.text = text

    @abstractmethod
    def code(self, node: tree.Node) -> Code:
        """The function of a node."""

    def error(self, message: str, at: int) -> FeelError:
        """An error at an offset of the text."""
        return FeelError(message, *place(self.text, at))
