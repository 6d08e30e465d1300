"""What every page of the studio has around it: the menu, and what was just done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

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
