"""A municipality at work: products offered, people who ask and clerks who decide, registers that say what a test wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from vliegwiel.base.clock import now
from vliegwiel.registers.facts import Datum, Gathered, LookedAt, Missing, Register, Value, Why
from vliegwiel.registers.needs import needs
from vliegwiel.trust.identity import Citizen, Level, Role, Staff

LEIDEN, LEIDERDORP, UTRECHT, SCHIEDAM = "GM0546", "GM0547", "GM0344", "GM0606"
BSN, OTHER_BSN = "999990019", "999990020"
OFFERED = (
    "rijbewijs-verlengen", "verhuizing-doorgeven", "bewonersparkeervergunning", "individuele-inkomenstoeslag", "container-vol",
)  # fmt: skip
"""What the municipalities offer in these tests; every product is run in `tests/catalogue/test_every_product.py`."""

ADDRESS: Value = {
    "straat": "Oude Rijn", "huisnummer": 12, "huisletter": "a", "toevoeging": None, "postcode": "2312HG", "woonplaats": "Leiden",
    "regel": None, "functie": "woonadres", "sinds": date(2019, 5, 1), "adresseerbaar_object": "0546010000000001",
    "nummeraanduiding": "0546200000000001", "niet_meer_daar": False,
}  # fmt: skip


def person(municipality: str = LEIDEN, **other: Value) -> dict[str, Value]:
    """What the registers know of somebody with a licence and a car, in good order."""
    known: dict[str, Value] = {
        "persoon.naam": "Mila Zonneveer",
        "persoon.aanschrijfnaam": "M. Zonneveer",
        "persoon.aanhef": "Geachte mevrouw Zonneveer",
        "persoon.geboortedatum": date(1984, 3, 12),
        "persoon.adres": ADDRESS,
        "persoon.adres.functie": "woonadres",
        "persoon.gemeente": municipality,
        "persoon.ingezetene": True,
        "persoon.overleden": False,
        "persoon.opschorting": "geen",
        "persoon.geheimhouding": False,
        "persoon.in_nederland_sinds": None,
        "persoon.gezin_op_adres": (),
        "adres.ontstaan": date(1962, 1, 1),
        "rijbewijs.aanwezig": True,
        "rijbewijs.nummer": "5123456789",
        "rijbewijs.status": "geldig",
        "rijbewijs.categorieen": ({"categorie": "AM", "beperkt": False}, {"categorie": "B", "beperkt": False}),
        "rijbewijs.geldig_tot": date(2027, 1, 18),
        "rijbewijs.foto_goedgekeurd": date(2026, 11, 20),
        "rijbewijs.verklaring_geschiktheid": None,
        "rijbewijs.verklaring_geschiktheid_tot": None,
        "rijbewijs.rijontzegging": False,
        "voertuig.op_naam": True,
        "voertuig.soort": "personenauto",
        "voertuig.lengte": 4,
        "voertuig.hoogte": 1,
    }
    known.update({name.replace("__", "."): value for name, value in other.items()})
    return known


@dataclass
class RegistersSay:
    """What `gather` answers in this test: data by name, and which registers are silent."""

    data: dict[str, Value] = field(default_factory=person)
    silent: set[Register] = field(default_factory=set)
    doubt: set[str] = field(default_factory=set)
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(
        self, wanted: Any, bsn: str, purpose: str, gemeente: str, *, kenteken: str | None = None, **_: object
    ) -> Gathered:
        self.asked.append(tuple(wanted))
        data: dict[str, Datum] = {}
        missing: list[Missing] = []
        looked: dict[Register, list[str]] = {}
        for name in wanted:
            need = needs()[name]
            if need.register in self.silent:
                continue
            if need.of_vehicle and kenteken is None:
                continue
            if name in self.data:
                data[name] = Datum(
                    name=name, label=need.label, value=self.data[name], register=need.register, path=name, fetched_at=now(),
                    purpose=purpose, in_onderzoek=name in self.doubt,
                )  # fmt: skip
                looked.setdefault(need.register, []).append(name)
        for register in self.silent:
            waiting = tuple(name for name in wanted if needs()[name].register is register)
            if waiting:
                missing.append(Missing(register, Why.DOWN, waiting))
        seen = tuple(LookedAt(register, (bsn,), tuple(names), now(), False) for register, names in looked.items())
        return Gathered(data, tuple(missing), (), seen)


@pytest.fixture
def registers(monkeypatch: pytest.MonkeyPatch) -> RegistersSay:
    """The registers, saying what the test wants."""
    from vliegwiel.casework import gathering

    say = RegistersSay()
    monkeypatch.setattr(gathering, "gather", say)
    return say


@pytest.fixture
def offices(db: None, registers: RegistersSay, clock: Callable[..., object]) -> RegistersSay:
    """The seven municipalities offer what these tests ask for (`OFFERED`); it is Tuesday 24 November 2026, noon."""
    from vliegwiel.casework import clerks, looking
    from vliegwiel.catalogue.actions import adopt_demo

    clock(date(2026, 11, 24))
    adopt_demo(OFFERED)
    clerks._noted.clear()
    looking._seen.clear()
    return registers


@pytest.fixture
def mila() -> Citizen:
    """Somebody in Leiden, logged in well."""
    return Citizen(LEIDEN, BSN, Level.SUBSTANTIEEL, "Mila Zonneveer")


@pytest.fixture
def other() -> Citizen:
    """Somebody else in Leiden."""
    return Citizen(LEIDEN, OTHER_BSN, Level.SUBSTANTIEEL, "Bo Ander")


def clerk(
    subject: str = "k1", municipality: str = LEIDEN, *roles: Role, teams: tuple[str, ...] = ("Burgerzaken",)
) -> Staff:
    """A member of staff."""
    return Staff(
        municipality, subject, f"K. {subject.title()}", frozenset(roles or (Role.MEDEWERKER,)), frozenset(teams)
    )


@pytest.fixture
def tess() -> Staff:
    """A clerk of Leiden."""
    return clerk("tess")


@pytest.fixture
def lead() -> Staff:
    """A team leader of Leiden."""
    return clerk("lead", LEIDEN, Role.TEAMLEIDER)


LICENCE: Mapping[str, tuple[str, ...]] = {"email": ("mila@voorbeeld.nl",), "telefoon": ("",), "spoed": ("nee",)}
PARKING: Mapping[str, tuple[str, ...]] = {
    "adres_in_gebied": ("ja",), "zelfstandige_woning": ("ja",), "kenteken": ("16-RSL-9",),
    "vergunningen_op_adres": ("0",), "email": ("mila@voorbeeld.nl",),
}  # fmt: skip
ALLOWANCE: Mapping[str, tuple[str, ...]] = {
    "huishouden": ("alleenstaande",), "inkomen": ("1.300",), "hoe_lang": ("vijf",), "vermogen": ("2.115",), "eerder": ("nee",),
    "inspanning": ("Ik zocht werk en volg een cursus.",),
    "rekening": ("NL91 ABNA 0417 1643 00",), "email": ("mila@voorbeeld.nl",),
}  # fmt: skip
