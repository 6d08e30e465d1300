"""The built-in functions. Importing this package registers them all."""

from vliegwiel.law.feel.builtins import contexts, lists, moments, numbers, ranges, statute, text, workdays
from vliegwiel.law.feel.builtins.registry import BUILTINS, Builtin, as_value, builtin, invoke, select

__all__ = [
    "BUILTINS",
    "Builtin",
    "as_value",
    "builtin",
    "contexts",
    "invoke",
    "lists",
    "moments",
    "numbers",
    "ranges",
    "select",
    "statute",
    "text",
    "workdays",
]
