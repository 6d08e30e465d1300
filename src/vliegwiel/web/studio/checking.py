"""What a lawyer still has to check, per law, with what rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.laws.open_points import OpenPoint, Why, counted, open_points
from vliegwiel.catalogue.laws.shelf import Town, town
from vliegwiel.catalogue.search import plain
from vliegwiel.web.desk import csvfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame

HEADS = (
    "Wet of verordening", "Gemeente", "Wat", "Waarde", "Artikel", "Soort punt", "Waar het staat", "Opmerking",
    "Uitkomsten die hierop rusten", "Producten", "Bestand", "Regel", "Adres van het artikel",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; empty means all."""

    text: str
    why: str
    law: str
    town: str


@dataclass(frozen=True, slots=True)
class Group:
    """The points of one law or ordinance."""

    id: str
    name: str
    towns: tuple[Town, ...]
    points: tuple[OpenPoint, ...]
    counts: tuple[tuple[str, int], ...]
    products: tuple[str, ...]


def _filter(request: PageRequest) -> Filter:
    return Filter(
        posted.query(request, "q", 100), posted.query(request, "wat", 30), posted.query(request, "wet", 80),
        posted.query(request, "gemeente", 6),
    )  # fmt: skip


def _found(wanted: Filter) -> tuple[OpenPoint, ...]:
    return tuple(point for point in open_points(law_book(), clock.today()) if _fits(point, wanted))


def _fits(point: OpenPoint, wanted: Filter) -> bool:
    if wanted.why and point.why != wanted.why:
        return False
    if wanted.law and wanted.law not in (point.text, point.law):
        return False
    if wanted.town and wanted.town not in point.municipalities:
        return False
    text = plain(" ".join((point.what, point.text_name, point.note, point.source, *point.outcomes, *point.products)))
    return all(word in text for word in plain(wanted.text).split())


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """All open points, by law."""
    reader = staff(request)
    wanted = _filter(request)
    every = open_points(law_book(), clock.today())
    found = _found(wanted)
    context = {
        "groups": _groups(found),
        "overview": wanted == Filter("", "", "", ""),
        "found": len(found),
        "total": len(every),
        "counts": [(why.value, count) for why, count in counted(every).items()],
        "resting": len({name for point in every for name in point.products}),
        "wanted": wanted,
        "whys": _whys(),
        "laws": sorted({(point.text, point.text_name) for point in every}, key=lambda pair: pair[1]),
        "towns": sorted({town(code) for point in every for code in point.municipalities}, key=lambda one: one.name),
        "read": clock.now(),
        "query": request.GET.urlencode(),
    }
    return frame.show(request, reader, "check.html", context, section="check")


def _whys() -> tuple[tuple[str, str], ...]:
    return (
        (Why.UNVERIFIED.value, _("niet nagekeken")),
        (Why.NOT_FOUND.value, _("niet gevonden")),
        (Why.QUESTION.value, _("vraag voor een jurist")),
        (Why.NOT_MODELLED.value, _("niet gemodelleerd")),
        (Why.RUN_OUT.value, _("verlopen")),
    )


def _groups(points: Iterable[OpenPoint]) -> list[Group]:
    """By law or ordinance: those with most first that products rest on."""
    found: dict[str, list[OpenPoint]] = {}
    for point in points:
        found.setdefault(point.text, []).append(point)
    groups = [
        Group(
            id_,
            of[0].text_name,
            tuple(town(code) for code in of[0].municipalities),
            tuple(of),
            tuple((label, counted(of)[Why(why)]) for why, label in _whys()),
            tuple(sorted({name for point in of for name in point.products})),
        )
        for id_, of in found.items()
    ]
    return sorted(groups, key=lambda group: (-sum(bool(p.products) for p in group.points), group.name))


@require_safe
def csv(request: PageRequest) -> HttpResponse:
    """The same points as a file."""
    staff(request)
    source = "Vliegwiel, wat een jurist nog moet nakijken"
    return csvfile.download("nakijken", HEADS, _cells(_found(_filter(request))), source=source, at=clock.now())


def _cells(points: Iterable[OpenPoint]) -> Iterator[Sequence[str | int]]:
    for point in points:
        towns = ", ".join(town(code).name for code in point.municipalities)
        yield (
            point.text_name, towns, point.what, point.value, point.article, point.why.value, point.source, point.note,
            ", ".join(point.outcomes), ", ".join(point.products), point.file, point.line, point.url or "",
        )  # fmt: skip
