"""FEEL gives what DMN 1.5 says, exact, and never anything but a value or its own error."""

from __future__ import annotations

from decimal import Decimal

import pytest

from vliegwiel.law.feel.errors import FeelError, FeelLimit
from vliegwiel.law.feel.evaluate import evaluate, passes
from vliegwiel.law.feel.values import Value, show


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # numbers: 34 digits, half even
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("-5 ** 2", "25"),
        ("2 ** 3 ** 2", "64"),
        ("10 / 4", "2.5"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("0.1 + 0.2", "0.3"),
        (".5 + 1.5e2", "150.5"),
        ("1 / 0", None),
        ("1 + true", None),
        ("decimal(2.5, 0)", "2"),
        ("round half up(2.5, 0)", "3"),
        ("round half down(2.5, 0)", "2"),
        ("floor(-1.5)", "-2"),
        ("ceiling(1.56, 1)", "1.6"),
        ("modulo(-12, 5)", "3"),
        ("abs(-3)", "3"),
        ("sqrt(16)", "4"),
        ('number("1.000,50", ".", ",")', "1000.5"),
        # text
        ('"a" + "b"', "ab"),
        ('substring("foobar", -2)', "ar"),
        ('substring(string: "foobar", start position: 3, length: 2)', "ob"),
        ('string length("🐎ab")', "3"),
        ('upper case("aBc")', "ABC"),
        ('substring before("foobar", "bar")', "foo"),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('matches("foobar", "^fo*b")', "true"),
        ('string join(split("a;b;c", ";"), "-")', "a-b-c"),
        ('"a\\u0041"', "aA"),
        ('string([1, "a", null])', '[1, "a", null]'),
        # dates, times, durations
        ('date("2020-02-29") + duration("P1Y")', "2021-02-28"),
        ('date("2021-01-31") + duration("P1M")', "2021-02-28"),
        ('date("2020-01-01") - date("2019-01-01")', "P365D"),
        ('date("999999999-12-31").year', "999999999"),
        ('date("2026-11-24") < date("2026-11-25")', "true"),
        ("date(2026, 2, 30)", None),
        ('date("2026-11-24").weekday', "2"),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', "P1Y8M"),
        ('duration("P1Y") / duration("P6M")', "2"),
        ('duration("PT36H").days', "1"),
        ('duration("P1D") * 1.5', "P1DT12H"),
        ('@"2020-01-01T10:00:00+02:00" = @"2020-01-01T08:00:00Z"', "true"),
        ('date and time("2020-01-01T00:00:00@Europe/Amsterdam").time offset', "PT1H"),
        ('time("23:00:00") + duration("PT2H")', "01:00:00"),
        ('day of week(date("2026-11-24"))', "Tuesday"),
        ('week of year(date("2027-01-01"))', "53"),
        ('day of year(date("2026-12-31"))', "365"),
        # lists, contexts, filters
        ("[1, 2, 3][2]", "2"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][item > 1]", "[2, 3]"),
        ("[{a: 1, b: 2}, {a: 3, b: 4}][a > 1].b", "[4]"),
        ("[{a b: 1}][a b = 1]", "[{a b: 1}]"),
        ("{a b: 1, c: a b + 2}.c", "3"),
        ("sum([1, 2, 3])", "6"),
        ("max(1, 5, 3)", "5"),
        ("sum([])", None),
        ("mean([1, 2, 3])", "2"),
        ("median([6, 1, 2, 3])", "2.5"),
        ("mode([6, 3, 9, 6, 6])", "[6]"),
        ("count([1, null])", "2"),
        ("distinct values([1, 2, 1])", "[1, 2]"),
        ("flatten([[1, [2]], 3])", "[1, 2, 3]"),
        ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
        ("index of([1, 2, 1], 1)", "[1, 3]"),
        ("sort([3, 1, 2], function(x, y) x < y)", "[1, 2, 3]"),
        ("list contains([1, 2], 2)", "true"),
        ("union([1, 2], [2, 3])", "[1, 2, 3]"),
        ('get value({a: 5}, "a")', "5"),
        ('context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
        # loops, functions, conditions
        ("for i in 1..3, j in i..3 return i * j", "[1, 2, 3, 4, 6, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in 1..5 return if i = 1 then 1 else partial[-1] * i", "[1, 2, 6, 24, 120]"),
        ("some x in [1, 5] satisfies x > 3", "true"),
        ("every x in [] satisfies x > 3", "true"),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r", "3628800"),
        ("(function(a: number, b: number) a - b)(b: 1, a: 5)", "4"),
        ("sort([2, 1], function(x) x)", None),
        ("5 between 1 and 5", "true"),
        ("5 in (1..5)", "false"),
        ("5 in [1..5]", "true"),
        ("5 in (< 3, > 4)", "true"),
        ("1 in [2, 1]", "true"),
        ("not(true)", "false"),
        ("[1, 2] instance of list<number>", "true"),
        ("true and null", None),
        ("false and null", "false"),
        ("true or null", "true"),
        ("null = null", "true"),
        ('1 = "1"', None),
        ("if null then 1 else 2", "2"),
        # ranges
        ("[1..5].start included", "true"),
        ("before([1..5], 6)", "true"),
        ("overlaps([1..5], [5..8])", "true"),
        ("includes([1..5], (1..5))", "true"),
        ("(> 5).start", "5"),
    ],
)
def test_an_expression_gives_what_the_standard_says(expression: str, expected: str | None) -> None:
    assert show(evaluate(expression)) == expected


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ("< 5", Decimal(4), True),
        ("< 5, > 10", Decimal(7), False),
        ("[1..5]", Decimal(5), True),
        ("]1..5[", Decimal(5), False),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ("? > 3 and ? < 9", Decimal(4), True),
        ('contains(?, "x")', "axb", True),
        ("null", None, True),
        ("true", True, True),
        ("true", None, False),
        ("false", None, False),
        ("1 < 2", Decimal(9), True),
        ("2 * 3", Decimal(6), True),
    ],
)
def test_a_cell_of_a_table_tests_its_input(cell: str, value: Value, expected: bool) -> None:
    assert passes(cell, value) is expected


