"""Who may decide what, for whom: mandates held and given (Awb 10:1), and what each role may do here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vliegwiel.base.clock import today
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound
from vliegwiel.base.municipalities import existing_on, municipality
from vliegwiel.catalogue import typing_in
from vliegwiel.catalogue.queries import offered
from vliegwiel.trust import actions
from vliegwiel.trust.identity import Role, Staff
from vliegwiel.trust.queries import MandateCard, mandates_of
from vliegwiel.trust.rights import MANDATABLE, RIGHTS_OF_ROLE, Right, require
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame, judging

MANDATED = tuple(right for right in Right if right in MANDATABLE)


def right_names() -> Mapping[Right, str]:
    """What each right lets somebody do, in a word or two."""
    return {
        Right.ZAAK_LEZEN: _("zaken lezen"),
        Right.ZAAK_BEHANDELEN: _("zaken behandelen"),
        Right.ZAAK_BESLUITEN: _("besluiten"),
        Right.ZAAK_TOEWIJZEN: _("zaken toewijzen"),
        Right.ZAAK_VERNIETIGEN: _("gegevens vernietigen"),
        Right.DEFINITIE_BEHEREN: _("definities beheren"),
        Right.MANDAAT_BEHEREN: _("mandaten geven en intrekken"),
        Right.LOGBOEK_LEZEN: _("zien wie welke gegevens zag"),
        Right.SESSIE_BEHEREN: _("collega’s uitloggen"),
        Right.METING_LEZEN: _("metingen van sensoren zien"),
        Right.SENSOR_BEHEREN: _("sensoren beheren"),
        Right.RONDE_LEZEN: _("rondes en containers zien"),
        Right.RONDE_PLANNEN: _("rondes plannen"),
        Right.RONDE_RIJDEN: _("een ronde rijden"),
    }


def role_names() -> Mapping[Role, str]:
    """The roles as people call them."""
    return {
        Role.MEDEWERKER: _("Medewerker"),
        Role.TEAMLEIDER: _("Teamleider"),
        Role.FUNCTIONEEL_BEHEERDER: _("Functioneel beheerder"),
        Role.PRIVACY_OFFICER: _("Privacy officer"),
        Role.RONDEPLANNER: _("Rondeplanner"),
        Role.CHAUFFEUR: _("Chauffeur"),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A mandate in words. `state` is the badge: geldig, begint later, afgelopen or ingetrokken."""

    card: MandateCard
    other: str
    products: tuple[str, ...]
    rights: tuple[str, ...]
    state: str
    kind: str


def _line(card: MandateCard, other: str, names: Mapping[str, str]) -> Line:
    words = right_names()
    if card.withdrawn_at is not None:
        state, kind = _("ingetrokken"), "no"
    elif card.valid:
        state, kind = _("geldig"), "ok"
    elif card.valid_from > today():
        state, kind = _("begint later"), "busy"
    else:
        state, kind = _("afgelopen"), ""
    return Line(
        card=card,
        other=municipality(other).name,
        products=tuple(names.get(key, key) for key in card.products),
        rights=tuple(words[right] for right in card.rights),
        state=state,
        kind=kind,
    )


