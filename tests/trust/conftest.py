"""Fixtures of this room."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.fixtures_simulators import oidc_provider
from vliegwiel.base.postgres import Urls

__all__ = ["oidc_provider", "superuser"]


@pytest.fixture
def superuser(fresh_database: Urls) -> Iterator[psycopg.Connection]:
    """A connection as the superuser, whom no right and no row-level security stops."""
    name = fresh_database.owner.rsplit("@/", 1)[1].split("?")[0]
    with psycopg.connect(fresh_database.superuser.replace("@/postgres?", f"@/{name}?"), autocommit=True) as db:
        yield db
