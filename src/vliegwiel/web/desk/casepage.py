"""The case page, and the small things done on it with one button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vliegwiel.base.errors import Conflict, Invalid, Stale, Unavailable, VliegwielError
from vliegwiel.casework import queries
from vliegwiel.casework.actions import cases, documents, tasks
from vliegwiel.casework.deskpages import CasePage, TaskView
from vliegwiel.casework.lawpages import Kind
from vliegwiel.trust.casechain import CaseChain, chain_of
from vliegwiel.trust.identity import Staff
from vliegwiel.web import wording
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff
from vliegwiel.web.templatetags.dutch import language

from . import asked, frame, judging, lawtree

SHOWN_EVENTS = 8
REST = "Overig"  # how casework calls facts that belong to no subject
STEPPED_OVER = (Invalid, Conflict, Unavailable)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stopped the last thing the clerk did. `since` are events since then, when somebody else was first."""

    title: str
    sentence: str
    stale: bool


@require_safe
def page(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """One case."""
    return show(request, staff(request), zaak_id)


def show(
    request: PageRequest,
    clerk: Staff,
    zaak_id: UUID,
    *,
    judged: judging.Judged | None = None,
    error: VliegwielError | None = None,
) -> HttpResponse:
    """The page as it is now, with what the clerk had filled in and, after a failed try, what stopped it."""
    case = queries.case_page(clerk, zaak_id, filter=asked.read(request))
    wrong = judging.wrongs(error.invalid) if error is not None else {}
    context: dict[str, object] = {
        "case": case,
        "tree": lawtree.branches(case.law.tree, refused=case.law.kind is not Kind.OK) if case.law else (),
        "speed": _speed(case),
        "questions": judging.questions(case.decide, judged, wrong),
        "problems": judging.problems(error.invalid) if error is not None else (),
        "trouble": trouble(error),
        "facts": [group for group in case.groups if group.title != REST],
        "rest": [group for group in case.groups if group.title == REST],
        "events": case.timeline[:SHOWN_EVENTS],
        "decided": _decided(case),
        "mine": case.assignee == clerk.subject,
        "chain": chain_words(chain_of(case.place.code, case.id)),
        "next_task": next((task for task in case.tasks if _can_do(task)), None),
    }
    return frame.show(request, clerk, "case.html", context, status=frame.status_of(error))


def _decided(case: CasePage) -> date | None:
    """The day on which it was decided, when nothing is left to decide. A case that was opened again is undecided."""
    undecided = case.may.decide or case.may.withdraw or case.decide.may or case.decide.proposal is not None
    return None if undecided or not case.decisions else max(decision.taken for decision in case.decisions)


def trouble(error: VliegwielError | None) -> Trouble | None:
    """An error as an alert on the page it happened on; None when the fields themselves tell it."""
    if error is None or (isinstance(error, Invalid) and error.invalid):
        return None
    return Trouble(error.title, error.sentence, isinstance(error, Stale))


def _can_do(task: TaskView) -> bool:
    return task.may and task.state == "open" and not task.blocked and not task.optional


def _speed(case: CasePage) -> str:
    """How long the law took, "0,2 ms"."""
    if case.law is None:
        return ""
    millis = Decimal(case.law.micros) / 1000
    return f"{wording.number(millis, language(), decimals=1)}\u00a0ms"


@dataclass(frozen=True, slots=True)
class ChainWords:
    """Whether what happened still stands as it was written, in words; `alarm` when it does not."""

    sentence: str
    alarm: bool


def chain_words(chain: CaseChain) -> ChainWords:
    """ "keten klopt", or what is the matter."""
    if chain.broken:
        sentence = ngettext(
            "%(n)d gebeurtenis is veranderd nadat zij was vastgelegd",
            "%(n)d gebeurtenissen zijn veranderd nadat zij waren vastgelegd",
            len(chain.broken),
        )
        return ChainWords(sentence % {"n": len(chain.broken)}, alarm=True)
    if chain.proven:
        return ChainWords(_("keten klopt"), alarm=False)
    return ChainWords(_("wordt nu verzegeld") if chain.waiting else "", alarm=False)


def address(zaak_id: UUID) -> str:
    """Where the page of a case is."""
    return reverse("desk:case", args=[zaak_id])


def _button(what: str, do: Callable[[Staff, UUID, int], object]) -> Callable[[PageRequest, UUID], HttpResponse]:
    """A view for one button on the page: do it, or show the page again and say what stopped it."""

    def view(request: PageRequest, zaak_id: UUID) -> HttpResponse:
        clerk = staff(request)
        try:
            do(clerk, zaak_id, posted.version(request))
        except STEPPED_OVER as error:
            return show(request, clerk, zaak_id, error=error)
        return frame.done(address(zaak_id), asked.tail(asked.read(request)), what)

    return require_POST(view)


take = _button("opgepakt", lambda clerk, zaak_id, version: tasks.take_on(clerk, zaak_id, version=version))
refresh = _button("gegevens", lambda clerk, zaak_id, version: cases.refresh_facts(clerk, zaak_id, version=version))


@require_POST
def add_task(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """Start a task that the pattern leaves to the clerk."""
    clerk = staff(request)
    try:
        tasks.add(clerk, zaak_id, posted.one(request, "taak"), version=posted.version(request))
    except STEPPED_OVER as error:
        return show(request, clerk, zaak_id, error=error)
    return frame.done(address(zaak_id), asked.tail(asked.read(request)), "taak-erbij")


@require_POST
def retry_letter(request: PageRequest, zaak_id: UUID, document_id: UUID) -> HttpResponse:
    """Make a letter again that could not be made."""
    clerk = staff(request)
    try:
        documents.retry_letter(clerk, document_id)
    except STEPPED_OVER as error:
        return show(request, clerk, zaak_id, error=error)
    return frame.done(address(zaak_id), asked.tail(asked.read(request)), "brief")


@require_safe
def timeline(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """Everything that happened, from new to old."""
    clerk = staff(request)
    case = queries.case_page(clerk, zaak_id, filter=asked.read(request))
    context: Mapping[str, object] = {
        "case": case,
        "events": queries.timeline(clerk, zaak_id),
        "title": _("Wat er gebeurde"),
    }
    return frame.show(request, clerk, "timeline.html", context)
