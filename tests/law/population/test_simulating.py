"""A whole population: known answers, comparisons, progress, stopping, and data that are not right."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import vliegwiel
from vliegwiel.law import LawBook, LawFault, LawNotFound, NotInForce, simulate, values
from vliegwiel.law.population import Cancelled, ChangeRefused, Progress, Version, WrongData
from vliegwiel.law.population.charts import chart
from vliegwiel.law.population.synthetic import generate

ON = date(2026, 3, 1)
LAW = """
wet: proef
naam: Proefwet
soort: wet
bwb: BWBR0000001
geldig: {van: 2020-01-01}
gelezen: 2020-01-01
geverifieerd: ja
bron: tekst
bronnen: {tekst: hier}
artikelen: {"1": {titel: Een}}
gegevens:
  inkomen: {soort: geld per maand, vraag: Hoeveel?}
  huishouden: {soort: keuze, keuzes: [alleen, paar], vraag: Hoe woont u?}
  geboren: {soort: datum, vraag: Wanneer?}
  delers: {soort: getal, vraag: Met hoeveel?}
  kinderen: {soort: lijst, van: groep, velden: {leeftijd: getal, thuis: ja/nee}, vraag: Welke kinderen?}
  woning: {soort: groep, velden: {huur: geld per maand, eigen: ja/nee}, vraag: Hoe woont u?}
normen:
  grens:
    soort: geld per maand
    artikel: "1"
    velden: [alleen, paar]
    waarden: {2025-01-01: [900.00, 1400.00], 2026-01-01: [1000.00, 1500.00]}
open_termen:
  bedrag_gemeente: {soort: geld per maand, artikel: "1", omschrijving: bedrag, standaard: "100"}
oordelen:
  bijzonder: {artikel: "1", vraag: Is het bijzonder?, omschrijving: bijzonder}
regels:
  norm: {soort: geld per maand, artikel: "1", formule: 'if huishouden = "paar" then grens.paar else grens.alleen'}
  recht: {soort: ja/nee, artikel: "1", omschrijving: recht op de toeslag, formule: inkomen < norm}
  bedrag: {soort: geld per maand, artikel: "1", omschrijving: bedrag, formule: if recht then bedrag_gemeente else 0}
  leeftijd: {soort: getal in jaar, artikel: "1", formule: 'hele_jaren(geboren, peildatum)'}
  kinderen_thuis: {soort: getal, artikel: "1", formule: 'count(kinderen[leeftijd < 18 and thuis])'}
  hele_huur: {soort: geld per maand, artikel: "1", formule: 'afronden(woning.huur, 0)'}
  deel: {soort: geld per maand, artikel: "1", formule: 'inkomen / delers'}
  derde: {soort: ja/nee, artikel: "1", formule: 'inkomen / 3 * 3 >= inkomen'}
  groot: {soort: getal, artikel: "1", formule: 'delers * delers * delers'}
  macht: {soort: getal, artikel: "1", formule: 'delers ** 2'}
  oordeel: {soort: ja/nee, artikel: "1", formule: 'recht and bijzonder'}
voorbeelden: []
"""
ORDINANCE = """
verordening: proef_{amount}
naam: Verordening {code}
soort: verordening
vult: proef
gemeente: {code}
grondslag: "1"
geldig: {{van: 2020-01-01}}
geverifieerd: ja
bron: pagina
bronnen: {{pagina: hier}}
artikelen: {{"4": {{titel: Bedrag}}}}
invulling:
  bedrag_gemeente: {{artikel: "4", waarde: {amount}}}
