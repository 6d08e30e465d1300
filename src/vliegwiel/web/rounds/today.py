"""The plan of a day: which containers, is it worth it, and changing it with the effect at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from vliegwiel.base import clock
from vliegwiel.base.errors import Conflict, Invalid, VliegwielError
from vliegwiel.rounds.actions import plans
from vliegwiel.rounds.operations import daypage
from vliegwiel.rounds.operations.changing import Change, Doing, Outcome
from vliegwiel.rounds.operations.pages import BinLine, DayPage, Group
from vliegwiel.rounds.operations.preview import preview
from vliegwiel.rounds.operations.words import clock_text, hours, kilometres, percent
from vliegwiel.trust.rights import Right, rights_of
from vliegwiel.web import staticfile
from vliegwiel.web.desk import csvfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff, wants_json

from . import asked, frame, mapping, wording

HEADS = (
    "Container", "Adres", "Wijk", "Vol (%)", "Hoogstens vol (95 %)", "Vol op", "Keuze", "Wagen", "Stop", "Aankomst", "Waarom",
    "Kans op overloop voor de volgende kans (%)", "Sensor", "Lengtegraad", "Breedtegraad",
)  # fmt: skip
MOST_WAITING = 15
GROUPS = ((Group.MUST, "Moet"), (Group.MAY, "Mag, is de rit waard"), (Group.WAIT, "Wachten"))


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The plan of a day. A driver who comes here goes to the trucks."""
    reader = staff(request)
    if Right.RONDE_LEZEN not in rights_of(reader) and Right.RONDE_RIJDEN in rights_of(reader):
        return HttpResponseRedirect(reverse("rounds:trucks"))
    wanted = asked.fraction(request)
    day = asked.day(request) or daypage.riding_day(reader, wanted)
    found = daypage.day_page(reader, day, wanted)
    return _show(request, found)


def _show(request: PageRequest, found: DayPage, *, error: VliegwielError | None = None) -> HttpResponse:
    drawn = mapping.drawing(found.bins, found.trucks, found.places)
    first, rest = wording.lead(found)
    groups = _groups(found, everything=posted.query(request, "alles", 2) == "ja")
    shown = sum(len(lines) for _, _, lines, _ in groups)
    context = {
        "day": found,
        "title": wording.title(found),
        "lead_first": first,
        "lead_rest": rest,
        "figures": wording.figures(found, reverse("rounds:savings")),
        "choices": wording.choices(found.options, found),
        "drawing": drawn,
        "leaflet_here": staticfile.found("vendor/leaflet.js") is not None,
        "leaflet": mapping.for_leaflet(drawn, found.trucks, found.places) if drawn else None,
        "groups": groups,
        "shown": shown,
        "today": found.day == clock.today(),
        "hidden": shown < len(found.bins),
        "trouble": error.sentence if error is not None else "",
        "here": asked.address(found.day, found.fraction),
        "previous": asked.address(found.previous_day, found.fraction),
        "following": asked.address(found.next_day, found.fraction),
    }
    status = 200 if error is None else (422 if isinstance(error, Invalid) else error.status)
    return frame.show(request, staff(request), "today.html", context, section="today", status=status, with_map=True)


def _groups(found: DayPage, *, everything: bool) -> list[tuple[Group, str, tuple[BinLine, ...], int]]:
    """The containers by what happens to them; of those that wait the most pressing ones, unless all were asked for."""
    rows = []
    for group, name in GROUPS:
        lines = found.of(group)
        cut = len(lines) if everything or group is not Group.WAIT else MOST_WAITING
        if lines:
            rows.append((group, "Zonder plan" if found.plan is None else name, lines[:cut], len(lines)))
    return rows


@require_POST
def make(request: PageRequest) -> HttpResponse:
    """Plan a day (again)."""
    planner = staff(request)
    day, fraction = asked.posted_day(request), asked.posted_fraction(request)
    try:
        plans.make_plan(planner, day, fraction)
    except Conflict as refused:
        return _show(request, daypage.day_page(planner, day, fraction), error=refused)
    return frame.done(asked.address(day, fraction), "gemaakt")


