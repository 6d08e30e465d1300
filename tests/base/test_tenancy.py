"""Municipality A cannot see, change, or point at rows of municipality B: neither through the ORM nor around it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, connections, models, transaction
from django.db.migrations.state import ModelState, ProjectState
from django.db.utils import DatabaseError

from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import ProtectTenantTable, TenantForeignKey, TenantModel, Unscoped, current_scope, scope

LEIDEN, UTRECHT = "GM0546", "GM0344"


class Folder(TenantModel):
    name = models.CharField(max_length=20)

    class Meta(TenantModel.Meta):
        abstract = False
        app_label = "tenancytest"
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="folder_name")]


class Page(TenantModel):
    folder = TenantForeignKey(Folder, on_delete=models.CASCADE, null=True)

    class Meta(TenantModel.Meta):
        abstract = False
        app_label = "tenancytest"


@pytest.fixture
def tables(fresh_database: Urls) -> None:
    from django.apps import apps

    state = ProjectState.from_apps(apps)
    for model in (Folder, Page):
        state.add_model(ModelState.from_model(model))
    with connections["owner"].schema_editor() as editor:
        editor.create_model(Folder)
        editor.create_model(Page)
        for name in ("Folder", "Page"):
            ProtectTenantTable(name).database_forwards("tenancytest", editor, state, state)


def _rows(sql: str, *codes: str) -> list[tuple[object, ...]]:
    with scope(*codes), connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_a_query_outside_a_scope_raises(tables: None) -> None:
    with pytest.raises(Unscoped):
        Folder.objects.count()
    with pytest.raises(Unscoped):
        Folder._base_manager.count()


def test_each_municipality_sees_only_its_own_rows(tables: None) -> None:
    with scope(LEIDEN):
        mine = Folder.objects.create(municipality_id=LEIDEN, name="a")
    with scope(UTRECHT):
        assert Folder.objects.count() == 0
        assert not Folder.objects.filter(pk=mine.pk).exists()
        Folder.objects.create(municipality_id=UTRECHT, name="a")  # the same name: unique per municipality
    with scope(LEIDEN, UTRECHT):
        assert Folder.objects.count() == 2
    assert current_scope() == frozenset()


def test_a_write_for_a_municipality_outside_the_scope_raises(tables: None) -> None:
    with scope(LEIDEN):
        with pytest.raises(Unscoped):
            Folder.objects.create(municipality_id=UTRECHT, name="x")
        with pytest.raises(Unscoped):
            Folder.objects.bulk_create([Folder(municipality_id=UTRECHT, name="x")])


def test_raw_sql_meets_row_level_security(tables: None) -> None:
    with scope(LEIDEN):
        Folder.objects.create(municipality_id=LEIDEN, name="a")
    table = Folder._meta.db_table
    assert _rows(f"SELECT name FROM {table}", UTRECHT) == []
    assert _rows(f"UPDATE {table} SET name = 'stolen' RETURNING name", UTRECHT) == []
    assert _rows(f"DELETE FROM {table} RETURNING name", UTRECHT) == []
    assert _rows(f"SELECT name FROM {table}", LEIDEN) == [("a",)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,), "without a scope the table looks empty"
    with pytest.raises(DatabaseError, match="row-level security"):
        _rows(
            f"INSERT INTO {table} (id, municipality_id, name) VALUES (gen_random_uuid(), '{LEIDEN}', 'b') RETURNING 1",
            UTRECHT,
        )


def test_the_scope_ends_with_its_block_also_inside_a_larger_transaction(tables: None) -> None:
    with scope(LEIDEN):
        Folder.objects.create(municipality_id=LEIDEN, name="a")
        with scope(UTRECHT):
            assert Folder.objects.count() == 0
        assert Folder.objects.count() == 1
        with pytest.raises(ZeroDivisionError), scope(UTRECHT):
            raise ZeroDivisionError
        assert Folder.objects.count() == 1
        with pytest.raises(IntegrityError), scope(LEIDEN, UTRECHT):
            Folder.objects.create(municipality_id=LEIDEN, name="a")
        assert Folder.objects.count() == 1


def test_a_row_cannot_point_at_a_row_of_another_municipality(tables: None) -> None:
    with scope(LEIDEN):
        theirs = Folder.objects.create(municipality_id=LEIDEN, name="a")
        Page.objects.create(municipality_id=LEIDEN, folder=theirs)
        Page.objects.create(municipality_id=LEIDEN, folder=None)
    with pytest.raises(IntegrityError), scope(LEIDEN, UTRECHT):
        Page.objects.create(municipality_id=UTRECHT, folder=theirs)


def test_the_application_does_not_own_the_tables_and_cannot_lift_the_lock(tables: None) -> None:
    with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {Folder._meta.db_table} DISABLE ROW LEVEL SECURITY")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


@pytest.mark.parametrize("codes", [(), ("",), ("0546",), ("GM0546,GM0344",), ("GM05'6",)])
def test_a_scope_takes_only_municipality_codes(codes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not municipality codes"), scope(*codes):
        pass
