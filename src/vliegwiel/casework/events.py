"""What can happen to a case, as it is written in the ledger, and how the timeline tells it.

One action leaves one event; what follows from it at once (a status, a phase, tasks that open) stands in its payload. The
payload holds no personal data; names and texts of people go in the encrypted part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from vliegwiel.catalogue.typing_in import day_text
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import ActorKind
from vliegwiel.trust.ledger import LedgerEvent

from .pages import Event


class Kind(StrEnum):
    """The kinds of event of this room."""

    GEOPEND = "zaak.geopend"
    GEGEVENS_OPGEHAALD = "gegevens.opgehaald"
    TAAK_KLAAR = "taak.klaar"
    TAAK_TOEGEVOEGD = "taak.toegevoegd"
    TOEGEWEZEN = "zaak.toegewezen"
    INFORMATIE_GEVRAAGD = "informatie.gevraagd"
    INFORMATIE_GEGEVEN = "informatie.gegeven"
    INFORMATIE_VERLOPEN = "informatie.verlopen"
    WACHTEN_VOORBIJ = "wachten.voorbij"
    KLOK = "klok.afgegaan"
    TERMIJN_HERVAT = "termijn.hervat"
    TERMIJN_VERLENGD = "termijn.verlengd"
    TERMIJN_NADERT = "termijn.nadert"
    TERMIJN_VERSTREKEN = "termijn.verstreken"
    HERINNERD = "inwoner.herinnerd"
    BESLUIT_VOORGESTELD = "besluit.voorgesteld"
    BESLUIT_TERUGGESTUURD = "besluit.teruggestuurd"
    BESLUIT_GENOMEN = "besluit.genomen"
    BRIEF_GEMAAKT = "brief.gemaakt"
    DOCUMENT_TOEGEVOEGD = "document.toegevoegd"
    NOTITIE_GESCHREVEN = "notitie.geschreven"
    REGISTER_GEMELD = "register.gemeld"
    INGETROKKEN = "zaak.ingetrokken"
    AFGESLOTEN = "zaak.afgesloten"
    HEROPEND = "zaak.heropend"
    AANSPRAAK_VERLOPEN = "aanspraak.verlopen"
    TOEGEZEGD = "zaak.toegezegd"
    DEFINITIE_GEWISSELD = "zaak.definitie_gewisseld"


WITHOUT_LOGIN = "zonder_inloggen"
"""The channel of products that anybody may report along, without saying who."""
Payload: TypeAlias = Mapping[str, Json]
_Say: TypeAlias = Callable[[Payload, Payload, bool], str]


def _day(payload: Payload, name: str) -> str:
    return day_text(date.fromisoformat(str(payload[name]))) if payload.get(name) else ""


def _opened(payload: Payload, _personal: Payload, citizen: bool) -> str:
    if payload.get("kanaal") == WITHOUT_LOGIN:
        return "Gemeld zonder inloggen."
    channel = {"internet": "via internet", "balie": "aan de balie"}.get(str(payload.get("kanaal")), "")
    spared = payload.get("niet_gevraagd") or 0
    note = f" {spared} vragen niet gesteld." if isinstance(spared, int) and spared > 1 else ""
    return f"Aangevraagd {channel}".strip() + "." + note


def _asked(payload: Payload, personal: Payload, citizen: bool) -> str:
    what = personal.get("titel") or "Informatie"
    article = payload.get("artikel", "4:15")
    return f"Gevraagd: {what}." + (f" De termijn staat stil (Awb, artikel {article})." if article else "")


def _given(payload: Payload, _personal: Payload, citizen: bool) -> str:
    days = payload.get("dagen_stil")
    still = f" Zij stond {days} {'dag' if days == 1 else 'dagen'} stil." if isinstance(days, int) and days > 0 else ""
    return (
        "Informatie ontvangen." if payload.get("liep_door") else f"Informatie ontvangen. De termijn loopt weer.{still}"
    )


def _unanswered(payload: Payload, _personal: Payload, _citizen: bool) -> str:
    return "Er kwam geen antwoord." + ("" if payload.get("liep_door") else " De termijn loopt weer.")


def _passed(payload: Payload, _personal: Payload, _citizen: bool) -> str:
    title = payload.get("titel", "")
    return f"Voorbij: {title}." if payload.get("volgens_plan") else f"Er kwam geen antwoord ({title}). Wij gaan verder."


def _decided(payload: Payload, _personal: Payload, citizen: bool) -> str:
    by = " door de computer" if payload.get("automatisch") else ""
    deviates = " Hierbij is afgeweken van de uitkomst van de wet, met reden." if payload.get("afwijking") else ""
    return f"Besluit genomen{by}: {payload.get('uitkomst_naam', '')}.{deviates}"


def _assigned(payload: Payload, personal: Payload, _citizen: bool) -> str:
    name, team = personal.get("naam"), payload.get("team")
    return f"Toegewezen aan {name or team}." if name or team else "Teruggelegd: niemand is nu bezig."


def _sentence(text: str, *names: str) -> _Say:
    def say(payload: Payload, personal: Payload, _citizen: bool) -> str:
        values = {**payload, **personal}
        return text.format(**{name: values.get(name) or "" for name in names})

    return say


_TELLS: Mapping[Kind, _Say] = {
    Kind.GEOPEND: _opened,
    Kind.GEGEVENS_OPGEHAALD: lambda p, _e, _c: (
        "Gegevens opgehaald: " + ", ".join(str(r) for r in _list(p, "registers")) + "."
    ),
    Kind.TAAK_KLAAR: _sentence("Klaar: {titel}.", "titel"),
    Kind.TAAK_TOEGEVOEGD: _sentence("Taak erbij: {titel}.", "titel"),
    Kind.TOEGEWEZEN: _assigned,
    Kind.INFORMATIE_GEVRAAGD: _asked,
    Kind.INFORMATIE_GEGEVEN: _given,
    Kind.INFORMATIE_VERLOPEN: _unanswered,
    Kind.WACHTEN_VOORBIJ: _passed,
    Kind.KLOK: _sentence("{naam}.", "naam"),
    Kind.TERMIJN_HERVAT: _given,
    Kind.TERMIJN_VERLENGD: lambda p, _e, _c: f"Termijn verlengd tot en met {_day(p, 'tot')} (Awb, artikel 4:14).",
    Kind.TERMIJN_NADERT: lambda p, _e, _c: f"De termijn loopt af op {_day(p, 'tot')}.",
    Kind.TERMIJN_VERSTREKEN: lambda p, _e, _c: f"De termijn van {_day(p, 'tot')} is voorbij zonder besluit.",
    Kind.HERINNERD: lambda _p, _e, _c: "Herinnering gestuurd.",
    Kind.BESLUIT_VOORGESTELD: _sentence(
        "Besluit voorgesteld: {uitkomst_naam}. Een collega kijkt mee.", "uitkomst_naam"
    ),
    Kind.BESLUIT_TERUGGESTUURD: _sentence("Voorstel teruggestuurd: {reden}", "reden"),
    Kind.BESLUIT_GENOMEN: _decided,
    Kind.BRIEF_GEMAAKT: _sentence("Brief gemaakt: {titel}.", "titel"),
    Kind.DOCUMENT_TOEGEVOEGD: _sentence("Document toegevoegd: {titel}.", "titel"),
    Kind.NOTITIE_GESCHREVEN: lambda _p, _e, _c: "Notitie geschreven.",
    Kind.REGISTER_GEMELD: _sentence("Gemeld aan {register}: {label} klopt niet.", "register", "label"),
    Kind.INGETROKKEN: lambda _p, _e, c: "U hebt uw aanvraag ingetrokken." if c else "Ingetrokken.",
    Kind.AFGESLOTEN: _sentence("Afgesloten: {resultaat_naam}.", "resultaat_naam"),
    Kind.HEROPEND: lambda _p, _e, _c: "Opnieuw geopend.",
    Kind.TOEGEZEGD: _sentence("Toegezegd: {zin}", "zin"),
    Kind.DEFINITIE_GEWISSELD: _sentence(
        "De zaak gaat verder volgens versie {naar_versie} (eerst {van_versie}).", "naar_versie", "van_versie"
    ),
    Kind.AANSPRAAK_VERLOPEN: _sentence("{titel} is verlopen.", "titel"),
}
# Work of the municipality's own that says nothing to the citizen. Nothing of it is secret: they may ask to read it.
_INWARD = frozenset(
    {
        Kind.TOEGEWEZEN,
        Kind.NOTITIE_GESCHREVEN,
        Kind.BESLUIT_VOORGESTELD,
        Kind.BESLUIT_TERUGGESTUURD,
        Kind.TERMIJN_NADERT,
        Kind.KLOK,
    }
)


def _list(payload: Payload, name: str) -> list[Json]:
    value = payload.get(name)
    return value if isinstance(value, list) else []


def told(event: LedgerEvent, *, to_citizen: bool) -> Event | None:
    """The event as a line of the timeline; None when it is not told to this reader or is of another room."""
    try:
        kind = Kind(event.kind)
    except ValueError:
        return None
    if to_citizen and kind in _INWARD:
        return None
    text = _TELLS[kind](event.payload, event.personal or {}, to_citizen)
    return Event(event.at, _who(event, to_citizen), text)


def _who(event: LedgerEvent, to_citizen: bool) -> str:
    match event.actor.kind:
        case ActorKind.BURGER:
            return "u" if to_citizen else "inwoner"
        case ActorKind.SYSTEEM:
            return "computer van de gemeente"
        case ActorKind.BEZOEKER:
            return "melder"
        case _:
            return "medewerker" if to_citizen else event.actor.name or "medewerker"
