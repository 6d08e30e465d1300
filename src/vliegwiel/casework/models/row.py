"""What all tables of this room have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import ClassVar, Self

from django.db import models

from vliegwiel.base.tenancy import TenantManager, TenantModel


class CaseRow(TenantModel):
    """A row of a municipality, without a foreign key to the municipality itself: checking one would lock the same
    municipality row in every transaction. Row-level security already refuses a municipality that is not in scope."""

    municipality = models.ForeignKey(
        "base.Municipality", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        abstract = True

    @classmethod
    def quick(cls, **values: object) -> Self:
        """As the constructor, for rows that are made by the dozen: by the name of the column (`zaak_id`) only."""
        row = cls(*[values.pop(name) if name in values else default() for name, default in _fields(cls)])
        if values:
            raise TypeError(f"{cls.__name__} has no {', '.join(values)}")
        return row


@cache
def _fields(model: type[CaseRow]) -> tuple[tuple[str, Callable[[], object]], ...]:
    return tuple((field.attname, field.get_default) for field in model._meta.local_concrete_fields)
