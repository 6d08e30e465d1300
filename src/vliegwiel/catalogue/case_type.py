"""The ZGW zaaktype of a resolved definition (Catalogi API 1.3): generated, never typed in.

Identifiers are stable: the same municipality and product always give the same `identificatie`, and parts are known by their
key, so that rows of cases can point at them while definitions get new versions. Pure.

Sources: ZGW Catalogi API 1.3.1 (lengths of fields), ImZTC 2.2 (words), selectielijst 2020 (results and retention).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from . import selectielijst
from .model import FieldKind, Outcome, Product, Resolved

MOST = {
    "identificatie": 50,
    "omschrijving": 80,
    "onderwerp": 80,
    "handeling": 20,
    "statustype": 80,
    "resultaattype": 30,
    "roltype": 100,
    "informatieobjecttype": 80,
    "besluittype": 80,
    "eigenschap": 20,
}
"""Most characters that ZGW allows."""


@dataclass(frozen=True, slots=True)
class StatusTypeData:
    """A statustype. `volgnummer` counts from 1 in the order of the process."""

    key: str
    omschrijving: str
    volgnummer: int
    is_eindstatus: bool
    informeren: bool
    statustekst: str
    doorlooptijd: str


@dataclass(frozen=True, slots=True)
class ResultTypeData:
    """A resultaattype: word and retention are those of the selectielijst.

    `archiefnominatie`: vernietigen | blijvend_bewaren. `archiefactietermijn`: ISO 8601, None when kept for ever.
    `afleidingswijze`: how the day is found from which the term counts.
    """

    key: str
    omschrijving: str
    omschrijving_generiek: str
    selectielijstklasse: str
    nummer: str
    archiefnominatie: str
    archiefactietermijn: str | None
    afleidingswijze: str
    procestermijn: str
    toelichting: str
    verified: bool


@dataclass(frozen=True, slots=True)
class RoleTypeData:
    """A roltype."""

    key: str
    omschrijving: str
    omschrijving_generiek: str


@dataclass(frozen=True, slots=True)
class PropertyData:
    """An eigenschap: an answer of the form. `formaat`: tekst | getal | datum | datum_tijd."""

    key: str
    naam: str
    definitie: str
    formaat: str
    lengte: str
    kardinaliteit: str
    waardenverzameling: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentTypeData:
    """An informatieobjecttype and which way it goes (`inkomend`, `uitgaand`, `intern`)."""

    key: str
    omschrijving: str
    categorie: str
    richting: str
    vertrouwelijkheidaanduiding: str


@dataclass(frozen=True, slots=True)
class DecisionTypeData:
    """A besluittype. `reactietermijn`: the term to object, ISO 8601."""

    key: str
    omschrijving: str
    besluitcategorie: str
    reactietermijn: str
    publicatie_indicatie: bool
    resultaattypen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZaaktypeData:
    """A zaaktype with all its parts."""

    identificatie: str
    omschrijving: str
    omschrijving_generiek: str
    doel: str
    aanleiding: str
    toelichting: str
    indicatie_intern_of_extern: str
    handeling_initiator: str
    handeling_behandelaar: str
    onderwerp: str
    vertrouwelijkheidaanduiding: str
    doorlooptijd: str
    servicenorm: str | None
    opschorting_en_aanhouding_mogelijk: bool
    verlenging_mogelijk: bool
    verlengingstermijn: str | None
    trefwoorden: tuple[str, ...]
    publicatie_indicatie: bool
    producten_of_diensten: tuple[str, ...]
    selectielijst_procestype: str
    referentieproces: str
    verantwoordelijke: str
    versie: str
    hash: str
    statustypen: tuple[StatusTypeData, ...]
    resultaattypen: tuple[ResultTypeData, ...]
    roltypen: tuple[RoleTypeData, ...]
    eigenschappen: tuple[PropertyData, ...]
    informatieobjecttypen: tuple[DocumentTypeData, ...]
    besluittypen: tuple[DecisionTypeData, ...]


def zaaktype(resolved: Resolved) -> ZaaktypeData:
    """The zaaktype of what a municipality runs. Raises `NotFound` for a number that is not in the selectielijst."""
    words = resolved.case_type
    terms = resolved.terms
    service = next((lead.span.iso() for lead in terms.service), None)
    return ZaaktypeData(
        identificatie=f"{resolved.municipality}-{resolved.key}"[: MOST["identificatie"]],
        omschrijving=resolved.name,
        omschrijving_generiek=resolved.upl.name,
        doel=words.purpose,
        aanleiding=words.cause,
        toelichting=resolved.page.what,
        indicatie_intern_of_extern="extern",
        handeling_initiator=words.initiator_does,
        handeling_behandelaar=words.handler_does,
        onderwerp=words.subject,
        vertrouwelijkheidaanduiding=words.confidentiality,
        doorlooptijd=terms.decide.span.iso(),
        servicenorm=service,
        opschorting_en_aanhouding_mogelijk=any(wait.suspends for wait in resolved.process.waits),
        verlenging_mogelijk=terms.extend is not None,
        verlengingstermijn=terms.extend.span.iso() if terms.extend else None,
        trefwoorden=tuple(word[:30] for word in resolved.search_words),
        publicatie_indicatie=False,
        producten_of_diensten=(resolved.upl.uri,),
        selectielijst_procestype=selectielijst.procestype(words.process_type).id,
        referentieproces=resolved.pattern.key,
        verantwoordelijke=words.responsible[:50],
        versie=resolved.version,
        hash=resolved.hash,
        statustypen=_statuses(resolved),
        resultaattypen=tuple(_result(outcome) for outcome in resolved.outcomes if outcome.selectielijst),
        roltypen=tuple(RoleTypeData(role.key, role.name, role.generic) for role in resolved.process.roles),
        eigenschappen=_properties(resolved),
        informatieobjecttypen=_documents(resolved),
        besluittypen=_decisions(resolved),
    )


def _statuses(product: Product) -> tuple[StatusTypeData, ...]:
    order = {phase.key: place for place, phase in enumerate(product.process.phases)}
    sorted_ = sorted(product.process.statuses, key=lambda status: order[status.phase])
    return tuple(
        StatusTypeData(status.key, status.name, number, status.final, status.informs, status.text, status.term.iso())
        for number, status in enumerate(sorted_, 1)
    )


_FROM = {
    None: "afgehandeld",
    selectielijst.Procestermijn.NIHIL: "afgehandeld",
    selectielijst.Procestermijn.BESTAANSDUUR_PROCESOBJECT: "vervaldatum_besluit",
    selectielijst.Procestermijn.INGESCHATTE_BESTAANSDUUR_PROCESOBJECT: "termijn",
    selectielijst.Procestermijn.VAST_TE_LEGGEN_DATUM: "vervaldatum_besluit",
    selectielijst.Procestermijn.SAMENGEVOEGD_MET_BEWAARTERMIJN: "ander_datumkenmerk",
}
"""How the start of a term of retention is found (afleidingswijze), from the procestermijn of the selectielijst."""


def _result(outcome: Outcome) -> ResultTypeData:
    found = selectielijst.resultaat(outcome.selectielijst)
    term = found.termijn
    # Only a decision has a day on which it lapses; a case that ends without one starts its term when it is closed.
    derived = _FROM[found.procestermijn] if outcome.grants else "afgehandeld"
    return ResultTypeData(
        key=outcome.key,
        omschrijving=outcome.name[: MOST["resultaattype"]],
        omschrijving_generiek=found.naam.strip(),
        selectielijstklasse=found.id,
        nummer=found.nummer,
        archiefnominatie=found.waardering.value if found.waardering else "",
        archiefactietermijn=str(term) if term else None,
        afleidingswijze=derived,
        procestermijn=found.procestermijn.value if found.procestermijn else "",
        toelichting=found.label,
        verified=found.geverifieerd and outcome.verified,
    )


_FORMATS = {
    FieldKind.GETAL: ("getal", "14"),
    FieldKind.GELD: ("getal", "14"),
    FieldKind.DATUM: ("datum", "8"),
    FieldKind.JA_NEE: ("tekst", "3"),
    FieldKind.KENTEKEN: ("tekst", "6"),
    FieldKind.IBAN: ("tekst", "34"),
}


def _properties(product: Product) -> tuple[PropertyData, ...]:
    found = []
    for field in product.fields():
        if field.kind is FieldKind.BESTAND:
            continue
        format_, length = _FORMATS.get(field.kind, ("tekst", str(int(field.high or 255))))
        many = field.kind in (FieldKind.MEERKEUZE, FieldKind.PERSONEN)
        found.append(
            PropertyData(
                key=field.key,
                naam=field.key[: MOST["eigenschap"]],
                definitie=field.label[:255],
                formaat=format_,
                lengte=length,
                kardinaliteit="N" if many else "1",
                waardenverzameling=tuple(choice.value for choice in field.choices),
            )
        )
    return tuple(found)


def _documents(product: Product) -> tuple[DocumentTypeData, ...]:
    level = product.case_type.confidentiality
    kinds = {
        "aanvraag": ("Aanvraag", "inkomend"),
        "ontvangstbevestiging": ("Ontvangstbevestiging", "uitgaand"),
        "besluit": ("Besluit", "uitgaand"),
        "verzoek_aanvulling": ("Verzoek aanvullende informatie", "uitgaand"),
    }
    fixed = [DocumentTypeData(key, name, name, way, level) for key, (name, way) in kinds.items()]
    seen = {data.omschrijving for data in fixed}
    for document in product.documents:
        if document.type not in seen:
            seen.add(document.type)
            fixed.append(DocumentTypeData(document.key, document.type, document.type, "inkomend", level))
    return tuple(fixed)


def _decisions(product: Product) -> tuple[DecisionTypeData, ...]:
    keys = tuple(outcome.key for outcome in product.outcomes if outcome.decision and outcome.kind != "elders")
    if not keys:
        return ()
    name = f"Besluit {product.case_type.subject.lower()}"[: MOST["besluittype"]]
    term = product.objection.term.span.iso()
    return (DecisionTypeData("besluit", name, product.pattern.key, term, False, keys),)


def too_long(product: Product) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Texts that do not fit in ZGW: where they stand, how long they are, and how long they may be."""
    words = product.case_type
    texts: list[tuple[tuple[str, ...], str, str]] = [
        (("sleutel",), f"GM0000-{product.key}", "identificatie"),
        (("naam",), product.name, "omschrijving"),
        (("zaaktype", "onderwerp"), words.subject, "onderwerp"),
        (("zaaktype", "handeling_initiator"), words.initiator_does, "handeling"),
        (("zaaktype", "handeling_behandelaar"), words.handler_does, "handeling"),
    ]
    texts += [(("proces", "statussen", s.key, "naam"), s.name, "statustype") for s in product.process.statuses]
    texts += [(("proces", "rollen", r.key, "naam"), r.name, "roltype") for r in product.process.roles]
    texts += [(("uitkomsten", o.key, "naam"), o.name, "resultaattype") for o in product.outcomes]
    texts += [(("stukken", d.key, "soort"), d.type, "informatieobjecttype") for d in product.documents]
    for path, text, kind in texts:
        if len(text) > MOST[kind]:
            yield path, len(text), MOST[kind]
