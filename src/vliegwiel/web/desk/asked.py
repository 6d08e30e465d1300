"""The worklist a clerk asked for, as it stands in the address, and back. What makes no sense is ignored, never refused."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest

from vliegwiel.casework.deskpages import Sort, View, WorklistFilter
from vliegwiel.casework.lawpages import Turn
from vliegwiel.web.forms import posted

LAST_PAGE = 100_000

Word = TypeVar("Word", bound=StrEnum)


def read(request: HttpRequest) -> WorklistFilter:
    """The filter in the address of this page."""
    return WorklistFilter(
        view=_member(View, posted.query(request, "weergave", 20)) or View.MIJN,
        text=posted.query(request, "q"),
        product=posted.query(request, "product", 100),
        municipality=posted.query(request, "gemeente", 6),
        turn=_member(Turn, posted.query(request, "aanzet", 20)),
        phase=posted.query(request, "fase", 80),
        team=posted.query(request, "team", 100),
        sort=_member(Sort, posted.query(request, "volgorde", 20)) or Sort.TERMIJN,
        page=page_number(posted.query(request, "pagina", 10)),
    )


def _member(kind: type[Word], text: str) -> Word | None:
    return next((member for member in kind if member.value == text), None)


def page_number(text: str) -> int:
    """A page number that was typed or linked; anything else is the first page."""
    return min(max(int(text), 1), LAST_PAGE) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else 1


def query(wanted: WorklistFilter) -> str:
    """The part of an address after the question mark; empty for the list a clerk starts with."""
    start = WorklistFilter()
    parts = [
        ("weergave", wanted.view.value, start.view.value),
        ("q", wanted.text, start.text),
        ("product", wanted.product, start.product),
        ("gemeente", wanted.municipality, start.municipality),
        ("aanzet", wanted.turn.value if wanted.turn else "", ""),
        ("fase", wanted.phase, start.phase),
        ("team", wanted.team, start.team),
        ("volgorde", wanted.sort.value, start.sort.value),
        ("pagina", str(wanted.page), str(start.page)),
    ]
    return urlencode([(name, value) for name, value, default in parts if value != default])


def tail(wanted: WorklistFilter) -> str:
    """`query` with its question mark, to put behind an address."""
    found = query(wanted)
    return f"?{found}" if found else ""


def sorted_by(wanted: WorklistFilter, sort: Sort) -> WorklistFilter:
    """The same list in another order, from its first page."""
    return replace(wanted, sort=sort, page=1)


def on_page(wanted: WorklistFilter, page: int) -> WorklistFilter:
    """Another page of the same list."""
    return replace(wanted, page=page)


def narrowed(wanted: WorklistFilter) -> bool:
    """Whether something is chosen beside the view, so that an empty list may be the filter's doing."""
    own_team = wanted.view is View.TEAM
    return bool(
        wanted.text
        or wanted.product
        or wanted.municipality
        or wanted.turn
        or wanted.phase
        or (wanted.team and not own_team)
    )


def only_view(wanted: WorklistFilter) -> WorklistFilter:
    """The same view without its filters."""
    return WorklistFilter(view=wanted.view, team=wanted.team if wanted.view is View.TEAM else "")
