"""Every write of the catalogue: offering products, and keeping the definitions that cases run under."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection, transaction

from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor, System
from vliegwiel.trust.rights import Right, require, scope_of

from .canonical import to_json
from .check import example_findings
from .check.found import dotted
from .model import Resolved
from .models import Adoption, AdoptionMode, ResolvedDefinition
from .queries import remember
from .resolve import library, resolve

_kept: set[tuple[str, str, str]] = set()


def keep(definition: Resolved) -> str:
    """Store a definition under its hash, once. Call inside the scope of its municipality; gives the hash.

    Needs no right of its own: the action that opens a case has checked, and what is stored is public.
    """
    name = (str(connection.settings_dict["NAME"]), definition.municipality, definition.hash)
    if name in _kept:
        return definition.hash
    row = ResolvedDefinition(
        municipality_id=definition.municipality,
        hash=definition.hash,
        key=definition.key,
        version=definition.version,
        content=to_json(definition),
        created_at=now(),
    )
    ResolvedDefinition.objects.bulk_create([row], ignore_conflicts=True)
    remember(definition)
    # Only what is surely committed may be skipped the next time.
    transaction.on_commit(lambda: _kept.add(name))
    return definition.hash


def adopt(
    actor: Actor, municipality: str, key: str, *, begin: date | None = None, mode: AdoptionMode = AdoptionMode.FOLLOW
) -> None:
    """Offer a product from a date on (default today); what was agreed earlier ends the day before.

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound` (no such product), `Conflict` (already so from that date), `Invalid` when an
    example of the product does not come out as it says for this municipality, and `SourceInvalid` for a wrong definition.
    """
    day = begin or today()
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality, product=key)
        definition = resolve(municipality, key, day)
        _examples_must_pass(definition)
        _adopt(actor, definition, day, mode)


def _adopt(actor: Actor, definition: Resolved, day: date, mode: AdoptionMode) -> None:
    municipality, key = definition.municipality, definition.key
    earlier = list(Adoption.objects.select_for_update().filter(municipality_id=municipality, product=key))
    if any(row.begin >= day for row in earlier):
        raise Conflict("Voor dit product is al iets afgesproken vanaf die dag of later. Trek dat eerst in.")
    for row in earlier:
        if row.end is None or row.end >= day:
            row.end = date.fromordinal(day.toordinal() - 1)
            row.save(update_fields=["end"])
    pinned = keep(definition) if mode is AdoptionMode.PIN else ""
    Adoption.objects.create(
        municipality_id=municipality, product=key, begin=day, mode=mode, pinned=pinned, adopted_at=now()
    )
    payload = {"product": key, "versie": definition.version, "vanaf": day.isoformat(), "hash": definition.hash}
    ledger.append(actor, municipality=municipality, kind="definitie.overgenomen", zaak_id=None, payload=payload)


def stop_offering(actor: Actor, municipality: str, key: str, *, last: date) -> None:
    """Offer a product until and including `last`; cases that run go on. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality, product=key)
        rows = Adoption.objects.select_for_update().filter(municipality_id=municipality, product=key, begin__lte=last)
        row = rows.order_by("-begin").first()
        if row is None or (row.end is not None and row.end < last):
            raise NotFound("Dit product wordt op die dag niet aangeboden.")
        row.end = last
        row.save(update_fields=["end"])
        payload = {"product": key, "tot_en_met": last.isoformat()}
        ledger.append(actor, municipality=municipality, kind="definitie.beeindigd", zaak_id=None, payload=payload)


def _examples_must_pass(definition: Resolved) -> None:
    findings = example_findings(definition)
    if findings:
        raise Invalid(
            "Niet alle voorbeelden komen uit zoals ze zeggen. Kijk ze na voordat u dit product aanbiedt.",
            invalid=[InvalidParam(dotted(f.path), "example", f.message) for f in findings],
        )


def adopt_demo() -> Mapping[str, tuple[str, ...]]:
    """Offer every product that a municipality has a variant file of, from the date in that file. Gives them by municipality.

    For the demo and a first installation; doing it again changes nothing.
    """
    made: dict[str, tuple[str, ...]] = {}
    found = library()
    for municipality in found.municipalities():
        actor = System(municipality, "catalogus-inrichten")
        with scope(municipality):
            present = set(Adoption.objects.values_list("product", flat=True))
            for key in found.variants_of(municipality):
                variant = found.variant(municipality, key)
                if variant is not None and key not in present:
                    begin = variant[0].begin
                    _adopt(actor, resolve(municipality, key, max(begin, today())), begin, AdoptionMode.FOLLOW)
        made[municipality] = tuple(found.variants_of(municipality))
    return made
