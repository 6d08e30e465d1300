"""What an annotation of a definition type may say beyond its type: its key, its meaning, what it must obey."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Key:
    """The key in the file, where it is not the name of the field."""

    name: str


@dataclass(frozen=True, slots=True)
class Doc:
    """What the field means, for the published schema."""

    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """The text must match `regex` wholly; `say` tells in Dutch what it must be."""

    regex: str
    say: str


@dataclass(frozen=True, slots=True)
class Between:
    """The number must lie in [low, high]."""

    low: int | Decimal
    high: int | Decimal


@dataclass(frozen=True, slots=True)
class NotEmpty:
    """Text, list or map must hold something."""


class Refused(ValueError):
    """Raised by a type that checks itself. `key` names the key below it that is wrong, if one is."""

    def __init__(self, message: str, *, key: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.key = key


Mark: TypeAlias = Key | Doc | Pattern | Between | NotEmpty
