"""The cast plays every flow in every municipality: somebody for whom it goes well, somebody who is refused, a hard one."""

from __future__ import annotations

import json
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.simulators.cast.dates import told_date
from vliegwiel.simulators.cast.people import GEMEENTEN, Cast, check_cast, read_cast
from vliegwiel.simulators.registers.demo import adresobject, load_cast
from vliegwiel.simulators.registers.store import Store

FLOWS = ("rijbewijs", "verhuizing", "parkeren", "toeslag")
CASES = ("goed", "geweigerd", "lastig")


def test_each_municipality_has_each_case_of_each_flow() -> None:
    cast = read_cast()
    played = {(cast.gemeente_of(person), role) for person in cast.personen for role in person.speelt}
    wanted = {(code, f"{flow}/{case}") for code, flow, case in product(GEMEENTEN, FLOWS, CASES)}
    assert wanted <= played
    assert {role.partition("/")[0] for _, role in played} == set(FLOWS)
    assert {role.partition("/")[2] for _, role in played} == set(CASES)


def test_nobody_of_the_cast_is_in_the_test_set(shared: Path) -> None:
    lists = json.loads((shared / "data/registries/brp-testpersonen-gba-v-20220502.json").read_text())
    taken = {one["bsn"] for one in lists}
    assert not taken & {person.bsn for person in read_cast().personen}


def test_the_special_cases_are_there() -> None:
    people = read_cast().personen
    today = date(2026, 11, 24)

    def age(text: object) -> int:
        return today.year - told_date(text, today).year if isinstance(text, str) else -1

    licences = [person for person in people if person.rijbewijs]
    assert any(age(p.geboren) == 76 for p in licences)
    assert {68, 72} <= {age(p.geboren) for p in licences}
    assert any("C" in p.rijbewijs.categorieen for p in licences if p.rijbewijs)
    assert {"verloren", "gestolen", "ingevorderd", "ongeldig", "verlopen"} <= {
        p.rijbewijs.status for p in licences if p.rijbewijs
    }
    assert any(p.emigratie for p in people)
    assert any(p.emigratie and p.emigratie.land == "0000" for p in people)
    assert any(p.overleden for p in people)
    assert any(p.geheim for p in people)
    assert any(p.onderzoek for p in people)
    assert any(p.curatele for p in people)
    assert any(age(p.geboren) == 17 and p.ouders for p in people)
    assert any(p.functie == "B" for p in people)
    assert any(car.houder == "rechtspersoon" for p in people for car in p.voertuigen)
    assert all(
        role in {"medewerker", "teamleider", "functioneel_beheerder", "privacy_officer", "rondeplanner", "chauffeur"}
        for m in read_cast().medewerkers
        for role in m.rollen
    )
    assert {m.gemeente for m in read_cast().medewerkers} == set(GEMEENTEN)


@given(st.dates(date(2024, 1, 1), date(2060, 12, 31)))
def test_the_story_is_true_on_every_day(today: date) -> None:
    assert told_date("over 60 dagen", today) > today
    assert told_date("3 maanden geleden", today) < today
    birthday = told_date("41 jaar op 12-03", today)
    had_it = (today.month, today.day) >= (3, 12)
    assert today.year - birthday.year - (0 if had_it else 1) == 41
    assert told_date("vandaag", today) == today


def test_the_cast_fits_in_the_registers_on_any_day(tmp_path: Path) -> None:
    for day in (date(2026, 2, 28), date(2028, 2, 29), date(2031, 12, 31)):
        with Store(tmp_path / f"{day}.sqlite3") as store:
            load_cast(store, read_cast(), day)
            assert store.count_lijsten() == len(read_cast().personen)


@pytest.mark.parametrize("text", ["", "morgen", "over 3 weken", "31-12-2020", "41 jaar op 31-02", "-3 dagen geleden"])
def test_a_date_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no date|out of range|day"):
        told_date(text, date(2026, 1, 1))


def test_a_mistake_in_the_cast_is_named() -> None:
    cast = read_cast()
    first = cast.personen[0]

    def changed(**changes: object) -> Cast:
        import msgspec

        wrong = msgspec.structs.replace(first, **changes)
        return msgspec.structs.replace(cast, personen=(wrong, *cast.personen[1:]))

    for change, message in (
        ({"bsn": cast.personen[1].bsn}, "twice"),
        ({"bsn": "999990001"}, "11-test"),
        ({"adres": "nergens"}, "address"),
        ({"ouders": ("999990019",)}, "relatives"),
    ):
        with pytest.raises(ValueError, match=message):
            check_cast(changed(**change))


def test_numbers_of_homes_are_unique_and_stay_the_same() -> None:
    cast = read_cast()
    homes = [adresobject(key, adres, date(2026, 1, 1)) for key, adres in cast.adressen.items()]
    assert len({home.adresseerbaar_object for home in homes}) == len(homes)
    assert len({home.nummeraanduiding for home in homes}) == len(homes)
    places = {home.woonplaats: home.woonplaats_code for home in homes}
    assert len(set(places.values())) == len(places)
    again = [adresobject(key, adres, date(2027, 1, 1)) for key, adres in cast.adressen.items()]
    assert [home.adresseerbaar_object for home in homes] == [home.adresseerbaar_object for home in again]