"""
BOOK = LawBook.loads(LAW, ORDINANCE.format(code="GM0001", amount=150), ORDINANCE.format(code="GM0002", amount=80))
FOUR = pl.DataFrame(
    {
        "inkomen": [999.99, 1000.00, 1499.99, None],
        "huishouden": ["alleen", "alleen", "paar", "paar"],
        "geboren": [date(2008, 3, 1), date(2008, 3, 2), date(1950, 1, 1), date(2000, 2, 29)],
        "wijk": ["noord", "noord", "zuid", "zuid"],
        "gewicht": [10, 20, 30, 40],
    }
)


def run(wanted: list[str], data: pl.DataFrame = FOUR, **more: object):
    return simulate(BOOK, "proef", wanted, data, on=ON, **more)


def test_outcomes_are_counted_and_added_up() -> None:
    found = run(["recht", "bedrag"])
    recht, bedrag = found.versions[0].outcomes
    assert (recht.yes.rows, recht.no.rows, recht.unknown.rows) == (2, 1, 1)
    assert (bedrag.total, bedrag.median, bedrag.lowest, bedrag.highest) == (200, 100, 0, 100)
    assert bedrag.mean == Decimal("66.6667")
    assert [(m.name, m.count.rows) for m in bedrag.missing] == [("inkomen", 1)]
    assert found.rows.rows == 4
    assert found.slow == ()


def test_a_weight_says_for_how_many_households_a_row_stands() -> None:
    found = run(["recht", "bedrag"], weight="gewicht")
    recht, bedrag = found.versions[0].outcomes
    assert (recht.yes.weighted, recht.no.weighted, recht.unknown.weighted) == (40, 20, 40)
    assert (bedrag.total, bedrag.median) == (4000, 100)


def test_the_ages_of_people_born_around_the_day() -> None:
    found = run(["leeftijd"])
    assert found.summary("leeftijd").lowest == 17
    assert found.summary("leeftijd").highest == 76


def test_a_change_is_compared_with_the_law_as_it_is() -> None:
    found = run(
        ["bedrag", "recht"], change={"bedrag": "bedrag * 1.5", "grens.alleen": "grens.alleen + 0.01"}, by=["wijk"]
    )
    bedrag, recht = found.comparisons
    assert (bedrag.gains.rows, bedrag.loses.rows, bedrag.same.rows, bedrag.unknown.rows) == (3, 0, 0, 1)
    assert (bedrag.total, bedrag.gain_total, bedrag.loss_total) == (250, 250, 0)
    assert (recht.gains.rows, recht.same.rows) == (1, 2)
    assert [(g.group, g.gains.rows, g.total) for g in bedrag.groups[0].rows] == [("noord", 2, 200), ("zuid", 1, 50)]


def test_a_change_can_name_an_open_term_whatever_the_municipality_filled_in() -> None:
    found = run(["bedrag"], gemeente="GM0001", change={"bedrag_gemeente": "bedrag_gemeente + 10"})
    assert [v.outcomes[0].total for v in found.versions] == [300, 320]


def test_municipalities_stand_side_by_side() -> None:
    found = run(["bedrag"], gemeenten=["GM0001", "GM0002"])
    assert [(v.gemeente, v.outcomes[0].total) for v in found.versions] == [("GM0001", 300), ("GM0002", 160)]
    assert found.comparisons[0].total == -140
    assert found.comparisons[0].loses.rows == 2


def test_two_days_of_the_same_law_are_compared() -> None:
    versions = [Version("nu"), Version("vorig jaar", date(2025, 3, 1))]
    found = run(["recht"], versions=versions)
    assert [v.outcomes[0].yes.rows for v in found.versions] == [2, 0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bedraag": "1"}, "Bedoelt u 'bedrag'"),
        ({"bedrag": "inkomen +"}, "kan niet worden gelezen"),
        ({"bedrag": "huishouden"}, "klopt niet"),
        ({"grens": "1"}, "grens.alleen"),
        ({"grens.alleen": "inkomen"}, "geen vast bedrag"),
        ({"recht": "onbekend_woord"}, "niet bekend"),
        ({"recht": "ja and\n inkomen > huishouden"}, "regel 2"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_a_sentence(change: dict[str, str], said: str) -> None:
    with pytest.raises(ChangeRefused, match=said):
        run(["bedrag"], change=change)


def test_nothing_is_known_by_a_column_of_its_own_or_by_being_said() -> None:
    data = pl.DataFrame(
        {"inkomen": [None, None, 5.0], "inkomen.niets": [True, False, False], "huishouden": ["paar"] * 3}
    )
    recht = run(["recht"], data).summary("recht")
    assert (recht.yes.rows, recht.nothing.rows, recht.unknown.rows) == (1, 1, 1)
    recht = run(["recht"], data.drop("inkomen.niets"), nothing=["inkomen"]).summary("recht")
    assert (recht.nothing.rows, recht.unknown.rows) == (2, 0)


def test_lists_and_groups_are_columns_too() -> None:
    children = [
        [{"leeftijd": 4, "thuis": True}, {"leeftijd": 20, "thuis": True}],
        [],
        None,
        [{"leeftijd": 3, "thuis": None}],
    ]
    data = pl.DataFrame({"kinderen": children, "woning.huur": [700.5, 699.49, None, 1.0], "woning.eigen": [True] * 4})
    found = run(["kinderen_thuis", "hele_huur"], data)
    assert (found.summary("kinderen_thuis").total, found.summary("kinderen_thuis").unknown.rows) == (1, 2)
    assert [m.name for m in found.summary("kinderen_thuis").missing] == ["kinderen", "kinderen.thuis"]
    assert found.summary("hele_huur").total == 701 + 699 + 1
    assert found.summary("hele_huur").missing[0].name == "woning.huur"
    whole = data.select("kinderen", pl.struct(huur="woning.huur", eigen="woning.eigen").alias("woning"))
    assert run(["hele_huur"], whole).summary("hele_huur").total == 1401


def test_a_quotient_without_end_and_a_tie_after_it_are_as_in_a_decision() -> None:
    data = pl.DataFrame({"inkomen": [10.0, 9.0, 12.34], "delers": [3, 3, 0]})
    found = run(["deel", "derde"], data)
    # 10 / 3 * 3 is 9.99…9 in 34 digits: the tie is computed again by the decision engine.
    decided = [values(BOOK, "proef", ["derde"], {"inkomen": Decimal(i)}, on=ON)["derde"] for i in ("10", "9", "12.34")]
    assert decided == [False, True, True]
    assert (found.summary("derde").yes.rows, found.summary("derde").no.rows) == (2, 1)
    assert found.recomputed == 2
    assert found.summary("deel").nothing.rows == 1
    assert found.summary("deel").total == Decimal("6.33333333")


def test_what_does_not_fit_is_computed_again() -> None:
    data = pl.DataFrame({"delers": [10, 10**7, 3]})
    found = run(["groot"], data)
    assert found.summary("groot").total == 10**21 + 1000 + 27 or found.summary("groot").choices
    assert found.recomputed == 1


def test_a_rule_without_a_column_form_is_right_and_told() -> None:
    found = run(["macht"], pl.DataFrame({"delers": [2, 3, 3, 2, None]}))
    assert found.summary("macht").total == 4 + 9 + 9 + 4
    assert [(slow.rule, slow.distinct, slow.rows) for slow in found.slow] == [("macht", 3, 5)]


def test_a_column_nobody_gives_is_unknown_and_says_so() -> None:
    found = run(["oordeel"], FOUR.drop("inkomen"))
    assert found.absent == ("inkomen",)
    assert {reason.name for reason in found.summary("oordeel").missing} == {"inkomen", "bijzonder"}
    assert "wijk" in found.ignored


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("huishouden", ["alleen", "samen", None, "paar"], r"Kolom 'huishouden', rij 2: hier hoort een van: alleen, paar\."),
        ("inkomen", ["1", "2", "3", "4"], "Kolom 'inkomen' heeft het type String. Hier horen bedragen"),
        ("inkomen", [1.0, 2.0, 3.0, float("inf")], "Kolom 'inkomen', rij 4"),
        ("geboren", ["2000-01-01"] * 4, "Kolom 'geboren' heeft het type String. Hier horen datums"),
    ],
)  # fmt: skip
def test_data_that_are_not_right_name_column_row_and_what_is_allowed(
    column: str, values: list[object], said: str
) -> None:
    with pytest.raises(WrongData, match=said):
        run(["recht", "leeftijd"], FOUR.with_columns(pl.Series(column, values)))


def test_a_weight_must_be_a_number_that_is_there() -> None:
    for data in (FOUR.with_columns(pl.Series("gewicht", [1, None, 1, 1])), FOUR.with_columns(gewicht=-1)):
        with pytest.raises(WrongData, match="Kolom 'gewicht', rij"):
            run(["recht"], data, weight="gewicht")
    with pytest.raises(WrongData, match="geen kolom"):
        run(["recht"], weight="zwaarte")
    with pytest.raises(WrongData, match="Bedoelt u 'wijk'"):
        run(["recht"], by=["wijkk"])


def test_what_the_law_does_not_have_is_said_as_in_a_decision() -> None:
    with pytest.raises(LawNotFound):
        run(["rechten"])
    with pytest.raises(NotInForce):
        simulate(BOOK, "proef", ["recht"], FOUR, on=date(2010, 1, 1))


def test_progress_is_told_and_the_work_can_be_stopped() -> None:
    many = pl.concat([FOUR] * 50_000)
    seen: list[Progress] = []
    found = run(["bedrag"], many, progress=seen.append)
    assert found.summary("bedrag").total == 200 * 50_000
    assert seen[-1].done == seen[-1].total == 200_000
    assert seen[-1].share == 1.0
    with pytest.raises(Cancelled):
        run(["bedrag"], many, cancelled=lambda: True)


def test_pieces_do_not_matter(tmp_path: Path) -> None:
    many = pl.concat([FOUR] * 3_000)
    file = tmp_path / "rijen.parquet"
    many.write_parquet(file)
    asked = {"by": ["wijk", "inkomen", "geboren"], "change": {"bedrag": "bedrag + 1"}}
    whole = run(["recht", "bedrag", "leeftijd"], many, **asked)
    other = run(["recht", "bedrag", "leeftijd"], file, threads=1, chunk=777, **asked)
    assert other.versions == whole.versions
    assert other.comparisons == whole.comparisons


def test_the_outcome_of_each_row_is_written_with_what_is_missing(tmp_path: Path) -> None:
    out = tmp_path / "uit.parquet"
    run(["recht", "bedrag", "norm"], out=out)
    made = pl.read_parquet(out)
    assert made["recht"].to_list() == [True, False, True, None]
    assert made["recht.onbekend"].to_list() == [None, None, None, "inkomen"]
    assert made["bedrag"].to_list() == [Decimal(100), Decimal(0), Decimal(100), None]
    assert made["norm"].to_list() == [1000, 1000, 1500, 1500]


def test_csv_files_are_read_and_other_files_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "rijen.csv"
    FOUR.write_csv(file)
    assert run(["recht", "leeftijd"], file).summary("recht").yes.rows == 2
    FOUR.with_columns(geboren=pl.lit(None, dtype=pl.Date)).write_csv(file)
    assert run(["leeftijd"], file).summary("leeftijd").unknown.rows == 4
    for name, text in (("leeg.txt", ""), ("stuk.parquet", "geen parquet")):
        (tmp_path / name).write_text(text)
        with pytest.raises(WrongData, match=name):
            run(["recht"], tmp_path / name)
    with pytest.raises(WrongData, match="er niet"):
        run(["recht"], tmp_path / "weg.parquet")


def test_no_rows_give_no_outcomes() -> None:
    found = run(["recht", "bedrag"], FOUR.head(0), by=["wijk"])
    assert (found.rows.rows, found.summary("bedrag").total, found.summary("bedrag").mean) == (0, 0, None)


def test_a_law_that_contradicts_itself_says_in_which_rows() -> None:
    text = LAW.replace(
        "voorbeelden: []",
        '  twee:\n    soort: getal\n    artikel: "1"\n    tabel:\n      treffer: U\n      invoer: [delers]\n      regels:\n'
        '        - {als: {delers: "> 1"}, dan: 1}\n        - {als: {delers: "> 2"}, dan: 2}\nvoorbeelden: []\n',
    )
    book = LawBook.loads(text)
    assert simulate(book, "proef", ["twee"], pl.DataFrame({"delers": [2, 1]}), on=ON).summary("twee").total == 1
    with pytest.raises(LawFault, match="In de rijen 1 tot en met 2"):
        simulate(book, "proef", ["twee"], pl.DataFrame({"delers": [2, 3]}), on=ON)


def test_the_result_as_json_csv_and_picture() -> None:
    found = run(["bedrag"], change={"bedrag": "bedrag * 2"}, by=["wijk"])
    read = json.loads(found.to_json())
    assert read["comparisons"][0]["total"] == "200"
    lines = found.to_csv().splitlines()
    assert lines[0].startswith("versie;peildatum")
    assert any(line.startswith("zoals het is;na wijziging;bedrag") for line in lines)
    picture = chart(found)
    assert picture.startswith("<svg")
    assert "Wie gaat vooruit en wie achteruit: bedrag" in picture
    with pytest.raises(WrongData):
        chart(found, "niets")


def test_reading_the_law_room_does_not_read_polars() -> None:
    code = "import sys, vliegwiel.law, vliegwiel.law.population.changing; assert not {'polars', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_amount_of_a_law_that_is_used_can_be_changed() -> None:
    """The norms of bijstand stand in another text: one amount changes, for who lives alone, and nobody else notices."""
    book = LawBook.load([Path(vliegwiel.__file__).parent / "definitions" / "wetten"])
    frame = generate("GM0344", 400, on=date(2026, 7, 1))
    change = {"participatiewet.bijstandsnorm.alleen": "participatiewet.bijstandsnorm.alleen * 1.1"}
    found = simulate(
        book, "bijstand", ["hoogte"], frame, on=date(2026, 7, 1), gemeente="GM0344", change=change, by=["huishouden"]
    )
    groups = {group.group: group for group in found.comparisons[0].groups[0].rows}
    assert groups["alleenstaande"].gains.rows > 0
    assert found.comparisons[0].loses.rows == 0
    with pytest.raises(ChangeRefused, match=r"participatiewet\.bijstandsnorm\.alleen"):
        simulate(
            book, "bijstand", ["hoogte"], frame, on=date(2026, 7, 1), change={"participatiewet.bijstandsnorm": "1"}
        )
