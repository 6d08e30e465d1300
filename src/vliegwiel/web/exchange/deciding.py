"""One thing of another municipality, beside ours: take it over, begin with it, or say why not."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vliegwiel.base.errors import Conflict, Invalid, NotFound, VliegwielError
from vliegwiel.base.sourcefile import Node, SourceInvalid, parse_source
from vliegwiel.catalogue.editing.difference import count, text_lines, told
from vliegwiel.catalogue.exchange import actions, proposing, queries
from vliegwiel.catalogue.exchange.queries import ProposalView
from vliegwiel.catalogue.versions.queries import text_now
from vliegwiel.trust.identity import Staff
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff
from vliegwiel.web.studio import frame

MOST_LINES = 2_000


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: PageRequest, offer_id: UUID) -> HttpResponse:
    """What a municipality that we follow published."""
    reader = staff(request)
    problem: VliegwielError | None = None
    if request.method == "POST":
        try:
            return _decided(request, reader, offer_id)
        except (Invalid, Conflict) as error:
            problem = error
    found = queries.received_one(reader, offer_id)
    context = {
        "offer": found,
        "why": posted.one(request, "waarom"),
        **_difference(found.ours, found.text, found.key),
        **_problem(problem),
    }
    status = problem.status if problem is not None else 200
    return frame.show(request, reader, "sharing_offer.html", context, section="sharing", status=status)


def _decided(request: PageRequest, reader: Staff, offer_id: UUID) -> HttpResponse:
    act = posted.one(request, "doe")
    if act == "concept":
        kind = actions.start_merge(reader, offer_id)
        return HttpResponseRedirect(reverse("studio:draft", args=(kind, queries.received_one(reader, offer_id).key)))
    if act == "weigeren":
        actions.refuse_received(reader, offer_id, posted.one(request, "waarom"))
        done = "nietovergenomen"
    else:
        actions.accept_received(reader, offer_id)
        done = "overgenomen"
    return HttpResponseRedirect(f"{reverse('studio:sharing')}?gedaan={done}")


@require_http_methods(["GET", "HEAD", "POST"])
def suggestion(request: PageRequest, proposal_id: UUID) -> HttpResponse:
    """What somebody proposes to us, or we to them."""
    reader = staff(request)
    problem: VliegwielError | None = None
    if request.method == "POST":
        try:
            return _answered(request, reader, proposal_id)
        except (Invalid, Conflict) as error:
            problem = error
    found = _proposal(reader, proposal_id)
    context = {
        "proposal": found,
        "answer": posted.one(request, "antwoord"),
        **_difference(_ours(reader.municipality, found), found.text, found.key),
        **_problem(problem),
    }
    status = problem.status if problem is not None else 200
    return frame.show(request, reader, "sharing_proposal.html", context, section="sharing", status=status)


def _answered(request: PageRequest, reader: Staff, proposal_id: UUID) -> HttpResponse:
    found = _proposal(reader, proposal_id)
    accept = posted.one(request, "doe") == "overnemen"
    proposing.answer_proposal(reader, proposal_id, accept=accept, answer=posted.one(request, "antwoord"))
    if accept:
        return HttpResponseRedirect(reverse("studio:draft", args=(found.kind, found.key)))
    return HttpResponseRedirect(f"{reverse('studio:sharing')}?gedaan=beantwoord")


def _proposal(reader: Staff, proposal_id: UUID) -> ProposalView:
    found = next((one for one in queries.proposals(reader) if one.id == proposal_id), None)
    if found is None:
        raise NotFound("Dit voorstel is er niet (meer).")
    return found


def _ours(municipality: str, found: ProposalView) -> str:
    try:
        return text_now(municipality, found.kind, found.key).text
    except NotFound:
        return ""


def _difference(ours: str, theirs: str, key: str) -> dict[str, object]:
    parts = told(_root(ours, key), _root(theirs, key))
    return {
        "chapters": parts,
        "count": count(parts),
        "lines": text_lines(ours, theirs)[:MOST_LINES],
        "before": _("bij ons"),
        "after": _("bij de ander"),
    }


def _root(text: str, key: str) -> Node | None:
    try:
        return parse_source(text, key).root if text else None
    except SourceInvalid:
        return None


def _problem(error: VliegwielError | None) -> dict[str, object]:
    if error is None:
        return {"problem": "", "faults": {}}
    return {"problem": error.sentence, "faults": {one.name: one.reason for one in error.invalid}}
