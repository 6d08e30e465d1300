"""The events of one case are proven against the signed log; what was changed behind its back shows."""

from __future__ import annotations

import uuid

import psycopg
import pytest

from tests.trust.people import CLERK, LEIDEN, UTRECHT
from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import ledger
from vliegwiel.trust.casechain import CaseChain, chain_of
from vliegwiel.trust.sealing import seal

ZAAK, OTHER = (uuid.UUID(f"0190c0de-0000-7000-8000-00000000000{n}") for n in (1, 2))


def write(zaak: uuid.UUID, count: int) -> list[uuid.UUID]:
    with scope(LEIDEN):
        return [
            ledger.append(
                CLERK, municipality=LEIDEN, kind="zaak.x", zaak_id=zaak, payload={"n": n}, personal={"p": "x"}
            )
            for n in range(count)
        ]


@pytest.fixture
def events(fresh_database: Urls) -> list[uuid.UUID]:
    """Three sealed events of the case between those of another."""
    write(OTHER, 4)
    mine = write(ZAAK, 3)
    write(OTHER, 2)
    seal(LEIDEN)
    return mine


def as_owner(urls: Urls, statement: str, *values: object) -> None:
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute("SELECT set_config('vliegwiel.scope', %s, false)", [LEIDEN])
        connection.execute(statement, values)


def test_events_are_proven_once_they_are_sealed(events: list[uuid.UUID]) -> None:
    assert chain_of(LEIDEN, ZAAK) == CaseChain(3, 0, ())
    write(ZAAK, 2)
    assert chain_of(LEIDEN, ZAAK) == CaseChain(3, 2, ())
    seal(LEIDEN)
    assert chain_of(LEIDEN, ZAAK) == CaseChain(5, 0, ())


def test_before_the_first_seal_all_wait(fresh_database: Urls) -> None:
    write(ZAAK, 2)
    assert chain_of(LEIDEN, ZAAK) == CaseChain(0, 2, ())


def test_a_case_of_another_municipality_has_no_events_here(events: list[uuid.UUID]) -> None:
    assert chain_of(UTRECHT, ZAAK) == CaseChain(0, 0, ())


@pytest.mark.parametrize("change", ["kind = 'zaak.y'", "payload = '{\"n\": 9}'", "personal = NULL", "actor_id = 'x'"])
def test_an_event_that_was_changed_shows(events: list[uuid.UUID], fresh_database: Urls, change: str) -> None:
    as_owner(fresh_database, f"UPDATE trust_event SET {change} WHERE id = %s", events[1])
    assert chain_of(LEIDEN, ZAAK) == CaseChain(2, 0, (events[1],))


def test_who_also_changes_the_leaf_is_found_by_the_signed_root(events: list[uuid.UUID], fresh_database: Urls) -> None:
    as_owner(fresh_database, "UPDATE trust_leaf SET hash = %s WHERE id = %s", b"\0" * 32, events[1])
    assert events[1] in chain_of(LEIDEN, ZAAK).broken


def test_a_checkpoint_that_is_not_ours_proves_nothing(events: list[uuid.UUID], fresh_database: Urls) -> None:
    as_owner(fresh_database, "UPDATE trust_checkpoint SET note = 'x'")
    assert chain_of(LEIDEN, ZAAK).broken == tuple(events)
