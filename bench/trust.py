"""Trust: events written by several at once beside a hash chain that makes them queue; sealing, checking, looks, sessions."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable

from django.db import connection, connections

from bench.figures import seconds, table
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import ledger, sealing, sessions
from vliegwiel.trust.identity import Citizen, Level, Role, Staff
from vliegwiel.trust.processing import record
from vliegwiel.trust.rights import scope_of
from vliegwiel.trust.verification import verify

WRITERS, EACH, EVENTS, TIMES = 4, 150, 3, 500
LEIDEN = "GM0546"
CLERK = Staff(LEIDEN, "bench", "Bench", frozenset({Role.MEDEWERKER}))
CITIZEN = Citizen(LEIDEN, "999990019", Level.MIDDEN, "Noor")


def appended() -> None:
    """A transaction with a few events of one case, and a moment of other work, as an action has."""
    zaak = uuid.uuid4()
    with scope(LEIDEN):
        for number in range(EVENTS):
            ledger.append(
                CLERK, municipality=LEIDEN, kind="zaak.x", zaak_id=zaak, payload={"n": number}, personal={"p": "x"}
            )
        other_work()


def chained() -> None:
    """The same with a chain: each event holds the hash of the one before, so the last one must be locked."""
    with scope(LEIDEN), connection.cursor() as cursor:
        for number in range(EVENTS):
            cursor.execute("SELECT hash FROM bench_chain_head FOR UPDATE")
            (previous,) = cursor.fetchone()
            current = hashlib.sha256(bytes(previous) + str(number).encode()).digest()
            cursor.execute("INSERT INTO bench_chain (previous, hash) VALUES (%s, %s)", [previous, current])
            cursor.execute("UPDATE bench_chain_head SET hash = %s", [current])
        other_work()


def other_work() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.005)")


def look() -> None:
    record(CLERK, municipality=LEIDEN, bsn=CITIZEN.bsn, data=["naam"], activity="zaak-behandelen", reason="x")


def work_as() -> None:
    with scope_of(CLERK):
        pass


def together(work: Callable[[], None]) -> float:
    """How long it takes when several do the work at once."""

    def several() -> None:
        for _ in range(EACH):
            work()
        connection.close()

    threads = [threading.Thread(target=several) for _ in range(WRITERS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def times(work: Callable[[], object]) -> Callable[[], None]:
    def repeated() -> None:
        for _ in range(TIMES):
            work()

    return repeated


def main() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE bench_chain (previous bytea, hash bytea)")
        cursor.execute("CREATE TABLE bench_chain_head (hash bytea)")
        cursor.execute("INSERT INTO bench_chain_head VALUES ('\\x00')")
    total = WRITERS * EACH * EVENTS
    rows = []
    for title, work in (("a hash chain (writers queue)", chained), ("ledger.append (sealed afterwards)", appended)):
        took = together(work)
        rows.append((title, total, total / took, took / EACH * 1000))
    table(
        f"{WRITERS} writers at once, {EVENTS} events and 5 ms of other work a transaction",
        ("what", "events", "per second", "ms a transaction"),
        rows,
    )
    token = sessions.open_session(CITIZEN, "t")
    parts: tuple[tuple[str, int, Callable[[], object]], ...] = (
        ("seal an event", total, lambda: sealing.seal_all(LEIDEN)),
        ("verify an event", total, lambda: verify(LEIDEN)),
        ("record a look (own transaction)", TIMES, times(look)),
        ("find a session (own transaction)", TIMES, times(lambda: sessions.actor_of(LEIDEN, token))),
        ("open the scope of staff (own transaction)", TIMES, times(work_as)),
    )
    figures = []
    for title, count, do in parts:
        took = seconds(do)
        figures.append((title, count, count / took, took / count * 1000))
    table("One process, durable database", ("what", "times", "per second", "ms each"), figures)
