"""Examples that say only what differs from another one (`zoals`)."""

from __future__ import annotations

import pytest

from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.law import LawBook, run_examples

LAW = """
wet: proef
naam: Proefwet
soort: wet
geldig: {van: 2026-01-01}
gelezen: 2026-01-01
geverifieerd: ja
bron: tekst
bronnen: {tekst: een bedachte wet}
artikelen: {"1": {titel: Recht}}
gegevens:
  inkomen: {soort: geld, vraag: Wat is uw inkomen?}
  woont_hier: {soort: ja/nee, vraag: Woont u hier?}
regels:
  recht:
    soort: ja/nee
    artikel: "1"
    alle:
      - {als: woont_hier}
      - {als: inkomen <= 100}
voorbeelden:
  - naam: Woont hier, laag inkomen
    op: 2026-02-01
    gegevens: {inkomen: 50.00, woont_hier: ja}
    verwacht: {recht: ja}
"""


def test_an_example_takes_over_the_data_of_another() -> None:
    more = """
  - naam: Hoger inkomen
    zoals: Woont hier, laag inkomen
    op: 2026-02-01
    gegevens: {inkomen: 200.00}
    verwacht: {recht: nee}
  - naam: Hoger inkomen, elders
    zoals: Hoger inkomen
    op: 2026-02-01
    gegevens: {woont_hier: nee}
    verwacht: {recht: nee}
  - naam: Zelfde dag later
    zoals: Woont hier, laag inkomen
    op: 2027-02-01
    verwacht: {recht: ja}
"""
    book = LawBook.loads(LAW + more)
    report = run_examples(book)
    assert [str(finding) for finding in report.findings] == []
    third = book.texts[0].examples[2]
    assert third.gegevens is not None
    assert [key.text for key, _ in third.gegevens.entries] == ["inkomen", "woont_hier"]


def test_a_datum_can_be_taken_away() -> None:
    more = """
  - naam: Inkomen niet bekend
    zoals: Woont hier, laag inkomen
    op: 2026-02-01
    gegevens: {inkomen: onbekend}
    verwacht: {recht: onbekend}
    vraagt: [inkomen]
"""
    results = run_examples(LawBook.loads(LAW + more)).results
    assert all(result.passed for result in results)


def test_an_example_can_only_be_like_one_above_it() -> None:
    more = """
  - naam: Anders
    zoals: Woont hier, laag inkomn
    op: 2026-02-01
    verwacht: {recht: ja}
"""
    with pytest.raises(SourceInvalid, match="Bedoelt u 'Woont hier, laag inkomen'"):
        LawBook.loads(LAW + more)


def test_a_norm_can_say_that_a_value_was_not_found() -> None:
    law = LAW.replace("regels:", NORM).replace("inkomen <= 100", "inkomen <= grens")
    more = """
  - naam: Tweede jaar
    zoals: Woont hier, laag inkomen
    op: 2027-02-01
    verwacht: {recht: onbekend}
    vraagt: [grens]
  - naam: Derde jaar
    zoals: Woont hier, laag inkomen
    op: 2028-02-01
    verwacht: {recht: nee}
"""
    results = run_examples(LawBook.loads(law + more)).results
    assert [result.problems for result in results] == [(), (), ()]


NORM = """normen:
  grens:
    soort: geld
    artikel: "1"
    houdbaar: kalenderjaar
    waarden: {2026-01-01: 100.00, 2027-01-01: onbekend, 2028-01-01: 40.00}
regels:"""
