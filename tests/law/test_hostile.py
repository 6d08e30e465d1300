"""A definition of a stranger cannot hang the platform, fill its memory, crash it or reach outside (issue: limits)."""

from __future__ import annotations

import threading
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import vliegwiel
from tests.law.conftest import LAW
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.law import LawBook, LawFault, decide, explain
from vliegwiel.law.feel.compiler import compile_expression
from vliegwiel.law.feel.errors import FeelError, FeelLimit
from vliegwiel.law.feel.evaluate import evaluate, run_code
from vliegwiel.law.feel.parser import parse_expression, parse_unary_tests
from vliegwiel.law.feel.runtime import Budget, Frame
from vliegwiel.law.feel.scope import Names, Slots
from vliegwiel.law.feel.values import Value
from vliegwiel.law.plain import read_node

# A tenth of what a run may take, so that this suite stays quick; in seconds, with room for a busy machine.
STEPS = 100_000
MOST_SECONDS = 4.0


def _run(text: str) -> Value:
    slots = Slots()
    names = Names(slots, strict=False)
    code = compile_expression(parse_expression(text), names, text)
    return run_code(code, Frame([None] * slots.size, Budget(STEPS)))


LIST = "for i in 1..40000 return i"
LONG = '{a: "xxxxxxxxxx", b: a+a+a+a+a+a+a+a+a+a, c: b+b+b+b+b+b+b+b+b+b, d: c+c+c+c+c+c+c+c+c+c, e: d+d+d+d+d+d+d+d+d'
DOUBLING = ", ".join(["a0: [1, 1]", *(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 60))])


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for i in 1..1e6000 return i",
        "for i in 1..100000 return for j in 1..100000 return 1",
        "count(for i in 1..1000, j in 1..1000, k in 1..1000 return 1)",
        "some x in 1..1000000000 satisfies x < 0",
        'for d in date("0001-01-01")..date("9999-12-31") return d',
        "for i in 1..100000 return " + " + ".join("1" for _ in range(100)),
        f"{{a: {LIST}, b: every x in a satisfies list contains(a, -1)}}",
        f"{{a: {LIST}, b: every x in a satisfies index of(a, -1) = []}}",
        f"{{a: {LIST}, b: every x in a satisfies not(-1 in (a))}}",
        f"{{a: {LIST}, b: {LIST}, c: every x in a satisfies a = b}}",
        f"{{a: {LIST}, b: every x in a satisfies sum(a) > 0}}",
        f"{{a: {LIST}, b: every x in a satisfies string length(string(a)) > 0}}",
        f"{{a: {LIST}, b: for i in 1..1000 return append(a, i)}}",
        f"{{a: {LIST}, r: sort(a, function(x, y) count(a) > 0)}}",
        LONG + ', f: for i in 1..20000 return e + "x"}',
        LONG + ", f: for i in 1..20000 return upper case(e)}",
        LONG + ", f: e + e + e}",
        'for i in 1..100000 return matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "^(a|aa)+$")',
        "for i in 1..100000 return 1.000001 ** 999999.5",
        "for i in 1..100000 return exp(14999.5)",
        "for i in 1..20000 return string(10 ** 6000)",
        "string(for i in 1..60 return [partial])",
        "(for i in 1..60 return [partial]) = (for i in 1..60 return [partial])",
        "for i in 1..5000 return if i = 1 then [] else [partial[-1]]",
        f"{{{DOUBLING}, z: string(a59)}}",
        f"{{{DOUBLING}, z: a59 = a59}}",
        f"{{{DOUBLING}, z: count(flatten(a59))}}",
        f"{{{DOUBLING}, z: list contains(a59, 1)}}",
        "{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(60)}",
        "{f: function(n) f(n + 1), r: f(0)}",
        'for i in 1..100000 return werkdagen_tussen(@"1920-01-01", @"2020-01-01")',
        'werkdagen_na(@"2020-01-01", 1000000000)',
    ],
)
def test_what_costs_too_much_is_stopped(text: str) -> None:
    began = time.process_time()
    with pytest.raises((FeelLimit, FeelError)):
        _run(text)
    assert time.process_time() - began < MOST_SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "10 ** 10 ** 10",
        "2 ** 10 ** 30",
        "9.999 ** 9.999 ** 9.999 ** 9.999",
        "round half up(10 ** 6000, -6000)",
        "modulo(10 ** 6000, 0.0000001)",
        "maanden(10 ** 5000)",
        "string(dagen(10 ** 5000))",
        "maanden(10 ** 12) * 10 ** 1000",
        '@"2020-01-01" + maanden(10 ** 12)',
        'date("9999-12-31") + duration("P999999999Y")',
        'werkdagen_na(@"9999-12-01", 30000)',
        'replace("aaaaaaaaaaaaaaaaaaaaaaaab", "(a+)+c", "x")',
        "count(distinct values(for i in 1..9000 return i))",
        'substring("abc", 1, 10 ** 6000)',
        "sublist([1, 2], 1, 10 ** 6000)",
        "decimal(1 / 3, 10 ** 9)",
        "[1, 2][10 ** 6000]",
    ],
)
def test_what_is_far_out_of_reach_gives_a_value_at_once(text: str) -> None:
    began = time.process_time()
    _run(text)
    assert time.process_time() - began < MOST_SECONDS


