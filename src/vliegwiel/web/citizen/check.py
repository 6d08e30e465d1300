"""Does this fit me? A few questions before login. Nothing that is answered here is kept, not even for the next page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from vliegwiel.casework import queries
from vliegwiel.catalogue.queries import product_for
from vliegwiel.web.citizen.product import begin_label
from vliegwiel.web.forms import posted
from vliegwiel.web.forms.faults import faults
from vliegwiel.web.request import PageRequest


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest, key: str) -> HttpResponse:
    """The questions; and, once sent, what follows from the answers. Answers travel in the body, never in the address."""
    product = product_for(request.municipality.code, key)
    typed = None
    if request.method == "POST":
        questions = product.precheck.questions if product.precheck else ()
        typed = posted.read(request, [question.key for question in questions]).texts
    check = queries.pre_check(request.actor, key, typed)
    errors = faults(check.fields)
    context = {"nav": "product", "check": check, "errors": errors, "begin_label": begin_label(request, product)}
    response = render(request, "web/citizen/check.html", context, status=422 if errors else 200)
    if typed is not None:
        response["Cache-Control"] = "no-store"
    return response
