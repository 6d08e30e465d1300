"""The citizen's pages as a browser without script sees them: real cases, real actions, over Django's client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.casework.conftest import BSN, LEIDEN, OTHER_BSN, RegistersSay, offices, registers
from tests.web.desk.forms import Form, Page
from vliegwiel.trust.identity import Citizen, Level
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

__all__ = ["offices", "registers"]

HOSTS = {LEIDEN: "leiden.localhost", "GM0344": "utrecht.localhost", "GM0606": "schiedam.localhost"}


@dataclass
class Browser:
    """Somebody at home. `status` and `address` are those of the last page."""

    client: Client
    who: Citizen | None = None
    status: int = 0
    address: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, address: str, **query: str) -> Page:
        return self._read(self.client.get(address, query, follow=True), address)

    def post(self, address: str, sent: Any) -> Page:
        return self._read(self.client.post(address, sent, follow=True), address)

    def send(self, form: Form, button: str = "", **values: Any) -> Page:
        """Send a form of a page as a browser would; values may be files. The address is the page's own when the form has none."""
        return self.post(form.action or self.address, form.filled(button, **values))

    def press(self, page: Page, button: str, **values: Any) -> Page:
        """Send the form that has a button with this text."""
        form = next(f for f in page.forms if any(button in text for _, _, text in f.buttons))
        return self.send(form, button, **values)

    def _read(self, response: Any, address: str) -> Page:
        self.status = response.status_code
        chain = getattr(response, "redirect_chain", [])
        self.address = chain[-1][0] if chain else address
        self.headers = dict(response.headers)
        return Page(response.content.decode())

    def begin(self, product: str) -> UUID:
        """Start an application; stands on its first step afterwards."""
        page = self.get(f"/product/{product}/beginnen/")
        if "/beginnen/" in self.address:
            self.press(page, "Beginnen")
        return UUID(self.address.split("/")[2])


def browser_of(who: Citizen) -> Browser:
    """A browser in which this citizen is logged in."""
    client = Client(HTTP_HOST=HOSTS[who.municipality])
    client.cookies[session_cookie()] = open_session(who, "")
    return Browser(client, who)


@pytest.fixture
def mila(offices: RegistersSay) -> Browser:
    """A resident of Leiden, logged in well."""
    return browser_of(Citizen(LEIDEN, BSN, Level.SUBSTANTIEEL, "Mila Zonneveer"))


@pytest.fixture
def other(offices: RegistersSay) -> Browser:
    """Another resident of Leiden."""
    return browser_of(Citizen(LEIDEN, OTHER_BSN, Level.SUBSTANTIEEL, "Bo Ander"))


@pytest.fixture
def visitor(offices: RegistersSay) -> Browser:
    """Somebody in Leiden who is not logged in."""
    return Browser(Client(HTTP_HOST=HOSTS[LEIDEN]))
