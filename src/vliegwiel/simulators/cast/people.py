"""The cast as data: `cast.yaml`, read strictly. Field names are Dutch, because the file is written by people who play it."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated, Literal, TypeAlias

import msgspec

from vliegwiel.base.bsn import is_bsn

Bsn: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^99999[0-9]{4}$")]
GemeenteCode: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}$")]
When: TypeAlias = str
Flow: TypeAlias = Literal["rijbewijs", "verhuizing", "parkeren", "toeslag"]
Case: TypeAlias = Literal["goed", "geweigerd", "lastig"]

GEMEENTEN = {
    "GM0546": "Leiden",
    "GM0547": "Leiderdorp",
    "GM0606": "Schiedam",
    "GM0772": "Eindhoven",
    "GM0344": "Utrecht",
    "GM0599": "Rotterdam",
    "GM0796": "'s-Hertogenbosch",
}
"""The municipalities of the demonstration, by CBS code, in the order in which pages list them."""


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Unknown keys are errors: a typing mistake in the cast must not become a silent gap in a demonstration."""


class Adres(Strict, frozen=True):
    """A home (or an office) with its BAG facts."""

    gemeente: GemeenteCode
    woonplaats: str
    straat: str
    huisnummer: int
    postcode: Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{3}[A-Z]{2}$")]
    bouwjaar: int
    oppervlakte: int
    ontstaan: When
    huisletter: str | None = None
    toevoeging: str | None = None
    doel: str = "woonfunctie"


class Partner(Strict, frozen=True):
    """A marriage (H) or registered partnership (P); `ontbonden` where it ended."""

    bsn: Bsn
    sinds: When
    soort: Literal["H", "P"]
    ontbonden: When | None = None


class Plaats(Strict, frozen=True):
    """Where somebody was born: in a Dutch municipality, or in a country (BRP table 34) at a place by name."""

    gemeente: GemeenteCode | None = None
    land: GemeenteCode = "6030"
    naam: str | None = None


class DeelsBekend(Strict, frozen=True):
    """A date of birth that is not fully known."""

    jaar: int
    maand: int = 0


class Verblijfstitel(Strict, frozen=True):
    """A residence title (BRP table 56)."""

    code: str
    sinds: When
    tot: When | None = None


class Immigratie(Strict, frozen=True):
    """Came from a country."""

    land: GemeenteCode
    datum: When


class Emigratie(Strict, frozen=True):
    """Left for a country; land 0000 is "nobody knows where"."""

    land: GemeenteCode
    sinds: When
    regels: tuple[str, ...] = ()


class Overleden(Strict, frozen=True):
    """Died."""

    datum: When
    gemeente: GemeenteCode


class Onderzoek(Strict, frozen=True):
    """Under investigation: the code of BRP element 83.10 per category, and since when."""

    sinds: When
    persoon: str | None = None
    verblijfplaats: str | None = None


class Verklaring(Strict, frozen=True):
    """A statement of fitness to drive."""

    sinds: When
    categorieen: tuple[str, ...]
    tot: When | None = None


class Rijontzegging(Strict, frozen=True):
    """A driving ban."""

    van: When
    tot: When


class Rijbewijs(Strict, frozen=True):
    """A driving licence: categories with the day each ends."""

    categorieen: dict[str, When]
    status: Literal["geldig", "verlopen", "verloren", "gestolen", "ingevorderd", "ongeldig"] = "geldig"
    foto: When | None = None
    verklaring: Verklaring | None = None
    rijontzegging: Rijontzegging | None = None


class Voertuig(Strict, frozen=True):
    """A vehicle. Lengths in cm. `houder` is rechtspersoon for a lease or company car."""

    kenteken: Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9]{6}$")]
    soort: str
    merk: str
    brandstoffen: tuple[str, ...]
    lengte: int
    hoogte: int
    toelating: When
    inrichting: str = "niet geregistreerd"
    emissieklasse: int | None = None
    houder: Literal["natuurlijk_persoon", "rechtspersoon"] = "natuurlijk_persoon"


