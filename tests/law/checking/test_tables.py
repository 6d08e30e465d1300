"""Gaps, overlaps and dead lines of random tables are exactly those that looking at every combination finds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.law import LawBook
from vliegwiel.law.checking.formulas import NO, YES, All, Formula, Leaf, Term, every, some
from vliegwiel.law.checking.meaning import Meaning
from vliegwiel.law.checking.solving import Solver, other_than, solve
from vliegwiel.law.checking.tables import TableCheck
from vliegwiel.law.checking.walking import Asking
from vliegwiel.law.feel.runtime import Frame
from vliegwiel.law.feel.values import Value
from vliegwiel.law.program import CompiledTableParts, Program
from vliegwiel.law.types import Choice, Number

ON = date(2026, 11, 24)
# More with VLIEGWIEL_CHECK_TABLES=5000.
MANY = int(os.environ.get("VLIEGWIEL_CHECK_TABLES", "80"))

LAW = """\
wet: proef
naam: Proef
soort: wet
geldig: {van: 2024-01-01}
gelezen: 2024-01-01
geverifieerd: ja
bron: tekst
bronnen: {tekst: de tekst}
artikelen: {"1": {titel: Iets}}
gegevens:
  aantal: {soort: getal, vraag: Hoeveel?}
  bedrag: {soort: geld, vraag: Hoeveel geld?}
  vorm: {soort: keuze, keuzes: [a, b, c], vraag: Welke?}
  waar: {soort: ja/nee, vraag: Is het waar?}
  dag: {soort: datum, vraag: Wanneer?}
regels:
  verbonden:
    soort: ja/nee
    artikel: "1"
    alle: [{als: waar}, {als: aantal > 2}]
  uitkomst:
    soort: getal
    artikel: "1"
    tabel:
      treffer: %s
      invoer: [%s]
