"""A case finishes under the definition it was opened under; it goes to a newer one on purpose only, its effect shown first."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.casework.conftest import LEIDEN, LICENCE, RegistersSay
from tests.casework.test_applying import apply
from tests.casework.test_deciding import complete_all, page
from tests.catalogue.publishing import publish
from vliegwiel.base.errors import Conflict, Invalid, Stale
from vliegwiel.base.tenancy import scope
from vliegwiel.casework.actions import decisions
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.actions.migrating import migrate_case, preview_migration
from vliegwiel.casework.models import Zaak
from vliegwiel.catalogue.queries import by_hash, product_for
from vliegwiel.catalogue.versions.running import running_cases
from vliegwiel.trust.identity import Citizen, Staff

KEY = "rijbewijs-verlengen"
PROCESS = "proces:\n"
NEW_TASK = "{sleutel: bellen, naam: Even bellen, fase: behandeling, rol: behandelaar, termijn: 2 werkdagen}"


def second_version() -> None:
    """Leiden adds a task to the product and publishes that."""
    publish(LEIDEN, "product", KEY, old=PROCESS, new=f"{PROCESS}  taken:\n    - {NEW_TASK}\n")


def zaak_of(id_: UUID) -> Zaak:
    with scope(LEIDEN):
        return Zaak.objects.get(id=id_)


def finish_case(who: Staff, zaak: UUID) -> None:
    decisions.decide(who, zaak, DecisionInput(page(who, zaak).version))
    while zaak_of(zaak).einddatum is None:
        complete_all(who, zaak)


def test_a_case_opened_under_version_1_finishes_under_version_1_after_version_2_goes_live(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    old = apply(mila, KEY, LICENCE)
    first = zaak_of(old).definition
    second_version()
    assert product_for(LEIDEN, KEY).version == "1.1.0"
    with scope(LEIDEN):
        assert running_cases(LEIDEN, KEY) == {first: 1}
    new = apply(mila, KEY, LICENCE)
    assert "Even bellen" in [task.title for task in page(tess, new).tasks]
    assert "Even bellen" not in [task.title for task in page(tess, old).tasks]
    finish_case(tess, old)
    done = zaak_of(old)
    assert (done.definition, done.einddatum is not None) == (first, True)
    assert by_hash(LEIDEN, done.definition).version == "1.0.0"


def test_a_case_goes_to_a_newer_version_on_purpose_after_the_effect_was_shown(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    zaak = apply(mila, KEY, LICENCE)
    second_version()
    before = zaak_of(zaak)
    shown = preview_migration(tess, zaak)
    assert shown.allowed
    assert shown.after is not None
    assert (shown.before.version, shown.after.version) == ("1.0.0", "1.1.0")
    assert set(shown.after.open_tasks) - set(shown.before.open_tasks) == {"Even bellen"}
    assert not shown.outcome_changes
    same = zaak_of(zaak)
    assert (same.definition, same.version, same.due) == (before.definition, before.version, before.due)
    with pytest.raises(Invalid):
        migrate_case(tess, zaak, version=same.version, seen=shown.after.hash, reason="")
    with pytest.raises(Stale):
        migrate_case(tess, zaak, version=same.version, seen=before.definition, reason="De inwoner vroeg erom.")
    migrate_case(tess, zaak, version=same.version, seen=shown.after.hash, reason="De inwoner vroeg erom.")
    moved = zaak_of(zaak)
    assert moved.definition == shown.after.hash
    assert moved.uiterlijke_einddatum_afdoening == before.uiterlijke_einddatum_afdoening
    assert "Even bellen" in [task.title for task in page(tess, zaak).tasks]
    assert any("versie 1.1.0" in event.text for event in page(tess, zaak).timeline)
    with pytest.raises(Conflict, match="loopt al"):
        migrate_case(tess, zaak, version=moved.version, seen=shown.after.hash, reason="Nog eens.")


def test_a_case_that_was_decided_stays_under_the_definition_of_its_decision(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    zaak = apply(mila, KEY, LICENCE)
    decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version))
    second_version()
    shown = preview_migration(tess, zaak)
    assert not shown.allowed
    with pytest.raises(Conflict, match="al besloten"):
        migrate_case(tess, zaak, version=zaak_of(zaak).version, seen=product_for(LEIDEN, KEY).hash, reason="Toch.")


def test_the_deadline_never_gets_later_by_going_to_another_version(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    zaak = apply(mila, KEY, LICENCE)
    before = zaak_of(zaak).uiterlijke_einddatum_afdoening
    found = product_for(LEIDEN, KEY)
    publish(LEIDEN, "product", KEY, old="  beslissen: {duur: ", new="  beslissen: {duur: 1")
    assert product_for(LEIDEN, KEY).terms.decide.span != found.terms.decide.span
    shown = preview_migration(tess, zaak)
    assert shown.after is not None
    assert shown.after.deadline == before
