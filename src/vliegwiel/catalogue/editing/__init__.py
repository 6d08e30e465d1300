"""Change a definition without losing how it was written: comments, order, quotes and spacing stay where they are.

Pure: text in, text out. Pages ask for a change in a place; what is not that place stays as it is, to the letter.
"""

from .changing import inserted, moved, placed, removed
from .rewriting import CannotRewrite, rewrite
from .writing import Value, as_value, node_of, written

__all__ = [
    "CannotRewrite",
    "Value",
    "as_value",
    "inserted",
    "moved",
    "node_of",
    "placed",
    "removed",
    "rewrite",
    "written",
]