DEEP = 10_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEP + "1" + ")" * DEEP,
        "[" * DEEP + "1" + "]" * DEEP,
        "[" * DEEP,
        "-" * DEEP + "1",
        "{a:" * (DEEP // 2) + "1",
        "if true then " * 1500 + "1",
        "if " * (DEEP // 2),
        "not(" * (DEEP // 4) + "true" + ")" * (DEEP // 4),
        "for i in " * 2000 + "1",
        "every i in a satisfies " * 800 + "true",
        "function(a) " * 1500 + "1",
        "a" + ".b" * (DEEP - 1),
        "a" + "[1]" * (DEEP // 2),
        "a" + "(1)" * (DEEP // 2),
        "1 + " * (DEEP // 2) + "1",
        "2 ** " * (DEEP // 4) + "2",
        "1 instance of " + "list<" * 3000 + "number" + ">" * 3000,
        "1 in (" * 3000 + "1" + ")" * 3000,
        "]" * DEEP,
        "@" * DEEP,
    ],
)
def test_nested_ten_thousand_deep_is_refused_not_crashed(text: str) -> None:
    for parse in (parse_expression, parse_unary_tests):
        with pytest.raises(FeelError):
            parse(text)


def test_files_nested_ten_thousand_deep_are_refused() -> None:
    for text in ("[" * DEEP, "{a: " * DEEP, "\n".join(" " * n + "a:" for n in range(900)), "- " * DEEP + "a"):
        with pytest.raises(SourceInvalid):
            LawBook.loads(text)


def test_a_chain_of_rules_that_no_run_can_follow_is_refused() -> None:
    rules = "".join(f'  r{n}: {{soort: getal, artikel: "1", formule: r{n + 1} + 1}}\n' for n in range(500))
    law = LAW.replace("  totaal: {", rules + '  r500: {soort: getal, artikel: "1", formule: 1}\n  totaal: {')
    with pytest.raises(LawFault, match="te lang"):
        decide(LawBook.loads(law), "proefwet", ["r0"], {}, on=date(2024, 6, 1))


@pytest.mark.parametrize(
    "text",
    [
        "__import__",
        "__builtins__",
        "eval",
        "open",
        "a.__class__",
        "a.__init__.__globals__",
        '"x".format',
        '"x".join',
        "[1].append",
        "[1].__len__",
        "{a: 1}.keys",
        "{a: 1}.__class__.__mro__",
        '@"2026-01-31".today',
        '@"2026-01-31".__class__',
        "(function(x) x).call",
        "(function(x) x).__globals__",
        "date.__module__",
    ],
)
def test_python_cannot_be_reached_from_an_expression(text: str) -> None:
    given: dict[str, Value] = {"a": Decimal(1)}
    nothing: tuple[Value, ...] = (None, [None], [])
    assert evaluate(text, given) in nothing
    assert evaluate(f"{text}()", given) in nothing


def test_an_external_function_is_refused_and_today_has_no_place_in_a_law() -> None:
    java = 'function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}'
    assert evaluate(f"({java})(1)") is None
    with pytest.raises(FeelError, match="Externe functies mogen niet"):
        evaluate(java, strict=True)
    with pytest.raises(FeelError, match="gebruik peildatum"):
        evaluate("today()", strict=True)


def test_many_threads_compile_and_decide_the_same() -> None:
    folder = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
    paths = [folder / "participatiewet.yaml", folder / "inkomenstoeslag"]

    def decided(book: LawBook) -> list[bytes]:
        found: list[bytes] = []
        for gemeente in (None, "GM0344", "GM0546"):
            for example in book.versions("participatiewet")[-1].examples[:8]:
                program = book.program("participatiewet", example.op, gemeente)
                facts: dict[str, object] = {}
                for key, node in example.gegevens.entries if example.gegevens is not None else ():
                    unit = program.units[program.inputs[key.text]]
                    facts[key.text] = read_node(unit.type, node, unit.name)
                wanted = [key.text for key, _ in example.verwacht.entries]
                decision = decide(book, "participatiewet", wanted, facts, on=example.op, gemeente=gemeente)
                found += [decision.to_json(), explain(decision).to_json()]
        return found

    alone = decided(LawBook.load(paths))
    shared = LawBook.load(paths)
    results: list[list[bytes]] = []
    start = threading.Barrier(6)

    def work() -> None:
        start.wait()
        results.append(decided(shared))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [alone] * 6
