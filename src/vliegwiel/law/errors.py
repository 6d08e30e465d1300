"""What can go wrong when a law is applied."""

from __future__ import annotations

from vliegwiel.base.errors import Conflict, Invalid, NotFound


class LawNotFound(NotFound):
    """No law, ordinance or rule has this name."""

    code, title = "law_not_found", "Deze wet of regel bestaat niet"


class NotInForce(Conflict):
    """The law does not hold on this date. The sentence names the periods that are known."""

    code, title = "law_not_in_force", "Deze wet geldt niet op deze datum"


class LawFault(Conflict):
    """The law file contradicts itself for these facts (two lines of a table that may not both match, a rule in a ring)."""

    code, title = "law_fault", "Deze wet spreekt zichzelf tegen"


class WrongFact(Invalid):
    """A fact that goes in has the wrong type. `invalid` names each."""

    code, title = "wrong_fact", "Een gegeven klopt niet"
