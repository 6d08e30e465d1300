"""What the queries of this room return to the desk. The parts shared with the citizen's pages are in `pages`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from .lawpages import Badge, DecisionView, Document, Kind, LawNode, OutcomePart, Pair, Reason, Term, Turn
from .pages import (
    AnswerGroup,
    Choice,
    EntitlementView,
    Event,
    FactGroup,
    Field,
    Milestone,
    Place,
    Question,
    Silent,
)

# -- worklist -----------------------------------------------------------------------------------------------------------


class View(StrEnum):
    """The views everybody has. A team's view is `team` with the team's name in `WorklistFilter.team`."""

    MIJN = "mijn"
    DRINGEND = "dringend"
    TEAM = "team"
    WACHT = "wacht"
    NIEMAND = "niemand"
    ALLES = "alles"
    AFGEROND = "afgerond"


class Sort(StrEnum):
    """Orders of the worklist: tightest deadline first, longest running first, newest first."""

    TERMIJN = "termijn"
    LOOPT = "loopt"
    NIEUW = "nieuw"


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """What the clerk wants to see. Anything outside the clerk's grants simply gives no rows. `turn` None is everybody.

    A `text` searches all cases in sight, closed ones too, whatever the view. `team` empty in the view of a team is the
    clerk's first team.
    """

    view: View = View.MIJN
    text: str = ""
    product: str = ""
    municipality: str = ""
    turn: Turn | None = None
    phase: str = ""
    team: str = ""
    sort: Sort = Sort.TERMIJN
    page: int = 1


class When(StrEnum):
    """The groups of the worklist, in order."""

    TE_LAAT = "te_laat"
    VANDAAG_MORGEN = "vandaag_morgen"
    DEZE_WEEK = "deze_week"
    VOLGENDE_WEEK = "volgende_week"
    LATER = "later"
    GEEN_TERMIJN = "geen_termijn"
    AFGEROND = "afgerond"


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A case in the worklist. `days` is working out the deadline for the eye: negative is late. `version` goes along with
    a bulk action."""

    id: UUID
    version: int
    number: str
    product: str
    product_name: str
    person: str
    place: Place
    badge: Badge
    deadline: date | None
    days: int | None
    group: When
    next_step: str
    turn: Turn
    phase: str
    assignee: str
    assignee_name: str
    team: str
    opened: date
    running_days: int
    closed: date | None
    secret: bool


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """Rows that fall due in the same stretch of time. `count` counts all of them, not only those on this page."""

    when: When
    title: str
    count: int
    rows: tuple[WorkRow, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """A value to filter on, with the number of cases in this view that have it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class WorkView:
    """A view with its count. `saved` is filled for one the clerk saved; `filter` is then what it stands for."""

    key: str
    title: str
    count: int
    current: bool
    saved: UUID | None
    filter: WorklistFilter


@dataclass(frozen=True, slots=True)
class MandateLine:
    """For whom the clerk works: own municipality first, then those that gave a mandate."""

    place: Place
    own: bool
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worklist:
    """One page of the worklist with all counts. `total` counts the view with its filters; `at` is the moment of reading."""

    filter: WorklistFilter
    views: tuple[WorkView, ...]
    groups: tuple[WorkGroup, ...]
    products: tuple[Facet, ...]
    municipalities: tuple[Facet, ...]
    turns: tuple[Facet, ...]
    phases: tuple[Facet, ...]
    teams: tuple[Facet, ...]
    mandates: tuple[MandateLine, ...]
    colleagues: tuple[Colleague, ...]
    total: int
    shown: int
    pages: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a case can be given to, because they have work in the same municipality."""

    subject: str
    name: str
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Cases that were ticked, as they are now, to look over before they are given to somebody. `may_assign`: those that this
    clerk may give to others; the clerk's own can always be taken or laid back."""

    rows: tuple[WorkRow, ...]
    may_assign: frozenset[UUID]
    colleagues: tuple[Colleague, ...]
    teams: tuple[str, ...]


# -- case page ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of the pattern. `state` is done, current, open or skipped."""

    key: str
    title: str
    state: str
    reached: date | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task. `may` says what this clerk can do with it now; `fields` are the questions it wants answered when completed
    (names `taak:<key>`); `blocked` says why it cannot be done yet."""

    id: UUID
    key: str
    title: str
    note: str
    state: str
    optional: bool
    who: str
    due: date | None
    done_at: datetime | None
    done_by: str
    result: str
    fields: tuple[Field, ...]
    blocked: str
    may: bool


@dataclass(frozen=True, slots=True)
class JudgementView:
    """A question the law leaves to a person. Each choice says in its `hint` what the law then says. `criteria` are what to
    look at; `reason_required` is always true where the decision rests on it. `answered` is the value chosen before."""

    key: str
    question: str
    article: str
    criteria: tuple[str, ...]
    choices: tuple[Choice, ...]
    answered: str
    reason: str
    reason_label: str


@dataclass(frozen=True, slots=True)
class OutcomeChoice:
    """An outcome that can be decided. `by_law` marks the one that the law gives; another one is a deviation."""

    key: str
    title: str
    kind: Kind
    by_law: bool


@dataclass(frozen=True, slots=True)
class LawPart:
    """ "Wat zegt de wet?": the verdict in one sentence, the tree, what would change it. `computed` and `micros` say when
    and how fast; `missing` names data without which there is no outcome."""

    outcome: str
    verdict: str
    condition: str
    kind: Kind
    amounts: tuple[Pair, ...]
    parts: tuple[OutcomePart, ...]
    reasons: tuple[Reason, ...]
    tree: tuple[LawNode, ...]
    change: str
    missing: tuple[str, ...]
    unverified: tuple[str, ...]
    computed: datetime
    micros: int
    law_hash: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that waits for a second pair of eyes."""

    task: UUID
    outcome: OutcomeChoice
    by: str
    at: datetime
    deviation: str
    judgements: tuple[Pair, ...]
    may_confirm: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class DecidePart:
    """The panel "Besluiten". `may` false: `why_not` says what must be done first or who may."""

    may: bool
    why_not: str
    judgements: tuple[JudgementView, ...]
    outcomes: tuple[OutcomeChoice, ...]
    may_deviate: bool
    four_eyes: bool
    proposal: Proposal | None
    button: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note of a colleague. The citizen may ask to read it."""

    id: UUID
    by: str
    at: datetime
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """Who the case is about. `secret` is geheimhouding; `warnings` are sentences ("Deze persoon is overleden ...")."""

    name: str
    born: str
    address: str
    bsn: str
    secret: bool
    warnings: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A report to a register that a datum is wrong, and where it stands."""

    id: UUID
    datum: str
    label: str
    register: str
    text: str
    at: datetime
    badge: Badge


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The case before or after this one in the clerk's own list, deadline first."""

    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class May:
    """What this clerk can do with this case now."""

    work: bool
    decide: bool
    assign: bool
    ask: bool
    extend: bool
    withdraw: bool
    reopen: bool
    close: bool
    upload: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case for the clerk: what the law says, on which facts, and what is left to judgement."""

    id: UUID
    version: int
    number: str
    product: str
    product_name: str
    definition: str
    place: Place
    in_mandate: bool
    badge: Badge
    persons: tuple[PersonView, ...]
    phases: tuple[Phase, ...]
    term: Term
    expected: date | None
    turn: Turn
    turn_text: str
    law: LawPart | None
    groups: tuple[FactGroup, ...]
    silent: tuple[Silent, ...]
    answers: tuple[AnswerGroup, ...]
    tasks: tuple[TaskView, ...]
    open_tasks: int
    can_add: tuple[Choice, ...]
    decide: DecidePart
    decisions: tuple[DecisionView, ...]
    entitlements: tuple[EntitlementView, ...]
    questions: tuple[Question, ...]
    documents: tuple[Document, ...]
    notes: tuple[NoteView, ...]
    reports: tuple[Reported, ...]
    milestones: tuple[Milestone, ...]
    timeline: tuple[Event, ...]
    events: int
    chain: str
    assignee: str
    assignee_name: str
    team: str
    opened: datetime
    closed: date | None
    messages: tuple[str, ...]
    withdraw_reasons: tuple[Choice, ...]
    may: May
    before: Neighbour | None
    after: Neighbour | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of the letter: a heading (may be empty), sentences, and lines of a list."""

    heading: str
    text: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """The letter as it will be sent, before anybody signs, and the decision it belongs to."""

    zaak: UUID
    version: int
    outcome: OutcomeChoice
    verdict: str
    deviation: bool
    four_eyes: bool
    paragraphs: tuple[Paragraph, ...]
    objection_until: date | None
    appeal: bool
    button: str
    unverified: tuple[str, ...]
