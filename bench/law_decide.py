"""Law: a decision with and without reasons, its explanation, the language itself, and reading the laws."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import vliegwiel
from bench.figures import table
from vliegwiel.law import LawBook, decide, explain, run_examples, values
from vliegwiel.law.feel.compiler import compile_expression
from vliegwiel.law.feel.parser import Scope, parse_expression
from vliegwiel.law.feel.runtime import Budget, Frame
from vliegwiel.law.feel.scope import Names, Slots

LAWS = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
ON = date(2026, 11, 24)
UTRECHT = "GM0344"
RULES = ("recht_inkomenstoeslag", "bedrag")
FACTS: dict[str, object] = {
    "geboortedatum": date(1988, 5, 2),
    "aow_leeftijd_bereikt": False,
    "woont_in_gemeente": True,
    "huishouden": "alleenstaande",
    "maanden_laag_inkomen": 36,
    "inkomen": Decimal("1380.00"),
    "vermogen": Decimal("2115.00"),
    "laatste_toeslag": None,
    "studeert": False,
    "uitzicht_op_inkomen": False,
}


def microseconds(work: Callable[[], object], times: int) -> float:
    """The best of five rounds: what it costs when nothing else runs."""
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(times):
            work()
        best = min(best, (time.perf_counter() - began) / times)
    return best * 1e6


def expression() -> Callable[[], object]:
    """A compiled comparison with a sum in it."""
    slots = Slots()
    first, second = slots.take(), slots.take()
    names = Names(slots, {"a": lambda frame: frame[first], "b": lambda frame: frame[second]})
    code = compile_expression(parse_expression("a + b * 2 >= 11", Scope(["a", "b"])), names)
    frame = Frame([Decimal(3), Decimal(4)], Budget())
    return lambda: code(frame)


def parsing() -> Callable[[], object]:
    """Short expressions, each new to the parser."""
    scope = Scope(["inkomen", "grens", "leeftijd"])
    number = iter(range(10_000_000))
    return lambda: parse_expression(f"inkomen <= grens * {next(number)} and leeftijd >= 21", scope)


def main() -> None:
    book = LawBook.load([LAWS])
    decision = decide(book, "participatiewet", RULES, FACTS, on=ON, gemeente=UTRECHT)
    refused = decide(book, "participatiewet", RULES, {**FACTS, "inkomen": 2500}, on=ON, gemeente=UTRECHT)

    def only_values() -> object:
        return values(book, "participatiewet", RULES, FACTS, on=ON, gemeente=UTRECHT)

    def whole() -> object:
        return explain(decide(book, "participatiewet", RULES, FACTS, on=ON, gemeente=UTRECHT))

    def whole_refused() -> object:
        return explain(decide(book, "participatiewet", RULES, {**FACTS, "inkomen": 2500}, on=ON, gemeente=UTRECHT))

    work: tuple[tuple[str, Callable[[], object], int], ...] = (
        ("values only (inkomenstoeslag, Utrecht)", only_values, 2000),
        ("decide with trace, and explain", whole, 300),
        ("the same, refused, with what would change it", whole_refused, 300),
        ("explain a stored decision", lambda: explain(decision), 500),
        ("explain a stored refusal", lambda: explain(refused), 500),
        ("decision to JSON", decision.to_json, 2000),
        ("compiled FEEL: a + b * 2 >= 11", expression(), 50_000),
        ("parse a new short expression", parsing(), 3000),
    )
    rows = []
    for title, do, times in work:
        took = microseconds(do, times)
        rows.append((title, took, round(1e6 / took)))
    table("Law, one process, µs each (best of five)", ("what", "µs", "per second"), rows)

    began = time.perf_counter()
    fresh = LawBook.load([LAWS])
    loaded = time.perf_counter() - began
    began = time.perf_counter()
    report = run_examples(fresh)
    ran = time.perf_counter() - began
    table(
        "Reading",
        ("what", "number", "ms", "ms each"),
        [
            ("law files read and checked", len(fresh.texts), loaded * 1e3, loaded * 1e3 / len(fresh.texts)),
            ("examples run (first use compiles)", len(report.results), ran * 1e3, ran * 1e3 / len(report.results)),
        ],
    )
