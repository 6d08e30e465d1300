"""Lists of persons are read from an LO3 export as it is meant: the present only, incomplete dates, people under
investigation, and rows that were shifted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.simulators.registers.brp.datum import datum, is_datum, leeftijd, volledig
from vliegwiel.simulators.registers.brp.json import Json
from vliegwiel.simulators.registers.brp.levering import lever
from vliegwiel.simulators.registers.brp.lijst import Persoonslijst, Rubrieken
from vliegwiel.simulators.registers.brp.onderzoek import Onderzoek, onderzoek
from vliegwiel.simulators.registers.brp.persoon import PERSOON
from vliegwiel.simulators.registers.brp.velden import keuze_van
from vliegwiel.simulators.registers.lo3 import load_lo3_csv
from vliegwiel.simulators.registers.load import load_brp
from vliegwiel.simulators.registers.store import Store

TODAY = date(2026, 11, 24)


def answer(lijst: Persoonslijst, *fields: str, others: tuple[Persoonslijst, ...] = ()) -> dict[str, Json]:
    by_bsn = {one.bsn: one for one in (*others, lijst)}
    return lever(lijst, PERSOON, keuze_van(fields), TODAY, by_bsn.get)


def a_list(persoon: Rubrieken | None = None, **rest: object) -> Persoonslijst:
    return Persoonslijst("test", {"01.20": "999990019", "02.40": "Jansen", **(persoon or {})}, **rest)


@pytest.fixture(scope="module")
def lists(shared: Path) -> dict[str, Persoonslijst]:
    found = load_lo3_csv(shared / "data/registries/brp-testpersonen-gba-v-20220502.csv")
    return {lijst.sleutel: lijst for lijst in found.lijsten}


def test_the_counts_are_those_of_the_test_set(shared: Path, tmp_path: Path) -> None:
    file = shared / "data/registries/brp-testpersonen-gba-v-20220502.csv"
    report = load_brp(file, tmp_path / "registers.sqlite3")
    assert (report.lists, report.with_bsn, report.without_bsn) == (687, 685, 2)
    assert report.shared_bsn == 5
    assert report.secret == 46
    assert sum(report.suspended.values()) == 98
    assert report.suspended == {"E": 56, "R": 20, "O": 20, "M": 1, "W": 1}
    assert report.under_investigation == 39  # 43 have an indication; of 4 the investigation ended or the code is none
    assert all("9999" not in line for line in report.lines())
    again = load_brp(file, tmp_path / "registers.sqlite3")
    assert again == report
    with Store(tmp_path / "registers.sqlite3") as store:
        assert store.count_lijsten() == 687


def test_a_file_that_is_no_export_is_refused(tmp_path: Path) -> None:
    for text in ("", "a;b\n1;2\n", "\x00\x00"):
        (tmp_path / "x.csv").write_text(text)
        with pytest.raises(ValueError, match="no LO3 export"):
            load_brp(tmp_path / "x.csv", tmp_path / "r.sqlite3")


def test_history_is_left_out_and_every_child_and_marriage_stays(lists: dict[str, Persoonslijst]) -> None:
    burck = lists["Lg01_501"]
    assert [kind["02.10"] for kind in burck.kinderen][:3] == ["Caroline Ilse", "Karin Monique", "Sasja"]
    assert burck.verblijfplaats["11.10"] == "Zeeruststraat"
    assert burck.ouder1["01.20"] == "999991425"
    moulin = lists["Lg01_716"]
    assert moulin.verblijfplaats["11.15"] == "Boterdiep"
    assert len(moulin.partners) == 1


def test_a_value_in_the_wrong_column_makes_nobody_dead(lists: dict[str, Persoonslijst]) -> None:
    shifted = lists["Lg01_803"]
    assert "08.10" not in shifted.overlijden
    assert "overlijden" not in answer(shifted, "overlijden")


@pytest.mark.parametrize(
    ("brp", "expected"),
    [
        ("19840312", {"type": "Datum", "datum": "1984-03-12", "langFormaat": "12 maart 1984"}),
        ("19780300", {"type": "JaarMaandDatum", "jaar": 1978, "maand": 3, "langFormaat": "maart 1978"}),
        ("19680000", {"type": "JaarDatum", "jaar": 1968, "langFormaat": "1968"}),
        ("00000000", {"type": "DatumOnbekend", "onbekend": True, "langFormaat": "onbekend"}),
    ],
)
def test_dates_are_told_as_far_as_they_are_known(brp: str, expected: Json) -> None:
    assert datum(brp) == expected


@pytest.mark.parametrize(
    "text", ["", "05", "2015", "20230230", "19781300", "000000000", "19680012", "1984031", "abcdefgh", None]
)
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert not is_datum(text)
    assert datum(text) is None


@pytest.mark.parametrize(
    ("geboren", "dag", "jaren"),
    [
        ("19830526", date(2019, 5, 26), 36),
        ("19830526", date(2019, 1, 1), 35),
        ("00000000", date(2019, 1, 1), None),
        ("19830500", date(2019, 5, 31), None),
        ("19830500", date(2019, 6, 1), 36),
        ("19830500", date(2019, 4, 30), 35),
        ("19830000", date(2019, 5, 31), None),
        ("19960229", date(2016, 2, 29), 20),
        ("19960229", date(2017, 2, 28), 20),
        ("19960229", date(2017, 3, 1), 21),
    ],
)
def test_an_age_is_told_only_when_it_is_certain(geboren: str, dag: date, jaren: int | None) -> None:
    assert leeftijd(geboren, dag) == jaren


@given(st.dates(date(1890, 1, 1), TODAY), st.dates(date(1890, 1, 1), date(2100, 1, 1)))
def test_an_age_grows_by_one_a_year(geboren: date, dag: date) -> None:
    text = geboren.strftime("%Y%m%d")
    assert volledig(text) == geboren
    jaren = leeftijd(text, dag)
    if dag < geboren:
        assert jaren is None
    else:
        assert jaren is not None
        assert 0 <= dag.year - geboren.year - jaren <= 1


@pytest.mark.parametrize(
    ("code", "element", "raakt"),
    [
        ("010000", "01.02.10", True),
        ("010200", "01.02.10", True),
        ("010210", "01.02.10", True),
        ("010210", "01.02.40", False),
        ("010300", "01.02.40", False),
        ("080000", "08.11.20", True),
        ("089999", "08.11.20", True),
        ("080000", "01.02.10", False),
        ("581100", "08.11.20", False),
    ],
)
def test_an_investigation_touches_its_element_group_or_category(code: str, element: str, raakt: bool) -> None:
    assert Onderzoek(code, None).raakt(element) is raakt


def test_an_investigation_that_ended_or_is_no_code_counts_no_more() -> None:
    assert onderzoek({"83.10": "010000", "83.20": "20120920"}) is not None
    assert onderzoek({"83.10": "010000", "83.20": "20120920", "83.30": "20120922"}) is None
    assert onderzoek({"83.10": "PK"}) is None


NAAM = ("voornamen", "adellijkeTitelPredicaat", "voorvoegsel", "geslachtsnaam", "voorletters", "volledigeNaam")


@pytest.mark.parametrize(
    ("code", "velden"),
    [
        ("010000", {*NAAM, "aanduidingNaamgebruik"}),
        ("010200", set(NAAM)),
        ("010240", {"geslachtsnaam", "volledigeNaam"}),
        ("010120", set()),
    ],
)
def test_asked_fields_under_investigation_say_so_since_when(code: str, velden: set[str]) -> None:
    lijst = a_list({"83.10": code, "83.20": "20120920", "02.10": "Arnitta"})
    naam = answer(lijst, "naam")["naam"]
    assert isinstance(naam, dict)
    twijfel = naam.get("inOnderzoek", {})
    assert isinstance(twijfel, dict)
    assert {name for name, value in twijfel.items() if value is True} == velden
    if velden:
        assert twijfel["datumIngangOnderzoek"] == datum("20120920")


def test_a_field_that_is_not_asked_says_nothing_about_an_investigation() -> None:
    lijst = a_list({"83.10": "010120", "83.20": "20120920", "04.10": "M"})
    assert answer(lijst, "geslacht") == {"geslacht": {"code": "M", "omschrijving": "man"}}
    assert answer(lijst, "burgerservicenummer")["inOnderzoek"] == {
        "burgerservicenummer": True,
        "datumIngangOnderzoekPersoon": datum("20120920"),
    }


def test_the_address_lines_are_in_doubt_when_what_they_are_made_of_is() -> None:
    woont = {"11.10": "Spui", "11.20": "1", "11.60": "2511BL", "09.10": "0518", "83.10": "081160", "83.20": "20020701"}
    adressering = answer(a_list(verblijfplaats=woont), "adressering")["adressering"]
    assert isinstance(adressering, dict)
    assert adressering["adresregel2"] == "2511 BL  'S-GRAVENHAGE"
    assert adressering["inOnderzoek"] == {"adresregel2": True, "datumIngangOnderzoekVerblijfplaats": datum("20020701")}


def test_who_was_found_not_to_live_there_is_told_with_the_address_only() -> None:
    woont = {"11.10": "Spui", "11.20": "123", "83.10": "089999", "83.20": "20020701", "10.30": "20000423"}
    lijst = a_list(verblijfplaats=woont)
    verblijf = answer(lijst, "verblijfplaats.datumVan")["verblijfplaats"]
    assert isinstance(verblijf, dict)
    assert verblijf["indicatieVastgesteldVerblijftNietOpAdres"] is True
    assert verblijf["inOnderzoek"] == {"type": True, "datumVan": True, "datumIngangOnderzoek": datum("20020701")}
    assert answer(lijst, "burgerservicenummer") == {"burgerservicenummer": "999990019"}


@pytest.mark.parametrize(
    ("rubrieken", "soort"),
    [
        ({"11.10": "Spui"}, "Adres"),
        ({"11.60": "2511BL"}, "Adres"),
        ({"12.10": "Woonboot in de Grote Sloot"}, "Locatie"),
        ({"13.10": "6014"}, "VerblijfplaatsBuitenland"),
        ({"13.10": "0000"}, "VerblijfplaatsOnbekend"),
        ({"09.10": "0518"}, None),
    ],
)
def test_there_are_four_kinds_of_residence(rubrieken: Rubrieken, soort: str | None) -> None:
    verblijf = answer(a_list(verblijfplaats=rubrieken), "verblijfplaats").get("verblijfplaats", {})
    assert isinstance(verblijf, dict)
    assert verblijf.get("type") == soort


@pytest.mark.parametrize(
    ("deel", "regel"),
    [
        ({}, "Cronus 555"),
        ({"11.30": "c"}, "Cronus 555 c"),
        ({"11.40": "III"}, "Cronus 555 III"),
        ({"11.40": "2"}, "Cronus 555-2"),
        ({"11.30": "B", "11.40": "73c"}, "Cronus 555 B73c"),
        ({"11.50": "by"}, "Cronus bij 555"),
        ({"11.50": "to", "11.40": "2"}, "Cronus t/o 555-2"),
    ],
)
def test_address_lines_follow_nen_5825(deel: Rubrieken, regel: str) -> None:
    lijst = a_list(verblijfplaats={"11.10": "Cronus", "11.20": "555", **deel})
    assert answer(lijst, "adressering.adresregel1") == {"adressering": {"adresregel1": regel}}


@pytest.mark.parametrize(
    ("rubrieken", "soort"),
    [
        ({"05.10": "0001"}, "Nationaliteit"),
        ({"05.10": "0499"}, "Staatloos"),
        ({"05.10": "0002"}, "BehandeldAlsNederlander"),
        ({"65.10": "B"}, "BehandeldAlsNederlander"),
        ({"65.10": "V"}, "VastgesteldNietNederlander"),
        ({"05.10": "0500"}, "VastgesteldNietNederlander"),
        ({"05.10": "0000"}, "NationaliteitOnbekend"),
    ],
)
def test_nationalities_come_in_five_kinds(rubrieken: Rubrieken, soort: str) -> None:
    ended = {"05.10": "0263", "64.10": "404"}
    given = answer(a_list(nationaliteiten=(ended, rubrieken)), "nationaliteiten")["nationaliteiten"]
    assert isinstance(given, list)
    assert [one["type"] for one in given if isinstance(one, dict)] == [soort]


def test_only_the_present_partner_is_given_else_the_one_of_whom_it_ended_last() -> None:
    one = {"02.10": "Reindert", "07.10": "20011109", "15.10": "H"}
    two = {"02.10": "Jan", "07.10": "20120401", "15.10": "H"}
    three = {"02.10": "Karel", "06.10": "20051224", "15.10": "P"}

    def names(*partners: Rubrieken) -> list[Json]:
        given = answer(a_list(partners=partners), "partners.naam.voornamen")["partners"]
        assert isinstance(given, list)
        return [partner["naam"]["voornamen"] for partner in given]

    assert names(one, two) == ["Jan"]
    assert names(one, three) == ["Karel"]


@pytest.mark.parametrize(
    ("gebruik", "naam", "aanhef"),
    [
        ("E", "O. van Velzen", "Geachte mevrouw Van Velzen"),
        ("P", "O. Van Den Berg", "Geachte mevrouw Van Den Berg"),
        ("V", "O. Van Den Berg-van Velzen", "Geachte mevrouw Van Den Berg-van Velzen"),
        ("N", "O. van Velzen-Van Den Berg", "Geachte mevrouw Van Velzen-Van Den Berg"),
    ],
)
def test_people_are_addressed_by_the_name_they_chose(gebruik: str, naam: str, aanhef: str) -> None:
    persoon = {"02.10": "Odette", "02.30": "van", "02.40": "Velzen", "04.10": "V", "61.10": gebruik}
    lijst = a_list(persoon, partners=({"02.30": "Van Den", "02.40": "Berg", "15.10": "H"},))
    adressering = answer(lijst, "adressering.aanhef", "adressering.aanschrijfwijze")["adressering"]
    assert adressering == {"aanhef": aanhef, "aanschrijfwijze": {"naam": naam}}


def test_authority_follows_from_a_ruling_or_from_parents_who_are_married() -> None:
    moeder = a_list({"01.20": "999990020"}, partners=({"01.20": "999990032", "02.40": "B", "15.10": "H"},))
    ouders = {
        "ouder1": {"01.20": "999990020", "02.40": "A"},
        "ouder2": {"01.20": "999990032", "02.40": "B"},
    }

    def soort(geboren: str, gezag: Rubrieken, *others: Persoonslijst) -> str | None:
        kind = a_list({"03.10": geboren}, gezag=gezag, **ouders)
        given = answer(kind, "gezag", others=others).get("gezag")
        return given[0]["type"] if isinstance(given, list) and given else None

    assert soort("20150101", {}, moeder) == "GezamenlijkOuderlijkGezag"
    assert soort("20150101", {}) is None
    assert soort("20000101", {}, moeder) is None
    assert soort("20150101", {"32.10": "1"}) == "EenhoofdigOuderlijkGezag"
    assert soort("20150101", {"32.10": "12"}) == "GezamenlijkOuderlijkGezag"
    assert soort("20150101", {"32.10": "2D"}) == "GezamenlijkGezag"
    assert soort("20150101", {"32.10": "D"}) == "Voogdij"
    assert soort("20150101", {"32.10": "3C"}) is None


def test_what_always_comes_along_comes_along() -> None:
    inschrijving = {
        "70.10": "7",
        "67.10": "20200100",
        "67.20": "E",
        "71.10": "20150808",
        "71.20": "bewijs nationaliteit",
    }
    lijst = a_list({"88.10": "0201"}, inschrijving=inschrijving)
    assert answer(lijst, "burgerservicenummer") == {
        "burgerservicenummer": "999990019",
        "geheimhoudingPersoonsgegevens": True,
        "opschortingBijhouding": {"reden": {"code": "E", "omschrijving": "emigratie"}, "datum": datum("20200100")},
        "rni": [
            {
                "deelnemer": {"code": "0201", "omschrijving": "Sociale Verzekeringsbank (inzake AOW, Anw en AKW)"},
                "categorie": "Persoon",
            }
        ],
        "verificatie": {"datum": datum("20150808"), "omschrijving": "bewijs nationaliteit"},
    }


def test_a_residence_title_that_ended_is_not_given() -> None:
    def title(**more: str) -> Json:
        rubrieken = {"39.10": "26", "39.30": "20200101", **{k.replace("_", "."): v for k, v in more.items()}}
        return answer(a_list(verblijfstitel=rubrieken), "verblijfstitel").get("verblijfstitel")

    assert isinstance(title(), dict)
    assert isinstance(title(**{"39_20": "20270101"}), dict)
    assert title(**{"39_20": "20261124"}) is None
    assert title(**{"39_10": "98"}) is None
