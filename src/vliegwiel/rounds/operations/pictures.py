"""Pictures that drivers send: what a file is follows from its content, never from its name."""

from __future__ import annotations

from typing import Final

from vliegwiel.base.errors import Invalid, InvalidParam, TooLarge

LARGEST: Final = 8 << 20
_STARTS: Final = ((b"\xff\xd8\xff", ".jpg"), (b"\x89PNG\r\n\x1a\n", ".png"), (b"RIFF", ".webp"))
TYPES: Final = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def accepted(content: bytes) -> str:
    """The ending that belongs to a picture. Raises `TooLarge` (8 MB) and `Invalid` for what is no JPEG, PNG or WebP."""
    if len(content) > LARGEST:
        raise TooLarge("Een foto mag hoogstens 8 MB zijn.")
    for start, ending in _STARTS:
        if content.startswith(start) and (ending != ".webp" or content[8:12] == b"WEBP"):
            return ending
    reason = "Stuur een foto als JPG, PNG of WebP."
    raise Invalid(reason, invalid=[InvalidParam("foto", "kind", reason)])