@pytest.mark.parametrize(
    ("expression", "line", "column", "says"),
    [
        ("1 +", 1, 4, "houdt te vroeg op"),
        ("if a then\n  b", 2, 4, "Hier hoort 'else'"),
        ('"abc', 1, 1, "niet afgesloten"),
        ("1 + ; 2", 1, 5, "mag hier niet"),
        ("[1, 2", 1, 6, "Hier hoort ']'"),
        ("f(a: 1, 2)", 1, 9, "alle argumenten een naam"),
        ("a b c", 1, 3, "Na deze formule staat nog 'b'"),
        ("{a: 1, a: 2}", 1, 8, "staat er al"),
        ("1 2", 1, 3, "Na deze formule"),
    ],
)
def test_an_unreadable_expression_says_where_and_what(expression: str, line: int, column: int, says: str) -> None:
    with pytest.raises(FeelError) as caught:
        evaluate(expression)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert says in caught.value.message


def test_names_with_spaces_mean_the_longest_known_name() -> None:
    values: dict[str, Value] = {
        "a": Decimal(5),
        "b": Decimal(2),
        "a - b": Decimal(100),
        "tax": Decimal(1),
        "tax rate": Decimal(7),
    }
    assert evaluate("a - b", values) == 100
    assert evaluate("a-b", values) == 100
    assert evaluate("b - a", values) == -3
    assert evaluate("tax rate + tax", values) == 8


@pytest.mark.parametrize(
    "expression",
    [
        "count(for i in 1..1000000000 return i)",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "for i in 1..2000 return for j in 1..2000 return 1",
        '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("xxxxxxxxxx", 60)}.r',
        "count(for i in 1..40 return flatten([partial, partial, 1, 2, 3, 4]))",
    ],
)
def test_no_expression_can_hang_or_fill_the_server(expression: str) -> None:
    with pytest.raises(FeelLimit):
        evaluate(expression)


@pytest.mark.parametrize(
    "text", ["(" * 10_000 + "1" + ")" * 10_000, "-" * 10_000 + "1", "[" * 10_000, "1" + "+1" * 10_000]
)
def test_what_is_nested_or_chained_too_deep_is_refused(text: str) -> None:
    with pytest.raises(FeelError):
        evaluate(text)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__",
        "a.__class__.__mro__",
        'get value({}, "__class__")',
        "open",
        "(function(x) x).__globals__",
        "a.upper",
    ],
)
def test_an_expression_cannot_reach_python(expression: str) -> None:
    assert evaluate(expression, {"a": "x"}) is None


def test_external_functions_are_refused() -> None:
    text = 'function(a) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}'
    assert evaluate(f"({text})(1)") is None
    with pytest.raises(FeelError, match="Externe functies"):
        evaluate(text, strict=True)
