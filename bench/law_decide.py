"""Law: a decision with and without reasons, its explanation, the language itself, and reading the laws; each with its bound.

Times are of the process, the best of many short rounds: what it costs when nothing else runs on the machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
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
from vliegwiel.law.plain import read_node

LAWS = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
UTRECHT = "GM0344"
HOUSEHOLD = "Alleenstaande zonder inkomen"
WANTED = ("recht_op_bijstand", "hoogte")
ROUNDS = 400

# What is read for "a hundred laws": the real files, copied under other names until there are as many.
HUNDRED = 100


def microseconds(work: Callable[[], object], times: int) -> float:
    """The best of many rounds, of the time of this process."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - began) / times)
    return best * 1e6


def household(book: LawBook, name: str) -> tuple[dict[str, object], date]:
    """The data of an example of the bijstand, as a case has them."""
    example = next(e for e in book.versions("bijstand")[-1].examples if e.naam == name)
    program = book.program("bijstand", example.op)
    facts: dict[str, object] = {}
    for key, node in example.gegevens.entries if example.gegevens is not None else ():
        unit = program.units[program.inputs[key.text]]
        facts[key.text] = read_node(unit.type, node, unit.name)
    return facts, example.op


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
    number = iter(range(100_000_000))
    return lambda: parse_expression(f"inkomen <= grens * {next(number)} and leeftijd >= 21", scope)


def decisions() -> None:
    """A household asks for bijstand."""
    book = LawBook.load([LAWS])
    facts, on = household(book, HOUSEHOLD)
    rich = {**facts, "bezittingen": 8100}

    def only_values() -> object:
        return values(book, "bijstand", WANTED, facts, on=on, gemeente=UTRECHT)

    def whole() -> object:
        return explain(decide(book, "bijstand", WANTED, facts, on=on, gemeente=UTRECHT))

    def refused() -> object:
        return explain(decide(book, "bijstand", WANTED, rich, on=on, gemeente=UTRECHT))

    stored = decide(book, "bijstand", WANTED, facts, on=on, gemeente=UTRECHT)
    work: tuple[tuple[str, Callable[[], object], int, float | None], ...] = (
        ("bijstand of one household, no trace", only_values, 20, 30),
        ("the same with full trace and explanation", whole, 4, 300),
        ("the same refused, with what would change it", refused, 4, None),
        ("explain a stored decision", lambda: explain(stored), 10, None),
        ("decision to JSON", stored.to_json, 40, None),
        ("compiled FEEL: a + b * 2 >= 11", expression(), 1000, 1),
        ("parse a new short expression", parsing(), 50, 50),
    )
    rows = []
    for title, do, times, bound in work:
        do()
        took = microseconds(do, times)
        rows.append((title, took, round(1e6 / took), "" if bound is None else bound, _verdict(took, bound)))
    table("Law, one process, µs each (best of many)", ("what", "µs", "per second", "bound µs", ""), rows)


def _verdict(took: float, bound: float | None) -> str:
    if bound is None:
        return ""
    return "ok" if took <= bound else f"{took / bound:.2f} × the bound"


READ = """\
import json, sys, time
from pathlib import Path
from vliegwiel.law import LawBook
began = time.process_time()
book = LawBook.load([Path(sys.argv[1])])
print(json.dumps([len(book.texts), time.process_time() - began]))
"""


def hundred() -> None:
    """A hundred files read by a fresh process, as a server does when it starts."""
    files = sorted(LAWS.rglob("*.yaml"))[:HUNDRED]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(HUNDRED):
            original = files[number % len(files)]
            text = original.read_text()
            if number >= len(files):
                head, _, rest = text.partition("\n")
                text = f"{head}_{number}\n{rest}"
            (Path(folder) / f"{number:03}-{original.name}").write_text(text)
        found = []
        for _ in range(5):
            ran = subprocess.run([sys.executable, "-c", READ, folder], capture_output=True, text=True, check=True)
            found.append(json.loads(ran.stdout))
    number, took = min(found, key=lambda pair: pair[1])
    began = time.process_time()
    fresh = LawBook.load([LAWS])
    read = time.process_time() - began
    began = time.process_time()
    report = run_examples(fresh)
    ran_examples = time.process_time() - began
    size = sum(path.stat().st_size for path in files) / 1e3
    table(
        f"Reading ({size:.0f} kB of real laws and ordinances)",
        ("what", "number", "s", "ms each", "bound s", ""),
        [
            ("laws read and checked by a fresh process", number, took, took * 1e3 / number, 1.0, _verdict(took, 1.0)),
            ("the same again", len(fresh.texts), read, read * 1e3 / len(fresh.texts), "", ""),
            (
                "examples run (first use compiles)",
                len(report.results),
                ran_examples,
                ran_examples * 1e3 / len(report.results),
                "",
                "",
            ),
        ],
    )


def main() -> None:
    decisions()
    hundred()


if __name__ == "__main__":
    main()
