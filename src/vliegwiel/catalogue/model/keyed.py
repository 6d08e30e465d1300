"""Lists whose items have a key: the order is that of the file, the key is what deviations and merges hold on to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Keyed(Protocol):
    """Anything with a key."""

    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


def by_key(items: Iterable[K], key: str) -> K:
    """The item with this key. Raises `KeyError`."""
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)


def find(items: Iterable[K], key: str) -> K | None:
    """The item with this key, or None."""
    return next((item for item in items if item.key == key), None)
