"""Text of query options cut into words (OData 4.0 part 2, as far as OGC 18-088 uses it)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from vliegwiel.base.errors import Invalid, InvalidParam

LONGEST = 16_000
"""Characters in one query option. Longer is nobody's question."""


class Kind(Enum):
    """What a word is."""

    TEXT = auto()
    SHAPE = auto()
    DURATION = auto()
    MOMENT = auto()
    DAY = auto()
    CLOCK = auto()
    NUMBER = auto()
    OPTION = auto()
    NAME = auto()
    MARK = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it begins (0 is the first character)."""

    kind: Kind
    text: str
    at: int


class QueryInvalid(Invalid):
    """A query option that cannot be read or does not fit the model."""

    code = "invalid_query"


def wrong(option: str, reason: str, at: int | None = None) -> QueryInvalid:
    """The error for a query option; `reason` is a Dutch sentence, `at` the position of the first character that is wrong."""
    place = f" (bij teken {at + 1})" if at is not None else ""
    return QueryInvalid(f"{option}{place}: {reason}", invalid=[InvalidParam(option, "invalid", reason)])


# A plus in an address means a space: a time zone +01:00 that was not escaped arrives as " 01:00".
_ZONE = r"(?:Z|z|[+\- ]\d{2}:?\d{2})"
_MOMENT = rf"\d{{4}}-\d{{2}}-\d{{2}}[Tt]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,12}})?)?{_ZONE}?"
_QUOTED = r"'(?:[^']|'')*'"
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.SHAPE, rf"(?:geography|geometry){_QUOTED}"),
    (Kind.DURATION, rf"duration{_QUOTED}"),
    (Kind.TEXT, _QUOTED),
    (Kind.MOMENT, rf"{_MOMENT}(?:/{_MOMENT})?"),
    (Kind.DAY, r"\d{4}-\d{2}-\d{2}(?![\w.])"),
    (Kind.CLOCK, r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?![\w.])"),
    (Kind.NUMBER, r"\d{1,40}(?:\.\d{1,40})?(?:[eE][+\-]?\d{1,3})?(?![\w])"),
    (Kind.OPTION, r"\$[A-Za-z]{1,20}"),
    (Kind.NAME, r"@?[^\W\d][\w\-]*(?:\.[^\W\d][\w\-]*)*"),
    (Kind.MARK, r"[()/,;=\-]"),
)
_TOKEN = re.compile(r"(?P<SPACE>\s+)|" + "|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in _PATTERNS))


def tokens(text: str, option: str) -> tuple[Token, ...]:
    """The words of one query option, with an END after the last. Raises `QueryInvalid`."""
    if len(text) > LONGEST:
        raise wrong(option, f"dit is te lang: hoogstens {LONGEST} tekens.")
    return tuple(_cut(text, option))


def _cut(text: str, option: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            if text[at] == "'":
                raise wrong(option, "deze tekst heeft geen einde; sluit af met een '.", at)
            raise wrong(option, f"dit teken kan hier niet staan: {text[at]!r}.", at)
        if found.lastgroup != "SPACE":
            yield Token(Kind[found.lastgroup], found.group(), at)
        at = found.end()
    yield Token(Kind.END, "", len(text))
