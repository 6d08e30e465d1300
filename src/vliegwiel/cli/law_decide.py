"""`vliegwiel law decide` and `law explain`: let a law decide about facts, and say why."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound, VliegwielError
from vliegwiel.base.municipalities import municipality
from vliegwiel.law.deciding import decide as decide_law
from vliegwiel.law.decision import Decision
from vliegwiel.law.explaining import explain as explain_decision
from vliegwiel.law.given import facts_for, read_inputs
from vliegwiel.law.outcomes import outcomes_of

from . import law_words
from .law_source import Chosen, open_law
from .output import Json, Refused, show, show_json

Law: TypeAlias = Annotated[str, typer.Argument(metavar="WET", help="Naam in de catalogus, een bestand of een map.")]
Input: TypeAlias = Annotated[
    str,
    typer.Option(
        "--input", metavar="JSON", help="Bestand met de gegevens (JSON, een lijst ervan, of JSON Lines); - leest stdin."
    ),
]
On: TypeAlias = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="De dag waarop wordt beslist. Zonder: vandaag.")
]
Municipality: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--municipality", metavar="GM…", help="Gemeente, als GM0546. Mag vaker: naast elkaar."),
]
Ordinances: TypeAlias = Annotated[
    Path | None, typer.Option(help="Map met verordeningen, in plaats van die uit de catalogus.")
]
Wanted: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--wanted", metavar="NAAM", help="Welke uitkomst. Mag vaker. Zonder: alle uitkomsten."),
]


@dataclass(frozen=True, slots=True)
class Case:
    """One decision that was asked for: the number of the input (from 1), the municipality, and what the law says."""

    number: int
    gemeente: str | None
    decision: Decision


def decide(
    law: Law,
    input_: Input,
    on: On = None,
    municipalities: Municipality = None,
    ordinances: Ordinances = None,
    wanted: Wanted = None,
    as_json: Json = False,
) -> None:
    """Laat een wet beslissen: de uitkomst, waarom en volgens welk artikel, en wat er nog ontbreekt."""
    cases = _decided(law, input_, on, municipalities, ordinances, wanted)
    if as_json:
        _show_as_json([law_words.decision_json(case.decision) for case in cases], cases)
        return
    for group in _by_input(cases):
        _head(group, many=cases[-1].number > 1)
        if len(group) == 1:
            show(law_words.decided(group[0].decision))
        else:
            show(law_words.side_by_side([case.decision for case in group], [_place(c.gemeente) for c in group]))
        if group[0].number < cases[-1].number:
            show()


def explain(
    law: Law,
    input_: Input,
    on: On = None,
    municipalities: Municipality = None,
    ordinances: Ordinances = None,
    wanted: Wanted = None,
    trace: Annotated[bool, typer.Option("--trace", help="Toon ook elke stap, als boom.")] = False,
    as_json: Json = False,
) -> None:
    """Leg uit waarom de wet zo beslist, in gewone taal. Met --trace elke stap, met artikel en bron."""
    cases = _decided(law, input_, on, municipalities, ordinances, wanted)
    if as_json:
        _show_as_json([law_words.explanation_json(case.decision, trace=trace) for case in cases], cases)
        return
    for group in _by_input(cases):
        for case in group:
            _head([case], many=cases[-1].number > 1)
            show(law_words.explained(explain_decision(case.decision)))
            if trace:
                show()
                show("Elke stap")
                show(law_words.traced(case.decision))
            show()


# --- deciding --------------------------------------------------------------------------------------------------------


def _decided(
    law: str,
    input_: str,
    on: datetime | None,
    municipalities: Sequence[str] | None,
    ordinances: Path | None,
    wanted: Sequence[str] | None,
) -> list[Case]:
    """Every input for every municipality, in order. Raises `Refused` in one line."""
    chosen = open_law(law, ordinances)
    day = on.date() if on else clock.today()
    places: list[str | None] = [checked_code(code) for code in municipalities or ()] or [None]
    inputs = read_inputs(_read(input_))
    cases: list[Case] = []
    for number, raw in enumerate(inputs, 1):
        for place in places:
            try:
                cases.append(Case(number, place, _one(chosen, raw, day, place, places, wanted)))
            except VliegwielError as error:
                where = f"invoer {number}: " if len(inputs) > 1 else ""
                raise Refused(f"{where}{' '.join(error.sentence.split())}") from error
    return cases


def _one(
    chosen: Chosen,
    raw: Mapping[str, object],
    day: date,
    place: str | None,
    places: Sequence[str | None],
    wanted: Sequence[str] | None,
) -> Decision:
    program = chosen.book.program(chosen.law, day, place)
    known = {name for other in places for name in chosen.book.program(chosen.law, day, other).inputs}
    asked = tuple(dict.fromkeys(wanted)) if wanted else outcomes_of(program)
    return decide_law(chosen.book, chosen.law, asked, facts_for(program, raw, known), on=day, gemeente=place)


def _read(source: str) -> str:
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise Refused(f"{source} is niet te lezen.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("De invoer is geen UTF-8.") from error


def checked_code(code: str) -> str:
    """A municipality code as it is written. Raises `Refused`."""
    if not re.fullmatch(r"GM[0-9]{4}", code):
        raise Refused(f"'{code}' is geen gemeente. Schrijf de CBS-code, zoals GM0546.")
    return code


def _place(code: str | None) -> str:
    """A municipality in words."""
    if code is None:
        return "zonder gemeente"
    try:
        return f"{municipality(code).name} ({code})"
    except NotFound:
        return code


# --- showing ---------------------------------------------------------------------------------------------------------


def _by_input(cases: Sequence[Case]) -> list[list[Case]]:
    groups: dict[int, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.number, []).append(case)
    return list(groups.values())


def _head(group: Sequence[Case], *, many: bool) -> None:
    first = group[0]
    place = _place(first.gemeente) if len(group) == 1 and first.gemeente else None
    if many:
        show(f"── Invoer {first.number} " + "─" * 40)
    show(law_words.heading(first.decision, place))
    show()


def _show_as_json(found: Sequence[dict[str, object]], cases: Sequence[Case]) -> None:
    """One object for one decision; else a list, each with the number of its input."""
    if len(found) == 1:
        show_json(found[0])
    else:
        show_json([{"input": case.number, **one} for case, one in zip(cases, found, strict=True)])


__all__ = ["Case", "checked_code", "decide", "explain"]
