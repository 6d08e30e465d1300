"""Deciding: fill in, read the letter, then decide. Deviating from the law, and the second pair of eyes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vliegwiel.base.errors import Conflict, Invalid, VliegwielError
from vliegwiel.casework import queries
from vliegwiel.casework.actions import decisions
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import asked, casepage, frame, judging


def _again(
    request: PageRequest, clerk: Staff, zaak_id: UUID, judged: judging.Judged, error: VliegwielError | None
) -> HttpResponse:
    """Back to the form it came from, with everything that was filled in."""
    if judged.outcome or judged.deviation:
        return _deviate_page(request, clerk, zaak_id, judged=judged, error=error)
    return casepage.show(request, clerk, zaak_id, judged=judged, error=error)


@require_POST
def decide(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """Show the letter; or decide, when the clerk comes from that page; or go back to change something."""
    clerk = staff(request)
    judged = judging.read(request)
    step = posted.one(request, "doe")
    if step == "aanpassen":
        return _again(request, clerk, zaak_id, judged, None)
    given = judged.as_input(posted.version(request))
    try:
        if step != "besluiten":
            preview = queries.letter_preview(clerk, zaak_id, given)
            context = {
                "preview": preview,
                "judged": judged,
                "case": queries.case_page(clerk, zaak_id, filter=asked.read(request)),
            }
            return frame.show(request, clerk, "letter.html", context)
        taken = decisions.decide(clerk, zaak_id, given)
    except (Invalid, Conflict) as error:
        return _again(request, clerk, zaak_id, judged, error)
    what = "voorgesteld" if taken.waits_for_second else "besloten"
    return frame.done(casepage.address(zaak_id), asked.tail(asked.read(request)), what)


@require_POST
def letter(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """The letter as a PDF, exactly as it will be sent; nothing is decided yet."""
    clerk = staff(request)
    judged = judging.read(request)
    try:
        made = queries.letter_preview_pdf(clerk, zaak_id, judged.as_input(posted.version(request)))
    except (Invalid, Conflict) as error:
        return _again(request, clerk, zaak_id, judged, error)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="voorbeeld-besluit.pdf"'
    return response


@require_http_methods(["GET", "HEAD"])
def deviate(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """Choose another outcome than the law gives, and say why."""
    return _deviate_page(request, staff(request), zaak_id)


def _deviate_page(
    request: PageRequest,
    clerk: Staff,
    zaak_id: UUID,
    *,
    judged: judging.Judged | None = None,
    error: VliegwielError | None = None,
) -> HttpResponse:
    case = queries.case_page(clerk, zaak_id, filter=asked.read(request))
    require(clerk, Right.ZAAK_BESLUITEN, municipality=case.place.code, product=case.product)
    if not case.decide.may_deviate:
        raise Conflict(case.decide.why_not or _("Bij deze zaak kunt u nu niet afwijken van wat de wet zegt."))
    wrong = judging.wrongs(error.invalid) if error is not None else {}
    context: dict[str, object] = {
        "case": case,
        "questions": judging.questions(case.decide, judged, wrong),
        "judged": judged or judging.Judged(),
        "wrong_outcome": wrong.get("uitkomst", ""),
        "wrong_deviation": wrong.get("afwijking", ""),
        "problems": judging.problems(error.invalid) if error is not None else (),
        "trouble": casepage.trouble(error),
    }
    return frame.show(request, clerk, "deviate.html", context, status=frame.status_of(error))


@require_http_methods(["GET", "HEAD", "POST"])
def second(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """The second pair of eyes: read the letter of a colleague's proposal; then confirm it, or give it back and say why."""
    clerk = staff(request)
    if request.method != "POST":
        return _second_page(request, clerk, zaak_id)
    version = posted.version(request)
    reason = posted.one(request, "reden").strip()
    try:
        if posted.one(request, "doe") == "teruggeven":
            decisions.send_back(clerk, zaak_id, version=version, reason=reason)
            what = "teruggegeven"
        else:
            decisions.confirm(clerk, zaak_id, version=version)
            what = "besloten"
    except (Invalid, Conflict) as error:
        return _second_page(request, clerk, zaak_id, reason=reason, error=error)
    return frame.done(casepage.address(zaak_id), asked.tail(asked.read(request)), what)


def _second_page(
    request: PageRequest, clerk: Staff, zaak_id: UUID, *, reason: str = "", error: VliegwielError | None = None
) -> HttpResponse:
    case = queries.case_page(clerk, zaak_id, filter=asked.read(request))
    if case.decide.proposal is None:
        # Somebody else was first, or there never was one: the case itself tells how it stands.
        raise error or Conflict(_("Er ligt bij deze zaak geen voorstel om mee te kijken."))
    context: dict[str, object] = {
        "case": case,
        "proposal": case.decide.proposal,
        "preview": queries.proposal_preview(clerk, zaak_id),
        "reason": reason,
        "wrong_reason": judging.wrongs(error.invalid).get("reden", "") if error is not None else "",
        "problems": judging.problems(error.invalid) if error is not None else (),
        "trouble": casepage.trouble(error),
    }
    return frame.show(request, clerk, "second.html", context, status=frame.status_of(error))
