"""The one place where a publication is written."""

from __future__ import annotations

from ..models import Publication
from .numbering import next_number
from .views import Published


def publish(row: Publication) -> Published:
    """Give a publication its number and write it. Call inside the scope of its publisher, once rights and content are checked."""
    row.number = row.serial = next_number()
    row.save(force_insert=True)
    return Published(row.kind, row.key, row.owner, row.version, row.hash, row.number)
