"""Each defect that can slip into a law is found, with its code and its line; the law without a defect gives no finding."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.checking.conftest import GENERAL, LAW, ORDINANCE, checked, line_of, only


def test_a_law_without_a_defect_gives_no_finding() -> None:
    report, _ = checked()
    assert [str(finding) for finding in report.findings] == []
    assert (report.texts, report.examples, report.passed) == (3, 8, 8)


# --- what cannot be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("defect", "old", "new", "at", "says"),
    [
        ("wrong indent", "  zorg:\n    soort", "   zorg:\n    soort", "   zorg:", "inspringen"),
        ("a tab", "    een:\n      - als: kinderen", "    een:\n\t- als: kinderen", "\t- als: kinderen", "tab"),
        (
            "a key that stands there twice",
            "  klasse:\n    soort: keuze\n",
            "  klasse:\n    soort: keuze\n    soort: tekst\n",
            "    soort: tekst",
            "De sleutel 'soort' staat er al",
        ),
        (
            "a key nobody knows",
            "houdbaar: kalenderjaar",
            "houdbar: kalenderjaar",
            "houdbar",
            "Bedoelt u 'houdbaar'?",
        ),
        (
            "a key that is missing",
            '    artikel: "2"\n    velden',
            "    velden",
            "  bedrag:",
            "Hier mist de sleutel 'artikel'",
        ),
        (
            "yes written in English",
            "geverifieerd: ja",
            "geverifieerd: yes",
            "geverifieerd: yes",
            "Hier hoort 'ja' of 'nee'",
        ),
        (
            "a date that does not exist",
            "gelezen: 2024-01-01",
            "gelezen: 2024-02-30",
            "gelezen: 2024-02-30",
            "Hier hoort een datum",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value and len(value) < 40 else "",
)
def test_a_file_that_does_not_follow_the_format(defect: str, old: str, new: str, at: str, says: str) -> None:
    report, files = checked({old: new})
    found = [finding for finding in report.findings if finding.code == "bestand"]
    assert found, [str(finding) for finding in report.findings]
    assert says in found[0].message, f"{defect}: {found[0]}"
    if at:
        assert found[0].line in (line_of(files["wet.yaml"], at), line_of(files["wet.yaml"], at) + 1)


@pytest.mark.parametrize(
    ("defect", "old", "new", "code", "at"),
    [
        ("month against year", "then hoogte + extra else", "then hoogte + grens else", "formule", "then hoogte + grens"),
        ("years against months", "hele_jaren(geboortedatum", "hele_maanden(geboortedatum", "formule", "hele_maanden("),
        ("an amount against a date", "als: leeftijd >= 18", "als: leeftijd >= geboortedatum", "formule", "als: leeftijd >="),
        ("a name that does not exist", "als: kinderen > 0", "als: kindern > 0", "formule", "als: kindern"),
        ("a formula that stops", "als: leeftijd >= 18", "als: leeftijd >=", "formule", "als: leeftijd >="),
        ("a placeholder that does not exist", "{per_persoon}", "{per_hoofd}", "naam", "{per_hoofd}"),
        ("a name used twice", "  kinderen: {soort", "  grens: {soort", "naam", "  grens:\n"),
        ("a kind that does not exist", "    soort: datum\n", "    soort: dag\n", "soort", "soort: dag"),
        ("an option that is none", "dan: midden}", "dan: middel}", "formule", "dan: middel"),
        ("an article that is not listed", '"2"\n    formule: if', '"3"\n    formule: if', "artikel", '    artikel: "3"'),
        ("an article said not to be modelled", '"2": {titel: Hoogte}', '"2": {titel: Hoogte, gemodelleerd: nee}', "artikel", ""),
        ("a source that is not listed", "    houdbaar: kalenderjaar", "    bron: krant\n    houdbaar: kalenderjaar", "bron", ""),
        ("a value missing from a row", "[400.00, 600.00]", "[400.00]", "soort", "2024-01-01: [400.00]"),
        ("a deviation from what is no rule", "algemeen.termijn,", "algemeen.peildatum,", "naam", "algemeen.peildatum"),
    ],
)  # fmt: skip
def test_a_name_kind_or_article_that_is_wrong(defect: str, old: str, new: str, code: str, at: str) -> None:
    report, files = checked({old: new})
    found = [finding for finding in report.findings if finding.code == code and finding.severity == "fout"]
    assert found, f"{defect}: {[str(finding) for finding in report.findings]}"
    if at:
        lines = {finding.line for finding in found}
        assert line_of(files["wet.yaml"], at.rstrip("\n")) in lines or defect == "a name used twice"


# --- tables ----------------------------------------------------------------------------------------------------------


def test_overlap_two_lines_match_at_once() -> None:
    report, files = checked({'"paar, groep", kinderen: "< 1"}': '"alleen, paar, groep", kinderen: "< 1"}'})
    found = only(report, "overlap")
    assert found.line == line_of(files["wet.yaml"], '"alleen, paar, groep"')
    assert found.message == (
        "'hoogte': regel 3 van de tabel past tegelijk met regel 2: als recht = ja, huishouden = alleen, kinderen = 0."
    )
    assert found.hint.startswith(f"Regel 2 staat op regel {line_of(files['wet.yaml'], 'huishouden: alleen}')}")


def test_overlap_at_one_number() -> None:
    report, files = checked({'kinderen: "< 1"': 'kinderen: "<= 1"'})
    assert only(report, "overlap").line == line_of(files["wet.yaml"], '">= 1"')
    assert "kinderen = 1" in only(report, "overlap").message


def test_overlap_with_another_outcome_under_policy_any() -> None:
    report, files = checked(
        {
            "treffer: U\n      invoer: [recht,": "treffer: A\n      invoer: [recht,",
            "huishouden: alleen}, dan: bedrag.alleen}": 'huishouden: "alleen, paar"}, dan: bedrag.alleen}',
        }
    )
    found = [finding for finding in report.findings if finding.code == "overlap"]
    assert found[0].line == line_of(files["wet.yaml"], 'kinderen: "< 1"')
    assert "met een andere uitkomst" in found[0].message


def test_no_overlap_when_the_outcome_is_the_same_under_policy_any() -> None:
    report, _ = checked(
        {
            "treffer: U\n      invoer: [recht,": "treffer: A\n      invoer: [recht,",
            '{als: {recht: ja, huishouden: "paar, groep", kinderen: "< 1"}, dan: bedrag.paar}': (
                '{als: {recht: ja, huishouden: "paar, groep", kinderen: "< 1"}, dan: bedrag.paar}\n'
                '        - {als: {recht: ja, huishouden: paar, kinderen: "< 1"}, dan: bedrag.paar}'
            ),
        }
    )
    assert not [finding for finding in report.findings if finding.code == "overlap"]


def test_gap_in_numbers() -> None:
    report, files = checked({'kinderen: ">= 1"': 'kinderen: "> 1"'})
    found = only(report, "gat")
    assert (found.severity, found.line) == ("fout", line_of(files["wet.yaml"], "  hoogte:"))
    assert "huishouden = paar, kinderen = 1." in found.message or "huishouden = groep, kinderen = 1." in found.message


def test_gap_in_choices() -> None:
    report, _ = checked({'"paar, groep", kinderen: ">= 1"': 'paar, kinderen: ">= 1"'})
    assert "recht = ja, huishouden = groep, kinderen = 1." in only(report, "gat").message


def test_gap_in_dates() -> None:
    report, files = checked({"'>= date(\"2024-01-01\")'": "'> date(\"2024-01-01\")'"})
    found = only(report, "gat")
    assert found.line == line_of(files["wet.yaml"], "  vanaf:")
    assert "ziek_sinds = 1 januari 2024." in found.message


def test_no_gap_between_neighbouring_days() -> None:
    report, _ = checked({"'< date(\"2024-01-01\")'": "'<= date(\"2023-12-31\")'"})
    assert not report.findings


def test_gap_for_what_is_known_to_be_nothing() -> None:
    report, _ = checked(
        {"ziek_sinds: 'null'}, dan: peildatum": "ziek_sinds: '= date(\"2024-01-01\"), null'}, dan: peildatum"}
    )
    assert only(report, "overlap")
    report, _ = checked(
        {"{als: {ziek_sinds: 'null'}, dan: peildatum}": "{als: {ziek_sinds: 'not(null)'}, dan: peildatum}"}
    )
    assert "ziek_sinds = null" in only(report, "gat").message


def test_gap_that_rests_on_amounts_of_one_year_is_found_in_that_year() -> None:
    table = """\
  trede:
    soort: keuze
    keuzes: [laag, hoog]
    artikel: "2"
    tabel:
      treffer: U
      invoer: [inkomen]
      regels:
        - {als: {inkomen: "< grens"}, dan: laag}
        - {als: {inkomen: ">= 1200"}, dan: hoog}
    uitleg: {waarde: "U valt in {trede}."}

  totaal:
