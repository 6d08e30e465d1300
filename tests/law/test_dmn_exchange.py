"""Laws go out as DMN and come back with every outcome; what we write is valid and gives the same in a DMN engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import vliegwiel
from tests.law.dmn_rounds import Facts, cases, is_whole, value
from vliegwiel.law import LawBook, load, values
from vliegwiel.law.dmn.adopting import adopt
from vliegwiel.law.dmn.engine import Engine
from vliegwiel.law.dmn.exporting import export
from vliegwiel.law.dmn.reading import read
from vliegwiel.law.dmn.tck import same
from vliegwiel.law.errors import LawFault
from vliegwiel.law.feel.errors import FeelLimit
from vliegwiel.law.feel.values import Unknown, Value

WETTEN = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
TODAY = date(2026, 11, 24)
EACH = int(os.environ.get("VLIEGWIEL_DMN_ROUNDS", "1"))
"""Variations on each example. More in the environment, for a longer search."""
MOST = 8 * (1 + EACH)
"""Cases for each law and municipality."""
SEED = 20261124


@pytest.fixture(scope="module")
def catalogue() -> LawBook:
    return load(WETTEN)


def _laws() -> list[str]:
    return sorted(load(WETTEN).law_ids)


class Rounds:
    """A law, what it became after going out and coming back, and the model in between."""

    def __init__(self, book: LawBook, law: str, gemeente: str | None, on: date | None) -> None:
        self.book, self.law, self.gemeente = book, law, gemeente
        self.data = export(book, law, today=TODAY, on=on, gemeente=gemeente)
        self.adopted = adopt(self.data, f"{law}.dmn", today=TODAY)
        self.back = load(self.adopted.text)
        model = read(self.data)
        self.engine = Engine(model)
        self.takes = {datum.name for datum in model.inputs}

    def differences(self, on: date, facts: Facts) -> Iterator[str]:
        """What is not the same for these facts."""
        program = self.book.program(self.law, on, self.gemeente)
        terms = {n for n, k in program.inputs.items() if program.units[k].kind == "open term"}
        given = {n: v for n, v in {**facts, "peildatum": on}.items() if n in self.takes or n in terms}
        names = [u.name for u in program.units.values() if u.kind == "regel" and u.key == f"{self.law}.{u.name}"]
        here = _values(self.book, self.law, names, facts, on, self.gemeente)
        there = _values(self.back, self.law, names, facts, on, None)
        # DMN knows no "not known": only with everything given must its engine say the same.
        complete = self.takes <= given.keys() and all(map(is_whole, given.values()))
        sure = [name for name in names if complete and here[name] is not FAULT and is_whole(here[name])]
        found = self.engine.decide_all(sure, given)
        for name in names:
            one, other = here[name], there[name]
            faulty = one is FAULT or other is FAULT
            unlike = isinstance(one, Unknown) != isinstance(other, Unknown) or (is_whole(one) and one != other)
            if one is not other if faulty else unlike:
                yield f"{name}: {one!r} against {other!r} in the law that came back"
            if name in found and not same(one, found[name]):
                yield f"{name}: {one!r} against {found[name]!r} in the DMN engine"


FAULT = "in doubt"


def _values(
    book: LawBook, law: str, names: list[str], facts: Facts, on: date, gemeente: str | None
) -> dict[str, Value]:
    """All values at once; one by one when a rule contradicts itself for these facts."""
    try:
        return values(book, law, names, facts, on=on, gemeente=gemeente)
    except (LawFault, FeelLimit):
        if len(names) == 1:
            return {names[0]: FAULT}
        return {name: _values(book, law, [name], facts, on, gemeente)[name] for name in names}


@pytest.mark.parametrize("law", _laws())
def test_every_outcome_comes_back(catalogue: LawBook, law: str) -> None:
    """By date and with the norms of one day; without a municipality and for one with an ordinance."""
    places = catalogue.ordinance_municipalities(law, TODAY)[:1]
    random = Random(SEED)
    for gemeente in (None, *places):
        tried = list(cases(catalogue, law, gemeente, random, EACH))
        random.shuffle(tried)
        tried = tried[:MOST]
        usual = _same_texts(catalogue, law, gemeente, tried)
        if usual:
            rounds = Rounds(catalogue, law, gemeente, None)
            assert rounds.adopted.left == ()
            assert [line for on, facts in usual for line in rounds.differences(on, facts)] == []
    if tried:
        day = tried[0][0]
        fixed = Rounds(catalogue, law, None, day)
        chosen = [facts for on, facts in cases(catalogue, law, None, random, EACH) if on == day][:10]
        assert [line for facts in chosen for line in fixed.differences(day, facts)] == []


def _same_texts(
    book: LawBook, law: str, gemeente: str | None, tried: list[tuple[date, Facts]]
) -> list[tuple[date, Facts]]:
    """The cases on days on which the same texts hold as today."""
    now = [text.id for text in book.program(law, TODAY, gemeente).texts]
    version = book.law(law, TODAY).validity
    return [
        (on, facts)
        for on, facts in tried
        if version.holds(on) and [text.id for text in book.program(law, on, gemeente).texts] == now
    ]


@pytest.mark.shared
@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
def test_what_we_write_is_valid_dmn(catalogue: LawBook, shared: Path, version: str) -> None:
    schema = shared / "standards" / "dmn-tck" / "schema" / f"DMN{version.replace('.', '')}.xsd"
    valid = etree.XMLSchema(etree.parse(str(schema)))
    for law in catalogue.law_ids:
        places = catalogue.ordinance_municipalities(law, TODAY)[:1]
        for gemeente, on in ((None, None), *((place, TODAY) for place in places)):
            data = export(catalogue, law, today=TODAY, on=on, gemeente=gemeente, version=version)
            assert valid.validate(etree.fromstring(data)), (law, gemeente, valid.error_log)


def test_the_drawing_shows_everything_once_and_needs_below_what_needs_them(catalogue: LawBook) -> None:
    for law in catalogue.law_ids:
        root = etree.fromstring(export(catalogue, law, today=TODAY))
        places = {
            str(shape.get("dmnElementRef")): (float(shape[0].get("x")), float(shape[0].get("y")))
            for shape in root.iter("{*}DMNShape")
        }
        elements = {
            e.get("id") for e in root if etree.QName(e).localname in ("decision", "inputData", "businessKnowledgeModel")
        }
        assert set(places) == elements
        spots = sorted(places.values(), key=lambda spot: (spot[1], spot[0]))
        assert all(b[1] - a[1] > 60 or b[0] - a[0] >= 190 for a, b in pairwise(spots))
        for edge in root.iter("{*}DMNEdge"):
            start, end = edge[0], edge[-1]
            assert float(start.get("y")) > float(end.get("y"))


# --- small laws of every shape -------------------------------------------------------------------------------------------

_HEAD = """\
wet: klein
naam: Kleine wet
soort: wet
geldig: {van: 2024-01-01}
gelezen: 2024-01-01
geverifieerd: ja
bron: tekst
bronnen: {tekst: de tekst, krant: een krant}
artikelen: {"1": {titel: Een}, "2": {titel: Twee}}
gegevens:
  a: {soort: getal, vraag: A?}
  b: {soort: getal, vraag: B?}
  p: {soort: ja/nee, vraag: P?}
  q: {soort: ja/nee, vraag: Q?}
  k: {soort: keuze, keuzes: {een: de eerste, twee: de tweede}, vraag: K?}
  dag: {soort: datum, vraag: Dag?}
  loon: {soort: geld per maand, vraag: Loon?}
  rij: {soort: lijst, van: getal, vraag: Rij?}
