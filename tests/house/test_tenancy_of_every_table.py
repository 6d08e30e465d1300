"""Every table that belongs to a municipality is locked the same way; no table escapes by being new."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models

from vliegwiel.base.tenancy import TenantManager, tenant_models

TENANT_MODELS = tenant_models(apps.get_models())
# Tables without a municipality, and why that is right.
SHARED_TABLES = {
    "base_installation": "facts about this installation as a whole",
    "base_municipality": "the municipalities themselves",
    "catalogue_cataloguerevision": "how often anything was published: one number for all",
    "catalogue_packagedtext": "definition files of the package as they once were: public, of nobody",
    "base_municipalityhost": "host names of municipalities, needed before there is a scope",
}


def _rows(sql: str, *params: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("vliegwiel.")]


def test_there_are_tenant_tables() -> None:
    assert len(TENANT_MODELS) > 20


def test_every_table_belongs_to_a_municipality_or_is_listed_with_a_reason() -> None:
    others = {m._meta.db_table for m in _ours()} - {m._meta.db_table for m in TENANT_MODELS}
    assert others == set(SHARED_TABLES)


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda m: m.__name__)
def test_the_manager_refuses_unscoped_queries(model: type[models.Model]) -> None:
    assert isinstance(model._default_manager, TenantManager)
    assert isinstance(model._base_manager, TenantManager)
    with pytest.raises(Exception, match="outside a municipality scope"):
        model._default_manager.all()


@pytest.mark.django_db
def test_row_level_security_is_on_and_forced_on_every_table_also_on_partitions() -> None:
    """Also for tables Django does not know (partitions): whatever has a column municipality_id is locked."""
    unlocked = _rows(
        """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE a.attname = 'municipality_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
          AND c.relnamespace = 'public'::regnamespace
          AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
               OR NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
          AND c.relname <> ALL(%s)
        """,
        sorted(SHARED_TABLES),
    )
    assert unlocked == []


@pytest.mark.django_db
def test_the_application_owns_no_table_and_cannot_go_round_the_lock() -> None:
    assert _rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user") == []
    assert _rows("SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)") == []


@pytest.mark.django_db
def test_every_key_and_unique_index_holds_the_municipality() -> None:
    tables = [m._meta.db_table for m in TENANT_MODELS]
    without = _rows(
        """
        SELECT t.relname, i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        WHERE t.relname = ANY(%s) AND x.indisunique
          AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY(x.indkey)
                          AND a.attname = 'municipality_id')
        """,
        tables,
    )
    assert without == []


@pytest.mark.django_db
def test_foreign_keys_between_tenant_tables_hold_the_municipality() -> None:
    tables = [m._meta.db_table for m in TENANT_MODELS]
    without = _rows(
        """
        SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c
        WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s) AND c.confrelid::regclass::text = ANY(%s)
          AND array_length(c.conkey, 1) < 2
        """,
        tables,
        tables,
    )
    assert without == []


def test_no_relation_between_tenant_tables_goes_without_the_municipality() -> None:
    loose = [
        f"{m.__name__}.{f.name}"
        for m in TENANT_MODELS
        for f in m._meta.get_fields()
        if isinstance(f, (models.ForeignKey, models.ManyToManyField))
        and f.related_model in TENANT_MODELS
        and type(f).__name__ != "TenantForeignKey"
    ]
    assert loose == []


@pytest.mark.django_db
def test_an_unset_scope_shows_nothing_in_any_table() -> None:
    for model in TENANT_MODELS:
        assert _rows(f'SELECT count(*) FROM "{model._meta.db_table}"') == [(0,)]
