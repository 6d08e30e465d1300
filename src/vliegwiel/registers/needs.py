"""The declared list of what can be looked up (`gegevens.yaml`), typed and checked when it is first read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal, TypeAlias

import msgspec

from vliegwiel.base.errors import Invalid, InvalidParam
from vliegwiel.base.typed import prepare

from .facts import Register

YesNo: TypeAlias = Literal["ja", "nee"]


class Basis(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"law": "wet", "article": "artikel", "verified": "geverifieerd"},
):
    """Why the register is used instead of asking. Where `verified` is "nee" nobody saw the text, and pages say so."""

    law: str
    article: str
    verified: YesNo


class RegisterText(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={
        "key": "sleutel",
        "name": "naam",
        "popular": "volksmond",
        "not_asked": "niet_gevraagd",
        "basis": "grondslag",
    },
):
    """How a register is called on pages, and why a question was not asked."""

    key: Register
    name: str
    popular: str
    not_asked: str
    basis: Basis


class Part(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"name": "naam", "kind": "soort", "options": "opties"},
):
    """One field of a group or of the items of a list."""

    name: str
    kind: str
    options: tuple[str, ...] = ()


class Need(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={
        "name": "naam",
        "kind": "soort",
        "options": "opties",
        "parts": "velden",
        "asks": "vraagt",
        "asks_residents": "vraagt_bewoners",
        "vehicle": "voertuig",
        "purpose_note": "doelbinding",
    },
):
    """One datum that can be looked up. `asks`: fields of the register's API; `kind`, `options`, `parts`: its type."""

    name: str
    label: str
    kind: str
    register: Register
    asks: tuple[str, ...]
    purpose_note: str
    asks_residents: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    vehicle: YesNo = "nee"

    @property
    def of_vehicle(self) -> bool:
        """Whether it is about the vehicle with the plate that the person gave."""
        return self.vehicle == "ja"


class _Listing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"needs": "gegevens"}):
    registers: tuple[RegisterText, ...]
    needs: tuple[Need, ...]


@cache
def _listing() -> _Listing:
    return msgspec.yaml.decode(resources.files(__package__).joinpath("gegevens.yaml").read_bytes(), type=_Listing)


@cache
def needs() -> Mapping[str, Need]:
    """All that can be looked up, by name, in the order of the list."""
    return MappingProxyType({need.name: need for need in _listing().needs})


@cache
def register_texts() -> Mapping[Register, RegisterText]:
    """How each register is called."""
    return MappingProxyType({text.key: text for text in _listing().registers})


def find_needs(names: Iterable[str]) -> tuple[Need, ...]:
    """The needs with these names, each once, in the order given. Raises `Invalid` naming every name that is not listed."""
    wanted = tuple(dict.fromkeys(names))
    unknown = [name for name in wanted if name not in needs()]
    if unknown:
        raise Invalid(
            "Er wordt een gegeven gevraagd dat niet in de lijst staat.",
            invalid=[InvalidParam(name, "unknown_datum", f"Kies uit: {', '.join(needs())}.") for name in unknown],
        )
    return tuple(needs()[name] for name in wanted)


prepare(_Listing)
