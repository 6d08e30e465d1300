"""Choosing another truck or place for a container, without dragging."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.base.errors import NotFound
from vliegwiel.rounds.operations.daypage import plan_page
from vliegwiel.web.request import PageRequest, staff

from . import asked, frame


@require_safe
def page(request: PageRequest, plan_id: UUID, code: str) -> HttpResponse:
    """The form: which truck, and as which stop."""
    planner = staff(request)
    found = plan_page(planner, plan_id)
    line = next((one for one in found.bins if one.code == code and one.stop), None)
    if line is None:
        raise NotFound("Deze container wordt in dit plan niet geleegd.")
    trucks = [(truck.code, truck.name, truck.containers) for truck in found.trucks]
    trucks += [(idle, name, 0) for idle, name in found.idle_trucks]
    context = {"day": found, "line": line, "trucks": trucks, "back": asked.address(found.day, found.fraction)}
    return frame.show(request, planner, "move.html", context, section="today")
