"""The tables of rounds are what their models say, cut by month, and as closed as all others."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection, models
from django.db.utils import DatabaseError

from vliegwiel.base.ids import uuid7
from vliegwiel.base.postgres import Urls
from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.models import Observation, RawMessage
from vliegwiel.rounds.partitions import make_months, months_ahead, refresh_statistics

LEIDEN, UTRECHT = "GM0546", "GM0344"


def months(table: str = "rounds_observation") -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [table])
        return {name for (name,) in cursor.fetchall()}


def observe(moment: datetime) -> UUID:
    with scope(LEIDEN):
        return Observation.objects.create(
            municipality_id=LEIDEN, datastream_id=uuid7(), phenomenon_time=moment, received_at=moment, result=40
        ).id


@pytest.mark.parametrize("model", [Observation, RawMessage])
def test_the_tables_cut_by_month_have_the_columns_of_their_models(
    fresh_database: Urls, model: type[models.Model]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [model._meta.db_table],
        )
        found = {name: (kind, bound) for name, kind, bound in cursor.fetchall()}
    wanted = {
        f.column: ((f.db_type(connection) or "").replace("varchar", "character varying"), not f.null)
        for f in model._meta.concrete_fields
    }
    assert found == wanted


def test_this_month_and_the_next_three_are_there(fresh_database: Urls) -> None:
    day = datetime.now(UTC).date().replace(day=1)
    for _ in range(4):
        assert f"rounds_observation_{day:%Y_%m}" in months()
        assert f"rounds_rawmessage_{day:%Y_%m}" in months("rounds_rawmessage")
        day = (day + timedelta(days=32)).replace(day=1)
    assert months_ahead() == 0


def test_what_landed_in_the_rest_moves_to_its_month(fresh_database: Urls, superuser: psycopg.Connection) -> None:
    old, older = observe(datetime(2020, 1, 31, 23, 59, tzinfo=UTC)), observe(datetime(1969, 6, 1, tzinfo=UTC))
    assert make_months("rounds_observation", date(1969, 6, 1), date(1999, 2, 3)) == 0
    assert make_months("rounds_observation", date(2020, 1, 5), date(2020, 2, 3)) == 2
    assert make_months("rounds_observation", date(2020, 1, 5), date(2020, 2, 3)) == 0
    where = dict(superuser.execute("SELECT id, tableoid::regclass::text FROM rounds_observation").fetchall())
    assert where == {old: "rounds_observation_2020_01", older: "rounds_observation_rest"}


def test_a_month_shows_no_more_than_its_parent_also_when_addressed_directly(
    fresh_database: Urls, superuser: psycopg.Connection
) -> None:
    observe(datetime.now(UTC))
    for name in months():
        superuser.execute(f"GRANT ALL ON {name} TO vliegwiel_app")
        with scope(UTRECHT), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {name}")
            assert cursor.fetchone() == (0,)
    with scope(LEIDEN):
        assert Observation.objects.count() == 1


def test_only_our_own_tables_are_cut_and_only_within_reason(fresh_database: Urls) -> None:
    for parent, last in (("trust_event", "2026-01-01"), ("rounds_observation", "2099-01-01")):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT rounds_make_partitions(%s, '2026-01-01', %s)", [parent, last])


def test_what_was_filled_at_once_gets_statistics(fresh_database: Urls, superuser: psycopg.Connection) -> None:
    refresh_statistics()
    assert refresh_statistics() == 0
    now = datetime.now(UTC)
    superuser.execute(
        "INSERT INTO rounds_observation (id, municipality_id, datastream_id, phenomenon_time, received_at, result, quality)"
        " SELECT gen_random_uuid(), %s, gen_random_uuid(), %s, %s, 1, 0 FROM generate_series(1, 1000)",
        [LEIDEN, now, now],
    )
    assert refresh_statistics() == 1
    found = superuser.execute(
        "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [f"rounds_observation_{now:%Y_%m}"]
    )
    assert found.fetchone() == (1000,)


def test_raw_messages_stay_as_they_came(fresh_database: Urls) -> None:
    for sql in ("UPDATE rounds_rawmessage SET topic = 'x'", "DELETE FROM rounds_rawmessage"):
        with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(sql)


def test_migrations_describe_the_models(fresh_database: Urls) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "rounds", check=True, dry_run=True, verbosity=0, skip_checks=True)
