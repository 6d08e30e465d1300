"""Who acts. Every action and query takes an actor as its first argument; there is no "current user" in the air.

An actor belongs to one municipality: the one on whose pages a citizen is, or the one that employs a member of staff.
Working for another municipality is a mandate (`trust.rights`), never a second login.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """Assurance level of a login (DigiD). Numbers order them; the names are those of Logius."""

    BASIS = 10
    MIDDEN = 20
    SUBSTANTIEEL = 25
    HOOG = 30


class Role(StrEnum):
    """What a member of staff is trusted with. A person may have several."""

    MEDEWERKER = "medewerker"
    TEAMLEIDER = "teamleider"
    FUNCTIONEEL_BEHEERDER = "functioneel_beheerder"
    PRIVACY_OFFICER = "privacy_officer"


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person logged in with a bsn. `repr` leaves the bsn out, so that it never ends up in a log by accident."""

    municipality: str
    bsn: str = field(repr=False)
    level: Level
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff of a municipality. `subject` is the stable identifier the identity provider gives."""

    municipality: str
    subject: str
    name: str
    roles: frozenset[Role]
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class System:
    """The platform itself, doing a named job ("termijnbewaking")."""

    municipality: str
    job: str


@dataclass(frozen=True, slots=True)
class Anonymous:
    """A visitor who has not logged in."""

    municipality: str


Actor = Citizen | Staff | System | Anonymous
