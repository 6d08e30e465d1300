"""\"Klopt dit niet?\": telling a register that a datum is wrong (terugmelding).

A public body that doubts an authentic datum must report it (Wet BRP, art. 2.34). Whoever calls keeps the report and sends
it again when the register is down; the number of the report makes that harmless.
"""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.bsn import is_bsn
from vliegwiel.base.clock import now
from vliegwiel.base.errors import Invalid, InvalidParam
from vliegwiel.base.ids import uuid7

from .configured import Registers, registers
from .facts import Register
from .needs import Need, find_needs
from .reports import Receipt, Report

MAX_TEXT = 2000
# Elements of the Logisch Ontwerp by the field of the API: what a BRP report names (BRP API, mapping to LO GBA).
_ELEMENTS = {
    "naam.volledigeNaam": ("01.02.10", "01.02.30", "01.02.40"),
    "adressering.aanschrijfwijze.naam": ("01.02.10", "01.02.40", "01.61.10"),
    "adressering.aanhef": ("01.02.40", "01.04.10", "01.61.10"),
    "naam.voornamen": ("01.02.10",),
    "naam.voorvoegsel": ("01.02.30",),
    "naam.geslachtsnaam": ("01.02.40",),
    "geboorte.datum": ("01.03.10",),
    "geboorte.plaats": ("01.03.20",),
    "leeftijd": ("01.03.10",),
    "geslacht": ("01.04.10",),
    "overlijden.datum": ("06.08.10",),
    "gemeenteVanInschrijving": ("08.09.10",),
    "datumInschrijvingInGemeente": ("08.09.20",),
    "verblijfplaats": ("08.11.10", "08.11.20", "08.11.60", "08.11.70"),
    "verblijfplaats.type": ("08.11.10", "08.13.10"),
    "verblijfplaats.functieAdres": ("08.10.10",),
    "verblijfplaats.datumVan": ("08.10.30",),
    "verblijfplaats.verblijfadres.postcode": ("08.11.60",),
    "verblijfplaats.adresseerbaarObjectIdentificatie": ("08.11.80",),
    "indicatieCurateleRegister": ("11.33.10",),
    "gezag": ("11.32.10",),
    "nationaliteiten.nationaliteit": ("04.05.10",),
    "verblijfstitel": ("10.39.10",),
    "immigratie.datumVestigingInNederland": ("08.14.20",),
}
_CATEGORIES = {"partners": "05", "kinderen": "09", "ouders": "02"}


def make_report(datum: str, bsn: str, gemeente: str, explanation: str, *, kenmerk: UUID | None = None) -> Report:
    """The report that `datum` (a name of `gegevens.yaml`) of a person is wrong, in the words of the register.

    explanation: what the person wrote. kenmerk: the number to send under; the same again for the same report.
    Raises `Invalid`.
    """
    (need,) = find_needs([datum])
    text = explanation.strip()
    if not is_bsn(bsn):
        raise Invalid("Dit is geen burgerservicenummer.", invalid=[InvalidParam("bsn", "bsn", "Vul 9 cijfers in.")])
    if not text or len(text) > MAX_TEXT:
        hint = InvalidParam("toelichting", "length", f"Schrijf wat er niet klopt, in hooguit {MAX_TEXT} tekens.")
        raise Invalid("Uw uitleg ontbreekt of is te lang.", invalid=[hint])
    return Report(
        kenmerk=str(kenmerk or uuid7()),
        register=need.register,
        meldende_gemeente=gemeente,
        burgerservicenummer=bsn,
        rubrieken=_rubrieken(need),
        toelichting=text,
        datum_melding=now(),
    )


def send_report(report: Report, *, registers_: Registers | None = None) -> Receipt:
    """Deliver a report. Raises `RegisterUnavailable` (keep it, send it again later) or `RegisterRefused`."""
    return (registers_ or registers()).reports.send(report)


def _rubrieken(need: Need) -> tuple[str, ...]:
    if need.register is not Register.BRP:
        return need.asks
    found: list[str] = []
    for path in need.asks:
        first = path.partition(".")[0]
        found.extend(_ELEMENTS.get(path) or ((f"{_CATEGORIES[first]}.00.00",) if first in _CATEGORIES else ()))
    # What always comes along is not asked: the category of registration.
    return tuple(dict.fromkeys(found)) or ("07.00.00",)
