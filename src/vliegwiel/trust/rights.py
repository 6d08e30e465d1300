"""Who may do what, for whom.

Staff have rights through their roles, for all products of their own municipality. A mandate gives some of those rights
for some products of another municipality (Awb 10:1, 10:5). Rights are never a hidden filter: an action asks `require`, a
query reads `allowed` and limits itself to those municipalities and products, so that counts do not leak either.

Citizens have no rights here. They see their own cases only, which queries check on bsn; `require_citizen` checks the login.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from vliegwiel.base.clock import today
from vliegwiel.base.errors import Forbidden, NotLoggedIn
from vliegwiel.base.prepared import prepared
from vliegwiel.base.tenancy import scope, scope_set_by

from .identity import Actor, Anonymous, Application, Citizen, Level, Role, Staff, System


class Right(StrEnum):
    """Something an actor may do."""

    ZAAK_LEZEN = "zaak_lezen"
    ZAAK_BEHANDELEN = "zaak_behandelen"
    ZAAK_BESLUITEN = "zaak_besluiten"
    ZAAK_TOEWIJZEN = "zaak_toewijzen"
    ZAAK_VERNIETIGEN = "zaak_vernietigen"
    DEFINITIE_BEHEREN = "definitie_beheren"
    MANDAAT_BEHEREN = "mandaat_beheren"
    LOGBOEK_LEZEN = "logboek_lezen"
    SESSIE_BEHEREN = "sessie_beheren"
    METING_LEZEN = "meting_lezen"
    SENSOR_BEHEREN = "sensor_beheren"
    RONDE_LEZEN = "ronde_lezen"
    RONDE_PLANNEN = "ronde_plannen"
    RONDE_RIJDEN = "ronde_rijden"


RIGHTS_OF_ROLE: Mapping[Role, frozenset[Right]] = {
    Role.MEDEWERKER: frozenset({Right.ZAAK_LEZEN, Right.ZAAK_BEHANDELEN, Right.ZAAK_BESLUITEN}),
    Role.TEAMLEIDER: frozenset(
        {Right.ZAAK_LEZEN, Right.ZAAK_BEHANDELEN, Right.ZAAK_BESLUITEN, Right.ZAAK_TOEWIJZEN, Right.MANDAAT_BEHEREN}
    ),
    # Keeps the definitions, and has no business in cases.
    Role.FUNCTIONEEL_BEHEERDER: frozenset(
        {
            Right.DEFINITIE_BEHEREN,
            Right.MANDAAT_BEHEREN,
            Right.SESSIE_BEHEREN,
            Right.METING_LEZEN,
            Right.SENSOR_BEHEREN,
        }
    ),
    Role.PRIVACY_OFFICER: frozenset({Right.LOGBOEK_LEZEN, Right.ZAAK_VERNIETIGEN, Right.SESSIE_BEHEREN}),
    # Plans the rounds and may do by hand what a driver does: a phone can be left at home.
    Role.RONDEPLANNER: frozenset(
        {
            Right.RONDE_LEZEN,
            Right.RONDE_PLANNEN,
            Right.RONDE_RIJDEN,
            Right.METING_LEZEN,
            Right.SENSOR_BEHEREN,
        }
    ),
    Role.CHAUFFEUR: frozenset({Right.RONDE_RIJDEN}),
}

# The platform guards terms, decides where a product's law lets it, destroys what is due, takes readings in and plans the
# rounds of tomorrow; it manages nothing.
RIGHTS_OF_SYSTEM = frozenset(
    {
        Right.ZAAK_LEZEN,
        Right.ZAAK_BEHANDELEN,
        Right.ZAAK_BESLUITEN,
        Right.ZAAK_VERNIETIGEN,
        Right.METING_LEZEN,
        Right.SENSOR_BEHEREN,
        Right.RONDE_LEZEN,
        Right.RONDE_PLANNEN,
        Right.RONDE_RIJDEN,
    }
)

# What can be given to another municipality. The rest a municipality keeps to itself.
MANDATABLE = frozenset({Right.ZAAK_LEZEN, Right.ZAAK_BEHANDELEN, Right.ZAAK_BESLUITEN, Right.ZAAK_TOEWIJZEN})

_WHO: Mapping[Role, str] = {
    Role.MEDEWERKER: "een medewerker",
    Role.TEAMLEIDER: "een teamleider",
    Role.FUNCTIONEEL_BEHEERDER: "een functioneel beheerder",
    Role.PRIVACY_OFFICER: "een privacy officer",
    Role.RONDEPLANNER: "een rondeplanner",
    Role.CHAUFFEUR: "een chauffeur",
}


class LoginNeeded(NotLoggedIn):
    """A citizen must log in, or log in again with a stronger means. `needed` is the level to ask for."""

    def __init__(self, sentence: str, needed: Level) -> None:
        super().__init__(sentence)
        self.needed = needed


class StaffLoginNeeded(NotLoggedIn):
    """A member of staff must log in."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What an actor may do for one municipality. `products` are product keys; None means all products."""

    municipality: str
    products: frozenset[str] | None
    rights: frozenset[Right]

    def covers(self, right: Right, municipality: str, product: str | None) -> bool:
        """Whether it gives `right` there; without a product it must give it for all of them."""
        if municipality != self.municipality or right not in self.rights:
            return False
        return self.products is None or product in self.products


