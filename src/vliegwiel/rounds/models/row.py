"""What all tables of this room have in common."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from vliegwiel.base.tenancy import TenantManager, TenantModel


class RoundsRow(TenantModel):
    """A row of a municipality, without a foreign key to the municipality itself: checking one would lock the same
    municipality row in every transaction. Row-level security already refuses a municipality that is not in scope."""

    municipality = models.ForeignKey(
        "base.Municipality", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        abstract = True
