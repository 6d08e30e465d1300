"""Files that people send. What a file is follows from its content, never from its name.

Allowed are the kinds in `KINDS`; a question may allow fewer. A file that is something else than its name says is refused,
and so is one that is too big, empty or found bad by the scanner. Nothing is unpacked or opened here.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import puremagic
from django.conf import settings
from django.utils.module_loading import import_string

from vliegwiel.base.errors import Invalid, InvalidParam, TooLarge

from .freetext import plain_signs


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its word for people, media type and the endings its name may have (the first is used by us)."""

    key: str
    word: str
    media_type: str
    endings: tuple[str, ...]


KINDS = {
    kind.key: kind
    for kind in (
        FileKind("pdf", "PDF", "application/pdf", (".pdf",)),
        FileKind("jpg", "JPG", "image/jpeg", (".jpg", ".jpeg", ".jfif", ".jpe")),
        FileKind("png", "PNG", "image/png", (".png",)),
        FileKind("heic", "HEIC", "image/heic", (".heic", ".heif")),
        FileKind(
            "docx",
            "Word",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            (".docx",),
        ),
    )
}
ALL_KINDS = tuple(KINDS)

Scanner = Callable[[bytes], str]
"""Gets the content, returns "" when nothing bad was found, else a word for the log. Named by settings.UPLOAD_SCANNER."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?\"<>|]")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that was found good. `name` is safe to show and to save under."""

    name: str
    kind: FileKind
    content: bytes
    sha256: str

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


def accept(
    field: str, name: str, content: BinaryIO, *, kinds: Sequence[str] = ALL_KINDS, limit: int | None = None
) -> Accepted:
    """Read and check one file. `limit` in bytes, never more than settings.UPLOAD_LIMIT.

    Raises `TooLarge` or `Invalid` (on `field`) with a sentence that says what to do.
    """
    most = min(limit or settings.UPLOAD_LIMIT, settings.UPLOAD_LIMIT)
    data = content.read(most + 1)
    shown = safe_name(name)
    if len(data) > most:
        sentence = f"Het bestand {shown} is te groot. Een bestand mag hoogstens {most // (1 << 20)} MB zijn."
        raise TooLarge(sentence, invalid=[InvalidParam(field, "too_large", sentence)])
    if not data:
        raise _refused(field, "empty", f"Het bestand {shown} is leeg. Kies een ander bestand.")
    allowed = [KINDS[key] for key in kinds if key in KINDS]
    kind = recognise(data)
    words = _or([k.word for k in allowed])
    if kind is None or kind not in allowed:
        raise _refused(field, "kind", f"Het bestand {shown} kunnen wij niet gebruiken. Stuur een {words}-bestand.")
    ending = _ending(shown)
    if ending and ending not in kind.endings:
        sentence = (
            f"De naam van {shown} klopt niet: het is een {kind.word}-bestand. Geef het de goede naam of kies een ander."
        )
        raise _refused(field, "disguised", sentence)
    if _scan(data):
        raise _refused(field, "unsafe", f"Het bestand {shown} is niet veilig. Kies een ander bestand.")
    stem = shown[: len(shown) - len(ending)]
    return Accepted((stem or "bestand")[:150] + kind.endings[0], kind, data, digest(data))


def recognise(data: bytes) -> FileKind | None:
    """What the content is, or None when it is none of the kinds we know."""
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return KINDS["pdf"]
    if data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data:
        return KINDS["jpg"]
    if (
        data.startswith(b"\x89PNG\r\n\x1a\n")
        and data[12:16] == b"IHDR"
        and data.rstrip(b"\0").endswith(b"IEND\xaeB`\x82")
    ):
        return KINDS["png"]
    if data.startswith(b"PK\x03\x04"):
        return KINDS["docx"] if _is_word(data) else None
    try:
        found = puremagic.from_string(data[:4096], mime=True)
    except (puremagic.PureError, ValueError):
        return None
    return KINDS["heic"] if found in {"image/heic", "image/heif"} and data[4:8] == b"ftyp" else None


def _is_word(data: bytes) -> bool:
    """A Word document without macros. Only the list of names is read; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    macros = any(n.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for n in names)
    return "[Content_Types].xml" in names and "word/document.xml" in names and not macros


def safe_name(name: str) -> str:
    """A file name without folders, control characters or tricks with the direction of reading."""
    base = re.split(r"[/\\]", plain_signs(name))[-1]
    return _CONTROL.sub("", base).strip(" .")[:180] or "bestand"


def _ending(name: str) -> str:
    match = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return match[0].lower() if match else ""


def _or(words: list[str]) -> str:
    """ "PDF-, JPG- of PNG", to be followed by "-bestand"."""
    return "-, ".join(words[:-1]) + "- of " + words[-1] if len(words) > 1 else "".join(words)


def _refused(field: str, code: str, sentence: str) -> Invalid:
    return Invalid(sentence, invalid=[InvalidParam(field, code, sentence)])


def _scan(data: bytes) -> bool:
    path: str = getattr(settings, "UPLOAD_SCANNER", "")
    if not path:
        return False
    scanner: Scanner = import_string(path)
    return bool(scanner(data))


def digest(content: bytes) -> str:
    """SHA-256, in hex."""
    return hashlib.sha256(content).hexdigest()
