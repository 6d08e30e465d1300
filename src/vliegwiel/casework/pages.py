"""What the queries of this room return: frozen data for pages and APIs, ready to print and nothing to compute.

Texts are Dutch (B1) and already filled in. Dates and moments stay dates and moments, so that a face can write them its
own way; amounts of money are inside texts only where a sentence needs them, otherwise `Decimal` in euros. Nothing here
holds a queryset or a model: a template that prints a page cannot cause a query.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from .lawpages import Badge, DecisionView, Document, Kind, Pair, Reason, Term, Turn


@dataclass(frozen=True, slots=True)
class Place:
    """The municipality a case belongs to."""

    code: str
    name: str
    phone: str
    visiting_address: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a datum comes from: `label` for the badge ("BRP", "eigen opgave"), `self_given` for the other badge colour."""

    label: str
    moment: datetime | None
    self_given: bool = False
    verified: bool = True


# -- known facts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KnownFact:
    """One datum we have. `step` is filled when the person gave it and can change it there; `reported` when somebody said
    it is wrong and we passed that on. `datum` is its name for `report_wrong_datum`."""

    datum: str
    label: str
    text: str
    origin: Origin
    can_report: bool
    step: str | None = None
    reported: datetime | None = None


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts from one source about one subject ("Over u", BRP)."""

    title: str
    origin: Origin
    facts: tuple[KnownFact, ...]


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A question we did not ask, why not, and where the answer came from."""

    question: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A register that gave nothing. `sentence` says what that means for the person and what we do. `answers`: it does, but
    cannot tell who this is."""

    register: str
    sentence: str
    answers: bool = False


# -- the form -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a field."""

    value: str
    label: str
    hint: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with an answer."""

    id: UUID
    field: str
    name: str
    size: int
    media_type: str
    added: datetime


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `kind` is the catalogue's field kind. `values` is what was typed, unchanged, also when it was wrong
    (then `error` says what to do). `why` explains why we ask, with its article where there is one."""

    key: str
    kind: str
    label: str
    hint: str
    why: str
    required: bool
    values: tuple[str, ...]
    choices: tuple[Choice, ...]
    unit: str
    autocomplete: str
    accept: str
    uploads: tuple[Upload, ...]
    error: str

    @property
    def value(self) -> str:
        """The one value of a field that has one; empty when nothing was typed."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the form. `state` is done, current or open."""

    key: str
    title: str
    number: int
    state: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class Indication:
    """What the law says on what is known so far: the outcome's key and words, its reasons, and what would change it."""

    outcome: str
    title: str
    kind: Kind
    sentence: str
    reasons: tuple[Reason, ...]
    change: str


@dataclass(frozen=True, slots=True)
class DraftPage:
    """One step of an application. `version` goes back with the answer. `reference` is what the person reads out on the
    phone. `previous` is the key of the step before this one, or None. `asks` names every field the step may have, also those
    that an answer on the same page brings up."""

    id: UUID
    version: int
    reference: str
    product: str
    product_name: str
    place: Place
    step: Step
    steps: tuple[Step, ...]
    previous: str | None
    intro: str
    groups: tuple[FactGroup, ...]
    silent: tuple[Silent, ...]
    fields: tuple[Field, ...]
    asks: tuple[str, ...]
    aside: tuple[Pair, ...]
    not_asked: tuple[NotAsked, ...]
    purpose: str
    indication: Indication | None
    saved: datetime
    expires: date
    submitted_zaak: UUID | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as the person will see it on the check page."""

    step: str
    field: str
    label: str
    text: str
    uploads: tuple[Upload, ...]


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers of one step."""

    step: str
    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class MissingAnswer:
    """What must still be answered before the application can be sent."""

    step: str
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CheckAnswersPage:
    """All answers before sending. `missing` empty means that it can be sent."""

    id: UUID
    version: int
    reference: str
    product: str
    product_name: str
    place: Place
    steps: tuple[Step, ...]
    answers: tuple[AnswerGroup, ...]
    groups: tuple[FactGroup, ...]
    silent: tuple[Silent, ...]
    missing: tuple[MissingAnswer, ...]
    not_asked: tuple[NotAsked, ...]
    aside: tuple[Pair, ...]
    declaration: str
    what_happens: tuple[str, ...]
    button: str
    indication: Indication | None
    saved: datetime
    expires: date
    submitted_zaak: UUID | None


# -- pages of the citizen -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DraftCard:
    """An application that was not sent yet."""

    id: UUID
    product: str
    product_name: str
    place: Place
    step_title: str
    saved: datetime
    expires: date


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case in the list "Mijn zaken". `next_date` is the expected date, or the decision's date when it is over."""

    id: UUID
    number: str
    product_name: str
    place: Place
    badge: Badge
    sentence: str
    turn: Turn
    todo: int
    opened: date
    next_date: date | None
    closed: date | None


@dataclass(frozen=True, slots=True)
class MyCases:
    """Everything a person has running with this municipality, and what is over."""

    running: tuple[CaseCard, ...]
    over: tuple[CaseCard, ...]
    drafts: tuple[DraftCard, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of "Waar staat het?". `state` is done, current or open; `when` is the moment it was reached, `expected` a date."""

    title: str
    note: str
    state: str
    when: datetime | None
    expected: date | None
    link: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something we asked the citizen, still open. Answered with `give_information`."""

    id: UUID
    title: str
    text: str
    asked: datetime
    due: date
    late: bool
    consequence: str
    wants_files: bool


@dataclass(frozen=True, slots=True)
class Todo:
    """Something the citizen must or may do. `question` is filled when it is answered on our own page."""

    title: str
    text: str
    due: date | None
    question: UUID | None
    link: str
    link_text: str


@dataclass(frozen=True, slots=True)
class Event:
    """A line of "Wat er gebeurde". `who` is a function towards citizens, a name towards staff."""

    when: datetime
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class EntitlementView:
    """What a decision gave: a permit, a right, a duty, with its own life."""

    id: UUID
    title: str
    badge: Badge
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class StatusPage:
    """Where a case stands, for the person it is about."""

    id: UUID
    version: int
    number: str
    product: str
    product_name: str
    place: Place
    headline: str
    lead: str
    badge: Badge
    opened: datetime
    closed: date | None
    turn: Turn
    turn_text: str
    turn_note: str
    expected: date | None
    expected_note: str
    term: Term
    milestones: tuple[Milestone, ...]
    todo: tuple[Todo, ...]
    questions: tuple[Question, ...]
    decision: DecisionView | None
    entitlements: tuple[EntitlementView, ...]
    documents: tuple[Document, ...]
    groups: tuple[FactGroup, ...]
    answers: tuple[AnswerGroup, ...]
    not_asked: tuple[NotAsked, ...]
    timeline: tuple[Event, ...]
    contact: str
    team: str
    messages: tuple[str, ...]
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class PreCheck:
    """ "Past dit bij u?", before login: a few questions and, once answered, what the law says on those answers alone.
    Nothing is stored. `complete` is true when all questions that matter were answered without a fault."""

    product: str
    product_name: str
    place: Place
    intro: str
    fields: tuple[Field, ...]
    indication: Indication | None
    complete: bool
    aside: tuple[Pair, ...]
