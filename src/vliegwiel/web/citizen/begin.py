"""Just before an application: which data we are going to fetch, and why."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from vliegwiel.casework.actions.drafts import level_for, start_draft
from vliegwiel.catalogue.queries import product_for
from vliegwiel.web.citizen.product import registers_of
from vliegwiel.web.request import PageRequest, citizen

ONLINE = "internet"


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest, key: str) -> HttpResponse:
    """Asks for a login at the level of the product; the button starts the application or takes up the one that is open."""
    product = product_for(request.municipality.code, key)
    person = citizen(request, level=level_for(product, ONLINE))
    if request.method == "POST":
        return redirect("draft", start_draft(person, key, channel=ONLINE))
    return render(request, "web/citizen/begin.html", {"product": product, "registers": registers_of(product)})
