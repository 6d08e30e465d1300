"""Who works here, and which team new cases go to. Nobody keeps a list of staff: whoever works on a case is on it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from django.db import connection

from vliegwiel.base.clock import today
from vliegwiel.trust.identity import Actor, Staff

from .deskpages import Colleague
from .models import Clerk, TeamRoute

_noted: set[tuple[str, str, str, str]] = set()
_UPSERT = """INSERT INTO casework_clerk (municipality_id, id, subject, name, teams, seen)
    VALUES (%s, gen_random_uuid(), %s, %s, %s::jsonb, %s)
    ON CONFLICT (municipality_id, subject) DO UPDATE SET name = excluded.name, teams = excluded.teams, seen = excluded.seen"""


def note(actor: Actor) -> None:
    """Remember that this member of staff works here; once a day a process."""
    if not isinstance(actor, Staff):
        return
    key = (actor.municipality, actor.subject, actor.name, str(today()))
    if key in _noted:
        return
    teams = json.dumps(sorted(actor.teams))
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [actor.municipality, actor.subject, actor.name[:200], teams, today()])
    _noted.add(key)


def colleagues(actor: Staff) -> tuple[Colleague, ...]:
    """The clerks of the actor's own municipality, by name."""
    rows = Clerk.objects.filter(municipality_id=actor.municipality).order_by("name")
    return tuple(Colleague(row.subject, row.name, tuple(row.teams)) for row in rows)


def find(actor: Staff, subject: str) -> Colleague | None:
    """A clerk of the own municipality."""
    row = Clerk.objects.filter(municipality_id=actor.municipality, subject=subject).first()
    return Colleague(row.subject, row.name, tuple(row.teams)) if row else None


@dataclass(slots=True)
class _Routes:
    """Which team each product goes to, read once a minute."""

    teams: dict[tuple[str, str], str]
    read: float


_routes = _Routes({}, 0.0)
FRESH = 60.0


def team_for(municipality: str, product: str) -> str:
    """The team new cases of a product go to; empty when nobody said so. A change elsewhere counts within a minute."""
    if time.monotonic() - _routes.read > FRESH:
        forget_routes()
    if (municipality, "") not in _routes.teams:
        rows = TeamRoute.objects.filter(municipality_id=municipality).values_list("product", "team")
        _routes.teams.update({(municipality, key): team for key, team in rows} | {(municipality, ""): ""})
    return _routes.teams.get((municipality, product), "")


def forget_routes() -> None:
    """Read them again when they are needed."""
    _routes.teams.clear()
    _routes.read = time.monotonic()
