"""The words that mean the same, and those that show another way of measuring or another shape.

Content, not code: `definitions/gelijke_woorden.yaml`, gathered from what municipalities themselves write.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from vliegwiel.base.sourcedecode import load
from vliegwiel.base.sourcemarks import Key, NotEmpty

from ..library import DEFINITIONS

FILE = DEFINITIONS / "gelijke_woorden.yaml"


@dataclass(frozen=True, slots=True)
class Same:
    """Words that stand for the same thing; `about` limits that to one subject."""

    words: Annotated[tuple[str, ...], Key("woorden"), NotEmpty()]
    about: Annotated[str, Key("bij")] = ""


@dataclass(frozen=True, slots=True)
class WordFile:
    """The file."""

    same: Annotated[tuple[Same, ...], Key("gelijk")]
    ways: Annotated[Mapping[str, tuple[str, ...]], Key("meten")] = field(default_factory=dict)
    shapes: Annotated[Mapping[str, tuple[str, ...]], Key("vorm")] = field(default_factory=dict)
    no_reason: Annotated[tuple[str, ...], Key("geen_reden")] = ()


@functools.cache
def word_file() -> WordFile:
    """The file, read once. Raises `SourceInvalid`."""
    return load(FILE, WordFile)


def subjects() -> tuple[str, ...]:
    """The subjects that have words of their own."""
    return tuple(dict.fromkeys(same.about for same in word_file().same if same.about))


def alternation(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of these phrases as whole words, the longest first, whatever the capitals and the spaces."""
    ordered = sorted({" ".join(phrase.split()) for phrase in phrases}, key=lambda one: (-len(one), one))
    each = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in ordered)
    return re.compile(rf"(?<![\w-])(?:{each})(?![\w-])", re.IGNORECASE)


@functools.cache
def same_words(about: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """How to find words that have others for the same thing, and the one word that stands for all of them."""
    one: dict[str, str] = {}
    for same in word_file().same:
        if not same.about or same.about == about:
            for word in same.words:
                one.setdefault(_folded(word), _folded(same.words[0]))
    return alternation(one), one


@functools.cache
def ways() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The ways of measuring, with how to find each."""
    return tuple((name, alternation(phrases)) for name, phrases in word_file().ways.items())


@functools.cache
def shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The shapes of a scheme, with how to find each."""
    return tuple((name, alternation(phrases)) for name, phrases in word_file().shapes.items())


def _folded(word: str) -> str:
    return " ".join(word.lower().split())


def with_one_word(text: str, about: str = "") -> str:
    """A text in which each word that has others for the same thing is replaced by the first of them."""
    pattern, one = same_words(about)
    return pattern.sub(lambda found: one[_folded(found[0])], text)
