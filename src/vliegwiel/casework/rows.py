"""Write all rows of one action in one statement.

An action adds rows to several tables and changes a few others. Sent one by one that is a dozen round trips; as parts of
one `WITH` it is one. Foreign keys between tenant tables are checked at the end of the transaction, so the order of the
parts does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from vliegwiel.base.tenancy import Unscoped, current_scope

from .models.row import CaseRow

Change = tuple[CaseRow, Sequence[str]]
"""A row that exists, with the names of the fields that changed."""


def write(new: Iterable[CaseRow], changed: Iterable[Change] = ()) -> None:
    """Insert `new` rows and update the named fields of `changed` rows, in one statement, inside the open scope.

    Raises `Unscoped` for a row of a municipality that is not in scope, and what the database raises (`IntegrityError`).
    """
    parts: list[str] = []
    values: list[Any] = []
    parts += [_insert(rows, values) for rows in _by_table(new)]
    for row, fields in changed:
        _check(row)
        parts.append(_update(row, fields, values))
    if not parts:
        return
    named = ", ".join(f"p{number} AS ({part})" for number, part in enumerate(parts[:-1]))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} {parts[-1]}" if named else parts[-1], values)


def _by_table(rows: Iterable[CaseRow]) -> list[list[CaseRow]]:
    tables: dict[type[CaseRow], list[CaseRow]] = {}
    for row in rows:
        _check(row)
        tables.setdefault(type(row), []).append(row)
    return list(tables.values())


def _check(row: CaseRow) -> None:
    if row.municipality_id not in current_scope():
        raise Unscoped(f"{type(row).__name__} of {row.municipality_id} was written outside its municipality scope")


def _insert(rows: Sequence[CaseRow], values: list[Any]) -> str:
    meta = rows[0]._meta
    fields = meta.local_concrete_fields
    for row in rows:
        values.extend(_stored(row, field) for field in fields)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    line = "(" + ", ".join(["%s"] * len(fields)) + ")"
    return f"INSERT INTO {meta.db_table} ({columns}) VALUES {', '.join([line] * len(rows))}"  # noqa: S608  # names of ours


def _update(row: CaseRow, names: Sequence[str], values: list[Any]) -> str:
    meta = row._meta
    fields = [meta.get_field(name) for name in names]
    values.extend(_stored(row, field) for field in fields if isinstance(field, models.Field))
    values += [row.municipality_id, row.pk]
    assigned = ", ".join(f'"{f.column}" = %s' for f in fields if isinstance(f, models.Field))
    return f"UPDATE {meta.db_table} SET {assigned} WHERE municipality_id = %s AND id = %s"  # noqa: S608  # names of ours


def _stored(row: CaseRow, field: models.Field[Any, Any]) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
