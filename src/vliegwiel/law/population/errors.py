"""What can go wrong when a law is worked out for a population."""

from __future__ import annotations

from vliegwiel.base.errors import Conflict, Invalid


class WrongData(Invalid):
    """A column or a cell of the data is not what the law asks. Names the column, the row and what is allowed."""

    code, title = "wrong_data", "De gegevens kloppen niet"


class ChangeRefused(Invalid):
    """A change of the law (`rule=expression`) cannot be read or does not fit."""

    code, title = "change_refused", "Deze wijziging kan niet"


class Cancelled(Conflict):
    """Whoever started the computation stopped it."""

    code, title = "cancelled", "De berekening is gestopt"
