"""What the law said, as pages show it: the tree of reasons, the decisive reasons in sentences, amounts, and what to admit."""

from __future__ import annotations

from collections.abc import Iterator

from vliegwiel.catalogue.assess import Assessment
from vliegwiel.catalogue.conditions import names_used
from vliegwiel.catalogue.model import OutcomeRow, Resolved, find
from vliegwiel.law import Decision, Ground, TraceNode
from vliegwiel.law import Reason as LawReason
from vliegwiel.law.types import YesNo

from .lawpages import Badge, Kind, LawNode, Mark, OutcomePart, Pair, Reason

MOST_REASONS = 12
_STATES = {"ja": Mark.OK, "nee": Mark.NO, "onbekend": Mark.ASK}
KINDS = {
    "toekennen": Kind.OK,
    "deels": Kind.WARN,
    "wachtlijst": Kind.BUSY,
    "weigeren": Kind.NO,
    "elders": Kind.WARN,
    "niet_behandelen": Kind.NO,
    "ingetrokken": Kind.NONE,
}


def kind_of(outcome_kind: str) -> Kind:
    """The colour of a kind of outcome."""
    return KINDS.get(outcome_kind, Kind.NONE)


def article(ground: Ground | None, within: str = "") -> str:
    """Where something stands. The name of the law is left out inside the same law."""
    if ground is None or not ground.article:
        return ground.law_name if ground is not None and ground.law_name != within else ""
    if ground.law_name == within:
        return f"artikel {ground.article}"
    return f"{ground.law_name}, artikel {ground.article}"


def tree(decision: Decision) -> tuple[LawNode, ...]:
    """The whole proof: each result with what it rests on, down to the data and their sources."""
    return tuple(_node(node, "") for node in decision.trace)


def _node(node: TraceNode, within: str) -> LawNode:
    law = node.ground.law_name if node.ground is not None else within
    if len(node.children) == 1 and node.say and node.children[0].say == node.say:
        # A condition that is a rule by itself says the same twice; the rule knows more.
        return _node(node.children[0], within)
    is_datum = node.kind in ("gegeven", "norm", "open term", "oordeel")
    return LawNode(
        mark=_STATES.get(node.state, Mark.NONE) if not is_datum or node.state == "onbekend" else Mark.NONE,
        text=node.say or node.label[:1].upper() + node.label[1:],
        value=node.text if is_datum or not node.say else "",
        source=node.source if node.kind in ("gegeven", "oordeel") else "",
        article=article(node.ground, within),
        verified=node.verified or node.kind == "gegeven",
        children=tuple(_node(child, law) for child in node.children),
    )


def reasons(resolved: Resolved, assessment: Assessment) -> tuple[Reason, ...]:
    """Why: what decided the outcome, in the sentences of the law, each once. Only of the results the outcome hangs on."""
    found: dict[str, Reason] = {}
    if assessment.reason:
        basis = assessment.row.basis if assessment.row is not None else None
        article_ = str(basis) if basis is not None else ""
        found[assessment.reason] = Reason(Mark.NONE, assessment.reason, "", article_, basis is None or basis.verified)
    wanted = _decisive(resolved, assessment.row)
    for outcome in assessment.explanation.outcomes:
        if outcome.name in wanted:
            for reason in outcome.reasons:
                for one in _flat(reason):
                    found.setdefault(one.text, one)
    return tuple(found.values())[:MOST_REASONS]


def _decisive(resolved: Resolved, row: OutcomeRow | None) -> set[str]:
    """The rules that this row of the table of outcomes looks at; where it looks at none, those of the rows before it."""
    rows = resolved.assessment
    before = rows[: rows.index(row)] if row in rows else rows
    for looked_at in ((row,) if row is not None else (), before):
        names = {name for one in looked_at if one.when is not None for name in names_used(one.when.text)}
        if found := {wanted.rule for wanted in resolved.law.rules if wanted.key in names}:
            return found
    return {wanted.rule for wanted in resolved.law.rules if not wanted.amount}


_MARKS = {"✓": Mark.OK, "✗": Mark.NO, "?": Mark.ASK}


def _flat(reason: LawReason) -> Iterator[Reason]:
    sources = ", ".join(dict.fromkeys(fact.source for fact in reason.facts if fact.source))
    yield Reason(_MARKS.get(reason.mark, Mark.NONE), reason.text, sources, reason.article, reason.verified)
    for below in reason.because:
        yield from _flat(below)


def amounts(resolved: Resolved, assessment: Assessment) -> tuple[Pair, ...]:
    """The amounts of the decision, each with its article and whether it was verified."""
    made = []
    for wanted in resolved.law.rules:
        outcome = assessment.decision.outcomes[wanted.rule]
        if wanted.amount and wanted.key in assessment.amounts:
            made.append(Pair(wanted.label or outcome.label, outcome.text, article(outcome.ground), outcome.verified))
    return tuple(made)


def result_texts(resolved: Resolved, assessment: Assessment) -> dict[str, str]:
    """The results of the law in words, by their key in the product, for texts."""
    found = {}
    for wanted in resolved.law.rules:
        outcome = assessment.decision.outcomes[wanted.rule]
        if outcome.known and outcome.state != "niets":
            found[wanted.key] = outcome.text
    return found


def parts(resolved: Resolved, assessment: Assessment) -> tuple[OutcomePart, ...]:
    """The parts of an outcome that is granted for a part: each yes-or-no result under its own badge."""
    outcome = find(resolved.outcomes, assessment.outcome or "")
    if outcome is None or outcome.kind != "deels":
        return ()
    granted = next((one.name for one in resolved.outcomes if one.kind == "toekennen"), "Ja")
    refused = next((one.name for one in resolved.outcomes if one.kind == "weigeren"), "Nee")
    texts = {
        wanted.label: assessment.decision.outcomes[wanted.rule].text
        for wanted in resolved.law.rules
        if assessment.decision.outcomes[wanted.rule].state == "waarde"
    }
    made = []
    for wanted in resolved.law.rules:
        result = assessment.decision.outcomes[wanted.rule]
        if not isinstance(result.type, YesNo) or result.state not in ("ja", "nee") or not wanted.label:
            continue
        yes = result.state == "ja"
        more = next(
            (f"{t[len(wanted.label) :].strip()} {v}" for t, v in texts.items() if t.startswith(wanted.label)), ""
        )
        sentence = f"{more[:1].upper()}{more[1:]}." if yes and more else ""
        made.append(
            OutcomePart(Badge(granted if yes else refused, Kind.OK if yes else Kind.NO), wanted.label, sentence)
        )
    return tuple(made)


def unverified(decision: Decision) -> tuple[str, ...]:
    """The legal facts it rests on that nobody verified, as letters and pages must say."""
    lines = []
    for item in decision.unverified:
        where = article(item.ground)
        note = f" ({item.note})" if item.note else ""
        lines.append(f"{item.label[:1].upper()}{item.label[1:]}{f': {where}' if where else ''}{note}")
    return tuple(dict.fromkeys(lines))


def change(resolved: Resolved, assessment: Assessment) -> str:
    """What would change the outcome, in the words of the law; empty when the law does not say."""
    wanted = _decisive(resolved, assessment.row)
    texts = [
        change.text
        for outcome in assessment.explanation.outcomes
        if outcome.name in wanted
        for change in outcome.changes
    ]
    return " ".join(dict.fromkeys(texts))
