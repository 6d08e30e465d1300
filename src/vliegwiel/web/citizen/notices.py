"""What was just done, said once at the top of the next page. Only these sentences, so that a link cannot put words there."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES = {
    "bewaard": gettext_lazy("Bewaard. U kunt later verdergaan, ook op een ander apparaat."),
    "gemeld": gettext_lazy("Doorgegeven. Wie dit gegeven bijhoudt, kijkt ernaar. U kunt gewoon verder."),
    "weg": gettext_lazy("Uw aanvraag is weggegooid."),
    "antwoord": gettext_lazy("Wij hebben uw antwoord ontvangen en gaan verder."),
    "ingetrokken": gettext_lazy("Uw aanvraag is ingetrokken."),
    "weggehaald": gettext_lazy("Het bestand is weggehaald."),
    "opgehaald": gettext_lazy("Wij hebben uw gegevens opnieuw opgehaald."),
}


def notice(request: HttpRequest) -> str:
    """The sentence that the address asks for (`?gedaan=`), or nothing."""
    sentence = SENTENCES.get(request.GET.get("gedaan", ""))
    return _(str(sentence)) if sentence else ""
