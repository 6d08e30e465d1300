"""Why: a decision in Dutch that a citizen understands, from its trace alone (Awb 3:46-3:47). No language model.

Every claim can be traced back: a reason is a condition, a line of a table or a fact of the trace, with its article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from vliegwiel.law.decision import Decision, Outcome, State, TraceNode
from vliegwiel.law.tracing import ground_text
from vliegwiel.law.types import YesNo
from vliegwiel.law.wording import enumerate_words, sentence

Mark: TypeAlias = Literal["✓", "✗", "?"]

_MARKS: Final[dict[State, Mark]] = {"ja": "✓", "nee": "✗", "onbekend": "?", "waarde": "✓", "niets": "✓"}
_MAX_FACTS: Final = 6
_MAX_DEPTH: Final = 12


class UsedFact(Struct, frozen=True):
    """A fact behind a reason: what, its value in words, and where it came from."""

    name: str
    label: str
    text: str
    source: str
    verified: bool


class Reason(Struct, frozen=True):
    """One reason. `article` is law and article in words; `because` holds the reasons of a rule it rests on."""

    mark: Mark
    text: str
    article: str
    url: str | None
    facts: tuple[UsedFact, ...]
    verified: bool
    because: tuple[Reason, ...] = ()


class Change(Struct, frozen=True):
    """What would have to be different. `alone`: this one change is enough."""

    text: str
    article: str
    alone: bool


class OutcomeExplanation(Struct, frozen=True):
    """One outcome, explained."""

    name: str
    sentence: str
    state: State
    article: str
    url: str | None
    reasons: tuple[Reason, ...]
    changes: tuple[Change, ...]
    verified: bool


class Explanation(Struct, frozen=True):
    """A decision, explained. `missing`, `judgements`, `open` and `unverified` are sentences."""

    outcomes: tuple[OutcomeExplanation, ...]
    missing: tuple[str, ...]
    judgements: tuple[str, ...]
    open: tuple[str, ...]
    unverified: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it as plain text, one thought a line."""
        return "\n".join(_lines(self))

    def to_json(self) -> bytes:
        """The one JSON form: same explanation, same bytes."""
        return msgspec.json.encode(self, order="deterministic")


def explain(decision: Decision) -> Explanation:
    """Explain a decision. Needs nothing but the decision, so a stored one explains itself the same way years later."""
    full = _index(decision.trace)
    return Explanation(
        outcomes=tuple(
            _outcome(outcome, full[(node.kind, node.name)], full)
            for outcome, node in zip(decision.outcomes.values(), decision.trace, strict=True)
        ),
        missing=tuple(_missing(decision)),
        judgements=tuple(_judgements(decision)),
        open=tuple(item.sentence for item in decision.unfilled),
        unverified=tuple(
            sentence(
                f"Niet geverifieerd: {item.label} ({ground_text(item.ground)})"
                + (f", {item.note}" if item.note else "")
                + f". Bron: {item.source}"
            )
            for item in decision.unverified
        ),
    )


_Index: TypeAlias = dict[tuple[str, str], TraceNode]


def _index(trace: Iterable[TraceNode]) -> _Index:
    """Each unit once, in full: the trace shows its parts only where it is met first."""
    found: _Index = {}
    stack = list(trace)
    while stack:
        node = stack.pop()
        key = (node.kind, node.name)
        if key not in found or len(node.children) > len(found[key].children):
            found[key] = node
        stack.extend(node.children)
    return found


# --- outcomes --------------------------------------------------------------------------------------------------------


def _outcome(outcome: Outcome, node: TraceNode, full: _Index) -> OutcomeExplanation:
    reasons = _reasons(node, full, {(node.kind, node.name)}, 0)
    return OutcomeExplanation(
        name=outcome.name,
        sentence=_sentence(outcome, node),
        state=outcome.state,
        article=ground_text(outcome.ground),
        url=outcome.ground.url,
        reasons=tuple(_ordered(reasons, outcome.state)),
        changes=tuple(_changes(node, full)),
        verified=outcome.verified,
    )


def _sentence(outcome: Outcome, node: TraceNode) -> str:
    if node.say:
        return sentence(node.say)
    if outcome.state == "onbekend":
        return sentence(f"{outcome.label}: dat weten we nog niet")
    return sentence(f"{outcome.label}: {outcome.text}")


