"""What would change the outcome: found by trying, so that it is never claimed without being so.

For a refusal or a choice, each rule with conditions that did not hold is tried as if it did. Where that changes the outcome,
its failed conditions are what would have to be so; the smallest sets are given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from vliegwiel.law.decision import Change, Wish
from vliegwiel.law.feel.runtime import Frame
from vliegwiel.law.feel.scope import UNSET
from vliegwiel.law.feel.values import Unknown, Value, equal
from vliegwiel.law.program import CompiledCondition, CompiledConditions, Program, Unit
from vliegwiel.law.tracing import Tracer
from vliegwiel.law.types import Choice, Type, YesNo
from vliegwiel.law.wording import say

MOST_CHANGES: Final = 3
_MOST_TRIES: Final = 12


def changes(
    program: Program, unit: Unit, frame: Frame, fresh: Callable[[], Frame], tracer: Tracer
) -> tuple[Change, ...]:
    """The smallest changes that give another outcome; `fresh` gives a frame with the same facts and nothing computed."""
    value = unit.load(frame)
    if value is True or isinstance(value, Unknown) or not isinstance(unit.type, (YesNo, Choice)):
        return ()
    found: list[tuple[int, Change]] = []
    for rule in _failed_rules(program, unit, frame)[:_MOST_TRIES]:
        other = fresh()
        other[rule.slot] = True
        becomes = unit.load(other)
        if isinstance(becomes, Unknown) or equal(becomes, value) is True or _is_worse(unit.type, value, becomes):
            continue
        change = _change(rule, unit, becomes, frame, tracer)
        if change is not None:
            found.append((len(change.wishes), change))
    if not found:
        return ()
    fewest = min(size for size, _ in found)
    return tuple(change for size, change in found if size == fewest)[:MOST_CHANGES]


def _is_worse(type_: Type, value: Value, becomes: Value) -> bool:
    """Whether a choice stands behind the present one: choices stand in the order in which a person wants them."""
    if not isinstance(type_, Choice):
        return False
    order = [name for name, _ in type_.options]
    return value in order and becomes in order and order.index(str(becomes)) > order.index(str(value))


def _failed_rules(program: Program, unit: Unit, frame: Frame) -> list[Unit]:
    """Rules with conditions that did not hold, among those the outcome rests on."""
    reached = program.reach([unit.key])
    return [
        rule
        for key, rule in program.units.items()
        if key in reached
        and isinstance(rule.anatomy, CompiledConditions)
        and frame[rule.slot] is not UNSET
        and frame[rule.slot] is False
    ]


def _change(rule: Unit, unit: Unit, becomes: Value, frame: Frame, tracer: Tracer) -> Change | None:
    """What would have to be so for a rule to hold."""
    anatomy = rule.anatomy
    if not isinstance(anatomy, CompiledConditions):
        return None
    failed: list[CompiledCondition] = []
    certain = True
    for item in anatomy.items:
        value = item.part.code(frame)
        if value is False:
            if _is_rule(item, rule, tracer.program):
                # The conditions of that rule say it better, and it is tried on its own.
                return None
            failed.append(item)
        elif value is not True:
            certain = False
    if not anatomy.every:
        failed = failed[:1]
    wishes = tuple(_wish(item, rule, tracer) for item in failed)
    return Change(wishes, say(unit.type, becomes), certain) if wishes else None


def _is_rule(item: CompiledCondition, rule: Unit, program: Program) -> bool:
    """Whether a condition of a rule is nothing but another rule with conditions."""
    key = rule.space.get(item.name)
    return key is not None and isinstance(program.units[key].anatomy, CompiledConditions)


def _wish(item: CompiledCondition, rule: Unit, tracer: Tracer) -> Wish:
    text = tracer.wish(item.condition, rule.space)
    return Wish(text or f"voor '{item.label}' is het antwoord anders", item.condition.basis.ground)
