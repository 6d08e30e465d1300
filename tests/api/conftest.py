"""Fixtures of the APIs."""

from __future__ import annotations

import pytest

from tests.api.service import Service, token


@pytest.fixture
def service(db: None) -> Service:
    """Leiden's service, called by a program that may write."""
    return Service(token())
