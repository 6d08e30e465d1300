"""Tables of readings and raw messages, cut by month: made in a migration, kept ahead by a job, and made for older months
when a file with history is read.

Each partition is protected as its parent is (see `trust.partitions`). What falls outside the months that were made, such
as a reading of a sensor whose clock is years ahead, lands in the default partition and moves to its own month when that is made.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from vliegwiel.base.clock import today
from vliegwiel.base.tenancy import protect_table
from vliegwiel.trust.partitions import app_role

MONTHS_BACK = 2
MONTHS_AHEAD = 3
EARLIEST = date(2000, 1, 1)
"""History from before this day stays in the default partition."""

Cut = Literal["rounds_observation", "rounds_rawmessage"]

# Runs as the owner of the tables, because the application may not make or change any. It can do this one thing only.
_MAKE_PARTITIONS = """
CREATE OR REPLACE FUNCTION rounds_make_partitions(parent text, first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
  part text;
  cut_by text;
  from_day date;
  to_day date;
  made integer := 0;
BEGIN
  cut_by := CASE parent WHEN 'rounds_observation' THEN 'phenomenon_time' WHEN 'rounds_rawmessage' THEN 'received_at' END;
  IF cut_by IS NULL THEN
    RAISE EXCEPTION 'not a table that is cut by month: %', parent;
  END IF;
  IF first_day < DATE '2000-01-01' OR last_day > current_date + 366 * 10 THEN
    RAISE EXCEPTION 'months are made from 2000 until ten years ahead, not from % to %', first_day, last_day;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('rounds_make_partitions'));
  from_day := date_trunc('month', first_day);
  WHILE from_day <= last_day LOOP
    to_day := from_day + interval '1 month';
    part := parent || to_char(from_day, '_YYYY_MM');
    IF to_regclass('public.' || part) IS NULL THEN
      EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
      EXECUTE format('ALTER TABLE public.%I NO FORCE ROW LEVEL SECURITY', parent || '_rest');
      EXECUTE format(
        'WITH moved AS (DELETE FROM public.%I WHERE %I >= %L AND %I < %L RETURNING *)'
        ' INSERT INTO public.%I SELECT * FROM moved',
        parent || '_rest', cut_by, from_day || ' 00:00:00+00', cut_by, to_day || ' 00:00:00+00', part);
      EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', parent || '_rest');
      EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        parent, part, from_day || ' 00:00:00+00', to_day || ' 00:00:00+00');
      PERFORM public.trust_protect_partition(part);
      made := made + 1;
    END IF;
    from_day := to_day;
  END LOOP;
  RETURN made;
END
$body$
"""

# A month that was filled at once has no statistics until PostgreSQL comes round to it, and without them it reads a history by
# the wrong index. The owner's work again, and it can do only this. -1 is "never"; a table grown by half is due.
_REFRESH = """
CREATE OR REPLACE FUNCTION rounds_refresh_statistics() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
  part regclass;
  done integer := 0;
BEGIN
  FOR part IN
    SELECT c.oid FROM pg_class c
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    WHERE c.relkind = 'r' AND pg_relation_size(c.oid) > 0
      AND (c.reltuples < 0 OR pg_relation_size(c.oid) / current_setting('block_size')::integer > 1.5 * c.relpages)
      AND (i.inhparent IN ('public.rounds_observation'::regclass, 'public.rounds_rawmessage'::regclass)
           OR c.oid IN ('public.rounds_device'::regclass, 'public.rounds_channel'::regclass,
                        'public.rounds_datastream'::regclass, 'public.rounds_container'::regclass,
                        'public.rounds_emptying'::regclass))
    ORDER BY c.oid
  LOOP
    EXECUTE 'ANALYZE ' || part;
    done := done + 1;
  END LOOP;
  RETURN done;
END
$body$
"""


class OwnersFunction(Operation):
    """Migration step: a function that runs as the owner of the tables, and that the application may call.

    `signature` is its name with the types of its arguments, `body` the whole statement that makes it.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, signature: str, body: str) -> None:
        self.signature = signature
        self.body = body

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        schema_editor.execute(self.body, params=None)
        schema_editor.execute(f"REVOKE ALL ON FUNCTION {self.signature} FROM PUBLIC")
        schema_editor.execute(
            f"GRANT EXECUTE ON FUNCTION {self.signature} TO {schema_editor.quote_name(app_role(schema_editor))}"
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        schema_editor.execute(f"DROP FUNCTION {self.signature}")

    def describe(self) -> str:
        return f"Function {self.signature}"


def month_function() -> OwnersFunction:
    """The step that makes the function that makes months."""
    return OwnersFunction("rounds_make_partitions(text, date, date)", _MAKE_PARTITIONS)


def statistics_function() -> OwnersFunction:
    """The step that makes the function that makes statistics of what was filled at once."""
    return OwnersFunction("rounds_refresh_statistics()", _REFRESH)


class PartitionByMonth(Operation):
    """Migration step: make the table of a model (whose state `CreateModel` describes), cut by the month of `cut_by`.

    `columns` is the DDL of the columns, `key` the columns of the primary key, which must hold the moment it is cut by.
    `beside` are columns that the key's index carries too, so that a history is read from the index alone.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str, columns: str, key: str, append_only: bool, beside: str = "") -> None:
        self.name = name
        self.columns = columns
        self.key = key
        self.append_only = append_only
        self.beside = beside

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        cut_by = "phenomenon_time" if table == "rounds_observation" else "received_at"
        beside = f" INCLUDE ({self.beside})" if self.beside else ""
        schema_editor.execute(
            f"CREATE TABLE {table} ({self.columns}, PRIMARY KEY ({self.key}){beside}) PARTITION BY RANGE ({cut_by})"
        )
        protect_table(schema_editor, table, append_only=self.append_only)
        schema_editor.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
        schema_editor.execute(f"SELECT trust_protect_partition('{table}_rest')")
        for index in model._meta.indexes:
            schema_editor.add_index(model, index)
        first, last = _around(today())
        schema_editor.execute("SELECT rounds_make_partitions(%s, %s, %s)", [table, first, last])

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        schema_editor.execute(f"DROP TABLE {from_state.apps.get_model(app_label, self.name)._meta.db_table}")

    def describe(self) -> str:
        return f"Table of {self.name}, partitioned by month"


def _months(day: date, months: int) -> date:
    """The first day of the month that lies `months` after that of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _around(day: date) -> tuple[date, date]:
    return _months(day, -MONTHS_BACK), _months(day, MONTHS_AHEAD)


def make_months(table: Cut, first: date, last: date) -> int:
    """Make the partitions of the months from that of `first` up to that of `last` where they are absent.

    Days before `EARLIEST`, or more than `MONTHS_AHEAD` ahead, count as the nearest allowed. Returns how many were made.
    """
    bounds = max(first, EARLIEST), min(last, _months(today(), MONTHS_AHEAD))
    if bounds[0] > bounds[1]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT rounds_make_partitions(%s, %s, %s)", [table, *bounds])
        (made,) = cursor.fetchone()
    return int(made)


def months_ahead() -> int:
    """Have the partitions of the coming months ready, of both tables. Returns how many were made."""
    return sum(make_months(table, *_around(today())) for table in ("rounds_observation", "rounds_rawmessage"))


def refresh_statistics() -> int:
    """Make statistics of what was filled at once and has none that fit; returns of how many tables. Cheap when none is due.

    After a large import, and now and then: PostgreSQL does it by itself within a minute or so, and until then reads are slow.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rounds_refresh_statistics()")
        (done,) = cursor.fetchone()
    return int(done)
