"""Gathering: every register asked once, for only what is needed, and nothing lost when one of them is down."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.fixtures_simulators import RegisterSimulator, running_register_simulator
from tests.registers.conftest import asked, reach
from vliegwiel.base.clock import today
from vliegwiel.base.errors import Invalid
from vliegwiel.registers.configured import Registers
from vliegwiel.registers.facts import Gathered, PartialDate, Register, Why
from vliegwiel.registers.gather import gather
from vliegwiel.registers.needs import needs
from vliegwiel.simulators.cast.people import read_cast
from vliegwiel.simulators.registers.load import load_brp
from vliegwiel.trust import traces

NOOR, SAMIR, YARA, IDRIS = "999998365", "999998377", "999998389", "999998390"
NOBODY = "999990019"
PURPOSE, LEIDEN = "rijbewijs verlengen", "GM0546"
BRP, BAG, LICENCE, VEHICLE = (
    "/haalcentraal/api/brp/personen",
    "/lvbag/individuelebevragingen/v2/adressenuitgebreid",
    "/rdw/v1/rijbewijzen/raadpleeg",
    "/rdw/v1/voertuigen/raadpleeg",
)

Ask = Callable[..., Gathered]


@pytest.fixture
def ask(connected: Registers) -> Ask:
    def one(*names: str, bsn: str = NOOR, kenteken: str | None = None) -> Gathered:
        return gather(names, bsn, PURPOSE, LEIDEN, kenteken=kenteken, registers_=connected)

    return one


# -- what is asked -----------------------------------------------------------------------------------------------------


def test_only_the_fields_that_are_needed_are_asked_in_one_question(
    ask: Ask, register_simulator: RegisterSimulator
) -> None:
    ask("persoon.geboortedatum", "persoon.overleden", "persoon.geheimhouding")
    assert asked(register_simulator) == [
        (
            BRP,
            {
                "type": "RaadpleegMetBurgerservicenummer",
                "burgerservicenummer": [NOOR],
                "fields": ["geboorte.datum", "overlijden.datum"],
            },
        )
    ]


def test_what_always_comes_along_needs_no_field_of_a_person(ask: Ask, register_simulator: RegisterSimulator) -> None:
    gathered = ask("persoon.geheimhouding", "persoon.opschorting")
    assert gathered.values() == {"persoon.geheimhouding": False, "persoon.opschorting": "geen"}
    assert asked(register_simulator)[0][1]["fields"] == ["burgerservicenummer"]


def test_a_register_that_is_not_needed_is_not_asked(ask: Ask, register_simulator: RegisterSimulator) -> None:
    ask("rijbewijs.status", "rijbewijs.geldig_tot")
    expected = {"burgerservicenummer": NOOR, "velden": ["datumGeldigTot", "status"]}
    assert asked(register_simulator) == [(LICENCE, expected)]
    register_simulator.forget()
    assert ask().data == {}
    assert asked(register_simulator) == []


def test_the_home_is_asked_with_the_number_the_brp_gives_and_nothing_else(
    ask: Ask, register_simulator: RegisterSimulator
) -> None:
    gathered = ask("adres.bouwjaar", "adres.woning")
    (brp, question), (bag, query) = asked(register_simulator)
    assert (brp, bag) == (BRP, BAG)
    assert question["fields"] == ["verblijfplaats.adresseerbaarObjectIdentificatie"]
    assert query.startswith("adresseerbaarObjectIdentificatie=054601")
    assert gathered.values() == {"adres.bouwjaar": 1932, "adres.woning": True}
    assert "persoon.adres" not in gathered.data


def test_all_that_can_be_gathered_takes_one_question_for_each_thing(
    ask: Ask, register_simulator: RegisterSimulator
) -> None:
    gathered = ask(*needs(), kenteken="qq-101-q")
    assert list(gathered.data) == list(needs())
    assert gathered.complete
    paths = sorted(path for path, _ in asked(register_simulator))
    life = "/lvbag/individuelebevragingen/v2/adresseerbareobjecten/"
    assert [p for p in paths if not p.startswith(life)] == sorted([BRP, BRP, BAG, LICENCE, VEHICLE])
    assert len(paths) == 6


def test_the_purpose_goes_to_every_register(ask: Ask, register_simulator: RegisterSimulator) -> None:
    ask("persoon.naam", "adres.bouwjaar", "rijbewijs.status", "voertuig.bestaat", kenteken="QQ101Q")
    seen = {dict(r["headers"]).get("x-doelbinding") for r in register_simulator.requests()}
    assert seen == {PURPOSE}


def test_the_operation_that_is_going_on_can_be_followed_in_every_register(
    ask: Ask, register_simulator: RegisterSimulator
) -> None:
    names = ("persoon.naam", "adres.bouwjaar", "rijbewijs.status", "voertuig.bestaat")
    with traces.operation("product aanvragen") as operation:
        ask(*names, kenteken="QQ101Q")
    requests = register_simulator.requests()
    assert {dict(r["headers"])["traceparent"] for r in requests} == {operation.traceparent}
    register_simulator.forget()
    ask("persoon.leeftijd")
    assert "traceparent" not in dict(register_simulator.requests()[0]["headers"])


# -- what it says ------------------------------------------------------------------------------------------------------


def test_a_datum_keeps_where_it_came_from_when_and_why(
    ask: Ask, clock: Callable[..., object], register_simulator: RegisterSimulator
) -> None:
    moment = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    clock(moment)
    gathered = ask("persoon.naam", "adres.bouwjaar", "rijbewijs.status", "voertuig.soort", kenteken="QQ-101-Q")
    name = gathered.data["persoon.naam"]
    assert (name.value, name.label, name.source) == ("Noor Elisabeth van Duinkerk", "Uw naam", "BRP")
    assert (name.path, name.purpose, name.known, name.in_onderzoek) == ("naam.volledigeNaam", PURPOSE, True, False)
    assert {d.fetched_at for d in gathered.data.values()} == {moment}, "threads see the same clock"
    assert {look.at for look in gathered.looked_at} == {moment}
    assert [d.source for d in gathered.data.values()] == ["BRP", "BAG", "RDW", "RDW"]
    assert "Duinkerk" not in repr(gathered)
    assert NOOR not in repr(gathered)


def test_a_family_an_address_and_a_car_are_read(ask: Ask) -> None:
    said = ask(*needs(), kenteken=" qq101q ").values()
    assert said["persoon.leeftijd"] == 41
    assert said["persoon.geslacht"] == "vrouw"
    assert said["persoon.gemeente"] == LEIDEN
    adres = said["persoon.adres"]
    assert isinstance(adres, dict)
    assert adres["regel"] == "Touwslagerspad 12, 2312 QA Leiden"
    assert adres["functie"] == "woonadres"
    assert set(adres) == {part.name for part in needs()["persoon.adres"].parts}
    assert [kind["bsn"] for kind in said["persoon.kinderen"]] == [YARA, IDRIS]
    assert said["persoon.partner"]["verbintenis"] == "huwelijk"
    gezin = said["persoon.gezin_op_adres"]
    assert {(wie["bsn"], wie["relatie"]) for wie in gezin} == {(SAMIR, "partner"), (YARA, "kind"), (IDRIS, "kind")}
    assert said["persoon.aantal_op_adres"] == 4
    assert said["rijbewijs.status"] == "geldig"
    assert said["rijbewijs.geldig_tot"] == today() + timedelta(days=60)
    assert (said["voertuig.op_naam"], said["voertuig.lengte"]) == (True, Decimal("4.12"))


def test_every_value_is_of_the_kind_that_the_list_promises(ask: Ask) -> None:
    kinds = {"tekst": str, "datum": date, "ja/nee": bool, "keuze": str, "groep": dict, "lijst": tuple}
    for person in read_cast().personen:
        plate = person.voertuigen[0].kenteken if person.voertuigen else "QQ101Q"
        for datum in ask(*needs(), bsn=person.bsn, kenteken=plate).data.values():
            need = needs()[datum.name]
            if datum.value is None:
                continue
            kind = kinds.get(need.kind, Decimal if need.kind == "getal in meter" else int)
            assert type(datum.value) is kind, datum.name
            if need.kind == "keuze":
                assert datum.value in need.options
            for item in datum.value if isinstance(datum.value, tuple) else [datum.value]:
                if isinstance(item, dict):
                    assert set(item) <= {part.name for part in need.parts}, datum.name


def test_an_incomplete_date_has_no_value_but_is_shown_as_far_as_it_is_known(ask: Ask) -> None:
    month = ask("persoon.geboortedatum", "persoon.leeftijd", bsn="999998894").data["persoon.geboortedatum"]
    assert (month.value, month.known, month.partial) == (None, False, PartialDate(1978, 3, "maart 1978"))
    year = ask("persoon.geboortedatum", bsn="999998900").data["persoon.geboortedatum"]
    assert year.partial == PartialDate(1955, None, "1955")


def test_what_the_register_doubts_is_marked(ask: Ask) -> None:
    ferry = ask("persoon.naam", "persoon.adres", "persoon.adres.postcode", bsn="999998572")
    assert [datum.name for datum in ferry.doubtful()] == ["persoon.adres", "persoon.adres.postcode"]
    kim = ask("persoon.geboortedatum", "persoon.leeftijd", "persoon.adres", bsn="999999102")
    assert [datum.name for datum in kim.doubtful()] == ["persoon.geboortedatum", "persoon.leeftijd"]


@pytest.mark.parametrize(
    ("bsn", "expected"),
    [
        ("999998456", {"persoon.geheimhouding": True, "persoon.ingezetene": True}),
        ("999998560", {"persoon.curatele": True, "persoon.overleden": False}),
        ("999998651", {"persoon.adres.functie": "briefadres", "persoon.verblijf_onbekend": False}),
        ("999998663", {"persoon.overleden": True, "persoon.opschorting": "overlijden", "persoon.ingezetene": False}),
        (
            "999999151",
            {
                "persoon.verblijf_buitenland": True,
                "persoon.ingezetene": False,
                "persoon.opschorting": "emigratie",
                "persoon.adres": None,
                "persoon.aantal_op_adres": None,
            },
        ),
        (
            "999999126",
            {"persoon.verblijf_onbekend": True, "persoon.verblijf_buitenland": False, "persoon.ingezetene": False},
        ),
        ("999998675", {"persoon.heeft_partner": False, "persoon.partner": None}),
        ("999998420", {"rijbewijs.aanwezig": False, "rijbewijs.status": "geen", "rijbewijs.categorieen": ()}),
        ("999998596", {"rijbewijs.status": "ingevorderd", "rijbewijs.rijontzegging": True}),
        ("999998432", {"rijbewijs.status": "verloren"}),
        ("999998444", {"rijbewijs.alleen_am": True, "rijbewijs.groep1": True, "rijbewijs.groep2": False}),
        ("999998535", {"rijbewijs.groep2": True, "rijbewijs.alleen_am": False}),
        ("999998511", {"persoon.nederlander": False}),
        (SAMIR, {"persoon.nederlander": True}),
    ],
)
def test_people_for_whom_it_is_different(ask: Ask, bsn: str, expected: dict[str, object]) -> None:
    assert ask(*expected, bsn=bsn).values() == expected


def test_who_has_the_authority_over_a_child(ask: Ask) -> None:
    alone = ask("persoon.gezag", bsn="999998468").values()["persoon.gezag"]
    expected = {
        "soort": "eenhoofdig_ouderlijk_gezag",
        "minderjarige": "999998468",
        "gezagsdragers": ("999998456",),
    }
    assert alone == (expected,)
    together = ask("persoon.gezag", bsn="999998705").values()["persoon.gezag"]
    assert together[0]["gezagsdragers"] == ("999998687", "999998699")


def test_a_vehicle_of_somebody_else_and_one_that_does_not_exist(ask: Ask) -> None:
    names = ("voertuig.bestaat", "voertuig.op_naam", "voertuig.houder", "voertuig.soort")
    lease = ask(*names, kenteken="QQ113Q").values()
    assert lease == dict(zip(names, (True, False, "rechtspersoon", "personenauto"), strict=True))
    camper = ask(*names, bsn="999998481", kenteken="QQ-111-Q").values()
    assert camper["voertuig.soort"] == "kampeerwagen"
    nothing = ask(*names, kenteken="ZZ-999-Z")
    assert nothing.values() == {**dict.fromkeys(names), "voertuig.bestaat": False}
    assert not nothing.data["voertuig.op_naam"].known


# -- what does not come --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "register", "waits", "comes"),
    [
        (BRP, Register.BRP, ("persoon.naam", "adres.bouwjaar"), ("rijbewijs.status",)),
        (BAG, Register.BAG, ("adres.bouwjaar",), ("persoon.naam", "rijbewijs.status")),
        ("/rdw", Register.RDW, ("rijbewijs.status",), ("persoon.naam", "adres.bouwjaar")),
    ],
)
def test_a_register_that_is_down_makes_only_its_own_data_wait(
    ask: Ask,
    register_simulator: RegisterSimulator,
    path: str,
    register: Register,
    waits: tuple[str, ...],
    comes: tuple[str, ...],
) -> None:
    register_simulator.fail(path, "status", status=503)
    gathered = ask("persoon.naam", "adres.bouwjaar", "rijbewijs.status")
    assert tuple(gathered.data) == comes
    assert not gathered.complete
    assert gathered.unavailable == (register,)
    (missing,) = gathered.missing
    assert (missing.register, missing.why, missing.needs) == (register, Why.DOWN, waits)
    assert missing.retry_after > 0
    register_simulator.heal()
    assert ask("persoon.naam", "adres.bouwjaar", "rijbewijs.status").complete


def test_all_registers_down_at_once_cost_the_time_of_one(ask: Ask, register_simulator: RegisterSimulator) -> None:
    register_simulator.fail("/", "timeout")
    started = time.monotonic()
    gathered = ask("persoon.naam", "rijbewijs.status", "voertuig.soort", kenteken="QQ101Q")
    assert time.monotonic() - started < 3.6
    assert gathered.data == {}
    assert gathered.unavailable == (Register.BRP, Register.RDW)
    assert gathered.looked_at == ()


def test_the_people_at_the_address_missing_does_not_give_half_a_family(
    ask: Ask, register_simulator: RegisterSimulator
) -> None:
    register_simulator.fail(BRP, "garbage")
    gathered = ask("persoon.gezin_op_adres", "persoon.naam")
    assert gathered.data == {}
    assert gathered.missing[0].needs == ("persoon.gezin_op_adres", "persoon.naam")


def test_a_register_that_refuses_us_is_told_apart(ask: Ask, register_simulator: RegisterSimulator) -> None:
    register_simulator.fail("/rdw", "status", status=403)
    gathered = ask("rijbewijs.status", "persoon.naam")
    assert gathered.missing[0].why is Why.REFUSED
    assert gathered.unavailable == (Register.RDW,)
    assert list(gathered.data) == ["persoon.naam"]


def test_registers_that_are_not_connected_are_down(register_simulator: RegisterSimulator) -> None:
    registers = reach(register_simulator)
    registers.bag.connection.settings = registers.bag.connection.settings.__class__("")
    gathered = gather(["adres.bouwjaar", "persoon.naam"], NOOR, PURPOSE, LEIDEN, registers_=registers)
    registers.close()
    assert gathered.unavailable == (Register.BAG,)
    assert list(gathered.data) == ["persoon.naam"]


def test_an_unknown_person_is_not_found_and_not_missing(ask: Ask) -> None:
    gathered = ask("persoon.naam", "adres.bouwjaar", "rijbewijs.aanwezig", bsn=NOBODY)
    assert gathered.not_found == (Register.BRP,)
    assert gathered.complete
    assert gathered.values() == {"rijbewijs.aanwezig": False}


def test_who_lives_abroad_has_no_home_in_the_bag(ask: Ask, register_simulator: RegisterSimulator) -> None:
    gathered = ask("persoon.verblijf_buitenland", "adres.bouwjaar", bsn="999999151")
    assert gathered.not_found == (Register.BAG,)
    assert gathered.values() == {"persoon.verblijf_buitenland": True}
    assert [path for path, _ in asked(register_simulator)] == [BRP]


def test_without_a_plate_the_vehicle_waits_for_the_person(ask: Ask, register_simulator: RegisterSimulator) -> None:
    gathered = ask("voertuig.soort", "persoon.naam")
    (missing,) = gathered.missing
    assert (missing.why, missing.needs) == (Why.NO_INPUT, ("voertuig.soort",))
    assert gathered.unavailable == ()
    assert [path for path, _ in asked(register_simulator)] == [BRP]


@pytest.mark.parametrize(
    "plate", ["12-abc", "12-ABC-34", "12_ABC_3", "' or 1=1", "🚗🚗🚗🚗🚗🚗", "ＡＢＣ１２３", "ß12-abc"]
)
def test_what_is_no_plate_is_told_before_anybody_is_asked(
    ask: Ask, register_simulator: RegisterSimulator, plate: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        ask("voertuig.soort", "persoon.naam", kenteken=plate)
    assert wrong.value.invalid[0].name == "kenteken"
    assert asked(register_simulator) == []


@pytest.mark.parametrize("bsn", ["", "12345678", "123456789", "99999836５", "999998365 ", "000000000", "٣٣٣٣٣٣٣٣٣"])
def test_what_is_no_bsn_is_never_sent(ask: Ask, register_simulator: RegisterSimulator, bsn: str) -> None:
    with pytest.raises(Invalid) as wrong:
        ask("persoon.naam", bsn=bsn)
    assert wrong.value.invalid[0].name == "bsn"
    assert asked(register_simulator) == []


def test_every_unknown_name_is_named(ask: Ask) -> None:
    with pytest.raises(Invalid) as wrong:
        ask("persoon.naam", "persoon.inkomen", "auto.kleur")
    assert [param.name for param in wrong.value.invalid] == ["persoon.inkomen", "auto.kleur"]


def test_nobody_is_looked_up_without_a_purpose_or_a_municipality(connected: Registers) -> None:
    for purpose, gemeente in ((" ", LEIDEN), (PURPOSE, "0546"), (PURPOSE, "GM0546\n"), (PURPOSE, "")):
        with pytest.raises(ValueError, match=r"purpose|municipality"):
            gather(["persoon.naam"], NOOR, purpose, gemeente, registers_=connected)


# -- memory ------------------------------------------------------------------------------------------------------------


def test_the_same_look_is_remembered_and_keeps_its_moment(
    ask: Ask, clock: Callable[..., object], register_simulator: RegisterSimulator
) -> None:
    first = datetime(2026, 11, 24, 9, tzinfo=UTC)
    clock(first)
    ask("persoon.naam")
    clock(first + timedelta(seconds=40))
    again = ask("persoon.naam")
    assert again.data["persoon.naam"].fetched_at == first
    (look,) = again.looked_at
    assert (look.from_cache, look.at) == (True, first + timedelta(seconds=40))
    assert len(asked(register_simulator)) == 1


def test_what_was_asked_for_one_purpose_is_never_used_for_another(
    connected: Registers, register_simulator: RegisterSimulator
) -> None:
    for purpose, gemeente in ((PURPOSE, LEIDEN), ("parkeren", LEIDEN), (PURPOSE, "GM0547"), (PURPOSE, LEIDEN)):
        gather(["persoon.naam"], NOOR, purpose, gemeente, registers_=connected)
    assert len(asked(register_simulator)) == 3


def test_a_wider_answer_is_not_used_for_a_narrower_question(ask: Ask, register_simulator: RegisterSimulator) -> None:
    ask("persoon.naam", "persoon.leeftijd")
    ask("persoon.naam")
    assert len(asked(register_simulator)) == 2


def test_a_failure_is_not_remembered(ask: Ask, register_simulator: RegisterSimulator) -> None:
    register_simulator.fail("/rdw", "status", status=403)
    assert not ask("rijbewijs.status").complete
    register_simulator.heal()
    assert ask("rijbewijs.status").complete


# -- the log -----------------------------------------------------------------------------------------------------------


def test_the_answer_tells_whose_data_were_seen(ask: Ask) -> None:
    looks = ask("persoon.kinderen", "persoon.partner", "persoon.medebewoners", "adres.bouwjaar", "rijbewijs.status")
    seen = {(look.register, frozenset(look.subjects)) for look in looks.looked_at}
    household = frozenset({NOOR, SAMIR, YARA, IDRIS})
    assert seen == {
        (Register.BRP, household),
        (Register.BAG, frozenset({NOOR})),
        (Register.RDW, frozenset({NOOR})),
    }
    fields = {field for look in looks.looked_at for field in look.fields}
    assert {"kinderen.burgerservicenummer", "leeftijd", "adresuitgebreid", "status"} <= fields
    assert "geslacht" not in fields


def test_somebody_unknown_was_not_looked_at(ask: Ask) -> None:
    assert ask("persoon.naam", bsn=NOBODY).looked_at == ()


def test_no_log_line_holds_anything_about_anybody(
    ask: Ask, register_simulator: RegisterSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask(*needs(), kenteken="QQ101Q")
    register_simulator.fail("/", "garbage")
    ask("persoon.adres", "rijbewijs.nummer", bsn=SAMIR)
    said = " ".join(str(vars(record)) for record in caplog.records)
    assert "register asked" in said
    for secret in (NOOR, SAMIR, "Duinkerk", "2312QA", "Touwslagerspad", "QQ101Q", "054601910", register_simulator.key):
        assert secret not in said


# -- speed -------------------------------------------------------------------------------------------------------------


def test_gathering_costs_little_beside_the_registers(ask: Ask, connected: Registers) -> None:
    names = ("persoon.naam", "persoon.adres", "persoon.kinderen", "rijbewijs.status", "rijbewijs.categorieen")
    ask(*names)
    took = []
    for _ in range(200):
        started = time.perf_counter()
        ask(*names)
        took.append(time.perf_counter() - started)
    assert sorted(took)[100] < 0.002, "remembered: the work of gathering itself"
    took.clear()
    for _ in range(60):
        connected.forget()
        started = time.perf_counter()
        ask(*names)
        took.append(time.perf_counter() - started)
    assert sorted(took)[30] < 0.05, "two registers over HTTP"


# -- the official test persons -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rvig(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RegisterSimulator, Registers]]:
    data = tmp_path_factory.mktemp("rvig") / "registers.sqlite3"
    load_brp(shared / "data/registries/brp-testpersonen-gba-v-20220502.csv", data)
    with running_register_simulator(data, "--empty") as simulator:
        registers = reach(simulator, cache_seconds=0)
        yield simulator, registers
        registers.close()


def numbers_in(shared: Path) -> list[str]:
    from vliegwiel.simulators.registers.lo3 import load_lo3_csv

    lists = load_lo3_csv(shared / "data/registries/brp-testpersonen-gba-v-20220502.csv").lijsten
    return sorted({one.bsn for one in lists if one.bsn})


def test_every_test_person_of_the_national_office_is_read(
    rvig: tuple[RegisterSimulator, Registers], shared: Path
) -> None:
    numbers = numbers_in(shared)
    names = [name for name, need in needs().items() if not need.of_vehicle]
    odd: list[tuple[str, tuple[Why, ...]]] = []
    dead = abroad = secret = doubt = partial = 0
    for bsn in numbers:
        gathered = gather(names, bsn, PURPOSE, LEIDEN, registers_=rvig[1])
        if gathered.missing or Register.BRP in gathered.not_found:
            odd.append((bsn, tuple(missing.why for missing in gathered.missing)))
            continue
        said = gathered.values()
        dead += said["persoon.overleden"] is True
        abroad += said["persoon.verblijf_buitenland"] is True
        secret += said["persoon.geheimhouding"] is True
        doubt += bool(gathered.doubtful())
        partial += any(datum.partial for datum in gathered.data.values())
    assert len(numbers) > 500
    assert min(dead, abroad, secret, doubt, partial) > 5, (dead, abroad, secret, doubt, partial)
    assert len(odd) < 20, odd
    assert ("999992788", (Why.NOT_UNIQUE,)) in odd
    assert {why for _, whys in odd for why in whys} <= {Why.NOT_UNIQUE}


def test_more_people_at_an_address_than_the_register_gives_is_unknown_and_not_none(
    rvig: tuple[RegisterSimulator, Registers], shared: Path
) -> None:
    from vliegwiel.simulators.registers.lo3 import load_lo3_csv

    lists = load_lo3_csv(shared / "data/registries/brp-testpersonen-gba-v-20220502.csv").lijsten
    crowded = next(
        one.bsn
        for one in lists
        if one.bsn
        and one.opschorting is None
        and one.verblijfplaats
        and one.verblijfplaats.get("11.80") == "1810010010001001"
    )
    names = ("persoon.medebewoners", "persoon.aantal_op_adres", "persoon.naam")
    gathered = gather(names, crowded, PURPOSE, LEIDEN, registers_=rvig[1])
    assert gathered.complete
    assert [datum.known for datum in gathered.data.values()] == [False, False, True]
