"""The desk as clerks use it: real cases, real actions, pages over Django's client."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.casework.conftest import (
    ALLOWANCE,
    BSN,
    LEIDEN,
    LEIDERDORP,
    LICENCE,
    OTHER_BSN,
    PARKING,
    RegistersSay,
    clerk,
    offices,
    person,
    registers,
)
from tests.casework.test_applying import apply
from tests.web.desk.forms import Form, Page
from vliegwiel.trust.actions import give_mandate
from vliegwiel.trust.identity import Citizen, Level, Role, Staff
from vliegwiel.trust.rights import MANDATABLE
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

__all__ = ["offices", "registers"]

HOSTS = {LEIDEN: "leiden.localhost", LEIDERDORP: "leiderdorp.localhost"}
PRODUCTS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "bewonersparkeervergunning": PARKING,
    "rijbewijs-verlengen": LICENCE,
    "individuele-inkomenstoeslag": ALLOWANCE,
}


@dataclass
class Desk:
    """Somebody at the desk. What a page says is read with `Page`."""

    staff: Staff
    client: Client
    status: int = 0
    address: str = ""

    def get(self, address: str = "/werk/", **query: str) -> Page:
        return self._read(self.client.get(address, query), address)

    def post(self, address: str, sent: Mapping[str, Any]) -> Page:
        return self._read(self.client.post(address, sent, follow=True), address)

    def send(self, form: Form, button: str = "", **values: str | list[str]) -> Page:
        """Send a form of a page as a browser would."""
        return self.post(form.action, form.filled(button, **values))

    def case(self, zaak: UUID) -> Page:
        return self.get(f"/werk/zaak/{zaak}/")

    def _read(self, response: Any, address: str) -> Page:
        self.status = response.status_code
        chain = getattr(response, "redirect_chain", [])
        self.address = chain[-1][0] if chain else address
        return Page(response.content.decode())


def desk_of(staff: Staff) -> Desk:
    """A browser in which this member of staff is logged in."""
    client = Client(HTTP_HOST=HOSTS[staff.municipality])
    client.cookies[session_cookie()] = open_session(staff, "")
    return Desk(staff, client)


@pytest.fixture
def tess(offices: RegistersSay) -> Desk:
    """A clerk of Leiden."""
    return desk_of(clerk("tess"))


@pytest.fixture
def koen(offices: RegistersSay) -> Desk:
    """Another clerk of Leiden."""
    return desk_of(clerk("koen"))


@pytest.fixture
def lead(offices: RegistersSay) -> Desk:
    """A team leader of Leiden."""
    return desk_of(clerk("lead", LEIDEN, Role.TEAMLEIDER))


@pytest.fixture
def privacy(offices: RegistersSay) -> Desk:
    """The privacy officer of Leiden."""
    return desk_of(clerk("priva", LEIDEN, Role.PRIVACY_OFFICER))


@pytest.fixture
def applied(offices: RegistersSay) -> Callable[..., UUID]:
    """`applied("rijbewijs-verlengen")` is a case that somebody asked for; other words change the answers."""

    def make(product: str, *, municipality: str = LEIDEN, bsn: str = BSN, **answers: tuple[str, ...]) -> UUID:
        offices.data = person(municipality)
        who = Citizen(municipality, bsn, Level.SUBSTANTIEEL, "Mila Zonneveer")
        return apply(who, product, {"telefoon": ("",), **PRODUCTS[product], **answers})

    return make


@pytest.fixture
def mandate(offices: RegistersSay) -> UUID:
    """Leiderdorp lets Leiden decide the inkomenstoeslag."""
    boss = Staff(LEIDERDORP, "boss", "D. Prins", frozenset({Role.TEAMLEIDER}))
    return give_mandate(
        boss,
        mandataris=LEIDEN,
        products=["individuele-inkomenstoeslag"],
        rights=list(MANDATABLE),
        valid_from=date(2026, 1, 1),
        besluit="Mandaatbesluit Werk en Inkomen Leiderdorp 2026",
    )


OTHER = OTHER_BSN
