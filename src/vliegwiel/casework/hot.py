"""Reads on the paths that run all day, as SQL that is put together once. Django's query builder costs more than the database
does for these; what they return are ordinary model instances.

Row-level security holds for raw SQL too; beside it every statement names the municipalities in scope, as the manager does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import models

from vliegwiel.base.prepared import prepared
from vliegwiel.base.tenancy import Unscoped, current_scope

from .grants import SqlValue
from .models import (
    Besluit,
    Draft,
    DraftUpload,
    Entitlement,
    Fact,
    InformationRequest,
    Note,
    Proposal,
    RegisterReport,
    Rol,
    Status,
    Suspension,
    Task,
    Zaak,
    ZaakEigenschap,
)
from .models.row import CaseRow

M = TypeVar("M", bound=CaseRow)


class Hot(Generic[M]):
    """`SELECT` all columns of a model `WHERE` something. `where` is SQL with %s; `end` comes after it (order, lock)."""

    def __init__(self, model: type[M], where: str, end: str = "") -> None:
        self.model = model
        fields = model._meta.local_concrete_fields
        self._names = [field.attname for field in fields]
        self._json = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
        columns = ", ".join(f't."{field.column}"' for field in fields)
        select = f"SELECT {columns} FROM {model._meta.db_table} t WHERE t.municipality_id"  # noqa: S608  # only names of ours
        self._in_one = f"{select} = %s AND {where} {end}"
        self._in_many = f"{select} = ANY(%s) AND {where} {end}"

    def all(self, *values: SqlValue) -> list[M]:
        """The rows. Raises `Unscoped` outside a scope."""
        scope = current_scope()
        if not scope:
            raise Unscoped(f"{self.model.__name__} was queried outside a municipality scope")
        with prepared() as cursor:
            if len(scope) == 1:
                cursor.execute(self._in_one, [*scope, *values])
            else:
                cursor.execute(self._in_many, [sorted(scope), *values])
            return [self._made(row) for row in cursor.fetchall()]

    def first(self, *values: SqlValue) -> M | None:
        """The first row, or None."""
        found = self.all(*values)
        return found[0] if found else None

    def _made(self, row: Sequence[Any]) -> M:
        values = list(row)
        for place in self._json:
            if isinstance(values[place], str):
                values[place] = json.loads(values[place])
        return self.model.from_db("default", self._names, values)


_OF_CITIZEN = """t.id = %s AND t.municipality_id = %s AND EXISTS (SELECT 1 FROM casework_rol r
    WHERE r.municipality_id = t.municipality_id AND r.zaak_id = t.id AND r.bsn = %s
    AND r.omschrijving_generiek IN ('initiator', 'mede_initiator'))"""
_OF_CASE = "t.municipality_id = %s AND t.zaak_id = %s"
_LOCK = "FOR UPDATE OF t"

own_draft: Callable[..., Draft | None] = Hot(Draft, "t.id = %s AND t.bsn = %s").first
own_draft_locked: Callable[..., Draft | None] = Hot(Draft, "t.id = %s AND t.bsn = %s", _LOCK).first
uploads_of: Callable[..., list[DraftUpload]] = Hot(DraftUpload, "t.draft_id = %s", "ORDER BY t.added").all

zaak: Callable[..., Zaak | None] = Hot(Zaak, "t.id = %s").first
zaak_locked: Callable[..., Zaak | None] = Hot(Zaak, "t.id = %s", _LOCK).first
own_zaak: Callable[..., Zaak | None] = Hot(Zaak, _OF_CITIZEN).first
own_zaak_locked: Callable[..., Zaak | None] = Hot(Zaak, _OF_CITIZEN, _LOCK).first
zaak_of_task_locked: Callable[..., Zaak | None] = Hot(
    Zaak,
    "(t.municipality_id, t.id) = (SELECT k.municipality_id, k.zaak_id FROM casework_task k WHERE k.id = %s)",
    _LOCK,
).first

tasks_of: Callable[..., list[Task]] = Hot(Task, _OF_CASE, 'ORDER BY t."order", t.created').all
facts_of: Callable[..., list[Fact]] = Hot(Fact, f"{_OF_CASE} AND t.superseded IS NULL").all
grants_of: Callable[..., list[Entitlement]] = Hot(Entitlement, _OF_CASE, "ORDER BY t.valid_from").all
suspensions_of: Callable[..., list[Suspension]] = Hot(Suspension, _OF_CASE, "ORDER BY t.begins").all
roles_of: Callable[..., list[Rol]] = Hot(Rol, _OF_CASE).all
properties_of: Callable[..., list[ZaakEigenschap]] = Hot(ZaakEigenschap, _OF_CASE).all
statuses_of: Callable[..., list[Status]] = Hot(Status, _OF_CASE, "ORDER BY t.datum_status_gezet").all
questions_of: Callable[..., list[InformationRequest]] = Hot(InformationRequest, _OF_CASE, "ORDER BY t.asked").all
decisions_of: Callable[..., list[Besluit]] = Hot(Besluit, _OF_CASE, "ORDER BY t.decided_at DESC").all
reports_of: Callable[..., list[RegisterReport]] = Hot(
    RegisterReport, "t.municipality_id = %s AND t.zaak = %s", "ORDER BY t.at"
).all
notes_of: Callable[..., list[Note]] = Hot(Note, _OF_CASE, "ORDER BY t.at").all
proposal_of: Callable[..., Proposal | None] = Hot(Proposal, f"{_OF_CASE} AND t.closed IS NULL").first
cases_of: Callable[..., list[Zaak]] = Hot(
    Zaak,
    """t.id IN (SELECT r.zaak_id FROM casework_rol r WHERE r.municipality_id = %s AND r.bsn = %s
        AND r.omschrijving_generiek IN ('initiator', 'mede_initiator'))""",
    "ORDER BY t.received DESC LIMIT 200",
).all
open_drafts_of: Callable[..., list[Draft]] = Hot(
    Draft, "t.municipality_id = %s AND t.bsn = %s AND t.ended IS NULL AND t.expires >= %s", "ORDER BY t.saved DESC"
).all
