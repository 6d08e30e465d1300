"""Is this process alive, and is it ready to serve? For load balancers and for `vliegwiel doctor`."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout


class Check(msgspec.Struct, frozen=True):
    """One thing looked at. Only `needed` ones decide whether we are ready."""

    name: str
    ok: bool
    needed: bool
    detail: str


class Report(msgspec.Struct, frozen=True):
    """The answer of /health/ready."""

    ready: bool
    checks: tuple[Check, ...]


_migrated = False


def _database() -> tuple[Check, ...]:
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        heartbeat = _worker_heartbeat()
    except (DatabaseError, PoolTimeout) as error:
        return (Check("database", False, True, type(error).__name__),)
    return (
        Check("database", True, True, "antwoordt"),
        Check("migraties", _migrated, True, "bij" if _migrated else "er zijn migraties die nog moeten draaien"),
        heartbeat,
    )


def _worker_heartbeat() -> Check:
    """A worker that stands still delays letters and terms, but pages can be served without."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        row = cursor.fetchone()
    age = float(row[0]) if row and row[0] is not None else None
    if age is None:
        return Check("taken", False, False, "er draait geen worker")
    return Check("taken", age < 60, False, f"laatste teken {age:.0f} s geleden")


def _registers() -> tuple[Check, ...]:
    """Whether each register has an address. Asking them here would let one slow register take all servers out of rotation."""
    known = {"brp": settings.BRP_URL, "bag": settings.BAG_URL, "rdw": settings.RDW_URL}
    return tuple(Check(n, bool(url), False, "ingesteld" if url else "geen adres ingesteld") for n, url in known.items())


def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at."""
    return _json(Report(True, ()), 200)


def ready(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served, 503 when not; what was looked at, in both cases."""
    checks = (*_database(), *_registers())
    ok = all(check.ok for check in checks if check.needed)
    return _json(Report(ok, checks), 200 if ok else 503)


def _json(report: Report, status: int) -> HttpResponse:
    response = HttpResponse(msgspec.json.encode(report), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


PATHS: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/health/live": live, "/health/ready": ready}
