"""A mistake in a law file is found before the law is used: each with file, line, and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.law.conftest import LAW, ORDINANCE
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.law import LawBook, run_examples
from vliegwiel.law.checking import check_definitions


def _line(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        # names
        (
            "formule: hoogte + extra",
            "formule: hoogt + extra",
            "De naam 'hoogt' is hier niet bekend. Bedoelt u 'hoogte'?",
        ),
        ("ja: U woont hier.,", "ja: 'U woont in {plaats}.',", "De naam 'plaats' tussen accolades is niet bekend."),
        ("invoer: [recht, huishouden]", "invoer: [recht]", "'huishouden' staat niet onder 'invoer'."),
        ("  woont_hier: {soort", "  percentage: {soort", "De naam 'percentage' is al gebruikt."),
        ("  leeftijd: {soort", "  count: {soort", "is al een functie"),
        # types, units and periods
        ("formule: hoogte + extra", "formule: hoogte + grens", "'geld per jaar' en 'geld per maand' mogen niet samen."),
        ("als: inkomen <=", "als: hoogte <=", "'geld per jaar' en 'geld per maand' mogen niet samen."),
        (
            "formule: hoogte + extra",
            "formule: per_maand(hoogte)",
            "Dit geeft 'geld per maand', maar hier hoort 'geld per jaar'.",
        ),
        ("procent(percentage, grens)", "percentage * grens / 100", "Reken met een percentage via procent"),
        ("als: leeftijd >= 18", "als: leeftijd >= woont_hier", "mogen niet samen"),
        ("als: leeftijd >= 18", "als: leeftijd", "Dit geeft 'getal in jaar', maar hier hoort 'ja/nee'."),
        ("als: leeftijd >= 18", "als: leeftijd + 18", "maar hier hoort 'ja/nee'"),
        ("huishouden: paar}, dan", "huishouden: pår}, dan", "is hier niet bekend"),
        ("huishouden: paar}, dan", "huishouden: '\"samen\"'}, dan", "'samen' is geen keuze."),
        ("dan: bedrag.paar", "dan: bedrag.par", "heeft geen onderdeel 'par'"),
        (
            "hele_jaren(geboortedatum, peildatum)",
            "hele_jaren(geboortedatum)",
            "wordt zo aangeroepen: hele_jaren(van, tot)",
        ),
        (
            "hele_jaren(geboortedatum, peildatum)",
            "hele_maanden(geboortedatum, peildatum)",
            "Dit geeft 'getal in maand'",
        ),
        (
            "soort: getal in jaar",
            "soort: getel in jaar",
            "De soort 'getel in jaar' bestaat niet. Bedoelt u 'getal in jaar'?",
        ),
        # expressions
        ("als: leeftijd >= 18", "als: leeftijd >=", "De formule houdt te vroeg op."),
        ("als: {recht: nee}", "als: {recht: 'nee nee'}", "Na deze formule staat nog 'nee'"),
        # articles and sources
        ('artikel: "1 lid 2"', 'artikel: "7 lid 2"', "Artikel '7' staat niet onder 'artikelen'."),
        ("bron: krant,", "bron: kraan,", "De bron 'kraan' staat niet onder 'bronnen'. Toegestaan: tekst, krant."),
        # shape
        ("[400.00, 600.00]", "[400.00]", "Hier horen 2 waarden (alleen, paar). Er staan er 1."),
        (
            "2024-01-01: 1000.00",
            "2024-01-01: duizend",
            "Hier hoort een bedrag in euro's, zoals 12.50. Er staat 'duizend'.",
        ),
        ("treffer: U", "treffer: X", "Er staat 'X'. Toegestaan: 'U', 'A', 'P'"),
        ("treffer: U", "treffer: P", "Bij deze treffer hoort 'volgorde'"),
        ("    alle:\n", "    formule: ja\n    alle:\n", "Hier mag maar één van deze sleutels staan"),
        ("houdbaar: kalenderjaar", "houdbar: kalenderjaar", "Bedoelt u 'houdbaar'?"),
        ("keuzes: {alleen: alleenstaand, paar: samenwonend}, ", "", "Bij 'soort: keuze' horen 'keuzes'."),
    ],
)
def test_a_defect_in_a_law_is_found_at_its_line(old: str, new: str, says: str) -> None:
    assert LAW.count(old) >= 1, old
    defective = LAW.replace(old, new, 1)
    with pytest.raises(SourceInvalid) as caught:
        LawBook.loads(named={"proef.yaml": defective})
    found = [error for error in caught.value.errors if says in error.message]
    assert found, str(caught.value)
    assert found[0].file == "proef.yaml"
    first = next(n for n, (a, b) in enumerate(zip(LAW.splitlines(), defective.splitlines(), strict=False), 1) if a != b)
    assert found[0].line - first in range(-2, 25), f"{found[0]} (changed line {first})"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "  extra: {artikel",
            "  extr: {artikel",
            "'extr' is geen open term van 'proefwet'. Open termen: percentage, extra.",
        ),
        ("vult: proefwet", "vult: profwet", "De wet 'profwet' is er niet. Bedoelt u 'proefwet'?"),
        ('grondslag: "1"', 'grondslag: "9"', "Artikel '9' staat niet in 'proefwet'."),
        ("then 50 else 25", 'then 50 else "25"', "mogen niet samen"),
        ("waarde: 120", "waarde: ja", "Hier hoort een getal"),
        ("gemeente: GM0546", "gemeente: Leiden", "Het moet een gemeentecode als GM0546 zijn."),
    ],
)
def test_a_defect_in_an_ordinance_is_found(old: str, new: str, says: str) -> None:
    with pytest.raises(SourceInvalid) as caught:
        LawBook.loads(LAW, ORDINANCE.replace(old, new, 1))
    assert says in str(caught.value)


def test_two_versions_may_not_hold_on_one_day() -> None:
    with pytest.raises(SourceInvalid, match="geldt op 2024-01-01 twee keer"):
        LawBook.loads(LAW, LAW)


def test_two_versions_may_follow_each_other() -> None:
    LawBook.loads(LAW, LAW.replace("geldig: {van: 2024-01-01}", "geldig: {van: 2020-01-01, tot: 2023-12-31}"))


def test_an_example_that_fails_says_what_the_law_gives_instead() -> None:
    wrong = LAW.replace("recht: ja, hoogte: 400.00, totaal: onbekend", "recht: nee, hoogte: 401.00, totaal: 1")
    report = run_examples(LawBook.loads(named={"proef.yaml": wrong}))
    messages = [finding.message for finding in report.findings if finding.code == "voorbeeld"]
    assert messages == [
        "Voorbeeld 'Alleen met een laag inkomen': recht: nee verwacht, maar de wet geeft ja.",
        "Voorbeeld 'Alleen met een laag inkomen': hoogte: € 401,00 per jaar verwacht, maar de wet geeft € 400,00 per jaar.",
        (
            "Voorbeeld 'Alleen met een laag inkomen': totaal: € 1,00 per jaar verwacht, maar de wet weet het niet: "
            "extra ontbreekt."
        ),
    ]


def test_every_line_condition_and_branch_that_no_example_reaches_is_named() -> None:
    report = run_examples(LawBook.loads(LAW))
    messages = [finding.message for finding in report.uncovered]
    assert "Geen voorbeeld raakt 'recht': voorwaarde 1 met als uitkomst nee." in messages
    assert "Geen voorbeeld raakt 'hoogte': regel 1 van de tabel." in messages
    assert "Geen voorbeeld raakt 'hoogte': regel 3 van de tabel." in messages
    assert "Geen voorbeeld raakt 'hoogte': regel 2 van de tabel." not in messages
    line = next(finding.line for finding in report.uncovered if "regel 3" in finding.message)
    assert line == _line(LAW, "dan: bedrag.paar")


def test_an_ordinance_is_covered_by_its_own_examples() -> None:
    messages = [f.message for f in run_examples(LawBook.loads(LAW, ORDINANCE), ["proef_leiden"]).findings]
    assert messages == []
    less = ORDINANCE[: ORDINANCE.index("  - naam: Samen")]
    messages = [f.message for f in run_examples(LawBook.loads(LAW, less), ["proef_leiden"]).findings]
    assert messages == ["Geen voorbeeld raakt 'extra': de tak 'then' van de formule."]


def test_a_file_that_is_no_law_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("naam: iets\n")
    (tmp_path / "b.yaml").write_text(LAW)
    findings = check_definitions([tmp_path])
    assert [(f.file, f.message) for f in findings if f.file == "a.yaml"] == [
        ("a.yaml", "Dit is geen wet en geen verordening: de sleutel 'wet' of 'verordening' ontbreekt.")
    ]


def test_a_datum_that_no_rule_uses_is_noted_because_it_may_not_be_asked(tmp_path: Path) -> None:
    more = LAW.replace(
        "  woont_hier: {soort", "  schoenmaat: {soort: getal, vraag: Wat is uw schoenmaat?}\n  woont_hier: {soort"
    )
    (tmp_path / "a.yaml").write_text(more)
    notes = [finding.message for finding in check_definitions([tmp_path]) if finding.severity == "let op"]
    assert notes == ["Geen regel gebruikt 'schoenmaat'."]


def test_texts_that_do_not_fit_together_are_found_without_an_example(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(LAW)
    (tmp_path / "b.yaml").write_text(ORDINANCE)
    second = ORDINANCE.replace("proef_leiden", "proef_leiden_2").split("voorbeelden:")[0]
    (tmp_path / "c.yaml").write_text(second)
    found = [finding.message for finding in check_definitions([tmp_path]) if finding.code == "samenhang"]
    assert found
    assert "Twee verordeningen vullen 'percentage' in" in found[0]
