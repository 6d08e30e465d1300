"""Writes of the ground floor: the list of municipalities and which of them this installation serves."""

from __future__ import annotations

from datetime import date

from .errors import NotFound
from .models import Municipality
from .municipalities import all_municipalities


def load_municipalities(*, using: str = "owner") -> int:
    """Bring the table of municipalities in line with the facts in `base/data`; what an installation set itself stays.

    Returns how many rows there are. Run after each migration, as the owner of the tables.
    """
    rows = [
        Municipality(
            code=fact.code,
            name=fact.name,
            slug=fact.slug,
            province=str(fact.province),
            begin=fact.begin,
            end=fact.end,
            successors=list(fact.successors),
        )
        for fact in all_municipalities()
    ]
    Municipality.objects.using(using).bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "slug", "province", "begin", "end", "successors"],
    )
    return len(rows)


def go_live(code: str, since: date, *, phone: str = "", visiting_address: str = "", using: str = "owner") -> None:
    """Serve municipality `code` from day `since`. Raises `NotFound` for a code that does not exist."""
    changed = (
        Municipality.objects.using(using)
        .filter(code=code)
        .update(live_since=since, phone=phone, visiting_address=visiting_address)
    )
    if not changed:
        raise NotFound(f"Gemeente {code} bestaat niet.")
