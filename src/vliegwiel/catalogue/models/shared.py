"""Rows that every municipality may read and only their own municipality may write.

Two managers: `objects` is that of every tenant table (own rows), `everywhere` reads those of all. The policy that lets the
database show them stands in the migration; it still shows nothing outside a scope.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from django.db import models

from vliegwiel.base.tenancy import Unscoped, current_scope

M = TypeVar("M", bound=models.Model)


class EverywhereManager(models.Manager[M], Generic[M]):
    """Reads the rows of all municipalities, inside any scope."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[M]:
        if not current_scope():
            raise Unscoped(f"{self.model.__name__} was queried outside a municipality scope")
        return super().get_queryset()