@dataclass(frozen=True, slots=True)
class _Working:
    actor: Actor
    grants: tuple[Grant, ...]


_working: ContextVar[_Working | None] = ContextVar("vliegwiel_working", default=None)


def rights_of(actor: Actor) -> frozenset[Right]:
    """The rights an actor has in the own municipality."""
    match actor:
        case Staff():
            return frozenset().union(*(RIGHTS_OF_ROLE[role] for role in actor.roles))
        case System():
            return RIGHTS_OF_SYSTEM
        case Application():
            return frozenset(right for right in Right if right.value in actor.rights)
        case Citizen() | Anonymous():
            return frozenset()


@contextmanager
def scope_of(actor: Actor) -> Iterator[None]:
    """Open the transaction in which an actor works: the own municipality, and those it holds a mandate of today.

    Costs one statement, nothing when it is nested in one of the same actor. The municipalities in scope are the outer
    fence; within it a mandate covers some products only, so queries limit themselves to `allowed(actor)`.
    """
    if not isinstance(actor, Staff):
        with scope(actor.municipality), _working_as(_Working(actor, _own(actor))):
            yield
        return
    known = _working.get()
    if known is not None and known.actor == actor and connection.in_atomic_block:
        with scope(*_codes(actor, known.grants)):
            yield
        return
    found: list[Grant] = []

    def enter() -> frozenset[str]:
        found.extend(_enter(actor))
        return frozenset(_codes(actor, tuple(found)))

    with scope_set_by(enter), _working_as(_Working(actor, tuple(found))):
        yield


@contextmanager
def _working_as(working: _Working) -> Iterator[None]:
    token = _working.set(working)
    try:
        yield
    finally:
        _working.reset(token)


def _own(actor: Actor) -> tuple[Grant, ...]:
    rights = rights_of(actor)
    return (Grant(actor.municipality, None, rights),) if rights else ()


def _codes(actor: Actor, grants: tuple[Grant, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((actor.municipality, *(grant.municipality for grant in grants))))


def _enter(actor: Staff) -> tuple[Grant, ...]:
    """Set the scope and read the mandates in one round trip (the function `trust_enter` of the migration)."""
    held = rights_of(actor) & MANDATABLE
    with prepared() as cursor:
        cursor.execute(
            "SELECT municipality, products, rights FROM trust_enter(%s, %s::text[], %s)",
            [actor.municipality, sorted(right.value for right in held), today()],
        )
        rows: list[tuple[str, list[str], list[str]]] = cursor.fetchall()
    mandated = tuple(
        Grant(code, frozenset(products), held & {Right(r) for r in rights if r in MANDATABLE})
        for code, products, rights in rows
    )
    return _own(actor) + mandated


def allowed(actor: Actor) -> tuple[Grant, ...]:
    """Everything an actor may do as staff or system, municipality by municipality; empty for a citizen.

    Two mandates of one municipality give two grants: rights of one never mix with products of another.
    """
    known = _working.get()
    if known is not None and known.actor == actor and connection.in_atomic_block:
        return known.grants
    if not isinstance(actor, Staff):
        return _own(actor)
    with scope_of(actor):
        return allowed(actor)


def working_scope(actor: Actor) -> tuple[str, ...]:
    """The municipalities an actor may work for: the own one first."""
    return _codes(actor, allowed(actor))


def may(actor: Actor, right: Right, *, municipality: str, product: str | None = None) -> bool:
    """Whether an actor has a right for a product of a municipality; without a product: for all its products."""
    return any(grant.covers(right, municipality, product) for grant in allowed(actor))


def require(actor: Actor, right: Right, *, municipality: str, product: str | None = None) -> None:
    """Raises `Forbidden` where `may` says no, and `StaffLoginNeeded` for a visitor who is not logged in."""
    if may(actor, right, municipality=municipality, product=product):
        return
    if isinstance(actor, Anonymous):
        raise StaffLoginNeeded("Log in als medewerker om dit te doen.")
    raise Forbidden(_who_may(right))


def _who_may(right: Right) -> str:
    names = [_WHO[role] for role in Role if right in RIGHTS_OF_ROLE[role]]
    who = " of ".join(names)
    if right in MANDATABLE:
        return f"Dit mag {who} van de gemeente zelf, of van een gemeente met een mandaat voor dit product."
    return f"Dit mag {who} van de gemeente zelf."


def require_citizen(actor: Actor, *, level: Level = Level.BASIS) -> Citizen:
    """The citizen, logged in strongly enough. Raises `LoginNeeded`, with the level to ask for."""
    if not isinstance(actor, Citizen):
        raise LoginNeeded("Log in met DigiD om verder te gaan.", level)
    if actor.level < level:
        name = {Level.MIDDEN: "Midden", Level.SUBSTANTIEEL: "Substantieel", Level.HOOG: "Hoog"}[level]
        raise LoginNeeded(f"Voor deze stap vraagt de gemeente een sterkere inlog: DigiD {name}.", level)
    return actor
