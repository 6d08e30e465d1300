"""Every committed event is sealed exactly once, in the order of transactions, whoever writes and seals at the same time."""

from __future__ import annotations

import base64
import hashlib
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from tests.trust.people import CLERK, LEIDEN, LEIDERDORP
from vliegwiel.base.errors import NotFound
from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import ledger, merkle, sealing
from vliegwiel.trust.keystore import keystore
from vliegwiel.trust.models import CheckpointRow, Event, Leaf, LedgerLog
from vliegwiel.trust.notes import open_checkpoint
from vliegwiel.trust.proofs import consistency_proof, inclusion_proof, latest_checkpoint, verifier_keys
from vliegwiel.trust.sealing import oldest_unsealed, seal, seal_all, unsealed
from vliegwiel.trust.verification import verify


def write(count: int, municipality: str = LEIDEN) -> list[uuid.UUID]:
    with scope(municipality):
        return [
            ledger.append(CLERK, municipality=municipality, kind="zaak.x", zaak_id=None, payload={"n": n})
            for n in range(count)
        ]


def sealed_ids(municipality: str = LEIDEN) -> list[uuid.UUID]:
    with scope(municipality):
        return list(Leaf.objects.order_by("index").values_list("id", flat=True))


def publics(municipality: str = LEIDEN) -> list[object]:
    return [signer.public_key() for signer in keystore().signers(municipality)]


def test_nothing_to_seal_makes_no_checkpoint(fresh_database: Urls) -> None:
    assert seal(LEIDEN) is None
    assert latest_checkpoint(LEIDEN) is None
    assert verify(LEIDEN).ok


def test_events_are_sealed_in_order_and_once(fresh_database: Urls) -> None:
    first, second = write(3), write(2)
    checkpoint = seal(LEIDEN)
    assert checkpoint is not None
    assert checkpoint.size == 5
    assert sealed_ids() == first + second
    assert seal(LEIDEN) is None
    third = write(1)
    again = seal(LEIDEN)
    assert again is not None
    assert again.size == 6
    assert sealed_ids() == first + second + third
    assert open_checkpoint(again.note, publics()) == again
    assert verify(LEIDEN).ok


def test_a_running_transaction_holds_back_what_came_after_it(fresh_database: Urls) -> None:
    before = write(1)
    begun, written, go = threading.Event(), threading.Event(), threading.Event()
    late: list[uuid.UUID] = []

    def slow() -> None:
        with scope(LEIDEN):
            late.append(ledger.append(CLERK, municipality=LEIDEN, kind="zaak.laat", zaak_id=None, payload={}))
            begun.set()
            go.wait(20)
        written.set()
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    after = write(2)
    checkpoint = seal(LEIDEN)
    assert checkpoint is not None
    assert sealed_ids() == before, "what commits while an older transaction runs must wait, else the order has a hole"
    go.set()
    assert written.wait(20)
    thread.join(20)
    seal(LEIDEN)
    assert sealed_ids() == before + late + after


def test_how_far_the_sealer_is_behind_can_be_asked(fresh_database: Urls, clock: Callable[..., object]) -> None:
    with scope(LEIDEN):
        assert oldest_unsealed() is None
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    clock(moment)
    write(1)
    clock(moment + timedelta(seconds=1))
    write(1)
    with scope(LEIDEN):
        assert oldest_unsealed() == moment
    seal(LEIDEN)
    with scope(LEIDEN):
        assert oldest_unsealed() is None


def test_anyone_can_check_a_checkpoint_with_the_published_key(fresh_database: Urls) -> None:
    """With the text form of the key alone, as tools for signed notes do (C2SP signed-note)."""
    assert verifier_keys(LEIDEN) == ()
    write(1)
    checkpoint = seal(LEIDEN)
    assert checkpoint is not None
    name, key_hash, encoded = verifier_keys(LEIDEN)[0].split("+", 2)
    key = base64.b64decode(encoded)
    assert key[:1] == b"\x01"
    text, signature_line = checkpoint.note.split("\n\n")
    assert text.split("\n")[0] == name
    dash, signer, signature = signature_line.strip().split(" ")
    assert (dash, signer) == ("\u2014", name)
    raw = base64.b64decode(signature)
    assert raw[:4].hex() == key_hash
    assert hashlib.sha256(name.encode() + b"\n" + key).digest()[:4] == raw[:4]
    Ed25519PublicKey.from_public_bytes(key[1:]).verify(raw[4:], (text + "\n").encode())


def test_a_rolled_back_event_leaves_no_gap(fresh_database: Urls) -> None:
    with scope(LEIDEN):
        ledger.append(CLERK, municipality=LEIDEN, kind="zaak.x", zaak_id=None, payload={})
        transaction.set_rollback(True)
    kept = write(1)
    seal(LEIDEN)
    assert sealed_ids() == kept


