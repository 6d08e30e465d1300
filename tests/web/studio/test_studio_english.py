"""The studio speaks English too: every text of its pages, and no text that is no longer used."""

from __future__ import annotations

import ast

import pytest
from babel.messages.pofile import read_po
from django.template.loader import get_template

from tests.web.desk.conftest import Desk
from tests.web.desk.test_desk_english import known as known_at_the_desk
from tests.web.test_web_translations import CALLS, WEB, texts_of, translated
from vliegwiel.base import translations

STUDIO = WEB / "studio"
PO = STUDIO / "locale" / "en" / "LC_MESSAGES" / "django.po"


def used() -> set[str]:
    """Every text of templates and code of the studio."""
    found = set()
    for path in sorted((WEB / "templates" / "web" / "studio").glob("*.html")):
        template = get_template(f"web/studio/{path.name}").template  # type: ignore[attr-defined]
        found |= {singular for singular, _ in texts_of(iter(template.nodelist))}
    for path in sorted((*STUDIO.glob("*.py"), *(WEB / "exchange").glob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def known() -> dict[str, str]:
    with PO.open("rb") as handle:
        catalogue = read_po(handle, locale="en")
    return {(m.id[0] if isinstance(m.id, tuple | list) else m.id): str(m.string) for m in catalogue if m.id}


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
