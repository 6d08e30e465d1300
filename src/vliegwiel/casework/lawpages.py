"""The parts of pages that tell what the law says, until when, and what was decided. Shared by citizen and desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """Shape and colour of a badge or mark. Never without its word."""

    OK = "ok"
    BUSY = "busy"
    WARN = "warn"
    ERR = "err"
    NO = "no"
    NONE = ""


class Turn(StrEnum):
    """Who must do something now."""

    GEMEENTE = "gemeente"
    INWONER = "inwoner"
    DERDE = "derde"
    NIEMAND = "niemand"


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with a shape and a colour."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Pair:
    """A short term and its value ("Kosten", "€ 53,65"), with its article and whether that was verified."""

    label: str
    text: str
    article: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class TermLine:
    """One line of how a deadline came about, with its article."""

    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Term:
    """A legal deadline. `days_left` is negative when late; `suspended_since` says that the clock stands still now, and
    `stands_until` until when at most. `deadline` is then the latest date it can become."""

    deadline: date | None
    days_left: int | None
    badge: Badge
    sentence: str
    article: str
    lines: tuple[TermLine, ...]
    suspended_since: date | None
    stands_until: date | None
    extended: bool
    may_extend: bool


class Mark(StrEnum):
    """The sign before a line of law."""

    OK = "ok"
    NO = "no"
    ASK = "ask"
    NONE = ""


@dataclass(frozen=True, slots=True)
class LawNode:
    """A line of the explanation: what was asked, what came out, on which source, by which article; then what it rests on."""

    mark: Mark
    text: str
    value: str
    source: str
    article: str
    verified: bool
    children: tuple[LawNode, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in plain words, with its source and article."""

    mark: Mark
    text: str
    source: str
    article: str
    verified: bool


@dataclass(frozen=True, slots=True)
class OutcomePart:
    """A part of a decision that has its own outcome (a category of a licence, a month of an allowance)."""

    badge: Badge
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as the person reads it. `letter` is None while the letter is being made (`letter_sentence` says so)."""

    id: UUID
    number: str
    taken: date
    title: str
    kind: Kind
    sentence: str
    parts: tuple[OutcomePart, ...]
    amounts: tuple[Pair, ...]
    reasons: tuple[Reason, ...]
    change: str
    deviates: str
    by_computer: bool
    letter: Document | None
    letter_sentence: str
    objection_until: date | None
    objection_text: str
    appeal: bool
    unverified: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a case. `sender` says from whom it is ("inwoner", a function, "gemeente"). `ready` is false while a letter
    is still being made; `besluit` is the decision it lays down."""

    id: UUID
    title: str
    sender: str
    received: date
    size: int
    media_type: str
    file_name: str
    ready: bool
    besluit: UUID | None = None
