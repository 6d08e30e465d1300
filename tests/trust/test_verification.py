"""Whoever changes the ledger behind its back, with whatever rights, is found out."""

from __future__ import annotations

import uuid

import psycopg
import pytest

from tests.trust.people import CITIZEN, CLERK, LEIDEN
from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import ledger
from vliegwiel.trust.keystore import Keystore, keystore
from vliegwiel.trust.leaves import READY, EventRow, leaf_bytes
from vliegwiel.trust.merkle import leaf_hash
from vliegwiel.trust.notes import sign_checkpoint
from vliegwiel.trust.proofs import latest_checkpoint
from vliegwiel.trust.sealing import seal
from vliegwiel.trust.verification import Fault, verify

ZAAK = uuid.UUID("0190c0de-0000-7000-8000-000000000001")


@pytest.fixture
def log(fresh_database: Urls) -> list[uuid.UUID]:
    """Seven sealed events in three checkpoints."""
    events = []
    for count in (3, 1, 3):
        with scope(LEIDEN):
            for n in range(count):
                actor = CITIZEN if n else CLERK
                events.append(
                    ledger.append(
                        actor, municipality=LEIDEN, kind="zaak.x", zaak_id=ZAAK, payload={"n": n}, personal={"p": "x"}
                    )
                )
        seal(LEIDEN)
    assert verify(LEIDEN).ok
    return events


def faults() -> set[Fault]:
    report = verify(LEIDEN)
    assert not report.ok
    return {finding.fault for finding in report.findings}


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'zaak.y'",
        "payload = '{\"n\": 9}'",
        "payload = '{\"n\": 1.0}'",
        "actor_id = 'someone-else'",
        "actor_kind = 'systeem'",
        "actor_municipality = 'GM0344'",
        "zaak_id = NULL",
        "personal = '\\x00'",
        "personal = NULL",
        "key_id = NULL",
        "xid = '3'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "recorded_at = recorded_at - interval '1 year'",
    ],
)
def test_a_changed_event_is_found(log: list[uuid.UUID], superuser: psycopg.Connection, change: str) -> None:
    superuser.execute(f"UPDATE trust_event SET {change} WHERE id = %s", [log[4]])
    report = verify(LEIDEN)
    assert {f.fault for f in report.findings} <= {Fault.CHANGED, Fault.INSERTED}
    assert any(f.event == log[4] and f.index == 4 and f.fault is Fault.CHANGED for f in report.findings)


def test_a_removed_event_is_found(log: list[uuid.UUID], superuser: psycopg.Connection) -> None:
    superuser.execute("DELETE FROM trust_event WHERE id = %s", [log[2]])
    findings = verify(LEIDEN).findings
    assert [(f.fault, f.index, f.event) for f in findings] == [(Fault.REMOVED, 2, log[2])]


def test_an_inserted_event_is_found(log: list[uuid.UUID], superuser: psycopg.Connection) -> None:
    extra = uuid.uuid4()
    superuser.execute(
        """INSERT INTO trust_event
            (id, municipality_id, recorded_at, xid, kind, actor_kind, actor_municipality, actor_id, payload)
        SELECT %s, municipality_id, recorded_at, xid, kind, actor_kind, actor_municipality, actor_id, payload
        FROM trust_event WHERE id = %s""",
        [extra, log[3]],
    )
    assert [(f.fault, f.event) for f in verify(LEIDEN).findings] == [(Fault.INSERTED, extra)]


def test_another_order_is_found(log: list[uuid.UUID], superuser: psycopg.Connection) -> None:
    superuser.execute(
        """UPDATE trust_leaf a SET index = 1000 + b.index FROM trust_leaf b
        WHERE (a.id, b.id) IN ((%(x)s, %(y)s), (%(y)s, %(x)s))""",
        {"x": log[1], "y": log[2]},
    )
    superuser.execute("UPDATE trust_leaf SET index = index - 1000 WHERE index >= 1000")
    assert Fault.ROOT in faults()


def tamper_with_leaf_too(superuser: psycopg.Connection, event: uuid.UUID) -> None:
    """Change an event and its leaf hash, as somebody would who knows how leaves are made."""
    superuser.execute("UPDATE trust_event SET payload = '{\"n\": 9}' WHERE id = %s", [event])
    row = superuser.execute(
        READY.replace("NOT EXISTS", "EXISTS"), {"m": LEIDEN, "from": "0", "to": str(1 << 60), "batch": 100}
    ).fetchall()
    changed = next(EventRow(*r) for r in row if r[0] == event)
    superuser.execute("UPDATE trust_leaf SET hash = %s WHERE id = %s", [leaf_hash(leaf_bytes(changed)), event])


