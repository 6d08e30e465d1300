"""What a citizen reads: the check before login, drafts, own cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from vliegwiel.base.clock import today
from vliegwiel.base.errors import InvalidParam, NotFound
from vliegwiel.catalogue import answers as reading
from vliegwiel.catalogue.answers import AnswerWrong
from vliegwiel.catalogue.conditions import holds
from vliegwiel.catalogue.model import Advice, Resolved, find
from vliegwiel.catalogue.pricing import fee
from vliegwiel.catalogue.queries import by_hash, product_for
from vliegwiel.registers.facts import Value
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require_citizen, scope_of

from . import dossierdata, draftpages, hot, statuspage
from .access import own_draft, reach
from .assessing import work_out
from .draftform import CHECK, form_of
from .facts import StoredFact, by_name
from .filledform import FilledForm, FormStep, Typed
from .lawpages import Kind, Mark, Pair, Reason
from .lawview import change, kind_of, reasons
from .models import Draft, DraftUpload, InformationRequest, RegisterReport
from .pages import (
    CheckAnswersPage,
    DraftCard,
    DraftPage,
    Field,
    Indication,
    MissingAnswer,
    MyCases,
    PreCheck,
    StatusPage,
)
from .places import place
from .progress import Case
from .taking import look

_ADVICE_KINDS = {"ja": Kind.OK, "nee": Kind.NO, "let_op": Kind.WARN, "balie": Kind.WARN}


# -- before login -------------------------------------------------------------------------------------------------------


def pre_check(actor: Actor, product: str, typed: Typed | None = None) -> PreCheck:
    """ "Past dit bij u?": the questions and, once answered, the advice. Nothing is kept. Raises `NotFound`."""
    resolved = product_for(actor.municipality, product)
    if resolved.precheck is None:
        raise NotFound("Bij dit product hoeft u vooraf niets na te kijken.")
    known: dict[str, Value] = {"vandaag": today(), "gemeente": actor.municipality}
    fields: list[Field] = []
    right = True
    for question in resolved.precheck.questions:
        if not holds(question.when, known):
            continue
        values = (typed or {}).get(question.key, ())
        error = ""
        try:
            answer = reading.read(question, values, known=known, today=today())
            known[question.key] = reading.as_fact(question, answer, known) if answer is not None else None
        except AnswerWrong as wrong:
            error, right = wrong.sentence, False
        fields.append(
            draftpages.field_view(question, known, values, error if typed is not None else "", name=question.key)
        )
    complete = typed is not None and right
    advice = next((one for one in resolved.precheck.advices if holds(one.when, known)), None) if complete else None
    return PreCheck(
        product=resolved.key,
        product_name=resolved.name,
        place=place(actor.municipality),
        intro=resolved.page.summary,
        fields=tuple(fields),
        indication=_advice(advice) if advice else None,
        complete=complete,
        aside=aside(resolved, {}),
    )


def _advice(advice: Advice) -> Indication:
    article = str(advice.basis) if advice.basis else ""
    verified = advice.basis is None or advice.basis.verified
    why = (Reason(Mark.NONE, advice.sentence, "", article, verified),) if article else ()
    return Indication(advice.key, advice.sentence, _ADVICE_KINDS[advice.kind], advice.do, why, "")


def aside(resolved: Resolved, known: Mapping[str, Value]) -> tuple[Pair, ...]:
    """What it costs and how long it takes, as far as is known."""
    made = []
    if resolved.fee is not None:
        quote = fee(resolved, today(), known or None)
        made.append(Pair("Kosten", quote.text, quote.basis, quote.verified))
    else:
        made.append(Pair("Kosten", "gratis"))
    if resolved.terms.service:
        lead = resolved.terms.service[0]
        made.append(Pair("Klaar", str(lead.span), "", lead.verified))
    basis = resolved.terms.decide.basis
    made.append(Pair("Besluit uiterlijk", f"{resolved.terms.decide.span} na uw aanvraag", str(basis) if basis else ""))
    return tuple(made)


# -- drafts -------------------------------------------------------------------------------------------------------------


def _asks(resolved: Resolved, shown: FormStep) -> tuple[str, ...]:
    """The keys of all questions a step may ask, those of now last."""
    possible = [field.key for step in resolved.steps if step.key == shown.key for field in step.fields]
    return tuple(dict.fromkeys([*possible, *(field.key for field in shown.fields)]))


def draft_page(
    actor: Actor,
    draft_id: UUID,
    step: str | None = None,
    *,
    typed: Typed | None = None,
    invalid: Sequence[InvalidParam] = (),
) -> DraftPage:
    """One step of an application; without `step` the first that is not done. With `typed` and `invalid` what was typed is
    shown again with what is wrong. Raises `NotFound` for a step that is not there."""
    with scope_of(actor):
        draft = own_draft(actor, draft_id)
        uploads = hot.uploads_of(draft.id)
        reported = _reported(draft)
    resolved = by_hash(draft.municipality_id, draft.definition)
    form = form_of(draft, resolved, uploads)
    if typed and step:
        # A question that follows from what was just typed must be there too, or nobody could answer it.
        draft.answers = {**draft.answers, **{field: list(values) for field, values in typed.items()}}
        retyped = form_of(draft, resolved, uploads)
        form = retyped if retyped.step(step) else form
    facts = draft.stored_facts()
    key = step or draftpages.first_open(form, draft.done)
    if key == CHECK and form.steps:
        key = form.steps[-1].key if step is None else key
    shown = form.step(key)
    if shown is None:
        raise NotFound("Deze stap is er niet in uw aanvraag.")
    steps = draftpages.steps(form, draft.done, key)
    number = next(s.number for s in steps if s.key == key)
    values: Typed = {**draftpages.typed_of(draft), **(typed or {})}
    return DraftPage(
        id=draft.id,
        version=draft.version,
        reference=draft.reference,
        product=draft.product,
        product_name=resolved.name,
        place=place(draft.municipality_id),
        step=steps[number - 1],
        steps=steps,
        previous=steps[number - 2].key if number > 1 else None,
        intro=shown.explanation,
        groups=draftpages.fact_groups(resolved, facts, reported) if number == 1 else (),
        silent=draftpages.silent(draft.silent),
        fields=draftpages.fields(shown, form, values, uploads, invalid),
        asks=_asks(resolved, shown),
        aside=aside(resolved, form.known),
        not_asked=draftpages.not_asked(resolved, facts),
        purpose=resolved.processing.purpose,
        indication=indication(resolved, form, facts),
        saved=draft.saved,
        expires=draft.expires,
        submitted_zaak=draft.zaak,
    )


def check_answers(actor: Actor, draft_id: UUID) -> CheckAnswersPage:
    """All answers before sending."""
    with scope_of(actor):
        draft = own_draft(actor, draft_id)
        uploads = hot.uploads_of(draft.id)
        reported = _reported(draft)
    return _check_page(draft, by_hash(draft.municipality_id, draft.definition), uploads, reported)


def _check_page(
    draft: Draft, resolved: Resolved, uploads: Sequence[DraftUpload], reported: dict[str, datetime]
) -> CheckAnswersPage:
    form = form_of(draft, resolved, uploads)
    facts = draft.stored_facts()
    found = indication(resolved, form, facts)
    outcome = find(resolved.outcomes, found.outcome) if found else None
    elsewhere = outcome is not None and outcome.kind == "elders"
    return CheckAnswersPage(
        id=draft.id,
        version=draft.version,
        reference=draft.reference,
        product=draft.product,
        product_name=resolved.name,
        place=place(draft.municipality_id),
        steps=draftpages.steps(form, draft.done, CHECK),
        answers=draftpages.answer_groups(form, uploads),
        groups=draftpages.fact_groups(resolved, facts, reported),
        silent=draftpages.silent(draft.silent),
        missing=tuple(MissingAnswer(w.step, w.field, w.sentence) for w in form.wrong),
        not_asked=draftpages.not_asked(resolved, facts),
        aside=aside(resolved, form.known),
        declaration="Ik heb alles naar waarheid ingevuld.",
        what_happens=_what_happens(resolved),
        button="" if elsewhere else "Versturen",
        indication=found,
        saved=draft.saved,
        expires=draft.expires,
        submitted_zaak=draft.zaak,
    )


def _what_happens(resolved: Resolved) -> tuple[str, ...]:
    decide = resolved.terms.decide
    basis = f" ({decide.basis})" if decide.basis else ""
    made = ["U krijgt meteen een zaaknummer. Daarmee kunt u uw aanvraag volgen."]
    if resolved.terms.service:
        made.append(f"Meestal duurt het {resolved.terms.service[0].span}.")
    made.append(f"Wij besluiten uiterlijk {decide.span} na uw aanvraag{basis}.")
    return tuple(made)


def indication(resolved: Resolved, form: FilledForm, facts: Sequence[StoredFact]) -> Indication | None:
    """What the law says on what is known so far; None while it cannot say anything yet."""
    worked = work_out(resolved, form.known, by_name(facts))
    outcome = find(resolved.outcomes, worked.assessment.outcome or "")
    if outcome is None:
        return None
    judged = " Een medewerker moet nog iets beoordelen." if worked.assessment.conditional_on else ""
    first = (
        outcome.sentence if outcome.kind == "elders" else f"Op wat wij nu weten is de uitkomst: {outcome.name.lower()}."
    )
    return Indication(
        outcome=outcome.key,
        title=outcome.name,
        kind=kind_of(outcome.kind),
        sentence=first + judged,
        reasons=reasons(resolved, worked.assessment),
        change=outcome.change or change(resolved, worked.assessment),
    )


def _reported(draft: Draft) -> dict[str, datetime]:
    rows = RegisterReport.objects.filter(municipality_id=draft.municipality_id, draft=draft.id)
    return dict(rows.values_list("datum", "at"))


# -- own cases ----------------------------------------------------------------------------------------------------------


def my_cases(actor: Actor) -> MyCases:
    """Everything a person has running with this municipality, and what is over."""
    citizen = require_citizen(actor)
    with scope_of(citizen):
        rows = hot.cases_of(citizen.municipality, citizen.bsn)
        asked = InformationRequest.objects.filter(zaak_id__in=[row.id for row in rows], closed__isnull=True)
        todo = dict(asked.values_list("zaak_id").annotate(number=Count("id"))) if rows else {}
        drafts = hot.open_drafts_of(citizen.municipality, citizen.bsn, today())
    cards = [
        statuspage.case_card(Case(row, by_hash(row.municipality_id, row.definition), []), todo.get(row.id, 0))
        for row in rows
    ]
    return MyCases(
        running=tuple(card for card in cards if card.closed is None),
        over=tuple(card for card in cards if card.closed is not None),
        drafts=tuple(_draft_card(draft) for draft in drafts),
    )


def _draft_card(draft: Draft) -> DraftCard:
    resolved = by_hash(draft.municipality_id, draft.definition)
    step = next((s.title for s in resolved.steps if s.key == draft.step), "")
    if draft.step == CHECK:
        step = draftpages.CHECK_TITLE
    first = resolved.steps[0].title if resolved.steps else draftpages.CHECK_TITLE
    return DraftCard(
        draft.id, draft.product, resolved.name, place(draft.municipality_id), step or first, draft.saved, draft.expires
    )


def status_page(actor: Actor, zaak_id: UUID) -> StatusPage:
    """Where an own case stands. Raises `NotFound`."""
    citizen = require_citizen(actor)
    with scope_of(citizen):
        zaak = reach(citizen, zaak_id, Right.ZAAK_LEZEN)
        dossier = dossierdata.read(zaak, to_citizen=True)
        look(citizen, zaak, ["uw zaak"], reason="u bekeek zelf uw zaak")
    return statuspage.status_page(dossier, statuspage.timeline(dossier, to_citizen=True))
