"""Definitions change on two sides at once: the country's and the municipality's. Here they come together, field by field.

Pure: nodes in, nodes out. What both sides changed differently is a conflict; it is shown with a proposal and never guessed.
"""

from .combining import Combined, combine
from .comparing import Change, ChangeKind, differences
from .nodes import alike, at_path
from .rebasing import Fate, Rebased, Rebasing, rebase
from .threeway import Conflict, ConflictKind, Merged, merge

__all__ = [
    "Change",
    "ChangeKind",
    "Combined",
    "Conflict",
    "ConflictKind",
    "Fate",
    "Merged",
    "Rebased",
    "Rebasing",
    "alike",
    "at_path",
    "combine",
    "differences",
    "merge",
    "rebase",
]
