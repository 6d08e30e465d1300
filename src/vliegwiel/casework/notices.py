"""E-mail to who has a case: that there is news, never what it is. Who wants to know logs in.

It also confirms that an application came in (Awb, article 4:3a). A notice may come twice (a worker that was killed after
sending); it then has the same Message-ID, so that mail programs show it once.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.mail import EmailMessage

from vliegwiel.base.jobs import job
from vliegwiel.base.queries import Served, address_of, served_municipality
from vliegwiel.catalogue.model import FieldKind, Resolved
from vliegwiel.catalogue.queries import by_hash
from vliegwiel.trust import processing
from vliegwiel.trust.identity import System
from vliegwiel.trust.rights import scope_of

from .casefacts import current_facts
from .events import Kind
from .lawpages import Turn
from .models import Zaak
from .progress import Moved

NEWS: Final = frozenset(
    {
        Kind.GEOPEND,
        Kind.INFORMATIE_GEVRAAGD,
        Kind.INFORMATIE_GEGEVEN,
        Kind.HERINNERD,
        Kind.TERMIJN_VERLENGD,
        Kind.TERMIJN_VERSTREKEN,
        Kind.INGETROKKEN,
        Kind.AFGESLOTEN,
        Kind.HEROPEND,
    }
)
"""What is always told. Anything else only when it brought the case to another status."""


_CAREFUL: Final = (
    "In onze e-mails staat niet waar uw zaak over gaat. Zo leest een ander niet mee. "
    "Wij vragen nooit per e-mail om een wachtwoord of een betaling."
)


def announce(zaak: Zaak, resolved: Resolved, kind: Kind, moved: Moved, event: UUID) -> None:
    """Ask, in the open transaction, for an e-mail about this event; nothing when there is no news or nowhere to send it.

    A decision is told once its letter can be read (`announce_letter`).
    """
    if kind is Kind.BESLUIT_GENOMEN:
        return
    if (kind in NEWS or moved.statuses) and _mail_fields(resolved):
        send_notice.later(
            municipality=zaak.municipality_id, zaak=str(zaak.id), event=str(event), opened=kind is Kind.GEOPEND
        )


def announce_letter(municipality: str, zaak: UUID, event: UUID) -> None:
    """Ask, in the open transaction, for an e-mail now that the letter of a decision is there."""
    send_notice.later(municipality=municipality, zaak=str(zaak), event=str(event), opened=False)


@job("casework.notice", attempts=12)
def send_notice(municipality: str, zaak: str, event: str, opened: bool) -> None:
    """Send the e-mail about an event. A mail server that is away lets the job try again."""
    actor = System(municipality, "berichten sturen")
    with scope_of(actor):
        row = Zaak.objects.filter(id=UUID(zaak)).first()
        if row is None:
            return
        facts = current_facts(row)
        known = (facts[key].value for key in _mail_fields(by_hash(municipality, row.definition)) if key in facts)
        to = [str(value) for value in known if value]
        if not to:
            return
        if row.bsn:
            processing.record(
                actor,
                municipality=municipality,
                bsn=row.bsn,
                data=["e-mailadres"],
                activity="zaak-behandelen",
                reason="om te berichten dat er nieuws is",
                zaak_id=row.id,
            )
    message(row, served_municipality(municipality), to, event=event, opened=opened).send()


def message(zaak: Zaak, where: Served, to: list[str], *, event: str, opened: bool) -> EmailMessage:
    """The e-mail. It says nothing that its reader would not want a stranger to read."""
    subject = "Wij hebben uw aanvraag ontvangen" if opened else "Er is nieuws over uw zaak"
    page = address_of(where.slug, "/mijn/")
    todo = ["Wij hebben iets van u nodig voordat wij verder kunnen."] if zaak.turn == Turn.INWONER.value else []
    reach = f"Wilt u iets vragen? Bel {where.phone}." if where.phone else "Wilt u iets vragen? Neem contact met ons op."
    lines = [
        "Goedendag,",
        f"{subject}. Het nummer is {zaak.identificatie}.",
        *todo,
        f"Log in om te lezen hoe het ervoor staat: {page}",
        f"{reach} Noem dan het nummer {zaak.identificatie}.",
        f"Gemeente {where.name}",
        _CAREFUL,
    ]
    return EmailMessage(
        subject=f"{subject} ({zaak.identificatie})",
        body="\n\n".join(lines) + "\n",
        to=to,
        headers={"Message-ID": f"<{event}@{_domain(page)}>", "Auto-Submitted": "auto-generated"},
    )


def _domain(page: str) -> str:
    return page.split("/")[2].partition(":")[0]


def _mail_fields(resolved: Resolved) -> list[str]:
    return [field.key for field in resolved.fields() if field.kind is FieldKind.EMAIL]
