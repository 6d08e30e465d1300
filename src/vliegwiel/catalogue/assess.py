"""What the law says about one application, in the outcomes of the product.

The law gives results (a right, a date, an amount); the table `uitkomst_als` of the product turns them into an outcome, the
first row that holds. A row that cannot be told yet stops it: then there is no outcome, and `missing` says what to ask. Where
a human must judge, each answer is tried, so that page and clerk see what follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from vliegwiel.law import Decision, Explanation, Fact, Outcome, decide, explain
from vliegwiel.law.feel.values import Unknown
from vliegwiel.law.feel.values import Value as FeelValue
from vliegwiel.registers.facts import Value

from .conditions import holds, names_used, to_feel, unknown_in, value_of, verdict
from .known import ALWAYS
from .lawbook import data_names, law_book
from .model import OutcomeRow, Resolved, WantedRule, find


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a datum came from, for the explanation: the badge, whether it is vouched for, and when it was said."""

    label: str
    verified: bool = True
    moment: datetime | None = None
    note: str = ""


OWN = Origin("uw opgave", verified=False)
CASE = Origin("deze aanvraag")
JUDGED = "oordeel van de medewerker"


@dataclass(frozen=True, slots=True)
class Branch:
    """What follows if the open judgement `name` is answered with `answer`."""

    name: str
    answer: bool
    outcome: str | None
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Assessment:
    """The law's answer.

    outcome: key of an outcome of the product, None when something is `missing`. With open judgements it is the best that
    can come of it, `conditional_on` names them, and `branches` tells what each answer gives. reason: why the product sends
    somebody elsewhere, when that does not follow from the law itself. row: the row of `uitkomst_als` that gave the outcome, or
    that cannot be told yet. amounts: euros, by key of the wanted rule. results:
    by key of the wanted rule, only what is known. unfilled: sentences about what this municipality has not settled.
    verified: false when anything it rests on in the law was not verified. doubtful: data that a register has under
    investigation; nothing may be decided on those without a human look.
    """

    outcome: str | None
    reason: str
    row: OutcomeRow | None
    conditional_on: tuple[str, ...]
    branches: tuple[Branch, ...]
    amounts: Mapping[str, Decimal]
    results: Mapping[str, FeelValue]
    missing: tuple[str, ...]
    unfilled: tuple[str, ...]
    verified: bool
    decision: Decision
    explanation: Explanation
    doubtful: tuple[str, ...] = ()


def assess(
    resolved: Resolved,
    known: Mapping[str, Value],
    on: date,
    *,
    judgements: Mapping[str, bool] | None = None,
    origins: Mapping[str, Origin] | None = None,
    doubtful: tuple[str, ...] = (),
) -> Assessment:
    """Let the law decide on what is `known` (`vliegwiel.catalogue.known`), on a date.

    `judgements`: answers of a human to what the law leaves to judgement. `origins`: by name in `known`, where each datum came
    from. Raises what `law.decide` raises: a law that does not hold on that date, a value of a wrong kind.
    """
    inputs, absent = law_inputs(resolved, known, on, origins or {})
    answered = {name: Fact(answer, source=JUDGED, verified=True) for name, answer in (judgements or {}).items()}
    rules = list(dict.fromkeys(wanted.rule for wanted in resolved.law.rules))
    decision = decide(
        law_book(), resolved.law.law, rules, {**inputs, **answered}, on=on, gemeente=resolved.municipality
    )
    found = _found(resolved, known, decision.outcomes, absent)
    tried = [(scenario.answers, _found(resolved, known, scenario.outcomes, absent)) for scenario in decision.scenarios]
    best = max((each for _, each in tried), key=lambda each: _rank(resolved, each.outcome), default=found)
    shown = best if found.outcome is None and not found.missing and best.outcome is not None else found
    branches, matters = _branches(resolved, tried)
    return Assessment(
        outcome=shown.outcome,
        reason=shown.row.reason if shown.row is not None and shown.outcome is not None else "",
        row=shown.row,
        conditional_on=matters,
        branches=branches,
        amounts=shown.amounts,
        results=found.results,
        missing=() if shown.outcome is not None else shown.missing,
        unfilled=tuple(item.sentence for item in decision.unfilled),
        verified=not decision.unverified,
        decision=decision,
        explanation=explain(decision),
        doubtful=doubtful,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    outcome: str | None
    row: OutcomeRow | None
    missing: tuple[str, ...]
    results: dict[str, FeelValue]
    amounts: dict[str, Decimal]


def _found(
    resolved: Resolved,
    known: Mapping[str, Value],
    outcomes: Mapping[str, Outcome],
    absent: Mapping[str, tuple[str, ...]],
) -> _Found:
    """The outcome of the product under these outcomes of the law."""
    results, names = _results(resolved, outcomes, absent)
    for derived in resolved.law.derived:
        value = value_of(derived.is_, {**known, **names})
        names[derived.key] = value
        if not isinstance(value, Unknown):
            results[derived.key] = value
    outcome, row, missing = _outcome(resolved, {**known, **names})
    return _Found(outcome, row, missing, results, _amounts(resolved, results))


def law_inputs(
    resolved: Resolved, known: Mapping[str, Value], on: date, origins: Mapping[str, Origin]
) -> tuple[dict[str, Fact], dict[str, tuple[str, ...]]]:
    """The facts of the law, and for those that are absent the names that would give them."""
    inputs: dict[str, Fact] = {}
    absent: dict[str, tuple[str, ...]] = {}
    mapped = {fact.key for fact in resolved.law.facts}
    for fact in resolved.law.facts:
        value = value_of(fact.is_, known)
        # A person of a list of whom one thing is not known yet: the law has no name for that thing, so the whole fact waits.
        if gaps := unknown_in(value):
            absent[fact.key] = tuple(sorted(gaps))
        else:
            inputs[fact.key] = _fact(value, names_used(fact.is_.text), origins)
    for name in data_names(resolved.law.law, resolved.municipality, on) | _filled_by_clerk(resolved):
        if name in known and name not in mapped:
            inputs[name] = _fact(to_feel(known[name]), (name,), origins)
    return inputs, absent


def _filled_by_clerk(resolved: Resolved) -> frozenset[str]:
    """What a clerk fills in may also be an open term of the law: an amount of an ordinance that nobody found."""
    return frozenset(field.datum for task in resolved.process.tasks for field in task.fields)


def _fact(value: FeelValue, names: tuple[str, ...], origins: Mapping[str, Origin]) -> Fact:
    found = [origins[name] for name in names if name in origins]
    if not found:
        told = CASE if names and all(name in ALWAYS for name in names) else OWN
        return Fact(value, source=told.label, verified=told.verified)
    label = " en ".join(dict.fromkeys(origin.label for origin in found))
    moments = [origin.moment for origin in found if origin.moment is not None]
    return Fact(
        value,
        source=label,
        verified=all(origin.verified for origin in found),
        moment=max(moments, default=None),
        note="; ".join(dict.fromkeys(origin.note for origin in found if origin.note)),
    )


def _results(
    resolved: Resolved, outcomes: Mapping[str, Outcome], absent: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, FeelValue], dict[str, FeelValue]]:
    """Known results by key; and all by key, where an unknown one says which names would make it known."""
    results: dict[str, FeelValue] = {}
    names: dict[str, FeelValue] = {}
    for wanted in resolved.law.rules:
        outcome = outcomes[wanted.rule]
        if outcome.known:
            results[wanted.key] = names[wanted.key] = outcome.value
        else:
            wants = [name for gap in outcome.missing for name in absent.get(gap, (gap,))]
            names[wanted.key] = Unknown(frozenset(wants))
    return results, names


