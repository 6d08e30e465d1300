"""A law or an ordinance as a page to read, on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.laws.open_points import counted, points_of
from vliegwiel.catalogue.laws.page import law_page
from vliegwiel.catalogue.laws.parts import ExamplePart
from vliegwiel.catalogue.laws.shelf import version_on, versions
from vliegwiel.web.request import PageRequest, staff

from . import asked, frame


@dataclass(frozen=True, slots=True)
class Example:
    """An example with the address at which it is tried."""

    part: ExamplePart
    address: str


@require_safe
def page(request: PageRequest, law: str) -> HttpResponse:
    """The law, article by article."""
    reader = staff(request)
    book, on = law_book(), asked.day(request, "op", clock.today())
    shown = law_page(book, law, on)
    text = version_on(versions(book, law), on)
    points = points_of(book, text, clock.today())
    context = {
        "law": shown,
        "card": shown.card,
        "points": points,
        "counts": [(why.value, count) for why, count in counted(points).items() if count],
        "examples": examples(shown.examples, shown.card.id, on),
        "today": clock.today(),
        "day_fault": asked.day_fault(request, "op"),
        "changes": shown.changes[:12],
        "tab": "read",
    }
    return frame.show(request, reader, "law.html", context)


def examples(parts: tuple[ExamplePart, ...], id_: str, on: date) -> list[Example]:
    """The examples of a text with where to try them. `on` is the date that says which version is meant."""
    text = version_on(versions(law_book(), id_), on)
    address = reverse("studio:try", args=[text.fills or text.id])
    return [
        Example(part, f"{address}?voorbeeld={text.id}:{text.validity.van.isoformat()}:{part.number}") for part in parts
    ]
