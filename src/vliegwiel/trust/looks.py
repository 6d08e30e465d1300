"""Who looked at whose data, for who supervises (AVG art. 5, 24 and 32; Logboek Dataverwerkingen): the log as people read it.

`queries.log_lines` gives the same log in the form of its standard, for machines. Only of the own municipality: what staff
of a mandataris saw stands in the log of the municipality that gave the mandate. Whose data it was is a pseudonym; a bsn can
be asked for, and asking is itself a look that the citizen will see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from django.db import connection

from vliegwiel.base.clock import midnight

from .activities import activity_by_uri, activity_register
from .identity import ActorKind, Staff
from .keystore import keystore
from .processing import record
from .rights import Right, require, scope_of

PAGE = 50
# Counting stops here: "more than 10,000" says as much, and a year of a large municipality has millions.
MOST_COUNTED = 10_000


Value: TypeAlias = str | datetime | UUID | list[str]


@dataclass(frozen=True, slots=True)
class LookFilter:
    """Which lines. `until` is the last day. `activity` is an id of the register; `actor_id` the subject of a colleague."""

    since: date
    until: date
    bsn: str = ""
    zaak_id: UUID | None = None
    activity: str = ""
    actor_id: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One line. `function` is who it was as the citizen reads it; `actor_id` the subject of staff, empty for a citizen."""

    when: datetime
    kind: ActorKind
    actor_municipality: str
    actor_id: str
    function: str
    data: tuple[str, ...]
    reason: str
    activity: str
    zaak_id: UUID | None


@dataclass(frozen=True, slots=True)
class LooksPage:
    """A page of lines, newest first. `total` counts all of them, at most `MOST_COUNTED` (`more` says that there are more)."""

    looks: tuple[Look, ...]
    total: int
    more: bool
    page: int
    pages: int


def looks(actor: Staff, wanted: LookFilter, *, page: int = 1, size: int = PAGE) -> LooksPage:
    """The lines of the own municipality. Needs LOGBOEK_LEZEN; raises `Forbidden`, `StaffLoginNeeded`."""
    home = actor.municipality
    with scope_of(actor):
        require(actor, Right.LOGBOEK_LEZEN, municipality=home)
        where, values = _condition(home, wanted)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM trust_processingrecord WHERE {where} LIMIT %s) AS counted",  # noqa: S608  # only our own words
                [*values, MOST_COUNTED + 1],
            )
            counted: int = cursor.fetchone()[0]
            total = min(counted, MOST_COUNTED)
            pages = max(1, -(-total // size))
            page = min(max(page, 1), pages)
            cursor.execute(
                "SELECT recorded_at, actor_kind, actor_municipality, actor_id, function, data, reason, activity, zaak_id"  # noqa: S608
                f" FROM trust_processingrecord WHERE {where} ORDER BY recorded_at DESC, id DESC LIMIT %s OFFSET %s",
                [*values, size, (page - 1) * size],
            )
            rows = cursor.fetchall()
        if wanted.bsn:
            record(
                actor,
                municipality=home,
                bsn=wanted.bsn,
                data=["wie uw gegevens heeft bekeken"],
                activity="toezicht-op-verwerking",
                reason="nagaan of uw gegevens volgens de regels zijn bekeken",
            )
    return LooksPage(tuple(_look(row) for row in rows), total, counted > MOST_COUNTED, page, pages)


def _condition(home: str, wanted: LookFilter) -> tuple[str, list[Value]]:
    parts = ["municipality_id = %s", "recorded_at >= %s", "recorded_at < %s"]
    values: list[Value] = [home, midnight(wanted.since), midnight(wanted.until + timedelta(days=1))]
    if wanted.bsn:
        parts.append("subject = ANY(%s)")
        values.append(list(keystore().pseudonyms(home, wanted.bsn)))
    if wanted.zaak_id is not None:
        parts.append("zaak_id = %s")
        values.append(wanted.zaak_id)
    if wanted.activity:
        parts.append("activity = ANY(%s)")
        values.append([a.uri for a in activity_register().activities if a.id == wanted.activity])
    if wanted.actor_id:
        parts += ["actor_kind = %s", "actor_id = %s"]
        values += [ActorKind.MEDEWERKER.value, wanted.actor_id]
    return " AND ".join(parts), values


def _look(row: tuple[datetime, str, str, str, str, list[str], str, str, UUID | None]) -> Look:
    when, kind, municipality, actor_id, function, data, reason, activity, zaak_id = row
    # A citizen's pseudonym tells a reader nothing and only tempts to compare.
    known = "" if kind == ActorKind.BURGER else actor_id
    return Look(
        when,
        ActorKind(kind),
        municipality,
        known,
        function,
        tuple(data),
        reason,
        activity_by_uri(activity).name,
        zaak_id,
    )
