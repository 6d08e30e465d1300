"""Write all rows of one action in one statement.

An action adds rows to several tables and changes a few others. Sent one by one that is a dozen round trips; as parts of
one `WITH` it is one. The rows of a table travel as one JSON value, which PostgreSQL turns into typed rows, so that the
statement is short and the same each time. Foreign keys between tenant tables are checked at the end of the transaction,
so the order of the parts does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TypeAlias

import msgspec

from vliegwiel.base.prepared import prepared
from vliegwiel.base.tenancy import Unscoped, current_scope

from .models.row import CaseRow

Change: TypeAlias = tuple[CaseRow, Sequence[str]]
"""A row that exists, with the names of the fields that changed."""


def write(new: Iterable[CaseRow], changed: Iterable[Change] = ()) -> None:
    """Insert `new` rows and update the named fields of `changed` rows, in one statement, inside the open scope.

    Raises `Unscoped` for a row of a municipality that is not in scope, and what the database raises (`IntegrityError`).
    """
    parts: list[str] = []
    values: list[str] = []
    for model, rows in _by_table(new).items():
        parts.append(_insert(model))
        values.append(_json([_whole(row) for row in rows]))
    for row, names in changed:
        _check(row)
        parts.append(_update(type(row), tuple(names)))
        values.append(_json(_part(row, names)))
    if not parts:
        return
    named = ", ".join(f"p{number} AS ({part})" for number, part in enumerate(parts[:-1]))
    with prepared() as cursor:
        cursor.execute(f"WITH {named} {parts[-1]}" if named else parts[-1], values)


def _by_table(rows: Iterable[CaseRow]) -> dict[type[CaseRow], list[CaseRow]]:
    tables: dict[type[CaseRow], list[CaseRow]] = {}
    for row in rows:
        _check(row)
        tables.setdefault(type(row), []).append(row)
    return tables


def _check(row: CaseRow) -> None:
    if row.municipality_id not in current_scope():
        raise Unscoped(f"{type(row).__name__} of {row.municipality_id} was written outside its municipality scope")


@cache
def _columns(model: type[CaseRow]) -> tuple[tuple[str, str], ...]:
    """Column and attribute of each field."""
    return tuple((field.column or field.attname, field.attname) for field in model._meta.local_concrete_fields)


def _whole(row: CaseRow) -> dict[str, object]:
    values = row.__dict__
    return {column: values[name] for column, name in _columns(type(row))}


def _part(row: CaseRow, names: Sequence[str]) -> Mapping[str, object]:
    columns = {name: row._meta.get_field(name) for name in names}
    found: dict[str, object] = {"municipality_id": row.municipality_id, "id": row.pk}
    for name, field in columns.items():
        attribute = getattr(field, "attname", name)
        found[getattr(field, "column", name)] = getattr(row, attribute)
    return found


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


@cache
def _insert(model: type[CaseRow]) -> str:
    table = model._meta.db_table
    columns = ", ".join(f'"{column}"' for column, _ in _columns(model))
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s)"  # noqa: S608


@cache
def _update(model: type[CaseRow], names: tuple[str, ...]) -> str:
    table = model._meta.db_table
    columns = [getattr(model._meta.get_field(name), "column", name) for name in names]
    assigned = ", ".join(f'"{column}" = changed."{column}"' for column in columns)
    return (
        f"UPDATE {table} AS t SET {assigned} FROM jsonb_populate_record(NULL::{table}, %s) AS changed"  # noqa: S608
        " WHERE t.municipality_id = changed.municipality_id AND t.id = changed.id"
    )
