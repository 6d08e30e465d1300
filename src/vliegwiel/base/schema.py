"""Which migrations this version has and a database lacks. Needs no Django set-up: a warm start must be quick."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import psycopg

PACKAGE = Path(__file__).resolve().parents[1]


def known() -> frozenset[tuple[str, str]]:
    """All migrations of this version of the platform, as (room, name)."""
    folders = {folder.parent.name: folder for folder in PACKAGE.glob("*/migrations")}
    queue = find_spec("procrastinate")
    if queue is not None and queue.origin:
        folders["procrastinate"] = Path(queue.origin).parent / "contrib" / "django" / "migrations"
    return frozenset((label, path.stem) for label, folder in folders.items() for path in folder.glob("[0-9]*.py"))


def applied(url: str) -> frozenset[tuple[str, str]]:
    """The migrations that the database at `url` has; none for an empty database."""
    with psycopg.connect(url, connect_timeout=10) as db:
        if db.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return frozenset()
        return frozenset((row[0], row[1]) for row in db.execute("SELECT app, name FROM django_migrations"))


def pending(url: str) -> tuple[str, ...]:
    """The migrations that the database at `url` does not have yet, as `room.name`."""
    return tuple(f"{label}.{name}" for label, name in sorted(known() - applied(url)))
