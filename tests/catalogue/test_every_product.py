"""Every executable product runs from application to the end, in two municipalities that offer it differently.

Nothing here knows a product: cases are made out of the product's own examples (`from_example`), so a new product is tested
by being there. `VLIEGWIEL_EVERY_EXAMPLE=1` runs every example in every municipality instead of one for each way to end.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from itertools import combinations
from uuid import UUID

import pytest

from tests.casework.conftest import RegistersSay
from tests.casework.conftest import registers as registers
from tests.catalogue.from_example import Told, addresses, apply, finish, resident
from vliegwiel.base.clock import set_to
from vliegwiel.base.errors import Conflict, Invalid
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import clerks, looking, queries
from vliegwiel.casework.models import Besluit, Resultaat
from vliegwiel.catalogue.actions import adopt
from vliegwiel.catalogue.library import Library
from vliegwiel.catalogue.model import Example, Outcome, Resolved, Variant, by_key
from vliegwiel.catalogue.resolve import resolve
from vliegwiel.catalogue.selectielijst import resultaat
from vliegwiel.trust.identity import Role, Staff

DAY = date(2026, 11, 24)
MOST_LINES = 120
ALL = bool(os.environ.get("VLIEGWIEL_EVERY_EXAMPLE"))
LIBRARY = Library()
PRODUCTS = LIBRARY.products()


def variants(key: str) -> dict[str, Variant]:
    """Who offers a product, and how."""
    found = {code: LIBRARY.variant(code, key) for code in LIBRARY.municipalities()}
    return {code: one[0] for code, one in found.items() if one is not None}


def differing(key: str) -> tuple[str, ...]:
    """Two municipalities that offer a product differently; all of them when every example is asked for."""
    offered = variants(key)
    for one, other in combinations(sorted(offered), 2):
        if said(offered[one]) != said(offered[other]):
            return tuple(offered) if ALL else (one, other)
    return ()


def said(variant: Variant) -> set[tuple[str, str]]:
    """What a variant deviates in."""
    return {(one.path, repr(one.value)) for one in variant.deviations}


def by_end(definition: Resolved) -> dict[str, list[Example]]:
    """The examples by the way they end, in the order of the file."""
    found: dict[str, list[Example]] = {}
    for example in definition.examples:
        if example.expected.outcome is not None:
            found.setdefault(example.expected.outcome, []).append(example)
    return found


@pytest.mark.parametrize("key", PRODUCTS)
def test_its_file_is_short_because_the_rest_is_shared(key: str) -> None:
    lines = (LIBRARY.folder / "producten" / f"{key}.yaml").read_text().count("\n")
    assert lines <= MOST_LINES, f"{key}: {lines} regels; wat anderen ook hebben hoort in een blok"


@pytest.mark.parametrize("key", PRODUCTS)
def test_two_municipalities_offer_it_differently(key: str) -> None:
    assert differing(key), f"{key}: geef twee gemeenten een variant, waarvan één met een afwijking"


@pytest.mark.parametrize("key", PRODUCTS)
def test_every_way_that_the_law_can_end_it_has_an_example(key: str) -> None:
    ends: set[str] = set()
    shown: set[str | None] = set()
    for code in variants(key):
        definition = resolve(code, key, DAY)
        ends.update(row.outcome for row in definition.assessment)
        shown.update(example.expected.outcome for example in definition.examples)
    assert ends <= shown, f"{key}: geef een voorbeeld dat eindigt als {', '.join(sorted(ends - shown))}"


@pytest.mark.django_db
@pytest.mark.parametrize("key", PRODUCTS)
def test_it_runs_from_application_to_the_end(
    key: str, registers: RegistersSay, monkeypatch: pytest.MonkeyPatch, clock: Callable[..., object]
) -> None:
    clerks.forget_routes()
    clerks._noted.clear()
    looking._seen.clear()
    clock(DAY)
    for place, code in enumerate(differing(key)):
        adopt(Staff(code, "beheer", "B. Heerder", frozenset({Role.FUNCTIONEEL_BEHEERDER})), code, key)
        definition = resolve(code, key, DAY)
        ends = list(by_end(definition).values())
        for examples in ends if ALL or place == 0 else ends[:1]:
            ran = 0
            for example in examples:
                if ran and not ALL:
                    break
                told = Told(definition, example)
                told.registers(registers)
                addresses(told, monkeypatch)
                with set_to(example.on):
                    ran += run(told)
            assert ran, (
                f"{key} in {code}: het formulier laat geen voorbeeld toe dat eindigt als {examples[0].expected.outcome}"
            )


def run(told: Told) -> bool:
    """One example, all the way. False where the form does not even take the answers: then nothing has to be decided."""
    outcome = by_key(told.definition.outcomes, told.example.expected.outcome or "")
    name = f"{told.definition.key} in {told.municipality}, voorbeeld {told.example.key}"
    try:
        zaak = apply(told)
    except Invalid as refused:
        if outcome.kind in ("toekennen", "deels"):
            pytest.fail(f"{name}: {refused.invalid}")
        print(f"{name}: {refused.invalid}")  # shown where no example that ends so gets through
        return False
    except Conflict as refused:
        if (outcome.kind, refused.sentence) != ("elders", outcome.sentence):
            pytest.fail(f"{name}: {refused.sentence}")
        return True
    if outcome.kind == "elders":
        assert not by_key(told.definition.channels, told.channel).level, f"{name}: dit hoort ergens anders"
        return True
    row = finish(told, zaak, told.example.on)
    assert row.law_says == outcome.key, name
    assert row.outcome == outcome.key, name
    assert row.definition == told.definition.hash, name
    assert row.status == next(s.key for s in told.definition.process.statuses if s.final), name
    kept = resultaat(outcome.selectielijst)
    with scope(told.municipality):
        result = Resultaat.objects.get(zaak_id=zaak)
        decision = Besluit.objects.get(zaak_id=zaak)
    assert (result.resultaattype, result.selectielijst) == (outcome.key, outcome.selectielijst), name
    assert (row.archiefnominatie, row.selectielijstklasse) == (kept.waardering.value, kept.id), name
    assert (decision.outcome, decision.awb) == (outcome.key, outcome.decision), name
    if row.bsn:
        read_by_its_applicant(told, zaak, outcome, name)
    return True


def read_by_its_applicant(told: Told, zaak: UUID, outcome: Outcome, name: str) -> None:
    """Whoever applied reads how it ended, and how to object where it is a decision."""
    page = queries.status_page(resident(told), zaak)
    assert page.decision is not None, name
    assert page.decision.title == outcome.name, name
    assert (page.decision.objection_until is not None) is outcome.decision, name
