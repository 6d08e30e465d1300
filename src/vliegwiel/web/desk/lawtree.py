"""The explanation of the law as a tree on a page: what is settled is folded, what asks for attention is open."""

from __future__ import annotations

from dataclasses import dataclass

from vliegwiel.casework.lawpages import LawNode, Mark


@dataclass(frozen=True, slots=True)
class Branch:
    """A line with what it rests on. `open` says whether the fold starts open."""

    node: LawNode
    open: bool
    children: tuple[Branch, ...]


def branches(nodes: tuple[LawNode, ...]) -> tuple[Branch, ...]:
    """The lines with their folds. A single line at the top is the question itself, so it starts open."""
    alone = len(nodes) == 1
    return tuple(_branch(node, alone=alone) for node in nodes)


def _branch(node: LawNode, *, alone: bool = False) -> Branch:
    return Branch(node, alone or _unsettled(node), tuple(_branch(child) for child in node.children))


def _unsettled(node: LawNode) -> bool:
    """Whether somebody should look: a question left to judgement, a condition not met, a fact not verified."""
    if node.mark in {Mark.ASK, Mark.NO}:
        return True
    return any(not child.verified or _unsettled(child) for child in node.children)
