"""What a register said: a value that keeps where it came from, when, for which purpose, and how sure the register is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = bool | int | Decimal | str | date | tuple["Value", ...] | Mapping[str, "Value"] | None
"""What laws can count with. `None` is "not known" (or "there is none"); laws treat it as FEEL's null."""


class Register(StrEnum):
    """The registers that are asked. The value is the label on the source badge."""

    BRP = "BRP"
    BAG = "BAG"
    RDW = "RDW"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as a register knows it. `text` is the register's own long form ("maart 1978", "onbekend")."""

    year: int | None
    month: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Datum:
    """One fact about one person, home or vehicle.

    name: as in `gegevens.yaml`. label: for people. value: typed, `None` when the register does not know or there is none.
    known: whether the register holds a value; false for "onbekend". partial: what is known of a date that is not complete.
    source: badge text. path: the field of the register's API. fetched_at: when the register said it (a cached answer
    keeps the moment it was given). in_onderzoek: the register itself doubts this value (BRP art. 2.26), so nothing may
    be decided on it without a look by a person.
    """

    name: str
    label: str
    value: Value = field(repr=False)
    register: Register
    path: str
    fetched_at: datetime
    purpose: str
    known: bool = True
    in_onderzoek: bool = False
    partial: PartialDate | None = field(default=None, repr=False)

    @property
    def source(self) -> str:
        """The text of the source badge."""
        return self.register.value


class Why(StrEnum):
    """Why a register gave nothing."""

    DOWN = "onbereikbaar"
    REFUSED = "geweigerd"
    NO_INPUT = "invoer_ontbreekt"
    NOT_UNIQUE = "niet_eenduidig"


@dataclass(frozen=True, slots=True)
class Missing:
    """A register that gave nothing now. `needs` are the data that wait for it; `retry_after` in seconds."""

    register: Register
    why: Why
    needs: tuple[str, ...]
    retry_after: int = 30


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One look at one person's data, for the processing log. `fields` in the words of the register's API.

    subjects: the bsns whose data were seen: the person asked about, and those the answer named (partner, children,
    people at the address).
    """

    register: Register
    subjects: tuple[str, ...] = field(repr=False)
    fields: tuple[str, ...]
    at: datetime
    from_cache: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """The answer to `gather`. Nothing raises: what did not come is in `missing`, who is unknown in `not_found`.

    data: by name, only what a register answered. not_found: registers that answered "no such person, home or vehicle".
    """

    data: Mapping[str, Datum]
    missing: tuple[Missing, ...] = ()
    not_found: tuple[Register, ...] = ()
    looked_at: tuple[LookedAt, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every register answered."""
        return not self.missing

    @property
    def unavailable(self) -> tuple[Register, ...]:
        """The registers that are down or refuse; what needs them has to wait, and nothing is lost."""
        return tuple(dict.fromkeys(m.register for m in self.missing if m.why in {Why.DOWN, Why.REFUSED}))

    def values(self) -> dict[str, Value]:
        """Name to value, as a law wants its facts. A datum that is not here is not known."""
        return {name: datum.value for name, datum in self.data.items()}

    def doubtful(self) -> tuple[Datum, ...]:
        """The data that the register itself has under investigation."""
        return tuple(datum for datum in self.data.values() if datum.in_onderzoek)
