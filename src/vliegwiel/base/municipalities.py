"""The municipalities of the Netherlands as facts: all that existed since 1 January 2015, and who carries on an ended one.

Pure: no Django, no network. The facts stand in `data/municipalities.yaml` with their sources, are read on first use and
kept. `base.models.Municipality` is the table that this fills.

A day belongs to a municipality when begin <= day < end: `end` is the first day on which it no longer exists.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcedecode import load
from vliegwiel.base.sourcemarks import Key, NotEmpty, Pattern

DATA = Path(__file__).parent / "data" / "municipalities.yaml"

_Code = Annotated[str, Pattern("GM[0-9]{4}", "een CBS-code als GM0546")]


class Province(StrEnum):
    """The twelve provinces, by the name CBS writes."""

    GRONINGEN = "Groningen"
    FRYSLAN = "Fryslân"
    DRENTHE = "Drenthe"
    OVERIJSSEL = "Overijssel"
    FLEVOLAND = "Flevoland"
    GELDERLAND = "Gelderland"
    UTRECHT = "Utrecht"
    NOORD_HOLLAND = "Noord-Holland"
    ZUID_HOLLAND = "Zuid-Holland"
    ZEELAND = "Zeeland"
    NOORD_BRABANT = "Noord-Brabant"
    LIMBURG = "Limburg"


class ReorganisationKind(StrEnum):
    """What happened: a new name (with a new code), a merger, or a division over several municipalities."""

    NAAMSWIJZIGING = "naamswijziging"
    SAMENVOEGING = "samenvoeging"
    SPLITSING = "splitsing"


@dataclass(frozen=True, slots=True)
class MunicipalityFact:
    """One municipality.

    `code`: CBS code (`GM0546`). `name`: as CBS writes it (`Bergen (NH.)`). `begin`: first day; for old municipalities an
    administrative date of the CBS list. `end`: first day it no longer exists, None while it does. `successors`: codes
    of those that took over on `end`, the largest part first; empty while it exists. `slug`: lower-case letters, digits
    and hyphens, fit as a host name label, and never given to two municipalities.
    """

    code: str
    name: str
    province: Province
    begin: date | None
    end: date | None
    successors: tuple[str, ...]
    slug: str

    def exists_on(self, day: date) -> bool:
        """Whether it is a municipality on `day`."""
        return (self.begin is None or self.begin <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class LegalSuccessor:
    """Who takes over, as a whole, the rights and duties of a divided municipality. `certain`: two sources say so."""

    code: Annotated[_Code, Key("gemeente")]
    certain: Annotated[bool, Key("zeker")]
    sources: Annotated[tuple[str, ...], Key("bronnen"), NotEmpty()]


@dataclass(frozen=True, slots=True)
class Reorganisation:
    """One change of the municipal map in which municipalities ended.

    `ended` and `receivers` are codes; in a merger or a division every receiver carries on every ended one. `border_part`
    received some land on that occasion without carrying on the work. `certain`: two independent sources name the same
    day, ended municipalities and receivers. `sources`: keys of `reorganisation_sources()`. `legal_successor`: only for
    a division, and only where a source names it.
    """

    day: Annotated[date, Key("datum")]
    kind: Annotated[ReorganisationKind, Key("soort")]
    ended: Annotated[tuple[_Code, ...], Key("opgeheven"), NotEmpty()]
    receivers: Annotated[tuple[_Code, ...], Key("naar"), NotEmpty()]
    certain: Annotated[bool, Key("zeker")]
    sources: Annotated[tuple[str, ...], Key("bronnen"), NotEmpty()]
    border_part: Annotated[tuple[_Code, ...], Key("grensdeel")] = ()
    legal_successor: Annotated[LegalSuccessor | None, Key("rechtsopvolger")] = None


@dataclass(frozen=True, slots=True)
class _File:
    municipalities: Annotated[Mapping[Province, Mapping[_Code, tuple[str, ...]]], Key("gemeenten")]
    reorganisations: Annotated[tuple[Reorganisation, ...], Key("herindelingen")]
    sources: Annotated[Mapping[str, str], Key("bronnen")]


@functools.cache
def _file() -> _File:
    return load(DATA, _File, DATA.name)


@functools.cache
def _by_code() -> Mapping[str, MunicipalityFact]:
    file = _file()
    successors = {code: change.receivers for change in file.reorganisations for code in change.ended}
    rows = [
        (code, province, row[0], [date.fromisoformat(day) for day in row[1:]])
        for province, members in file.municipalities.items()
        for code, row in members.items()
    ]
    bare_names = Counter(_without_qualifier(name) for _, _, name, _ in rows)
    facts = [
        MunicipalityFact(
            code=code,
            name=name,
            province=province,
            begin=days[0] if days else None,
            end=days[1] if len(days) > 1 else None,
            successors=successors.get(code, ()),
            slug=_slug(name if bare_names[_without_qualifier(name)] > 1 else _without_qualifier(name)),
        )
        for code, province, name, days in rows
    ]
    return {fact.code: fact for fact in sorted(facts, key=lambda fact: fact.code)}


def _without_qualifier(name: str) -> str:
    """`Hengelo (O.)` to `Hengelo`: CBS adds the province where another place has the name."""
    return re.sub(r" \([^)]*\)$", "", name)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def all_municipalities() -> tuple[MunicipalityFact, ...]:
    """Every municipality that existed on some day since 1 January 2015, in the order of the codes."""
    return tuple(_by_code().values())


def municipality(code: str) -> MunicipalityFact:
    """The municipality with this CBS code. Raises `NotFound`."""
    try:
        return _by_code()[code]
    except KeyError:
        raise NotFound("Er is geen gemeente met deze code. Een gemeentecode ziet eruit als GM0546.") from None


def existing_on(day: date) -> tuple[MunicipalityFact, ...]:
    """The municipalities that exist on a day, in the order of the codes. Complete from 1 January 2015 on."""
    return tuple(fact for fact in _by_code().values() if fact.exists_on(day))


def successors_on(code: str, day: date) -> tuple[MunicipalityFact, ...]:
    """Who carries on the work of `code` on a day: itself while it exists, else its successors' successors and so on.

    In the order of the successions, each once. Empty before the first day of `code`. After a division all receivers
    are named; which of them holds one particular file follows from the address, not from here. Raises `NotFound`.
    """
    found: dict[str, MunicipalityFact] = {}
    waiting = [municipality(code)]
    while waiting:
        fact = waiting.pop(0)
        if fact.exists_on(day):
            found[fact.code] = fact
        elif fact.end is not None and fact.end <= day:
            waiting.extend(municipality(successor) for successor in fact.successors)
    return tuple(found.values())


def reorganisations() -> tuple[Reorganisation, ...]:
    """Every change in which a municipality ended since 2015, oldest first."""
    return _file().reorganisations


def reorganisation_sources() -> Mapping[str, str]:
    """What the source keys of `Reorganisation` stand for."""
    return _file().sources
