"""A decision of a law on the screen: a table of outcomes, reasons with their article, a trace as a tree; and as JSON."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from vliegwiel.law.decision import Decision, Ground, Outcome, TraceNode
from vliegwiel.law.explaining import Explanation, OutcomeExplanation, Reason, explain
from vliegwiel.law.plain import expected
from vliegwiel.law.tracing import ground_text
from vliegwiel.law.wording import say_date, sentence

from .output import table

_NARROW: Final = 60
_WIDE: Final = 110
_MARKS: Final = {"ja": "✓", "nee": "✗", "onbekend": "?", "waarde": "–", "niets": "–"}


def heading(decision: Decision, place: str | None) -> str:
    """Which law, on which day, where; and the ordinances that were applied."""
    main, *others = decision.texts
    line = f"{main.name}, op {say_date(decision.on)}" + (f", in {place}" if place else "")
    ordinances = [text.name for text in others if text.gemeenten]
    return "\n".join([line, *_wrapped("; ".join(ordinances), "  met ")]) if ordinances else line


# --- decide ----------------------------------------------------------------------------------------------------------


def decided(decision: Decision) -> str:
    """Outcomes, reasons and what is missing."""
    explanation = explain(decision)
    rows = [
        (outcome.label, _value(outcome), _article(outcome.ground, decision)) for outcome in decision.outcomes.values()
    ]
    lines = [table(("uitkomst", "waarde", "artikel"), rows)]
    reasons = [(outcome, outcome.reasons) for outcome in explanation.outcomes if outcome.reasons]
    if reasons:
        lines += ["", "Waarom"]
        for outcome, found in reasons:
            lines += _wrapped(outcome.sentence, "  ")
            for reason in found:
                lines += _reason(reason, "    ", facts=False)
    lines += _needed(decision)
    lines += _open_ends(explanation, ask=False)
    return "\n".join(lines)


def side_by_side(decisions: Sequence[Decision], places: Sequence[str]) -> str:
    """One row for each outcome, one column for each municipality; then what differs in what is missing."""
    names = list(dict.fromkeys(name for decision in decisions for name in decision.outcomes))
    rows = []
    for name in names:
        found = [decision.outcomes.get(name) for decision in decisions]
        label = next(outcome.label for outcome in found if outcome is not None)
        rows.append((label, *(_value(outcome) if outcome is not None else "" for outcome in found)))
    lines = [table(("uitkomst", *places), rows)]
    for decision, place in zip(decisions, places, strict=True):
        explanation = explain(decision)
        lines += ["", place]
        used = [text.name for text in decision.texts if text.gemeenten]
        lines += _wrapped("; ".join(used) if used else "geen eigen verordening: de standaard van de wet", "  ")
        for outcome in explanation.outcomes:
            against = [reason for reason in outcome.reasons if reason.mark in "✗?" or outcome.state == "niets"]
            if against:
                lines += _wrapped(outcome.sentence, "  ")
            for reason in against:
                lines += _reason(reason, "    ", facts=False)
        ends = _needed(decision) + _open_ends(explanation, ask=False)
        lines += [f"  {line}" if line else line for line in ends]
    return "\n".join(lines)


def _value(outcome: Outcome) -> str:
    return outcome.text + ("" if outcome.verified else " *")


def _article(ground: Ground, decision: Decision) -> str:
    """The article; the name of the law only where it is another one."""
    if not ground.article:
        return ""
    return f"artikel {ground.article}" if ground.law == decision.law else ground_text(ground)


def _needed(decision: Decision) -> list[str]:
    """What must still be given, by the name under which the input takes it."""
    if not decision.missing:
        return []
    lines = ["", "Nog nodig"]
    for item in decision.missing:
        lines += _wrapped(f"{item.question} ({expected(item.type)})", f"  {item.name}: ", "      ")
    return lines


def _open_ends(explanation: Explanation, *, ask: bool = True) -> list[str]:
    lines: list[str] = []
    for title, found in (
        ("Nog nodig", explanation.missing if ask else ()),
        ("Een mens beoordeelt", explanation.judgements),
        ("Niet geregeld", explanation.open),
        ("* Nog niet nagekeken door een jurist", explanation.unverified),
    ):
        if found:
            lines += ["", title]
            for said in found:
                lines += _wrapped(said, "  ")
    return lines


# --- explain ---------------------------------------------------------------------------------------------------------


def explained(explanation: Explanation) -> str:
    """The whole explanation, one paragraph for each outcome."""
    lines: list[str] = []
    for outcome in explanation.outcomes:
        lines += _wrapped(outcome.sentence, "")
        lines += _outcome_reasons(outcome)
        lines.append("")
    return "\n".join([*lines[:-1], *_open_ends(explanation)])


def _outcome_reasons(outcome: OutcomeExplanation) -> Iterator[str]:
    for reason in outcome.reasons:
        yield from _reason(reason, "  ", facts=True)
    for number, change in enumerate(outcome.changes):
        start = "Of: de" if number else "De"
        yield from _wrapped(f"{start} uitkomst wordt '{change.becomes}' als dit geldt: {change.text}", "  ")
        if not change.certain:
            yield from _wrapped("Of aan de andere voorwaarden is voldaan, weten we nog niet.", "  ")
    if outcome.article:
        yield from _wrapped(sentence(f"Dit volgt uit {outcome.article}"), "  ")


def _reason(reason: Reason, indent: str, *, facts: bool) -> Iterator[str]:
    article = f" ({reason.article})" if reason.article else ""
    source = f" [{reason.source}]" if reason.source else ""
    star = "" if reason.verified else " *"
    yield from _wrapped(f"{reason.text}{article}{source}{star}", f"{indent}{reason.mark} ")
    if facts:
        for fact in reason.facts:
            yield from _wrapped(f"{fact.label}: {fact.text} [{fact.source}]", f"{indent}    ")
    for below in reason.because:
        yield from _reason(below, f"{indent}  ", facts=facts)


# --- trace -----------------------------------------------------------------------------------------------------------


def traced(decision: Decision) -> str:
    """Every step as a tree."""
    return "\n".join(line for node in decision.trace for line in _tree([node], ""))


def _tree(nodes: Sequence[TraceNode], indent: str, *, inside: bool = False) -> Iterator[str]:
    for number, node in enumerate(nodes, 1):
        last = number == len(nodes)
        branch = ("└─ " if last else "├─ ") if inside else ""
        follow = indent + (("   " if last else "│  ") if inside else "")
        below = follow + ("│  " if node.children else "   ")
        yield from _wrapped(_step(node), indent + branch, below)
        yield from _tree(node.children, follow, inside=True)


def _step(node: TraceNode) -> str:
    value = f": {node.text}" if node.text and node.kind != "tabelregel" else ""
    extra = "; ".join(
        part
        for part in (
            ground_text(node.ground) if node.ground is not None and node.ground.article else "",
            node.source,
            node.note,
            "" if node.verified else "niet nagekeken",
        )
        if part
    )
    return f"{_MARKS[node.state]} {node.label}{value}" + (f"  ({node.kind}; {extra})" if extra else f"  ({node.kind})")


# --- JSON ------------------------------------------------------------------------------------------------------------


def decision_json(decision: Decision) -> dict[str, object]:
    """A decision without its trace. Amounts, dates and durations are text: nothing is rounded."""
    whole: dict[str, object] = json.loads(decision.to_json())
    explanation: dict[str, object] = json.loads(explain(decision).to_json())
    return {
        "law": decision.law,
        "on": decision.on.isoformat(),
        "municipality": decision.gemeente,
        "complete": decision.complete,
        "outcomes": {name: _outcome_json(outcome) for name, outcome in decision.outcomes.items()},
        "reasons": {
            outcome.name: [_reason_json(reason) for reason in outcome.reasons] for outcome in explain(decision).outcomes
        },
        **{key: whole[key] for key in ("missing", "judgements", "scenarios", "unfilled", "unverified", "texts")},
        "changes": dict(_changes(explanation)),
    }


def explanation_json(decision: Decision, *, trace: bool) -> dict[str, object]:
    """The explanation, its text, and the trace when asked for."""
    explanation = explain(decision)
    whole: dict[str, object] = json.loads(explanation.to_json())
    found: dict[str, object] = {
        "law": decision.law,
        "on": decision.on.isoformat(),
        "municipality": decision.gemeente,
        "text": explanation.text,
        **whole,
    }
    if trace:
        found["trace"] = json.loads(decision.to_json())["trace"]
    return found


def _outcome_json(outcome: Outcome) -> dict[str, object]:
    return {
        "label": outcome.label,
        "state": outcome.state,
        "value": outcome.plain,
        "text": outcome.text,
        "article": _ground_json(outcome.ground),
        "verified": outcome.verified,
        "missing": list(outcome.missing),
    }


def _ground_json(ground: Ground) -> dict[str, object]:
    return {
        "law": ground.law, "law_name": ground.law_name, "article": ground.article, "title": ground.title,
        "bwb": ground.bwb, "url": ground.url,
    }  # fmt: skip


def _reason_json(reason: Reason) -> dict[str, object]:
    found: dict[str, object] = {
        "mark": reason.mark, "text": reason.text, "article": reason.article, "url": reason.url,
        "verified": reason.verified,
    }  # fmt: skip
    if reason.source:
        found["source"] = reason.source
    if reason.because:
        found["because"] = [_reason_json(below) for below in reason.because]
    return found


def _changes(explanation: dict[str, object]) -> Iterable[tuple[str, object]]:
    outcomes = explanation["outcomes"]
    assert isinstance(outcomes, list)  # `Explanation.outcomes` is a tuple
    return ((outcome["name"], outcome["changes"]) for outcome in outcomes)


# --- lines -----------------------------------------------------------------------------------------------------------


def _wrapped(text: str, first: str, rest: str | None = None) -> list[str]:
    """Lines no wider than the screen; what follows the first hangs under it."""
    width = min(max(shutil.get_terminal_size((100, 24)).columns, _NARROW), _WIDE)
    follow = " " * len(first) if rest is None else rest
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=follow, break_long_words=False) or [first]
