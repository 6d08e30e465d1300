"""The list of laws and ordinances: what there is, for whom, since when, and how much of it was verified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vliegwiel.base.errors import NotFound
from vliegwiel.base.municipalities import municipality
from vliegwiel.law import LawBook
from vliegwiel.law.model import Text

from ..search import plain
from .names import full_name
from .open_points import Why, points_of


class Standing(StrEnum):
    """Whether a text holds on the date."""

    HOLDS = "geldt"
    LATER = "later"
    ENDED = "afgelopen"


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class LawCard:
    """A law or ordinance in the list: the version that holds on the date, else the one nearest to it.

    `versions` counts all its versions. `unverified` counts facts that nobody checked, `open` the other open points.
    """

    id: str
    name: str
    part: str
    kind: str
    fills: str | None
    fills_name: str
    towns: tuple[Town, ...]
    valid_from: date
    valid_to: date | None
    read: date | None
    standing: Standing
    versions: int
    bwb: str | None
    cvdr: str | None
    url: str
    articles: int
    rules: int
    examples: int
    unverified: int
    open: int

    @property
    def is_ordinance(self) -> bool:
        """Whether a municipality made it."""
        return self.fills is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the list is asked for; empty means all. `checked` is `ja` (all verified) or `nee`."""

    text: str = ""
    kind: str = ""
    town: str = ""
    standing: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The list: what was found, how many there are in all, and what can be chosen."""

    cards: tuple[LawCard, ...]
    total: int
    kinds: tuple[str, ...]
    towns: tuple[Town, ...]

    @property
    def laws(self) -> tuple[LawCard, ...]:
        """National texts."""
        return tuple(card for card in self.cards if not card.is_ordinance)

    @property
    def ordinances(self) -> tuple[LawCard, ...]:
        """Municipal texts."""
        return tuple(card for card in self.cards if card.is_ordinance)


def town(code: str) -> Town:
    """A municipality; its code where the list of municipalities does not know it."""
    try:
        return Town(code, municipality(code).name)
    except NotFound:
        return Town(code, code)


def address(text: Text) -> str:
    """Where the official text is published; empty when its number is not known."""
    if text.bwb:
        return f"https://wetten.overheid.nl/{text.bwb}"
    return f"https://lokaleregelgeving.overheid.nl/{text.cvdr}" if text.cvdr else ""


def versions(book: LawBook, id_: str) -> tuple[Text, ...]:
    """All versions of a law or ordinance, oldest first. Raises `NotFound`."""
    if id_ in book.law_ids:
        return book.versions(id_)
    found = sorted((text for text in book.texts if text.id == id_), key=lambda text: text.validity.van)
    if not found:
        raise NotFound("Deze wet of verordening is er niet.")
    return tuple(found)


def version_on(found: Sequence[Text], on: date) -> Text:
    """The version that holds on a date; else the last one that began before it, else the first."""
    holding = [text for text in found if text.validity.holds(on)]
    earlier = [text for text in found if text.validity.van <= on]
    return (holding or earlier or list(found)[:1])[-1]


def standing_of(text: Text, on: date) -> Standing:
    """Whether it holds on a date."""
    if text.validity.holds(on):
        return Standing.HOLDS
    return Standing.LATER if text.validity.van > on else Standing.ENDED


def card(book: LawBook, found: Sequence[Text], on: date) -> LawCard:
    """One text as a card."""
    text = version_on(found, on)
    points = points_of(book, text, on)
    unverified = sum(point.why is Why.UNVERIFIED for point in points)
    return LawCard(
        id=text.id,
        name=text.name,
        part=text.part,
        kind=text.kind.value,
        fills=text.fills,
        fills_name=full_name(book.versions(text.fills)[-1]) if text.fills else "",
        towns=tuple(town(code) for code in text.gemeenten),
        valid_from=text.validity.van,
        valid_to=text.validity.tot,
        read=text.read,
        standing=standing_of(text, on),
        versions=len(found),
        bwb=text.bwb,
        cvdr=text.cvdr,
        url=address(text),
        articles=len(text.articles),
        rules=len(text.rules) + len(text.filled),
        examples=len(text.examples),
        unverified=unverified,
        open=len(points) - unverified,
    )


def shelf(book: LawBook, on: date, wanted: Wanted) -> Shelf:
    """The list on a date: laws by name, then ordinances by law and municipality."""
    ids = dict.fromkeys(text.id for text in book.texts)
    cards = sorted((card(book, versions(book, id_), on) for id_ in ids), key=_order)
    return Shelf(
        cards=tuple(one for one in cards if _fits(one, wanted)),
        total=len(cards),
        kinds=tuple(dict.fromkeys(one.kind for one in cards)),
        towns=tuple(sorted(_towns(cards), key=lambda one: one.name)),
    )


def _order(one: LawCard) -> tuple[bool, str, str]:
    return one.is_ordinance, (one.fills_name or one.name).casefold(), f"{one.name} {one.part}".casefold()


def _towns(cards: Iterable[LawCard]) -> set[Town]:
    return {found for one in cards for found in one.towns}


def _fits(one: LawCard, wanted: Wanted) -> bool:
    if wanted.text:
        names = (
            one.name,
            one.part,
            one.id,
            one.fills_name,
            one.bwb or "",
            one.cvdr or "",
            *(found.name for found in one.towns),
        )
        there = plain(" ".join(names))
        if not all(word in there for word in plain(wanted.text).split()):
            return False
    if wanted.kind and one.kind != wanted.kind:
        return False
    # A national law holds in every municipality.
    if wanted.town and one.is_ordinance and wanted.town not in {found.code for found in one.towns}:
        return False
    if wanted.standing and one.standing != wanted.standing:
        return False
    return not wanted.checked or (wanted.checked == "ja") == (one.unverified == 0)
