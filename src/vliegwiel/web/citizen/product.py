"""What is it, what does it cost, how long does it take, what do I need?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vliegwiel.catalogue.model import Resolved, Source
from vliegwiel.catalogue.queries import ProductPage, product_page
from vliegwiel.trust.identity import Citizen
from vliegwiel.web.request import PageRequest

WITHOUT_LOGIN: Mapping[str, str] = {"container-vol": "street:search"}
"""Products that nobody logs in for, and the page where they are reported."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to ask for the product: its name, how long it then takes, and whether that was verified."""

    name: str
    note: str
    duration: str
    verified: bool


@require_safe
def page(request: PageRequest, key: str) -> HttpResponse:
    """A product of this municipality, before login."""
    product = product_page(request.municipality.code, key)
    context = {
        "nav": "product",
        "product": product,
        "ways": ways(product),
        "data": registers_of(product.resolved),
        "spared": sum(1 for need in product.resolved.needs if need.question),
        "links": [(source, link_of(source)) for source in product.sources],
        "open_door": WITHOUT_LOGIN.get(key, ""),
        "begin_label": begin_label(request, product.resolved),
    }
    return render(request, "web/citizen/product.html", context)


def begin_label(request: PageRequest, resolved: Resolved) -> str:
    """What the button says: logging in is part of it for who is not logged in yet. Empty where it cannot be asked online."""
    if not any(channel.level for channel in resolved.channels):
        return ""
    logged_in = isinstance(request.actor, Citizen) and request.actor.level >= resolved.level
    if resolved.pattern.key == "melding":
        return _("Doorgeven") if logged_in else _("Doorgeven met DigiD")
    return _("Aanvragen") if logged_in else _("Aanvragen met DigiD")


def ways(product: ProductPage) -> tuple[Way, ...]:
    """The ways to ask for it, each with its own lead time."""
    spans = {lead.key: lead for lead in product.service}
    found = []
    for channel in product.resolved.channels:
        lead = spans.get(channel.key)
        found.append(
            Way(channel.name, channel.note, f"klaar in {lead.span}" if lead else "", lead.verified if lead else True)
        )
    return tuple(found)


def registers_of(resolved: Resolved) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Which data are fetched from which register, by register."""
    found: dict[str, list[str]] = {}
    for need in resolved.needs:
        found.setdefault(need.register, []).append(_within_a_sentence(need.label))
    return tuple((register, tuple(dict.fromkeys(labels))) for register, labels in found.items())


def _within_a_sentence(label: str) -> str:
    """Without the capital it begins with, unless that is part of the word ("BSN", "U mag rijden")."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def link_of(source: Source) -> str:
    """Where the text of a law or ordinance can be read by everyone."""
    if source.bwb:
        return f"https://wetten.overheid.nl/{source.bwb}"
    if source.cvdr:
        return f"https://lokaleregelgeving.overheid.nl/{source.cvdr}"
    return ""