def _outcome(
    resolved: Resolved, names: Mapping[str, FeelValue | Value]
) -> tuple[str | None, OutcomeRow | None, tuple[str, ...]]:
    """The first row that holds, with its outcome; or the row of which it cannot be told, and the names missing for that."""
    for row in resolved.assessment:
        found = verdict(row.when, names)
        if isinstance(found, Unknown):
            # Judgements and open terms carry a prefix: nobody can be asked for those.
            return None, row, tuple(sorted(name for name in found.names if ":" not in name))
        if found:
            return row.outcome, row, ()
    return None, None, ()


def _amounts(resolved: Resolved, results: Mapping[str, FeelValue]) -> dict[str, Decimal]:
    found = ((wanted.key, results.get(wanted.key)) for wanted in resolved.law.rules if wanted.amount)
    return {key: value for key, value in found if isinstance(value, Decimal)}


def _branches(
    resolved: Resolved, tried: Sequence[tuple[Mapping[str, bool], _Found]]
) -> tuple[tuple[Branch, ...], tuple[str, ...]]:
    """What each answer to each open judgement gives at best, and which judgements make a difference."""
    names = list(dict.fromkeys(name for answers, _ in tried for name in answers))
    branches: list[Branch] = []
    matters: list[str] = []
    for name in names:
        best = {}
        for side in (True, False):
            sides = [each for answers, each in tried if answers[name] is side]
            best[side] = max(sides, key=lambda each: _rank(resolved, each.outcome))
            branches.append(Branch(name, side, best[side].outcome, best[side].amounts))
        if _turns(name, tried):
            matters.append(name)
    return tuple(branches), tuple(matters)


def _turns(name: str, tried: Sequence[tuple[Mapping[str, bool], _Found]]) -> bool:
    """Whether the answer to this judgement can change the end, given some answer to the others.

    Of two judgements that each would do, neither changes the best that can come of it: yet somebody must give one.
    """
    ends: dict[frozenset[tuple[str, bool]], _Found] = {}
    for answers, found in tried:
        others = frozenset((other, said) for other, said in answers.items() if other != name)
        first = ends.setdefault(others, found)
        if first.outcome != found.outcome or first.amounts != found.amounts:
            return True
    return False


_RANKS = {"toekennen": 5, "deels": 4, "wachtlijst": 3, "elders": 2, "weigeren": 1}


def _rank(resolved: Resolved, outcome: str | None) -> int:
    found = find(resolved.outcomes, outcome) if outcome else None
    return _RANKS.get(found.kind, 0) if found else -1


def automatic(resolved: Resolved, assessment: Assessment, known: Mapping[str, Value]) -> bool:
    """Whether this outcome may be decided without a human: the product says so with an article, the outcome does not hang
    on a judgement, all of it was verified, and no register doubts what it rests on."""
    rule = resolved.automatic
    if rule is None or assessment.outcome not in rule.outcomes:
        return False
    settled = not (assessment.conditional_on or assessment.doubtful or assessment.unfilled)
    return settled and assessment.verified and holds(rule.condition, {**known, **assessment.results})


def label_of(wanted: WantedRule) -> str:
    """How a result is called on pages and in letters."""
    return wanted.label or wanted.rule.replace("_", " ")