def _names(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Names of products by municipality and key."""
    return {code: {card.key: card.name for card in offered(code) if card.online} for code in dict.fromkeys(codes)}


@dataclass(frozen=True, slots=True)
class RoleLine:
    """What a role may do, and whether this clerk has it."""

    name: str
    rights: tuple[str, ...]
    own: bool


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """Both sides: what we hold and what we gave. Mandates are public decisions, so all staff may see them."""
    clerk = staff(request)
    cards = mandates_of(clerk)
    names = _names(card.mandans for card in cards)
    held = [_line(c, c.mandans, names[c.mandans]) for c in cards if c.mandataris == clerk.municipality]
    given = [_line(c, c.mandataris, names[c.mandans]) for c in cards if c.mandans == clerk.municipality]
    words = right_names()
    context = {
        "held": held,
        "given": given,
        "valid_held": [line for line in held if line.card.valid],
        "roles": [
            RoleLine(name, tuple(words[right] for right in Right if right in RIGHTS_OF_ROLE[role]), role in clerk.roles)
            for role, name in role_names().items()
        ],
        "own": municipality(clerk.municipality).name,
    }
    return frame.show(request, clerk, "mandates.html", context, section="mandates")


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a new mandate as it was filled in."""

    mandataris: str = ""
    products: tuple[str, ...] = ()
    rights: tuple[str, ...] = (Right.ZAAK_LEZEN.value, Right.ZAAK_BEHANDELEN.value, Right.ZAAK_BESLUITEN.value)
    valid_from: str = ""
    valid_until: str = ""
    besluit: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: PageRequest) -> HttpResponse:
    """Give a mandate to another municipality."""
    clerk = staff(request)
    require(clerk, Right.MANDAAT_BEHEREN, municipality=clerk.municipality)
    if request.method != "POST":
        return _give_page(request, clerk, Typed(valid_from=today().isoformat()))
    given = posted.read(request, ("mandataris", "products", "rights", "valid_from", "valid_until", "besluit"))
    texts = {key: next(iter(values), "").strip() for key, values in given.texts.items()}
    typed = Typed(
        mandataris=texts["mandataris"],
        products=given.texts["products"],
        rights=given.texts["rights"],
        valid_from=texts["valid_from"],
        valid_until=texts["valid_until"],
        besluit=texts["besluit"],
    )
    try:
        actions.give_mandate(
            clerk,
            mandataris=typed.mandataris,
            products=typed.products,
            rights=[right for right in Right if right.value in typed.rights],
            valid_from=_day("valid_from", typed.valid_from),
            valid_until=_day("valid_until", typed.valid_until) if typed.valid_until else None,
            besluit=typed.besluit,
        )
    except Invalid as error:
        return _give_page(request, clerk, typed, error)
    return frame.done(reverse("desk:mandates"), "", "mandaat")


def _day(field: str, text: str) -> date:
    try:
        return typing_in.day([text])
    except typing_in.CannotRead as error:
        raise Invalid(str(error), invalid=[InvalidParam(field, "date", str(error))]) from None


def _give_page(request: PageRequest, clerk: Staff, typed: Typed, error: Invalid | None = None) -> HttpResponse:
    words = right_names()
    others = [m for m in existing_on(today()) if m.code != clerk.municipality]
    context = {
        "typed": typed,
        "others": sorted(others, key=lambda m: m.name),
        "products": [card for card in offered(clerk.municipality) if card.online],
        "rights": [(right.value, words[right]) for right in MANDATED],
        "wrong": judging.wrongs(error.invalid) if error is not None else {},
        "problems": judging.problems(error.invalid) if error is not None else (),
        "own": municipality(clerk.municipality).name,
    }
    status = frame.status_of(error)
    return frame.show(request, clerk, "mandate_give.html", context, section="mandates", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PageRequest, mandate_id: UUID) -> HttpResponse:
    """Take a mandate back: first what that means, then the button."""
    clerk = staff(request)
    require(clerk, Right.MANDAAT_BEHEREN, municipality=clerk.municipality)
    card = next((c for c in mandates_of(clerk) if c.id == mandate_id and c.mandans == clerk.municipality), None)
    if card is None:
        raise NotFound(_("Dit mandaat is er niet."))
    if request.method == "POST":
        # When a colleague just did it too, it is what was wanted.
        with suppress(Conflict):
            actions.withdraw_mandate(clerk, mandate_id)
        return frame.done(reverse("desk:mandates"), "", "mandaat-weg")
    line = _line(card, card.mandataris, _names([card.mandans])[card.mandans])
    return frame.show(request, clerk, "mandate_withdraw.html", {"line": line}, section="mandates")
