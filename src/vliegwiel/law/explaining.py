"""Why: a decision in Dutch that a citizen understands, from its trace alone (Awb 3:46-3:47). No language model.

Every claim can be traced back: a reason is a condition, a line of a table or a fact of the trace, with its article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from vliegwiel.law.decision import Change as Other
from vliegwiel.law.decision import Decision, Ground, Outcome, State, TraceNode, Unverified
from vliegwiel.law.tracing import ground_text
from vliegwiel.law.types import Choice
from vliegwiel.law.wording import enumerate_words, sentence

Mark: TypeAlias = Literal["✓", "✗", "?", "–"]

# Data and amounts are neither good nor bad.
_MARKS: Final[dict[State, Mark]] = {"ja": "✓", "nee": "✗", "onbekend": "?", "waarde": "–", "niets": "–"}
_MAX_FACTS: Final = 6
_MAX_DEPTH: Final = 12


class UsedFact(Struct, frozen=True, omit_defaults=True, gc=False):
    """A fact behind a reason: what, its value in words, and where it came from.

    `blank`: no, zero or nothing. The text leaves those out, except where nothing else is under what did not hold.
    """

    name: str
    label: str
    text: str
    source: str
    verified: bool
    blank: bool = False


class Reason(Struct, frozen=True, gc=False):
    """One reason. `article` is law and article in words; `source` is set where the reason is a datum itself; `because` holds
    the reasons of a rule it rests on."""

    mark: Mark
    text: str
    article: str
    url: str | None
    facts: tuple[UsedFact, ...]
    verified: bool
    source: str = ""
    because: tuple[Reason, ...] = ()


class Change(Struct, frozen=True, gc=False):
    """What would have to be so (`text`, in sentences) for the outcome to become `becomes`. It was tried, not guessed.

    `alone`: it is one condition. `certain` is false while other conditions of the same rule are not known yet.
    """

    text: str
    articles: tuple[str, ...]
    becomes: str
    alone: bool
    certain: bool


class OutcomeExplanation(Struct, frozen=True, gc=False):
    """One outcome, explained."""

    name: str
    sentence: str
    state: State
    article: str
    url: str | None
    reasons: tuple[Reason, ...]
    changes: tuple[Change, ...]
    verified: bool


class Explanation(Struct, frozen=True, gc=False):
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
    told = _Told(_index(decision.trace))
    outcomes: list[OutcomeExplanation] = []
    for name, node in zip(decision.wanted, decision.trace, strict=True):
        others = decision.changes.get(name, ())
        outcomes.append(_outcome(decision.outcomes[name], told.whole(node), told, others))
        told.explained.add((node.kind, node.name))
    return Explanation(
        outcomes=tuple(outcomes),
        missing=tuple(_missing(decision)),
        judgements=tuple(_judgements(decision)),
        open=tuple(item.sentence for item in decision.unfilled),
        unverified=tuple(_unverified(decision)),
    )


_Key: TypeAlias = tuple[str, str]
_Index: TypeAlias = dict[_Key, TraceNode]


class _Told:
    """The whole trace, and which outcomes were explained before: those are named, not told again."""

    __slots__ = ("below", "denies", "explained", "full", "used")

    def __init__(self, full: _Index) -> None:
        self.full = full
        # Whether the outcome at hand gives nothing: then what is not so is a reason.
        self.denies = False
        self.explained: set[_Key] = set()
        self.used: dict[str, UsedFact] = {}
        self.below: dict[_Key, dict[str, UsedFact]] = {}

    def whole(self, node: TraceNode) -> TraceNode:
        """The node with its parts."""
        return node if node.children else self.full.get((node.kind, node.name), node)

    def facts_below(self, node: TraceNode) -> dict[str, UsedFact]:
        """The first facts a node rests on, by name: those right below it come first. Not to be changed: it is kept."""
        children = node.children
        if len(children) == 1 and children[0].children:
            return self.facts_of(children[0])
        found: dict[str, UsedFact] = {}
        deeper: list[TraceNode] = []
        used = self.used
        for child in children:
            kind = child.kind
            if kind == "gegeven" or kind == "oordeel":
                if child.state != "onbekend" and len(found) < _MAX_FACTS:
                    name = child.name
                    fact = used.get(name)
                    found[name] = fact if fact is not None and fact.label == child.label else self.fact(child)
            elif kind != "norm":
                deeper.append(child)
        for child in deeper:
            if len(found) >= _MAX_FACTS:
                break
            for name, fact in self.facts_of(child).items():
                found.setdefault(name, fact)
        return found

    def facts_of(self, node: TraceNode) -> dict[str, UsedFact]:
        """The facts below a rule or a line, gathered once."""
        key = (node.kind, node.name)
        known = self.below.get(key)
        if known is None:
            # Set first: a rule that is met inside itself adds nothing.
            self.below[key] = {}
            known = self.below[key] = self.facts_below(self.full.get(key, node))
        return known

    def fact(self, node: TraceNode) -> UsedFact:
        """A datum as it stands under a reason."""
        made = UsedFact(node.name, node.label, node.text, node.source, node.verified, _is_blank(node))
        self.used[node.name] = made
        return made


def _index(trace: Iterable[TraceNode]) -> _Index:
    """Each unit once, in full: the trace shows its parts only where it is met first."""
    found: _Index = {}
    pending = list(trace)
    # The list grows while it is gone through.
    for node in pending:
        if node.children:
            if node.kind == "regel" or node.kind == "open term":
                found[(node.kind, node.name)] = node
            pending.extend(node.children)
    return found


# --- outcomes --------------------------------------------------------------------------------------------------------


def _outcome(outcome: Outcome, node: TraceNode, told: _Told, others: tuple[Other, ...]) -> OutcomeExplanation:
    told.denies = outcome.state in ("nee", "niets") or isinstance(outcome.type, Choice) or _is_blank(node)
    reasons = _without_repeats(_reasons(node, told, {(node.kind, node.name)}, 0))
    if not reasons and outcome.state != "onbekend":
        # A norm, or an open term with a fixed value: it is its own reason.
        reasons = [_reason(node, _spelled(node), told)]
    return OutcomeExplanation(
        name=outcome.name,
        sentence=_sentence(outcome, node),
        state=outcome.state,
        article=ground_text(outcome.ground),
        url=outcome.ground.url,
        reasons=tuple(_ordered(reasons, outcome.state, denies=told.denies)),
        changes=tuple(_change(other) for other in others),
        verified=outcome.verified,
    )


def _sentence(outcome: Outcome, node: TraceNode) -> str:
    if node.say:
        return sentence(node.say)
    if outcome.state == "onbekend":
        return sentence(f"{outcome.label}: dat weten we nog niet")
    return sentence(f"{outcome.label}: {outcome.text}")


def _ordered(reasons: list[Reason], state: State, *, denies: bool) -> list[Reason]:
    """What decided first: for a no the failed conditions, for not known the open ones."""
    if state != "onbekend":
        # What is still open did not matter.
        reasons = [reason for reason in reasons if reason.mark != "?"]
    if state != "onbekend" and not denies:
        # A yes or an amount may rest on something that is not so; that is no failure.
        return [msgspec.structs.replace(r, mark="–") if r.mark == "✗" else r for r in reasons]
    rank: dict[Mark, int] = {"?": 0, "✗": 1, "–": 2, "✓": 2}
    return sorted(reasons, key=lambda reason: rank[reason.mark])


def _without_repeats(reasons: list[Reason]) -> list[Reason]:
    """Each sentence once; a datum that stands as a fact under another reason is not a reason of its own."""
    facts = [fact for reason in reasons for fact in reason.facts]
    kept: dict[str, Reason] = {}
    for reason in reasons:
        if not (reason.source and _is_told(reason.text, facts)):
            kept.setdefault(reason.text, reason)
    return list(kept.values())


def _is_told(text: str, facts: list[UsedFact]) -> bool:
    return any(text == sentence(f"{fact.label}: {fact.text}") for fact in facts if fact.text in text)


# --- reasons ---------------------------------------------------------------------------------------------------------


def _reasons(node: TraceNode, told: _Told, seen: set[tuple[str, str]], depth: int) -> list[Reason]:
    """The reasons of a rule: its conditions, or the line that matched and what the columns were."""
    if depth > _MAX_DEPTH:
        return []
    found: list[Reason] = []
    for child in node.children:
        if child.kind == "voorwaarde":
            # Where one condition is enough, those that do not hold are beside the point once one does; where another one
            # failed, what has no answer did not matter.
            if child.state == "ja" or (node.state != "ja" and (child.state != "niets" or node.state != "nee")):
                found.append(_condition(child, told, seen, depth))
        elif child.kind == "tabelregel":
            if child.say:
                found.append(_reason(child, sentence(f"Dat is zo omdat {child.say}"), told))
            for below in child.children:
                _add_unit(found, below, child, told, seen, depth)
        else:
            _add_unit(found, child, node, told, seen, depth)
    return found


def _condition(node: TraceNode, told: _Told, seen: set[tuple[str, str]], depth: int) -> Reason:
    """A condition; when it did not hold because of one rule, the reasons of that rule come with it."""
    because: tuple[Reason, ...] = ()
    rules = [child for child in node.children if child.kind == "regel" or _has_conditions(told.whole(child))]
    if len(rules) == 1:
        rule = told.whole(rules[0])
        if node.state != "ja" and (rule.state != "waarde" or node.state == "onbekend"):
            below = _reasons(rule, told, {*seen, (rule.kind, rule.name)}, depth + 1)
            # A condition that something is not so fails by what makes it so.
            wanted: Mark = "?" if node.state == "onbekend" else "✓" if rule.state == "ja" else "✗"
            because = tuple(reason for reason in below if reason.mark == wanted)
        if not because and rule.ground is not None and node.ground is not None and rule.ground.law != node.ground.law:
            # Another law decided this (a special law goes before the general one): it is named.
            other = _reason(rule, _spelled(rule), told)
            if other.text == _condition_text(node):
                both = _reason(node, other.text, told)
                return msgspec.structs.replace(both, article=f"{both.article}; {other.article}")
            because = (msgspec.structs.replace(other, mark="–") if node.state == "ja" and other.mark == "✗" else other,)
    return _reason(node, _condition_text(node), told, because)


def _condition_text(node: TraceNode) -> str:
    if node.say:
        return sentence(node.say)
    asked = [child for child in node.children if child.kind == "oordeel" and child.state == "onbekend"]
    if asked:
        return sentence(f"Een medewerker beoordeelt nog: {asked[0].say}")
    return sentence(f"{node.label}: {'dat weten we nog niet' if node.state == 'onbekend' else node.text}")


def _add_unit(found: list[Reason], node: TraceNode, above: TraceNode, told: _Told, seen: set[_Key], depth: int) -> None:
    """A rule, norm or datum that a rule works with, as reasons; a datum counts because of the article `above` it."""
    key = (node.kind, node.name)
    if key in seen:
        return
    seen.add(key)
    whole = node if node.children else told.full.get(key, node)
    if isinstance(whole.plain, dict):
        # A norm with a value per field: only the field that was used counts, and the line above shows it.
        return
    if key in told.explained:
        # Told before, with all it rests on.
        found.append(_reason(whole, _spelled(whole), told, bare=True))
    elif not told.denies and whole.kind != "norm" and _is_blank(whole):
        # What is not there adds nothing to what someone does get.
        return
    elif _has_conditions(whole):
        found.extend(_reasons(whole, told, seen, depth + 1))
    elif whole.children and whole.kind in ("regel", "open term") and whole.state not in ("ja", "nee"):
        if whole.say or _rests_on_fields(whole, told):
            found.append(_reason(whole, _spelled(whole), told))
        below = _reasons(whole, told, seen, depth + 1)
        # A yes or no that a day or an amount was worked out with is no failure.
        found.extend([reason for reason in below if reason.mark != "✗" or whole.state != "waarde"])
    else:
        found.append(_reason(whole, _spelled(whole), told, above=above.ground))


def _has_conditions(node: TraceNode) -> bool:
    """A rule with conditions, of the law itself or of an ordinance that fills an open term with them."""
    return node.kind in ("regel", "open term") and any(child.kind == "voorwaarde" for child in node.children)


def _rests_on_fields(node: TraceNode, told: _Told) -> bool:
    """Whether a rule takes its value from a norm with a value per field: only the rule shows which one that is."""
    pending = list(node.children)
    for child in pending:
        if child.kind == "tabelregel":
            pending.extend(child.children)
        elif child.kind == "norm" and isinstance(told.whole(child).plain, dict):
            return True
    return False


def _is_blank(node: TraceNode) -> bool:
    """No, zero or nothing."""
    return node.state in ("nee", "niets") or node.plain == "0" or node.plain == []


def _spelled(node: TraceNode) -> str:
    if node.say:
        return sentence(node.say)
    if node.state == "onbekend":
        return sentence(f"{node.label}: dat weten we nog niet")
    return sentence(f"{node.label}: {node.text}")


def _reason(
    node: TraceNode,
    text: str,
    told: _Told,
    because: tuple[Reason, ...] = (),
    above: Ground | None = None,
    *,
    bare: bool = False,
) -> Reason:
    given = node.kind == "gegeven" or (node.kind in ("oordeel", "open term") and not node.children)
    ground = node.ground or above
    return Reason(
        _mark(node),
        text,
        _articles(node, ground, told),
        ground.url if ground is not None else None,
        () if given or bare else tuple(islice(told.facts_below(node).values(), _MAX_FACTS)),
        node.verified or node.kind in ("gegeven", "oordeel"),
        node.source if given and node.kind != "open term" and node.state != "onbekend" else "",
        because,
    )


def _mark(node: TraceNode) -> Mark:
    """Conditions and what follows from them hold or do not; data, norms and what a municipality ruled are as they are."""
    if node.kind in ("gegeven", "norm", "open term") and node.state != "onbekend":
        return "–"
    return _MARKS[node.state]


def _articles(node: TraceNode, ground: Ground | None, told: _Told) -> str:
    """Law and article in words, and those by which a municipality filled in what a reason rests on."""
    if ground is None:
        return ""
    texts = [ground_text(ground)]
    for child in node.children:
        if child.kind == "open term":
            texts.extend(_filled_by(child, ground))
        elif child.kind == "regel" and node.kind == "voorwaarde":
            whole = told.whole(child)
            for below in whole.children:
                if below.kind == "open term":
                    texts.extend(_filled_by(below, whole.ground or ground))
    return texts[0] if len(texts) == 1 else "; ".join(dict.fromkeys(texts))


def _filled_by(term: TraceNode, ground: Ground) -> Iterator[str]:
    if term.ground is not None and term.ground.law != ground.law:
        yield ground_text(term.ground)


# --- what would change it --------------------------------------------------------------------------------------------


def _change(change: Other) -> Change:
    return Change(
        text=" ".join(sentence(wish.text) for wish in change.wishes),
        articles=tuple(dict.fromkeys(ground_text(wish.ground) for wish in change.wishes)),
        becomes=change.becomes,
        alone=len(change.wishes) == 1,
        certain=change.certain,
    )


# --- the rest --------------------------------------------------------------------------------------------------------


def _missing(decision: Decision) -> list[str]:
    if not decision.missing:
        return []
    return [sentence(f"Wij weten nog niet: {enumerate_words([item.label for item in decision.missing])}")]


def _unverified(decision: Decision) -> Iterator[str]:
    """What was not verified, together where it stands in one text and comes from one source."""
    groups: dict[tuple[str, str, str], list[Unverified]] = {}
    for item in decision.unverified:
        groups.setdefault((item.ground.law_name, item.source, item.note), []).append(item)
    for (law, source, note), items in groups.items():
        labels = enumerate_words(list(dict.fromkeys(item.label for item in items)))
        articles = list(dict.fromkeys(item.ground.article for item in items))
        where = f"{law}, {'artikel' if len(articles) == 1 else 'artikelen'} {enumerate_words(articles)}"
        yield sentence(f"Niet nagekeken: {labels} ({where}){f', {note}' if note else ''}. Bron: {source}")


def _judgements(decision: Decision) -> list[str]:
    found = [f"Een medewerker beoordeelt nog: {item.question}" for item in decision.judgements]
    for scenario in decision.scenarios:
        answers = enumerate_words(
            [
                f"'{_question(decision, name)}' is {'ja' if yes else 'nee'}"
                for name, yes in sorted(scenario.answers.items())
            ]
        )
        results = enumerate_words([_result(scenario.outcomes[name]) for name in decision.wanted])
        found.append(sentence(f"Als het antwoord op {answers}, dan: {results}"))
    return found


def _question(decision: Decision, name: str) -> str:
    return next((item.question for item in decision.judgements if item.name == name), name)


def _result(outcome: Outcome) -> str:
    return f"{outcome.label}: {outcome.text}"


def _lines(explanation: Explanation) -> Iterator[str]:
    for outcome in explanation.outcomes:
        yield outcome.sentence
        for reason in outcome.reasons:
            yield from _reason_lines(reason, "")
        for number, change in enumerate(outcome.changes):
            start = "Of: de" if number else "De"
            yield f"{start} uitkomst wordt '{change.becomes}' als dit geldt: {change.text}"
            if not change.certain:
                yield "Of aan de andere voorwaarden is voldaan, weten we nog niet."
    yield from explanation.missing
    yield from explanation.judgements
    yield from explanation.open
    yield from explanation.unverified


def _reason_lines(reason: Reason, indent: str) -> Iterator[str]:
    article = f" ({reason.article})" if reason.article else ""
    source = f" [{reason.source}]" if reason.source else ""
    yield f"{indent}{reason.mark} {reason.text}{article}{source}"
    telling = reason.mark == "✗" and all(fact.blank for fact in reason.facts)
    below = {fact.name for deeper in reason.because for fact in deeper.facts}
    for fact in reason.facts:
        if fact.name in below or (fact.blank and not telling):
            continue
        yield f"{indent}  {fact.label}: {fact.text} [{fact.source}]"
    for deeper in reason.because:
        yield from _reason_lines(deeper, indent + "  ")