%s      regels:
%s
"""

_START = date(2024, 5, 5)


def _numbers(low: int, high: int) -> st.SearchStrategy[str]:
    one = st.integers(low, high)
    two = st.tuples(one, one).map(sorted)
    return st.one_of(
        st.tuples(st.sampled_from(["<", "<=", ">", ">="]), one).map(lambda t: f"{t[0]} {t[1]}"),
        st.tuples(st.sampled_from("[("), two, st.sampled_from("])")).map(lambda t: f"{t[0]}{t[1][0]}..{t[1][1]}{t[2]}"),
        one.map(str),
        st.tuples(one, one).map(lambda t: f"{t[0]}, {t[1]}"),
        one.map(lambda n: f"not({n})"),
        one.map(lambda n: f"? > {n} and ? != {n + 2}"),
    )


def _dates() -> st.SearchStrategy[str]:
    one = st.integers(0, 4).map(lambda n: f'date("{_START + timedelta(days=n)}")')
    return st.one_of(
        st.tuples(st.sampled_from(["<", "<=", ">", ">="]), one).map(lambda t: f"{t[0]} {t[1]}"),
        st.tuples(one, one).map(lambda t: f"[{t[0]}..{t[1]}]"),
        one,
    )


CELLS: dict[str, st.SearchStrategy[str]] = {
    "aantal": _numbers(0, 6),
    "bedrag": _numbers(0, 4),
    "vorm": st.sampled_from(["a", "b", "c", "a, b", "not(c)", "not(a, b)"]),
    "waar": st.sampled_from(["ja", "nee", "ja, nee"]),
    "dag": _dates(),
    "verbonden": st.sampled_from(["ja", "nee"]),
}
_CENTS = [Decimal(n) + d for n in range(8) for d in (Decimal("-0.01"), Decimal(0), Decimal("0.01"))]
VALUES: dict[str, Sequence[Value]] = {
    "aantal": [Decimal(n) for n in range(10)],
    "bedrag": [cents for cents in _CENTS if cents >= 0],
    "vorm": ["a", "b", "c"],
    "waar": [True, False],
    "dag": [_START + timedelta(days=n) for n in range(-1, 7)],
}
# What lies beyond what usually holds: negative and broken numbers.
BEYOND: dict[str, Sequence[Value]] = {
    **VALUES,
    "aantal": [Decimal(n) / 2 for n in range(-4, 20)],
    "bedrag": [*_CENTS, Decimal(-5)],
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, str]:
    columns = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3, unique=True))
    policy = draw(st.sampled_from("UAFP"))
    lines = draw(
        st.lists(
            st.tuples(st.fixed_dictionaries({c: st.one_of(st.none(), CELLS[c]) for c in columns}), st.integers(1, 3)),
            min_size=1,
            max_size=5,
        )
    )
    order = "      volgorde: ['1', '2', '3']\n" if policy == "P" else ""
    written = "\n".join(
        "        - {als: {"
        + ", ".join(f"{c}: '{cell}'" for c, cell in cells.items() if cell is not None)
        + f"}}, dan: {output}}}"
        for cells, output in lines
    )
    return policy, LAW % (policy, ", ".join(columns), order, written)


def _program(text: str) -> Program:
    return LawBook.loads(text).program("proef", ON)


def _runs(program: Program, values: dict[str, Sequence[Value]]) -> Iterator[tuple[set[int], Frame]]:
    """Which lines match, for every combination of the data that the table rests on."""
    unit = program.units["proef.uitkomst"]
    assert isinstance(unit.anatomy, CompiledTableParts)
    reached = program.reach([unit.key])
    names = [name for name in values if name in reached]
    for combination in product(*(values[name] for name in names)):
        frame = program.frame(ON)
        for name, value in zip(names, combination, strict=True):
            frame[program.units[name].slot] = value
        matching: set[int] = set()
        for number, line in enumerate(unit.anatomy.table.lines):
            if all(test(frame, unit.anatomy.columns[column].code(frame)) is True for column, test in line.tests):
                matching.add(number)
        yield matching, frame


def _check(program: Program) -> TableCheck:
    check = TableCheck.of(Asking(Meaning(program)), program.units["proef.uitkomst"], ON)
    assert check is not None
    return check


@settings(max_examples=MANY, deadline=None)
@given(tables())
def test_gaps_are_those_that_every_combination_shows(made: tuple[str, str]) -> None:
    program = _program(made[1])
    found = [finding for finding in _check(program).gaps() if finding.severity == "fout"]
    assert bool(found) == any(not matching for matching, _ in _runs(program, VALUES)), made[1]


@settings(max_examples=MANY, deadline=None)
@given(tables())
def test_overlaps_are_those_that_every_combination_shows(made: tuple[str, str]) -> None:
    policy, text = made
    program = _program(text)
    check = _check(program)
    outputs = [int(line.output.text) for line in check.lines]
    wrong: set[int] = set()
    for matching, _ in _runs(program, VALUES):
        for second in matching:
            for first in matching:
                if first < second and (policy == "U" or outputs[first] != outputs[second]):
                    wrong.add(check.lines[second].at.line)
    assert {finding.line for finding in check.overlaps()} == (wrong if policy in "UA" else set()), text


@settings(max_examples=MANY, deadline=None)
@given(tables())
def test_dead_lines_are_those_that_no_combination_reaches(made: tuple[str, str]) -> None:
    policy, text = made
    program = _program(text)
    check = _check(program)
    outputs = [int(line.output.text) for line in check.lines]
    reached: set[int] = set()
    for matching, _ in _runs(program, BEYOND):
        if policy == "F":
            reached |= {min(matching)} if matching else set()
        elif policy == "P":
            best = min((outputs[number] for number in matching), default=0)
            reached |= {number for number in matching if outputs[number] == best}
        else:
            reached |= matching
    dead = {line.at.line for number, line in enumerate(check.lines) if number not in reached}
    assert {finding.line for finding in check.dead_lines()} == dead, text


# --- the search itself -----------------------------------------------------------------------------------------------

TERMS = [Term(f"t{n}", Number() if n < 2 else Choice((("a", "a"), ("b", "b"), ("c", "c")))) for n in range(4)]


def _leaf(term: Term) -> st.SearchStrategy[Leaf]:
    constants: st.SearchStrategy[Value] = (
        st.integers(0, 3).map(Decimal) if isinstance(term.type, Number) else st.sampled_from("abc")
    )
    operators = ["=", "!=", "<", "<=", ">", ">="] if isinstance(term.type, Number) else ["=", "!="]
    return st.builds(Leaf, st.just(term), st.sampled_from(operators), constants, st.sampled_from([YES, NO, YES | NO]))


FORMULAS = st.recursive(
    st.one_of(*(_leaf(term) for term in TERMS)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(every), st.lists(inner, min_size=1, max_size=4).map(some)
    ),
    max_leaves=25,
)


def _holds(formula: Formula, values: dict[Term, Value]) -> bool:
    if isinstance(formula, bool):
        return formula
    if isinstance(formula, Leaf):
        return formula.holds(values[formula.term])
    held = [_holds(part, values) for part in formula.parts]
    return all(held) if isinstance(formula, All) else any(held)


@settings(max_examples=MANY, deadline=None)
@given(FORMULAS)
def test_a_formula_is_possible_exactly_when_some_values_make_it_so(formula: Formula) -> None:
    numbers = [Decimal(n) / 2 for n in range(-2, 9)]
    domains = [numbers if isinstance(term.type, Number) else ["a", "b", "c"] for term in TERMS]
    ways = [dict(zip(TERMS, values, strict=True)) for values in product(*domains)]
    answer = solve(formula)
    assert answer.possible == any(_holds(formula, values) for values in ways)
    if answer.possible:
        full = {**ways[0], **answer.values}
        assert _holds(formula, full)
        again = solve(every([formula, other_than(formula, answer.values)]))
        assert not again.possible or again.values != answer.values


def test_what_costs_too_much_is_left_open_and_never_guessed() -> None:
    terms = [Term(f"x{n}", Choice((("a", "a"), ("b", "b")))) for n in range(60)]
    parts = [
        some(
            [
                Leaf(terms[n], "=", "a", YES),
                Leaf(terms[(n * 7 + 3) % 60], "=", "b", YES),
                Leaf(terms[(n * 11 + 5) % 60], "=", "a", NO),
            ]
        )
        for n in range(60)
    ]
    assert Solver(parts, work=50).ask(parts).possible is None
    assert solve(every(parts)).possible is True
