"""From a draft to the pages of the form. Pure: no queries here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from vliegwiel.base.errors import InvalidParam
from vliegwiel.catalogue import answers as reading
from vliegwiel.catalogue import model
from vliegwiel.catalogue.model import FieldKind, Resolved
from vliegwiel.registers.facts import Value
from vliegwiel.registers.needs import register_texts

from .draftform import CHECK
from .facts import STAFF, StoredFact, by_name, source_label
from .facttext import fact_text
from .filledform import DOCUMENTS, FilledForm, FormStep, Typed
from .gathering import NOT_UNIQUE
from .labels import field_of, label_of
from .models import Draft, DraftUpload
from .pages import Answer, AnswerGroup, Choice, FactGroup, Field, KnownFact, NotAsked, Origin, Silent, Step, Upload
from .uploads import KINDS

AUTOCOMPLETE = {FieldKind.EMAIL: "email", FieldKind.TELEFOON: "tel"}
CHECK_TITLE = "Controleren en versturen"


def origin(fact: StoredFact) -> Origin:
    """The badge of a fact."""
    return Origin(
        source_label(fact.source), fact.moment, self_given=fact.source == "eigen_opgave", verified=not fact.in_doubt
    )


def fact_groups(
    resolved: Resolved, facts: Sequence[StoredFact], reported: Mapping[str, datetime], *, all_facts: bool = False
) -> tuple[FactGroup, ...]:
    """The facts the product shows, by subject and source, in the order of the definition. Staff see all of them."""
    known = by_name(facts)
    groups: dict[tuple[str, str], list[KnownFact]] = {}
    for need in resolved.needs:
        fact = known.get(need.key)
        if fact is None or not (need.shown or all_facts):
            continue
        shown = KnownFact(
            datum=need.key,
            label=need.label,
            text=fact_text(fact),
            origin=origin(fact),
            can_report=True,
            reported=reported.get(need.key),
        )
        groups.setdefault((need.group or "Overig", fact.source), []).append(shown)
    if all_facts:
        by_staff = [fact for fact in known.values() if fact.source == STAFF]
        if by_staff:
            groups[("Ingevuld door de medewerker", STAFF)] = [
                KnownFact(
                    fact.name,
                    label_of(resolved, fact.name),
                    fact_text(fact, field_of(resolved, fact.name)),
                    origin(fact),
                    can_report=False,
                )
                for fact in by_staff
            ]
    return tuple(
        FactGroup(
            title, Origin(source_label(source), max(f.origin.moment for f in found if f.origin.moment)), tuple(found)
        )
        for (title, source), found in groups.items()
    )


def not_asked(resolved: Resolved, facts: Iterable[StoredFact]) -> tuple[NotAsked, ...]:
    """The questions that were spared, with the reason and the source."""
    known = {fact.name: fact for fact in facts if fact.known}
    return tuple(
        NotAsked(need.question, need.why_not or _not_asked_by(need.register), need.register)
        for need in resolved.needs
        if need.question and need.key in known
    )


def _not_asked_by(register: str) -> str:
    return next(
        (text.not_asked for key, text in register_texts().items() if key.value == register), "Staat al in een register"
    )


def silent(registers: Iterable[str], *, sent: bool = False) -> tuple[Silent, ...]:
    """What it means for the person that a register gave nothing (`gathering.silence`)."""
    names = {key.value: text.popular for key, text in register_texts().items()}
    then = "Wij proberen het opnieuw." if sent else "U kunt gewoon verder; wij halen de gegevens later op."
    made = []
    for noted in registers:
        register, _, why = noted.partition("/")
        name = names.get(register, register)
        sentence = f"Wij krijgen nu geen antwoord van {name}. {then}"
        if why:
            what = "meer dan een keer" if why == NOT_UNIQUE else "niet"
            go_on = "" if sent else "U kunt gewoon verder. "
            sentence = f"Dit burgerservicenummer staat {what} in {name}. {go_on}Een medewerker zoekt uit hoe dat komt."
        made.append(Silent(register, sentence, bool(why)))
    return tuple(made)


def steps(form: FilledForm, done: Iterable[str], current: str) -> tuple[Step, ...]:
    """All steps with the check page as the last one. A step can be reached when all before it are done."""
    finished = set(done)
    made: list[Step] = []
    reachable = True
    for number, (key, title) in enumerate([*((s.key, s.title) for s in form.steps), (CHECK, CHECK_TITLE)], 1):
        ok = key in finished and not form.wrong_in(key)
        state = "current" if key == current else "done" if ok else "open"
        made.append(Step(key, title, number, state, reachable))
        reachable = reachable and ok
    return tuple(made)


def first_open(form: FilledForm, done: Iterable[str]) -> str:
    """The step to go on with: the first that is not done or not right any more, else the check page."""
    finished = set(done)
    return next((s.key for s in form.steps if s.key not in finished or form.wrong_in(s.key)), CHECK)


def fields(
    step: FormStep,
    form: FilledForm,
    typed: Typed,
    uploads: Sequence[DraftUpload],
    invalid: Sequence[InvalidParam] = (),
) -> tuple[Field, ...]:
    """The questions of a step as they are shown, with what was typed and what is wrong with it."""
    errors = {param.name: param.reason for param in invalid}
    return tuple(
        field_view(field, form.known, typed.get(field.key, ()), errors.get(field.key, ""), uploads, name=field.key)
        for field in step.fields
    )


def field_view(
    field: model.Field,
    known: Mapping[str, Value],
    values: Sequence[str],
    error: str = "",
    uploads: Sequence[DraftUpload] = (),
    *,
    name: str,
) -> Field:
    """One question. `name` is the name of its field in the HTML form."""
    options = reading.options(field, known) if field.kind in _CHOOSING else ()
    kinds = [KINDS[key] for key in field.documents if key in KINDS]
    return Field(
        key=name,
        kind=field.kind.value,
        label=field.label,
        hint=field.hint,
        why=str(field.basis) if field.basis else "",
        required=reading.is_required(field, known),
        values=tuple(values),
        choices=tuple(Choice(o.value, o.name, o.hint, o.value in values) for o in options),
        unit=field.unit or ("€" if field.kind is FieldKind.GELD else ""),
        autocomplete=AUTOCOMPLETE.get(field.kind, ""),
        accept=",".join(ending for kind in kinds for ending in kind.endings) if field.kind is FieldKind.BESTAND else "",
        uploads=tuple(upload_view(row) for row in uploads if row.field == field.key),
        error=error,
    )


_CHOOSING = (FieldKind.KEUZE, FieldKind.MEERKEUZE, FieldKind.PERSONEN)


def upload_view(row: DraftUpload) -> Upload:
    """A file of a draft."""
    return Upload(row.id, row.field, row.name, row.size, row.media_type, row.added)


def answer_groups(form: FilledForm, uploads: Sequence[DraftUpload]) -> tuple[AnswerGroup, ...]:
    """All answers, step by step, as the person will send them."""
    made = []
    for step in form.steps:
        answers = []
        for field in step.fields:
            files = tuple(upload_view(row) for row in uploads if row.field == field.key)
            given = form.answers.get(field.key)
            text = reading.to_text(field, given, form.known) if given is not None else ""
            if field.kind is FieldKind.BESTAND:
                text = ", ".join(file.name for file in files) or "geen bestand"
            answers.append(Answer(step.key, field.key, field.label, text or "niet ingevuld", files))
        made.append(AnswerGroup(step.key, step.title, tuple(answers)))
    return tuple(made)


def typed_of(draft: Draft) -> Typed:
    """What was typed, as stored."""
    answers: dict[str, list[str]] = draft.answers
    return answers


__all__ = [
    "DOCUMENTS",
    "answer_groups",
    "fact_groups",
    "fields",
    "first_open",
    "not_asked",
    "silent",
    "steps",
    "typed_of",
]
