"""Let the law decide: facts in, outcomes out, with what is missing and why (Awb 3:46: a decision rests on sound reasons)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Final

from vliegwiel.base.errors import InvalidParam
from vliegwiel.law.book import LawBook
from vliegwiel.law.counterfactual import changes
from vliegwiel.law.decision import (
    Decision,
    Fact,
    Ground,
    Missing,
    OpenJudgement,
    Outcome,
    Scenario,
    TraceNode,
    Unfilled,
)
from vliegwiel.law.errors import LawFault, WrongFact
from vliegwiel.law.feel.errors import FeelLimit
from vliegwiel.law.feel.runtime import Frame
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.model import Datum, JudgementQuestion, Norm, OpenTerm
from vliegwiel.law.plain import NotThisType, to_plain
from vliegwiel.law.program import JUDGEMENT, NORM, OPEN, Program, Unit
from vliegwiel.law.tracing import Tracer, open_sentence, state_of
from vliegwiel.law.wording import say, say_date

# 2 to the power of this many scenarios; beyond it only the open questions are listed.
MAX_SCENARIO_JUDGEMENTS: Final = 4

Given = Mapping[str, object]


def decide(
    book: LawBook,
    law: str,
    wanted: Sequence[str],
    inputs: Given,
    *,
    on: date,
    gemeente: str | None = None,
) -> Decision:
    """What the law says.

    `wanted` are names of rules, open terms or norms of the law (`wet.naam` for a law it uses); `inputs` maps data,
    judgements and open terms to a `Fact` or a bare value (Decimal or int, str, bool, date, duration, list, mapping, or None:
    known to be nothing). Names the law does not know are ignored. `on` is the day the law is applied to.

    Raises `LawNotFound`, `NotInForce` (with the dates), `WrongFact` (each wrong datum), `LawFault`, `FeelLimit`.
    """
    program = book.program(law, on, gemeente)
    units = [program.unit(name) for name in wanted]
    facts = {
        name: value if isinstance(value, Fact) else Fact(value)
        for name, value in inputs.items()
        if name in program.inputs
    }
    frame = _frame(program, facts, on)
    tracer = Tracer(program, frame, facts)
    trace = _guarded(units, tracer)
    outcomes = {
        name: _outcome(name, unit, frame, sound=tracer.sound.get(unit.key, True))
        for name, unit in zip(wanted, units, strict=True)
    }
    gaps = sorted({gap for unit in units for gap in _gaps(unit.load(frame))})
    questions = [program.units[gap.removeprefix(JUDGEMENT)] for gap in gaps if gap.startswith(JUDGEMENT)]
    return Decision(
        law=law,
        on=on,
        gemeente=gemeente,
        wanted=tuple(wanted),
        outcomes=outcomes,
        changes={
            name: found
            for name, unit in zip(wanted, units, strict=True)
            if (found := changes(program, unit, frame, lambda: _frame(program, facts, on), tracer))
        },
        missing=tuple(_missing(program.units[name]) for name in _data(gaps)),
        judgements=tuple(_question(unit) for unit in questions),
        scenarios=_scenarios(program, wanted, units, facts, questions, on),
        unfilled=tuple(_unfilled(program, gap, on) for gap in gaps if gap.startswith((OPEN, NORM))),
        unverified=tuple(tracer.unverified.values()),
        trace=trace,
        texts=program.versions,
    )


def values(
    book: LawBook, law: str, wanted: Sequence[str], inputs: Given, *, on: date, gemeente: str | None = None
) -> dict[str, Value]:
    """Only the values, without reasons: for speed. Unknown values are `Unknown`. Raises as `decide` does."""
    program = book.program(law, on, gemeente)
    frame = program.frame(on)
    known = program.intake
    for name, value in inputs.items():
        taking = known.get(name)
        if taking is not None:
            slot, take = taking
            try:
                frame[slot] = take(value.value if value.__class__ is Fact else value, name)
            except NotThisType as error:
                raise _wrong_fact([InvalidParam(name, "type", str(error))]) from error
    try:
        return {name: program.unit(name).load(frame) for name in wanted}
    except RecursionError as error:
        raise FeelLimit("De regels van deze wet gaan te diep.") from error


def _wrong_fact(wrong: list[InvalidParam]) -> WrongFact:
    return WrongFact("\n".join(f"{item.name}: {item.reason}" for item in wrong), invalid=wrong)


def _frame(program: Program, facts: Mapping[str, Fact], on: date) -> Frame:
    """A frame with the facts in it. Raises `WrongFact` with everything that does not fit."""
    frame = program.frame(on)
    wrong: list[InvalidParam] = []
    for name, fact in facts.items():
        slot, take = program.intake[name]
        try:
            frame[slot] = take(fact.value, name)
        except NotThisType as error:
            wrong.append(InvalidParam(name, "type", str(error)))
    if wrong:
        raise _wrong_fact(wrong)
    return frame


def _guarded(units: list[Unit], tracer: Tracer) -> tuple[TraceNode, ...]:
    try:
        return tuple(tracer.unit(unit) for unit in units)
    except RecursionError as error:
        raise FeelLimit("De regels van deze wet gaan te diep.") from error


def _gaps(value: Value) -> frozenset[str]:
    return value.names if isinstance(value, Unknown) else frozenset()


def _data(gaps: list[str]) -> list[str]:
    """The data behind gaps, each once: a part of a datum (`kinderen.leeftijd`) counts as the datum."""
    return list(dict.fromkeys(gap.partition(".")[0] for gap in gaps if ":" not in gap))


def _outcome(name: str, unit: Unit, frame: Frame, *, sound: bool) -> Outcome:
    value = unit.load(frame)
    state = state_of(value)
    ground = unit.ground or Ground("", "", "")
    return Outcome(
        name=name,
        label=unit.label,
        type=unit.type,
        state=state,
        plain=None if state == "onbekend" else to_plain(value),
        text=say(unit.type, value),
        ground=ground,
        verified=sound,
        missing=tuple(sorted(_gaps(value))),
    )


def _missing(unit: Unit) -> Missing:
    datum = unit.definition
    if not isinstance(datum, Datum):
        raise LawFault(f"'{unit.name}' is geen gegeven.")
    return Missing(unit.name, unit.label, unit.type, datum.question, datum.help, datum.ground)


def _question(unit: Unit) -> OpenJudgement:
    item = unit.definition
    if not isinstance(item, JudgementQuestion):
        raise LawFault(f"'{unit.name}' is geen oordeel.")
    return OpenJudgement(unit.name, unit.label, item.question, item.attention, item.ground)


def _unfilled(program: Program, gap: str, on: date) -> Unfilled:
    unit = program.units[gap.partition(":")[2]]
    ground = unit.ground or Ground("", "", "")
    if isinstance(unit.definition, OpenTerm):
        return Unfilled(unit.name, unit.label, ground, open_sentence(unit.definition, ground.law_name))
    known = _known_period(unit.definition) if isinstance(unit.definition, Norm) else ""
    return Unfilled(unit.name, unit.label, ground, f"Voor {say_date(on)} is geen {unit.label} bekend.{known}")


def _known_period(norm: Norm) -> str:
    known = [row.start for row in norm.rows if row.value is not None]
    if not known or len(known) < len(norm.rows):
        # With gaps between them, first and last would say too much.
        return ""
    first, last = known[0], known[-1]
    return (
        f" Bekend is {first.year}." if first.year == last.year else f" Bekend is {first.year} tot en met {last.year}."
    )


def _scenarios(
    program: Program,
    wanted: Sequence[str],
    units: list[Unit],
    facts: Mapping[str, Fact],
    questions: list[Unit],
    on: date,
) -> tuple[Scenario, ...]:
    """The outcome under every combination of answers to the open judgements."""
    if not questions or len(questions) > MAX_SCENARIO_JUDGEMENTS:
        return ()
    found: list[Scenario] = []
    for answers in product((True, False), repeat=len(questions)):
        frame = _frame(program, facts, on)
        for unit, answer in zip(questions, answers, strict=True):
            frame[unit.slot] = answer
        outcomes = {name: _outcome(name, unit, frame, sound=True) for name, unit in zip(wanted, units, strict=True)}
        found.append(Scenario({unit.name: a for unit, a in zip(questions, answers, strict=True)}, outcomes))
    return tuple(found)


def needs(
    book: LawBook, law: str, wanted: Sequence[str], *, on: date, gemeente: str | None = None
) -> tuple[Missing, ...]:
    """All data these outcomes may ever need, in the order in which the texts name them."""
    program = book.program(law, on, gemeente)
    reached = program.reach([program.unit(name).key for name in wanted])
    return tuple(_missing(unit) for unit in program.units.values() if unit.kind == "gegeven" and unit.key in reached)