normen:
  grens: {soort: getal, artikel: "1", houdbaar: kalenderjaar, waarden: {2024-01-01: 5, 2025-01-01: {waarde: 7, bron: krant}}}
regels:
"""
_NUMBERS = ["a", "b", "a + b * 2", "-a", "if p then a else b", "max(a, b)", "grens - a", "afronden(a / 3, 2)", "sum(rij)",
            "count(rij[item > a])", "hele_jaren(dag, peildatum)", "procent(a, b)", "afronden_op(a, 5)",
            "for x in rij return x + a", "if a = null then 0 else a"]  # fmt: skip
_TRUTHS = ["p", "not(q)", "p and q", "p or a > 3", "a between 1 and b", "a in [1..5)", 'k = "een"', "k in (\"een\", \"twee\")",
           "some x in rij satisfies x > a", "every x in rij satisfies x < b", "dag < peildatum - jaren(1)", "nee",
           "loon > 100", "is_werkdag(dag)", "dag + weken(2) > peildatum", "a > grens", "q = null"]  # fmt: skip
_CELLS = ["-", "< 3", ">= 3", "[1..5]", "1, 2, 3", "not(4)", "> grens", "null"]


@st.composite
def _small_laws(draw: st.DrawFn) -> str:
    """A law with a rule of each shape, made of bits that law writers use."""
    number = draw(st.sampled_from([n for n in _NUMBERS if not n.startswith("for")]))
    truths = draw(st.lists(st.sampled_from(_TRUTHS), min_size=1, max_size=4))
    policy = draw(st.sampled_from(["U", "A", "F", "C", "R", "C+", "C<", "C>", "C#"]))
    lines = draw(
        st.lists(
            st.tuples(st.sampled_from(_CELLS), st.sampled_from(["-", "ja", "nee"]), st.sampled_from(_NUMBERS[:4])),
            min_size=1,
            max_size=4,
        )
    )
    kind = "lijst, van: getal" if policy in ("C", "R") else "getal"
    table = "\n".join(
        f"        - {{als: {{n: '{cell}', v: '{truth}'}}, dan: '{then}', artikel: \"2\"}}"
        for cell, truth, then in lines
    )
    conditions = "\n".join(
        f"      - {{als: '{truth}', ja: 'Zo is het ({{a}}).', nee: Zo is het niet.}}" for truth in truths
    )
    every = draw(st.sampled_from(["alle", "een"]))
    return (
        f"{_HEAD}  n: {{soort: getal, artikel: \"1\", formule: '{number}'}}\n"
        f'  v:\n    soort: ja/nee\n    artikel: "1 lid 2"\n    {every}:\n{conditions}\n'
        f'  t:\n    soort: {kind}\n    artikel: "1"\n    tabel:\n      treffer: "{policy}"\n'
        f"      invoer: [n, v]\n      regels:\n{table}\n"
        '  j: {soort: geld per jaar, artikel: "1", formule: per_jaar(loon) + 12}\n'
    ).replace("soort: lijst, van: getal\n    artikel", "soort: lijst\n    van: getal\n    artikel")


@settings(max_examples=int(os.environ.get("VLIEGWIEL_DMN_LAWS", "15")), deadline=None)
@given(_small_laws(), st.integers(0, 10**9), st.booleans())
def test_small_laws_of_every_shape_come_back(text: str, seed: int, by_date: bool) -> None:
    book = load(text)
    random = Random(seed)
    day = date(2025, 6, 2)
    rounds = Rounds(book, "klein", None, None if by_date else day)
    assert rounds.adopted.left == ()
    for share in (1, 1, 1, 0.9, 0.7):
        facts: Facts = {}
        program = book.program("klein", day)
        for name in program.inputs:
            if random.random() < share:
                from_type = program.units[program.inputs[name]].type
                facts[name] = None if random.random() < 0.1 else value(from_type, None, random)
        for on in (day, date(2024, 3, 1), date(2026, 1, 1)) if by_date else (day,):
            assert list(rounds.differences(on, facts)) == []
