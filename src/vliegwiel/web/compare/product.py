"""One product: municipalities side by side. What everybody has, who differs, in what, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.catalogue.comparing import queries
from vliegwiel.catalogue.comparing.aspects import Aspect
from vliegwiel.catalogue.comparing.gathering import ProductCompared
from vliegwiel.catalogue.comparing.reasons import UNFOUNDED, Grade
from vliegwiel.catalogue.comparing.rules import RuledValue, Term
from vliegwiel.catalogue.comparing.sidebyside import Place, Value
from vliegwiel.catalogue.laws.shelf import town
from vliegwiel.catalogue.practice.queries import practice
from vliegwiel.web.desk import csvfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from .overview import SOURCE
from .shown import show

COLUMNS = 4
"""Municipalities that fit beside each other on a wide screen."""
MOST_NAMES = 6
MOST_VALUES = 12
HEADS = (
    "Plek", "Pad", "Gedeeld", "Gemeente", "Code", "Waarde", "Anders in", "Reden", "Grondslag", "Oordeel over de reden",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """What one municipality has in one place. `text` is empty where it has what is shared."""

    town: str
    text: str
    removed: bool
    why: str
    basis: str
    wrong: str
    odd: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What several municipalities have. `names` are the first of them, `more` how many others."""

    text: str
    removed: bool
    count: int
    names: tuple[str, ...]
    more: int
    aspects: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """A place with a cell for each chosen municipality, and who has what over all."""

    name: str
    key: str
    shared: str
    same: int
    differs: int
    aspects: tuple[str, ...]
    cells: tuple[Cell, ...]
    groups: tuple[Group, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the municipalities in the columns, the kind of difference, part of the name."""

    towns: tuple[str, ...]
    aspect: str
    text: str


def _asked(request: PageRequest, found: ProductCompared, own: str) -> Asked:
    known = set(found.variants.towns)
    chosen = [code for code in request.GET.getlist("g")[: 3 * COLUMNS] if code in known]
    if not chosen:
        chosen = [own] if own in known else []
        busy = sorted(known - {own}, key=lambda code: (found.variants.alike(code), code))
        chosen += busy[: COLUMNS - 1 - len(chosen)]
    aspect = posted.query(request, "anders", 30)
    names = {one.value for one in Aspect}
    return Asked(
        tuple(dict.fromkeys(chosen))[:COLUMNS], aspect if aspect in names else "", posted.query(request, "q", 80)
    )


@require_safe
def page(request: PageRequest, key: str) -> HttpResponse:
    """Side by side."""
    reader = staff(request)
    on = clock.today()
    found = queries.comparison(reader.municipality, key, on)
    asked = _asked(request, found, reader.municipality)
    groups = [
        (label, kind, rows)
        for label, kind, grade in (
            (_("Anders zonder reden"), "warn", Grade.NONE),
            (_("Anders met reden"), "ok", Grade.EXPLAINED),
            (_("Alleen andere woorden"), "no", Grade.WORDING),
        )
        if (
            rows := [
                _row(place, asked) for place in found.variants.places if place.shape is grade and _fits(place, asked)
            ]
        )
    ]
    terms = [_term(term, asked) for term in found.terms if _term_fits(term, asked)]
    context = {
        "found": found,
        "variants": found.variants,
        "asked": asked,
        "columns": [town(code) for code in asked.towns],
        "alike": [(town(code), round(100 * found.variants.alike(code))) for code in asked.towns],
        "practised": _practised(reader.municipality, key, asked),
        "groups": groups,
        "terms": terms,
        "unreasoned": sum(place.shape is Grade.NONE for place in found.variants.places),
        "founded": sum(place.shape is Grade.EXPLAINED for place in found.variants.places),
        "wording": sum(place.shape is Grade.WORDING for place in found.variants.places),
        "shown": sum(len(rows) for _, _, rows in groups) + len(terms),
        "total": len(found.variants.places) + len(found.terms),
        "all_towns": sorted((town(code) for code in found.variants.towns), key=lambda one: one.name),
        "aspects": [one.value for one in Aspect],
        "own": reader.municipality,
        "picks": range(COLUMNS),
        "read": clock.now(),
        "query": request.GET.urlencode(),
        "span": 2 + len(asked.towns),
    }
    return show(request, reader, "product.html", context)


def _fits(place: Place, asked: Asked) -> bool:
    wanted = not asked.aspect or asked.aspect in {one.value for one in place.aspects}
    return wanted and asked.text.strip().casefold() in place.name.casefold()


def _term_fits(term: Term, asked: Asked) -> bool:
    wanted = not asked.aspect or asked.aspect in {one.value for one in term.aspects}
    return wanted and asked.text.strip().casefold() in term.label.casefold()


def _row(place: Place, asked: Asked) -> Row:
    groups = tuple(_group(value) for value in place.values[:MOST_VALUES])
    cells = tuple(_cell(place, code) for code in asked.towns)
    aspects = tuple(sorted(one.value for one in place.aspects))
    hidden = max(len(place.values) - MOST_VALUES, 0)
    return Row(place.name, place.key, place.shared, place.same, place.differs, aspects, cells, groups, hidden)


def _cell(place: Place, code: str) -> Cell:
    found = place.by_town.get(code)
    if found is None:
        return Cell(code, "", False, "", "", "", odd=False)
    value, reason = found
    odd = reason.grade in UNFOUNDED
    return Cell(code, value.text, value.removed, reason.reason, reason.basis, reason.wrong, odd)


def _group(value: Value) -> Group:
    names = [town(code).name for code in value.towns[:MOST_NAMES]]
    aspects = tuple(sorted(one.value for one in value.aspects))
    why = value.reasons[0].wrong or value.reasons[0].basis or value.reasons[0].reason
    return Group(value.text, value.removed, len(value.towns), tuple(names), len(value.towns) - len(names), aspects, why)


def _term(term: Term, asked: Asked) -> Row:
    cells = tuple(_term_cell(term, code) for code in asked.towns)
    groups = tuple(_term_group(value) for value in term.values[:MOST_VALUES])
    filled = sum(len(value.towns) for value in term.values)
    aspects = tuple(sorted(one.value for one in term.aspects))
    hidden = max(len(term.values) - MOST_VALUES, 0)
    name = f"{term.label[:1].upper()}{term.label[1:]}"
    return Row(name, f"{term.law}, {term.article}", term.standard, term.silent, filled, aspects, cells, groups, hidden)


def _term_cell(term: Term, code: str) -> Cell:
    value = next((one for one in term.values if code in one.towns), None)
    if value is None:
        return Cell(code, "", False, "", "", "", odd=False)
    wrong = _("Niet nagekeken.") if code in value.unseen else ""
    return Cell(code, value.ruled.text, False, "", _("artikel %(n)s") % {"n": value.ruled.article}, wrong, odd=False)


def _term_group(value: RuledValue) -> Group:
    names = [town(code).name for code in value.towns[:MOST_NAMES]]
    aspects = tuple(sorted(one.value for one in value.aspects))
    return Group(value.ruled.text, False, len(value.towns), tuple(names), len(value.towns) - len(names), aspects, "")


def _practised(municipality: str, key: str, asked: Asked) -> list[tuple[str, object]]:
    """The lead time of the chosen municipalities, where it is known."""
    found = practice(municipality, key)
    days = next((one for one in found.measures if one.measure.key == "doorlooptijd"), None)
    return [(town(code).name, days.row(code)) for code in asked.towns] if days is not None else []


@require_safe
def csv(request: PageRequest, key: str) -> HttpResponse:
    """Every difference of every municipality, a line each."""
    reader = staff(request)
    found = queries.comparison(reader.municipality, key, clock.today())
    return csvfile.download(f"vergelijken-{key}", HEADS, _cells(found), source=SOURCE, at=clock.now())


def _cells(found: ProductCompared) -> Iterator[Sequence[csvfile.Cell]]:
    for place in found.variants.places:
        for value in place.values:
            aspects = ", ".join(sorted(one.value for one in value.aspects))
            for reason in value.reasons:
                text = "(vervalt)" if value.removed else value.text
                yield (
                    place.name, place.key, place.shared, town(reason.code).name, reason.code, text, aspects, reason.reason,
                    reason.basis, reason.grade.value,
                )  # fmt: skip
    for term in found.terms:
        for ruled in term.values:
            aspects = ", ".join(sorted(one.value for one in ruled.aspects))
            for code in ruled.towns:
                grade = Grade.UNSEEN if code in ruled.unseen else Grade.ORDINANCE
                yield (
                    term.label, f"{term.law}: {term.name}", term.standard, town(code).name, code, ruled.ruled.text, aspects, "",
                    f"artikel {ruled.ruled.article}", grade.value,
                )  # fmt: skip
