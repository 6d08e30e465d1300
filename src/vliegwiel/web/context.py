"""What every template may use: whose pages these are, who looks, in which language, and where the menu leads."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from vliegwiel.base.queries import Served
from vliegwiel.trust.identity import Actor, Citizen, Staff

from .staticfile import HTMX, found
from .templatetags.dutch import language


@dataclass(frozen=True, slots=True)
class Page:
    """The frame around a page. `municipality` is None on the platform's own host and before it is known."""

    municipality: Served | None
    citizen: Citizen | None
    staff: Staff | None
    language: str
    here: str
    demo: bool
    htmx: bool


def page(request: HttpRequest) -> dict[str, Page]:
    """Context processor. Reads only what the middleware already found, so that error pages need no database."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "page": Page(
            municipality=getattr(request, "municipality", None),
            citizen=actor if isinstance(actor, Citizen) else None,
            staff=actor if isinstance(actor, Staff) else None,
            language=language(),
            here=request.get_full_path() if request.method == "GET" else request.path,
            demo=settings.MODE == "demo",
            htmx=found(HTMX) is not None,
        )
    }