"""
    report, files = checked({"  totaal:\n    soort": table + "    soort"})
    found = [finding for finding in report.findings if finding.code == "gat"]
    assert found
    assert found[0].line == line_of(files["wet.yaml"], "  trede:")
    assert found[0].message.startswith("Op 1 januari 202")


def test_dead_line_that_cannot_match() -> None:
    report, files = checked({'{leeftijd: "< 67"}': '{leeftijd: "[67..60]"}'})
    found = only(report, "regel-onmogelijk")
    assert found.line == line_of(files["wet.yaml"], "[67..60]")
    assert "Bij 'leeftijd' voldoet niets aan '[67..60]'." in found.message


def test_dead_line_that_an_earlier_line_always_takes() -> None:
    report, files = checked({'{leeftijd: "< 67"}': '{leeftijd: "< 20"}'})
    found = only(report, "regel-overschaduwd")
    assert found.line == line_of(files["wet.yaml"], '"< 20"')
    assert "regel 1 past dan ook en gaat voor" in found.message


def test_dead_line_that_two_earlier_lines_take_together() -> None:
    report, files = checked(
        {"        - {dan: oud}": '        - {als: {leeftijd: ">= 67"}, dan: oud}\n        - {dan: jong}'}
    )
    found = only(report, "regel-overschaduwd")
    assert found.line == line_of(files["wet.yaml"], "- {dan: jong}")
    assert "de regels daarvoor passen dan ook en gaan voor" in found.message


def test_dead_line_that_a_better_outcome_always_takes() -> None:
    report, files = checked(
        {
            "treffer: F\n": "treffer: P\n      volgorde: ['\"jong\"', '\"midden\"', '\"oud\"']\n",
            '{leeftijd: "< 67"}': '{leeftijd: "< 20"}',
        }
    )
    assert only(report, "regel-overschaduwd").line == line_of(files["wet.yaml"], '"< 20"')


def test_dead_line_because_of_what_another_rule_says() -> None:
    """`hoogte` never meets a right without a home: the rule `recht` asks for it."""
    report, files = checked(
        {
            "invoer: [recht, huishouden, kinderen]": "invoer: [recht, woont_hier, huishouden, kinderen]",
            "{als: {recht: nee}, dan: 0}": (
                "{als: {recht: nee}, dan: 0}\n        - {als: {recht: ja, woont_hier: nee}, dan: 1}"
            ),
        }
    )
    assert only(report, "regel-onmogelijk").line == line_of(files["wet.yaml"], "woont_hier: nee}, dan: 1")


# --- conditions and branches -----------------------------------------------------------------------------------------


def test_condition_that_nobody_meets() -> None:
    report, files = checked({"als: leeftijd >= 18": "als: leeftijd >= 18 and leeftijd < 16"})
    assert only(report, "nooit-waar").line == line_of(files["wet.yaml"], "leeftijd < 16")


def test_condition_that_is_always_met() -> None:
    report, files = checked({"als: kinderen > 0": "als: kinderen > 0 or kinderen <= 0"})
    assert line_of(files["wet.yaml"], "kinderen <= 0") in {f.line for f in report.findings if f.code == "altijd-waar"}


def test_condition_that_a_built_in_always_meets() -> None:
    report, _ = checked({"als: kinderen > 0": "als: abs(kinderen) >= 0"})
    assert [finding for finding in report.findings if finding.code == "altijd-waar"]


def test_conditions_that_cannot_go_together() -> None:
    report, files = checked({"      - als: woont_hier\n": "      - als: leeftijd < 12\n"})
    found = only(report, "tegenspraak")
    assert found.line == line_of(files["wet.yaml"], "leeftijd < 12")
    assert "voorwaarde 2 kan niet samen met voorwaarde 1" in found.message


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("ziek_sinds <= peildatum - weken(2)", "ziek_sinds > peildatum - dagen(14)", "tegenspraak"),
        ("ziek_sinds <= peildatum - weken(2)", "ziek_sinds <= peildatum - dagen(13)", "overbodig"),
        ("ziek_sinds + dagen(5) < date(\"2026-01-10\")", "ziek_sinds >= date(\"2026-01-05\")", "tegenspraak"),
        ("inkomen * 2 + 10 <= grens", "2 * inkomen > grens", "tegenspraak"),
        ("inkomen <= procent(percentage, grens)", "inkomen > procent(percentage, grens)", "tegenspraak"),
        ("huishouden = \"alleen\"", "list contains([\"paar\", \"groep\"], huishouden)", "tegenspraak"),
        ("huishouden != \"alleen\"", "huishouden in (\"paar\", \"groep\")", "overbodig"),
        ("max(kinderen, 3) < 5", "kinderen > 5", "tegenspraak"),
        ("leeftijd between 18 and 30", "leeftijd < 18", "tegenspraak"),
        ("not(woont_hier)", "woont_hier and kinderen > 0", "tegenspraak"),
        ("if kinderen > 0 then woont_hier else bijzonder", "not(woont_hier) and not(bijzonder)", "tegenspraak"),
    ],
)  # fmt: skip
def test_conditions_of_every_kind_that_do_not_go_together(first: str, second: str, code: str) -> None:
    report, files = checked(
        {
            "als: kinderen > 0": f"als: '{first}'",
            "als: ziek_sinds != null": f"als: '{second}'",
            "    een:\n": "    alle:\n",
        }
    )
    assert only(report, code).line == line_of(files["wet.yaml"], f"als: '{second}'")


def test_condition_that_says_nothing_new() -> None:
    report, files = checked({"      - als: woont_hier\n": "      - als: leeftijd >= 16\n"})
    found = only(report, "overbodig")
    assert (found.severity, found.line) == ("let op", line_of(files["wet.yaml"], "leeftijd >= 16"))


def test_choice_of_conditions_that_says_nothing_new() -> None:
    report, files = checked({"als: ziek_sinds != null": "als: kinderen > 3"})
    assert only(report, "overbodig").line == line_of(files["wet.yaml"], "kinderen > 3")


def test_branch_that_nothing_comes_to() -> None:
    report, files = checked(
        {"then hoogte + extra else": "then (if leeftijd < 67 then extra else hoogte + extra) else"},
    )
    found = only(report, "tak-onbereikbaar")
    assert (found.line, "'then'" in found.message) == (line_of(files["wet.yaml"], "if leeftijd < 67"), True)
    assert found.column == files["wet.yaml"].splitlines()[found.line - 1].index("if leeftijd") + 1


# --- what nothing uses -----------------------------------------------------------------------------------------------


def test_dead_rule_that_nothing_uses() -> None:
    report, files = checked(
        {"  zorg:\n    soort": '  dood:\n    {soort: getal, artikel: "1", formule: kinderen + 1}\n\n  zorg:\n    soort'}
    )
    found = only(report, "regel-ongebruikt")
    assert (found.severity, found.line) == ("fout", line_of(files["wet.yaml"], "  dood:"))
    assert not [finding for finding in report.findings if finding.code == "dekking"]


def test_datum_that_nothing_uses() -> None:
    report, files = checked(
        {"  woont_hier: {soort": "  schoenmaat: {soort: getal, vraag: Wat is uw maat?}\n  woont_hier: {soort"}
    )
    assert only(report, "ongebruikt").line == line_of(files["wet.yaml"], "schoenmaat")


def test_article_that_nothing_rests_on() -> None:
    report, files = checked({'  "2": {titel: Hoogte}': '  "2": {titel: Hoogte}\n  "7": {titel: Slot}'})
    assert only(report, "artikel-ongebruikt").line == line_of(files["wet.yaml"], '"7"')


def test_article_that_is_left_out_is_told() -> None:
    report, files = checked(
        {'  "2": {titel: Hoogte}': '  "2": {titel: Hoogte}\n  "7": {titel: Slot, gemodelleerd: nee}'}
    )
    found = only(report, "niet-gemodelleerd")
    assert (found.severity, found.line) == ("opmerking", line_of(files["wet.yaml"], '"7"'))


def test_deviation_that_is_made_twice() -> None:
    report, files = checked(
        {
            "  - {regel: algemeen.termijn, ": (
                '  - {regel: algemeen.termijn, artikel: "1", formule: weken(3)}\n  - {regel: algemeen.termijn, '
            )
        }
    )
    assert only(report, "afwijking-zonder-gevolg").line == line_of(files["wet.yaml"], "formule: weken(4)")


def test_deviation_that_says_what_the_general_law_says() -> None:
    report, files = checked({"formule: weken(4)}": "formule: weken(8)}"})
    found = only(report, "afwijking-zonder-gevolg")
    assert (found.severity, found.line) == ("let op", line_of(files["wet.yaml"], "algemeen.termijn"))


# --- open terms ------------------------------------------------------------------------------------------------------


def test_open_term_that_an_ordinance_does_not_fill() -> None:
    report, files = checked(
        {'  extra: {artikel: "4", formule: if kinderen > 2 then 50 else 25}\n': ""}, file="leiden.yaml"
    )
    found = only(report, "open-term")
    assert (found.severity, found.file, found.line) == (
        "fout",
        "leiden.yaml",
        line_of(files["leiden.yaml"], "invulling:"),
    )
    more = ORDINANCE.replace("proef_leiden", "proef_delft").replace("GM0546", "GM0503")
    more = more.replace('  extra: {artikel: "4", formule: if kinderen > 2 then 50 else 25}\n', "").split(
        "voorbeelden:"
    )[0]
    report, _ = checked(more={"delft.yaml": more})
    found = only(report, "open-term")
    assert (found.severity, found.file, found.line) == ("fout", "delft.yaml", line_of(more, "invulling:"))
    assert "'extra'" in found.message


def test_open_term_of_a_municipality_without_ordinance() -> None:
    report, files = checked(gemeenten=["GM0503"])
    found = only(report, "open-term")
    assert (found.severity, found.line) == ("fout", line_of(files["wet.yaml"], "  extra:"))
    assert "GM0503" in found.message


def test_open_term_left_open_knowingly_is_only_told() -> None:
    more = ORDINANCE.replace("proef_leiden", "proef_delft").replace("GM0546", "GM0503")
    more = more.replace('  extra: {artikel: "4", formule: if kinderen > 2 then 50 else 25}\n', "")
    more = more.replace("verwacht: {totaal: 750.00}", "verwacht: {totaal: onbekend}\n    vraagt: [extra]").replace(
        "{totaal: 625.00}", "{totaal: onbekend}"
    )
    report, _ = checked(more={"delft.yaml": more})
    assert only(report, "open-term").severity == "opmerking"


def test_two_ordinances_that_fill_the_same() -> None:
    more = ORDINANCE.replace("proef_leiden", "proef_leiden_2").split("voorbeelden:")[0]
    report, _ = checked(more={"tweede.yaml": more})
    assert "Twee verordeningen vullen" in next(f.message for f in report.findings if f.code == "samenhang")


# --- dates -----------------------------------------------------------------------------------------------------------


def test_year_that_is_missing_between_others() -> None:
    report, files = checked({"      2025-01-01: 1100.00\n": ""})
    found = only(report, "jaar-ontbreekt")
    assert (found.severity, found.line) == ("fout", line_of(files["wet.yaml"], "    waarden:"))
    assert "Voor 2025" in found.message


def test_year_of_the_check_that_is_missing() -> None:
    report, files = checked(on=date(2027, 2, 1))
    found = only(report, "jaar-ontbreekt")
    assert (found.severity, found.line) == ("fout", line_of(files["wet.yaml"], "    waarden:"))
    report, _ = checked(
        {"houdbaar: kalenderjaar": "houdbaar: kalenderjaar\n    daarna: laatste bekende"}, on=date(2027, 2, 1)
    )
    assert only(report, "norm-oud").severity == "opmerking"


def test_year_that_is_missing_from_amounts_that_change_every_year() -> None:
    report, _ = checked(
        {
            "    houdbaar: kalenderjaar\n": "",
            "      2025-01-01: 1100.00\n": "      2023-01-01: 900.00\n      2022-01-01: 800.00\n",
        }
    )
    found = only(report, "jaar-ontbreekt")
    assert found.severity == "let op"
    assert "2025" in found.message


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ("2025-01-01", "Voor 2025 is van 'grens' geen waarde bekend"),
        ("2026-07-01", "'grens' verandert elk jaar op 1 juli; voor 2026 is geen nieuwe waarde bekend."),
    ],
)
def test_half_a_year_that_is_missing_from_amounts_that_change_twice_a_year(left_out: str, says: str) -> None:
    days = [
        f"{year}-{month}-01"
        for year in (2024, 2025, 2026)
        for month in ("01", "07")
        if f"{year}-{month}-01" != left_out
    ]
    rows = "".join(f"      {day}: {1000 + number}.00\n" for number, day in enumerate(days))
    old = LAW[LAW.index("      2024-01-01: 1000.00") : LAW.index("  bedrag:")]
    report, _ = checked({"    houdbaar: kalenderjaar\n": "", old: rows})
    found = only(report, "jaar-ontbreekt")
    assert found.severity == "let op"
    assert says in found.message


def test_norm_that_says_itself_that_its_value_was_not_found() -> None:
    report, _ = checked({"      2026-01-01: 1200.00": "      2026-01-01: onbekend"})
    assert only(report, "norm-onbekend").severity == "opmerking"


def test_question_for_a_lawyer_is_told() -> None:
    report, files = checked(
        {"bronnen: {tekst: de tekst}": "bronnen: {tekst: de tekst}\nopenstaand:\n  - Telt de eerste dag mee?"}
    )
    found = only(report, "openstaand")
    assert (found.severity, found.line) == ("opmerking", line_of(files["wet.yaml"], "Telt de eerste dag mee?"))


def test_norm_without_a_value_on_the_first_days() -> None:
    report, files = checked({"      2024-01-01: [400.00, 600.00]": "      2024-03-01: [400.00, 600.00]"})
    assert only(report, "norm-te-laat").line == line_of(files["wet.yaml"], "  bedrag:")


def test_law_that_has_ended() -> None:
    report, files = checked({"geldig: {van: 2024-01-01}": "geldig: {van: 2024-01-01, tot: 2026-06-30}"})
    found = only(report, "verlopen")
    assert (found.severity, found.line) == ("fout", line_of(files["wet.yaml"], "geldig:"))
    assert "geldt niet meer sinds 1 juli 2026" in found.message


def test_ordinance_that_has_ended_while_the_law_needs_it() -> None:
    report, files = checked(
        {"geldig: {van: 2024-01-01}": "geldig: {van: 2024-01-01, tot: 2026-06-30}"}, file="leiden.yaml"
    )
    found = only(report, "verlopen")
    assert (found.severity, found.file, found.line) == ("fout", "leiden.yaml", line_of(files["leiden.yaml"], "geldig:"))
    assert "niet geregeld: extra" in found.message


@pytest.mark.parametrize(
    ("code", "severity", "says"),
    [
        ("GM9999", "fout", "GM9999 is geen gemeente."),
        ("GM0457", "let op", "Weesp (GM0457) bestaat niet meer sinds 24 maart 2022. Verder gaat: Amsterdam (GM0363)."),
    ],
)
def test_ordinance_of_a_municipality_that_is_not_there(code: str, severity: str, says: str) -> None:
    report, files = checked({"GM0546": code}, file="leiden.yaml")
    found = only(report, "gemeente")
    assert (found.severity, found.message) == (severity, says)
    assert found.line == line_of(files["leiden.yaml"], "gemeente:")


def test_law_that_leans_on_one_that_has_ended() -> None:
    report, files = checked(
        {"geldig: {van: 2020-01-01}": "geldig: {van: 2020-01-01, tot: 2026-06-30}"}, file="algemeen.yaml"
    )
    found = only(report, "steunt-op-verlopen")
    assert (found.file, found.line) == ("wet.yaml", line_of(files["wet.yaml"], "gebruikt:"))


def test_law_that_does_not_hold_yet() -> None:
    report, _ = checked({"geldig: {van: 2020-01-01}": "geldig: {van: 2027-01-01}"}, file="algemeen.yaml")
    assert {finding.code for finding in report.findings} >= {"nog-niet-geldig", "steunt-op-verlopen"}


def test_hole_between_two_versions() -> None:
    older = GENERAL.replace("geldig: {van: 2020-01-01}", "geldig: {van: 2018-01-01, tot: 2019-06-30}").split(
        "voorbeelden:"
    )[0]
    report, files = checked(more={"oud.yaml": older})
    found = only(report, "geldigheid-gat")
    assert (found.file, found.line) == ("algemeen.yaml", line_of(files["algemeen.yaml"], "geldig:"))
    assert "van 1 juli 2019 tot en met 31 december 2019" in found.message


def test_two_versions_at_once() -> None:
    older = GENERAL.replace("geldig: {van: 2020-01-01}", "geldig: {van: 2018-01-01}").split("voorbeelden:")[0]
    report, _ = checked(more={"oud.yaml": older})
    assert "geldt op 2020-01-01 twee keer" in next(f.message for f in report.findings if f.code == "geldigheid")


def test_line_that_holds_only_when_the_text_does_not() -> None:
    report, files = checked({"{als: {recht: nee}, dan: 0}": "{als: {recht: nee}, dan: 0, geldig: {tot: 2019-12-31}}"})
    assert only(report, "geldigheid-deel").line == line_of(files["wet.yaml"], "tot: 2019-12-31")


# --- rings, examples, numbers, sentences ------------------------------------------------------------------------------


def test_rules_that_need_each_other() -> None:
    report, files = checked({"dan: bedrag.paar + 100}": "dan: totaal}"})
    found = only(report, "kring")
    assert found.line == line_of(files["wet.yaml"], "  hoogte:")
    assert found.message == "Deze regels hebben elkaar nodig: hoogte → totaal → hoogte."


def test_rule_that_needs_itself() -> None:
    report, _ = checked(
        {"formule: hele_jaren(geboortedatum, peildatum)": "formule: leeftijd + hele_jaren(geboortedatum, peildatum)"}
    )
    assert only(report, "kring").message == "Deze regel heeft zichzelf nodig: leeftijd → leeftijd."


def test_example_that_fails_says_what_came_out_and_why() -> None:
    report, files = checked({"verwacht: {recht: nee, hoogte: 0}": "verwacht: {recht: ja, hoogte: 0}"})
    found = only(report, "voorbeeld")
    assert found.line == line_of(files["wet.yaml"], "naam: Nergens recht op")
    assert found.message == "Voorbeeld 'Nergens recht op': recht: ja verwacht, maar de wet geeft nee."
    assert found.hint.startswith("Voorwaarde 1 (leeftijd >= 18), 2 (woont_hier) en 3 (inkomen <=")


def test_rule_that_no_example_fires() -> None:
    start = LAW.index("  - naam: Paar zonder kinderen")
    end = LAW.index("  - naam: Groep met kinderen")
    report, files = checked({LAW[start:end]: ""})
    messages = [f.message for f in report.findings if f.code == "dekking"]
    assert "Geen voorbeeld raakt 'klasse': regel 2 van de tabel." in messages
    assert line_of(files["wet.yaml"], '{leeftijd: "< 67"}') in {f.line for f in report.findings if f.code == "dekking"}


def test_division_that_can_be_by_zero() -> None:
    report, files = checked({"totaal / (kinderen + 1)": "totaal / kinderen"})
    found = only(report, "deling-door-nul")
    assert (found.severity, found.line) == ("let op", line_of(files["wet.yaml"], "totaal / kinderen"))
    report, _ = checked({"totaal / (kinderen + 1)": "if kinderen > 0 then totaal / kinderen else totaal"})
    assert not [finding for finding in report.findings if finding.code == "deling-door-nul"]


def test_amount_that_is_divided_and_never_rounded() -> None:
    report, files = checked({"afronden(totaal / (kinderen + 1), 2)": "totaal / (kinderen + 1)"})
    assert only(report, "niet-afgerond").line == line_of(files["wet.yaml"], "  per_persoon:")


def test_sentence_that_is_too_long() -> None:
    long = "ja: U woont hier" + " en ook daar" * 10 + "."
    report, files = checked({"ja: U woont hier.": long})
    assert only(report, "lange-zin").line == line_of(files["wet.yaml"], "en ook daar")
