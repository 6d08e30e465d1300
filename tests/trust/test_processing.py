"""Every look at personal data leaves one line: who, whose, which data, why. The citizen can read them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.trust.people import BSN, CITIZEN, CLERK, LEIDEN, LEIDERDORP, PRIVACY, SYSTEM, UTRECHT
from vliegwiel.base.clock import now
from vliegwiel.base.errors import Forbidden
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import traces
from vliegwiel.trust.activities import activity, activity_register
from vliegwiel.trust.identity import Actor, Citizen, Level
from vliegwiel.trust.keystore import keystore
from vliegwiel.trust.models import ProcessingRecord
from vliegwiel.trust.processing import Look, Status, record, record_all, seen
from vliegwiel.trust.queries import log_lines

pytestmark = pytest.mark.django_db
ZAAK = uuid.UUID("0190c0de-0000-7000-8000-000000000001")


def look(actor: Actor = CLERK, **changes: object) -> None:
    about: dict[str, object] = {
        "municipality": LEIDEN,
        "bsn": BSN,
        "data": ["naam", "adres"],
        "activity": "zaak-behandelen",
        "reason": "behandelen van uw aanvraag",
        "zaak_id": ZAAK,
    }
    record(actor, **{**about, **changes})  # type: ignore[arg-type]


def count() -> int:
    with scope(LEIDEN):
        return ProcessingRecord.objects.count()


def test_a_look_costs_one_statement() -> None:
    look()  # the name of the municipality is read once in a process
    with scope(LEIDEN), CaptureQueriesContext(connection) as statements:
        look()
    assert len(statements) == 1


def test_the_same_look_in_one_operation_is_one_line() -> None:
    with traces.operation("GET /werk/zaak/"):
        look()
        look()
        look(data=["naam", "adres", "naam"])
        assert count() == 1
        look(data=["naam"])
        look(SYSTEM)
        look(bsn="999990020")
        look(zaak_id=None)
        assert count() == 5
    with traces.operation("GET /werk/zaak/"):
        look()
    assert count() == 6


def test_a_list_of_people_is_one_statement_and_a_line_each() -> None:
    look()
    others = [Look(LEIDEN, bsn, ZAAK) for bsn in (BSN, "999990020", "999990020")]
    about = {"data": ["uw zaak in een lijst"], "activity": "zaak-behandelen", "reason": "werk verdelen"}
    with traces.operation("GET /werk/"), scope(LEIDEN), CaptureQueriesContext(connection) as statements:
        record_all(CLERK, others, **about)  # type: ignore[arg-type]
        record_all(CLERK, others, **about)  # type: ignore[arg-type]
        record_all(CLERK, [], **about)  # type: ignore[arg-type]
    assert len(statements) == 2
    assert count() == 3
    assert [s.reason for s in seen(CITIZEN)] == ["werk verdelen", "behandelen van uw aanvraag"]
    assert BSN not in repr(others)


def test_without_an_operation_every_look_is_a_line() -> None:
    look()
    look()
    assert count() == 2


def test_a_look_that_was_rolled_back_with_its_work_is_written_when_it_is_done_again() -> None:
    with traces.operation("GET /"):
        with scope(LEIDEN):
            with transaction.atomic():
                look()
                transaction.set_rollback(True)
            assert count() == 0
        look()
    assert count() == 1


def test_the_line_holds_a_pseudonym_and_never_the_bsn() -> None:
    look(CITIZEN)
    with scope(LEIDEN), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM trust_processingrecord p")
        (row,) = cursor.fetchone()
    assert BSN not in row
    assert keystore().pseudonym(LEIDEN, BSN) in row
    assert keystore().pseudonym(LEIDEN, BSN) != keystore().pseudonym(UTRECHT, BSN)


def test_the_citizen_reads_who_looked_last_first_by_function() -> None:
    look()
    look(SYSTEM, activity="termijn-bewaken", data=["uw zaak"], reason="de termijn bewaken")
    look(CITIZEN, activity="eigen-gegevens-inzien")
    lines = seen(CITIZEN)
    assert [s.who for s in lines] == [
        "uzelf",
        "het systeem van de gemeente Leiden",
        "een medewerker van de gemeente Leiden",
    ]
    assert [s.by_self for s in lines] == [True, False, False]
    assert lines[2].data == ("naam", "adres")
    assert lines[2].reason == "behandelen van uw aanvraag"
    assert lines[2].activity == "Een aanvraag of melding behandelen"
    assert lines[2].zaak_id == ZAAK
    assert not any("Jansen" in s.who for s in lines)
    assert len(seen(CITIZEN, limit=2)) == 2


def test_a_look_under_a_mandate_belongs_to_the_municipality_it_was_done_for() -> None:
    look(municipality=LEIDERDORP)
    lines = seen(Citizen(LEIDERDORP, BSN, Level.BASIS))
    assert [s.who for s in lines] == ["een medewerker van de gemeente Leiden, namens Leiderdorp"]
    assert seen(CITIZEN) == []


def test_a_citizen_reads_no_lines_of_another() -> None:
    look(bsn="999990020")
    assert seen(CITIZEN) == []
    # Somebody else's look at this citizen is not "yourself", also when that somebody is a citizen.
    look(Citizen(LEIDEN, "999990020", Level.BASIS))
    assert [s.by_self for s in seen(CITIZEN)] == [False]


def test_lines_under_an_earlier_master_key_are_found_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from vliegwiel.trust.keystore import Keystore

    look()
    rotated = Keystore((bytes(range(32)), *keystore().masters))
    monkeypatch.setattr("vliegwiel.trust.processing.keystore", lambda: rotated)
    look()
    assert len(seen(CITIZEN)) == 2


def test_a_look_at_nothing_or_for_an_unknown_activity_is_refused() -> None:
    with pytest.raises(ValueError, match="no data"):
        look(data=[])
    with pytest.raises(ValueError, match="no processing activity"):
        look(activity="zomaar")


def test_the_lines_have_the_fields_of_logboek_dataverwerkingen() -> None:
    asked = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with traces.operation("GET /zaken", asked, "urn:oin:00000001234567890000") as operation:
        look(foreign="https://brp.example/personen")
        look(bsn="999990020", status=Status.ERROR)
    lines = log_lines(PRIVACY, since=now() - timedelta(hours=1), until=now() + timedelta(hours=1))
    assert len(lines) == 2
    by_status = {line["status_code"]: line for line in lines}
    first = by_status[0]
    assert set(first) == {
        "trace_id", "span_id", "parent_span_id", "status_code", "name", "start_time", "end_time", "resource",
        "attributes", "foreign_operation",
    }  # fmt: skip
    assert {line["trace_id"] for line in lines} == {operation.trace_id}
    assert {line["parent_span_id"] for line in lines} == {operation.operation_id}
    assert len({line["span_id"] for line in lines}) == 2, "each person's line is an operation of its own"
    assert first["foreign_operation"] == {
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "span_id": "b7ad6b7169203331",
        "entity": "urn:oin:00000001234567890000",
    }
    attributes = first["attributes"]
    assert isinstance(attributes, dict)
    assert attributes["dpl.core.processing_activity_id"] == activity("zaak-behandelen").uri
    assert attributes["dpl.core.data_subject_id"] == keystore().pseudonym(LEIDEN, BSN)
    assert attributes["dpl.core.data_subject_id_type"] == "BSN"
    assert attributes["dpl.core.foreign_operation.processor"] == "https://brp.example/personen"
    assert by_status[2]["status_code"] == 2


def test_who_supervises_leaves_a_line_too() -> None:
    look()
    span = {"since": now() - timedelta(hours=1), "until": now() + timedelta(hours=1)}
    assert len(log_lines(PRIVACY, bsn=BSN, **span)) == 1
    assert seen(CITIZEN)[0].reason == "nagaan of uw gegevens volgens de regels zijn bekeken"
    with pytest.raises(Forbidden):
        log_lines(CLERK, bsn=BSN, **span)
    assert len(log_lines(PRIVACY, zaak_id=ZAAK, **span)) == 1


@pytest.mark.parametrize(
    "header",
    [
        "", "x", "00-" + "0" * 32 + "-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
    ],
)  # fmt: skip
def test_a_malformed_trace_of_another_party_is_ignored(header: str) -> None:
    assert traces.begin("x", header, "urn:oin:1").foreign is None


def test_our_own_trace_goes_along_with_requests() -> None:
    begun = traces.begin("x")
    again = traces.begin("y", begun.traceparent, "urn:oin:1")
    assert again.foreign is not None
    assert (again.foreign.trace_id, again.foreign.operation_id) == (begun.trace_id, begun.operation_id)


def test_the_register_of_activities_is_whole() -> None:
    register = activity_register()
    assert len(register.activities) >= 8
    assert all(a.name and a.purpose.endswith(".") for a in register.activities)
    unverified = [g for g in register.grounds.values() if not g.verified]
    assert all(g.source for g in unverified)
