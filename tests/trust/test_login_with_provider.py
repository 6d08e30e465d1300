"""The login of the demonstration, with its provider as a real process: what it really says is what we understand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fixtures_simulators import OidcProvider
from tests.trust.people import LEIDEN, UTRECHT
from vliegwiel.base.errors import Forbidden
from vliegwiel.trust import logins
from vliegwiel.trust.identity import ActorKind, Citizen, Level, Role, Staff
from vliegwiel.trust.logins import LoggedIn, LoginCancelled, begin_login, finish_login, logout
from vliegwiel.trust.sessions import actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(oidc_provider: OidcProvider, settings: Any) -> Iterator[OidcProvider]:
    settings.OIDC_CITIZEN_ISSUER = oidc_provider.citizen_issuer
    settings.OIDC_STAFF_ISSUER = oidc_provider.staff_issuer
    settings.OIDC_CLIENT_ID = oidc_provider.client_id
    logins.client_of.cache_clear()
    yield oidc_provider
    logins.client_of.cache_clear()


def log_in(
    provider: OidcProvider, kind: ActorKind, municipality: str = LEIDEN, level: Level = Level.BASIS, **form: str
) -> LoggedIn:
    """Go through the provider's pages as a browser does."""
    start = begin_login(municipality, kind, redirect_uri=provider.redirect, return_to="/mijn/", level=level)
    with httpx.Client() as browser:
        page = browser.get(start.url)
        assert page.status_code == 200
        pending = re.search(r'name="verzoek" value="([^"]+)"', page.text)
        assert pending
        realm = start.url.split("/authorize")[0]
        answer = browser.post(f"{realm}/login", data={"verzoek": pending[1], "actie": "inloggen", **form})
    assert answer.status_code == 303, answer.text
    query = dict(httpx.URL(answer.headers["location"]).params)
    return finish_login(
        municipality, kind, query, {start.cookie_name: start.cookie_value}, redirect_uri=provider.redirect
    )


def test_a_citizen_logs_in_and_out(provider: OidcProvider) -> None:
    done = log_in(provider, ActorKind.BURGER, persoon="ander", bsn="999990019", niveau="midden")
    assert isinstance(done.actor, Citizen)
    assert (done.actor.bsn, done.actor.level) == ("999990019", Level.MIDDEN)
    assert done.return_to == "/mijn/"
    home = "http://leiden.localhost:8000/"
    url = logout(LEIDEN, done.token, return_to=home)
    assert url is not None
    left = httpx.get(url)
    assert left.headers["location"] == home
    assert not isinstance(actor_of(LEIDEN, done.token), Citizen)


def test_a_higher_level_is_asked_and_given(provider: OidcProvider) -> None:
    done = log_in(provider, ActorKind.BURGER, level=Level.SUBSTANTIEEL, persoon="ander", bsn="999990019", niveau="hoog")
    assert isinstance(done.actor, Citizen)
    assert done.actor.level == Level.HOOG


def test_staff_log_in_at_home_and_nowhere_else(provider: OidcProvider) -> None:
    done = log_in(provider, ActorKind.MEDEWERKER, persoon="lei-teamleider")
    assert isinstance(done.actor, Staff)
    assert done.actor.roles == {Role.MEDEWERKER, Role.TEAMLEIDER}
    assert "Parkeren" in done.actor.teams
    with pytest.raises(Forbidden, match="werkt niet bij deze gemeente"):
        log_in(provider, ActorKind.MEDEWERKER, UTRECHT, persoon="lei-teamleider")


def test_who_does_not_want_to_log_in_is_told_so(provider: OidcProvider) -> None:
    with pytest.raises(LoginCancelled):
        log_in(provider, ActorKind.BURGER, actie="annuleren")
