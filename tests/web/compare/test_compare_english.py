"""The pages of comparing and practice speak English too: every text, and no text that is no longer used."""

from __future__ import annotations

import pytest

from tests.casework.conftest import offices, registers
from tests.web.desk.conftest import Desk
from tests.web.english import known_in, said
from tests.web.studio.conftest import tess
from tests.web.studio.test_studio_english import elsewhere as shell_and_desk
from tests.web.studio.test_studio_english import known as known_in_the_studio
from tests.web.test_web_translations import WEB
from vliegwiel.base import translations

__all__ = ["offices", "registers", "tess"]

COMPARE = WEB / "compare"
PO = COMPARE / "locale" / "en" / "LC_MESSAGES" / "django.po"


def used() -> set[str]:
    """Every text of templates and code."""
    return said("web/compare", COMPARE.glob("*.py"))


def known() -> dict[str, str]:
    return known_in(PO)


def elsewhere() -> set[str]:
    """What the rest of the studio, the shell and the desk already say in English."""
    return shell_and_desk() | set(known_in_the_studio())


@pytest.mark.django_db(databases=[])
def test_every_text_is_also_there_in_english() -> None:
    missing = sorted(used() - set(known()) - elsewhere())
    assert not missing, f"{len(missing)} without English: {missing[:5]}"


@pytest.mark.django_db(databases=[])
def test_nothing_stays_behind() -> None:
    assert not sorted(set(known()) - used())


def test_a_page_in_english_marks_what_stays_dutch(tess: Desk) -> None:
    translations.compile_stale()
    tess.client.cookies["taal"] = "en"
    html = tess.client.get("/studio/vergelijken/bewonersparkeervergunning/").content.decode()
    assert '<html lang="en">' in html
    assert "side by side" in html
    assert 'lang="nl"' in html
