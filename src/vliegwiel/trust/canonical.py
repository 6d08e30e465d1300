"""One spelling for one value: JSON by RFC 8785 (JCS), so that equal content has equal bytes and one hash.

Numbers are whole and within ±(2^53 - 1), because every reader of JSON holds those exactly; amounts and dates are strings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]

LARGEST = (1 << 53) - 1
DEEPEST = 32


def encode(value: Json) -> bytes:
    """The canonical bytes. Raises `TypeError` for what JSON has no exact form for (floats, dates, decimals), and
    `ValueError` for numbers out of range, text with NUL or a lone surrogate, and nesting over 32 levels."""
    return json.dumps(_ordered(value, 0), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _ordered(value: Json, depth: int) -> Json:
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise ValueError("a number over 2^53 - 1 goes in as text")
        return int(value)
    if isinstance(value, Mapping):
        return {key: _ordered(value[key], depth + 1) for key in _sorted([_text(key) for key in value])}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_ordered(item, depth + 1) for item in value]
    raise TypeError(f"{type(value).__name__} has no place in the ledger; write it as text")


def _sorted(keys: list[str]) -> list[str]:
    """RFC 8785, 3.2.3: properties are sorted by their UTF-16 code units, which for ASCII is the plain order."""
    if all(key.isascii() for key in keys):
        return sorted(keys)
    return sorted(keys, key=lambda key: key.encode("utf-16-be"))


def _text(value: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a key is text, not {type(value).__name__}")
    # PostgreSQL holds no NUL in text, and a lone surrogate has no UTF-8 form.
    if "\x00" in value or not (value.isascii() or _has_utf8(value)):
        raise ValueError("text with a NUL or a lone surrogate")
    return str(value)


def _has_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
