"""The worklist: which cases a clerk sees, in which order, and how many there are of each kind.

All counts of the page (views, facets, groups) come from one statement that reads one index and nothing else: the open
cases in sight, counted per municipality, product, turn and phase. Rows are found in the same index and only those of the
page are read from the table. So the page costs the same however wide the table is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from vliegwiel.base.clock import today
from vliegwiel.trust.identity import Staff

from .deskpages import Sort, View, When, WorklistFilter
from .grants import Sight, SqlValue
from .models.zaak import NO_TERM
from .words import asked

PAGE = 50

GROUP_TITLES = {
    When.TE_LAAT: "Te laat",
    When.VANDAAG_MORGEN: "Vandaag en morgen",
    When.DEZE_WEEK: "Deze week",
    When.VOLGENDE_WEEK: "Volgende week",
    When.LATER: "Later",
    When.GEEN_TERMIJN: "Zonder termijn",
    When.AFGEROND: "Afgerond",
}
GROUPS = tuple(GROUP_TITLES)


@dataclass(frozen=True, slots=True)
class Days:
    """The ends of the groups: late is before `today`; this week and next week end on Sunday."""

    today: date
    tomorrow: date
    sunday: date
    next_sunday: date

    @classmethod
    def of(cls, day: date) -> Days:
        """Seen from `day`. On Saturday and Sunday "this week" is already over, so it is the coming one."""
        sunday = day + timedelta(days=6 - day.weekday())
        return cls(day, day + timedelta(days=1), sunday, sunday + timedelta(days=7))

    def group(self, due: date, closed: bool = False) -> When:
        """The group of a case with this date."""
        if closed:
            return When.AFGEROND
        if due < self.today:
            return When.TE_LAAT
        if due <= self.tomorrow:
            return When.VANDAAG_MORGEN
        if due <= self.sunday:
            return When.DEZE_WEEK
        if due <= self.next_sunday:
            return When.VOLGENDE_WEEK
        return When.LATER if due < NO_TERM else When.GEEN_TERMIJN


class Condition(NamedTuple):
    """A piece of SQL with its parameters."""

    sql: str
    parameters: tuple[SqlValue, ...] = ()


def of_view(actor: Staff, wanted: WorklistFilter, days: Days) -> Condition:
    """The condition of a view on an open case."""
    match wanted.view:
        case View.MIJN:
            return Condition("assignee = %s", (actor.subject,))
        case View.DRINGEND:
            return Condition("due <= %s", (days.sunday,))
        case View.TEAM:
            return Condition("team = %s", (wanted.team or min(actor.teams, default=""),))
        case View.WACHT:
            return Condition("turn = 'inwoner'")
        case View.NIEMAND:
            return Condition("assignee = ''")
        case _:
            return Condition("TRUE")


def _both(*conditions: Condition) -> Condition:
    return Condition(
        " AND ".join(c.sql for c in conditions), tuple(value for c in conditions for value in c.parameters)
    )


def _filters(wanted: WorklistFilter) -> Condition:
    """What is chosen beside the view."""
    chosen = [
        Condition(f"{column} = %s", (value,))
        for column, value in (
            ("zaaktype", wanted.product),
            ("municipality_id", wanted.municipality),
            ("turn", wanted.turn.value if wanted.turn else ""),
            ("phase", wanted.phase),
            ("team", wanted.team),
        )
        if value
    ]
    return _both(*chosen) if chosen else Condition("TRUE")


def _matching(text: str) -> Condition:
    """Cases that have every word (as a beginning) that was asked. Nothing to find by finds nothing."""
    words = asked(text)
    if not words:
        return Condition("FALSE")
    one = (
        "SELECT municipality_id, zaak_id FROM casework_caseword"
        " WHERE municipality_id = ANY(string_to_array(current_setting('vliegwiel.scope'), ',')) AND word >= %s AND word < %s"
    )
    # The words are laid upon each other before any case is looked up: rare words make common ones cheap.
    found = " INTERSECT ".join([one] * len(words))
    return Condition(f"(municipality_id, id) IN ({found})", tuple(bound for word in words for bound in word))


class Cell(NamedTuple):
    """Cases in sight with the same municipality, product, turn and phase. `views` counts per basic view and then per team;
    `groups` counts, per group, what the page shows before its filters."""

    municipality: str
    product: str
    turn: str
    phase: str
    views: tuple[int, ...]
    groups: tuple[int, ...]


BASIC = (View.MIJN, View.DRINGEND, View.WACHT, View.NIEMAND, View.ALLES)
_OPEN = Condition("einddatum IS NULL")
_CLOSED = Condition("einddatum IS NOT NULL")
RECENT = timedelta(days=90)


def _recently_closed(days: Days) -> Condition:
    return Condition("einddatum >= %s", (days.today - RECENT,))


def _ends(days: Days) -> list[Condition]:
    """Conditions that hold for ever more: up to the end of each group. Their differences are the groups."""
    return [
        Condition("due < %s", (days.today,)),
        Condition("due <= %s", (days.tomorrow,)),
        Condition("due <= %s", (days.sunday,)),
        Condition("due <= %s", (days.next_sunday,)),
        Condition("due < %s", (NO_TERM,)),
        Condition("TRUE"),
    ]


def _groups(ends: Sequence[int], closed: int) -> tuple[int, ...]:
    return (*(here - before for before, here in zip((0, *ends), ends, strict=False)), closed)


def count_open(actor: Staff, sight: Sight, wanted: WorklistFilter, days: Days) -> list[Cell]:
    """Count the open cases in sight: for every view, and for the groups of the view that is shown."""
    views = [of_view(actor, replace(wanted, view=view), days) for view in BASIC]
    views += [Condition("team = %s", (team,)) for team in sorted(actor.teams)]
    shown = of_view(actor, wanted, days)
    counted = [*views, *(_both(shown, end) for end in _ends(days))]
    return [
        Cell(m, product, turn, phase, tuple(counts[: len(views)]), _groups(counts[len(views) :], 0))
        for m, product, turn, phase, *counts in _count(sight, _OPEN, counted)
    ]


def count_found(sight: Sight, wanted: WorklistFilter, days: Days) -> list[Cell]:
    """Count what a search finds, or what was closed in the last 90 days."""
    if wanted.text:
        among, counted = _matching(wanted.text), [*(_both(_OPEN, end) for end in _ends(days)), _CLOSED]
    else:
        among, counted = _recently_closed(days), [*(Condition("FALSE") for _ in _ends(days)), Condition("TRUE")]
    return [
        Cell(m, product, turn, phase, (), _groups(counts[:-1], counts[-1]))
        for m, product, turn, phase, *counts in _count(sight, among, counted)
    ]


def _count(sight: Sight, among: Condition, counted: Sequence[Condition]) -> list[tuple[Any, ...]]:
    columns = ", ".join(f"count(*) FILTER (WHERE {c.sql})" for c in counted)
    sql = (
        f"SELECT municipality_id, zaaktype, turn, phase, {columns} FROM casework_zaak"  # noqa: S608  # only words of ours
        f" WHERE {sight.where} AND {among.sql} GROUP BY 1, 2, 3, 4"
    )
    values = [value for c in counted for value in c.parameters]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *sight.parameters, *among.parameters])
        return list(cursor.fetchall())


class Row(NamedTuple):
    """A case as the worklist reads it, in the order of `_COLUMNS`."""

    municipality: str
    id: UUID
    version: int
    number: str
    product: str
    title: str
    person: str
    due: date
    deadline: date | None
    next_step: str
    turn: str
    phase: str
    assignee: str
    assignee_name: str
    team: str
    opened: date
    closed: date | None
    secret: bool
    suspended: bool
    bsn: str
    outcome: str


_COLUMNS = """municipality_id, id, version, identificatie, zaaktype, omschrijving, person, due,
    uiterlijke_einddatum_afdoening, next_step, turn, phase, assignee, assignee_name, team, startdatum, einddatum, secret,
    opschorting_indicatie, bsn, outcome"""


def _order(wanted: WorklistFilter, *, back: bool = False) -> str:
    ahead, astern = ("DESC", "ASC") if back else ("ASC", "DESC")
    if wanted.text:
        return f"einddatum IS NOT NULL {ahead}, due {ahead}, id {ahead}"
    if wanted.view is View.AFGEROND:
        return f"einddatum {astern}, id {astern}"
    if wanted.sort is Sort.TERMIJN:
        return f"due {ahead}, id {ahead}"
    return f"startdatum {ahead}, id {ahead}" if wanted.sort is Sort.LOOPT else f"startdatum {astern}, id {astern}"


def _wanted(actor: Staff, sight: Sight, wanted: WorklistFilter, days: Days) -> Condition:
    """The whole condition of the list: in sight, in the view or found, and as filtered."""
    if wanted.text:
        among = _matching(wanted.text)
    elif wanted.view is View.AFGEROND:
        among = _recently_closed(days)
    else:
        among = _both(_OPEN, of_view(actor, wanted, days))
    return _both(Condition(sight.where, sight.parameters), among, _filters(wanted))


def rows(
    actor: Staff, sight: Sight, wanted: WorklistFilter, days: Days, *, limit: int = PAGE, offset: int = 0
) -> list[Row]:
    """The rows of a page. Which ones is found in an index; only those are read from the table."""
    chosen, order = _wanted(actor, sight, wanted, days), _order(wanted)
    sql = f"""SELECT {_COLUMNS} FROM casework_zaak JOIN (SELECT municipality_id AS m, id AS i FROM casework_zaak
        WHERE {chosen.sql} ORDER BY {order} LIMIT %s OFFSET %s) AS page ON municipality_id = m AND id = i
        ORDER BY {order}"""  # noqa: S608  # only words of ours
    with connection.cursor() as cursor:
        cursor.execute(sql, [*chosen.parameters, limit, offset])
        return [Row(*row) for row in cursor.fetchall()]


def by_ids(sight: Sight, ids: Sequence[UUID]) -> list[Row]:
    """The cases with these ids that are in sight, tightest deadline first."""
    sql = f"SELECT {_COLUMNS} FROM casework_zaak WHERE {sight.where} AND id = ANY(%s) ORDER BY due, id"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*sight.parameters, list(ids)])
        return [Row(*row) for row in cursor.fetchall()]


def neighbours(
    actor: Staff, sight: Sight, wanted: WorklistFilter, zaak: UUID, due: date
) -> tuple[tuple[UUID, str] | None, tuple[UUID, str] | None]:
    """The cases before and after this one in the list of open cases by deadline, as (id, number)."""
    days = Days.of(today())
    wanted = replace(wanted, text="", sort=Sort.TERMIJN, view=View.MIJN if wanted.text else wanted.view)
    if wanted.view is View.AFGEROND:
        return None, None
    chosen = _wanted(actor, sight, wanted, days)
    sql = f"""(SELECT 0, id, identificatie FROM casework_zaak WHERE {chosen.sql} AND (due, id) < (%s, %s)
        ORDER BY {_order(wanted, back=True)} LIMIT 1)
        UNION ALL (SELECT 1, id, identificatie FROM casework_zaak WHERE {chosen.sql} AND (due, id) > (%s, %s)
        ORDER BY {_order(wanted)} LIMIT 1)"""  # noqa: S608  # only words of ours
    values = [*chosen.parameters, due, zaak]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *values])
        found = {place: (id_, number) for place, id_, number in cursor.fetchall()}
    return found.get(0), found.get(1)
