"""Names put together for use: initials, full name, and how to address somebody (BRP API: naam, adressering).

Noble titles are given as data; the forms of address here leave them out.
"""

from __future__ import annotations

import re

from .lijst import Rubrieken
from .tabellen import tabellen

_ONBEKEND = "."


def bekend(text: str | None) -> str | None:
    """A name part, unless it is the standard value for "unknown"."""
    return None if text is None or text.strip() in {"", _ONBEKEND} else text.strip()


def voorletters(rubrieken: Rubrieken) -> str | None:
    """One initial for each given name: `Dirk-Willem Jan` gives `D.J.`; a name of one letter keeps no point."""
    voornamen = bekend(rubrieken.get("02.10"))
    if voornamen is None:
        return None
    return "".join(naam if len(naam) == 1 else f"{naam[0]}." for naam in voornamen.split())[:40]


def volledige_naam(rubrieken: Rubrieken) -> str | None:
    """Predicate, given names, noble title, prefix and surname."""
    soort, titel = _titel(rubrieken)
    delen = (
        titel if soort == "predicaat" else None,
        bekend(rubrieken.get("02.10")),
        titel if soort == "titel" else None,
        bekend(rubrieken.get("02.30")),
        bekend(rubrieken.get("02.40")),
    )
    return _samen(*delen)


def _titel(rubrieken: Rubrieken) -> tuple[str | None, str | None]:
    titel = tabellen().adellijke_titels.get(rubrieken.get("02.20", ""))
    return (titel.soort, titel.omschrijving) if titel else (None, None)


def _samen(*delen: str | None) -> str | None:
    return " ".join(deel for deel in delen if deel) or None


def _achternaam(persoon: Rubrieken, partner: Rubrieken | None) -> str | None:
    eigen = _samen(bekend(persoon.get("02.30")), bekend(persoon.get("02.40")))
    ander = _samen(bekend(partner.get("02.30")), bekend(partner.get("02.40"))) if partner else None
    if ander is None or bekend((partner or {}).get("02.40")) is None:
        return eigen
    gebruik = persoon.get("61.10", "E")
    if eigen is None:
        return ander if gebruik in {"P", "V"} else None
    return {"P": ander, "V": f"{ander}-{eigen}", "N": f"{eigen}-{ander}"}.get(gebruik, eigen)


def _hoofdletter(text: str) -> str:
    return text[0].upper() + text[1:]


def aanschrijfnaam(persoon: Rubrieken, partner: Rubrieken | None) -> str | None:
    """The name on an envelope."""
    achternaam, letters = _achternaam(persoon, partner), voorletters(persoon)
    if achternaam is None:
        return None
    return _samen(letters, achternaam) if letters else _hoofdletter(achternaam)


def _met_aanspreking(persoon: Rubrieken, partner: Rubrieken | None, man: str, vrouw: str, voor: str) -> str | None:
    achternaam = _achternaam(persoon, partner)
    if achternaam is None:
        return None
    aanspreking = {"M": man, "V": vrouw}.get(persoon.get("04.10", "O"))
    if aanspreking:
        return _samen(voor, aanspreking, _hoofdletter(achternaam))
    return _samen(voor, voorletters(persoon), achternaam)


def aanhef(persoon: Rubrieken, partner: Rubrieken | None) -> str | None:
    """How a letter begins: `Geachte mevrouw Van Velzen`."""
    return _met_aanspreking(persoon, partner, "heer", "mevrouw", "Geachte")


def in_lopende_tekst(persoon: Rubrieken, partner: Rubrieken | None) -> str | None:
    """How a sentence names somebody: `mevrouw Van Velzen`, `de heer Groenen`."""
    return _met_aanspreking(persoon, partner, "de heer", "mevrouw", "")


def naam_past(zoekwaarde: str, naam: str | None) -> bool:
    """Whether a name fits a search value, which may end in `*`. Case does not matter."""
    if naam is None:
        return False
    gezocht, gevonden = zoekwaarde.casefold().strip(), naam.casefold().strip()
    gezocht = re.sub(r"\s+", " ", gezocht)
    if gezocht.endswith("*"):
        return gevonden.startswith(gezocht[:-1])
    if gezocht.startswith("*"):
        return gevonden.endswith(gezocht[1:])
    return gezocht == gevonden