def test_a_transaction_larger_than_a_batch_is_sealed_whole(
    fresh_database: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 4)
    everything = write(11) + write(2)
    last = seal_all(LEIDEN)
    assert last is not None
    assert last.size == 13
    assert sealed_ids() == everything
    assert verify(LEIDEN).ok


def test_municipalities_have_logs_of_their_own(fresh_database: Urls) -> None:
    write(2)
    write(1, LEIDERDORP)
    with scope(LEIDEN, LEIDERDORP):
        assert unsealed() == (LEIDEN, LEIDERDORP)
    one, other = seal(LEIDEN), seal(LEIDERDORP)
    assert one is not None
    assert other is not None
    assert (one.size, other.size) == (2, 1)
    assert one.origin != other.origin
    with scope(LEIDEN, LEIDERDORP):
        assert unsealed() == ()
    with scope(LEIDEN):
        assert LedgerLog.objects.count() == 1


def test_concurrent_writers_and_sealers_lose_and_double_nothing(fresh_database: Urls) -> None:
    writers, rounds = 6, 25
    committed: list[uuid.UUID] = []
    failures: list[BaseException] = []
    busy = threading.Event()
    busy.set()
    guard = threading.Lock()

    def writer(seed: int) -> None:
        random = Random(seed)
        try:
            for _ in range(rounds):
                mine = []
                try:
                    with scope(LEIDEN):
                        for n in range(random.randint(1, 4)):
                            with transaction.atomic():  # a savepoint has a number of its own; the outer one counts
                                mine.append(
                                    ledger.append(
                                        CLERK, municipality=LEIDEN, kind="zaak.x", zaak_id=None, payload={"n": n}
                                    )
                                )
                        if random.random() < 0.2:
                            raise ZeroDivisionError
                except ZeroDivisionError:
                    continue
                with guard:
                    committed.extend(mine)
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    def sealer() -> None:
        try:
            while busy.is_set():
                seal(LEIDEN)
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    sealers = [threading.Thread(target=sealer) for _ in range(2)]
    threads = [threading.Thread(target=writer, args=(seed,)) for seed in range(writers)]
    for thread in [*sealers, *threads]:
        thread.start()
    for thread in threads:
        thread.join(120)
    busy.clear()
    for thread in sealers:
        thread.join(60)
    assert not failures
    seal_all(LEIDEN)

    with scope(LEIDEN):
        order = [(int(e.xid), e.id) for e in Event.objects.all()]
        assert CheckpointRow.objects.count() > 1, "the sealers should have worked in between"
    assert sorted(sealed_ids()) == sorted(committed)
    assert len(set(sealed_ids())) == len(committed)
    assert sealed_ids() == [event for _, event in sorted(order)]
    report = verify(LEIDEN)
    assert report.ok, report.findings
    assert report.size == len(committed)


def test_proofs_hold_for_the_stored_log(fresh_database: Urls) -> None:
    sizes, events = [], []
    for count in (1, 2, 4, 6, 3, 17):
        events += write(count)
        checkpoint = seal(LEIDEN)
        assert checkpoint is not None
        sizes.append((checkpoint.size, checkpoint.root))
    for event in events:
        proof = inclusion_proof(LEIDEN, event)
        last = open_checkpoint(proof.checkpoint, publics())
        assert merkle.verify_inclusion(proof.leaf, proof.index, proof.size, proof.hashes, last.root)
        assert events[proof.index] == event
    for first, old in sizes:
        for second, new in sizes:
            if first <= second:
                hashes = consistency_proof(LEIDEN, first, second).hashes
                assert merkle.verify_consistency(first, second, old, new, hashes)
    with pytest.raises(NotFound):
        inclusion_proof(LEIDEN, uuid.uuid4())
    with pytest.raises(NotFound):
        consistency_proof(LEIDEN, 1, 1000)


def test_a_restored_database_goes_on_with_its_log(fresh_database: Urls, superuser: psycopg.Connection) -> None:
    """After a restore on a new server transactions count from the start: high numbers are old, low ones are new."""
    old = write(3)
    seal(LEIDEN)
    unsealed_old = write(2)
    # The server they were written on had counted much further, and had another number.
    superuser.execute(
        "UPDATE trust_event SET xid = (xid::text::bigint + 1000000000)::text::xid8 WHERE id = ANY(%s)", [unsealed_old]
    )
    superuser.execute("UPDATE trust_ledgerlog SET next_xid = '1000000900', database = '1'")
    new = write(2)
    assert seal(LEIDEN) is not None
    assert seal_all(LEIDEN) is None
    assert sealed_ids() == old + new + unsealed_old
    newest = write(1)
    assert seal(LEIDEN) is not None
    assert sealed_ids() == old + new + unsealed_old + newest
    assert verify(LEIDEN).ok


def test_sealing_costs_a_few_statements_whatever_the_size(fresh_database: Urls) -> None:
    from django.test.utils import CaptureQueriesContext

    write(300)
    seal(LEIDEN)
    write(200)
    with CaptureQueriesContext(connection) as statements:
        seal(LEIDEN)
    assert len(statements) <= 12
