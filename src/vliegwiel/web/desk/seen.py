"""Who saw what: the processing log for the privacy officer. A bsn is posted, never put in an address or a browser's history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vliegwiel.base import clock
from vliegwiel.base.bsn import is_bsn
from vliegwiel.base.errors import Invalid, InvalidParam
from vliegwiel.casework import queries
from vliegwiel.catalogue import typing_in
from vliegwiel.trust.activities import activity_register
from vliegwiel.trust.identity import ActorKind, Staff
from vliegwiel.trust.looks import MOST_COUNTED, Look, LookFilter, LooksPage, looks
from vliegwiel.trust.rights import Right, require
from vliegwiel.web import wording
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff
from vliegwiel.web.templatetags.dutch import language

from . import asked, csvfile, frame, judging

USUAL_DAYS = 7
KEYS = ("van", "tot", "bsn", "zaak", "activiteit", "wie")


@dataclass(frozen=True, slots=True)
class Typed:
    """The filter as it was filled in."""

    van: str
    tot: str
    bsn: str = ""
    zaak: str = ""
    activiteit: str = ""
    wie: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log, with who it was: a name, else the mark that stands in the log."""

    look: Look
    who: str


def _typed(request: PageRequest) -> Typed:
    """What was posted; on a fresh page the last days, and the case whose page the reader comes from."""
    today = clock.today()
    if request.method != "POST":
        start = today - timedelta(days=USUAL_DAYS - 1)
        return Typed(start.isoformat(), today.isoformat(), zaak=posted.query(request, "zaak", 40))
    values = {key: posted.one(request, key).strip() for key in KEYS}
    return Typed(**values)


def _filter(typed: Typed) -> LookFilter:
    """Raises `Invalid` with what to do, per field."""
    wrong: list[InvalidParam] = []
    since = _day("van", typed.van, wrong)
    until = _day("tot", typed.tot, wrong)
    if not wrong and until < since:
        wrong.append(InvalidParam("tot", "order", _("De laatste dag ligt voor de eerste dag.")))
    bsn = typed.bsn.replace(" ", "").replace(".", "")
    if bsn and not is_bsn(bsn):
        wrong.append(InvalidParam("bsn", "wrong", _("Vul een burgerservicenummer van 9 cijfers in.")))
    zaak: UUID | None = None
    if typed.zaak:
        try:
            zaak = UUID(typed.zaak)
        except ValueError:
            wrong.append(InvalidParam("zaak", "wrong", _("Open de zaak en kies daar “Wie zag deze zaak?”.")))
    if wrong:
        raise Invalid(_("Kijk na wat u zoekt."), invalid=wrong)
    return LookFilter(since, until, bsn, zaak, typed.activiteit, typed.wie)


def _day(field: str, text: str, wrong: list[InvalidParam]) -> date:
    try:
        return typing_in.day([text])
    except typing_in.CannotRead as error:
        wrong.append(InvalidParam(field, "date", str(error)))
        return clock.today()


def _summary(found: LooksPage, wanted: LookFilter) -> str:
    """The answer in one sentence."""
    tongue = language()
    period = {"since": wording.day(wanted.since, tongue), "until": wording.day(wanted.until, tongue)}
    if not found.total:
        return _("Van %(since)s tot en met %(until)s keek niemand naar deze gegevens.") % period
    if found.more:
        sentence = _("Van %(since)s tot en met %(until)s is meer dan %(n)s keer gekeken. Kies een kortere tijd.")
        return sentence % {**period, "n": wording.number(MOST_COUNTED, tongue)}
    sentence = _("Van %(since)s tot en met %(until)s is %(n)s keer gekeken.")
    return sentence % {**period, "n": wording.number(found.total, tongue)}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest) -> HttpResponse:
    """The lines, newest first."""
    clerk = staff(request)
    require(clerk, Right.LOGBOEK_LEZEN, municipality=clerk.municipality)
    typed = _typed(request)
    context: dict[str, object] = {"typed": typed, "activities": _activities(), "wrong": {}, "problems": ()}
    status = 200
    try:
        wanted = _filter(typed)
        found = looks(clerk, wanted, page=asked.page_number(posted.one(request, "pagina")))
        context |= {"found": found, "lines": _lines(clerk, found.looks), "summary": _summary(found, wanted)}
    except Invalid as error:
        context |= {"wrong": judging.wrongs(error.invalid), "problems": judging.problems(error.invalid)}
        status = frame.status_of(error)
    return frame.show(request, clerk, "seen.html", context, section="seen", status=status)


def _lines(clerk: Staff, found: Sequence[Look]) -> list[Line]:
    """The lines with the names of colleagues, where the desk knows them."""
    own = {look.actor_id for look in found if look.kind is ActorKind.MEDEWERKER}
    names = queries.staff_names(clerk, sorted(own)) if own else {}
    return [Line(look, names.get(look.actor_id, look.actor_id)) for look in found]


def _activities() -> list[tuple[str, str]]:
    """The processing activities, each once, with the name of its newest version."""
    newest = {a.id: a.name for a in sorted(activity_register().activities, key=lambda a: a.version)}
    return sorted(newest.items(), key=lambda item: item[1])


HEADS = ("Wanneer", "Wie", "Medewerker", "Gemeente", "Welke gegevens", "Waarom", "Activiteit", "Zaak")


@require_POST
def csv(request: PageRequest) -> HttpResponse:
    """The same lines as a file."""
    clerk = staff(request)
    found = looks(clerk, _filter(_typed(request)), size=MOST_COUNTED)
    source = "Vliegwiel, verwerkingenlogboek"
    return csvfile.download("wie-zag-wat", HEADS, _cells(found.looks), source=source, at=clock.now())


def _cells(lines: Sequence[Look]) -> Iterator[Sequence[csvfile.Cell]]:
    for line in lines:
        yield (
            line.when, line.function, line.actor_id, line.actor_municipality, ", ".join(line.data), line.reason,
            line.activity, str(line.zaak_id or ""),
        )  # fmt: skip
