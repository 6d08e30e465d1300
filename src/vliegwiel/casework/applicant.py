"""Whom a case is about, taken from the facts: the name, whether the data are secret, and the words the case is found by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from vliegwiel.registers.facts import Value

from .facts import StoredFact
from .facttext import group_text
from .models import CaseWord, Rol, Zaak, ZaakObject
from .progress import Case
from .words import words_of


def recognise(case: Case, facts: Mapping[str, StoredFact]) -> None:
    """Register data came after the case was opened: now it is known who this is, and whether that is secret."""
    zaak = case.zaak
    found, secret = name(facts) or zaak.person, is_secret(facts)
    if (found, secret) == (zaak.person, zaak.secret):
        return
    case.set(zaak, person=found, secret=secret)
    mine = {"municipality_id": zaak.municipality_id, "zaak_id": zaak.id}
    Rol.objects.filter(**mine, omschrijving_generiek="initiator", bsn=zaak.bsn).update(
        betrokkene_identificatie=identification(zaak.bsn, facts)
    )
    CaseWord.objects.filter(**mine).delete()
    case.add(*words(zaak, facts))
    if not ZaakObject.objects.filter(**mine, object_type="adres").exists():
        case.add(*addresses(zaak, facts))


def name(facts: Mapping[str, StoredFact]) -> str:
    """The full name, empty when it is not known."""
    return _text(facts, "persoon.naam")[:200]


def is_secret(facts: Mapping[str, StoredFact]) -> bool:
    """Whether the person asked the BRP not to give the data to others (Wet BRP, artikel 2.59)."""
    return "persoon.geheimhouding" in facts and facts["persoon.geheimhouding"].value is True


def identification(bsn: str, facts: Mapping[str, StoredFact]) -> dict[str, str]:
    """The applicant in the words of ZGW (natuurlijk persoon); what is not known is left out."""
    person = {
        "inpBsn": bsn,
        "geslachtsnaam": _text(facts, "persoon.achternaam") or _text(facts, "persoon.naam"),
        "voornamen": _text(facts, "persoon.voornamen"),
        "geboortedatum": _day(facts, "persoon.geboortedatum"),
    }
    return {key: value for key, value in person.items() if value}


def _text(facts: Mapping[str, StoredFact], datum: str) -> str:
    value = facts[datum].value if datum in facts else None
    return value if isinstance(value, str) else ""


def _day(facts: Mapping[str, StoredFact], datum: str) -> str:
    value = facts[datum].value if datum in facts else None
    return value.isoformat() if isinstance(value, date) else ""


def _address(facts: Mapping[str, StoredFact]) -> Mapping[str, Value] | None:
    value = facts["persoon.adres"].value if "persoon.adres" in facts else None
    return value if isinstance(value, Mapping) else None


def addresses(zaak: Zaak, facts: Mapping[str, StoredFact]) -> list[ZaakObject]:
    """The address of the applicant as an object of the case, where the BAG knows it."""
    address = _address(facts)
    if address is None or not address.get("nummeraanduiding"):
        return []
    identification = {
        "identificatie": address.get("nummeraanduiding"),
        "wplWoonplaatsNaam": address.get("woonplaats"),
        "gorOpenbareRuimteNaam": address.get("straat"),
        "huisnummer": int(str(address.get("huisnummer") or 0)),
        "huisletter": address.get("huisletter") or "",
        "huisnummertoevoeging": address.get("toevoeging") or "",
        "postcode": address.get("postcode") or "",
    }
    return [
        ZaakObject(
            municipality_id=zaak.municipality_id,
            zaak_id=zaak.id,
            object_type="adres",
            relatieomschrijving="adres van de aanvrager",
            object_identificatie=identification,
        )
    ]


def words(zaak: Zaak, facts: Mapping[str, StoredFact]) -> list[CaseWord]:
    """The words the case is found by. A secret address is not one of them."""
    texts = [zaak.person]
    if (address := _address(facts)) is not None and not zaak.secret:
        texts.append(group_text(address))
    return [
        CaseWord.quick(municipality_id=zaak.municipality_id, zaak_id=zaak.id, word=word)
        for word in words_of(texts, zaak.identificatie)
    ]
