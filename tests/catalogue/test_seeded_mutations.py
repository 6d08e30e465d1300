"""Two hundred mistakes, chosen by a number: each is refused with the file, the line and what to do. Nothing hangs or grows.

`VLIEGWIEL_MUTATIONS` sets how many (200 by default are spread over all kinds of files).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date
from time import perf_counter

import pytest

from tests.catalogue.mutating import MISTAKES, RUNS_ON, Mutation, mutation, patterns_with, users_of
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.catalogue.check.found import Finding, from_invalid
from vliegwiel.catalogue.check.patterns import pattern_findings
from vliegwiel.catalogue.check.report import check_one
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.resolve import library, resolve
from vliegwiel.catalogue.texts import with_text

TODAY = date(2026, 11, 24)
HOW_MANY = int(os.environ.get("VLIEGWIEL_MUTATIONS", "200"))
LONGEST = 5.0
"""Seconds one check may take on a busy machine; without bounds some of these would take ages."""


@pytest.fixture(scope="module", autouse=True)
def laws_are_read() -> None:
    """Reading all laws takes seconds, once; it is no part of checking a definition."""
    law_book()


def findings(one: Mutation) -> Iterator[Finding]:
    """What the check says of a definition with this mistake in it, as `check_all` does: patterns by themselves, the product
    before anybody deviates, and what municipalities run."""
    changed = with_text(library(), one.kind, one.key, one.text, one.owner)
    try:
        for pattern in patterns_with(library(), one):
            yield from pattern_findings(changed, pattern)
        for key, town in users_of(library(), one):
            yield from check_one(town, key, TODAY, among=changed)[0]
    except SourceInvalid as error:
        yield from from_invalid(error)


@pytest.mark.parametrize("part", range(8))
def test_every_mistake_is_refused_with_file_line_and_what_to_do(part: int) -> None:
    missed = []
    for seed in range(part, HOW_MANY, 8):
        one = mutation(seed, library())
        if not users_of(library(), one) and not patterns_with(library(), one):
            continue
        began = perf_counter()
        wrong = []
        for finding in findings(one):
            if finding.severity == "fout":
                wrong.append(str(finding))
                if _told(one, finding):
                    break
        else:
            missed.append(f"{one}: {wrong[:3]}")
        took = perf_counter() - began
        if took > LONGEST:
            missed.append(f"{one} took {took:.1f} s")
    assert not missed, "\n".join(missed)


def _told(one: Mutation, finding: Finding) -> bool:
    """Whether a finding names the file and the spot, in a sentence somebody can act on. A key that is missing stands at the start
    of what misses it."""
    file = finding.file == one.file or finding.file == f"varianten/{one.owner}/{one.key}.yaml"
    # What only shows when it runs is told at the example that ran it.
    near = one.mistake == RUNS_ON or one.line - 30 <= finding.line <= one.line + 2
    sentence = (
        len(finding.message) >= 15
        and finding.message[-1] in ".)?"
        and not re.search(r"Traceback|object at 0x", finding.message)
    )
    return file and near and sentence


def test_the_same_number_is_the_same_mistake() -> None:
    assert mutation(17, library()) == mutation(17, library())


def test_two_hundred_mistakes_touch_all_kinds_of_files_and_most_kinds_of_mistakes() -> None:
    made = [mutation(seed, library()) for seed in range(200)]
    assert {one.kind for one in made} == {"product", "patroon", "blok", "variant"}
    assert len({one.mistake for one in made}) >= 0.8 * len(MISTAKES)
    assert len({one.file for one in made}) >= 60


# --- what a stranger could try ------------------------------------------------------------------------------------------

PARKING = "bewonersparkeervergunning"
LEIDEN = "GM0546"


def _with_condition(condition: str) -> str:
    """The parking permit with this formula as the first row of its table of outcomes."""
    file = library().product(PARKING)
    assert file is not None
    text = (library().folder / file.name).read_text()
    return text.replace("uitkomst_als:\n", f"uitkomst_als:\n  - {{als: '{condition}', dan: weigeren}}\n", 1)


HOSTILE = {
    "loops in loops": "count(for i in 1..9999, j in 1..9999, k in 1..9999 return i * j * k) > 0",
    "a giant power": "10 ** 10 ** 10 ** 10 > 1",
    "a list that doubles": "count(" + "append(" * 400 + "[1]" + ", 1)" * 400 + ") > 0",
    "a text that grows": "string length(" + "string join([" * 60 + "\"a\"" + ", \"b\"])" * 60 + ") > 9",
    "a deep formula": "(" * 3000 + "true" + ")" * 3000,
    "a long formula": " and ".join(["true"] * 20_000),
    "a number without end": "1" * 100_000 + " > 1",
    "a pattern that backtracks": "matches(\"" + "a" * 40 + "!\", \"(a+)+$\")",
    "a file": "get value(open(\"/etc/passwd\"), \"x\") = 1",
    "an import": "__import__(\"os\").system(\"true\") = 0",
    "an address": "fetch(\"https://example.org/\") = null",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_formula_runs_code_reaches_out_or_hangs(name: str) -> None:
    changed = with_text(library(), "product", PARKING, _with_condition(HOSTILE[name]))
    began = perf_counter()
    found = check_one(LEIDEN, PARKING, TODAY, among=changed)[0]
    took = perf_counter() - began
    assert took < LONGEST, (name, took)
    harmless = name in (
        "a list that doubles",
        "a text that grows",
        "a long formula",
        "a deep formula",
        "a pattern that backtracks",
    )
    assert any(one.severity == "fout" for one in found) or harmless, name


TEXTS = {
    "aliases that multiply": "a: &a [x, x]\nb: &b [*a, *a]\nsoort: product\n",
    "a tag": "soort: !!python/object/apply:os.system [true]\n",
    "nested lists": "soort: " + "[" * 5000 + "]" * 5000 + "\n",
    "nested groups": "soort: " + "{a: " * 500 + "x" + "}" * 500 + "\n",
    "too many parts": "soort: [" + "x, " * 150_000 + "x]\n",
    "too long": "soort: " + "x" * 2_000_000 + "\n",
    "two documents": "soort: product\n---\nsoort: product\n",
    "signs that nobody sees": "soort: product\x00\n",
    "no text at all": "",
    "one value": "42\n",
    "a key that is a list": "? [a, b]\n: c\n",
    "a key that is nothing": "~: x\n",
    "merged keys": "<<: {soort: product}\nsoort: product\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_of_a_stranger_is_read_as_more_than_text(name: str) -> None:
    began = perf_counter()
    with pytest.raises(SourceInvalid) as refused:
        resolve(LEIDEN, PARKING, TODAY, among=with_text(library(), "product", PARKING, TEXTS[name]))
    assert perf_counter() - began < LONGEST
    for error in refused.value.errors:
        assert error.file
        assert error.line >= 1
        assert len(error.message) < 2000


def test_a_block_that_stands_in_itself_ends() -> None:
    block = "soort: blok\ncontact: x\nstappen:\n  - {blok: contact}\n"
    changed = with_text(library(), "blok", "contact", block)
    began = perf_counter()
    with pytest.raises(SourceInvalid):
        resolve(LEIDEN, PARKING, TODAY, among=changed)
    assert perf_counter() - began < LONGEST
