"""Containers: the list, and the history of one with what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.rounds.operations.containerpage import ContainerPage, container_page
from vliegwiel.rounds.operations.containerpage import containers as all_containers
from vliegwiel.web.desk import csvfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame
from .chart import chart

PERIODS = (7, 28, 90, 365)
HEADS = ("Tijd", "Soort", "Vulling (%)", "Laag (5 %)", "Hoog (95 %)", "Kans op overloop (%)", "Opmerking")
QUALITIES = {
    0: "goed",
    1: "kwam laat binnen",
    2: "kan niet",
    3: "sensor bleef hangen",
    4: "klok liep fout, tijd van ontvangst",
}


@require_safe
def listing(request: PageRequest) -> HttpResponse:
    """All containers, the fullest first."""
    reader = staff(request)
    text = posted.query(request, "q")
    silent = posted.query(request, "zwijgt", 2) == "ja"
    found = all_containers(reader, text=text, only_silent=silent)
    context = {
        "cards": found,
        "text": text,
        "silent": silent,
        "quiet": sum(card.silent for card in found),
        "at": clock.now(),
    }
    return frame.show(request, reader, "containers.html", context, section="containers")


@require_safe
def page(request: PageRequest, code: str) -> HttpResponse:
    """One container."""
    reader = staff(request)
    days = _days(request)
    found = container_page(reader, code, days=days)
    context = {
        "bin": found,
        "chart": chart(found),
        "days": days,
        "periods": PERIODS,
        "daily": [one for one in found.expected if one.overflow is not None],
        "last": found.readings[-1] if found.readings else None,
    }
    return frame.show(request, reader, "container.html", context, section="containers")


def _days(request: PageRequest) -> int:
    text = posted.query(request, "dagen", 3)
    return int(text) if text.isascii() and text.isdigit() and int(text) in PERIODS else 28


@require_safe
def csv(request: PageRequest, code: str) -> HttpResponse:
    """What was measured, what happened and what is expected, as a file."""
    found = container_page(staff(request), code, days=_days(request))
    name = "".join(sign for sign in found.code if sign.isascii() and (sign.isalnum() or sign in "-_")) or "container"
    source = f"Vliegwiel, container {found.code}"
    return csvfile.download(name, HEADS, _cells(found), source=source, at=found.known_at or clock.now())


def _cells(found: ContainerPage) -> Iterator[Sequence[csvfile.Cell]]:
    for reading in found.readings:
        yield reading.at, "gemeten", _one(reading.level), "", "", "", QUALITIES.get(reading.quality, "")
    for event in reversed(found.happened):
        yield event.at, event.kind, "", "", "", "", event.text
    for one in found.expected:
        odds = _one(one.overflow * 100) if one.overflow is not None else ""
        yield one.at, "verwacht", _one(one.level), _one(one.low), _one(one.high), odds, found.method


def _one(value: float) -> Decimal:
    return Decimal(str(round(value, 1)))
