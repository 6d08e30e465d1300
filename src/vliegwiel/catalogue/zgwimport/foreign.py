"""A case type as another system holds it: what the ZGW Catalogi API tells, brought down to what a process is made of.

Plain values without addresses: where a case type was stored says nothing about how it works. Source: Catalogi API 1.3.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForeignStatus:
    """A statustype. `number` is its place (volgnummer); `term` an ISO 8601 duration or empty."""

    name: str
    number: int
    generic: str = ""
    text: str = ""
    final: bool = False
    term: str = ""


@dataclass(frozen=True, slots=True)
class ForeignResult:
    """A resultaattype. `selectielijst` is the id of the result in the selectielijst (last part of its address)."""

    name: str
    generic: str = ""
    selectielijst: str = ""


@dataclass(frozen=True, slots=True)
class ForeignRole:
    """A roltype. `generic` is one of the eight words of ZGW, or empty."""

    name: str
    generic: str = ""


@dataclass(frozen=True, slots=True)
class ForeignProperty:
    """An eigenschap: something that is recorded of a case. `format`: tekst, getal, datum or datum_tijd."""

    name: str
    definition: str = ""
    format: str = "tekst"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignDocument:
    """An informatieobjecttype that belongs to the case type, and which way it goes (inkomend, uitgaand, intern)."""

    name: str
    direction: str = ""


@dataclass(frozen=True, slots=True)
class ForeignDecision:
    """A besluittype. `reaction` is the term to object, ISO 8601 or empty."""

    name: str
    category: str = ""
    reaction: str = ""


@dataclass(frozen=True, slots=True)
class ForeignCaseType:
    """A zaaktype with its parts, statuses in their order.

    `term` and `service` are ISO 8601 durations; `process_type` the number in the selectielijst 2020, None when it names none
    that we know; `products` the addresses it gives of products (UPL or other).
    """

    name: str
    identification: str = ""
    generic: str = ""
    purpose: str = ""
    cause: str = ""
    subject: str = ""
    initiator_does: str = ""
    handler_does: str = ""
    term: str = ""
    service: str = ""
    extension: str = ""
    suspends: bool = False
    process_type: int | None = None
    products: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    begins: str = ""
    catalogue: str = ""
    statuses: tuple[ForeignStatus, ...] = ()
    results: tuple[ForeignResult, ...] = ()
    roles: tuple[ForeignRole, ...] = ()
    properties: tuple[ForeignProperty, ...] = ()
    documents: tuple[ForeignDocument, ...] = ()
    decisions: tuple[ForeignDecision, ...] = ()

    @property
    def label(self) -> str:
        """How people call it, with its number where it has one."""
        return f"{self.name} ({self.identification})" if self.identification else self.name


_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?")


def days_of(duration: str) -> int | None:
    """An ISO 8601 duration in days, a month as 30 and a year as 365; None for what is no duration or takes no day."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        return None
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    total = years * 365 + months * 30 + weeks * 7 + days
    return total or None


def span_of(duration: str) -> str:
    """An ISO 8601 duration as definitions write it (`8 weken`), or nothing when it is none.

    Whole weeks given in days become weeks: registers write P56D where the law says eight weeks.
    """
    found = _DURATION.fullmatch(duration)
    if found is None:
        return ""
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    if (years, months) == (0, 0) and (weeks or days):
        total = weeks * 7 + days
        if total % 7 == 0 and total >= 14:
            return f"{total // 7} weken"
        return f"{total} {'dag' if total == 1 else 'dagen'}"
    if (weeks, days) == (0, 0) and (years or months):
        if months == 0:
            return f"{years} jaar"
        total = years * 12 + months
        return f"{total} {'maand' if total == 1 else 'maanden'}"
    counted = days_of(duration)
    return f"{counted} dagen" if counted else ""
