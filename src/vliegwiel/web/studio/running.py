"""Who runs which version: of all products, or of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.catalogue.laws.shelf import town
from vliegwiel.catalogue.productshelf import Wanted, product_shelf
from vliegwiel.catalogue.versions import queries
from vliegwiel.catalogue.versions.queries import Running
from vliegwiel.web.desk import csvfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame

HEADS = (
    "Product", "Gemeente", "Code", "Versie", "Sinds", "Wijze", "Volgt", "Eigen versies", "Loopt achter", "Definitie",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Town:
    """What one municipality runs."""

    name: str
    running: Running
    follows: str
    own: bool


@dataclass(frozen=True, slots=True)
class Product:
    """Who runs a product: by municipality, and how many run each version."""

    key: str
    name: str
    towns: tuple[Town, ...]
    versions: tuple[tuple[str, int], ...]
    behind: int
    ours: Town | None


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The dashboard."""
    reader = staff(request)
    found = _products(request)
    context = {
        "products": found,
        "towns": len({one.running.municipality for product in found for one in product.towns}),
        "mixed": sum(len(product.versions) > 1 for product in found),
        "behind": sum(product.behind for product in found),
        "one": posted.query(request, "product", 80),
        "text": posted.query(request, "q", 100),
        "read": clock.now(),
        "query": request.GET.urlencode(),
    }
    return frame.show(request, reader, "running.html", context, section="running")


def _products(request: PageRequest) -> list[Product]:
    own, text = request.municipality.code, posted.query(request, "q", 100)
    key = posted.query(request, "product", 80)
    names = {row.key: row.name for row in product_shelf(own, Wanted(text=text)).rows if row.key}
    running: dict[str, list[Running]] = {}
    for one in queries.who_runs_what(own, key):
        running.setdefault(one.product, []).append(one)
    return [_product(found, names.get(found, found), running[found], own) for found in names if found in running]


def _product(key: str, name: str, rows: Sequence[Running], own: str) -> Product:
    towns = tuple(sorted((_town(row, own) for row in rows), key=lambda one: (not one.own, one.name)))
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.version] = counts.get(row.version, 0) + 1
    return Product(
        key,
        name,
        towns,
        tuple(sorted(counts.items(), key=lambda pair: -pair[1])),
        sum(row.behind for row in rows),
        next((one for one in towns if one.own), None),
    )


def _town(row: Running, own: str) -> Town:
    follows = town(row.publisher).name if row.publisher else ""
    return Town(town(row.municipality).name, row, follows, row.municipality == own)


@require_safe
def csv(request: PageRequest) -> HttpResponse:
    """The same as a file, a line for each municipality and product."""
    staff(request)
    return csvfile.download(
        "wie-draait-wat", HEADS, _cells(_products(request)), source="Vliegwiel, wie draait wat", at=clock.now()
    )


def _cells(found: list[Product]) -> Iterator[Sequence[csvfile.Cell]]:
    for product in found:
        for one in product.towns:
            row = one.running
            yield (
                product.name, one.name, row.municipality, row.version, row.since, row.mode, one.follows or "pakket", row.own,
                "ja" if row.behind else "nee", row.definition[:12],
            )  # fmt: skip
