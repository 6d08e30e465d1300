"""The driver's page: for a phone, a thumb and a tunnel. Works without script; with it, reports wait for a network."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from vliegwiel.base.errors import Invalid, InvalidParam
from vliegwiel.rounds.actions.driving import Report, report_stop
from vliegwiel.rounds.operations.driverpage import DriverPage, driver_page, photo, trucks_of
from vliegwiel.rounds.operations.pictures import LARGEST
from vliegwiel.rounds.operations.words import clock_text
from vliegwiel.web import staticfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, own_path, staff, wants_json

from . import asked, frame

REASONS = ("Er staat een auto voor", "De weg is dicht", "De container is kapot", "Er ligt afval naast", "Anders")
LEVELS = ((25, "een kwart"), (50, "half"), (75, "driekwart"), (100, "vol"), (120, "er lag afval naast"))
WORKER = "vliegwiel/rounds-worker.js"


@require_safe
def trucks(request: PageRequest) -> HttpResponse:
    """The trucks of today."""
    driver = staff(request)
    found = trucks_of(driver)
    if wants_json(request):
        return JsonResponse({"wagens": [card.code for card in found]})
    return frame.show(request, driver, "trucks.html", {"trucks": found}, section="trucks")


@require_safe
def truck(request: PageRequest, code: str) -> HttpResponse:
    """The stops of one truck, the next one first."""
    driver = staff(request)
    found = driver_page(driver, code, asked.day(request))
    if wants_json(request):
        return JsonResponse(_as_json(found))
    context = {
        "found": found,
        "next": found.following,
        "other": found.first_other,
        "reasons": REASONS,
        "levels": LEVELS,
    }
    return frame.show(request, driver, "driver.html", context, section="trucks")


def _as_json(found: DriverPage) -> dict[str, object]:
    """For programs that follow a truck."""
    stops = found.line.stops if found.line else ()
    return {
        "wagen": found.code, "dag": found.day.isoformat(), "stand": found.state, "versie": found.version,
        "stops": [
            {
                "id": str(stop.id), "soort": stop.kind, "container": stop.code, "adres": stop.title, "stand": stop.state,
                "aankomst": clock_text(stop.arrival), "klaar": stop.done_at.isoformat() if stop.done_at else None,
            }
            for stop in stops
        ],
    }  # fmt: skip


@require_POST
def report(request: PageRequest, stop_id: UUID) -> HttpResponse:
    """A container was emptied or could not be. Sent twice it is known already."""
    driver = staff(request)
    fresh = report_stop(driver, stop_id, _report(request))
    if wants_json(request):
        return JsonResponse({"nieuw": fresh})
    back = own_path(posted.one(request, "terug"), reverse("rounds:trucks"))
    word = "al" if not fresh else "geleegd" if posted.one(request, "wat") == "geleegd" else "kon-niet"
    return frame.done(back, word)


def _report(request: PageRequest) -> Report:
    what = posted.one(request, "wat")
    if what not in ("geleegd", "kon-niet"):
        raise Invalid("Kies wat er gebeurde.", invalid=[InvalidParam("wat", "required", "Kies geleegd of kon niet.")])
    level = posted.one(request, "vol")
    reason, remark = posted.one(request, "reden"), posted.one(request, "opmerking")
    said = ". ".join(part for part in (reason if reason != "Anders" else "", remark) if part)
    pictures = posted.read(request, ["foto"]).files.get("foto", ())
    content = posted.stream(pictures[0]).read(LARGEST + 1) if pictures else b""
    return Report(
        done=what == "geleegd",
        at=_moment(posted.one(request, "om")),
        level=int(level) if level.isascii() and level.isdigit() and len(level) < 4 else None,
        remark=said if what == "kon-niet" else remark,
        photo=content,
    )


def _moment(text: str) -> datetime | None:
    """The moment by the phone's clock; None where it says nothing sensible: then now counts."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


@require_safe
def picture(request: PageRequest, stop_id: UUID) -> HttpResponse:
    """A picture a driver sent."""
    found = photo(staff(request), stop_id)
    response = HttpResponse(found.content, content_type=found.media_type)
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def worker(request: PageRequest) -> HttpResponse:
    """The script that keeps the driver's page on the phone. It must be served from the address it works for."""
    where = staticfile.found(WORKER)
    if where is None:
        return HttpResponseRedirect(reverse("rounds:trucks"))
    response = HttpResponse(where.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
