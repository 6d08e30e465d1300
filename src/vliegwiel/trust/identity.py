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
    RONDEPLANNER = "rondeplanner"
    CHAUFFEUR = "chauffeur"


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
class Application:
    """A program of a partner that shows a token of ours. `subject` is the stable identifier of what the token was given for;
    `rights` are the rights it was given, as in `trust.rights.Right`, and no others."""

    municipality: str
    subject: str
    name: str
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Anonymous:
    """A visitor who has not logged in."""

    municipality: str


Actor = Citizen | Staff | System | Application | Anonymous


class ActorKind(StrEnum):
    """What kind of actor, as it is written in the ledger and the processing log."""

    BURGER = "burger"
    MEDEWERKER = "medewerker"
    SYSTEEM = "systeem"
    BEZOEKER = "bezoeker"


@dataclass(frozen=True, slots=True)
class Signature:
    """An actor as it may stand in the open: no name, no bsn. `id` is the subject of staff or the name of a job."""

    kind: ActorKind
    municipality: str
    id: str


def signature(actor: Actor) -> Signature:
    """How an actor signs what it did. A citizen is just "a citizen": who it was belongs in what is encrypted."""
    match actor:
        case Citizen():
            return Signature(ActorKind.BURGER, actor.municipality, "")
        case Staff():
            return Signature(ActorKind.MEDEWERKER, actor.municipality, actor.subject)
        case System():
            return Signature(ActorKind.SYSTEEM, actor.municipality, actor.job)
        case Application():
            return Signature(ActorKind.SYSTEEM, actor.municipality, f"toepassing {actor.subject}")
        case Anonymous():
            return Signature(ActorKind.BEZOEKER, actor.municipality, "")
