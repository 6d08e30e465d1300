"""Text to tokens (DMN 1.5, section 10.3.1.2). Names stay words here: which words form one name depends on scope."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from vliegwiel.law.feel.errors import FeelError, place

MAX_LENGTH: Final = 20_000

# Name characters as the grammar has them, less the symbols that are also operators; those are glued by the parser.
_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
)
_START += "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\\s\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

_TOKEN: Final = re.compile(
    rf"(?P<skip>[{_SPACE}]+|//[^\n\r]*|/\*.*?\*/)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<name>[{_START}][{_PART}]*)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<symbol>\*\*|<=|>=|!=|\.\.|->|[-+*/=<>()\[\]{},:.?@'])",
    re.DOTALL,
)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)


class Token(NamedTuple):
    """`kind` is number, name, string, symbol or end; `text` as written (for strings: the value)."""

    kind: str
    text: str
    at: int
    end: int


def tokenize(text: str) -> list[Token]:
    """All tokens, closed by an `end` token. Raises `FeelError`."""
    if len(text) > MAX_LENGTH:
        raise FeelError(f"De formule is te lang. Hoogstens {MAX_LENGTH} tekens mag.", 1, 1)
    tokens: list[Token] = []
    position, length = 0, len(text)
    match = _TOKEN.match
    while position < length:
        found = match(text, position)
        if found is None:
            raise FeelError(_unreadable(text, position), *place(text, position))
        kind = found.lastgroup
        end = found.end()
        if kind == "string":
            tokens.append(Token("string", _unescape(text, position, end), position, end))
        elif kind is not None and kind != "skip":
            tokens.append(Token(kind, found.group(), position, end))
        position = end
    tokens.append(Token("end", "", length, length))
    return tokens


def _unreadable(text: str, position: int) -> str:
    if text[position] == '"':
        return "Deze tekst wordt niet afgesloten met een aanhalingsteken."
    if text.startswith("/*", position):
        return "Dit commentaar wordt niet afgesloten met */."
    return f"Het teken '{text[position]}' mag hier niet."


def _unescape(text: str, start: int, end: int) -> str:
    raw = text[start + 1 : end - 1]
    if "\\" not in raw:
        return raw

    def one(found: re.Match[str]) -> str:
        code = found.group(1) or found.group(2)
        if code:
            number = int(code, 16)
            if number > 0x10FFFF:
                raise FeelError("Dit teken bestaat niet.", *place(text, start + 1 + found.start()))
            return chr(number)
        # An unknown escape stays as it is: regular expressions write \d and the like.
        return _ESCAPES.get(found.group(3), found.group(0))

    plain = _ESCAPE.sub(one, raw)
    # Two \u escapes may form one character outside the basic plane.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _SURROGATE.search(plain) else plain


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
