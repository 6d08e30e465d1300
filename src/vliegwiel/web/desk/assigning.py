"""Giving cases to somebody: one or many at a time, and first a look at what changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vliegwiel.base.errors import Forbidden, Invalid, Stale
from vliegwiel.casework import queries
from vliegwiel.casework.actions import tasks
from vliegwiel.casework.deskpages import Selection, WorkRow
from vliegwiel.trust.identity import Staff
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import asked, frame

MOST = 200
NOBODY = "niemand"
_PICKED = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One case: with whom it is, with whom it will be, or why it stays as it is."""

    row: WorkRow
    picked: str
    now: str
    later: str
    stays: str


@dataclass(frozen=True, slots=True)
class Target:
    """Whom the clerk chose. `subject` None is nobody; `team` empty leaves the team as it is."""

    subject: str | None
    name: str
    team: str


def picked(request: PageRequest) -> dict[UUID, int]:
    """The cases that were ticked, with the version the clerk saw. What is not a case is skipped."""
    values = request.POST.getlist("zaak") or request.GET.getlist("zaak")
    found: dict[UUID, int] = {}
    for value in values[:MOST]:
        if isinstance(value, str) and (match := _PICKED.fullmatch(value)):
            found[UUID(match[1])] = int(match[2])
    return found


def _target(request: PageRequest, clerk: Staff, selection: Selection) -> Target:
    """Raises `Invalid` when nobody was chosen, or somebody who cannot get these cases."""
    chosen = posted.one(request, "naar")
    team = posted.one(request, "team")
    if team and team not in selection.teams:
        raise Invalid(_("Kies een team uit de lijst."))
    if chosen == NOBODY:
        return Target(None, _("niemand"), team)
    if chosen == clerk.subject:
        return Target(clerk.subject, clerk.name, team)
    colleague = next((c for c in selection.colleagues if c.subject == chosen), None)
    if colleague is None:
        raise Invalid(_("Kies naar wie de zaken gaan."))
    return Target(colleague.subject, colleague.name, team)


def _lines(clerk: Staff, cases: dict[UUID, int], selection: Selection, target: Target | None) -> tuple[Line, ...]:
    made = []
    for row in selection.rows:
        now = row.assignee_name or _("niemand")
        stays = ""
        if target is not None:
            own = target.subject == clerk.subject or (target.subject is None and row.assignee == clerk.subject)
            if row.id not in selection.may_assign and not own:
                stays = _("blijft zoals het is: een teamleider mag deze zaak toewijzen")
            elif (target.subject or "") == row.assignee and target.team in {"", row.team}:
                stays = _("blijft zoals het is: dat is al zo")
        later = "" if target is None or stays else target.name
        made.append(Line(row, f"{row.id}.{cases.get(row.id, row.version)}", now, later, stays))
    return tuple(made)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest) -> HttpResponse:
    """Choose to whom, see what changes, then do it."""
    clerk = staff(request)
    cases = picked(request)
    selection = queries.selection(clerk, list(cases))
    step = posted.one(request, "doe") if request.method == "POST" else ""
    if not selection.rows:
        return _show(request, clerk, (), selection, None)
    if step not in {"bekijk", "toewijzen"}:
        return _show(request, clerk, _lines(clerk, cases, selection, None), selection, None)
    try:
        target = _target(request, clerk, selection)
        lines = _lines(clerk, cases, selection, target)
        if step == "bekijk":
            return _show(request, clerk, lines, selection, target)
        changing = [(line.row.id, cases[line.row.id]) for line in lines if not line.stays]
        count = tasks.assign(clerk, changing, to=target.subject, team=target.team or None) if changing else 0
    except (Invalid, Stale, Forbidden) as error:
        fresh = queries.selection(clerk, list(cases))
        # The cases are shown as they are now, so the clerk decides again on what is true.
        cases = {row.id: row.version for row in fresh.rows}
        lines = _lines(clerk, cases, fresh, None)
        return _show(request, clerk, lines, fresh, None, error=error.sentence, status=frame.status_of(error))
    return frame.done(reverse("desk:worklist"), asked.tail(asked.read(request)), "toegewezen", count=count)


def _show(
    request: PageRequest,
    clerk: Staff,
    lines: tuple[Line, ...],
    selection: Selection,
    target: Target | None,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "lines": lines,
        "moving": sum(1 for line in lines if line.later),
        "target": target,
        "clerk": clerk,
        "colleagues": [c for c in selection.colleagues if c.subject != clerk.subject] if selection.may_assign else [],
        "teams": selection.teams if selection.may_assign else (),
        "chosen": posted.one(request, "naar"),
        "chosen_team": posted.one(request, "team"),
        "error": error,
    }
    return frame.show(request, clerk, "assign.html", context, status=status)
