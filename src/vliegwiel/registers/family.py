"""From a BRP answer to data: partner, children, parents, who has authority, and who live at the same address."""

from __future__ import annotations

from collections.abc import Mapping

from .answered import Answered, Reader, doubted
from .brpdata import Partner, Persoon, Verwant, full_date
from .facts import Value
from .found import Found, a_number

_GEZAG = {
    "GezamenlijkOuderlijkGezag": "gezamenlijk_ouderlijk_gezag",
    "EenhoofdigOuderlijkGezag": "eenhoofdig_ouderlijk_gezag",
    "GezamenlijkGezag": "gezamenlijk_gezag",
    "Voogdij": "voogdij",
    "TijdelijkGeenGezag": "tijdelijk_geen_gezag",
    "GezagNietTeBepalen": "niet_te_bepalen",
}


def _anderen(answered: Answered) -> tuple[Persoon, ...]:
    """The others at the address."""
    zelf = answered.person.burgerservicenummer
    return tuple(p for p in answered.residents or () if p.burgerservicenummer != zelf)


_BEWONERS = "ZoekMetAdresseerbaarObjectIdentificatie"


def _medebewoners(answered: Answered) -> Found:
    if answered.residents is None:
        return Found(None, _BEWONERS, known=False)
    value: tuple[Value, ...] = tuple(
        {
            "bsn": p.burgerservicenummer or None,
            "naam": p.naam.full or None,
            "geboortedatum": full_date(p.geboorte.datum),
            "leeftijd": p.leeftijd,
            "geheimhouding": p.geheimhouding_persoonsgegevens,
        }
        for p in _anderen(answered)
    )
    return Found(value, _BEWONERS)


def _aantal_op_adres(answered: Answered) -> Found:
    return a_number(None if answered.residents is None else len(answered.residents), _BEWONERS)


def _gezin_op_adres(answered: Answered) -> Found:
    if answered.residents is None:
        return Found(None, _BEWONERS, known=False)
    person = answered.person
    partner = _actuele_partner(person)
    relaties: dict[str, str] = {ouder.burgerservicenummer: "ouder" for ouder in person.ouders}
    relaties |= {kind.burgerservicenummer: "kind" for kind in person.kinderen}
    if partner:
        relaties[partner.burgerservicenummer] = "partner"
    value: tuple[Value, ...] = tuple(
        {
            "bsn": p.burgerservicenummer,
            "naam": p.naam.full or None,
            "relatie": relaties[p.burgerservicenummer],
            "geboortedatum": full_date(p.geboorte.datum),
            "leeftijd": p.leeftijd,
        }
        for p in _anderen(answered)
        if p.burgerservicenummer and p.burgerservicenummer in relaties
    )
    return Found(value, _BEWONERS)


def _actuele_partner(person: Persoon) -> Partner | None:
    return next((p for p in person.partners if p.ontbinding_huwelijk_partnerschap is None), None)


def _partner(answered: Answered) -> Found:
    partner = _actuele_partner(answered.person)
    if partner is None:
        return Found(None, "partners")
    soort = partner.soort_verbintenis.code if partner.soort_verbintenis else ""
    aangegaan = partner.aangaan_huwelijk_partnerschap
    value: dict[str, Value] = {
        "bsn": partner.burgerservicenummer or None,
        "naam": partner.naam.full or None,
        "geboortedatum": full_date(partner.geboorte.datum),
        "verbintenis": {"H": "huwelijk", "P": "geregistreerd_partnerschap"}.get(soort, "onbekend"),
        "sinds": full_date(aangegaan.datum) if aangegaan else None,
    }
    return Found(value, "partners", doubt=doubted(partner.in_onderzoek, partner.naam.in_onderzoek))


def _heeft_partner(answered: Answered) -> Found:
    partner = _actuele_partner(answered.person)
    doubt = any(doubted(p.in_onderzoek) for p in answered.person.partners)
    return Found(partner is not None, "partners", doubt=doubt)


def _verwant(verwant: Verwant) -> dict[str, Value]:
    return {
        "bsn": verwant.burgerservicenummer or None,
        "naam": verwant.naam.full or None,
        "geboortedatum": full_date(verwant.geboorte.datum),
    }


def _verwanten(verwanten: tuple[Verwant, ...], path: str) -> Found:
    doubt = any(doubted(v.in_onderzoek, v.naam.in_onderzoek, v.geboorte.in_onderzoek) for v in verwanten)
    return Found(tuple(_verwant(v) for v in verwanten), path, doubt=doubt)


def _kinderen(answered: Answered) -> Found:
    return _verwanten(answered.person.kinderen, "kinderen")


def _ouders(answered: Answered) -> Found:
    # A list with no name is how the BRP says that there is, in law, no such parent.
    return _verwanten(tuple(o for o in answered.person.ouders if o.naam.full or o.burgerservicenummer), "ouders")


def _gezag(answered: Answered) -> Found:
    relaties = answered.person.gezag
    value: tuple[Value, ...] = tuple(
        {
            "soort": _GEZAG.get(relatie.type, "niet_te_bepalen"),
            "minderjarige": relatie.minderjarige.burgerservicenummer or None,
            "gezagsdragers": tuple(
                wie.burgerservicenummer
                for wie in (*relatie.ouders, relatie.ouder, relatie.derde, *relatie.derden)
                if wie is not None and wie.burgerservicenummer
            ),
        }
        for relatie in relaties
    )
    return Found(value, "gezag", known=bool(relaties), doubt=any(relatie.in_onderzoek for relatie in relaties))


READERS: Mapping[str, Reader] = {
    "persoon.medebewoners": _medebewoners,
    "persoon.aantal_op_adres": _aantal_op_adres,
    "persoon.gezin_op_adres": _gezin_op_adres,
    "persoon.partner": _partner,
    "persoon.heeft_partner": _heeft_partner,
    "persoon.kinderen": _kinderen,
    "persoon.ouders": _ouders,
    "persoon.gezag": _gezag,
}
