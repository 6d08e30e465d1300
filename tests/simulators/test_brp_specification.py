"""The BRP that is played answers field for field as the specification of BRP API Personen 2.7.0, for everybody in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.simulators.openapi import Specification
from vliegwiel.simulators.cast.people import read_cast
from vliegwiel.simulators.registers.brp.levering import lever
from vliegwiel.simulators.registers.brp.lijst import Persoonslijst
from vliegwiel.simulators.registers.brp.persoon import GEZAG_PERSOON_BEPERKT, PERSOON, PERSOON_BEPERKT
from vliegwiel.simulators.registers.brp.velden import Groep, keuze_van
from vliegwiel.simulators.registers.brp.vraag import toegestane_velden
from vliegwiel.simulators.registers.demo import persoonslijst
from vliegwiel.simulators.registers.lo3 import load_lo3_csv

TODAY = date(2026, 11, 24)
# Values of the national tables themselves hold a slash, an ampersand or a colon, which these patterns leave out.
RELAXED = {r"^[a-zA-Z0-9À-ž \'\.\-\(\),]{1,200}$": r"^[a-zA-Z0-9À-ž \'\.\-\(\),/&:]{1,200}$"}


@pytest.fixture(scope="module")
def specification(shared: Path) -> Specification:
    return Specification(shared / "standards/registries/brp-personen-v2.7.0-openapi.yaml", RELAXED)


@pytest.fixture(scope="module")
def rvig(shared: Path) -> tuple[Persoonslijst, ...]:
    return load_lo3_csv(shared / "data/registries/brp-testpersonen-gba-v-20220502.csv").lijsten


@pytest.fixture(scope="module")
def cast_lists() -> tuple[Persoonslijst, ...]:
    cast = read_cast()
    return tuple(persoonslijst(cast, person, TODAY) for person in cast.personen)


KINDS = [("Persoon", PERSOON), ("PersoonBeperkt", PERSOON_BEPERKT), ("GezagPersoonBeperkt", GEZAG_PERSOON_BEPERKT)]


@pytest.mark.parametrize(("schema", "groep"), KINDS, ids=[name for name, _ in KINDS])
def test_every_list_gives_a_valid_answer(
    specification: Specification,
    rvig: tuple[Persoonslijst, ...],
    cast_lists: tuple[Persoonslijst, ...],
    schema: str,
    groep: Groep,
) -> None:
    everybody = (*rvig, *cast_lists)
    assert len(rvig) == 687
    by_bsn = {lijst.bsn: lijst for lijst in everybody if lijst.bsn}
    alles = keuze_van([veld.naam for veld in groep.velden])
    odd: set[str] = set()
    for lijst in everybody:
        answer = lever(lijst, groep, alles, TODAY, by_bsn.get)
        problems = specification.problems(schema, answer)
        assert [problem for problem in problems if "does not fit" not in problem] == [], lijst.sleutel
        if problems:
            odd.add(lijst.sleutel)
    # Some lists of the test set hold characters on purpose that the specification's own patterns refuse (@, %, a comma).
    assert len(odd) <= 20
    assert not any(key.startswith("demo-") for key in odd)


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        ("Persoon", "RaadpleegMetBurgerservicenummer"),
        ("PersoonBeperkt", "ZoekMetPostcodeEnHuisnummer"),
        ("GezagPersoonBeperkt", "ZoekMetAdresseerbaarObjectIdentificatie"),
    ],
)
def test_the_fields_that_may_be_asked_are_those_of_the_specification(
    specification: Specification, schema: str, type_: str
) -> None:
    automatic = ("inOnderzoek", "geheimhoudingPersoonsgegevens", "opschortingBijhouding", "rni", "verificatie")
    never = {*automatic, "indicatieVastgesteldVerblijftNietOpAdres"}
    expected = {path for path in specification.paths(schema) if not never & set(path.split("."))}
    aliases = {path for path in toegestane_velden(type_) if "Binnenland" in path.partition(".")[0]}
    assert toegestane_velden(type_) - aliases == expected
    assert all(
        path.partition(".")[0].removesuffix("Binnenland") in {"verblijfplaats", "adressering"} for path in aliases
    )


def test_an_unasked_field_is_never_in_the_answer(rvig: tuple[Persoonslijst, ...]) -> None:
    by_bsn = {lijst.bsn: lijst for lijst in rvig if lijst.bsn}
    along = {"geheimhoudingPersoonsgegevens", "opschortingBijhouding", "rni", "verificatie", "inOnderzoek"}
    for field in ("burgerservicenummer", "naam.voornamen", "partners.burgerservicenummer", "verblijfplaats.datumVan"):
        top, _, below = field.partition(".")
        for lijst in rvig:
            answer = lever(lijst, PERSOON, keuze_van([field]), TODAY, by_bsn.get)
            assert set(answer) <= {top, *along}
            given = answer.get(top)
            for item in given if isinstance(given, list) else [given]:
                if isinstance(item, dict) and below:
                    extra = {"inOnderzoek", "type", "indicatieVastgesteldVerblijftNietOpAdres"}
                    assert set(item) <= {below, *extra}
