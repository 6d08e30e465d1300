"""Statements that run all day: sent with their values apart, so that PostgreSQL plans them once for each connection.

Django fills in the values itself, and PostgreSQL then reads and plans the text anew each time, which for a short statement
costs more than running it. A statement through a `prepared` cursor is kept by the connection after a few turns. Its values
need a type PostgreSQL can tell: a parameter that stands in two places, or alone in a SELECT, is cast (`%s::uuid`).

A pooler between the application and PostgreSQL has to know prepared statements (PgBouncer from 1.21 on).
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connections
from django.db.backends.utils import CursorWrapper


def prepared() -> CursorWrapper:
    """A cursor on Django's own connection and in its transaction; use it in a `with`. It is counted and logged as any other."""
    connection = connections["default"]
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None
    cursor: Any = psycopg.Cursor(raw)  # the stubs ask for the wrapper that is made here
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)
