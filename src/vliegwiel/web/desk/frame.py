"""What every page of the desk has around it: the menu, what was just done, the list the clerk came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vliegwiel.base.errors import Invalid, VliegwielError
from vliegwiel.casework.deskpages import WorklistFilter
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, rights_of
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest

from . import asked, keys


@dataclass(frozen=True, slots=True)
class Desk:
    """`tail` is the query of the list the clerk came from (with its question mark, or empty), `notice` what was just done.

    `may_work`, `may_give`, `may_read_log`, `may_round`: whether the menu leads to cases, to giving mandates, to the processing
    log and to the rounds.
    """

    section: str
    wanted: WorklistFilter
    tail: str
    notice: str
    keys: bool
    may_work: bool
    may_give: bool
    may_read_log: bool
    may_round: bool


def notices(count: int) -> Mapping[str, str]:
    """What can just have been done, by the word in the address. Only these sentences: an address cannot put words on a page."""
    return {
        "taak": _("De taak is afgerond."),
        "taak-erbij": _("De taak staat erbij."),
        "opgepakt": _("De zaak staat nu op uw naam."),
        "toegewezen": ngettext("%(n)d zaak is toegewezen.", "%(n)d zaken zijn toegewezen.", count) % {"n": count},
        "gegevens": _("De gegevens zijn opnieuw opgehaald. De wet is opnieuw uitgerekend."),
        "notitie": _("De notitie is bewaard."),
        "document": _("Het document is toegevoegd."),
        "brief": _("De brief wordt opnieuw gemaakt."),
        "gevraagd": _("De vraag is gesteld. De inwoner krijgt bericht."),
        "hervat": _("De termijn loopt weer."),
        "verlengd": _("De termijn is verlengd. De inwoner krijgt bericht."),
        "besloten": _("Het besluit is genomen. De brief gaat naar de inwoner."),
        "voorgesteld": _("Uw voorstel staat klaar. Een collega kijkt mee voordat het besluit valt."),
        "teruggegeven": _("Het voorstel is teruggegeven. Uw collega ziet waarom."),
        "ingetrokken": _("De zaak is ingetrokken."),
        "heropend": _("De zaak is weer open."),
        "gesloten": _("De zaak is afgesloten."),
        "gemeld": _("De melding gaat naar de beheerder van het register."),
        "weergave": _("De weergave is bewaard."),
        "weergave-naam": _("De weergave heeft een nieuwe naam."),
        "weergave-weg": _("De weergave is verwijderd."),
        "mandaat": _("Het mandaat is vastgelegd."),
        "mandaat-weg": _("Het mandaat is ingetrokken."),
        "toetsen-aan": _("De toetsen staan aan."),
        "toetsen-uit": _("De toetsen staan uit."),
    }


def of(request: PageRequest, staff: Staff, section: str) -> Desk:
    """The frame of this page. Asks nothing of the database."""
    wanted = asked.read(request)
    rights = rights_of(staff)
    done = posted.query(request, "gedaan", 30)
    count = posted.query(request, "aantal", 6)
    return Desk(
        section=section,
        wanted=wanted,
        tail=asked.tail(wanted),
        notice=notices(asked.page_number(count)).get(done, "") if done else "",
        keys=keys.are_on(request),
        may_work=Right.ZAAK_LEZEN in rights,
        may_give=Right.MANDAAT_BEHEREN in rights,
        may_read_log=Right.LOGBOEK_LEZEN in rights,
        may_round=Right.RONDE_LEZEN in rights,
    )


def show(
    request: PageRequest,
    staff: Staff,
    template: str,
    context: Mapping[str, object],
    *,
    section: str = "work",
    status: int = 200,
) -> HttpResponse:
    """A page of the desk."""
    return render(request, f"web/desk/{template}", {**context, "desk": of(request, staff, section)}, status=status)


def status_of(error: VliegwielError | None) -> int:
    """The status of a page that is shown again: 422 where a field is not right, as on the pages of the citizen."""
    if error is None:
        return 200
    return 422 if isinstance(error, Invalid) else error.status


def done(address: str, tail: str, what: str, *, count: int | None = None) -> HttpResponse:
    """Go to a page after something was done there, which then says so. The list in the address stays."""
    told = f"gedaan={what}" + (f"&aantal={count}" if count is not None else "")
    return HttpResponseRedirect(f"{address}{tail}{'&' if tail else '?'}{told}")
