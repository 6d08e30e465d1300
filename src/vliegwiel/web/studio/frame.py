"""What every page of the studio has around it: the menu, and what was just done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from vliegwiel.base.errors import Invalid, VliegwielError
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, rights_of
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest


@dataclass(frozen=True, slots=True)
class Studio:
    """`may_work`, `may_read_log`, `may_run`, `may_round`: whether the menu leads to cases, to the processing log, to calculations
    for a whole population and to the rounds."""

    section: str
    notice: str
    may_work: bool
    may_read_log: bool
    may_run: bool
    may_round: bool


def notices() -> Mapping[str, str]:
    """What can just have been done, by the word in the address. Only these sentences: an address cannot put words on a page."""
    return {
        "gestart": _("De berekening is begonnen."),
        "afgebroken": _("De berekening stopt. Wat al klaar was, is niet bewaard."),
        "weg": _("De berekening is verwijderd."),
        "bewaard": _("Bewaard in het concept. Wat live is, is niet veranderd."),
        "gelijk": _("Er is niets veranderd."),
        "terug": _("De laatste wijziging is ongedaan gemaakt."),
        "opnieuw": _("De wijziging is weer terug."),
        "weggegooid": _("Het concept is weg."),
        "aangeboden": _("Aangeboden. Een collega kan het nu nakijken en publiceren."),
        "teruggestuurd": _("Teruggestuurd. Uw collega leest waarom."),
        "gepubliceerd": _("Gepubliceerd. Nieuwe zaken krijgen deze versie; zaken die al lopen houden de oude."),
        "teruggegaan": _("U draait weer de eerdere versie. Zaken die al lopen blijven zoals ze zijn."),
        "overgenomen": _("Overgenomen. Nieuwe zaken krijgen deze versie."),
        "gekozen": _("Uw keuzes zijn bewaard. Een collega bevestigt ze."),
        "geweigerd": _("U blijft op uw versie. Bij de volgende versie vragen wij het opnieuw."),
        "gevolgd": _("U volgt deze gemeente. Haal op wat zij publiceerde."),
        "opgehaald": _("Opgehaald. Wat nieuw is, ligt hieronder klaar."),
        "gewijzigd": _("Gewijzigd."),
        "nietmeer": _("U volgt deze gemeente niet meer. Wat u al overnam, blijft."),
        "voorgesteld": _("Voorgesteld. U leest hier het antwoord."),
        "beantwoord": _("Beantwoord. De andere gemeente leest uw antwoord."),
        "nietovergenomen": _("Niet overgenomen. Een collega leest later waarom."),
        "lijstweg": _("De lijst is weg. Concepten die u ervan maakte, blijven."),
        "aanbieden": _("Het product wordt aangeboden vanaf de dag die u koos."),
        "gestopt": _("Het product stopt na de dag die u koos. Zaken die lopen gaan door."),
    }


def of(request: PageRequest, staff: Staff, section: str) -> Studio:
    """The frame of this page. Asks nothing of the database."""
    rights = rights_of(staff)
    return Studio(
        section=section,
        notice=notices().get(posted.query(request, "gedaan", 30), ""),
        may_work=Right.ZAAK_LEZEN in rights,
        may_read_log=Right.LOGBOEK_LEZEN in rights,
        may_run=Right.DEFINITIE_BEHEREN in rights,
        may_round=Right.RONDE_LEZEN in rights,
    )


def show(
    request: PageRequest,
    staff: Staff,
    template: str,
    context: Mapping[str, object],
    *,
    section: str = "laws",
    status: int = 200,
) -> HttpResponse:
    """A page of the studio."""
    return render(request, f"web/studio/{template}", {**context, "studio": of(request, staff, section)}, status=status)


def status_of(error: VliegwielError | None) -> int:
    """The status of a page that is shown again with what was wrong; 200 when nothing was."""
    if error is None:
        return 200
    return 422 if isinstance(error, Invalid) else error.status
