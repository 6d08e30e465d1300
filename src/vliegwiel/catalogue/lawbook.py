"""The law that comes with the platform, read once and read again when a file changes."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vliegwiel.law import LawBook
from vliegwiel.law.decision import Kind

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
    """The data that a law takes on a date, with the laws it uses and the ordinances of a municipality.

    Raises `LawNotFound`, `NotInForce`, `LawFault`.
    """
    return _given(law, municipality, on, "gegeven")


def judgement_names(law: str, municipality: str | None, on: date) -> frozenset[str]:
    """The names of what a law (with the laws it uses) leaves to the judgement of a human, on a date.

    Raises `LawNotFound`, `NotInForce`, `LawFault`.
    """
    return _given(law, municipality, on, "oordeel")


def _given(law: str, municipality: str | None, on: date, kind: Kind) -> frozenset[str]:
    program = law_book().program(law, on, municipality)
    return frozenset(name for name, key in program.inputs.items() if program.units[key].kind == kind)
