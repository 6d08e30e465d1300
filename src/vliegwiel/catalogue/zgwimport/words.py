"""From the words of a case type to what they mean: `Informatieverzoek uitgezet` and `Wacht op aanvulling` are one step.

The list of words is content (`definitions/processtappen.yaml`): a functional administrator can add to it. Pure.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from rapidfuzz.distance import OSA

from vliegwiel.base.sourcedecode import load
from vliegwiel.base.sourcemarks import Key, NotEmpty

from ..model.facts import Slug
from ..search import stem, words

DATA = Path(__file__).resolve().parents[2] / "definitions" / "processtappen.yaml"
_COMPOUND = 5
"""From so many letters on, a word counts inside a longer one: Dutch glues words together."""
_KEPT = 512
_MOST_KEPT = 20_000
_TYPO = 7
"""From so many letters on, one letter may be wrong, missing or swapped."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning with the words for it. `weight`: how much it tells about the kind of process, 0 to about 1.5."""

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[str, NotEmpty(), Key("naam")]
    weight: Annotated[str, Key("gewicht")]
    words: Annotated[tuple[str, ...], NotEmpty(), Key("woorden")]


@dataclass(frozen=True, slots=True)
class _File:
    steps: Annotated[tuple[Meaning, ...], Key("stappen"), NotEmpty()]
    results: Annotated[tuple[Meaning, ...], Key("resultaten"), NotEmpty()]
    kinds: Annotated[tuple[Meaning, ...], Key("soorten"), NotEmpty()]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Meanings with their words cut to stems. `weights` and `names` by key."""

    phrases: tuple[tuple[str, tuple[str, ...]], ...]
    long: tuple[tuple[str, str], ...]
    weights: Mapping[str, float]
    names: Mapping[str, str]
    _kept: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def meaning(self, text: str) -> str:
        """The one meaning that a text has; empty for none. The longest phrase counts, then what says most."""
        found = self.meanings(text)
        return found[0] if found else self._mistyped(text)

    def _mistyped(self, text: str) -> str:
        """The meaning of a text in which a long word is one letter off; empty for none."""
        for token in raw_words(text):
            if len(token) >= _TYPO:
                for key, word in self.long:
                    if OSA.distance(token, word, score_cutoff=1) <= 1:
                        return key
        return ""

    def meanings(self, text: str) -> tuple[str, ...]:
        """All meanings of a text, the surest first."""
        kept = self._kept.get(text)
        if kept is None:
            kept = self._found(text)
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[text] = kept
        return kept

    def _found(self, text: str) -> tuple[str, ...]:
        tokens = tokens_of(text)
        scores: dict[str, tuple[int, float, int]] = {}
        for key, phrase in self.phrases:
            places = [_place(part, tokens) for part in phrase]
            if all(place is not None for place in places):
                exact = sum(part in tokens for part in phrase)
                score = (len(phrase), self.weights[key], exact)
                scores[key] = max(scores.get(key, score), score)
        return tuple(sorted(scores, key=lambda key: scores[key], reverse=True))

    def unknown(self, text: str) -> tuple[str, ...]:
        """The words of a text that no meaning has."""
        parts = {part for _, phrase in self.phrases for part in phrase}
        return tuple(token for token in tokens_of(text) if not any(_within(part, token) for part in parts))


def _place(part: str, tokens: tuple[str, ...]) -> int | None:
    return next((n for n, token in enumerate(tokens) if _within(part, token)), None)


def _within(part: str, token: str) -> bool:
    return part == token or (len(part) >= _COMPOUND and part in token)


@functools.lru_cache(maxsize=20_000)
def tokens_of(text: str) -> tuple[str, ...]:
    """The words of a text as stems, without numbers and codes: `B012 - Aanvraag ontvangen` gives two."""
    return tuple(stem(word) for word in raw_words(text))


def raw_words(text: str) -> tuple[str, ...]:
    """The words of a text, whole, without numbers and codes."""
    return tuple(word for word in words(text[:_KEPT].replace("_", " ")) if not re.search(r"[0-9]", word))


def _vocabulary(meanings: Iterable[Meaning]) -> Vocabulary:
    listed = tuple(meanings)
    phrases = tuple((one.key, tokens_of(phrase)) for one in listed for phrase in one.words)
    return Vocabulary(
        phrases=tuple(pair for pair in phrases if pair[1]),
        long=tuple(
            (one.key, whole[0])
            for one in listed
            for phrase in one.words
            if len(whole := raw_words(phrase)) == 1 and len(whole[0]) >= _TYPO
        ),
        weights={one.key: float(one.weight) for one in listed},
        names={one.key: one.name for one in listed},
    )


@functools.cache
def _file() -> _File:
    return load(DATA, _File, DATA.name)


@functools.cache
def steps() -> Vocabulary:
    """Steps: names of statuses, tasks and waits."""
    return _vocabulary(_file().steps)


@functools.cache
def results() -> Vocabulary:
    """How cases end."""
    return _vocabulary(_file().results)


@functools.cache
def kinds() -> Vocabulary:
    """What kind of process a name or a verb speaks of."""
    return _vocabulary(_file().kinds)
