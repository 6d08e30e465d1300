"""Text that people write: notes, questions, reasons. Kept as typed, without signs that nobody can see."""

from __future__ import annotations

from vliegwiel.base.errors import Invalid, InvalidParam
from vliegwiel.catalogue import typing_in
from vliegwiel.catalogue.typing_in import CannotRead


def plain_signs(text: str) -> str:
    """The text without what no database takes: the sign zero and halves of signs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def written(field: str, typed: str, *, longest: int, empty: str = "", lines: bool = True) -> str:
    """The text, cleaned. Empty is allowed unless `empty` says what to do then. Raises `Invalid` on `field`."""
    if not typed.strip():
        if empty:
            raise Invalid(empty, invalid=[InvalidParam(field, "empty", empty)])
        return ""
    try:
        return typing_in.text(typed, longest, lines=lines)
    except CannotRead as error:
        raise Invalid(str(error), invalid=[InvalidParam(field, "wrong", str(error))]) from None
