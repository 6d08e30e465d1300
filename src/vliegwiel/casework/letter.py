"""Letters as PDF/A-2 with a tagged structure (PDF/UA-1): typeset by Typst from data, never from text pasted into markup.

The template is `letters/brief.typ`. Typst brings its own fonts; Source Sans 3 is used where `make assets` put it. A letter
of one page takes a few milliseconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import typst
from django.conf import settings

TEMPLATE = Path(__file__).parent / "letters" / "brief.typ"


class LetterFailed(RuntimeError):
    """The letter could not be set. A job tries again; the message holds no content of the letter."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list, with a small note after it (source, article)."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (may be empty) with paragraphs, a list and a table (two or more columns)."""

    heading: str
    text: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter. `meta` are pairs of word and value under the address; `unverified` what the letter must admit."""

    title: str
    subject: str
    number: str
    sender: str
    sender_lines: tuple[str, ...]
    addressee: tuple[str, ...]
    meta: tuple[tuple[str, str], ...]
    salutation: str
    sections: tuple[Section, ...]
    closing: tuple[str, ...]
    unverified: tuple[str, ...] = ()


_lock = threading.Lock()
_compilers: list[typst.Compiler] = []


def _compiler() -> typst.Compiler:
    """One compiler for the process: it keeps fonts and the parsed template."""
    if not _compilers:
        fonts = Path(settings.VENDOR_DIR) / "fonts"
        paths = [str(fonts)] if fonts.is_dir() else []
        _compilers.append(typst.Compiler(root=str(TEMPLATE.parent), font_paths=paths, ignore_system_fonts=True))
    return _compilers[0]


def _set(letter: Letter, use: Callable[[typst.Compiler, dict[str, str]], bytes]) -> bytes:
    data = {"brief": msgspec.json.encode(letter).decode()}
    try:
        with _lock:
            return use(_compiler(), data)
    except typst.TypstError as error:
        raise LetterFailed(f"letter for case {letter.number} could not be set: {error.args[0][:300]}") from error


def render(letter: Letter, moment: datetime) -> bytes:
    """The letter as PDF/A-2u. Same letter and moment, same bytes. Raises `LetterFailed`."""

    def use(compiler: typst.Compiler, data: dict[str, str]) -> bytes:
        made = compiler.compile(
            input=str(TEMPLATE),
            format="pdf",
            sys_inputs=data,
            # PDF/A-2u: text can be searched and copied, for ever. PDF/UA-1: a screen reader can follow it.
            pdf_standards=["a-2u", "ua-1"],
            timestamp=int(moment.timestamp()),
        )
        if not isinstance(made, bytes):
            raise LetterFailed("the typesetter gave no single file")
        return made

    return _set(letter, use)
