"""The worklist: one list over all products and, by mandate, municipalities; what must be done first stands first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.casework import queries
from vliegwiel.casework.deskpages import Facet, Sort, View, When, Worklist, WorkRow, WorkView
from vliegwiel.trust.rights import Right, rights_of
from vliegwiel.web.request import PageRequest, staff

from . import asked, csvfile, frame

KEYED_VIEWS = 5  # the keys 1 to 5 open the first views


@dataclass(frozen=True, slots=True)
class Tab:
    """A view as a link. `digit` is the key that opens it, where there is one; `count` None is not counted."""

    title: str
    count: int | None
    current: bool
    address: str
    digit: str


@dataclass(frozen=True, slots=True)
class Pages:
    """Where the other pages and orders of this list are, as queries with their question mark."""

    previous: str
    following: str
    by_deadline: str
    by_age: str


@dataclass(frozen=True, slots=True)
class Select:
    """A filter with a few values. `all_text` is its first choice."""

    name: str
    label: str
    all_text: str
    facets: tuple[Facet, ...]


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The list. Who has no business in cases and comes from the login goes to the page that is theirs."""
    clerk = staff(request)
    wanted = asked.read(request)
    if not request.GET and (elsewhere := _own_page(rights_of(clerk))):
        return HttpResponseRedirect(elsewhere)
    found = queries.worklist(clerk, wanted)
    context = {
        "list": found,
        # Fifty times the same beginning of an address: worked out once.
        "cases": f"{reverse('desk:worklist')}zaak/",
        "lead": lead(found),
        "tabs": tabs(found.views),
        "selects": selects(found),
        "pages": _pages(found),
        "narrowed": asked.narrowed(wanted),
        "cleared": asked.tail(asked.only_view(wanted)),
        "closed": wanted.view is View.AFGEROND,
        "by_deadline": wanted.sort is Sort.TERMIJN and wanted.view is not View.AFGEROND,
        "by_age": wanted.sort is Sort.LOOPT,
    }
    return frame.show(request, clerk, "worklist.html", context)


def _own_page(rights: frozenset[Right]) -> str:
    """Where somebody without a right to read cases starts; empty for who starts with the list."""
    if Right.ZAAK_LEZEN in rights:
        return ""
    if Right.LOGBOEK_LEZEN in rights:
        return reverse("desk:seen")
    if Right.RONDE_LEZEN in rights:
        return reverse("rounds:today")
    if Right.RONDE_RIJDEN in rights:
        return reverse("rounds:trucks")
    return reverse("desk:mandates") if Right.MANDAAT_BEHEREN in rights else ""


def lead(found: Worklist) -> str:
    """The answer to "what must be done first?", in a sentence. Empty when the list itself says it."""
    counts = {group.when: group.count for group in found.groups}
    late, soon = counts.get(When.TE_LAAT, 0), counts.get(When.VANDAAG_MORGEN, 0)
    if not found.total or found.filter.view is View.AFGEROND or found.filter.sort is not Sort.TERMIJN:
        return ""
    parts = []
    if late:
        parts.append(ngettext("%(n)d zaak is te laat.", "%(n)d zaken zijn te laat.", late) % {"n": late})
    if soon:
        more = ngettext("%(n)d moet vandaag of morgen klaar.", "%(n)d moeten vandaag of morgen klaar.", soon)
        parts.append(more % {"n": soon})
    if parts:
        return " ".join([*parts, _("Begin daar.")])
    return _("Niets is te laat en niets hoeft vandaag of morgen klaar.")


def tabs(views: Sequence[WorkView]) -> tuple[Tab, ...]:
    """The views as links, the first five with a key."""
    return tuple(
        Tab(
            title=view.title,
            count=None if view.filter.view is View.AFGEROND else view.count,
            current=view.current,
            address=asked.tail(view.filter),
            digit=str(number) if number <= KEYED_VIEWS else "",
        )
        for number, view in enumerate(views, start=1)
    )


def selects(found: Worklist) -> tuple[Select, ...]:
    """The filters that have something to choose."""
    offered = (
        Select("product", _("Product"), _("Alle producten"), found.products),
        Select("gemeente", pgettext("van een zaak", "Gemeente"), _("Alle gemeenten"), found.municipalities),
        Select("aanzet", _("Aan zet"), _("Iedereen"), found.turns),
        Select("fase", _("Fase"), _("Alle fasen"), found.phases),
        Select("team", _("Team"), _("Alle teams"), () if found.filter.view is View.TEAM else found.teams),
    )
    return tuple(s for s in offered if len(s.facets) > 1 or any(facet.chosen for facet in s.facets))


def _pages(found: Worklist) -> Pages:
    wanted = found.filter
    return Pages(
        previous=asked.tail(asked.on_page(wanted, wanted.page - 1)) if wanted.page > 1 else "",
        following=asked.tail(asked.on_page(wanted, wanted.page + 1)) if wanted.page < found.pages else "",
        by_deadline=asked.tail(asked.sorted_by(wanted, Sort.TERMIJN)) or "?",
        by_age=asked.tail(asked.sorted_by(wanted, Sort.LOOPT)),
    )


HEADS = (
    "Zaak", "Product", "Naam", "Geheimhouding", "Gemeente", "Uiterlijk", "Dagen tot de termijn", "Termijn", "Volgende stap",
    "Aan zet", "Fase",
    "Behandelaar", "Team", "Begonnen", "Loopt al (dagen)", "Afgerond",
)  # fmt: skip


@require_safe
def csv(request: PageRequest) -> HttpResponse:
    """Everything the list holds, all pages, as it is filtered now."""
    clerk = staff(request)
    rows = queries.worklist_rows(clerk, asked.read(request))
    return csvfile.download("werk", HEADS, _cells(rows), source="Vliegwiel, werkvoorraad", at=clock.now())


def _cells(rows: Iterator[WorkRow]) -> Iterator[Sequence[csvfile.Cell]]:
    for row in rows:
        yield (
            row.number, row.product_name, row.person, "ja" if row.secret else "", row.place.name, row.deadline, row.days,
            row.badge.text, row.next_step,
            row.turn.value, row.phase, row.assignee_name, row.team, row.opened, row.running_days, row.closed,
        )  # fmt: skip
