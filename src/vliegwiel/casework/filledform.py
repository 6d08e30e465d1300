"""A form as far as it is filled in: which steps and questions there are for this person, what was answered, what is wrong.

Pure. What a register knows is not asked; a question that asks for a datum (`anders_vragen`) appears only when the register
did not give it. Answers are read in the order of the form, so that a condition sees the answers before it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from vliegwiel.catalogue import answers as reading
from vliegwiel.catalogue.answers import Answer, AnswerWrong
from vliegwiel.catalogue.conditions import holds
from vliegwiel.catalogue.known import fields_shown
from vliegwiel.catalogue.known import known as known_names
from vliegwiel.catalogue.model import Document, Field, FieldKind, Resolved, Step
from vliegwiel.registers.facts import Value

DOCUMENTS = "stukken"
Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What must still be done for one question."""

    step: str
    field: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FormStep:
    """A step that is shown, with the questions that are asked in it."""

    key: str
    title: str
    explanation: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class FilledForm:
    """`known` holds facts and answers by the name law and conditions use; `answers` by the key of the field."""

    steps: tuple[FormStep, ...]
    answers: Mapping[str, Answer]
    known: Mapping[str, Value] = field(repr=False)
    wrong: tuple[Wrong, ...]

    def step(self, key: str) -> FormStep | None:
        """The step with this key, or None when it is not shown."""
        return next((step for step in self.steps if step.key == key), None)

    def after(self, key: str) -> FormStep | None:
        """The step after this one, or None when it is the last."""
        keys = [step.key for step in self.steps]
        place = keys.index(key) + 1 if key in keys else 0
        return self.steps[place] if place < len(self.steps) else None

    def wrong_in(self, step: str) -> tuple[Wrong, ...]:
        """What is wrong in one step."""
        return tuple(wrong for wrong in self.wrong if wrong.step == step)

    def field(self, key: str) -> Field | None:
        """A question that is asked, by its key."""
        return next((f for step in self.steps for f in step.fields if f.key == key), None)


@dataclass(slots=True)
class _Reading:
    """What comes out while the form is read from top to bottom."""

    known: dict[str, Value]
    answers: dict[str, Answer] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)


def fill(
    resolved: Resolved,
    facts: Mapping[str, Value],
    typed: Typed,
    uploaded: Mapping[str, int],
    *,
    channel: str,
    done: Collection[str],
    today: date,
) -> FilledForm:
    """Read everything that was typed. `uploaded` counts the files per question; `done` are the steps that were answered:
    what was left empty there is known to be nothing, elsewhere it is not known."""
    start = known_names(resolved, municipality=resolved.municipality, channel=channel, today=today, data=facts)
    reading_ = _Reading(start)
    steps: list[FormStep] = []
    for step in resolved.steps:
        asked = _read_step(resolved, step, reading_, typed, uploaded, step.key in done, today)
        if asked:
            steps.append(FormStep(step.key, step.title, step.explanation, tuple(asked)))
    known, wrong = reading_.known, reading_.wrong
    documents = [document for document in resolved.documents if holds(document.when, known)]
    if documents:
        steps.append(FormStep(DOCUMENTS, "Welke documenten stuurt u mee?", "", tuple(_as_field(d) for d in documents)))
        wrong += [
            Wrong(DOCUMENTS, document.key, "empty", f"Voeg toe: {document.name}.")
            for document in documents
            if document.required and not uploaded.get(document.key)
        ]
    return FilledForm(tuple(steps), reading_.answers, known, tuple(wrong))


def _read_step(
    resolved: Resolved,
    step: Step,
    into: _Reading,
    typed: Typed,
    uploaded: Mapping[str, int],
    done: bool,
    today: date,
) -> list[Field]:
    asked = []
    for one in step.fields:
        if one not in fields_shown(resolved, step, into.known):
            if done:
                _know(one, None, into)
            continue
        asked.append(one)
        if one.kind is FieldKind.BESTAND:
            if reading.is_required(one, into.known) and not uploaded.get(one.key):
                into.wrong.append(Wrong(step.key, one.key, "empty", one.empty or reading.EMPTY[FieldKind.BESTAND]))
            continue
        _read_field(step, one, into, typed.get(one.key, ()), done, today)
    return asked


def _read_field(step: Step, one: Field, into: _Reading, typed: Sequence[str], done: bool, today: date) -> None:
    try:
        answer = reading.read(one, typed, known=into.known, today=today)
    except AnswerWrong as error:
        into.wrong.append(Wrong(step.key, one.key, error.code, error.sentence))
        return
    if answer is not None:
        into.answers[one.key] = answer
        _know(one, reading.as_fact(one, answer, into.known), into)
    elif done:
        _know(one, None, into)


def _know(one: Field, value: Value, into: _Reading) -> None:
    into.known[one.key] = value
    # A question that was not needed, because a register gave the datum, does not take that datum away.
    if value is not None or one.datum not in into.known:
        into.known[one.datum] = value


def _as_field(document: Document) -> Field:
    """A document that is asked, as the question for a file."""
    return Field(
        key=document.key,
        kind=FieldKind.BESTAND,
        label=document.name,
        hint=document.why,
        empty=f"Voeg toe: {document.name}.",
        basis=document.basis,
    )
