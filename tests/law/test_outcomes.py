"""What a law is asked for when nobody says: what its file names, and else what no other rule builds on."""

from __future__ import annotations

from datetime import date

import pytest

from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.law import LawBook
from vliegwiel.law.outcomes import outcomes_of

LAW = """
wet: proef
naam: Proefwet
soort: wet
geldig: {van: 2026-01-01}
gelezen: 2026-01-01
geverifieerd: ja
bron: tekst
bronnen: {tekst: voorbeeld}
artikelen: {"1": {titel: Alles}}
gegevens: {oud: {soort: ja/nee, vraag: Bent u oud?}}
regels:
  recht: {soort: ja/nee, artikel: "1", formule: oud, uitleg: {ja: U hebt recht.}}
  hoogte: {soort: geld, artikel: "1", formule: if recht then 10 else 0}
voorbeelden:
  - {naam: Ja, op: 2026-02-01, gegevens: {oud: ja}, verwacht: {hoogte: 10}}
  - {naam: Nee, op: 2026-02-01, gegevens: {oud: nee}, verwacht: {hoogte: 0}}
"""


def asked(text: str) -> tuple[str, ...]:
    return outcomes_of(LawBook.loads(text).program("proef", date(2026, 2, 1), None))


def test_without_a_word_it_is_what_nothing_builds_on() -> None:
    assert asked(LAW) == ("hoogte",)


def test_the_file_says_what_people_ask_for_and_in_which_order() -> None:
    assert asked(LAW.replace("artikelen:", "uitkomsten: [recht, hoogte]\nartikelen:")) == ("recht", "hoogte")


def test_an_outcome_that_is_no_rule_is_a_mistake_with_what_may_be_meant() -> None:
    with pytest.raises(SourceInvalid, match="Bedoelt u 'recht'"):
        asked(LAW.replace("artikelen:", "uitkomsten: [rehct]\nartikelen:"))
