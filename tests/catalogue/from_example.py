"""A whole case out of an example of a product: what the registers say, what is typed, what clerk and judge answer.

The example is the only source. What it does not say gets the first answer that can be given; where the outcome hangs on a
judgement, the answer that gives the expected outcome.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from tests.casework.conftest import BSN, RegistersSay, clerk, person
from vliegwiel.base.clock import set_to
from vliegwiel.base.errors import Conflict, Invalid
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import gathering, queries
from vliegwiel.casework.actions import anonymous, cases, decisions, drafts, information, tasks
from vliegwiel.casework.actions.decisions import DecisionInput, Judgement
from vliegwiel.casework.draftform import level_for
from vliegwiel.casework.events import WITHOUT_LOGIN
from vliegwiel.casework.filledform import DOCUMENTS, fill
from vliegwiel.casework.models import Zaak
from vliegwiel.casework.timers import guard
from vliegwiel.catalogue.answers import options
from vliegwiel.catalogue.assess import Branch
from vliegwiel.catalogue.check.examples import run_example
from vliegwiel.catalogue.examples import facts_of
from vliegwiel.catalogue.model import Example, FieldKind, Resolved, by_key
from vliegwiel.catalogue.model import Field as Question
from vliegwiel.registers.addresses import Address
from vliegwiel.registers.facts import Value
from vliegwiel.trust.identity import Anonymous, Citizen, Level, Staff, System

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
MOST_ROUNDS = 60
LONG_WAIT = timedelta(days=100)
TYPED = {
    FieldKind.TEKST: "Zoals afgesproken",
    FieldKind.LANGE_TEKST: "Wij hebben dit samen zo afgesproken.",
    FieldKind.GETAL: "1",
    FieldKind.GELD: "100",
    FieldKind.EMAIL: "mila@voorbeeld.nl",
    FieldKind.TELEFOON: "06 12 34 56 78",
    FieldKind.KENTEKEN: "16-RSL-9",
    FieldKind.IBAN: "NL91 ABNA 0417 1643 00",
}
"""What people type where the example does not say, by kind of question."""


class Stuck(AssertionError):
    """Nobody can do anything, and the case is not over."""


@dataclass
class Told:
    """An example in one municipality: what is known of it, by the names of law and form."""

    definition: Resolved
    example: Example
    facts: Mapping[str, Value] = field(init=False)
    judged: Mapping[str, bool] = field(init=False)

    def __post_init__(self) -> None:
        self.facts = facts_of(self.definition, self.example, self.definition.municipality)
        found = run_example(self.definition, self.example)
        self.judged = _answers(found.branches, found.conditional_on, self.example.expected.outcome)

    @property
    def municipality(self) -> str:
        """Where it happens."""
        return self.definition.municipality

    @property
    def channel(self) -> str:
        """Along which way it comes in: as the example says, or else the first that there is."""
        keys = [channel.key for channel in self.definition.channels]
        said = str(self.facts["kanaal"])
        return said if said in keys else keys[0]

    def registers(self, say: RegistersSay) -> None:
        """Let the registers say what they say in the example; of the rest they know what they know of anybody."""
        needed = [need.key for need in self.definition.needs]
        anybody = person(self.municipality)
        say.data = {**anybody, **{name: self.facts[name] for name in needed if name in self.facts}}

    def typed(self, question: Question, known: Mapping[str, Value]) -> tuple[str, ...]:
        """What somebody types for a question."""
        value = self.facts.get(question.key, self.facts.get(question.datum))
        if value is None and (question.key in self.facts or question.datum in self.facts):
            return ("",)
        if question.kind is FieldKind.ADRES:
            return ("2312 AB", "4", "", "")
        if question.options_from:
            chosen = value if isinstance(value, tuple) else (value,)
            return tuple(option.value for option in options(question, known) if option.item in chosen)
        if value is not None:
            return _as_typed(value)
        return self._anything(question, known)

    def _anything(self, question: Question, known: Mapping[str, Value]) -> tuple[str, ...]:
        """Something that can be answered, where the example does not say."""
        if question.kind is FieldKind.JA_NEE:
            return ("nee",)
        if question.kind is FieldKind.DATUM:
            return (self.example.on.isoformat(),)
        if question.kind in (FieldKind.KEUZE, FieldKind.MEERKEUZE):
            return (options(question, known)[0].value,)
        return (TYPED[question.kind],)


def _answers(branches: Collection[Branch], open_: Collection[str], wanted: str | None) -> dict[str, bool]:
    """The answer to each open judgement under which the wanted outcome can come about."""
    return {
        name: next((one.answer for one in branches if one.name == name and one.outcome == wanted), False)
        for name in open_
    }


def _as_typed(value: Value) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("ja" if value else "nee",)
    if isinstance(value, Decimal):
        return (f"{value:f}".replace(".", ","),)
    if isinstance(value, date):
        return (value.isoformat(),)
    if isinstance(value, (tuple, list)):
        return tuple(text for item in value for text in _as_typed(item))
    return (str(value),)


def addresses(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """The BAG finds typed addresses in the municipality that the example says, or does not find them at all."""
    towns = [told.facts.get(f"{question.key}.gemeente") for question in told.definition.fields() if question.lookup]
    town = next((str(one) for one in towns if one), "")
    found = Address(
        "", "Dorpsstraat", 4, "", "", "2312AB", "Dorp", town, "", "0546010000000001", "0546200000000001", True
    )
    monkeypatch.setattr(gathering, "find_addresses", lambda *_, **__: (found,) if town else ())


# --- from application to the end -------------------------------------------------------------------------------------------


def resident(told: Told) -> Citizen:
    """Who applies, logged in as well as can be."""
    return Citizen(told.municipality, BSN, Level.HOOG, "Mila Zonneveer")


def apply(told: Told) -> UUID:
    """Apply along the channel of the example; the id of the case. Raises `Conflict` where it belongs elsewhere."""
    key, channel = told.definition.key, told.channel
    if channel == WITHOUT_LOGIN:
        return anonymous.open_anonymous(Anonymous(told.municipality), key, _all_typed(told), about="Dorpsstraat")
    if by_key(told.definition.channels, channel).level is None:
        who = clerk("tess", told.municipality)
        return cases.open_at_desk(who, key, BSN, _all_typed(told), channel=channel)
    who = resident(told)
    assert level_for(told.definition, channel) <= who.level
    draft = drafts.start_draft(who, key, channel=channel)
    try:
        _fill_in(told, who, draft)
        return drafts.submit(who, draft, version=queries.check_answers(who, draft).version)
    except (Conflict, Invalid):
        # What is left open would be taken up by the next one who applies.
        drafts.discard(who, draft)
        raise


def _all_typed(told: Told) -> dict[str, tuple[str, ...]]:
    """Every answer at once, as at a counter; who is asked nothing more has answered all."""
    typed: dict[str, tuple[str, ...]] = {}
    needed = {need.key for need in told.definition.needs}
    data = {name: value for name, value in {**person(told.municipality), **told.facts}.items() if name in needed}
    for _ in range(len(told.definition.steps) + 1):
        form = fill(told.definition, data, typed, {}, channel=told.channel, done=(), today=told.example.on)
        new = {q.key: told.typed(q, form.known) for step in form.steps if step.key != DOCUMENTS for q in step.fields}
        if new.keys() <= typed.keys():
            return typed
        typed.update(new)
    return typed


def _fill_in(told: Told, who: Citizen, draft: UUID) -> None:
    """Answer page after page."""
    step: str | None = queries.draft_page(who, draft).step.key
    known = {**person(told.municipality), **told.facts}
    # An answer can bring another question onto the same page: that one is answered too.
    answers = {q.key: told.typed(q, known) for q in told.definition.fields() if q.kind is not FieldKind.BESTAND}
    while step is not None:
        for shown in queries.draft_page(who, draft, step).fields:
            if shown.kind == FieldKind.BESTAND and not shown.uploads:
                drafts.add_upload(who, draft, shown.key, "bewijs.pdf", io.BytesIO(PDF))
        version = queries.draft_page(who, draft, step).version
        step = drafts.answer(who, draft, step, answers, version=version)


def finish(told: Told, zaak: UUID, day: date) -> Zaak:
    """Do all there is to do, until the case is over. Where only time helps, time passes. Raises `Stuck`."""
    tess, berk = clerk("tess", told.municipality), clerk("berk", told.municipality)
    for _ in range(MOST_ROUNDS):
        with set_to(day):
            row = case_row(told, zaak)
            if row.einddatum is not None:
                return row
            if _do_a_task(told, tess, zaak) or _decide(told, tess, berk, zaak) or _complete(told, tess, row):
                continue
            day += LONG_WAIT
        with set_to(day):
            guard(System(told.municipality, "termijnbewaking"))
            if case_row(told, zaak).version == row.version:
                raise Stuck(f"{row.status}: {row.next_step or 'niets te doen'} ({row.law_says or 'geen uitkomst'})")
    raise Stuck("too many rounds")


def case_row(told: Told, zaak: UUID) -> Zaak:
    """The case as it stands."""
    with scope(told.municipality):
        return Zaak.objects.get(id=zaak)


def _complete(told: Told, who: Staff, row: Zaak) -> bool:
    """Ask for what was not brought to the counter; the applicant sends it."""
    if row.complete or row.waits or not row.bsn:
        return False
    words = {"title": "Wat nog ontbreekt", "text": "Stuur mee wat u aan de balie niet bij u had."}
    question = information.ask(who, row.id, version=row.version, **words)
    information.give_information(
        resident(told), row.id, question, text="Hier is het.", files=[("bewijs.pdf", io.BytesIO(PDF))]
    )
    return True


def _do_a_task(told: Told, who: Staff, zaak: UUID) -> bool:
    page = queries.case_page(who, zaak)
    for task in page.tasks:
        if not task.may or task.optional:
            continue
        questions = by_key(told.definition.process.tasks, task.key).fields if task.fields else ()
        typed = {question.key: told.typed(question, told.facts) for question in questions}
        tasks.complete(who, task.id, version=page.version, typed=typed)
        return True
    return False


def _decide(told: Told, who: Staff, second: Staff, zaak: UUID) -> bool:
    page = queries.case_page(who, zaak)
    if not page.decide.may:
        return False
    judgements = {
        one.key: Judgement("ja" if _judged(told, one.key) else "nee", "Dat blijkt uit wat wij hebben gezien.")
        for one in page.decide.judgements
    }
    try:
        decided = decisions.decide(who, zaak, DecisionInput(page.version, judgements))
    except Conflict as refused:
        raise Stuck(refused.sentence) from refused
    if decided.waits_for_second:
        decisions.confirm(second, zaak, version=queries.case_page(who, zaak).version)
    return True


def _judged(told: Told, name: str) -> bool:
    said = told.facts.get(name)
    return said if isinstance(said, bool) else told.judged.get(name, False)
