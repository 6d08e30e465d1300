"""Reading the laws: the list, a law as a page, and what a lawyer still has to check."""

from __future__ import annotations

import pytest

from tests.web.desk.conftest import Desk
from vliegwiel.catalogue.lawbook import law_book

pytestmark = pytest.mark.django_db


def test_every_law_and_ordinance_can_be_read(tess: Desk) -> None:
    page = tess.get("/studio/")
    for text in law_book().texts:
        assert text.name in page.text
    for law in sorted({text.id for text in law_book().texts}):
        tess.get(f"/studio/wet/{law}/")
        assert tess.status == 200, law
