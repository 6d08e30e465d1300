"""The explanation of the law as a tree on a page: what is settled is folded, what asks for attention is open."""

from __future__ import annotations

from dataclasses import dataclass

from vliegwiel.casework.lawpages import LawNode, Mark


@dataclass(frozen=True, slots=True)
class Branch:
    """A line with what it rests on. `open` says whether the fold starts open; `unverified` whether a folded line hides
    something that was not verified, which it must then say itself."""

    node: LawNode
    open: bool
    unverified: bool
    children: tuple[Branch, ...]

    @property
    def label(self) -> str:
        """What stands before the value: a sentence keeps its own sign, a name gets a colon."""
        text = self.node.text
        return text if not self.node.value or text.endswith(("?", ".", ":")) else f"{text}:"


def branches(nodes: tuple[LawNode, ...], *, refused: bool) -> tuple[Branch, ...]:
    """The lines with their folds. `refused`: the outcome is not what was asked, so what was not met is what matters.

    The first line is the question itself and starts open. Below it, open is what is not settled yet; a condition that is met
    is settled, whatever lies under it.
    """
    return tuple(_branch(node, refused, first=number == 0) for number, node in enumerate(nodes))


def _branch(node: LawNode, refused: bool, *, first: bool = False) -> Branch:
    children = tuple(_branch(child, refused) for child in node.children)
    shown = first or _matters(node, refused)
    return Branch(node, shown, not shown and any(_has_unverified(child) for child in node.children), children)


def _matters(node: LawNode, refused: bool) -> bool:
    match node.mark:
        case Mark.ASK:
            return True
        case Mark.NO:
            return refused
        case Mark.OK:
            return False
        case Mark.NONE:
            return any(_matters(child, refused) for child in node.children)


def _has_unverified(node: LawNode) -> bool:
    return not node.verified or any(_has_unverified(child) for child in node.children)
