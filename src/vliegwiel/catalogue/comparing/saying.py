"""What a Dutch sentence of a rule says: numbers with their unit, per what, how it is measured, which shape, and the words left.

Small on purpose: enough to tell "hoogstens 250 bezoekers" from "maximaal 75 aanwezigen" (another number) and from "ten hoogste
250 mensen" (other words). What it cannot place stays in `rest`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .words import shapes, ways, with_one_word

_NUMBER_WORDS: Final = {
    word: Decimal(number)
    for number, word in enumerate(
        [
            "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf",
            "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien", "twintig",
        ]
    )
} | {"één": Decimal(1), "anderhalf": Decimal("1.5"), "anderhalve": Decimal("1.5"), "dertig": Decimal(30), "vijftig": Decimal(50),
     "honderd": Decimal(100), "duizend": Decimal(1000)}  # fmt: skip

# A unit as it is written: the unit it is counted in, and how many of those one is. What counts in the same unit is the same
# amount: 36 maanden is drie jaar. Working days and clock hours are units of their own, because the law counts them otherwise.
_UNITS: Final[dict[str, tuple[str, Decimal]]] = {
    name: (unit, Decimal(factor))
    for unit, written in {
        "dag": {"dag": "1", "dagen": "1", "kalenderdag": "1", "kalenderdagen": "1", "week": "7", "weken": "7"},
        "werkdag": {"werkdag": "1", "werkdagen": "1"},
        "uur": {"uur": "1", "uren": "1"},
        "minuut": {"minuut": "1", "minuten": "1"},
        "maand": {"maand": "1", "maanden": "1", "kwartaal": "3", "kwartalen": "3", "halfjaar": "6", "jaar": "12", "jaren": "12"},
        "meter": {"mm": "0.001", "cm": "0.01", "m": "1", "meter": "1", "meters": "1", "km": "1000", "kilometer": "1000"},
        "m²": {"m2": "1", "m²": "1", "vierkante meter": "1"},
        "dB": {"db": "1", "decibel": "1"},
        "euro": {"euro": "1", "eur": "1", "€": "1", "cent": "0.01"},
        "procent": {"%": "1", "procent": "1"},
        "kilo": {"kg": "1", "kilo": "1", "ton": "1000"},
    }.items()
    for name, factor in written.items()
}  # fmt: skip
_UNIT = "|".join(sorted((re.escape(name) for name in _UNITS), key=len, reverse=True))
_NUMBER = r"[0-9]+(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:[.,][0-9]+)?"
_CLOCK = re.compile(
    r"\b([0-2]?[0-9])[.:]([0-5][0-9])(?:\s*uur)?(?![0-9])(?!\s*(?:meter|m\b|km|euro|kg))", re.IGNORECASE
)
_AMOUNT = re.compile(
    rf"(?P<before>€\s*)?(?P<number>{_NUMBER})(?:,-)?\s*(?P<unit>(?:{_UNIT})(?![\w]))?(?:\((?P<weighting>[ac])\))?",
    re.IGNORECASE,
)
_PERIODS: Final = {
    "dag": ("per dag", "dagelijks"), "week": ("per week", "wekelijks"), "maand": ("per maand", "maandelijks"),
    "kwartaal": ("per kwartaal",), "halfjaar": ("per halfjaar", "per half jaar"),
    "jaar": ("per jaar", "jaarlijks", "elk jaar", "ieder jaar"),
    "schooljaar": ("per schooljaar", "elk schooljaar"), "eenmalig": ("eenmalig", "één keer"),
}  # fmt: skip
_ARTICLE = re.compile(
    r"\bartikel(?:en)?\s+[0-9]+[a-z]*(?::[0-9]+[a-z]*)?(?:\.[0-9]+)*|\bart\.\s*[0-9:.a-z]+", re.IGNORECASE
)
_NOT = re.compile(r"\b(?:geen|niet|nooit|zonder|behalve|tenzij)\b", re.IGNORECASE)
_BOUNDS: Final = {
    "hoogstens": "≤",
    "minstens": "≥",
    "minder dan": "<",
    "onder": "<",
    "meer dan": ">",
    "boven": ">",
    "vanaf": "≥",
    "tot": "<",
}
_BOUND = re.compile(r"\b(?:" + "|".join(_BOUNDS) + r")\b", re.IGNORECASE)
# Words that carry no rule: they may come and go.
_SMALL: Final = frozenset(
    [
        "de", "het", "een", "en", "of", "in", "op", "aan", "te", "bij", "van", "voor", "met", "door", "is", "zijn",
        "wordt", "worden", "mag", "mogen", "moet", "moeten", "u", "uw", "wij", "ons", "onze", "er", "dat", "die",
        "dit", "als", "dan", "om", "naar", "uit", "ook", "al", "nog", "per", "kan", "kunnen", "hebt", "heeft",
        "hebben", "staat", "staan", "gaat", "doet", "deze", "daar", "hier", "zo", "maar", "over", "dus", "want",
    ]
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


LONGEST: Final = 20_000
"""Characters that are read: as long as the longest answer anybody may give."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the unit it counts in; `unit` is empty where none stands beside it."""

    number: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says. `rest` are its other words, without order: what nobody placed."""

    quantities: tuple[Quantity, ...]
    periods: frozenset[str]
    ways: frozenset[str]
    shapes: frozenset[str]
    articles: frozenset[str]
    bounds: tuple[str, ...]
    negations: int
    rest: frozenset[str]


def said(text: str, about: str = "") -> Said:
    """Read a sentence. `about` is the subject whose own words count (`words.subjects`). Of a very long text the beginning."""
    text = text[:LONGEST]
    left = with_one_word(_weighted(text), about).lower()
    left, articles = _taken(left, _ARTICLE)
    # A shape is also a word: it is read and stays, so that other words for it were made one word before.
    found_shapes = frozenset(name for name, pattern in shapes() if pattern.search(left))
    found_ways = frozenset(name for name, pattern in ways() if pattern.search(text))
    for _, pattern in ways():
        left = pattern.sub(" ", left)
    left, periods = _periods(left)
    bounds = tuple(sorted(_BOUNDS[found.lower()] for found in _BOUND.findall(left)))
    left = _BOUND.sub(" ", left)
    negations = len(_NOT.findall(left))
    quantities, left = _quantities(left)
    words = content_words(_NOT.sub(" ", left))
    return Said(quantities, periods, found_ways, found_shapes, frozenset(articles), bounds, negations, words)


def content_words(text: str) -> frozenset[str]:
    """The words of a text in small letters that carry something."""
    return frozenset(word for word in _WORD.findall(text) if word not in _SMALL and word not in _UNITS)


def _weighted(text: str) -> str:
    return text.replace("\u00a0", " ").replace("–", "-")


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, list[str]]:
    found = [" ".join(one.split()) for one in pattern.findall(text)]
    return pattern.sub(" ", text), found


def _periods(text: str) -> tuple[str, frozenset[str]]:
    found = set()
    for name, phrases in _PERIODS.items():
        for phrase in phrases:
            pattern = re.compile(rf"\b{phrase}\b")
            if pattern.search(text):
                found.add(name)
                text = pattern.sub(" ", text)
    return text, frozenset(found)


def _quantities(text: str) -> tuple[tuple[Quantity, ...], str]:
    found: list[Quantity] = []

    def clock(match: re.Match[str]) -> str:
        found.append(Quantity(Decimal(int(match[1]) * 60 + int(match[2])), "tijdstip"))
        return " "

    def amount(match: re.Match[str]) -> str:
        unit, factor = _UNITS.get((match["unit"] or "").lower(), ("", Decimal(1)))
        if match["before"]:
            unit, factor = "euro", Decimal(1)
        found.append(Quantity(number_of(match["number"]) * factor, unit))
        return " "

    left = _CLOCK.sub(clock, _with_digits(text))
    left = _AMOUNT.sub(amount, left)
    ordered = sorted(found, key=lambda one: (one.unit, one.number))
    return tuple(Quantity(one.number.normalize(), one.unit) for one in ordered), left


def _with_digits(text: str) -> str:
    """Number words before something that is counted as digits: `drie jaar` is 3 jaar, `een jaar` stays an article."""
    counted = "|".join(word for word in _NUMBER_WORDS if word != "een")
    return re.sub(rf"\b({counted})\b", lambda match: f"{_NUMBER_WORDS[match[1]]:f}", text)


def number_of(written: str) -> Decimal:
    """A number as it stands in a Dutch text: a point before three digits parts thousands, else it is a decimal point."""
    if re.fullmatch(r"[0-9]+(?:\.[0-9]{3})+(?:,[0-9]+)?", written):
        written = written.replace(".", "")
    return Decimal(written.replace(",", "."))
