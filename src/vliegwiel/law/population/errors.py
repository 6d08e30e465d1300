"""What can go wrong when a law is worked out for a population."""

from __future__ import annotations

from vliegwiel.base.errors import Conflict, Invalid


class WrongData(Invalid):
    """A column or a cell of the data is not what the law asks. Names the column, the row and what is allowed."""

    code, title = "wrong_data", "De gegevens kloppen niet"


class ChangeRefused(Invalid):
    """A change of the law (`rule=expression`) cannot be read or does not fit.

    `line` and `column` (from 1) say where in the expression, or are None when it is not about a place in it.
    """

    code, title = "change_refused", "Deze wijziging kan niet"

    def __init__(self, sentence: str, line: int | None = None, column: int | None = None) -> None:
        where = f" (regel {line}, teken {column})" if line is not None else ""
        super().__init__(sentence + where)
        self.line = line
        self.column = column


class Cancelled(Conflict):
    """Whoever started the computation stopped it."""

    code, title = "cancelled", "De berekening is gestopt"
