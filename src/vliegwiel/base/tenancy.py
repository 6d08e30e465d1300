"""Many municipalities in one database, and no way to meet another's rows by accident.

Two locks, one behind the other:

1. `TenantManager` refuses a query outside a `scope(...)` and adds `municipality IN scope` to every query inside one.
2. PostgreSQL's row-level security refuses whatever slips through (raw SQL, a forgotten filter): the policies of
   `ProtectTenantTable` read the setting `vliegwiel.scope`, which `scope` sets with SET LOCAL inside its transaction.
   Outside a scope the setting is empty and the tables look empty.

The primary key of each tenant table is (municipality, id) and foreign keys between them carry the municipality too, so
that a row can never point at another municipality's row, and the schema can be distributed by municipality (Citus).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Generic, Self, TypeVar

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from psycopg.pq import TransactionStatus

from .ids import uuid7
from .prepared import prepared

SETTING = "vliegwiel.scope"
# The codes in scope, for `column = ANY ...` in a policy. As a sub-select it is worked out once a statement instead of once a
# row: counting 200,000 rows takes about half the time.
CODES_IN_SCOPE = f"((SELECT string_to_array(current_setting('{SETTING}', true), ','))::text[])"

_scope: ContextVar[frozenset[str]] = ContextVar("vliegwiel_scope", default=frozenset())


class Unscoped(RuntimeError):
    """A query on tenant data outside `scope(...)`, or a write for a municipality that is not in it. Always a defect."""


def current_scope() -> frozenset[str]:
    """The municipality codes (GM….) whose rows may be seen now; empty outside a scope."""
    return _scope.get()


def _apply(codes: frozenset[str]) -> frozenset[str]:
    with prepared() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, ",".join(sorted(codes))])
    return codes


@contextmanager
def scope(*codes: str) -> Iterator[None]:
    """Open a transaction in which exactly the rows of the municipalities `codes` can be seen and written.

    Nested with the same codes it costs nothing and joins the transaction; with other codes it is a savepoint in which
    only those count, after which the outer ones count again. Raises `ValueError` for no codes or a malformed one.
    """
    wanted = frozenset(codes)
    if not wanted or not all(len(c) == 6 and c.startswith("GM") and c[2:].isdigit() for c in wanted):
        raise ValueError(f"not municipality codes: {sorted(wanted)}")
    if _scope.get() == wanted and connection.in_atomic_block:
        yield
        return
    with scope_set_by(lambda: _apply(wanted)):
        yield


@contextmanager
def scope_set_by(enter: Callable[[], frozenset[str]]) -> Iterator[None]:
    """As `scope`, where the database itself has to say which municipalities count (mandates; `trust.rights`).

    `enter` runs first inside the transaction; it sets `vliegwiel.scope` for the transaction and returns the same codes.
    """
    outer = _scope.get()
    with transaction.atomic():
        token = _scope.set(enter())
        try:
            yield
        finally:
            _scope.reset(token)
            # SET LOCAL ends with the transaction. Inside a larger one (nesting, tests) the outer value must come back here;
            # after a database error the connection takes no statement, and undoing the savepoint brings it back.
            if connection.savepoint_ids and not _failed():
                _apply(outer)


def _failed() -> bool:
    """Whether the database refuses statements until the savepoint is undone."""
    raw = connection.connection
    return raw is None or raw.info.transaction_status == TransactionStatus.INERROR


M = TypeVar("M", bound=models.Model)


class TenantManager(models.Manager[M], Generic[M]):
    """The only manager of a tenant model: every query is limited to the scope, and impossible without one."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[M]:
        codes = _scope.get()
        if not codes:
            raise Unscoped(f"{self.model.__name__} was queried outside a municipality scope")
        queryset = super().get_queryset()
        if len(codes) == 1:
            return queryset.filter(municipality_id=next(iter(codes)))
        return queryset.filter(municipality_id__in=sorted(codes))

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        rows = list(objs)
        for row in rows:
            _check_write(row)
        return super().bulk_create(rows, *args, **kwargs)


def _check_write(row: models.Model) -> None:
    code = getattr(row, "municipality_id", None)
    if code not in _scope.get():
        raise Unscoped(f"{type(row).__name__} of {code} was written outside its municipality scope")


class TenantModel(models.Model):
    """A row that belongs to one municipality. Key: (municipality, id), id a UUIDv7."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    municipality = models.ForeignKey("base.Municipality", on_delete=models.PROTECT, db_index=False, related_name="+")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    municipality_id: str

    def save(self, *args: Any, **kwargs: Any) -> None:
        _check_write(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _check_write(self)
        return super().delete(*args, **kwargs)


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]  # generic only for the type checker, not at run time
    """A foreign key to another tenant table; `ProtectTenantTable` makes the constraint: (municipality, key)."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", False)
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs


class ProtectTenantTable(Operation):
    """Migration step, after CreateModel: key (municipality, id), tenant foreign keys, forced row-level security.

    `append_only` also takes UPDATE and DELETE away from the role of the application.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str, append_only: bool = False) -> None:
        self.name = name
        self.append_only = append_only

    def deconstruct(self) -> Any:
        kwargs: dict[str, object] = {"name": self.name}
        if self.append_only:
            kwargs["append_only"] = True
        return type(self).__qualname__, [], kwargs

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        table = schema_editor.quote_name(model._meta.db_table)
        # Foreign keys and unique rows are made deferred by Django; they must exist before the table is altered again.
        for sql in schema_editor.deferred_sql[:]:
            schema_editor.execute(sql)
        schema_editor.deferred_sql.clear()
        schema_editor.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(model._meta.db_table + '_pkey')}"
        )
        schema_editor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (municipality_id, id)")
        for field in model._meta.local_fields:
            if isinstance(field, TenantForeignKey):
                target = schema_editor.quote_name(field.related_model._meta.db_table)
                name = schema_editor.quote_name(f"{model._meta.db_table}_{field.column}_tenant_fk"[:63])
                column = schema_editor.quote_name(field.column)
                schema_editor.execute(
                    f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (municipality_id, {column})"
                    f" REFERENCES {target} (municipality_id, id) DEFERRABLE INITIALLY DEFERRED"
                )
        protect_table(schema_editor, model._meta.db_table, append_only=self.append_only)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        # CreateModel's own reverse drops the table and all that hangs on it.
        return None

    def describe(self) -> str:
        return f"Row-level security and the key (municipality, id) on {self.name}"


def protect_table(schema_editor: BaseDatabaseSchemaEditor, table: str, *, append_only: bool = False) -> None:
    """Row-level security, forced also on the owner; for an append-only table no UPDATE or DELETE for the application."""
    quoted = schema_editor.quote_name(table)
    schema_editor.execute(f"ALTER TABLE {quoted} ENABLE ROW LEVEL SECURITY")
    schema_editor.execute(f"ALTER TABLE {quoted} FORCE ROW LEVEL SECURITY")
    schema_editor.execute(
        f"CREATE POLICY municipality_scope ON {quoted} USING (municipality_id = ANY {CODES_IN_SCOPE})"
    )
    if append_only:
        role = schema_editor.connection.settings_dict.get("APP_ROLE") or "vliegwiel_app"
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quoted} FROM {schema_editor.quote_name(role)}")


def tenant_models(all_models: Iterable[type[models.Model]]) -> list[type[TenantModel]]:
    """The concrete tenant models among `all_models`, for the checks that walk them."""
    return [m for m in all_models if issubclass(m, TenantModel) and not m._meta.abstract]


RowId = uuid.UUID
