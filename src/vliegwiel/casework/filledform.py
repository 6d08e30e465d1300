"""A form as far as it is filled in: which steps and questions there are for this person, what was answered, what is wrong.

Pure. What a register knows is not asked; a question that asks for a datum (`anders_vragen`) appears only when the register
did not give it. Answers are read in the order of the form, so that a condition sees the answers before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from vliegwiel.catalogue import answers as reading
from vliegwiel.catalogue.answers import Answer, AnswerWrong
from vliegwiel.catalogue.conditions import holds
from vliegwiel.catalogue.model import Document, Field, FieldKind, Resolved, Step
from vliegwiel.law.feel.values import Value

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


def fill(
    resolved: Resolved, facts: Mapping[str, Value], typed: Typed, uploaded: Mapping[str, int], today: date
) -> FilledForm:
    """Read everything that was typed. `uploaded` counts the files per question."""
    known: dict[str, Value] = dict(facts)
    given: dict[str, Answer] = {}
    wrong: list[Wrong] = []
    steps: list[FormStep] = []
    replaced = {need.ask for need in resolved.needs if need.ask and need.key in facts}
    for step in resolved.steps:
        if not holds(step.when, known):
            continue
        asked = _read_step(step, replaced, known, given, wrong, typed, uploaded, today)
        if asked:
            steps.append(FormStep(step.key, step.title, step.explanation, tuple(asked)))
    documents = [document for document in resolved.documents if holds(document.when, known)]
    if documents:
        fields = tuple(_as_field(document) for document in documents)
        steps.append(FormStep(DOCUMENTS, "Welke documenten stuurt u mee?", "", fields))
        wrong += [
            Wrong(DOCUMENTS, document.key, "empty", f"Voeg toe: {document.name}.")
            for document in documents
            if document.required and not uploaded.get(document.key)
        ]
    return FilledForm(tuple(steps), given, known, tuple(wrong))


def _read_step(
    step: Step,
    replaced: set[str],
    known: dict[str, Value],
    given: dict[str, Answer],
    wrong: list[Wrong],
    typed: Typed,
    uploaded: Mapping[str, int],
    today: date,
) -> list[Field]:
    asked = []
    for one in step.fields:
        if one.key in replaced or not holds(one.when, known):
            continue
        asked.append(one)
        if one.kind is FieldKind.BESTAND:
            if reading.is_required(one, known) and not uploaded.get(one.key):
                wrong.append(Wrong(step.key, one.key, "empty", one.empty or reading.EMPTY[FieldKind.BESTAND]))
            continue
        try:
            answer = reading.read(one, typed.get(one.key, ()), known=known, today=today)
        except AnswerWrong as error:
            wrong.append(Wrong(step.key, one.key, error.code, error.sentence))
            continue
        if answer is not None:
            given[one.key] = answer
            known[one.datum] = reading.as_fact(one, answer, known)
    return asked


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
