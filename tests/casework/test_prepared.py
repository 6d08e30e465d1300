"""Statements that are planned once: they still see no other municipality, are counted, and belong to their transaction."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from vliegwiel.base.ids import uuid7
from vliegwiel.base.prepared import prepared
from vliegwiel.base.settings import PREPARE_AFTER
from vliegwiel.base.tenancy import scope
from vliegwiel.casework.models import CaseWord, TeamRoute

LEIDEN, UTRECHT = "GM0546", "GM0344"


def teams(product: str) -> list[str]:
    with prepared() as cursor:
        cursor.execute("SELECT team FROM casework_teamroute WHERE product = %s", [product])
        return [team for (team,) in cursor.fetchall()]


def kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT team FROM %%'")
        found: tuple[int] = cursor.fetchone()
    return found[0]


@pytest.mark.django_db
def test_a_kept_statement_sees_what_the_scope_lets_it_see() -> None:
    with scope(LEIDEN):
        TeamRoute.objects.create(municipality_id=LEIDEN, product="fiets", team="Verkeer")
        for _ in range(PREPARE_AFTER + 8):
            assert teams("fiets") == ["Verkeer"]
        assert kept() == 1
    with scope(UTRECHT):
        assert teams("fiets") == []
    assert teams("fiets") == []
    with scope(LEIDEN, UTRECHT):
        assert teams("fiets") == ["Verkeer"]


@pytest.mark.django_db
def test_it_is_counted_as_any_other() -> None:
    with scope(LEIDEN), CaptureQueriesContext(connection) as counted:
        teams("fiets")
        teams("bus")
    assert len(counted) == 2


@pytest.mark.django_db
def test_it_is_part_of_the_transaction() -> None:
    with scope(LEIDEN), pytest.raises(DatabaseError, match="division by zero"):
        add_and_fail()
    with scope(LEIDEN):
        assert teams("fiets") == []


def add_and_fail() -> None:
    with transaction.atomic(), prepared() as cursor:
        TeamRoute.objects.create(municipality_id=LEIDEN, product="fiets", team="Verkeer")
        cursor.execute("SELECT 1 / %s::integer", [0])


def test_rows_made_by_the_dozen_are_the_rows_the_constructor_makes() -> None:
    known: dict[str, Any] = {"municipality_id": LEIDEN, "zaak_id": uuid7(), "word": "jansen"}
    made, quick = CaseWord(**known), CaseWord.quick(**known)
    names = [field.attname for field in CaseWord._meta.local_concrete_fields if field.attname != "id"]
    assert [getattr(quick, name) for name in names] == [getattr(made, name) for name in names]
    assert quick.id != made.id
    assert quick._state.adding
    with pytest.raises(TypeError, match="wrd"):
        CaseWord.quick(municipality_id=LEIDEN, wrd="jansen")
