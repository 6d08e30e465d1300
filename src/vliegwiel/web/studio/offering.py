"""Offering a product: try it with all examples, choose whose versions we follow, from which day; and stopping with it."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vliegwiel.base import clock
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound
from vliegwiel.catalogue import typing_in
from vliegwiel.catalogue.adopting import actions
from vliegwiel.catalogue.laws.shelf import town
from vliegwiel.catalogue.models import AdoptionMode
from vliegwiel.catalogue.versions import queries
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame
from .productpage import head


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest, key: str) -> HttpResponse:
    """Try and offer a product."""
    reader = staff(request)
    require(reader, Right.DEFINITIE_BEHEREN, municipality=reader.municipality, product=key)
    if request.method != "POST":
        return _show(request, reader, key)
    try:
        return _posted(request, reader, key)
    except (Invalid, Conflict) as error:
        return _show(request, reader, key, error)


def _day(request: PageRequest, name: str) -> date:
    text = posted.one(request, name)
    try:
        return typing_in.day([text])
    except typing_in.CannotRead as error:
        raise Invalid(str(error), invalid=[InvalidParam(name, "date", str(error))]) from error


def _posted(request: PageRequest, reader: Staff, key: str) -> HttpResponse:
    if posted.one(request, "doe") == "stoppen":
        actions.stop_offering(reader, reader.municipality, key, last=_day(request, "laatste"))
        done = "gestopt"
    else:
        mode = AdoptionMode.PIN if posted.one(request, "wijze") == AdoptionMode.PIN else AdoptionMode.FOLLOW
        publisher = posted.one(request, "van")[:6]
        begin = _day(request, "vanaf")
        if begin < clock.today():
            sentence = _("Kies vandaag of een latere dag.")
            raise Invalid(sentence, invalid=[InvalidParam("vanaf", "past", sentence)])
        actions.adopt(reader, reader.municipality, key, begin=begin, mode=mode, publisher=publisher)
        done = "aanbieden"
    return HttpResponseRedirect(f"{reverse('studio:offer-product', args=[key])}?gedaan={done}")


def _show(request: PageRequest, reader: Staff, key: str, error: Invalid | Conflict | None = None) -> HttpResponse:
    own = reader.municipality
    publisher = posted.one(request, "van")[:6] if request.method == "POST" else posted.query(request, "van", 6)
    publishers = _publishers(own, key)
    publisher = publisher if publisher in dict(publishers) else ""
    tried, problem = None, error.sentence if error else ""
    try:
        tried = actions.trial(reader, key, publisher=publisher)
    except (Invalid, NotFound) as refused:
        problem = problem or refused.sentence
    now = {one.product: one for one in queries.who_runs_what(own, key) if one.municipality == own}.get(key)
    names = {outcome.key: outcome.name for outcome in tried.definition.outcomes} if tried else {}
    context = {
        "head": head(request, reader, key, "adopt"),
        "now": now,
        "now_from": town(now.publisher).name if now and now.publisher else "",
        "tried": tried,
        "examples": [(one, names.get(one.outcome, one.outcome)) for one in tried.examples] if tried else [],
        "publishers": publishers,
        "publisher": publisher,
        "begin": posted.one(request, "vanaf") or clock.today().isoformat(),
        "mode": posted.one(request, "wijze") or AdoptionMode.FOLLOW.value,
        "last": posted.one(request, "laatste"),
        "faults": {one.name: one.reason for one in error.invalid} if error else {},
        "problem": problem,
    }
    return frame.show(request, reader, "product_offer.html", context, section="products", status=frame.status_of(error))


def _publishers(own: str, key: str) -> list[tuple[str, str]]:
    """Other municipalities that published this product."""
    codes = {row.publisher for row in queries.history(own, "product", key)} - {"", own}
    return sorted(((code, town(code).name) for code in codes), key=lambda pair: pair[1])
