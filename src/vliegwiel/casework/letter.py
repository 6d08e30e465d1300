"""Letters as PDF/A-2 with a tagged structure (PDF/UA-1): typeset by Typst from data, never from text pasted into markup.

The template is `letters/brief.typ`. Typst brings its own fonts; Source Sans 3 is used where `make assets` put it. A letter
of one page takes a few milliseconds.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
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


_TRIES = 20
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
INSTEAD = "?"
"""Stands for a sign that no font here has: PDF/A does not allow a sign without a shape."""


def _set(letter: Letter, use: Callable[[typst.Compiler, dict[str, str]], bytes]) -> bytes:
    content: object = msgspec.to_builtins(letter)
    for tries in range(_TRIES + 2):
        data = {"brief": msgspec.json.encode(content).decode()}
        try:
            with _lock:
                return use(_compiler(), data)
        except typst.TypstError as error:
            message = str(error.args[0])
            missing = _NO_GLYPH.search(message)
            if missing is None or tries > _TRIES:
                raise LetterFailed(f"letter for case {letter.number} could not be set: {message[:300]}") from error
            shape = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), missing[1])
            change = _latin_only if tries == _TRIES else partial(_without, shape)
            content = _replaced(content, change)
    raise LetterFailed(f"letter for case {letter.number} has too many signs without a shape")


def _without(shape: str, text: str) -> str:
    return text.replace(shape, INSTEAD)


def _latin_only(text: str) -> str:
    """Every sign that is no Latin letter, digit or common sign gives way."""
    return "".join(sign if sign.isprintable() and ord(sign) < 0x180 else INSTEAD for sign in text)


def _replaced(content: object, change: Callable[[str], str]) -> object:
    if isinstance(content, str):
        return change(content)
    if isinstance(content, dict):
        return {key: _replaced(value, change) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_replaced(value, change) for value in content]
    return content


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
