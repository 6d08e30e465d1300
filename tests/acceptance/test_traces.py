"""Whatever one request or one job looks at is one operation of the processing log, and registers are told its trace."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from tests.casework.conftest import BSN, LEIDEN, RegistersSay
from tests.web.desk.conftest import Desk, applied, offices, privacy, registers, tess
from vliegwiel.base import jobs
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import processing, traces
from vliegwiel.trust.identity import System

__all__ = ["applied", "offices", "privacy", "registers", "tess"]


def lines(**where: str) -> list[tuple[str, str, str]]:
    """Trace, name and parent of each look of this kind."""
    with scope(LEIDEN), connection.cursor() as cursor:
        cursor.execute(
            "SELECT trace_id, name, parent_operation_id FROM trust_processingrecord WHERE actor_kind = %(kind)s"
            " ORDER BY recorded_at, id",
            where,
        )
        return list(cursor.fetchall())


def test_all_looks_of_one_request_share_a_trace_named_after_its_route(tess: Desk, applied: object) -> None:
    zaak = applied("rijbewijs-verlengen")  # type: ignore[operator]
    tess.case(zaak)
    tess.get("/werk/", weergave="alles")
    tess.case(zaak)
    found = lines(kind="medewerker")
    assert len(found) >= 3
    traces_of = {}
    for trace, name, parent in found:
        assert trace
        assert parent
        traces_of.setdefault(trace, set()).add((name, parent))
    assert all(len(names) == 1 for names in traces_of.values())
    names = [next(iter(of))[0] for of in traces_of.values()]
    assert sorted(names) == ["GET /werk/", "GET /werk/zaak/<uuid:zaak_id>/", "GET /werk/zaak/<uuid:zaak_id>/"]
    assert traces.current() is None


def test_a_request_that_fails_leaves_no_operation_behind(tess: Desk) -> None:
    tess.get(f"/werk/zaak/{UUID(int=1)}/")
    assert tess.status == 404
    assert traces.current() is None


def test_a_job_is_one_operation(offices: RegistersSay) -> None:
    computer = System(LEIDEN, "proef")

    def look_twice(municipality: str) -> None:
        for _ in range(2):
            processing.record(
                computer, municipality=municipality, bsn=BSN, data=["naam"], activity="zaak-behandelen", reason="proef"
            )

    job = jobs.Job("tests.look_twice", look_twice, attempts=1, queue="tests")
    job(municipality=LEIDEN)
    job(municipality=LEIDEN)
    found = lines(kind="systeem")
    assert [name for _, name, _ in found] == ["tests.look_twice"] * 2
    assert len({trace for trace, _, _ in found}) == 2
