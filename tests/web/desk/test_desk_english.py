"""The desk speaks English too: every text of its pages, and no text that is no longer used."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.web.desk.conftest import Desk
from tests.web.english import known_in, said
from tests.web.test_web_translations import WEB, translated
from vliegwiel.base import translations

DESK = WEB / "desk"
PO = DESK / "locale" / "en" / "LC_MESSAGES" / "django.po"


def used() -> set[str]:
    """Every text of templates and code of the desk."""
    return said("web/desk", DESK.glob("*.py"))


def known() -> dict[str, str]:
    return known_in(PO)


@pytest.mark.django_db(databases=[])
def test_every_text_of_the_desk_is_also_there_in_english() -> None:
    missing = sorted(used() - set(known()) - {text for text, english in translated().items() if english})
    assert not missing, f"{len(missing)} without English: {missing[:5]}"


@pytest.mark.django_db(databases=[])
def test_nothing_stays_behind_that_is_no_longer_used() -> None:
    assert not sorted(set(known()) - used())


def test_a_page_of_the_desk_in_english_marks_what_stays_dutch(tess: Desk, applied: Callable[..., UUID]) -> None:
    applied("rijbewijs-verlengen")
    translations.compile_stale()
    tess.client.cookies["taal"] = "en"
    html = tess.client.get("/werk/").content.decode()
    assert '<html lang="en">' in html
    assert "There is no case in your name." in html
    assert ">Municipality</th>" in tess.client.get("/werk/", {"weergave": "alles"}).content.decode()
    assert '<span lang="nl">Mijn werk</span>' in html


def test_the_catalogues_do_not_contradict_each_other() -> None:
    both = set(known()) & set(translated())
    assert not both, sorted(both)
