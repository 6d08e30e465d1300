"""Facts for the tests of exchange: those of the examples of a law, changed at random, so that they reach its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from vliegwiel.base.sourcefile import MapNode
from vliegwiel.law import LawBook
from vliegwiel.law.feel.temporal import DaysDuration, MonthsDuration
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.plain import read_node
from vliegwiel.law.program import Program
from vliegwiel.law.types import Choice, Day, Days, Group, Many, Money, Months, Number, Text, Type, YesNo

Facts = dict[str, Value]


def cases(book: LawBook, law: str, gemeente: str | None, random: Random, each: int) -> Iterator[tuple[date, Facts]]:
    """A day and facts: every example of the law and its ordinances as it is, and `each` variations on it."""
    texts = [text for text in book.texts if law in (text.id, text.fills)]
    for text in texts:
        for example in text.examples:
            if not any(version.validity.holds(example.op) for version in book.versions(law)):
                continue
            program = book.program(law, example.op, gemeente)
            facts = given(program, example.gegevens)
            yield example.op, facts
            for _ in range(each):
                yield example.op, varied(program, facts, random)


def given(program: Program, node: MapNode | None) -> Facts:
    """The facts of an example, without those an ordinance settles."""
    facts: Facts = {}
    for key, child in node.entries if node is not None else ():
        unit_key = program.inputs.get(key.text)
        if unit_key is None:
            continue
        unit = program.units[unit_key]
        if unit.kind != "open term" or unit.body is None:
            facts[key.text] = _without_gaps(read_node(unit.type, child, key.text))
    return facts


def _without_gaps(found: Value) -> Value:
    """A part that is not known is left out, as a caller would."""
    if isinstance(found, list):
        return [_without_gaps(item) for item in found]
    if isinstance(found, dict):
        return {name: _without_gaps(item) for name, item in found.items() if not isinstance(item, Unknown)}
    return found


def varied(program: Program, facts: Mapping[str, Value], random: Random) -> Facts:
    """The facts with a few others and a few left out; half of the time with everything given."""
    made = dict(facts)
    names = [
        n for n, k in program.inputs.items() if program.units[k].kind != "open term" or program.units[k].body is None
    ]
    for name in random.sample(names, min(len(names), random.randint(1, 3))):
        unit = program.units[program.inputs[name]]
        chance = random.random()
        if chance < 0.2:
            made.pop(name, None)
        else:
            made[name] = value(unit.type, made.get(name), random)
    if random.random() < 0.5:
        for name in names:
            if name not in made or not is_whole(made[name]):
                made[name] = value(program.units[program.inputs[name]].type, None, random)
    return made


def value(type_: Type, near: Value, random: Random) -> Value:
    """A value of a kind, now and then close to one that is there."""
    match type_:
        case YesNo():
            return random.random() < 0.5
        case Money() | Number():
            if isinstance(near, Decimal) and random.random() < 0.7:
                return near + random.choice([Decimal(-1), Decimal(1), Decimal("0.01"), Decimal("-0.01"), Decimal(0)])
            return Decimal(
                random.choice(["0", "1", "17", "18", "365", "1200.50" if isinstance(type_, Money) else "40"])
            )
        case Choice():
            return random.choice(type_.options)[0]
        case Text():
            return random.choice(["A", "zone 1", ""])
        case Day():
            start = near if isinstance(near, date) else date(2026, 1, 1)
            return start + timedelta(days=random.choice([-366, -31, -7, -1, 0, 1, 7, 31, 366]))
        case Months():
            return MonthsDuration(random.randint(0, 30))
        case Days():
            return DaysDuration(Decimal(86400 * random.randint(0, 60)))
        case Many():
            return [value(type_.of, None, random) for _ in range(random.randint(0, 3))]
        case Group():
            return {name: value(inner, None, random) for name, inner in type_.fields}
        case _:
            return None


def is_whole(found: Value) -> bool:
    """Whether a value is known, down to its parts."""
    if isinstance(found, Unknown):
        return False
    if isinstance(found, list):
        return all(map(is_whole, found))
    return all(map(is_whole, found.values())) if isinstance(found, dict) else True