def test_a_changed_event_with_a_matching_leaf_is_found_by_the_roots(
    log: list[uuid.UUID], superuser: psycopg.Connection
) -> None:
    tamper_with_leaf_too(superuser, log[4])
    assert {Fault.ROOT, Fault.HASH} <= faults()


def rebuild(superuser: psycopg.Connection) -> None:
    """Throw the hashes away and seal everything anew with the real sealer."""
    for table in ("trust_leaf", "trust_node", "trust_checkpoint", "trust_ledgerlog"):
        superuser.execute(f"DELETE FROM {table}")
    seal(LEIDEN)


def test_a_whole_new_history_shows_to_who_kept_a_checkpoint(
    log: list[uuid.UUID], superuser: psycopg.Connection
) -> None:
    kept = latest_checkpoint(LEIDEN)
    assert kept is not None
    superuser.execute("UPDATE trust_event SET payload = '{\"n\": 9}' WHERE id = %s", [log[0]])
    rebuild(superuser)
    assert verify(LEIDEN).ok, "with the signing key in hand a new history is as good as the old one"
    assert [f.fault for f in verify(LEIDEN, kept=[kept]).findings] == [Fault.ROOT]


def test_a_shortened_history_shows_to_who_kept_a_checkpoint(
    log: list[uuid.UUID], superuser: psycopg.Connection
) -> None:
    kept = latest_checkpoint(LEIDEN)
    assert kept is not None
    superuser.execute("DELETE FROM trust_event WHERE id = %s", [log[-1]])
    rebuild(superuser)
    assert [f.fault for f in verify(LEIDEN, kept=[kept]).findings] == [Fault.SIZE]


def test_a_kept_checkpoint_that_others_signed_proves_nothing(log: list[uuid.UUID]) -> None:
    stranger = Keystore((bytes(32),)).signers(LEIDEN)[0]
    forged = sign_checkpoint("localhost/ledger/GM0546", 7, bytes(32), stranger)
    assert [f.fault for f in verify(LEIDEN, kept=[forged.note, "x"]).findings] == [Fault.SIGNATURE] * 2


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE trust_leaf SET hash = '\\x00' WHERE index = 3", Fault.CHANGED),
        ("UPDATE trust_node SET hash = '\\x00' WHERE level = 1 AND index = 1", Fault.HASH),
        ("DELETE FROM trust_node WHERE level = 2", Fault.HASH),
        ("DELETE FROM trust_leaf WHERE index = 3", Fault.REMOVED),
        ("DELETE FROM trust_leaf WHERE index = 6", Fault.SIZE),
        ("DELETE FROM trust_checkpoint WHERE size = 7", Fault.SIZE),
        ("UPDATE trust_checkpoint SET root = '\\x00' WHERE size = 4", Fault.SIGNATURE),
        ("UPDATE trust_checkpoint SET size = 5 WHERE size = 4", Fault.SIGNATURE),
        ("UPDATE trust_checkpoint SET note = replace(note, E'\\n4\\n', E'\\n5\\n')", Fault.SIGNATURE),
        ("UPDATE trust_ledgerlog SET size = 4", Fault.SIZE),
        ("DELETE FROM trust_ledgerlog", Fault.SIZE),
        ("UPDATE trust_ledgerlog SET size = 9", Fault.SIZE),
    ],
)
def test_tampering_with_the_hashes_is_found(
    log: list[uuid.UUID], superuser: psycopg.Connection, statement: str, expected: Fault
) -> None:
    superuser.execute(statement)
    assert expected in faults()


def test_lawful_destruction_leaves_the_chain_valid(log: list[uuid.UUID]) -> None:
    with scope(LEIDEN):
        assert ledger.destroy_key(LEIDEN, ZAAK) > 0
        assert all(e.destroyed for e in ledger.events_of(ZAAK))
    assert verify(LEIDEN).ok


def test_old_checkpoints_hold_after_the_master_key_was_rotated(
    log: list[uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    rotated = Keystore((bytes(range(32)), *keystore().masters))
    for module in ("verification", "sealing", "ledger"):
        monkeypatch.setattr(f"vliegwiel.trust.{module}.keystore", lambda: rotated)
    with scope(LEIDEN):
        assert all(e.personal == {"p": "x"} for e in ledger.events_of(ZAAK))
        ledger.append(CLERK, municipality=LEIDEN, kind="zaak.x", zaak_id=ZAAK, payload={}, personal={"p": "new"})
    assert seal(LEIDEN) is not None
    assert verify(LEIDEN).ok
