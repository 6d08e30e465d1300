"""What every page of the rounds has around it: the menu, and what was just done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, rights_of
from vliegwiel.web.forms import posted
from vliegwiel.web.middleware.security import content_security_policy
from vliegwiel.web.request import PageRequest

TILES = "https://service.pdok.nl"
"""The national base map (BRT Achtergrondkaart, Kadaster, CC BY 4.0). Only the map pages may fetch pictures from there."""

NOTICES: Mapping[str, str] = {
    "gemaakt": "Het plan is gemaakt.",
    "gewijzigd": "Het plan is gewijzigd.",
    "gekozen": "Het plan is gekozen.",
    "vastgesteld": "Het plan is vastgesteld. De chauffeurs zien het op hun telefoon.",
    "terug": "Het plan is weer een concept.",
    "uitgevallen": "Het werk van de wagen is verdeeld. Kijk wat nu wacht.",
    "gezien": "Het alarm staat op gezien.",
    "geleegd": "Genoteerd: geleegd.",
    "kon-niet": "Genoteerd: dit kon niet.",
    "al": "Dit wisten wij al.",
}


@dataclass(frozen=True, slots=True)
class Rounds:
    """`may_work`, `may_read`, `may_plan`, `may_drive`: what the menu and the pages offer."""

    section: str
    notice: str
    may_work: bool
    may_read: bool
    may_plan: bool
    may_drive: bool


def of(request: PageRequest, staff: Staff, section: str) -> Rounds:
    """The frame of this page. Asks nothing of the database."""
    rights = rights_of(staff)
    return Rounds(
        section=section,
        notice=NOTICES.get(posted.query(request, "gedaan", 30), ""),
        may_work=Right.ZAAK_LEZEN in rights,
        may_read=Right.RONDE_LEZEN in rights,
        may_plan=Right.RONDE_PLANNEN in rights,
        may_drive=Right.RONDE_RIJDEN in rights,
    )


def show(
    request: PageRequest,
    staff: Staff,
    template: str,
    context: Mapping[str, object],
    *,
    section: str,
    status: int = 200,
    with_map: bool = False,
) -> HttpResponse:
    """A page of the rounds. `with_map`: the browser may also fetch the base map."""
    response = render(
        request, f"web/rounds/{template}", {**context, "rounds": of(request, staff, section)}, status=status
    )
    if with_map:
        policy = content_security_policy().replace("img-src 'self'", f"img-src 'self' data: {TILES}")
        response["Content-Security-Policy"] = policy
    return response


def done(address: str, what: str) -> HttpResponse:
    """Go to a page after something was done there, which then says so."""
    return HttpResponseRedirect(f"{address}{'&' if '?' in address else '?'}gedaan={what}")
