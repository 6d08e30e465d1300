"""Relatives in an answer: parents, children, partners (BRP API: ouders, kinderen, partners)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import namen
from .bouwstenen import datumveld, geboortegroep, landveld, naamgroep, plaatsveld, tabelveld
from .json import Json
from .tabellen import tabellen
from .velden import Bron, Groep, Veld


def _ouders(bron: Bron) -> Sequence[Bron]:
    ouders = (("02", bron.lijst.ouder1), ("03", bron.lijst.ouder2))
    return [bron.voor(categorie, rij) for categorie, rij in ouders if any(namen.bekend(v) for v in rij.values())]


def _aanduiding(bron: Bron) -> Json:
    return "1" if bron.rij is bron.lijst.ouder1 else "2"


def _van_ouders(element: str) -> tuple[str, str]:
    return f"02.{element}", f"03.{element}"


def _beide(veld: Veld) -> Veld:
    """A field of a parent, who may stand in category 02 or 03."""
    return replace(veld, elementen=tuple(e for element in veld.elementen for e in _van_ouders(element[3:])))


def _beide_groep(groep: Groep) -> Groep:
    return Groep(groep.naam, tuple(_beide(veld) for veld in groep.velden if isinstance(veld, Veld)))


OUDERS = Groep(
    "ouders",
    (
        Veld("burgerservicenummer", _van_ouders("01.20"), lambda bron: bron.rij.get("01.20")),
        _beide(tabelveld("geslacht", "02", "04.10", tabellen().geslacht)),
        Veld("ouderAanduiding", (), _aanduiding),
        _beide(datumveld("datumIngangFamilierechtelijkeBetrekking", "02", "62.10")),
        _beide_groep(naamgroep("02", van_persoon=False)),
        _beide_groep(geboortegroep("02")),
    ),
    rijen=_ouders,
    veelvoud=True,
)

KINDEREN = Groep(
    "kinderen",
    (
        Veld("burgerservicenummer", ("09.01.20",), lambda bron: bron.rij.get("01.20")),
        naamgroep("09", van_persoon=False),
        geboortegroep("09"),
    ),
    rijen=lambda bron: [bron.voor("09", kind) for kind in bron.lijst.kinderen],
    veelvoud=True,
)


def _partners(bron: Bron) -> Sequence[Bron]:
    actueel = [partner for partner in bron.lijst.partners if "07.10" not in partner]
    if actueel:
        return [bron.voor("05", partner) for partner in actueel]
    laatste = bron.lijst.partner
    return [bron.voor("05", laatste)] if laatste else []


PARTNERS = Groep(
    "partners",
    (
        Veld("burgerservicenummer", ("05.01.20",), lambda bron: bron.rij.get("01.20")),
        tabelveld("geslacht", "05", "04.10", tabellen().geslacht),
        tabelveld("soortVerbintenis", "05", "15.10", tabellen().verbintenis),
        naamgroep("05", van_persoon=False),
        geboortegroep("05"),
        Groep(
            "aangaanHuwelijkPartnerschap",
            (datumveld("datum", "05", "06.10"), landveld("land", "05", "06.30"), plaatsveld("plaats", "05", "06.20")),
        ),
        Groep("ontbindingHuwelijkPartnerschap", (datumveld("datum", "05", "07.10"),)),
    ),
    rijen=_partners,
    veelvoud=True,
)
