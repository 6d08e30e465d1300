"""Trust: events written by several at once beside a hash chain that makes them queue; sealing, checking, looks, sessions."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable

from bench.figures import own_database, seconds, table

WRITERS, EACH, EVENTS = 4, 150, 3
LEIDEN = "GM0546"


def main() -> None:
    with own_database():
        # Django is set up only now.
        from django.db import connection

        from vliegwiel.base.tenancy import scope
        from vliegwiel.trust import ledger, sealing, sessions
        from vliegwiel.trust.identity import Citizen, Level, Role, Staff
        from vliegwiel.trust.processing import record
        from vliegwiel.trust.rights import scope_of
        from vliegwiel.trust.verification import verify

        clerk = Staff(LEIDEN, "bench", "Bench", frozenset({Role.MEDEWERKER}))
        citizen = Citizen(LEIDEN, "999990019", Level.MIDDEN, "Noor")

        def one() -> None:
            """A transaction with a few events of one case, and a moment of other work, as an action has."""
            zaak = uuid.uuid4()
            with scope(LEIDEN):
                for number in range(EVENTS):
                    ledger.append(
                        clerk,
                        municipality=LEIDEN,
                        kind="zaak.x",
                        zaak_id=zaak,
                        payload={"n": number},
                        personal={"p": "x"},
                    )
                _other_work()

        def chained() -> None:
            """The same with a chain: each event holds the hash of the one before, so the last one must be locked."""
            with scope(LEIDEN), connection.cursor() as cursor:
                for number in range(EVENTS):
                    cursor.execute("SELECT hash FROM bench_chain_head FOR UPDATE")
                    (previous,) = cursor.fetchone()
                    current = hashlib.sha256(bytes(previous) + str(number).encode()).digest()
                    cursor.execute("INSERT INTO bench_chain (previous, hash) VALUES (%s, %s)", [previous, current])
                    cursor.execute("UPDATE bench_chain_head SET hash = %s", [current])
                _other_work()

        def _other_work() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.005)")

        _make_chain()
        rows = []
        for title, work in (("a hash chain (writers queue)", chained), ("ledger.append (sealed afterwards)", one)):
            took = _together(work)
            total = WRITERS * EACH * EVENTS
            rows.append((title, total, total / took, took / (WRITERS * EACH) * 1000 * WRITERS))
        table(
            f"{WRITERS} writers at once, {EVENTS} events and 5 ms of other work a transaction",
            ("what", "events", "per second", "ms a transaction"),
            rows,
        )

        events = WRITERS * EACH * EVENTS
        figures = []
        for title, count, work in (
            ("seal", events, lambda: sealing.seal_all(LEIDEN)),
            ("verify", events, lambda: verify(LEIDEN)),
        ):
            took = seconds(work)
            figures.append((title, count, count / took, took / count * 1000))
        token = sessions.open_session(citizen, "t")

        def look() -> None:
            record(clerk, municipality=LEIDEN, bsn=citizen.bsn, data=["naam"], activity="zaak-behandelen", reason="x")

        def work_as() -> None:
            with scope_of(clerk):
                pass

        for title, small in (
            ("record a look (own transaction)", look),
            ("find a session (own transaction)", lambda: sessions.actor_of(LEIDEN, token)),
            ("open the scope of staff (own transaction)", work_as),
        ):
            took = seconds(lambda small=small: [small() for _ in range(500)])
            figures.append((title, 500, 500 / took, took / 500 * 1000))
        table("One process, durable database", ("what", "times", "per second", "ms each"), figures)


def _make_chain() -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE bench_chain (previous bytea, hash bytea)")
        cursor.execute("CREATE TABLE bench_chain_head (hash bytea)")
        cursor.execute("INSERT INTO bench_chain_head VALUES ('\\x00')")


def _together(work: Callable[[], None]) -> float:
    from django.db import connection

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


if __name__ == "__main__":
    main()
