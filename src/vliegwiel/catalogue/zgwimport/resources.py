"""The resources of the ZGW Catalogi API as JSON, and the case types they make up.

Lenient where systems differ (an empty text or null, a list or a page of results, any host in an address) and strict in size:
every input is hostile. What cannot be read is counted and told, never guessed. Source: Catalogi API 1.3.1; export of Open Zaak.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from vliegwiel.base.typed import prepare

from .. import selectielijst
from .foreign import (
    ForeignCaseType,
    ForeignDecision,
    ForeignDocument,
    ForeignProperty,
    ForeignResult,
    ForeignRole,
    ForeignStatus,
)

MOST_CASE_TYPES = 5_000
MOST_PARTS = 300
"""Parts of one kind that one case type may have; more is not read."""
_LONGEST = 2_000

RESOURCES: Mapping[str, str] = {
    "ZaakType": "zaaktypen",
    "StatusType": "statustypen",
    "ResultaatType": "resultaattypen",
    "RolType": "roltypen",
    "Eigenschap": "eigenschappen",
    "InformatieObjectType": "informatieobjecttypen",
    "ZaakTypeInformatieObjectType": "zaaktype-informatieobjecttypen",
    "BesluitType": "besluittypen",
}
"""Names of the resources: in an export of Open Zaak, and in addresses of the API."""


class _Base(msgspec.Struct, rename="camel", frozen=True):
    pass


class _CaseType(_Base, frozen=True):
    url: str = ""
    identificatie: str | int | None = None
    omschrijving: str | None = None
    omschrijving_generiek: str | None = None
    doel: str | None = None
    aanleiding: str | None = None
    onderwerp: str | None = None
    handeling_initiator: str | None = None
    handeling_behandelaar: str | None = None
    doorlooptijd: str | None = None
    servicenorm: str | None = None
    opschorting_en_aanhouding_mogelijk: bool | None = None
    verlengingstermijn: str | None = None
    trefwoorden: list[str] | None = None
    producten_of_diensten: list[str] | None = None
    selectielijst_procestype: str | None = None
    catalogus: str | None = None
    begin_geldigheid: str | None = None
    einde_geldigheid: str | None = None


class _Status(_Base, frozen=True):
    zaaktype: str = ""
    omschrijving: str | None = None
    omschrijving_generiek: str | None = None
    statustekst: str | None = None
    volgnummer: int | None = None
    is_eindstatus: bool | None = None
    doorlooptijd: str | None = None


class _Result(_Base, frozen=True):
    zaaktype: str = ""
    omschrijving: str | None = None
    omschrijving_generiek: str | None = None
    selectielijstklasse: str | None = None


class _Role(_Base, frozen=True):
    zaaktype: str = ""
    omschrijving: str | None = None
    omschrijving_generiek: str | None = None


class _Specification(_Base, frozen=True):
    formaat: str | None = None
    waardenverzameling: list[str] | None = None


class _Property(_Base, frozen=True):
    zaaktype: str = ""
    naam: str | None = None
    definitie: str | None = None
    specificatie: _Specification | None = None


class _DocumentType(_Base, frozen=True):
    url: str = ""
    omschrijving: str | None = None


class _DocumentLink(_Base, frozen=True):
    zaaktype: str = ""
    informatieobjecttype: str | None = None
    omschrijving: str | None = None
    richting: str | None = None


class _Decision(_Base, frozen=True):
    zaaktypen: list[str] | None = None
    omschrijving: str | None = None
    omschrijving_generiek: str | None = None
    besluitcategorie: str | None = None
    reactietermijn: str | None = None


prepare(_CaseType, _Status, _Result, _Role, _Property, _DocumentType, _DocumentLink, _Decision)
S = TypeVar("S", bound=_Base)


@dataclass(slots=True)
class Resources:
    """Raw objects by the name of their resource, as they were read; `skipped` says in sentences what was not."""

    raw: dict[str, list[msgspec.Raw]] = field(default_factory=lambda: defaultdict(list))
    skipped: list[str] = field(default_factory=list)

    def add(self, name: str, objects: Iterable[msgspec.Raw]) -> None:
        """Objects of one resource."""
        self.raw[name].extend(objects)

    def of(self, name: str, kind: type[S]) -> list[S]:
        """The objects of a resource, decoded; those that are not right are counted."""
        found: list[S] = []
        wrong = 0
        for one in self.raw.get(name, ()):
            try:
                found.append(msgspec.json.decode(one, type=kind, strict=False))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                wrong += 1
        if wrong:
            self.skipped.append(f"{wrong} keer {name}: niet leesbaar volgens de Catalogi API.")
        return found


@dataclass(frozen=True, slots=True)
class Reading:
    """Case types in the order of their names, the newest version of each, and what was left out and why."""

    case_types: tuple[ForeignCaseType, ...]
    skipped: tuple[str, ...] = ()


@dataclass(slots=True)
class _Parts:
    """What hangs on case types, by the tail of their address."""

    statuses: Mapping[str, Sequence[_Status]]
    results: Mapping[str, Sequence[_Result]]
    roles: Mapping[str, Sequence[_Role]]
    properties: Mapping[str, Sequence[_Property]]
    documents: Mapping[str, Sequence[ForeignDocument]]
    decisions: Mapping[str, Sequence[_Decision]]


def case_types(resources: Resources) -> Reading:
    """Put the resources together. Of several versions of one case type the newest counts."""
    read = resources.of("ZaakType", _CaseType)
    parts = _parts(resources)
    skipped = list(resources.skipped)
    if len(read) > MOST_CASE_TYPES:
        skipped.append(f"Er staan {len(read)} zaaktypen in; alleen de eerste {MOST_CASE_TYPES} zijn gelezen.")
        read = read[:MOST_CASE_TYPES]
    named = [one for one in read if _text(one.omschrijving)]
    if len(named) < len(read):
        skipped.append(f"{len(read) - len(named)} zaaktypen zonder omschrijving zijn overgeslagen.")
    newest, older = _newest(named)
    if older:
        skipped.append(f"{older} oudere versies van zaaktypen zijn overgeslagen: de nieuwste telt.")
    made = sorted((_made(one, parts) for one in newest), key=lambda one: (one.name.casefold(), one.identification))
    return Reading(tuple(made), tuple(skipped))


def _newest(read: Sequence[_CaseType]) -> tuple[list[_CaseType], int]:
    best: dict[tuple[str, str], _CaseType] = {}
    for number, one in enumerate(read):
        identification = _text(one.identificatie)
        key = (_tail(one.catalogus), identification or f"\0{number}")
        known = best.get(key)
        if known is None or _text(known.begin_geldigheid) <= _text(one.begin_geldigheid):
            best[key] = one
    return list(best.values()), len(read) - len(best)


def _parts(resources: Resources) -> _Parts:
    types = {_tail(one.url): _text(one.omschrijving) for one in resources.of("InformatieObjectType", _DocumentType)}
    documents: dict[str, list[ForeignDocument]] = defaultdict(list)
    for link in resources.of("ZaakTypeInformatieObjectType", _DocumentLink):
        # Since Catalogi 1.3 the link may name the type by its description instead of by its address.
        named = _text(link.informatieobjecttype)
        name = types.get(_tail(named)) or _text(link.omschrijving) or ("" if "://" in named else named)
        if name:
            documents[_tail(link.zaaktype)].append(ForeignDocument(name, _text(link.richting)))
    decisions: dict[str, list[_Decision]] = defaultdict(list)
    for decision in resources.of("BesluitType", _Decision):
        for address in (decision.zaaktypen or [])[:MOST_CASE_TYPES]:
            decisions[_tail(address)].append(decision)
    return _Parts(
        statuses=_grouped(resources.of("StatusType", _Status)),
        results=_grouped(resources.of("ResultaatType", _Result)),
        roles=_grouped(resources.of("RolType", _Role)),
        properties=_grouped(resources.of("Eigenschap", _Property)),
        documents=documents,
        decisions=decisions,
    )


P = TypeVar("P", _Status, _Result, _Role, _Property)


def _grouped(parts: Iterable[P]) -> Mapping[str, Sequence[P]]:
    found: dict[str, list[P]] = defaultdict(list)
    for one in parts:
        kept = found[_tail(one.zaaktype)]
        if len(kept) < MOST_PARTS:
            kept.append(one)
    return found


def _made(one: _CaseType, parts: _Parts) -> ForeignCaseType:
    where = _tail(one.url)
    return ForeignCaseType(
        name=_text(one.omschrijving),
        identification=_text(one.identificatie),
        generic=_text(one.omschrijving_generiek),
        purpose=_text(one.doel),
        cause=_text(one.aanleiding),
        subject=_text(one.onderwerp),
        initiator_does=_text(one.handeling_initiator),
        handler_does=_text(one.handeling_behandelaar),
        term=_text(one.doorlooptijd),
        service=_text(one.servicenorm),
        extension=_text(one.verlengingstermijn),
        suspends=bool(one.opschorting_en_aanhouding_mogelijk),
        process_type=_process_type(one.selectielijst_procestype),
        products=_texts(one.producten_of_diensten),
        keywords=_texts(one.trefwoorden),
        begins=_text(one.begin_geldigheid),
        catalogue=_tail(one.catalogus),
        statuses=_statuses(parts.statuses.get(where, ())),
        results=tuple(
            ForeignResult(_text(r.omschrijving), _text(r.omschrijving_generiek), _tail(r.selectielijstklasse))
            for r in parts.results.get(where, ())
            if _text(r.omschrijving)
        ),
        roles=tuple(
            ForeignRole(_text(r.omschrijving), _text(r.omschrijving_generiek))
            for r in parts.roles.get(where, ())
            if _text(r.omschrijving)
        ),
        properties=tuple(
            ForeignProperty(
                _text(p.naam),
                _text(p.definitie),
                _text(p.specificatie.formaat) if p.specificatie else "",
                _texts(p.specificatie.waardenverzameling) if p.specificatie else (),
            )
            for p in parts.properties.get(where, ())
            if _text(p.naam)
        ),
        documents=tuple(parts.documents.get(where, ())[:MOST_PARTS]),
        decisions=tuple(
            ForeignDecision(
                _text(d.omschrijving) or _text(d.omschrijving_generiek),
                _text(d.besluitcategorie),
                _text(d.reactietermijn),
            )
            for d in parts.decisions.get(where, ())[:MOST_PARTS]
        ),
    )


def _statuses(parts: Sequence[_Status]) -> tuple[ForeignStatus, ...]:
    named = [one for one in parts if _text(one.omschrijving)]
    ordered = sorted(named, key=lambda one: one.volgnummer or 0)
    return tuple(
        ForeignStatus(
            name=_text(one.omschrijving),
            number=one.volgnummer or place,
            generic=_text(one.omschrijving_generiek),
            text=_text(one.statustekst),
            # Where a system marks no end, the last one is it.
            final=bool(one.is_eindstatus) or (place == len(ordered) and not any(o.is_eindstatus for o in ordered)),
            term=_text(one.doorlooptijd),
        )
        for place, one in enumerate(ordered, 1)
    )


def _process_type(address: str | None) -> int | None:
    tail = _tail(address)
    if not tail:
        return None
    return next((one.nummer for one in selectielijst.procestypen() if one.id == tail), None)


def _text(value: str | int | None) -> str:
    return " ".join(str(value).split())[:_LONGEST] if value is not None else ""


def _texts(values: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(text for value in list(values or ())[:MOST_PARTS] if (text := _text(value)))


def _tail(address: str | None) -> str:
    """The last part of an address: what stays when the same catalogue stands on another host."""
    return (address or "").rstrip("/").rpartition("/")[2][:200]