@require_POST
def decide(request: PageRequest, plan_id: UUID) -> HttpResponse:
    """Choose a plan, fix it, or take it back."""
    planner = staff(request)
    version = posted.version(request)
    what, back = posted.one(request, "doe"), asked.back(request)
    if what == "terug":
        plans.take_back(planner, plan_id, version=version)
        return frame.done(back, "terug")
    if what == "uitgevallen":
        plans.truck_broke(planner, plan_id, posted.one(request, "wagen"), version=version)
        return frame.done(back, "uitgevallen")
    chosen, current = posted.one(request, "plan"), posted.one(request, "nu")
    if chosen and chosen != current:
        plans.choose(planner, plan_id, chosen, version=version)
        version += 1
    if what == "vaststellen":
        plans.fix(planner, plan_id, version=version)
        return frame.done(back, "vastgesteld")
    return frame.done(back, "gekozen")


@require_POST
def change(request: PageRequest, plan_id: UUID) -> HttpResponse:
    """Move, skip or add a container. `doe=bekijk` only says what it would do; a script asks that while something is dragged."""
    planner = staff(request)
    version, wanted = posted.version(request), _wanted(request)
    if posted.one(request, "doe") == "bekijk":
        seen = preview(planner, plan_id, wanted, version=version)
        if wants_json(request):
            return JsonResponse({"zin": said(seen), "kan": not seen.broken})
        context = {"outcome": seen, "said": said(seen), "wanted": wanted, "plan": plan_id, "version": version,
                   "back": asked.back(request)}  # fmt: skip
        return frame.show(request, planner, "effect.html", context, section="today")
    plans.change(planner, plan_id, wanted, version=version)
    back = asked.back(request)
    return JsonResponse({"naar": f"{back}&gedaan=gewijzigd"}) if wants_json(request) else frame.done(back, "gewijzigd")


def _wanted(request: PageRequest) -> Change:
    try:
        doing = Doing(posted.one(request, "wat"))
    except ValueError:
        raise Invalid("Kies wat er met de container moet gebeuren.") from None
    place = posted.one(request, "plek")
    position = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else None
    return Change(doing, posted.one(request, "container")[:40], posted.one(request, "wagen")[:40], position)


def said(outcome: Outcome) -> str:
    """What a change does, in one or two sentences."""
    if outcome.broken:
        return f"Dat past niet. {' '.join(outcome.broken)}"
    far = (
        "even ver"
        if not outcome.metres
        else f"{kilometres(abs(outcome.metres))} {'meer' if outcome.metres > 0 else 'minder'}"
    )
    long = "even lang" if abs(outcome.seconds) < 30 else (
        f"{hours(abs(outcome.seconds))} {'langer' if outcome.seconds > 0 else 'korter'}"
    )  # fmt: skip
    before, after = percent(outcome.overflow_before), percent(outcome.overflow)
    odds = (
        f"De kans op overloop blijft {after}."
        if before == after
        else f"De kans op overloop gaat van {before} naar {after}."
    )
    return f"Dat is {far} en {long}. {odds}"


@require_safe
def csv(request: PageRequest) -> HttpResponse:
    """All containers of the day, with what the plan does with each."""
    reader = staff(request)
    wanted = asked.fraction(request)
    day = asked.day(request) or daypage.riding_day(reader, wanted)
    found = daypage.day_page(reader, day, wanted)
    at = found.made_at or clock.now()
    source = f"Vliegwiel, ronde van {found.day.isoformat()}, {found.fraction}. {found.distances}".strip()
    return csvfile.download(
        f"ronde-{found.day.isoformat()}-{found.fraction}", HEADS, _cells(found), source=source, at=at
    )


def _cells(found: DayPage) -> Iterator[Sequence[csvfile.Cell]]:
    arrivals = {stop.code: clock_text(stop.arrival) for truck in found.trucks for stop in truck.stops if stop.code}
    for group, name in GROUPS:
        for line in found.of(group):
            yield (
                line.code, line.name, line.district, line.level, line.high, line.full_on, name, line.truck, line.stop,
                arrivals.get(line.code, ""), line.reason, Decimal(str(round(line.overflow * 100, 1))),
                line.sensor or "ok", Decimal(str(round(line.lon, 6))), Decimal(str(round(line.lat, 6))),
            )  # fmt: skip
