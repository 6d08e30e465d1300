"""Who looked at my data?"""

from __future__ import annotations

import csv
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vliegwiel.base.clock import local
from vliegwiel.trust.identity import Citizen
from vliegwiel.trust.processing import Seen, seen
from vliegwiel.web.request import PageRequest, citizen

A_PAGE = 25
ALL = 2_000


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """Every look, newest first; of one case when `?zaak=` says so."""
    zaak = _zaak(request)
    everything = _rows(citizen(request), zaak)
    own = request.GET.get("ook") == "zelf"
    rows = everything if own else [row for row in everything if not row.by_self]
    number = _number(request.GET.get("blad", ""))
    start = (number - 1) * A_PAGE
    shown = rows[start : start + A_PAGE]
    context = {
        "nav": "seen",
        "rows": shown,
        "total": len(rows),
        "shown": len(shown),
        "zaak": zaak,
        "own": own,
        "own_looks": sum(1 for row in everything if row.by_self),
        "summary": summary(everything),
        "turn": _query(zaak, 1, own=not own),
        "next_page": _query(zaak, number + 1, own=own) if start + A_PAGE < len(rows) else "",
        "previous_page": _query(zaak, number - 1, own=own) if number > 1 else "",
    }
    return render(request, "web/citizen/seen.html", context)


def summary(rows: list[Seen]) -> str:
    """How often, and by whom, in one sentence."""
    others = sum(1 for row in rows if not row.by_self)
    if not rows:
        return _("Nog niemand heeft uw gegevens bekeken.")
    if not others:
        return _("Alleen uzelf heeft uw gegevens bekeken.")
    return ngettext(
        "Uw gegevens zijn %(n)d keer bekeken door iemand anders dan uzelf.",
        "Uw gegevens zijn %(n)d keer bekeken door iemand anders dan uzelf.",
        others,
    ) % {"n": others}


@require_safe
def download(request: PageRequest) -> HttpResponse:
    """The same list as CSV (semicolons, as Dutch spreadsheets expect)."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="wie-keek-mee.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(["wanneer", "wie", "welke gegevens", "waarom", "zaak"])
    for row in _rows(citizen(request), _zaak(request)):
        moment = local(row.when).isoformat(sep=" ", timespec="seconds")
        writer.writerow([moment, row.who, ", ".join(row.data), row.reason, str(row.zaak_id or "")])
    return response


def _rows(person: Citizen, zaak: UUID | None) -> list[Seen]:
    rows = seen(person, limit=ALL)
    return [row for row in rows if row.zaak_id == zaak] if zaak else rows


def _zaak(request: PageRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("zaak", ""))
    except ValueError:
        return None


def _number(text: str) -> int:
    return max(int(text[:6]), 1) if text.isascii() and text.isdigit() else 1


def _query(zaak: UUID | None, number: int, *, own: bool) -> str:
    asked = {"zaak": str(zaak) if zaak else "", "ook": "zelf" if own else "", "blad": str(number) if number > 1 else ""}
    return urlencode({name: value for name, value in asked.items() if value})
