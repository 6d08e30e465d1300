"""A page of comparing, in the frame of the studio."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render

from vliegwiel.trust.identity import Staff
from vliegwiel.web.request import PageRequest
from vliegwiel.web.studio import frame


def show(
    request: PageRequest, staff: Staff, template: str, context: Mapping[str, object], *, section: str = "compare"
) -> HttpResponse:
    """A page."""
    return render(request, f"web/compare/{template}", {**context, "studio": frame.of(request, staff, section)})
