"""The law that comes with the platform, read once and read again when a file changes."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vliegwiel.law import LawBook

from .library import DEFINITIONS

LAWS = DEFINITIONS / "wetten"
_LOOK_AGAIN = 1.0
"""Seconds between two looks at the files: reading their state costs more than a decision."""

_State = tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class _Shelf:
    state: _State
    looked: float
    book: LawBook


_lock = threading.Lock()
_shelf: list[_Shelf] = []


def law_book() -> LawBook:
    """All laws and ordinances. Raises `SourceInvalid` when a file is wrong. Safe to call from several threads."""
    now = time.monotonic()
    if _shelf and now - _shelf[0].looked < _LOOK_AGAIN:
        return _shelf[0].book
    with _lock:
        state = _state(LAWS)
        if _shelf and _shelf[0].state == state:
            _shelf[0].looked = now
        else:
            _shelf[:] = [_Shelf(state, now, LawBook.load([LAWS]))]
        return _shelf[0].book


def _state(folder: Path) -> _State:
    found = []
    for path in sorted(folder.rglob("*.yaml")):
        status = path.stat()
        found.append((str(path.relative_to(folder)), status.st_mtime_ns, status.st_size))
    return tuple(found)


def data_names(law: str, municipality: str | None, on: date) -> frozenset[str]:
    """The data that a law, with the ordinances of a municipality, takes on a date. Raises `LawNotFound`, `NotInForce`."""
    book = law_book()
    texts = (book.law(law, on), *book.ordinances(law, municipality, on))
    return frozenset(name for text in texts for name in text.data)


def judgement_names(law: str, municipality: str | None, on: date) -> frozenset[str]:
    """The names of what a law leaves to the judgement of a human, on a date. Raises `LawNotFound`, `NotInForce`."""
    book = law_book()
    texts = (book.law(law, on), *book.ordinances(law, municipality, on))
    return frozenset(name for text in texts for name in text.judgements)
