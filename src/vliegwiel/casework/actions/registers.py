"""Telling a register that a datum is wrong (terugmelding). The application or the case simply goes on."""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Invalid, NotFound
from vliegwiel.catalogue.model import Resolved, find
from vliegwiel.catalogue.queries import by_hash
from vliegwiel.registers.facts import Register
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor, Citizen
from vliegwiel.trust.rights import Right, scope_of

from ..access import own_draft, reach
from ..casefacts import current_rows
from ..events import Kind
from ..facts import value_to_json
from ..freetext import written
from ..models import RegisterReport
from ..worklater import send_report

REGISTERS = frozenset(register.value for register in Register)


def report_wrong_datum(
    actor: Actor, datum: str, text: str, *, draft: UUID | None = None, zaak: UUID | None = None
) -> UUID:
    """Say that a datum of a draft or a case is wrong, and what it should be. A job passes it on to the register.

    Raises `NotFound` for a datum that is not there, `Invalid` for an empty text.
    """
    text = written("toelichting", text, longest=1000, empty="Schrijf op wat er niet klopt.")
    if (draft is None) == (zaak is None):
        raise Invalid("Zeg bij welke aanvraag of zaak dit hoort.")
    with scope_of(actor):
        report = _of_draft(actor, draft, datum) if draft is not None else _of_case(actor, zaak, datum)
        report.text, report.by_citizen, report.at = text, isinstance(actor, Citizen), now()
        report.save(force_insert=True)
        if report.register in REGISTERS:
            send_report.later(municipality=report.municipality_id, report=str(report.id))
        return report.id


def _of_draft(actor: Actor, draft_id: UUID, datum: str) -> RegisterReport:
    draft = own_draft(actor, draft_id)
    fact = next((fact for fact in draft.stored_facts() if fact.name == datum), None)
    if fact is None:
        raise NotFound("Dit gegeven staat niet in uw aanvraag.")
    return RegisterReport(
        municipality_id=draft.municipality_id,
        draft=draft.id,
        bsn=draft.bsn,
        register=fact.source,
        datum=datum,
        seen=value_to_json(fact.value),
    )


def _of_case(actor: Actor, zaak_id: UUID | None, datum: str) -> RegisterReport:
    if zaak_id is None:
        raise NotFound("Deze zaak is er niet.")
    zaak = reach(actor, zaak_id, Right.ZAAK_BEHANDELEN)
    row = current_rows(zaak).get(datum)
    if row is None:
        raise NotFound("Dit gegeven staat niet in deze zaak.")
    ledger.append(
        actor,
        municipality=zaak.municipality_id,
        kind=Kind.REGISTER_GEMELD.value,
        zaak_id=zaak.id,
        payload={
            "register": row.source,
            "datum": datum,
            "label": _label(by_hash(zaak.municipality_id, zaak.definition), datum),
        },
    )
    return RegisterReport(
        municipality_id=zaak.municipality_id,
        zaak=zaak.id,
        bsn=zaak.bsn,
        register=row.source,
        datum=datum,
        seen=row.value,
    )


def _label(resolved: Resolved, datum: str) -> str:
    need = find(resolved.needs, datum)
    return need.label if need else datum
