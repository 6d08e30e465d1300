"""The studio speaks English too: every text of its pages, and no text that is no longer used."""

from __future__ import annotations

import pytest

from tests.web.desk.conftest import Desk
from tests.web.desk.test_desk_english import known as known_at_the_desk
from tests.web.english import known_in, said
from tests.web.test_web_translations import WEB, translated
from vliegwiel.base import translations

STUDIO = WEB / "studio"
PO = STUDIO / "locale" / "en" / "LC_MESSAGES" / "django.po"


def used() -> set[str]:
    """Every text of templates and code of the studio."""
    return said("web/studio", (*STUDIO.glob("*.py"), *(WEB / "exchange").glob("*.py")))


def known() -> dict[str, str]:
    return known_in(PO)


def elsewhere() -> set[str]:
    """What the shell and the desk already say in English."""
    return {text for text, english in {**known_at_the_desk(), **translated()}.items() if english}


@pytest.mark.django_db(databases=[])
def test_every_text_of_the_studio_is_also_there_in_english() -> None:
    missing = sorted(used() - set(known()) - elsewhere())
    assert not missing, f"{len(missing)} without English: {missing[:5]}"


@pytest.mark.django_db(databases=[])
def test_nothing_stays_behind_and_nothing_is_said_twice() -> None:
    assert not sorted(set(known()) - used())
    assert not sorted(set(known()) & elsewhere())


def test_a_page_of_the_studio_in_english_marks_what_stays_dutch(tess: Desk) -> None:
    translations.compile_stale()
    tess.client.cookies["taal"] = "en"
    html = tess.client.get("/studio/wet/participatiewet/").content.decode()
    assert '<html lang="en">' in html
    assert "As the law is on" in html
    assert '<h1 lang="nl">' in html
