"""Append-only tables are cut by year; partitions are made ahead and are as closed as their parent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models
from django.db.utils import DatabaseError

from tests.trust.people import CLERK, LEIDEN, UTRECHT
from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import ledger
from vliegwiel.trust.jobs import clear_sessions, partitions_ahead, seal_ready
from vliegwiel.trust.models import Event, Leaf, ProcessingRecord
from vliegwiel.trust.partitions import make_partitions
from vliegwiel.trust.processing import record
from vliegwiel.trust.verification import verify


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'trust_event'::regclass")
        return {name for (name,) in cursor.fetchall()}


def append() -> uuid.UUID:
    with scope(LEIDEN):
        return ledger.append(CLERK, municipality=LEIDEN, kind="zaak.x", zaak_id=None, payload={})


def where(event: uuid.UUID, superuser: psycopg.Connection) -> str:
    found = superuser.execute("SELECT tableoid::regclass::text FROM trust_event WHERE id = %s", [event]).fetchone()
    assert found is not None
    return str(found[0])


def test_this_year_and_the_next_two_are_there(fresh_database: Urls) -> None:
    year = datetime.now(UTC).year
    assert {f"trust_event_{y}" for y in (year, year + 1, year + 2)} | {"trust_event_rest"} <= partitions()


def test_partitions_are_made_ahead_by_the_application_itself(
    fresh_database: Urls, clock: Callable[..., object]
) -> None:
    year = datetime.now(UTC).year
    assert make_partitions(year + 2) == 0
    clock(datetime(year + 1, 11, 1, tzinfo=UTC))
    partitions_ahead()
    assert f"trust_event_{year + 3}" in partitions()
    assert make_partitions(year + 3) == 0
    with pytest.raises(DatabaseError, match="ten years"):
        make_partitions(year + 11)


def test_what_landed_in_the_rest_moves_to_its_year(
    fresh_database: Urls, superuser: psycopg.Connection, clock: Callable[..., object]
) -> None:
    year = datetime.now(UTC).year
    clock(datetime(year + 4, 6, 1, tzinfo=UTC))
    early = append()
    clock(datetime(1999, 6, 1, tzinfo=UTC))
    old = append()
    assert where(early, superuser) == where(old, superuser) == "trust_event_rest"
    seal_ready()
    assert make_partitions(year + 4) == 4
    assert where(early, superuser) == f"trust_event_{year + 4}"
    assert where(old, superuser) == "trust_event_rest"
    assert verify(LEIDEN).ok
    with scope(LEIDEN):
        assert Event.objects.count() == 2


def test_a_partition_shows_no_more_than_its_parent_also_when_addressed_directly(
    fresh_database: Urls, superuser: psycopg.Connection
) -> None:
    make_partitions(datetime.now(UTC).year + 3)
    append()
    record(CLERK, municipality=LEIDEN, bsn="999990019", data=["naam"], activity="zaak-behandelen", reason="x")
    # Suppose somebody gave the application rights on the partitions after all.
    for table in ("trust_event", "trust_processingrecord"):
        for (name,) in superuser.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table]
        ).fetchall():
            superuser.execute(f"GRANT ALL ON {name} TO vliegwiel_app")
            with scope(UTRECHT), connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {name}")
                assert cursor.fetchone() == (0,)
                cursor.execute(f"DELETE FROM {name}")
                assert cursor.rowcount == 0
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {name}")
                assert cursor.fetchone() == (0,)
    with scope(LEIDEN):
        assert Event.objects.count() == ProcessingRecord.objects.count() == 1


def test_the_application_cannot_protect_or_unprotect_a_table(fresh_database: Urls) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT trust_protect_partition('trust_event')")


@pytest.mark.parametrize("model", [Event, ProcessingRecord])
def test_the_partitioned_tables_have_the_columns_of_their_models(
    fresh_database: Urls, model: type[models.Model]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [model._meta.db_table],
        )
        found = {
            name: (kind.replace("timestamp with time zone", "timestamptz"), bound)
            for name, kind, bound in cursor.fetchall()
        }
    wanted = {
        f.column: (
            (f.db_type(connection) or "")
            .replace("timestamp with time zone", "timestamptz")
            .replace("varchar", "character varying"),
            not f.null,
        )
        for f in model._meta.concrete_fields
    }
    assert found == wanted


def test_the_ticks_do_their_work(fresh_database: Urls) -> None:
    event = append()
    seal_ready()
    clear_sessions()
    with scope(LEIDEN):
        assert list(Leaf.objects.values_list("id", flat=True)) == [event]


def test_a_log_that_cannot_be_sealed_does_not_hold_up_the_others(
    fresh_database: Urls, superuser: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    spoiled = append()
    superuser.execute("UPDATE trust_event SET payload = '1.5' WHERE id = %s", [spoiled])
    with scope(UTRECHT):
        good = ledger.append(CLERK, municipality=UTRECHT, kind="zaak.x", zaak_id=None, payload={})
    seal_ready()
    with scope(LEIDEN, UTRECHT):
        assert list(Leaf.objects.values_list("id", flat=True)) == [good]
    assert "a log cannot be sealed" in caplog.text


def test_migrations_describe_the_models(fresh_database: Urls) -> None:
    from django.core.management import call_command

    assert apps.is_installed("vliegwiel.trust")
    call_command("makemigrations", "trust", check=True, dry_run=True, verbosity=0)
