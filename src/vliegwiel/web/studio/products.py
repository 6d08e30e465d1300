"""The list of products: what there is, what we offer, what is still a concept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.catalogue.productshelf import ProductShelf, ShelfRow, Standing, Wanted, product_shelf
from vliegwiel.web.desk import csvfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame

HEADS = (
    "Naam", "Stand", "Sleutel", "Versie", "Patroon", "Aangeboden sinds", "Afwijkingen", "UPL-naam", "UPL-adres",
    "Grondslag volgens de UPL", "Voor wie",
)  # fmt: skip
A_PAGE = 60


def _wanted(request: PageRequest) -> Wanted:
    return Wanted(
        posted.query(request, "q", 100), posted.query(request, "stand", 12), posted.query(request, "patroon", 40),
        posted.query(request, "wie", 12),
    )  # fmt: skip


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """All products."""
    reader = staff(request)
    wanted = _wanted(request)
    found = product_shelf(request.municipality.code, wanted)
    every = request.GET.get("alles") == "1"
    context = {
        "shelf": found,
        "groups": _groups(found if every else ProductShelf(found.rows[:A_PAGE], found.total, 0, 0, 0, ())),
        "wanted": wanted,
        "searched": bool(wanted.text.strip()),
        "more": 0 if every else max(0, len(found.rows) - A_PAGE),
        "standings": _standings(),
        "audiences": (("inwoner", _("inwoners")), ("ondernemer", _("ondernemers"))),
        "read": clock.now(),
        "query": request.GET.urlencode(),
    }
    return frame.show(request, reader, "products.html", context, section="products")


def _standings() -> tuple[tuple[str, str], ...]:
    return (
        (Standing.OFFERED.value, _("wij bieden het aan")),
        (Standing.READY.value, _("klaar om aan te bieden")),
        (Standing.CONCEPT.value, _("nog een concept")),
    )


def _groups(found: ProductShelf) -> list[tuple[str, str, list[ShelfRow]]]:
    labels = dict(_standings())
    groups: dict[str, list[ShelfRow]] = {}
    for row in found.rows:
        groups.setdefault(row.standing.value, []).append(row)
    return [(standing, labels[standing], groups[standing]) for standing in labels if standing in groups]


@require_safe
def csv(request: PageRequest) -> HttpResponse:
    """The same list as a file."""
    staff(request)
    found = product_shelf(request.municipality.code, _wanted(request))
    return csvfile.download("producten", HEADS, _cells(found), source="Vliegwiel, producten", at=clock.now())


def _cells(found: ProductShelf) -> Iterator[Sequence[csvfile.Cell]]:
    for row in found.rows:
        yield (
            row.name, row.standing.value, row.key, row.version, row.pattern, row.since, row.deviations, row.upl_name,
            row.upl_uri, "; ".join(row.bases), row.for_whom,
        )  # fmt: skip
