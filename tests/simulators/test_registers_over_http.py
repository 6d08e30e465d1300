"""The registers over HTTP: what they answer, how they refuse, and that a broken question never breaks them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures_simulators import RegisterSimulator, running_register_simulator
from tests.simulators.openapi import Specification
from vliegwiel.simulators.cast.people import read_cast
from vliegwiel.simulators.registers.load import load_brp

CAST = read_cast()


def bsn_of(name: str) -> str:
    return next(p.bsn for p in CAST.personen if p.naam.startswith(name))


class Api:
    """The registers, with the key, as a client without our code sees them."""

    def __init__(self, simulator: RegisterSimulator) -> None:
        self.simulator = simulator
        self.headers = {"X-API-KEY": simulator.key}

    def personen(self, body: object, **headers: str) -> httpx.Response:
        return self.post(f"{self.simulator.brp_url}/personen", body, **headers)

    def post(self, url: str, body: object, **headers: str) -> httpx.Response:
        sent = {
            **self.headers,
            "content-type": "application/json",
            **{k.replace("_", "-").lower(): v for k, v in headers.items()},
        }
        content = body if isinstance(body, bytes) else json.dumps(body)
        return self.simulator.client.post(url, content=content, headers=sent)

    def bag(self, path: str, **query: str | int) -> httpx.Response:
        return self.simulator.client.get(f"{self.simulator.bag_url}{path}", params=query, headers=self.headers)

    def zoek(self, type_: str, fields: list[str] | None = None, **parameters: object) -> list[dict]:
        answer = self.personen({"type": type_, "fields": fields or ["burgerservicenummer"], **parameters})
        assert answer.status_code == 200, answer.text
        assert answer.json()["type"] == type_
        return answer.json()["personen"]


@pytest.fixture
def api(register_simulator: RegisterSimulator) -> Api:
    return Api(register_simulator)


def wrong(answer: httpx.Response) -> list[tuple[str, str, str]]:
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == "paramsValidation"
    assert body["instance"] == "/haalcentraal/api/brp/personen"
    names = ", ".join(parameter["name"] for parameter in body["invalidParams"])
    assert body["detail"] == f"De foutieve parameter(s) zijn: {names}."
    return [(p["code"], p["name"], p["reason"]) for p in body["invalidParams"]]


RAADPLEEG = {"type": "RaadpleegMetBurgerservicenummer", "burgerservicenummer": ["999990019"], "fields": ["naam"]}
POSTCODE = {"type": "ZoekMetPostcodeEnHuisnummer", "postcode": "2628HJ", "huisnummer": 2, "fields": ["naam"]}
REQUIRED = "Parameter is verplicht."


@pytest.mark.parametrize(
    ("base", "change", "expected"),
    [
        (RAADPLEEG, {"type": None}, [("required", "type", REQUIRED)]),
        (RAADPLEEG, {"type": "Onbekend"}, [("value", "type", "Waarde is geen geldig zoek type.")]),
        (RAADPLEEG, {"fields": None}, [("required", "fields", REQUIRED)]),
        (RAADPLEEG, {"fields": []}, [("minItems", "fields", "Array bevat minder dan 1 items.")]),
        (RAADPLEEG, {"fields": "naam,geslacht"}, [("array", "fields", "Parameter is geen array.")]),
        (RAADPLEEG, {"fields": ["naam"] * 131}, [("maxItems", "fields", "Array bevat meer dan 130 items.")]),
        (RAADPLEEG, {"fields": ["anummer"]}, [("fields", "fields[0]", "Parameter bevat een niet bestaande veldnaam.")]),
        (
            RAADPLEEG,
            {"fields": ["naam", "naam.inOnderzoek.voornamen", "rni.deelnemer.code"]},
            [
                ("fields", "fields[1]", "Parameter bevat een niet toegestane veldnaam."),
                ("fields", "fields[2]", "Parameter bevat een niet toegestane veldnaam."),
            ],
        ),
        (
            RAADPLEEG,
            {"fields": ["a*nummer"]},
            [("pattern", "fields[0]", r"Waarde voldoet niet aan patroon ^[a-zA-Z0-9\._]{1,200}$.")],
        ),
        (RAADPLEEG, {"burgerservicenummer": None}, [("required", "burgerservicenummer", REQUIRED)]),
        (
            RAADPLEEG,
            {"burgerservicenummer": "999990019"},
            [("array", "burgerservicenummer", "Parameter is geen array.")],
        ),
        (
            RAADPLEEG,
            {"burgerservicenummer": ["1234567890", "123456789", "12345678"]},
            [("pattern", f"burgerservicenummer[{n}]", "Waarde voldoet niet aan patroon ^[0-9]{9}$.") for n in (0, 2)],
        ),
        (
            RAADPLEEG,
            {"burgerservicenummer": ["999990019"] * 21},
            [("maxItems", "burgerservicenummer", "Array bevat meer dan 20 items.")],
        ),
        (
            RAADPLEEG,
            {"gemeenteVanInschrijving": "363"},
            [("pattern", "gemeenteVanInschrijving", "Waarde voldoet niet aan patroon ^[0-9]{4}$.")],
        ),
        (RAADPLEEG, {"voornamen": "Pietje"}, [("unknownParam", "voornamen", "Parameter is niet verwacht.")]),
        (
            POSTCODE,
            {"postcode": None, "huisnummer": ""},
            [("required", "postcode", REQUIRED), ("required", "huisnummer", REQUIRED)],
        ),
        (POSTCODE, {"huisnummer": "twee"}, [("integer", "huisnummer", "Waarde is geen geldig getal.")]),
        (POSTCODE, {"huisnummer": 0}, [("minimum", "huisnummer", "Waarde is lager dan minimum 1.")]),
        (POSTCODE, {"huisnummer": 100000}, [("maximum", "huisnummer", "Waarde is hoger dan maximum 99999.")]),
        (
            POSTCODE,
            {"inclusiefOverledenPersonen": "ja"},
            [("boolean", "inclusiefOverledenPersonen", "Waarde is geen boolean.")],
        ),
        (POSTCODE, {"geboortedatum": "1983-02-30"}, [("date", "geboortedatum", "Waarde is geen geldige datum.")]),
        (
            POSTCODE,
            {"postcode": "2628  HJ"},
            [("pattern", "postcode", "Waarde voldoet niet aan patroon ^[1-9]{1}[0-9]{3}[ ]?[A-Za-z]{2}$.")],
        ),
        (POSTCODE, {"fields": ["aNummer"]}, [("fields", "fields[0]", "Parameter bevat een niet bestaande veldnaam.")]),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong_with_it(
    api: Api, base: dict, change: dict, expected: list[tuple[str, str, str]]
) -> None:
    body = {name: value for name, value in {**base, **change}.items() if value is not None}
    assert wrong(api.personen(body)) == expected


def test_only_json_is_taken_and_given(api: Api) -> None:
    assert api.personen(RAADPLEEG, content_type="text/plain").status_code == 415
    assert api.personen(RAADPLEEG, content_type="application/json; charset=latin-1").status_code == 415
    assert api.personen(RAADPLEEG, content_type="application/json; charset=utf-8").status_code == 200
    assert api.personen(RAADPLEEG, accept="text/html").status_code == 406
    assert api.personen(RAADPLEEG, accept="text/html, application/json;q=0.9").status_code == 200
    for body in (b"", b"{", b"[]", b"\xff", b'{"type": NaN}', b'"x"'):
        assert api.personen(body).status_code == 400
    assert api.personen(b'{"a":"' + b"x" * 70_000 + b'"}').status_code == 413


def test_nobody_without_a_key_gets_data(register_simulator: RegisterSimulator) -> None:
    api = Api(register_simulator)
    for key in (None, "fout", ""):
        api.headers = {"X-API-KEY": key} if key is not None else {}
        assert api.personen(RAADPLEEG).status_code == 401
        refused = api.bag("/adressen", postcode="2312QA", huisnummer=12)
        assert refused.status_code == (401 if key is None else 403)
        assert api.post(f"{register_simulator.rdw_url}/rijbewijzen/raadpleeg", {}).status_code == 401


def test_people_are_found_in_every_way(api: Api) -> None:
    noor = bsn_of("Noor")
    (person,) = api.zoek(
        "RaadpleegMetBurgerservicenummer",
        ["burgerservicenummer", "adressering", "verblijfplaats", "geboorte.datum"],
        burgerservicenummer=[noor],
    )
    home = person["verblijfplaats"]
    assert person["adressering"]["adresregel1"] == "Touwslagerspad 12"

    def found(type_: str, **parameters: object) -> set[str]:
        return {one["burgerservicenummer"] for one in api.zoek(type_, **parameters)}

    family = {noor, bsn_of("Samir"), bsn_of("Yara"), bsn_of("Idris")}
    assert found("ZoekMetPostcodeEnHuisnummer", postcode="2312 qa", huisnummer=12) == family
    assert found("ZoekMetPostcodeEnHuisnummer", postcode="2312QA", huisnummer="12", geslachtsnaam="DUINKERK") == {noor}
    nummer = home["nummeraanduidingIdentificatie"]
    assert found("ZoekMetNummeraanduidingIdentificatie", nummeraanduidingIdentificatie=nummer) == family
    object_ = home["adresseerbaarObjectIdentificatie"]
    assert found("ZoekMetAdresseerbaarObjectIdentificatie", adresseerbaarObjectIdentificatie=object_) == family
    street = {"straat": "touwslager*", "huisnummer": 12, "gemeenteVanInschrijving": "0546"}
    assert found("ZoekMetStraatHuisnummerEnGemeenteVanInschrijving", **street) == family
    born = person["geboorte"]["datum"]["datum"]
    assert found("ZoekMetGeslachtsnaamEnGeboortedatum", geslachtsnaam="duin*", geboortedatum=born) == {noor}
    name = {"geslachtsnaam": "Duinkerk", "voornamen": "noor*", "gemeenteVanInschrijving": "0546"}
    assert found("ZoekMetNaamEnGemeenteVanInschrijving", **name) == {noor}
    assert found("ZoekMetNaamEnGemeenteVanInschrijving", **{**name, "gemeenteVanInschrijving": "0599"}) == set()
    assert found("ZoekMetNaamEnGemeenteVanInschrijving", **name, voorvoegsel="de") == set()


def test_the_dead_are_found_only_when_asked_for(api: Api) -> None:
    gerrit = bsn_of("Gerrit")
    (dead,) = api.zoek("RaadpleegMetBurgerservicenummer", ["leeftijd", "verblijfplaats"], burgerservicenummer=[gerrit])
    assert dead["opschortingBijhouding"]["reden"] == {"code": "O", "omschrijving": "overlijden"}
    assert "leeftijd" not in dead
    object_ = dead["verblijfplaats"]["adresseerbaarObjectIdentificatie"]
    kind = "ZoekMetAdresseerbaarObjectIdentificatie"
    assert len(api.zoek(kind, adresseerbaarObjectIdentificatie=object_)) == 1
    assert len(api.zoek(kind, adresseerbaarObjectIdentificatie=object_, inclusiefOverledenPersonen=True)) == 2


def test_only_residence_in_the_netherlands_when_only_that_is_asked(api: Api) -> None:
    away, home = bsn_of("Rosa"), bsn_of("Noor")
    fields = ["verblijfplaatsBinnenland.datumVan", "adresseringBinnenland"]
    first, second = api.zoek("RaadpleegMetBurgerservicenummer", fields, burgerservicenummer=[away, home])
    assert set(first) == {"opschortingBijhouding"}
    assert set(second["verblijfplaats"]) == {"type", "datumVan"}
    assert set(second["adressering"]) == {"adresregel1", "adresregel2"}


@pytest.fixture(scope="module")
def rvig(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    data = tmp_path_factory.mktemp("rvig") / "registers.sqlite3"
    load_brp(shared / "data/registries/brp-testpersonen-gba-v-20220502.csv", data)
    with running_register_simulator(data, "--empty") as simulator:
        yield Api(simulator)


def test_wiped_lists_are_never_given_and_shared_numbers_give_both(rvig: Api) -> None:
    two = rvig.zoek("RaadpleegMetBurgerservicenummer", ["naam.geslachtsnaam"], burgerservicenummer=["999992788"])
    assert {one["naam"]["geslachtsnaam"] for one in two} == {"Puk", "Serooskerke"}
    assert rvig.zoek("RaadpleegMetBurgerservicenummer", burgerservicenummer=["123456782"]) == []
    assert (
        rvig.zoek(
            "ZoekMetNaamEnGemeenteVanInschrijving",
            geslachtsnaam="Weéß",
            voornamen="Rôn",
            gemeenteVanInschrijving="0518",
        )
        == []
    )


def test_too_many_people_is_told_so(rvig: Api) -> None:
    kind = "ZoekMetAdresseerbaarObjectIdentificatie"
    answer = rvig.personen({"type": kind, "adresseerbaarObjectIdentificatie": "1810010010001001", "fields": ["naam"]})
    assert answer.status_code == 400
    assert answer.json()["code"] == "tooManyResults"
    assert answer.json()["detail"] == "Meer dan maximum van 10 zoekresultaten gevonden. Verfijn de zoekopdracht."
    kind = "ZoekMetPostcodeEnHuisnummer"
    answer = rvig.personen({"type": kind, "postcode": "2596TW", "huisnummer": 1, "fields": ["naam"]})
    assert answer.json()["detail"] == "Meer dan maximum van 30 zoekresultaten gevonden. Verfijn de zoekopdracht."


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = ["type", "fields", "burgerservicenummer", "postcode", "huisnummer", "geslachtsnaam", "geboortedatum", "straat"]
TYPES = ["RaadpleegMetBurgerservicenummer", "ZoekMetPostcodeEnHuisnummer", "ZoekMetGeslachtsnaamEnGeboortedatum"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=10), JSON, max_size=6), st.sampled_from(TYPES) | JSON)
def test_no_question_breaks_the_brp(api: Api, body: dict, type_: object) -> None:
    answer = api.personen({**body, "type": type_})
    assert answer.status_code in {200, 400}


# -- BAG ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bag_specification(shared: Path) -> Specification:
    # The specification asks for `kortNaam`, a typing mistake for `korteNaam`; a required name it does not know is skipped.
    return Specification(shared / "standards/registries/bag-individuele-bevragingen-v2-openapi.yaml")


def test_the_bag_answers_as_its_specification_says(api: Api, bag_specification: Specification) -> None:
    found = api.bag("/adressenuitgebreid", postcode="2313qd", huisnummer=41)
    assert found.headers["content-type"] == "application/hal+json"
    assert found.headers["api-version"] == "2.0.0"
    (home,) = found.json()["_embedded"]["adressen"]
    assert home["oorspronkelijkBouwjaar"] == ["2021"]
    object_, nummer = home["adresseerbaarObjectIdentificatie"], home["nummeraanduidingIdentificatie"]
    answers = {
        "AdresUitgebreidHalCollection": found,
        "AdresIOHalCollection": api.bag("/adressen", postcode="2313QD", huisnummer=41),
        "AdresIOHal": api.bag(f"/adressen/{nummer}"),
        "AdresUitgebreidHal": api.bag(f"/adressenuitgebreid/{nummer}"),
        "VerblijfsobjectIOHal": api.bag(f"/verblijfsobjecten/{object_}"),
        "AdresseerbaarObjectIOHal": api.bag(f"/adresseerbareobjecten/{object_}"),
        "AdresseerbaarObjectLvcIOHalCollection": api.bag(f"/adresseerbareobjecten/{object_}/lvc", geheleLvc="true"),
        "NummeraanduidingIOHal": api.bag(f"/nummeraanduidingen/{nummer}"),
        "BronhouderHalCollection": api.bag("/bronhouders", woonplaatsIdentificatie=home["woonplaatsIdentificatie"]),
    }
    for schema, answer in answers.items():
        assert answer.status_code == 200, schema
        assert bag_specification.problems(schema, answer.json()) == [], schema
    holder = answers["BronhouderHalCollection"].json()["_embedded"]["bronhouders"][0]["bronhouder"]
    assert holder == {"code": "0546", "naam": "Leiden"}


def test_the_bag_tells_homes_at_one_number_apart(api: Api) -> None:
    def count(**query: str | int) -> int:
        return len(
            api.bag("/adressen", postcode="3572QB", huisnummer=64, **query)
            .json()
            .get("_embedded", {})
            .get("adressen", [])
        )

    assert count() == 1
    assert count(huisletter="b") == 1
    assert count(huisletter="c") == 0
    assert count(exacteMatch="true") == 0


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/adressen", {"postcode": "0000AA", "huisnummer": 1}),
        ("/adressen", {"postcode": "2312QA", "huisnummer": "een"}),
        ("/adressen", {"postcode": "2312QA"}),
        ("/adressen", {"postcode": "2312QA", "huisnummer": 1, "onbekend": "x"}),
        ("/adressen/123", {}),
        ("/adressenuitgebreid", {}),
        ("/adresseerbareobjecten/abc", {}),
        ("/bronhouders", {}),
        ("/bronhouders", {"woonplaatsIdentificatie": "0000"}),
    ],
)
def test_the_bag_refuses_what_it_does_not_take(
    api: Api, bag_specification: Specification, path: str, query: dict[str, str | int]
) -> None:
    answer = api.bag(path, **query)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert bag_specification.problems("Error", answer.json()) == []


def test_what_the_bag_does_not_know_is_not_found(api: Api) -> None:
    assert api.bag("/adressen/0546200000000001").status_code == 404
    assert api.bag("/verblijfsobjecten/0546010000000001").status_code == 404
    assert "_embedded" not in api.bag("/adressen", postcode="9999ZZ", huisnummer=1).json()


# -- RDW and reports ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rdw_specification() -> Specification:
    from vliegwiel.simulators.registers import rdw

    return Specification(Path(rdw.__file__).with_name("openapi.yaml"))


def test_the_rdw_answers_as_our_specification_says(api: Api, rdw_specification: Specification) -> None:
    licences = f"{api.simulator.rdw_url}/rijbewijzen/raadpleeg"
    every = rdw_specification.schemas["RijbewijsVraag"]["properties"]["velden"]["items"]["enum"]
    for person in CAST.personen:
        answer = api.post(licences, {"burgerservicenummer": person.bsn, "velden": every})
        assert rdw_specification.problems("RijbewijsAntwoord", answer.json()) == []
        assert (answer.json()["rijbewijs"] is None) == (person.rijbewijs is None)
    vehicles = f"{api.simulator.rdw_url}/voertuigen/raadpleeg"
    every = rdw_specification.schemas["VoertuigVraag"]["properties"]["velden"]["items"]["enum"]
    for person in CAST.personen:
        for car in person.voertuigen:
            body = {"kenteken": car.kenteken, "velden": every, "burgerservicenummer": person.bsn}
            answer = api.post(vehicles, body)
            assert rdw_specification.problems("VoertuigAntwoord", answer.json()) == []
            assert answer.json()["voertuig"]["opNaamVanPersoon"] is (car.houder == "natuurlijk_persoon")


def test_the_rdw_gives_only_what_is_asked(api: Api) -> None:
    answer = api.post(
        f"{api.simulator.rdw_url}/rijbewijzen/raadpleeg", {"burgerservicenummer": bsn_of("Noor"), "velden": ["status"]}
    )
    assert answer.json() == {"rijbewijs": {"status": "geldig"}}
    unknown = api.post(f"{api.simulator.rdw_url}/voertuigen/raadpleeg", {"kenteken": "ZZ999Z", "velden": ["merk"]})
    assert unknown.json() == {"voertuig": None}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", {"burgerservicenummer": "1", "velden": ["status"]}, {"burgerservicenummer": "999990019"},
        {"burgerservicenummer": "999990019", "velden": []}, {"burgerservicenummer": "999990019", "velden": ["bsn"]},
        {"burgerservicenummer": "999990019", "velden": ["status"], "extra": 1}, b"x" * 70_000,
    ],
)  # fmt: skip
def test_the_rdw_refuses_what_it_does_not_take(api: Api, rdw_specification: Specification, body: object) -> None:
    answer = api.post(f"{api.simulator.rdw_url}/rijbewijzen/raadpleeg", body)
    assert answer.status_code in {400, 413}
    assert rdw_specification.problems("Foutbericht", answer.json()) == []


def test_a_report_sent_twice_is_one_report(api: Api) -> None:
    report = {
        "kenmerk": "01a20cb0-5cde-70cf-973f-698193e73804",
        "register": "BRP",
        "meldendeGemeente": "GM0546",
        "burgerservicenummer": bsn_of("Noor"),
        "rubrieken": ["08.11.20"],
        "toelichting": "Ik woon op nummer 14",
        "datumMelding": "2026-11-24T10:00:00Z",
    }
    url = f"{api.simulator.terugmelding_url}/meldingen"
    first, second = api.post(url, report), api.post(url, report)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert bsn_of("Noor") not in first.text
    stand = api.simulator.client.get(f"{url}/{first.json()['dossiernummer']}", headers=api.headers)
    assert stand.json()["status"] == "in onderzoek"
    assert api.post(url, {**report, "toelichting": ""}).status_code == 400
    assert api.simulator.client.get(f"{url}/T0", headers=api.headers).status_code == 404


def test_an_unknown_place_is_told_so_in_the_registers_own_words(api: Api) -> None:
    assert api.simulator.client.get(f"{api.simulator.base_url}/nergens", headers=api.headers).json()["status"] == 404
    wrong_method = api.simulator.client.get(f"{api.simulator.brp_url}/personen", headers=api.headers)
    assert wrong_method.json()["status"] == 405


@pytest.mark.parametrize("body", [b"", b"[", b"\xff", b"1", b'{"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}"])
def test_what_is_no_question_is_refused_everywhere(api: Api, body: bytes) -> None:
    simulator = api.simulator
    places = ("rijbewijzen/raadpleeg", "voertuigen/raadpleeg")
    for url in (
        f"{simulator.brp_url}/personen",
        *(f"{simulator.rdw_url}/{place}" for place in places),
        f"{simulator.terugmelding_url}/meldingen",
    ):
        answer = api.post(url, body)
        assert answer.status_code == 400, url
        assert answer.headers["content-type"] == "application/problem+json"
