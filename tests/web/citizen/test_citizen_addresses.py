"""Every address of the citizen's pages, walked: without login nothing personal, with another's ids nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.urls import URLPattern
from django.urls.converters import SlugConverter, UUIDConverter

from tests.casework.conftest import PARKING
from tests.casework.test_applying import apply
from tests.web.citizen.conftest import Browser, browser_of
from vliegwiel.base.ids import uuid7
from vliegwiel.trust.identity import Citizen, Level
from vliegwiel.web.citizen import urls

PUBLIC = {"home", "product", "check", "privacy", "accessibility"}
OWN = {"my-cases", "seen", "seen-csv", "begin"}


def patterns() -> Iterator[URLPattern]:
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        yield pattern


def address(pattern: URLPattern, ids: dict[str, UUID], slug: str = "rijbewijs-verlengen") -> str:
    path = "/" + str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        if isinstance(converter, UUIDConverter):
            path = path.replace(f"<uuid:{name}>", str(ids[name]))
        elif isinstance(converter, SlugConverter):
            path = path.replace(f"<slug:{name}>", "contact" if "draft_id" in ids and "aanvraag" in path else slug)
    return path


@pytest.fixture
def ids(mila: Browser) -> dict[str, UUID]:
    assert mila.who is not None
    zaak = apply(mila.who, "bewonersparkeervergunning", PARKING)
    return {
        "zaak_id": zaak,
        "draft_id": mila.begin("rijbewijs-verlengen"),
        "question_id": uuid7(),
        "document_id": uuid7(),
    }


def test_every_address_is_public_or_asks_for_a_login(visitor: Browser, ids: dict[str, UUID]) -> None:
    for pattern in patterns():
        path = address(pattern, ids)
        got = visitor.client.get(path)
        posted = visitor.client.post(path, {"versie": "1"})
        if pattern.name in PUBLIC:
            assert got.status_code == 200, path
        else:
            assert got.status_code == 302, path
            assert got["Location"].startswith("/inloggen/?naar="), path
            assert posted.status_code in {401, 405}, path


def test_with_the_ids_of_another_there_is_nothing(mila: Browser, other: Browser, ids: dict[str, UUID]) -> None:
    elsewhere = browser_of(Citizen("GM0344", "999990019", Level.SUBSTANTIEEL, "Mila Zonneveer"))
    for pattern in patterns():
        if pattern.name in PUBLIC | OWN:
            continue
        path = address(pattern, ids)
        for stranger in (other, elsewhere):
            assert stranger.client.get(path).status_code == 404, path
            answer = stranger.client.post(
                path, {"versie": "1", "zeker": "1", "antwoord": "x", "gegeven": "persoon.naam"}
            )
            assert answer.status_code in {404, 405}, path
    assert mila.get(f"/mijn/zaak/{ids['zaak_id']}/").text
    assert mila.status == 200
    mila.get(f"/aanvraag/{ids['draft_id']}/")
    assert mila.status == 200, "nothing was changed or thrown away"
