"""The BRP: one person by number, and the people at an address (BRP API Personen v2)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from .brpdata import PersonenAntwoord, Persoon
from .connection import Ask, Connection
from .errors import PersonNotFound, PersonNotUnique, RegisterRefused
from .facts import Register

_GONE = {"O", "E", "M", "R", "F"}
TOO_MANY = "tooManyResults"


class _Raadpleeg(msgspec.Struct, tag="RaadpleegMetBurgerservicenummer"):
    burgerservicenummer: list[str]
    fields: list[str]


class _Bewoners(msgspec.Struct, tag="ZoekMetAdresseerbaarObjectIdentificatie", rename="camel"):
    adresseerbaar_object_identificatie: str
    fields: list[str]


class BrpClient:
    """Typed questions. All raise `RegisterUnavailable` and `RegisterRefused` beside what they name."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def person(self, bsn: str, fields: Iterable[str], purpose: str) -> Persoon:
        """One person, with only `fields`. Raises `PersonNotFound`, and `PersonNotUnique` when two lists hold the number."""
        question = _Raadpleeg([bsn], sorted(fields))
        found = self._ask("persoon", question, purpose).personen
        if len(found) > 1:
            # A number that moved to another list stays on the old one, which is then closed.
            current = [
                p for p in found if p.opschorting_bijhouding is None or p.opschorting_bijhouding.reden.code not in _GONE
            ]
            if len(current) != 1:
                raise PersonNotUnique(Register.BRP)
            return current[0]
        if not found:
            raise PersonNotFound(Register.BRP)
        return found[0]

    def residents(self, adresseerbaar_object: str, fields: Iterable[str], purpose: str) -> tuple[Persoon, ...] | None:
        """Everybody registered at a home who is alive; None when there are more than the BRP gives at once."""
        question = _Bewoners(adresseerbaar_object, sorted(fields))
        try:
            return self._ask("bewoners", question, purpose).personen
        except RegisterRefused as refused:
            if refused.reason == TOO_MANY:
                return None
            raise

    def _ask(self, operation: str, question: _Raadpleeg | _Bewoners, purpose: str) -> PersonenAntwoord:
        ask = Ask("POST", "/personen", operation, purpose, body=msgspec.json.encode(question))
        answer = self.connection.ask(ask, PersonenAntwoord)
        if answer is None:
            raise RegisterRefused(Register.BRP, "status404")
        return answer
