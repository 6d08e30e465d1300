"""Fixtures of this room."""

from tests.trust.conftest import superuser

__all__ = ["superuser"]
