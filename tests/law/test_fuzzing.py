"""Nothing but its own error comes out of the language, whatever goes in; and nothing takes long.

`VLIEGWIEL_FUZZ` sets how many expressions (`make fuzz` does a million), `VLIEGWIEL_FUZZ_SEED` does a run again.
"""

from __future__ import annotations

import os
import random
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import vliegwiel
from tests.law.conftest import LAW, ORDINANCE
from tests.law.fuzzing import Maker, spoiled_file
from vliegwiel.base.errors import VliegwielError
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.law import LawBook, decide, explain
from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.compiler import compile_expression, compile_tests
from vliegwiel.law.feel.errors import FeelError, FeelLimit
from vliegwiel.law.feel.evaluate import run_code
from vliegwiel.law.feel.parser import Parser, Scope
from vliegwiel.law.feel.runtime import Budget, Code, Frame
from vliegwiel.law.feel.scope import Names, Slots
from vliegwiel.law.feel.values import FeelFunction, Range, Unknown, Value, show

NUMBER = int(os.environ.get("VLIEGWIEL_FUZZ", "12000"))
SEED = int(os.environ.get("VLIEGWIEL_FUZZ_SEED", str(random.randrange(10**9))))
STEPS = 20_000
# Far more than any of these needs; a machine that is busy may be slow.
MOST_SECONDS = 5.0

VALUES: dict[str, Value] = {
    "a": Decimal("3.5"),
    "b": "tekst",
    "inkomen": Decimal("1200.00"),
    "lange naam": True,
    "x-y": None,
    "lijst": [Decimal(1), Decimal(2), [Decimal(3)], {"k0": "x"}],
    "groep": {"k0": Decimal(1), "year": date(2026, 1, 1), "open": Unknown(frozenset({"open"}))},
    "dag": date(2026, 2, 28),
}
_KINDS = (
    bool, Decimal, str, date, temporal.WideDate, temporal.Time, temporal.DateTime, temporal.MonthsDuration, temporal.DaysDuration,
    list, dict, Range, FeelFunction, Unknown, type(None),
)  # fmt: skip
SCOPE = Scope(VALUES, ["k0", "year"])


def _corpus() -> tuple[str, ...]:
    """The expressions of the laws that travel along."""
    folder = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
    found: set[str] = set()
    for path in folder.rglob("*.yaml"):
        for line in path.read_text().splitlines():
            for key in ("formule: ", "als: ", "dan: "):
                if key in line:
                    found.add(line.partition(key)[2][:300])
    return tuple(sorted(found)) or ("a + b",)


def _loader(slot: int) -> Code:
    return lambda frame: frame[slot]


def _run(text: str) -> None:
    slots = Slots()
    names = Names(slots, {name: _loader(slots.take()) for name in VALUES}, strict=False)
    start = list(VALUES.values())
    try:
        code = compile_expression(Parser(text, SCOPE).whole_expression(), names, text)
        frame = Frame([*start, *([None] * (slots.size - len(start)))], Budget(STEPS))
        result = run_code(code, frame)
        assert isinstance(result, _KINDS), (text, result)
        show(result)
    except (FeelError, FeelLimit):
        pass
    try:
        test = compile_tests(Parser(text, SCOPE).whole_tests(), names, text)
        frame = Frame([*start, *([None] * (slots.size - len(start)))], Budget(STEPS))
        run_code(lambda inner: test(inner, Decimal(5)), frame)
    except (FeelError, FeelLimit):
        pass


def test_no_expression_raises_anything_but_its_own_error_and_none_takes_long() -> None:
    print(f"seed {SEED}, {NUMBER} expressions")
    maker = Maker(random.Random(SEED), _corpus())
    for number, text in enumerate(maker.expressions(NUMBER)):
        began = time.process_time()
        try:
            _run(text)
        except BaseException as error:
            error.add_note(f"seed {SEED}, expression {number}: {text!r}")
            raise
        took = time.process_time() - began
        assert took < MOST_SECONDS, f"seed {SEED}, expression {number} took {took:.1f} s: {text!r}"


def test_no_law_file_raises_anything_but_its_own_error() -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    for number in range(max(60, NUMBER // 500)):
        law, ordinance = (spoiled_file(chance, text) if chance.random() < 0.7 else text for text in (LAW, ORDINANCE))
        try:
            book = LawBook.loads(law, ordinance)
            explain(decide(book, "proefwet", ["recht", "totaal"], {}, on=date(2025, 6, 1), gemeente="GM0546"))
        except (SourceInvalid, VliegwielError):
            pass
        except BaseException as error:
            error.add_note(f"seed {SEED}, file {number}:\n{law}\n---\n{ordinance}")
            raise
