"""What do I want to arrange, and what is running?"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vliegwiel.casework.pages import MyCases
from vliegwiel.casework.queries import my_cases
from vliegwiel.catalogue.queries import offered, search
from vliegwiel.trust.identity import Citizen
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest

NOTHING = MyCases((), (), ())


@require_safe
def home(request: PageRequest) -> HttpResponse:
    """Search, running cases of who is logged in, and what is asked most."""
    municipality = request.municipality.code
    words = posted.query(request, "q")
    cards = offered(municipality)
    cases = my_cases(request.actor) if isinstance(request.actor, Citizen) else NOTHING
    context = {
        "nav": "home",
        "query": words,
        "found": search(municipality, words) if words else (),
        "count": len(cards),
        "often": cards[:8],
        "cases": cases,
        "case_count": len(cases.running) + len(cases.over),
        "greeting": request.actor.name if isinstance(request.actor, Citizen) else "",
    }
    return render(request, "web/citizen/home.html", context)
