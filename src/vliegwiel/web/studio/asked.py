"""What stands in the address of a page of the studio, read as anybody may type it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from vliegwiel.base import clock
from vliegwiel.base.municipalities import all_municipalities
from vliegwiel.catalogue import typing_in
from vliegwiel.catalogue.laws.shelf import Wanted
from vliegwiel.catalogue.laws.trying import Asked
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest

MOST_FIELDS = 400
LONGEST_LINK = 6_000
"""Characters; servers and mail programs cut longer addresses off."""
DATUM = "g."
_KEY = re.compile(r"[a-z][a-z0-9_]{0,79}(\.[a-z0-9_]{1,80}){0,3}", re.ASCII)


def day(request: PageRequest, name: str, default: date) -> date:
    """A date in the address; the default where it is absent or no date."""
    text = posted.query(request, name, 40)
    if not text:
        return default
    try:
        return typing_in.day([text])
    except typing_in.CannotRead:
        return default


def day_fault(request: PageRequest, name: str) -> str:
    """What is wrong with a date in the address, or nothing."""
    text = posted.query(request, name, 40)
    if not text:
        return ""
    try:
        typing_in.day([text])
    except typing_in.CannotRead as error:
        return str(error)
    return ""


def known_town(code: str) -> str | None:
    """The code of a municipality that exists or existed; None for anything else."""
    return code if any(code == fact.code for fact in all_municipalities()) else None


def wanted(request: PageRequest) -> Wanted:
    """The filter of the list of laws."""
    return Wanted(
        text=posted.query(request, "q", 100),
        kind=posted.query(request, "soort", 40),
        town=posted.query(request, "gemeente", 6),
        standing=posted.query(request, "geldig", 12),
        checked=posted.query(request, "nagekeken", 4),
    )


def asked(request: PageRequest, law: str) -> tuple[Asked, Asked | None]:
    """What is tried, and what it is compared with (None: nothing)."""
    on = day(request, "op", clock.today())
    town = posted.query(request, "gemeente", 6) if "gemeente" in request.GET else request.municipality.code
    names = tuple(posted.clean(name)[:80] for name in request.GET.getlist("uitkomst")[:40])
    first = Asked(law, on, known_town(town), names, typed(request))
    other_on, other_town = posted.query(request, "op2", 40), posted.query(request, "gemeente2", 6)
    if not other_on and not other_town:
        return first, None
    to = first.town if not other_town else known_town(other_town)
    second = Asked(law, day(request, "op2", on), to, names, first.typed)
    return first, second if (second.on, second.town) != (first.on, first.town) else None


def typed(request: PageRequest) -> Mapping[str, str]:
    """What was typed, by name of the datum. Names that no law can have are skipped."""
    found: dict[str, str] = {}
    for name in request.GET:
        key = name.removeprefix(DATUM)
        if name.startswith(DATUM) and _KEY.fullmatch(key) and len(found) < MOST_FIELDS:
            found[key] = posted.clean(request.GET.get(name, "")).strip()
    return found


def link(
    first: Asked, second: Asked | None = None, *, names: tuple[str, ...] = (), keys: frozenset[str] | None = None
) -> str:
    """The query that carries these values, with its question mark; empty when it would be too long.

    `names` are the outcomes to carry; `keys` the fields that belong to the form (None: all).
    """
    pairs = [("op", first.on.isoformat()), ("gemeente", first.town or ""), *(("uitkomst", name) for name in names)]
    for key, text in first.typed.items():
        if text and (keys is None or key in keys):
            pairs.append((f"{DATUM}{key}", text))
    if second is not None:
        pairs += [("op2", second.on.isoformat()), ("gemeente2", second.town or "")]
    pairs.append(("toon", "1"))
    query = urlencode(pairs)
    return f"?{query}" if len(query) <= LONGEST_LINK else ""
