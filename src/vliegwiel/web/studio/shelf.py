"""The list of laws and ordinances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.laws.open_points import open_points
from vliegwiel.catalogue.laws.shelf import LawCard, Shelf, Standing, Wanted, shelf
from vliegwiel.web.desk import csvfile
from vliegwiel.web.request import PageRequest, staff

from . import asked, frame

HEADS = (
    "Naam", "Onderdeel", "Soort", "Gemeente", "Vult in", "Geldt vanaf", "Geldt tot en met", "BWB", "CVDR", "Tekst van",
    "Artikelen", "Regels", "Voorbeelden", "Niet nagekeken", "Ander open punt",
)  # fmt: skip


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """All laws and ordinances, with what can be chosen."""
    reader = staff(request)
    on = clock.today()
    found = shelf(law_book(), on, asked.wanted(request))
    context = {
        "shelf": found,
        "groups": _groups(found),
        "wanted": asked.wanted(request),
        "standings": _standings(),
        "checked": (("ja", _("alles nagekeken")), ("nee", _("nog niet alles"))),
        "open": len(open_points(law_book(), on)),
        "read": clock.now(),
        "query": request.GET.urlencode(),
        "whole": shelf(law_book(), on, Wanted()) if found.total != len(found.cards) else found,
    }
    return frame.show(request, reader, "shelf.html", context)


def _standings() -> tuple[tuple[str, str], ...]:
    return (
        (Standing.HOLDS.value, _("geldt nu")),
        (Standing.LATER.value, _("geldt later")),
        (Standing.ENDED.value, _("geldt niet meer")),
    )


def _groups(found: Shelf) -> list[tuple[str, str, list[LawCard]]]:
    """National texts first; then the ordinances, by the law they fill: the title, the id of that law, and the cards."""
    groups: dict[tuple[str, str], list[LawCard]] = {}
    for card in found.cards:
        key = (card.fills_name, card.fills or "") if card.is_ordinance else ("", "")
        groups.setdefault(key, []).append(card)
    return [(name, law, cards) for (name, law), cards in groups.items()]


@require_safe
def csv(request: PageRequest) -> HttpResponse:
    """The same list as a file."""
    staff(request)
    found = shelf(law_book(), clock.today(), asked.wanted(request))
    source = "Vliegwiel, wetten en verordeningen"
    return csvfile.download("wetten", HEADS, _cells(found), source=source, at=clock.now())


def _cells(found: Shelf) -> Iterator[Sequence[str | int | date | None]]:
    for card in found.cards:
        towns = ", ".join(one.name for one in card.towns)
        yield (
            card.name, card.part, card.kind, towns, card.fills_name, card.valid_from, card.valid_to, card.bwb or "",
            card.cvdr or "", card.read, card.articles, card.rules, card.examples, card.unverified, card.open,
        )  # fmt: skip
