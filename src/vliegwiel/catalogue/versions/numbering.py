"""One number for all publications of an installation, in the order in which they are committed."""

from __future__ import annotations

import uuid

from ..models import CatalogueRevision
from ..texts import version_key


def next_number() -> int:
    """Take the next number. Whoever has it holds the row until the transaction ends, so a lower number never comes later."""
    row = CatalogueRevision.objects.select_for_update().get(id=1)
    row.value += 1
    row.mark = uuid.uuid4()
    row.save(update_fields=["value", "mark"])
    return row.value


def next_version(current: str) -> str:
    """The version after another where nobody asks for one: 1.4.2 gives 1.5.0, nothing gives 1.0.0."""
    parts = version_key(current)
    return f"{parts[0]}.{parts[1] + 1}.0" if len(parts) == 3 else "1.0.0"
