"""Alarms, and how the sensors are doing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from vliegwiel.rounds.actions.alarms import acknowledge
from vliegwiel.rounds.operations.alarmpage import alarm_page
from vliegwiel.web.request import PageRequest, staff

from . import frame


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """What a person has to look at now, and what was."""
    reader = staff(request)
    return frame.show(request, reader, "alarms.html", {"found": alarm_page(reader)}, section="alarms")


@require_POST
def seen(request: PageRequest, alarm_id: UUID) -> HttpResponse:
    """Say that it was seen."""
    acknowledge(staff(request), alarm_id)
    return frame.done(reverse("rounds:alarms"), "gezien")
