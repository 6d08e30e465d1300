"""The words of a decision: for the status page and for the letter, from the law's own explanation and the definition's texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from vliegwiel.catalogue.conditions import holds
from vliegwiel.catalogue.model import Outcome, Resolved, Text, find
from vliegwiel.catalogue.typing_in import day_text
from vliegwiel.catalogue.wording import paragraphs, render_known
from vliegwiel.registers.facts import Value

from .assessing import Worked, names_with_results
from .decisioncontent import DecisionChoice, DecisionContent
from .facts import StoredFact, source_label
from .facttext import fact_text
from .labels import field_of, label_of
from .lawpages import Mark, Reason
from .lawview import amounts, parts, reasons, result_texts, unverified
from .letter import Letter, Line, Section
from .letters import MISSING, letter_of, names
from .progress import Case

WHY, AMOUNTS, FACTS, CHANGE = "waarom", "bedragen", "gegevens", "wat_maakt_het_anders"


def content_of(
    case: Case, worked: Worked, facts: Mapping[str, StoredFact], choice: DecisionChoice, objection_until: date | None
) -> DecisionContent:
    """What the decision says, in plain words."""
    resolved, outcome = case.resolved, choice.outcome
    by_law = worked.assessment.outcome == outcome.key
    objection: tuple[str, ...] = ()
    if objection_until is not None and (text := find(resolved.texts, resolved.objection.text)) is not None:
        values = {**names(case.zaak, resolved, facts), "bezwaar_tot": day_text(objection_until)}
        objection = paragraphs(render_known(text, values, MISSING))
    return DecisionContent(
        outcome=outcome.key,
        title=outcome.name,
        kind=outcome.kind,
        sentence=outcome.sentence,
        parts=parts(resolved, worked.assessment) if by_law else (),
        amounts=amounts(resolved, worked.assessment) if by_law and outcome.kind in ("toekennen", "deels") else (),
        reasons=(
            *_judged(case, worked, choice),
            *(reasons(resolved, worked.assessment) if by_law or choice.deviation else ()),
        ),
        change=outcome.change,
        deviation=choice.deviation,
        facts=_facts(resolved, facts),
        unverified=unverified(worked.assessment.decision) if by_law else (),
        objection_until=objection_until,
        objection=objection,
    )


def _judged(case: Case, worked: Worked, choice: DecisionChoice) -> list[Reason]:
    """What a person judged, in the person's own words."""
    articles = {j.name: j.ground for j in worked.assessment.decision.judgements}
    made = []
    for name, (answer, reason) in choice.judgements.items():
        ground = articles.get(name)
        article = f"{ground.law_name}, artikel {ground.article}" if ground else ""
        mark = Mark.NO if answer else Mark.OK
        made.append(Reason(mark if not article else Mark.NONE, reason, "oordeel van de medewerker", article, True))
    return made


def _facts(resolved: Resolved, facts: Mapping[str, StoredFact]) -> tuple[tuple[str, str, str], ...]:
    """Label, value and source of what the decision rests on: what the product shows, and what was answered."""
    shown = {need.key for need in resolved.needs if need.shown}
    contact = {"email", "telefoon"}
    return tuple(
        (label_of(resolved, name), fact_text(fact, field_of(resolved, name)), source_label(fact.source))
        for name, fact in facts.items()
        if (name in shown or not fact.source.isupper()) and name not in contact
    )


def letter_for(
    case: Case, worked: Worked, content: DecisionContent, facts: Mapping[str, StoredFact], outcome: Outcome
) -> Letter:
    """The letter: the blocks that the outcome names, in their order, then the facts it rests on."""
    zaak, resolved = case.zaak, case.resolved
    values = {**names(zaak, resolved, facts), **result_texts(resolved, worked.assessment)}
    if content.objection_until is not None:
        values["bezwaar_tot"] = day_text(content.objection_until)
    known = names_with_results(worked)
    sections: list[Section] = []
    for key in outcome.letter:
        if key == resolved.objection.text:
            continue
        sections += _block(key, content, find(resolved.texts, key), values, known)
    if content.deviation:
        sections.append(Section("Waarom wijken wij af van de uitkomst van de wet?", paragraphs(content.deviation)))
    if FACTS not in outcome.letter and content.facts:
        sections += _block(FACTS, content, None, values, known)
    if content.objection:
        text = find(resolved.texts, resolved.objection.text)
        sections.append(Section(text.title if text else "Bent u het niet eens met dit besluit?", content.objection))
    title = f"{resolved.name}: {outcome.name[:1].lower()}{outcome.name[1:]}"
    return letter_of(zaak, resolved, facts, title, sections, content.unverified)


def _block(
    key: str, content: DecisionContent, text: Text | None, values: Mapping[str, str], known: Mapping[str, Value]
) -> list[Section]:
    """One block of a letter; nothing when it has nothing to say."""
    if text is not None:
        if not holds(text.when, known):
            return []
        return [Section(text.title, paragraphs(render_known(text, values, MISSING)))]
    match key:
        case "waarom":
            lines = tuple(Line(reason.text, _note(reason)) for reason in content.reasons)
            return [Section("Waarom?", lines=lines)] if lines else []
        case "bedragen":
            rows = tuple((pair.label, pair.text, pair.article) for pair in content.amounts)
            return [Section("Bedragen", columns=("Wat", "Bedrag", "Artikel"), rows=rows)] if rows else []
        case "gegevens":
            intro = ("Dit besluit rust op deze gegevens. Klopt er iets niet? Bel ons.",)
            return [
                Section("Welke gegevens hebben wij gebruikt?", intro, (), ("Gegeven", "Waarde", "Van"), content.facts)
            ]
        case "wat_maakt_het_anders" if content.change:
            return [Section("Wat maakt het anders?", (content.change,))]
        case _:
            return []


def _note(reason: Reason) -> str:
    parts_ = [part for part in (reason.source, reason.article) if part]
    if not reason.verified:
        parts_.append("niet nagekeken")
    return "; ".join(parts_)
