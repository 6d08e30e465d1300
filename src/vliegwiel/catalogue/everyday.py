"""Everyday words for the official names of the UPL, for search only. Read once from `definitions/zoekwoorden.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from vliegwiel.base.sourcedecode import load
from vliegwiel.base.sourcemarks import Key, NotEmpty

from .library import DEFINITIONS

FILE = "zoekwoorden.yaml"


@dataclass(frozen=True, slots=True)
class _Words:
    words: Annotated[Mapping[str, Annotated[tuple[str, ...], NotEmpty()]], Key("woorden")]


@functools.cache
def everyday_words() -> Mapping[str, tuple[str, ...]]:
    """Words people use, by the official name. Raises `SourceInvalid`."""
    return load(DEFINITIONS / FILE, _Words, FILE).words
