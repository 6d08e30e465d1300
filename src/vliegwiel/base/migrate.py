"""Bring the tables of a database up to date, as their owner.

The application's role owns nothing: it is granted what the owner makes (default privileges), before the first table is
made. A lock keeps two processes from migrating at the same time; the second waits and then finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from .actions import load_municipalities

LOCK = 0x6D696772617465  # "migrate"
RIGHTS = (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT"), ("FUNCTIONS", "EXECUTE"))


def migrate() -> int:
    """Apply what is not applied yet and load the list of municipalities; returns how many migrations were applied."""
    owner = connections["owner"]
    with _alone():
        before = len(MigrationRecorder(owner).applied_migrations())
        grant_what_comes(str(settings.APP_ROLE))
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        load_municipalities(using="owner")
        after = len(MigrationRecorder(owner).applied_migrations())
    owner.close()
    return after - before


def grant_what_comes(role: str) -> None:
    """What the owner makes from now on, `role` may read and write; it owns none of it."""
    with connections["owner"].cursor() as cursor:
        for what, verbs in RIGHTS:
            cursor.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {} ON {} TO {}")
                .format(sql.SQL(verbs), sql.SQL(what), sql.Identifier(role))
                .as_string()
            )


@contextmanager
def _alone() -> Iterator[None]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