def _ordered(reasons: list[Reason], state: State) -> list[Reason]:
    """What decided first: for a no the failed conditions, for not known the open ones."""
    if state == "ja":
        return reasons
    rank: dict[Mark, int] = {"✗": 0, "?": 1, "✓": 2} if state != "onbekend" else {"?": 0, "✗": 1, "✓": 2}
    return sorted(reasons, key=lambda reason: rank[reason.mark])


# --- reasons ---------------------------------------------------------------------------------------------------------


def _reasons(node: TraceNode, full: _Index, seen: set[tuple[str, str]], depth: int) -> list[Reason]:
    """The reasons of a rule: its conditions, or the line that matched and what the columns were."""
    if depth > _MAX_DEPTH:
        return []
    found: list[Reason] = []
    for child in node.children:
        if child.kind == "voorwaarde":
            found.append(_condition(child, full, seen, depth))
        elif child.kind == "tabelregel":
            if child.say:
                found.append(_reason(child, sentence(f"Dat is zo omdat {child.say}"), full))
            found.extend(_of_units(child.children, full, seen, depth))
        else:
            found.extend(_of_units((child,), full, seen, depth))
    return found


def _condition(node: TraceNode, full: _Index, seen: set[tuple[str, str]], depth: int) -> Reason:
    """A condition; when it did not hold because of one rule, the reasons of that rule come with it."""
    because: tuple[Reason, ...] = ()
    rules = [child for child in node.children if child.kind == "regel"]
    if node.state != "ja" and len(rules) == 1:
        rule = full.get((rules[0].kind, rules[0].name), rules[0])
        below = _reasons(rule, full, {*seen, (rule.kind, rule.name)}, depth + 1)
        wanted: Mark = "?" if node.state == "onbekend" else "✗"
        because = tuple(reason for reason in below if reason.mark == wanted)
    text = node.say or f"{node.label}: {'dat weten we nog niet' if node.state == 'onbekend' else node.text}"
    return _reason(node, sentence(text), full, because)


def _of_units(nodes: Iterable[TraceNode], full: _Index, seen: set[tuple[str, str]], depth: int) -> Iterator[Reason]:
    """Rules, norms and data that a rule works with, as reasons."""
    for node in nodes:
        key = (node.kind, node.name)
        if key in seen:
            continue
        seen.add(key)
        whole = full.get(key, node)
        if whole.kind == "regel" and any(child.kind == "voorwaarde" for child in whole.children):
            yield from _reasons(whole, full, seen, depth + 1)
        elif whole.kind == "regel" and not whole.say and whole.children and not _is_truth(whole):
            yield _reason(whole, _spelled(whole), full)
            yield from _reasons(whole, full, seen, depth + 1)
        else:
            yield _reason(whole, _spelled(whole), full)


def _is_truth(node: TraceNode) -> bool:
    return node.state in ("ja", "nee")


def _spelled(node: TraceNode) -> str:
    if node.say:
        return sentence(node.say)
    if node.state == "onbekend":
        return sentence(f"{node.label}: dat weten we nog niet")
    return sentence(f"{node.label}: {node.text}")


def _reason(node: TraceNode, text: str, full: _Index, because: tuple[Reason, ...] = ()) -> Reason:
    return Reason(
        mark=_MARKS[node.state],
        text=text,
        article=ground_text(node.ground) if node.ground is not None else "",
        url=node.ground.url if node.ground is not None else None,
        facts=tuple(_facts(node, full)),
        verified=node.verified or node.kind in ("gegeven", "oordeel"),
        because=because,
    )


def _facts(node: TraceNode, full: _Index) -> list[UsedFact]:
    """The facts below a node, nearest first, each once."""
    found: dict[str, UsedFact] = {}
    pending = [node]
    visited: set[tuple[str, str]] = set()
    while pending and len(found) < _MAX_FACTS:
        current = pending.pop(0)
        key = (current.kind, current.name)
        if key in visited:
            continue
        visited.add(key)
        if current.kind in ("gegeven", "oordeel") and current.state != "onbekend":
            found.setdefault(
                current.name, UsedFact(current.name, current.label, current.text, current.source, current.verified)
            )
        pending.extend(full.get((child.kind, child.name), child) for child in current.children)
    return list(found.values())


