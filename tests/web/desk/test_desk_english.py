"""The desk speaks English too: every text of its pages, and no text that is no longer used."""

from __future__ import annotations

import ast
from collections.abc import Callable
from uuid import UUID

import pytest
from babel.messages.pofile import read_po
from django.template.loader import get_template

from tests.web.desk.conftest import Desk
from tests.web.test_web_translations import CALLS, WEB, texts_of, translated
from vliegwiel.base import translations

DESK = WEB / "desk"
PO = DESK / "locale" / "en" / "LC_MESSAGES" / "django.po"


def used() -> set[str]:
    """Every text of templates and code of the desk."""
    found = set()
    for path in sorted((WEB / "templates" / "web" / "desk").glob("*.html")):
        template = get_template(f"web/desk/{path.name}").template  # type: ignore[attr-defined]
        found |= {singular for singular, _ in texts_of(iter(template.nodelist))}
    for path in sorted(DESK.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                first = node.args[1 if node.func.id == "pgettext" else 0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def known() -> dict[str, str]:
    with PO.open("rb") as handle:
        catalogue = read_po(handle, locale="en")
    return {
        (m.id[0] if isinstance(m.id, tuple | list) else m.id): str(m.string)
        for m in catalogue
        if m.id and not m.context
    }


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
