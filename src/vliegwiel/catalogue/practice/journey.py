"""What happened to one case, read from the open part of its events: no person, no text.

The kinds are those that the room of cases writes in the ledger (a floor above; a test holds the two equal).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from vliegwiel.base.clock import local
from vliegwiel.trust.canonical import Json

OPENED: Final = "zaak.geopend"
DECIDED: Final = "besluit.genomen"
CLOSED: Final = "zaak.afgesloten"
WITHDRAWN: Final = "zaak.ingetrokken"
ASKED: Final = "informatie.gevraagd"
LATE: Final = "termijn.verstreken"
STOOD_STILL: Final = frozenset(("informatie.gegeven", "termijn.hervat"))
STAFF: Final = "medewerker"

SITTING: Final = timedelta(minutes=30)
"""Two acts of one person on one case with less between them are one sitting."""
AROUND: Final = 2.0
"""Minutes counted for what nobody sees of a sitting: reading before the first act. An assumption, the same for all."""
LONGEST_STAY: Final = 5_000
"""Events of one case that are looked at: no case has so many."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, as far as it stands in the open."""

    zaak: UUID
    kind: str
    at: datetime
    actor_kind: str
    actor_id: str
    payload: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Journey:
    """One case. `days` from receipt to the first decision (calendar, with fractions), without the days on which it stood still;
    None while it is not decided. `in_term`: decided in the legal term; None where that is not known. `minutes`: at least so long
    somebody was at work on it in the system; None where nobody was."""

    product: str
    definition: str
    channel: str
    judgement: bool
    received: date
    days: float | None
    in_term: bool | None
    asked: int
    withdrawn: bool
    automatic: bool
    outcome: str
    minutes: float | None
    objects_to: tuple[str, str] | None = None

    @property
    def kind(self) -> str:
        """The kind of case: what a municipality has no hand in."""
        return f"{self.channel}|{'oordeel' if self.judgement else 'regel'}"

    @property
    def open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.days is None and not self.withdrawn


def journeys(happenings: Iterable[Happening]) -> Iterator[Journey]:
    """Each case whose opening is among the events. They come case by case, each in order of time."""
    gathered: list[Happening] = []
    for one in happenings:
        if gathered and gathered[0].zaak != one.zaak:
            if (found := journey(gathered)) is not None:
                yield found
            gathered = []
        if len(gathered) < LONGEST_STAY:
            gathered.append(one)
    if gathered and (found := journey(gathered)) is not None:
        yield found


@dataclass(slots=True)
class _Read:
    decided: Happening | None = None
    closed: Happening | None = None
    withdrawn: bool = False
    asked: int = 0
    still: float = 0.0
    late: bool = False
    acts: list[tuple[str, datetime]] = field(default_factory=list)


def journey(events: Sequence[Happening]) -> Journey | None:
    """One case; None where its opening is missing."""
    opened = next((one for one in events if one.kind == OPENED), None)
    if opened is None:
        return None
    read = _read(events)
    # A report is closed by what became of it, without a decision: that is its answer.
    answer = read.decided or (read.closed if not read.withdrawn else None)
    days = None
    if answer is not None:
        days = max((answer.at - opened.at).total_seconds() / 86_400 - read.still, 0.0)
    return Journey(
        product=_text(opened, "zaaktype"),
        definition=_text(opened, "definitie"),
        channel=_text(opened, "kanaal") or "onbekend",
        judgement=opened.payload.get("oordeel") is True,
        received=local(opened.at).date(),
        days=days,
        in_term=_in_term(answer, read.late),
        asked=read.asked,
        withdrawn=read.withdrawn and read.decided is None,
        automatic=answer is not None and answer.payload.get("automatisch") is True,
        outcome=(_text(answer, "uitkomst") or _text(answer, "resultaat")) if answer is not None else "",
        minutes=minutes_of(read.acts),
        objects_to=_over(opened),
    )


def _read(events: Iterable[Happening]) -> _Read:
    read = _Read()
    for one in events:
        if one.actor_kind == STAFF and one.actor_id:
            read.acts.append((one.actor_id, one.at))
        match one.kind:
            case "besluit.genomen":
                read.decided = read.decided or one
            case "zaak.afgesloten":
                read.closed = read.closed or one
            case "zaak.ingetrokken":
                read.withdrawn = True
            case "informatie.gevraagd":
                read.asked += 1
            case "termijn.verstreken" if read.decided is None:
                read.late = True
            case kind if kind in STOOD_STILL and read.decided is None:
                still = one.payload.get("dagen_stil")
                read.still += still if isinstance(still, int) and not isinstance(still, bool) and still > 0 else 0
    return read


def _in_term(answer: Happening | None, late: bool) -> bool | None:
    if late:
        return False
    if answer is None:
        return None
    deadline = _text(answer, "uiterlijk")
    try:
        return local(answer.at).date() <= date.fromisoformat(deadline) if deadline else None
    except ValueError:
        return None


def _over(opened: Happening) -> tuple[str, str] | None:
    over = opened.payload.get("over")
    if not isinstance(over, Mapping):
        return None
    product, definition = over.get("zaaktype"), over.get("definitie")
    return (product, definition) if isinstance(product, str) and isinstance(definition, str) else None


def _text(one: Happening, name: str) -> str:
    value = one.payload.get(name)
    return value if isinstance(value, str) else ""


def minutes_of(acts: Sequence[tuple[str, datetime]]) -> float | None:
    """At least how long people were at work: per person the time between acts of one sitting, and `AROUND` for each sitting."""
    by_person: dict[str, list[datetime]] = {}
    for who, at in acts:
        by_person.setdefault(who, []).append(at)
    total = 0.0
    for moments in by_person.values():
        moments.sort()
        total += AROUND
        for before, after in pairwise(moments):
            gap = after - before
            total += gap.total_seconds() / 60 if gap <= SITTING else AROUND
    return total if by_person else None