# --- what would change it --------------------------------------------------------------------------------------------


def _changes(node: TraceNode, full: _Index) -> list[Change]:
    """The conditions that failed nearest to the outcome. With one failed condition and nothing open, that one is enough."""
    failed, unsure = _failed(node, full, set())
    alone = len(failed) == 1 and not unsure
    return [Change(_wish(item), ground_text(item.ground) if item.ground else "", alone) for item in failed]


def _failed(node: TraceNode, full: _Index, seen: set[tuple[str, str]]) -> tuple[list[TraceNode], bool]:
    """The conditions below an outcome that failed, as deep as they are spelled out, and whether something is open."""
    key = (node.kind, node.name)
    if key in seen:
        return [], False
    seen.add(key)
    failed: list[TraceNode] = []
    unsure = False
    for child in node.children:
        whole = full.get((child.kind, child.name), child)
        if child.kind == "voorwaarde":
            unsure = unsure or child.state == "onbekend"
            if child.state == "nee":
                failed.extend(_deepest(child, full, seen))
        elif child.kind == "tabelregel" or (child.kind == "regel" and whole.state != "ja"):
            below, open_below = _failed(whole, full, seen)
            failed.extend(below)
            unsure = unsure or open_below
    return failed, unsure


def _deepest(node: TraceNode, full: _Index, seen: set[tuple[str, str]]) -> list[TraceNode]:
    """A failed condition that is one failed rule: the conditions of that rule say it better."""
    rules = [child for child in node.children if child.kind == "regel"]
    if len(rules) == 1 and len(node.children) == 1 and rules[0].state == "nee":
        below, _ = _failed(full.get((rules[0].kind, rules[0].name), rules[0]), full, seen)
        if below:
            return below
    return [node]


def _wish(node: TraceNode) -> str:
    if node.note:
        return sentence(node.note)
    return sentence(f"Voor '{node.label}' moet het antwoord anders zijn")


# --- the rest --------------------------------------------------------------------------------------------------------


def _missing(decision: Decision) -> list[str]:
    if not decision.missing:
        return []
    return [sentence(f"Wij weten nog niet: {enumerate_words([item.label for item in decision.missing])}")]


def _judgements(decision: Decision) -> list[str]:
    found = [f"Een medewerker beoordeelt nog: {item.question}" for item in decision.judgements]
    for scenario in decision.scenarios:
        answers = enumerate_words(
            [f"'{_question(decision, name)}' is {'ja' if yes else 'nee'}" for name, yes in scenario.answers.items()]
        )
        results = enumerate_words([_result(outcome) for outcome in scenario.outcomes.values()])
        found.append(sentence(f"Als het antwoord op {answers}, dan: {results}"))
    return found


def _question(decision: Decision, name: str) -> str:
    return next((item.question for item in decision.judgements if item.name == name), name)


def _result(outcome: Outcome) -> str:
    if isinstance(outcome.type, YesNo) and outcome.known:
        return f"{outcome.label}: {outcome.text}"
    return f"{outcome.label} {outcome.text}"


def _lines(explanation: Explanation) -> Iterator[str]:
    for outcome in explanation.outcomes:
        yield outcome.sentence
        for reason in outcome.reasons:
            yield from _reason_lines(reason, "")
        if len(outcome.changes) == 1 and outcome.changes[0].alone:
            yield f"De uitkomst is anders als dit geldt: {outcome.changes[0].text}"
        elif outcome.changes:
            yield "De uitkomst kan pas anders zijn als dit allemaal geldt:"
            yield from (f"- {change.text}" for change in outcome.changes)
    yield from explanation.missing
    yield from explanation.judgements
    yield from explanation.open
    yield from explanation.unverified


def _reason_lines(reason: Reason, indent: str) -> Iterator[str]:
    article = f" ({reason.article})" if reason.article else ""
    yield f"{indent}{reason.mark} {reason.text}{article}"
    for fact in reason.facts:
        yield f"{indent}  {fact.label}: {fact.text} [{fact.source}]"
    for below in reason.because:
        yield from _reason_lines(below, indent + "  ")
