"""Looking up an address that somebody types: for a move, or to reach somebody."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .bag import BagAdres, Gemeente
from .configured import Registers, registers
from .residence import address_line


@dataclass(frozen=True, slots=True)
class Address:
    """An address from the BAG. gemeente: GM code, empty when the BAG does not say. line: as people read it.

    is_home: whether somebody may live there (woonfunctie, standplaats or ligplaats); None when the BAG does not say.
    """

    line: str
    street: str
    number: int
    letter: str
    addition: str
    postcode: str
    place: str
    gemeente: str
    gemeente_name: str
    adresseerbaar_object: str
    nummeraanduiding: str
    is_home: bool | None


def find_addresses(
    postcode: str,
    huisnummer: int,
    huisletter: str = "",
    toevoeging: str = "",
    *,
    purpose: str,
    gemeente: str,
    registers_: Registers | None = None,
) -> tuple[Address, ...]:
    """The addresses at a postal code and number, each with its municipality; with letter or addition only that one.

    purpose, gemeente: why and for whom is asked. Raises `Invalid` for what can be no address, and
    `RegisterUnavailable` or `RegisterRefused`.
    """
    if not re.fullmatch(r"GM[0-9]{4}", gemeente):
        raise ValueError(f"not a municipality code: {gemeente!r}")
    bag = (registers_ or registers()).bag
    found = bag.find(postcode, huisnummer, huisletter=huisletter, toevoeging=toevoeging, purpose=purpose)
    places = {one.woonplaats_identificatie for one in found}
    towns = {place: bag.gemeente_of(place, purpose) for place in sorted(places)}
    return tuple(_address(one, towns[one.woonplaats_identificatie]) for one in found)


def _address(one: BagAdres, town: Gemeente | None) -> Address:
    home: bool | None = None
    if one.type_adresseerbaar_object in {"Standplaats", "Ligplaats"}:
        home = True
    elif one.gebruiksdoelen:
        home = "woonfunctie" in one.gebruiksdoelen
    return Address(
        line=address_line(
            one.openbare_ruimte_naam,
            one.huisnummer,
            one.huisletter,
            one.huisnummertoevoeging,
            one.postcode,
            one.woonplaats_naam,
        ),
        street=one.openbare_ruimte_naam,
        number=one.huisnummer,
        letter=one.huisletter,
        addition=one.huisnummertoevoeging,
        postcode=one.postcode,
        place=one.woonplaats_naam,
        gemeente=town.code if town else "",
        gemeente_name=town.name if town else "",
        adresseerbaar_object=one.adresseerbaar_object_identificatie,
        nummeraanduiding=one.nummeraanduiding_identificatie,
        is_home=home,
    )
