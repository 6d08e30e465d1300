"""Tables that only grow, cut by year: made in a migration, and kept ahead of time by a job.

Each partition is protected as its parent is, so that addressing one directly gets nobody further: row-level security is
forced on it, and the application's role has no rights on it at all (rights on the parent are enough to reach it through
the parent). What falls outside the years that were made lands in the default partition and moves to its own year when
that is made.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from vliegwiel.base.tenancy import CODES_IN_SCOPE, protect_table

FIRST_YEAR = 2025
AHEAD = 2

# Runs as the owner of the tables, because the application may not make or change any. It can do this one thing only.
_MAKE_PARTITIONS = """
CREATE OR REPLACE FUNCTION trust_make_partitions(last_year integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
  parent text;
  part text;
  made integer := 0;
BEGIN
  IF last_year > extract(year FROM now())::integer + 10 THEN
    RAISE EXCEPTION 'partitions are made ten years ahead at most, not until %', last_year;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('trust_make_partitions'));
  FOREACH parent IN ARRAY ARRAY['trust_event', 'trust_processingrecord'] LOOP
    CONTINUE WHEN to_regclass('public.' || parent) IS NULL;
    FOR y IN {first}..last_year LOOP
      part := parent || '_' || y;
      CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
      EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
      EXECUTE format('ALTER TABLE public.%I NO FORCE ROW LEVEL SECURITY', parent || '_rest');
      EXECUTE format(
        'WITH moved AS (DELETE FROM public.%I WHERE recorded_at >= %L AND recorded_at < %L RETURNING *)'
        ' INSERT INTO public.%I SELECT * FROM moved',
        parent || '_rest', y || '-01-01 00:00:00+00', (y + 1) || '-01-01 00:00:00+00', part);
      EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', parent || '_rest');
      EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        parent, part, y || '-01-01 00:00:00+00', (y + 1) || '-01-01 00:00:00+00');
      PERFORM public.trust_protect_partition(part);
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$body$
"""

_PROTECT_PARTITION = """
CREATE OR REPLACE FUNCTION trust_protect_partition(part text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
  EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', part);
  EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', part);
  EXECUTE format('CREATE POLICY municipality_scope ON public.%I USING '
    '(municipality_id = ANY {codes})', part);
  EXECUTE format('REVOKE ALL ON public.%I FROM %I', part, {role});
END
$body$
"""


def app_role(schema_editor: BaseDatabaseSchemaEditor) -> str:
    """The role the application works as, which owns no table."""
    return str(schema_editor.connection.settings_dict.get("APP_ROLE") or "vliegwiel_app")


class PartitionFunctions(Operation):
    """Migration step: the functions that make and protect partitions."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        role = schema_editor.quote_name(app_role(schema_editor))
        literal = "'" + app_role(schema_editor).replace("'", "''") + "'"
        schema_editor.execute(
            _PROTECT_PARTITION.format(codes=CODES_IN_SCOPE.replace("'", "''"), role=literal), params=None
        )
        schema_editor.execute(_MAKE_PARTITIONS.format(first=FIRST_YEAR), params=None)
        # Nobody but the owner protects; making ahead is for the application too.
        schema_editor.execute(f"REVOKE ALL ON FUNCTION trust_protect_partition(text) FROM PUBLIC, {role}")
        schema_editor.execute("REVOKE ALL ON FUNCTION trust_make_partitions(integer) FROM PUBLIC")
        schema_editor.execute(f"GRANT EXECUTE ON FUNCTION trust_make_partitions(integer) TO {role}")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        schema_editor.execute("DROP FUNCTION trust_make_partitions(integer)")
        schema_editor.execute("DROP FUNCTION trust_protect_partition(text)")

    def describe(self) -> str:
        return "Functions that make partitions"


class PartitionByYear(Operation):
    """Migration step: make the table of an append-only model (whose state `CreateModel` describes), cut by year.

    `columns` is the DDL of the columns. The key is (municipality_id, recorded_at, id): a partitioned table's key must hold
    what it is cut by.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, name: str, columns: str) -> None:
        self.name = name
        self.columns = columns

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        schema_editor.execute(
            f"CREATE TABLE {table} ({self.columns}, PRIMARY KEY (municipality_id, recorded_at, id))"
            " PARTITION BY RANGE (recorded_at)"
        )
        protect_table(schema_editor, table, append_only=True)
        schema_editor.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
        schema_editor.execute(f"SELECT trust_protect_partition('{table}_rest')")
        for index in model._meta.indexes:
            schema_editor.add_index(model, index)
        schema_editor.execute("SELECT trust_make_partitions(%s)", [datetime.now(UTC).year + AHEAD])

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        schema_editor.execute(f"DROP TABLE {from_state.apps.get_model(app_label, self.name)._meta.db_table}")

    def describe(self) -> str:
        return f"Table of {self.name}, partitioned by year"


def make_partitions(last_year: int) -> int:
    """Make the partitions up to and including `last_year` where they are absent; returns how many were made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT trust_make_partitions(%s)", [last_year])
        (made,) = cursor.fetchone()
    return int(made)
