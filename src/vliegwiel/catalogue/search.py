"""Find a product by what people type: typos, other spellings, parts of words, everyday words for official names.

Pure. Words are brought to one form (`rybewijs` and `rijbewijs` are the same), cut to a stem, and compared with all words that
products are known by; a product scores by how well every typed word is met. Building an index takes a few milliseconds,
asking it less than that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

LONGEST_QUERY = 200
MOST_WORDS = 8
_LEAST_SCORE = 0.55
_NEAR = 76.0
# How people write sounds; both sides are brought to the second form.
_SPELLINGS = (("y", "ij"), ("ei", "ij"), ("au", "ou"), ("ph", "f"), ("ck", "k"), ("qu", "kw"), ("dt", "t"))
_STOP = frozenset(
    (
        "de", "het", "een", "en", "of", "van", "voor", "met", "mijn", "uw", "je", "ik", "wil", "graag", "hoe", "kan", "aan",
        "in", "op", "te", "om", "is", "dat", "die", "dit", "doen", "maken", "willen",
    )
)  # fmt: skip
_SUFFIXES = ("ingen", "ing", "tjes", "tje", "eren", "en", "s", "e")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found: `texts` with their weight (1 is the name itself)."""

    key: str
    texts: tuple[tuple[str, float], ...]
    boost: float = 0.0


def plain(text: str) -> str:
    """Lower case, no accents, one spelling."""
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST_QUERY].casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    for written, same in _SPELLINGS:
        bare = bare.replace(written, same)
    return bare


def words(text: str) -> list[str]:
    """The words of a text in their one form, without those that say nothing."""
    return [word for word in re.findall(r"[a-z0-9]+", plain(text)) if word not in _STOP and len(word) > 1]


def stem(word: str) -> str:
    """A rough Dutch stem: `verhuizing`, `verhuizen` and `verhuis` give the same."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            word = word[: -len(suffix)]
            break
    word = re.sub(r"([bcdfgklmnprstvz])\1$", r"\1", word)
    return re.sub(r"z$", "s", re.sub(r"v$", "f", word))


@dataclass(slots=True)
class Index:
    """All entries, by the words they are known by."""

    entries: tuple[Entry, ...]
    _words: list[str] = field(init=False)
    _postings: dict[str, dict[int, float]] = field(init=False)

    def __post_init__(self) -> None:
        postings: dict[str, dict[int, float]] = {}
        for number, entry in enumerate(self.entries):
            for text, weight in entry.texts:
                for word in words(text):
                    known = postings.setdefault(stem(word), {})
                    known[number] = max(known.get(number, 0.0), weight)
        self._postings = postings
        self._words = list(postings)

    def find(self, text: str, limit: int = 20) -> list[tuple[Entry, float]]:
        """The entries that fit best, with a score from 0 to about 1.2; nothing that does not fit at all."""
        typed = [stem(word) for word in words(text)][:MOST_WORDS]
        if not typed:
            return []
        scores = [self._scores(word) for word in typed]
        found: dict[int, float] = {}
        for number in {n for per_word in scores for n in per_word}:
            met = sum(per_word.get(number, 0.0) for per_word in scores) / len(scores)
            if met >= _LEAST_SCORE:
                found[number] = met + self.entries[number].boost + self._phrase(number, text)
        best = sorted(found.items(), key=lambda pair: (-pair[1], self.entries[pair[0]].key))
        return [(self.entries[number], score) for number, score in best[:limit]]

    def _scores(self, typed: str) -> dict[int, float]:
        """How well one typed word is met, by number of the entry."""
        found: dict[int, float] = {}
        near = process.extract(typed, self._words, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=40)
        close: Iterable[tuple[str, float]] = [(word, ratio / 100) for word, ratio, _ in near]
        for word, likeness in (*close, *self._inside(typed)):
            for number, weight in self._postings[word].items():
                found[number] = max(found.get(number, 0.0), likeness * weight)
        return found

    def _inside(self, typed: str) -> list[tuple[str, float]]:
        """Dutch glues words together: `vergunning` stands in `parkeervergunning`, `rijbew` begins `rijbewijs`."""
        if len(typed) < 3:
            return []
        met = []
        for word in self._words:
            if word.startswith(typed):
                met.append((word, 0.95))
            elif len(typed) >= 5 and typed in word:
                met.append((word, 0.85))
            elif len(word) >= 5 and typed.startswith(word):
                met.append((word, 0.8))
        return met

    def _phrase(self, number: int, text: str) -> float:
        """A little extra when the whole text is nearly the name."""
        likeness = fuzz.ratio(plain(text), plain(self.entries[number].texts[0][0])) / 100
        return 0.1 * likeness if likeness > 0.8 else 0.0


def entry(key: str, name: str, other: Sequence[str], description: str = "", boost: float = 0.0) -> Entry:
    """An entry known by its name, by other words (nearly as good), and by its description (a little)."""
    texts = [(name, 1.0), *((word, 0.97) for word in other)]
    if description:
        texts.append((description, 0.6))
    return Entry(key, tuple(texts), boost)
