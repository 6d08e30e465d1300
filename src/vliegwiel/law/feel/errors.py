"""What can be wrong with an expression, said with line, column and a Dutch sentence."""

from __future__ import annotations

from vliegwiel.base.errors import Invalid


class FeelError(Invalid):
    """An expression cannot be read or may not run. `line` and `column` count from 1 within the expression."""

    code, title = "invalid_expression", "Deze formule klopt niet"

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"Regel {line}, teken {column}: {message}")
        self.message = message
        self.line = line
        self.column = column


class FeelLimit(Invalid):
    """A run was stopped because it took too many steps, went too deep or grew too large."""

    code, title = "expression_limit", "Deze formule kost te veel"


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column (from 1) of an offset in a text."""
    before = text[:offset]
    line = before.count("\n") + 1
    return line, offset - (before.rfind("\n") + 1) + 1
