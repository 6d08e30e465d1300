"""What is said about a decision is so: every claim of every explanation of every law, made again from the law and the facts.

Over all examples that travel with the laws, and over each of them with one datum less.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec
import pytest

import vliegwiel
from vliegwiel.law import Decision, Explanation, LawBook, Reason, TraceNode, decide, explain
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.compiler import compile_expression
from vliegwiel.law.feel.runtime import Budget, Code, Frame
from vliegwiel.law.feel.scope import Names, Slots
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.linking import link
from vliegwiel.law.model import Condition, Conditions, Rule
from vliegwiel.law.plain import read_node, to_plain
from vliegwiel.law.program import CompiledConditions, Program, Unit
from vliegwiel.law.tracing import state_of
from vliegwiel.law.typing import CONSTANTS
from vliegwiel.law.wording import say, sentence

FOLDER = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
BOOK = LawBook.load([FOLDER])
LAWS = sorted({text.fills or text.id for text in BOOK.texts})
# Applying a change means linking the law again; so many a law.
_MOST_APPLIED = 6


@dataclasses.dataclass(frozen=True)
class Told:
    """One decision with its explanation, and what it was made of."""

    where: str
    program: Program
    facts: dict[str, object]
    decision: Decision
    explanation: Explanation


@cache
def told(law: str) -> tuple[Told, ...]:
    """The decisions of all examples of a law and its ordinances, whole and with one datum left out."""
    found: list[Told] = []
    for text in BOOK.texts:
        if (text.fills or text.id) != law:
            continue
        for number, example in enumerate(text.examples):
            gemeente = example.gemeente or (text.gemeenten[0] if text.gemeenten else None)
            program = BOOK.program(law, example.op, gemeente)
            facts: dict[str, object] = {}
            for key, node in example.gegevens.entries if example.gegevens is not None else ():
                unit = program.units[program.inputs[key.text]]
                facts[key.text] = read_node(unit.type, node, unit.name)
            wanted = [key.text for key, _ in example.verwacht.entries]
            names = list(facts)
            less = dict(facts)
            if names:
                less.pop(names[number % len(names)])
            for given, said in ((facts, ""), (less, " (met één gegeven minder)")):
                decision = decide(BOOK, law, wanted, given, on=example.op, gemeente=gemeente)
                found.append(Told(f"{text.id}: {example.naam}{said}", program, given, decision, explain(decision)))
    return tuple(found)


def _nodes(decision: Decision) -> Iterator[TraceNode]:
    pending = list(decision.trace)
    for node in pending:
        yield node
        pending.extend(node.children)


def _reasons(explanation: Explanation) -> Iterator[Reason]:
    pending = [reason for outcome in explanation.outcomes for reason in outcome.reasons]
    for reason in pending:
        yield reason
        pending.extend(reason.because)


def _every_sentence(explanation: Explanation) -> Iterator[str]:
    for outcome in explanation.outcomes:
        yield outcome.sentence
        for change in outcome.changes:
            yield change.text
    for reason in _reasons(explanation):
        yield reason.text
    yield from (*explanation.missing, *explanation.judgements, *explanation.open, *explanation.unverified)


# --- evaluated again -------------------------------------------------------------------------------------------------


class Again:
    """The values of a decision, each worked out on its own in a fresh frame."""

    def __init__(self, item: Told) -> None:
        self.item = item
        self.known: dict[str, Value] = {}

    def frame(self) -> Frame:
        frame = self.item.program.frame(self.item.decision.on)
        for name, value in self.item.facts.items():
            slot, take = self.item.program.intake[name]
            frame[slot] = take(value, name)
        return frame

    def value(self, key: str) -> Value:
        if key not in self.known:
            self.known[key] = self.item.program.units[key].load(self.frame())
        return self.known[key]

    def condition(self, condition: Condition, unit: Unit, reads: Callable[[str], str | None]) -> Value:
        """A condition compiled anew, over values that were worked out one by one."""
        on = self.item.decision.on

        def loader(key: str) -> Code:
            return lambda frame: self.value(key)

        slots = Slots()
        names = Names(slots, {"peildatum": lambda frame: on}, dict(CONSTANTS))
        for name in _names_in(condition.expression.tree):
            key = reads(name)
            if key is not None:
                names.globals[name] = loader(key)
        code = compile_expression(condition.expression.tree, names, condition.expression.text)
        return code(Frame([None] * slots.size, Budget()))


def _names_in(node: tree.Node) -> set[str]:
    found: set[str] = set()
    pending: list[object] = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, tree.Name):
            found.add(current.name)
        if isinstance(current, tree.Path) and isinstance(current.source, tree.Name):
            found.add(f"{current.source.name}.{current.name}")
        if isinstance(current, tuple):
            pending.extend(current)
        elif isinstance(current, msgspec.Struct):
            pending.extend(getattr(current, name) for name in current.__struct_fields__)
    return found


@pytest.mark.parametrize("law", LAWS)
def test_every_condition_in_a_trace_is_as_it_is_when_worked_out_on_its_own(law: str) -> None:
    for item in told(law):
        again = Again(item)
        units = {(unit.kind, unit.name): unit for unit in item.program.units.values()}
        for node in _nodes(item.decision):
            unit = units.get((node.kind, node.name))
            if unit is None or unit.kind not in ("regel", "open term", "norm", "gegeven", "oordeel"):
                continue
            if not _only_one(item.program, node):
                continue
            value = again.value(unit.key)
            assert node.state == state_of(value), (item.where, node.name)
            assert node.plain == (None if node.state == "onbekend" else to_plain(value)), (item.where, node.name)
            assert node.text == say(unit.type, value), (item.where, node.name)
            if isinstance(unit.anatomy, CompiledConditions):
                for below, compiled in zip(node.children, unit.anatomy.items, strict=False):
                    found = again.condition(compiled.condition, unit, unit.reads.get)
                    assert below.state == state_of(found), (item.where, node.name, below.name)


def _only_one(program: Program, node: TraceNode) -> bool:
    """Whether a name stands for one unit (two laws may each have a rule of that name)."""
    return sum(unit.name == node.name and unit.kind == node.kind for unit in program.units.values()) == 1


@pytest.mark.parametrize("law", LAWS)
def test_every_mark_is_that_of_the_trace_and_a_yes_has_no_cross(law: str) -> None:
    wanted = {"✓": "ja", "✗": "nee", "?": "onbekend"}
    for item in told(law):
        states: dict[str, set[str]] = {}
        for node in _nodes(item.decision):
            spelled = node.say or f"{node.label}: {'dat weten we nog niet' if node.state == 'onbekend' else node.text}"
            for text in (spelled, f"Dat is zo omdat {node.say}", f"Een medewerker beoordeelt nog: {node.say}"):
                states.setdefault(sentence(text), set()).add(node.state)
            for child in node.children:
                if child.kind == "oordeel":
                    states.setdefault(sentence(f"Een medewerker beoordeelt nog: {child.say}"), set()).add(node.state)
        for reason in _reasons(item.explanation):
            if reason.mark in wanted:
                assert wanted[reason.mark] in states.get(reason.text, set()), (item.where, reason.text)
        for outcome in item.explanation.outcomes:
            marks = {reason.mark for reason in outcome.reasons}
            if outcome.state == "ja":
                assert not marks & {"✗", "?"}, (item.where, outcome.name)
            if outcome.state == "onbekend":
                open_ends = (item.decision.missing, item.decision.judgements, item.decision.unfilled)
                assert any(open_ends), (item.where, outcome.name)
            assert outcome.reasons, (item.where, outcome.name)


@pytest.mark.parametrize("law", LAWS)
def test_every_amount_and_date_that_is_named_stands_in_the_trace(law: str) -> None:
    figure = re.compile(r"€ [\d.]+,\d+|\d{1,2} [a-z]+ \d{4}")
    for item in told(law):
        known: set[str] = set()
        for node in _nodes(item.decision):
            known.update(figure.findall(f"{node.text} | {node.note}"))
        for other in item.decision.scenarios:
            known.update(found for outcome in other.outcomes.values() for found in figure.findall(outcome.text))
        # A sentence may name an amount of the law that its rule does not reckon with (a highest fine).
        known.update(found for unit in item.program.units.values() for found in figure.findall(unit.text))
        for changes in item.decision.changes.values():
            for change in changes:
                known.update(figure.findall(change.becomes))
                for wish in change.wishes:
                    known.update(figure.findall(wish.text))
        known.update(figure.findall(" ".join(unfilled.sentence for unfilled in item.decision.unfilled)))
        fixed = {written for text in item.program.texts for written in _written(figure, text.id)}
        for said in _every_sentence(item.explanation):
            for found in figure.findall(said):
                assert found in known or found in fixed, (item.where, said, found)


@cache
def _written(figure: re.Pattern[str], text: str) -> frozenset[str]:
    """Figures that the law file itself writes in its sentences."""
    found: set[str] = set()
    for item in BOOK.texts:
        if item.id == text:
            found.update(figure.findall((FOLDER.parent / item.file).read_text()))
    return frozenset(found)


@pytest.mark.parametrize("law", LAWS)
def test_every_reason_names_an_article(law: str) -> None:
    for item in told(law):
        for reason in _reasons(item.explanation):
            assert re.search(r", artikel(en)? \S", reason.article), (item.where, reason.text, reason.article)
        for outcome in item.explanation.outcomes:
            assert re.search(r", artikel(en)? \S", outcome.article), (item.where, outcome.name)
            for change in outcome.changes:
                assert change.articles, (item.where, change.text)


# --- as a citizen reads it -------------------------------------------------------------------------------------------

_MACHINE = re.compile(
    r"[{}…]|\bNone\b|\bnull\b|\btrue\b|\bfalse\b|\bUnknown\b|\bpeildatum\b|[<>]=?| != |\*\*|\w_\w|\bPT?\d|  |\.\.|€ €|^$"
)
_ENGLISH = re.compile(r"\b(the|and|not|with|else|then|return|some|every|satisfies|unknown|yes|no)\b", re.IGNORECASE)
_DOUBLED = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)
_MAY_DOUBLE = frozenset(("dat", "die", "u"))


@pytest.mark.parametrize("law", LAWS)
def test_every_sentence_reads_as_dutch(law: str) -> None:
    for item in told(law):
        for said in _every_sentence(item.explanation):
            assert said[-1] in ".?", (item.where, said)
            assert said[0] == said[0].upper(), (item.where, said)
            assert not _MACHINE.search(said), (item.where, said)
            assert not _ENGLISH.search(said), (item.where, said)
            doubled = {found.lower() for found in _DOUBLED.findall(said)} - _MAY_DOUBLE
            assert not {word for word in doubled if not word.isdigit()}, (item.where, said)


@pytest.mark.parametrize("law", LAWS)
def test_the_text_says_what_the_json_says(law: str) -> None:
    for item in told(law):
        again = msgspec.json.decode(item.explanation.to_json(), type=Explanation)
        assert again.text == item.explanation.text, item.where
        assert again.to_json() == item.explanation.to_json(), item.where
        lines = item.explanation.text.splitlines()
        for outcome in item.explanation.outcomes:
            assert outcome.sentence in lines, item.where
        bare = [line.strip() for line in lines]
        for reason in _reasons(item.explanation):
            assert any(line.startswith(f"{reason.mark} {reason.text}") for line in bare), (item.where, reason.text)
        assert Decision.from_json(item.decision.to_json()) == item.decision, item.where


# --- what would change it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS)
def test_what_would_change_the_outcome_does_when_the_law_is_changed_so(law: str) -> None:
    applied = 0
    for item in told(law):
        for name, changes in item.decision.changes.items():
            for change in changes:
                if applied >= _MOST_APPLIED:
                    return
                applied += 1
                becomes = _with_wishes(item, name, {wish.text for wish in change.wishes})
                assert change.becomes in becomes, (item.where, name, change, becomes)
                assert item.decision.outcomes[name].text != change.becomes, (item.where, name)


def _with_wishes(item: Told, name: str, wishes: set[str]) -> set[str]:
    """The outcomes of the law in which the conditions that are wished for hold, a rule at a time."""
    found: set[str] = set()
    for unit in item.program.units.values():
        rule = unit.definition
        if not isinstance(rule, Rule) or not isinstance(unit.anatomy, CompiledConditions):
            continue
        failed = _wished(item, unit, wishes)
        if not failed:
            continue
        items = [
            dataclasses.replace(c, expression=dataclasses.replace(c.expression, tree=tree.Boolean(True)))
            if c in failed
            else c
            for c in (compiled.condition for compiled in unit.anatomy.items)
        ]
        body = Conditions(unit.anatomy.every, tuple(items))
        texts = tuple(
            dataclasses.replace(
                text,
                rules={key: _swapped(known, rule, body) for key, known in text.rules.items()},
                filled={key: _swapped(known, rule, body) for key, known in text.filled.items()},
                deviations=tuple(
                    dataclasses.replace(d, body=body) if d.body == rule.body else d for d in text.deviations
                ),
            )
            for text in item.program.texts
        )
        program = link(texts, item.program.law, item.decision.on)
        frame = program.frame(item.decision.on)
        for key, value in item.facts.items():
            slot, take = program.intake[key]
            frame[slot] = take(value, key)
        outcome = program.unit(name)
        value = outcome.load(frame)
        # Where other conditions of the rule are unknown the outcome is too: then the change was not certain.
        found.add(say(outcome.type, value))
        if isinstance(value, Unknown):
            found.update(change.becomes for change in item.decision.changes[name] if not change.certain)
    return found


def _wished(item: Told, unit: Unit, wishes: set[str]) -> list[Condition]:
    nodes = {node.name: node for node in _nodes(item.decision) if node.kind == "voorwaarde" and node.state == "nee"}
    anatomy = unit.anatomy
    if not isinstance(anatomy, CompiledConditions):
        return []
    return [
        compiled.condition
        for compiled in anatomy.items
        if (node := nodes.get(compiled.name)) is not None
        and (node.note in wishes or f"voor '{compiled.label}' is het antwoord anders" in wishes)
    ]


def _swapped(known: Rule, rule: Rule, body: Conditions) -> Rule:
    return dataclasses.replace(known, body=body) if known is rule or known == rule else known


@pytest.mark.parametrize("law", LAWS)
def test_a_limit_that_is_named_changes_the_outcome_when_the_datum_meets_it(law: str) -> None:
    for item in told(law):
        for name, changes in item.decision.changes.items():
            for change in changes:
                limit = _limit(item, [wish.text for wish in change.wishes])
                if limit is None or not change.certain:
                    continue
                facts = {**item.facts, **limit}
                gemeente, on = item.decision.gemeente, item.decision.on
                after = decide(BOOK, item.decision.law, [name], facts, on=on, gemeente=gemeente)
                assert after.outcomes[name].text == change.becomes, (item.where, name, change)


def _limit(item: Told, wishes: list[str]) -> dict[str, object] | None:
    """The datum that a wish `inkomen: hoogstens € 10,00` is about, at its limit; None for other wishes."""
    if len(wishes) != 1:
        return None
    for unit in item.program.units.values():
        anatomy = unit.anatomy
        for compiled in anatomy.items if isinstance(anatomy, CompiledConditions) else ():
            node = compiled.condition.expression.tree
            if not isinstance(node, tree.Binary) or not isinstance(node.left, tree.Name):
                continue
            left = item.program.units.get(unit.reads.get(node.left.name, ""))
            if left is None or left.kind != "gegeven" or not wishes[0].startswith(f"{left.label}: "):
                continue
            if node.operator not in ("<=", ">=") or not isinstance(node.right, (tree.Number, tree.Name)):
                continue
            if isinstance(node.right, tree.Number):
                return {left.name: node.right.value}
            right = item.program.units.get(unit.reads.get(node.right.name, ""))
            value = Again(item).value(right.key) if right is not None else None
            if isinstance(value, (Decimal, date)):
                return {left.name: value}
    return None


@pytest.mark.parametrize("law", LAWS)
def test_there_are_at_least_ten_decisions_of_each_law(law: str) -> None:
    assert len(told(law)) >= 10
