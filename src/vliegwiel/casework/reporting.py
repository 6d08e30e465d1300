"""Passing reports of wrong data on to their register, after the transaction that kept them."""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.clock import now
from vliegwiel.registers.terugmelding import make_report, send_report
from vliegwiel.trust.identity import System
from vliegwiel.trust.rights import scope_of

from .models import RegisterReport


def send(actor: System, report_id: UUID) -> None:
    """Send a report, once: its id is the number it is sent under. Raises what the register raises, to be tried again."""
    with scope_of(actor):
        row = RegisterReport.objects.filter(id=report_id).first()
        if row is None or row.sent is not None:
            return
        RegisterReport.objects.filter(id=report_id).update(attempts=row.attempts + 1)
    send_report(make_report(row.datum, row.bsn, row.municipality_id, row.text, kenmerk=row.id))
    with scope_of(actor):
        RegisterReport.objects.filter(id=report_id, sent__isnull=True).update(sent=now())