class Persoon(Strict, frozen=True):
    """One fictional person, and what makes the story."""

    bsn: Bsn
    voornamen: str
    geslachtsnaam: str
    geslacht: Literal["M", "V", "O"]
    geboren: When | DeelsBekend
    adres: str
    verhaal: str
    voorvoegsel: str | None = None
    naamgebruik: Literal["E", "N", "P", "V"] = "E"
    geboorteplaats: Plaats | None = None
    nationaliteiten: tuple[GemeenteCode, ...] = ("0001",)
    verblijfstitel: Verblijfstitel | None = None
    immigratie: Immigratie | None = None
    emigratie: Emigratie | None = None
    sinds: When | None = None
    functie: Literal["W", "B"] = "W"
    partner: Partner | None = None
    ouders: tuple[Bsn, ...] = ()
    gezag: Literal["1", "2", "12", "1D", "2D", "D"] | None = None
    curatele: bool = False
    geheim: bool = False
    onderzoek: Onderzoek | None = None
    overleden: Overleden | None = None
    rijbewijs: Rijbewijs | None = None
    voertuigen: tuple[Voertuig, ...] = ()
    speelt: tuple[str, ...] = ()
    inlog: bool | None = None

    @property
    def naam(self) -> str:
        """The full name."""
        return " ".join(part for part in (self.voornamen, self.voorvoegsel, self.geslachtsnaam) if part)

    @property
    def can_log_in(self) -> bool:
        """Whether the login page offers this person: those with a story to play, unless said otherwise."""
        return self.inlog if self.inlog is not None else bool(self.speelt)


class Medewerker(Strict, frozen=True):
    """A member of staff."""

    sub: str
    naam: str
    gemeente: Annotated[str, msgspec.Meta(pattern=r"^GM[0-9]{4}$")]
    rollen: tuple[
        Literal["medewerker", "teamleider", "functioneel_beheerder", "privacy_officer", "rondeplanner", "chauffeur"],
        ...,
    ]
    teams: tuple[str, ...] = ()


class Cast(Strict, frozen=True):
    """All of it."""

    adressen: dict[str, Adres]
    personen: tuple[Persoon, ...]
    medewerkers: tuple[Medewerker, ...]

    def person(self, bsn: str) -> Persoon | None:
        """The person with this number."""
        return next((person for person in self.personen if person.bsn == bsn), None)

    def gemeente_of(self, person: Persoon) -> str:
        """Municipality code (GM….) where the person is or was last registered."""
        return f"GM{self.adressen[person.adres].gemeente}"


@cache
def read_cast() -> Cast:
    """The cast, checked: numbers pass the 11-test and are unique, addresses and relatives exist.

    Raises `msgspec.ValidationError` or `ValueError` naming what is wrong.
    """
    text = resources.files(__package__).joinpath("cast.yaml").read_text("utf-8")
    return check_cast(msgspec.convert(_plain(text), type=Cast))


def _plain(text: str) -> object:
    # YAML reads 2010-06-12 as a date; in the cast every date is a told text, so it is written back.
    return msgspec.to_builtins(msgspec.yaml.decode(text), str_keys=True)


def check_cast(cast: Cast) -> Cast:
    """The same cast, or `ValueError` with the first mistake."""
    numbers = [person.bsn for person in cast.personen]
    if len(set(numbers)) != len(numbers):
        raise ValueError("a bsn is used twice in the cast")
    for person in cast.personen:
        if not is_bsn(person.bsn):
            raise ValueError(f"{person.bsn} does not pass the 11-test")
        if person.adres not in cast.adressen:
            raise ValueError(f"address {person.adres!r} of {person.bsn} is not in the cast")
        relatives = [*person.ouders, *([person.partner.bsn] if person.partner else [])]
        if missing := [bsn for bsn in relatives if bsn not in numbers]:
            raise ValueError(f"relatives {missing} of {person.bsn} are not in the cast")
    return cast
