"""Which database connection may do what."""

from __future__ import annotations


class OwnerOnlyMigrates:
    """Tables are made and changed as their owner; the application owns none, so that row-level security binds it."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == "owner"

    def allow_relation(self, obj1: object, obj2: object, **hints: object) -> bool | None:
        return None
