"""From counted cells and rows to the page of the worklist: views, facets, groups, all with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from vliegwiel.trust.identity import Staff

from .deskpages import Facet, View, When, WorkGroup, WorklistFilter, WorkRow, WorkView
from .lawpages import Badge, Kind, Turn
from .models.zaak import NO_TERM
from .places import place
from .worklist import BASIC, GROUP_TITLES, GROUPS, Cell, Days, Row

VIEW_TITLES = {
    View.MIJN: "Mijn werk",
    View.DRINGEND: "Te laat of bijna",
    View.WACHT: "Wacht op inwoner",
    View.NIEMAND: "Niemand bezig",
    View.ALLES: "Alles",
    View.AFGEROND: "Afgerond",
}
TURN_TITLES = {
    Turn.GEMEENTE: "Wij",
    Turn.INWONER: "Inwoner",
    Turn.DERDE: "Iemand anders",
    Turn.NIEMAND: "Niemand",
}

_Of = Callable[[Cell], str]
_DIMENSIONS: Mapping[str, _Of] = {
    "municipality": lambda cell: cell.municipality,
    "product": lambda cell: cell.product,
    "turn": lambda cell: cell.turn,
    "phase": lambda cell: cell.phase,
}


def _chosen(wanted: WorklistFilter) -> dict[str, str]:
    values = {
        "municipality": wanted.municipality,
        "product": wanted.product,
        "turn": wanted.turn.value if wanted.turn else "",
        "phase": wanted.phase,
    }
    return {name: value for name, value in values.items() if value}


def _passes(cell: Cell, chosen: Mapping[str, str], without: str = "") -> bool:
    return all(_DIMENSIONS[name](cell) == value for name, value in chosen.items() if name != without)


def facet(name: str, cells: Sequence[Cell], wanted: WorklistFilter, label: Callable[[str], str]) -> tuple[Facet, ...]:
    """The values of one dimension with their counts, under all filters but its own; the most frequent first."""
    chosen = _chosen(wanted)
    counts: Counter[str] = Counter()
    for cell in cells:
        if _passes(cell, chosen, without=name) and (number := sum(cell.groups)):
            counts[_DIMENSIONS[name](cell)] += number
    if (value := chosen.get(name)) is not None:
        counts.setdefault(value, 0)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Facet(value, label(value), count, chosen.get(name) == value) for value, count in ordered)


def views(
    actor: Staff, cells: Sequence[Cell], wanted: WorklistFilter, saved: Iterable[tuple[str, WorklistFilter, WorkView]]
) -> tuple[WorkView, ...]:
    """The views everybody has, the clerk's teams, and the views the clerk saved, each with its count of open cases."""
    teams = sorted(actor.teams)

    def counted(place_in_views: int, chosen: Mapping[str, str]) -> int:
        return sum(cell.views[place_in_views] for cell in cells if _passes(cell, chosen))

    def basic(view: View) -> WorkView:
        shown = wanted.view is view and not wanted.text and not _chosen(wanted)
        count = counted(BASIC.index(view), {}) if view in BASIC else 0
        return WorkView(view.value, VIEW_TITLES[view], count, shown, None, WorklistFilter(view=view))

    made = [basic(View.MIJN), basic(View.DRINGEND)]
    for number, team in enumerate(teams):
        shown = wanted.view is View.TEAM and (wanted.team or teams[0]) == team and not wanted.text
        mine = WorklistFilter(view=View.TEAM, team=team)
        made.append(WorkView(f"team:{team}", f"Team {team}", counted(len(BASIC) + number, {}), shown, None, mine))
    made += [basic(view) for view in (View.WACHT, View.NIEMAND, View.ALLES, View.AFGEROND)]
    for _title, kept, view in saved:
        count = 0
        if kept.view in BASIC:
            count = counted(BASIC.index(kept.view), _chosen(kept))
        elif kept.view is View.TEAM and kept.team in teams:
            count = counted(len(BASIC) + teams.index(kept.team), _chosen(kept))
        made.append(replace(view, count=count, current=kept == replace(wanted, page=1)))
    return tuple(made)


def group_counts(cells: Sequence[Cell], wanted: WorklistFilter) -> dict[When, int]:
    """How many cases each group has under all filters."""
    chosen = _chosen(wanted)
    counts = dict.fromkeys(GROUPS, 0)
    for cell in cells:
        if _passes(cell, chosen):
            for when, number in zip(GROUPS, cell.groups, strict=True):
                counts[when] += number
    return counts


def groups(found: Sequence[Row], counts: Mapping[When, int], days: Days) -> tuple[WorkGroup, ...]:
    """The rows of a page in their groups, in the order they came."""
    made: dict[When, list[WorkRow]] = {}
    for row in found:
        made.setdefault(days.group(row.due, row.closed is not None), []).append(work_row(row, days))
    return tuple(WorkGroup(when, GROUP_TITLES[when], counts[when], tuple(rows)) for when, rows in made.items())


def one_group(found: Sequence[Row], total: int, days: Days, title: str) -> tuple[WorkGroup, ...]:
    """The rows as one group, where they are not in order of deadline."""
    if not found:
        return ()
    return (WorkGroup(When.LATER, title, total, tuple(work_row(row, days) for row in found)),)


def _deadline(row: Row) -> date | None:
    """The legal deadline; once it is decided, when the next thing is due."""
    if row.outcome and row.closed is None:
        return row.due if row.due < NO_TERM else None
    return row.deadline


def work_row(row: Row, days: Days) -> WorkRow:
    """One row, as it is printed."""
    deadline = _deadline(row)
    return WorkRow(
        id=row.id,
        version=row.version,
        number=row.number,
        product=row.product,
        product_name=row.title,
        person=row.person,
        place=place(row.municipality),
        badge=due_badge(row, days),
        deadline=deadline,
        days=(deadline - days.today).days if deadline and row.closed is None else None,
        group=days.group(row.due, row.closed is not None),
        next_step=row.next_step,
        turn=Turn(row.turn),
        phase=row.phase,
        assignee=row.assignee,
        assignee_name=row.assignee_name,
        team=row.team,
        opened=row.opened,
        running_days=((row.closed or days.today) - row.opened).days,
        closed=row.closed,
        secret=row.secret,
    )


def due_badge(row: Row, days: Days) -> Badge:
    """ "4 dagen te laat", "vandaag", "nog 3 dagen", "staat stil", "afgerond"."""
    if row.closed is not None:
        return Badge("afgerond", Kind.OK)
    deadline = _deadline(row)
    if deadline is None:
        return Badge("geen termijn", Kind.NONE)
    if row.suspended:
        return Badge("termijn staat stil", Kind.BUSY)
    return deadline_badge(deadline, days.today)


def deadline_badge(deadline: date, today: date) -> Badge:
    """How far off a deadline is, in words."""
    left = (deadline - today).days
    if left < 0:
        return Badge("1 dag te laat" if left == -1 else f"{-left} dagen te laat", Kind.ERR)
    if left < 2:
        return Badge("vandaag" if left == 0 else "morgen", Kind.WARN)
    return Badge(f"nog {left} dagen", Kind.NONE)
