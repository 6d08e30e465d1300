"""Reads of this room that more than one face needs: mandates, and the processing log in the form of its standard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from vliegwiel.base.clock import today
from vliegwiel.base.errors import Forbidden

from .canonical import Json
from .identity import Staff
from .keystore import keystore
from .models import ProcessingRecord
from .processing import BSN, record
from .rights import Right, require, scope_of


@dataclass(frozen=True, slots=True)
class MandateCard:
    """A mandate as both sides see it. `valid`: whether it counts today."""

    id: UUID
    mandans: str
    mandataris: str
    products: tuple[str, ...]
    rights: tuple[Right, ...]
    valid_from: date
    valid_until: date | None
    besluit: str
    withdrawn_at: datetime | None
    valid: bool


def mandates_of(actor: Staff) -> list[MandateCard]:
    """The mandates a municipality gave and those it holds, newest first. They are public decisions: all staff may see them."""
    if not isinstance(actor, Staff):
        raise Forbidden("Dit is alleen voor medewerkers van de gemeente.")
    home, day = actor.municipality, today()
    with scope_of(actor), connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, municipality_id, mandataris, products, rights, valid_from, valid_until, besluit, withdrawn_at
            FROM trust_mandate WHERE municipality_id = %s OR mandataris = %s ORDER BY given_at DESC, id DESC""",
            [home, home],
        )
        rows = cursor.fetchall()
    return [
        MandateCard(
            id=id_,
            mandans=mandans,
            mandataris=mandataris,
            products=tuple(products),
            rights=tuple(Right(r) for r in rights),
            valid_from=begin,
            valid_until=end,
            besluit=besluit,
            withdrawn_at=withdrawn,
            valid=withdrawn is None and begin <= day and (end is None or day <= end),
        )
        for id_, mandans, mandataris, products, rights, begin, end, besluit, withdrawn in rows
    ]


def log_lines(
    actor: Staff,
    *,
    bsn: str | None = None,
    zaak_id: UUID | None = None,
    since: datetime,
    until: datetime,
    limit: int = 500,
) -> list[dict[str, Json]]:
    """Lines of the processing log of the own municipality, oldest first, as Logboek Dataverwerkingen writes them.

    Of one person, one case, or all. For who supervises (LOGBOEK_LEZEN); looking at a person's lines is itself a look.
    Raises `Forbidden`.
    """
    home = actor.municipality
    with scope_of(actor):
        require(actor, Right.LOGBOEK_LEZEN, municipality=home)
        where = Q(municipality_id=home, recorded_at__gte=since, recorded_at__lt=until)
        if zaak_id is not None:
            where &= Q(zaak_id=zaak_id)
        if bsn is not None:
            where &= Q(subject__in=keystore().pseudonyms(home, bsn))
        lines = [line(row) for row in ProcessingRecord.objects.filter(where).order_by("recorded_at", "id")[:limit]]
        if bsn is not None:
            record(
                actor,
                municipality=home,
                bsn=bsn,
                data=["wie uw gegevens heeft bekeken"],
                activity="toezicht-op-verwerking",
                reason="nagaan of uw gegevens volgens de regels zijn bekeken",
            )
    return lines


def line(row: ProcessingRecord) -> dict[str, Json]:
    """A log line with the fields of the standard (core, 3.3.1.2); what is ours stands under `dpl.vliegwiel`."""
    attributes: dict[str, Json] = {
        "dpl.core.processing_activity_id": row.activity,
        "dpl.core.data_subject_id": row.subject,
        "dpl.core.data_subject_id_type": BSN,
        "dpl.vliegwiel.actor": f"{row.actor_kind}:{row.actor_municipality}:{row.actor_id}",
        "dpl.vliegwiel.data": list(row.data),
        "dpl.vliegwiel.reason": row.reason,
    }
    if row.processor:
        attributes["dpl.core.foreign_operation.processor"] = row.processor
    if row.zaak_id is not None:
        attributes["dpl.vliegwiel.zaak"] = str(row.zaak_id)
    found: dict[str, Json] = {
        "trace_id": row.trace_id,
        "span_id": row.operation_id,
        "parent_span_id": row.parent_operation_id,
        "status_code": row.status_code,
        "name": row.name,
        "start_time": _moment(row.start_time),
        "end_time": _moment(row.end_time),
        "resource": {"attributes": {"service": row.resource}},
        "attributes": attributes,
    }
    if row.foreign_operation is not None:
        found["foreign_operation"] = row.foreign_operation
    return found


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
