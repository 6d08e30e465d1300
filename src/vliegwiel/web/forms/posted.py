"""What a browser (or something that is none) posted, as texts that nothing later can choke on.

A field may come zero, one or many times, as text or as a file, in any encoding and of any length. What comes out are
texts without control characters, with one kind of newline, in composed Unicode (NFC), as PostgreSQL and everything after it
can hold them. Whether the text is a good answer is for the catalogue to say; here nothing is judged, and nothing that a
person could have meant is lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias, cast

from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

File: TypeAlias = "UploadedFile[bytes]"

# A text field can hold an essay. What is longer was not typed.
LONGEST = 20_000
TOO_LONG = "Maak uw antwoord korter. Wij konden het einde niet bewaren."
MOST_VALUES = 100

# C0 and C1 controls but tab and newline; surrogates; characters that turn the direction of reading of what follows.
_UNWANTED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


def clean(value: str) -> str:
    """One posted text, harmless and otherwise unchanged. Longer than `LONGEST` it is cut."""
    # Cut first: normalising a very long text of combining marks is slow.
    text = value[: LONGEST + 1].replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))[:LONGEST]


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields that were asked for, and only those. `too_long` names the fields of which the end was cut off."""

    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: dict[str, tuple[File, ...]] = field(default_factory=dict)
    too_long: frozenset[str] = frozenset()


def read(request: HttpRequest, keys: Iterable[str]) -> Posted:
    """The answers to the fields `keys`. A field that was not sent has no values (an unchecked box sends nothing)."""
    texts: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[File, ...]] = {}
    too_long = set()
    for key in keys:
        given = [v for v in request.POST.getlist(key) if isinstance(v, str)][:MOST_VALUES]
        texts[key] = tuple(clean(v) for v in given)
        if any(len(v) > LONGEST for v in given):
            too_long.add(key)
        if chosen := tuple(f for f in request.FILES.getlist(key) if isinstance(f, UploadedFile)):
            files[key] = chosen
    return Posted(texts, files, frozenset(too_long))


def stream(file: File) -> BinaryIO:
    """The content of an uploaded file, to be read once."""
    # Django's file behaves as one but does not say so in its type.
    return cast(BinaryIO, file)


def one(request: HttpRequest, key: str) -> str:
    """The single text of a small field outside the form's own questions; empty when absent."""
    value = request.POST.get(key, "")
    return clean(value) if isinstance(value, str) else ""


LONGEST_SOURCE = 1_000_000
"""Characters of a whole definition, as `base.sourcefile` takes it."""


def long(request: HttpRequest, key: str) -> str:
    """The text of a whole file typed in a page, harmless, with one kind of newline and one at its end; empty when absent."""
    value = request.POST.get(key, "")
    text = value[:LONGEST_SOURCE].replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else ""
    made = unicodedata.normalize("NFC", _UNWANTED.sub("", text)).rstrip("\n")
    return f"{made}\n" if made else ""


def version(request: HttpRequest) -> int:
    """The version of what the person saw, from the hidden field. Raises `BadRequest` when somebody changed it."""
    text = one(request, "versie")
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise BadRequest("no version")
    return int(text)


def query(request: HttpRequest, key: str, longest: int = 200) -> str:
    """A text from the address, harmless and short."""
    return clean(request.GET.get(key, ""))[:longest].strip()
