"""Fixtures every room shares: the embedded PostgreSQL, as the role that owns nothing, and the clock.

- `db` / `@pytest.mark.django_db`: one test, one transaction, rolled back.
- `fresh_database`: a database of its own, for tests that really commit, use several connections, or kill things.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.fixtures_site import browser, filled, own_site, pytest_collection_modifyitems, site

if TYPE_CHECKING:  # Django must not be imported before the settings are chosen
    from pytest_django.plugin import DjangoDbBlocker

    from vliegwiel.base.postgres import EmbeddedPostgres, Urls

os.environ.setdefault("VLIEGWIEL_MODE", "test")
os.environ.setdefault("VLIEGWIEL_DATA", str(Path(tempfile.gettempdir()) / f"vliegwiel-tests-{os.getuid()}"))

__all__ = ["browser", "filled", "own_site", "pytest_collection_modifyitems", "site"]

# Leiden, Leiderdorp, Schiedam, Eindhoven, Utrecht, Rotterdam, 's-Hertogenbosch
LIVE = ("GM0546", "GM0547", "GM0606", "GM0772", "GM0344", "GM0599", "GM0796")
SHARED = Path(__file__).resolve().parents[2] / "shared"


# A busy machine is slow, not wrong: time limits of single examples would fail at random. A failure prints how to repeat it.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shared: reads the reference data beside the repository")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the repository; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the reference data (../shared) is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """An embedded server for this test process alone. Not durable: what tests kill on purpose runs its own."""
    from vliegwiel.base.postgres import EmbeddedPostgres

    with tempfile.TemporaryDirectory(prefix="vliegwiel-pg-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder), durable=False)
        with server.hold():
            yield server


def _point(alias: str, url: str) -> None:
    """Let Django's connection `alias` use another database from now on."""
    from django.conf import settings
    from django.db import connections

    from vliegwiel.base.settings import database

    connections[alias].close()
    wanted = connections[alias].settings_dict
    wanted.update(database(url))
    settings.DATABASES[alias].update(database(url))


@pytest.fixture(scope="session")
def migrated(postgres: EmbeddedPostgres, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a migrated template database that holds the municipalities (seven live) and nothing else."""
    from django.core.management import call_command
    from django.db import connections

    from vliegwiel.base.actions import go_live, load_municipalities

    urls = postgres.create_database("template_vliegwiel")
    with django_db_blocker.unblock():
        _point("owner", urls.owner)
        postgres.grant("template_vliegwiel")
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        load_municipalities()
        for code in LIVE:
            go_live(code, date(2026, 1, 1), phone="14 0xx")
        connections["owner"].close()
    return "template_vliegwiel"


@pytest.fixture(scope="session")
def django_db_setup(postgres: EmbeddedPostgres, migrated: str) -> None:
    """Replaces pytest-django's own: the test database is a copy of the template, reached as the application's role."""
    urls = postgres.create_database("tests", template=migrated)
    _point("default", urls.app)
    _point("owner", urls.owner)


@pytest.fixture
def fresh_database(
    postgres: EmbeddedPostgres, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Urls]:
    """A database of this test alone: commits are real. Django's `default` connection points at it meanwhile."""
    from django.db import connections

    name = f"t{uuid.uuid4().hex[:12]}"
    urls = postgres.create_database(name, template="template_vliegwiel")
    tests = postgres.urls("tests")
    with django_db_blocker.unblock():
        _point("default", urls.app)
        _point("owner", urls.owner)
        try:
            yield urls
        finally:
            for alias in ("default", "owner"):
                connections[alias].close()
            _point("default", tests.app)
            _point("owner", tests.owner)
            postgres.drop_database(name)


@pytest.fixture
def clock() -> Iterator[Callable[..., object]]:
    """`clock(moment)` sets the time for the rest of the test."""
    from contextlib import ExitStack

    from vliegwiel.base.clock import set_to

    with ExitStack() as stack:
        yield lambda moment: stack.enter_context(set_to(moment))


@pytest.fixture
def own_loop() -> Iterator[None]:
    """For a test that runs a loop of its own: a browser that stays open keeps one running in this thread."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)
