"""An event is written with the work it tells of, in one statement, and its personal part can be destroyed for good."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from tests.trust.people import BSN, CITIZEN, CLERK, LEIDEN, SYSTEM, UTRECHT
from vliegwiel.base.tenancy import Unscoped, scope
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import ActorKind
from vliegwiel.trust.models import CaseKey, Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_known_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_keys", ledger._Keys(16))


def append(zaak: uuid.UUID | None, actor: ledger.Actor = CLERK, **more: object) -> uuid.UUID:
    return ledger.append(actor, municipality=LEIDEN, kind="zaak.geopend", zaak_id=zaak, payload={"n": 1}, **more)  # type: ignore[arg-type]


def test_an_event_costs_one_statement_whether_the_key_is_new_or_known() -> None:
    zaak = uuid.uuid4()
    with scope(LEIDEN), CaptureQueriesContext(connection) as statements:
        append(zaak, personal={"naam": "x"})
        append(zaak, personal={"naam": "y"})
        append(None)
        append(zaak, SYSTEM)
    assert len(statements) == 4


def test_what_was_written_is_read_back() -> None:
    zaak = uuid.uuid4()
    with scope(LEIDEN):
        first = append(zaak, CITIZEN, personal={"adres": "Breestraat 1"})
        append(zaak, CLERK)
        append(zaak, SYSTEM)
        events = ledger.events_of(zaak)
    assert [e.actor.kind for e in events] == [ActorKind.BURGER, ActorKind.MEDEWERKER, ActorKind.SYSTEEM]
    assert [e.actor.name for e in events] == ["P. de Vries", "J. Jansen", ""]
    assert [e.actor.id for e in events] == ["", "clerk-1", "termijnbewaking"]
    assert events[0].id == first
    assert events[0].personal == {"adres": "Breestraat 1"}
    assert events[1].personal is None
    assert events[0].payload == {"n": 1}
    assert not any(e.destroyed for e in events)
    assert "Breestraat" not in repr(events)
    assert "Vries" not in repr(events)


def test_nothing_personal_stands_in_the_open() -> None:
    zaak = uuid.uuid4()
    with scope(LEIDEN):
        append(zaak, CITIZEN, personal={"bsn": BSN, "naam": "P. de Vries"})
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(e)::text FROM trust_event e WHERE zaak_id = %s", [zaak])
            (row,) = cursor.fetchone()
    assert BSN not in row
    assert "Vries" not in row
    assert BSN.encode().hex() not in row


def test_a_destroyed_key_takes_the_personal_part_with_it_and_nothing_else() -> None:
    zaak, other = uuid.uuid4(), uuid.uuid4()
    with scope(LEIDEN):
        append(zaak, personal={"naam": "x"})
        append(other, personal={"naam": "y"})
        ledger._keys = ledger._Keys(16)  # another process, with a key of its own for the same case
        append(zaak, personal={"naam": "z"})
        assert ledger.destroy_key(LEIDEN, zaak) == 2
        gone, kept = ledger.events_of(zaak), ledger.events_of(other)
        assert all(e.destroyed and e.personal is None and e.actor.name == "" for e in gone)
        assert [e.payload for e in gone] == [{"n": 1}] * 2
        assert kept[0].personal == {"naam": "y"}
        assert not CaseKey.objects.filter(zaak_id=zaak, wrapped__isnull=False).exists()
        assert ledger.destroy_key(LEIDEN, zaak) == 0


def test_an_event_after_destruction_elsewhere_never_uses_the_dead_key() -> None:
    zaak = uuid.uuid4()
    with scope(LEIDEN):
        append(zaak, personal={"naam": "x"})
        known = ledger._keys
        ledger._keys = ledger._Keys(16)
        ledger.destroy_key(LEIDEN, zaak)  # by another process: this one still remembers the key
        ledger._keys = known
        append(zaak, personal={"naam": "later"})
        events = ledger.events_of(zaak)
    assert [e.destroyed for e in events] == [True, False]
    assert events[1].personal == {"naam": "later"}


def test_a_key_whose_making_was_rolled_back_is_not_used() -> None:
    zaak = uuid.uuid4()
    with scope(LEIDEN):
        with transaction.atomic():
            append(zaak, personal={"naam": "lost"})
            transaction.set_rollback(True)
        append(zaak, personal={"naam": "kept"})
        assert [e.personal for e in ledger.events_of(zaak)] == [{"naam": "kept"}]


def test_ciphertext_belongs_to_its_own_event() -> None:
    zaak = uuid.uuid4()
    with scope(LEIDEN):
        append(zaak, personal={"naam": "x"})
        append(zaak, personal={"naam": "y"})
        first, second = Event.objects.filter(zaak_id=zaak).order_by("id")
        key = CaseKey.objects.get(id=first.key_id)
    plain = ledger._unwrapped(LEIDEN, key.id, key.wrapped)
    assert plain is not None
    assert ledger._opened(plain, first.personal, ledger._context(LEIDEN, first.id))["data"] == {"naam": "x"}
    with pytest.raises(ledger.Unreadable):
        ledger._opened(plain, second.personal, ledger._context(LEIDEN, first.id))
    with pytest.raises(ledger.Unreadable):
        ledger._opened(plain, first.personal, ledger._context(UTRECHT, first.id))


def test_an_event_is_written_only_inside_the_scope_of_its_municipality() -> None:
    with pytest.raises(Unscoped):
        append(uuid.uuid4())
    with scope(UTRECHT), pytest.raises(Unscoped):
        append(uuid.uuid4())
    with pytest.raises(Unscoped):
        ledger.events_of(uuid.uuid4())


def test_events_of_another_municipality_are_not_found() -> None:
    zaak = uuid.uuid4()
    with scope(LEIDEN):
        append(zaak)
    with scope(UTRECHT):
        assert ledger.events_of(zaak) == []


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("geopend", {}),
        ("Zaak.geopend", {}),
        ("zaak geopend", {}),
        ("zaak.geopend", {"x": 1.5}),
        ("zaak.x", {"x": "\x00"}),
    ],
)
def test_what_cannot_be_held_exactly_is_refused_before_the_database_sees_it(
    kind: str, payload: dict[str, object]
) -> None:
    with scope(LEIDEN):
        with pytest.raises((ValueError, TypeError)):
            ledger.append(CLERK, municipality=LEIDEN, kind=kind, zaak_id=None, payload=payload)  # type: ignore[arg-type]
        assert Event.objects.count() == 0


def test_sizes_have_a_limit() -> None:
    with scope(LEIDEN):
        with pytest.raises(ValueError, match="too large"):
            ledger.append(CLERK, municipality=LEIDEN, kind="zaak.x", zaak_id=None, payload={"x": "a" * 70_000})
        with pytest.raises(ValueError, match="too large"):
            append(uuid.uuid4(), personal={"x": "a" * 1_100_000})


def test_personal_data_without_a_case_is_refused() -> None:
    with scope(LEIDEN), pytest.raises(ValueError, match="case"):
        append(None, personal={"naam": "x"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trust_event SET kind = 'zaak.x'",
        "DELETE FROM trust_event",
        "TRUNCATE trust_event",
        "UPDATE trust_leaf SET index = 9",
        "DELETE FROM trust_leaf",
        "UPDATE trust_node SET level = 1",
        "DELETE FROM trust_checkpoint",
        "DELETE FROM trust_casekey",
        "DELETE FROM trust_ledgerlog",
        "DELETE FROM trust_mandate",
        "UPDATE trust_processingrecord SET reason = ''",
        "DELETE FROM trust_processingrecord",
        "DELETE FROM trust_event_2026",
        "SELECT 1 FROM trust_event_2026",
        "INSERT INTO trust_event_rest SELECT * FROM trust_event",
    ],
)
def test_the_application_cannot_change_or_remove_what_was_written(statement: str) -> None:
    with scope(LEIDEN):
        append(None)
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert Event.objects.count() == 1
