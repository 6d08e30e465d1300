"""The definitions that cases count on: stored under their hash, once."""

from __future__ import annotations

from django.db import connection, transaction

from vliegwiel.base.clock import now

from .canonical import to_json
from .model import Resolved
from .models import ResolvedDefinition
from .queries import remember

_kept: set[tuple[str, str, str]] = set()


def keep(definition: Resolved) -> str:
    """Store a definition under its hash, once. Call inside the scope of its municipality; gives the hash.

    Needs no right of its own: the action that opens a case has checked, and what is stored is public.
    """
    name = (str(connection.settings_dict["NAME"]), definition.municipality, definition.hash)
    if name in _kept:
        return definition.hash
    row = ResolvedDefinition(
        municipality_id=definition.municipality,
        hash=definition.hash,
        key=definition.key,
        version=definition.version,
        content=to_json(definition),
        created_at=now(),
    )
    ResolvedDefinition.objects.bulk_create([row], ignore_conflicts=True)
    remember(definition)
    # Only what is surely committed may be skipped the next time.
    transaction.on_commit(lambda: _kept.add(name))
    return definition.hash
