"""Who can log in: the citizens and the staff of the cast, and any other test bsn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vliegwiel.base.bsn import is_bsn
from vliegwiel.simulators.cast.people import GEMEENTEN, Cast

from .grants import Claims
from .levels import Level

_ROLES = {
    "medewerker": "medewerker",
    "teamleider": "teamleider",
    "functioneel_beheerder": "functioneel beheerder",
    "privacy_officer": "privacy officer",
    "rondeplanner": "rondeplanner",
    "chauffeur": "chauffeur",
}


@dataclass(frozen=True, slots=True)
class Persona:
    """One choice on the login page. `key` is what the form sends."""

    key: str
    name: str
    story: str
    gemeente: str


def citizens(cast: Cast) -> tuple[Persona, ...]:
    """The citizens with something to play."""
    return tuple(
        Persona(person.bsn, person.naam, person.verhaal, cast.gemeente_of(person))
        for person in cast.personen
        if person.can_log_in
    )


def staff(cast: Cast) -> tuple[Persona, ...]:
    """The members of staff."""
    return tuple(
        Persona(
            member.sub,
            member.naam,
            f"{_sentence(_ROLES[role] for role in member.rollen)}"
            + (f". Werkt voor {_sentence(member.teams, first=False)}." if member.teams else "."),
            member.gemeente,
        )
        for member in cast.medewerkers
    )


def _sentence(words: Iterable[str], *, first: bool = True) -> str:
    listed = list(words)
    text = " en ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else listed[0]
    return text[0].upper() + text[1:] if first else text


def by_gemeente(personas: Iterable[Persona]) -> dict[str, list[Persona]]:
    """In the order of the municipalities."""
    groups: dict[str, list[Persona]] = {code: [] for code in GEMEENTEN}
    for persona in personas:
        groups.setdefault(persona.gemeente, []).append(persona)
    return {code: group for code, group in groups.items() if group}


def citizen_claims(cast: Cast, bsn: str, subject: str, level: Level) -> Claims | None:
    """What a token says about a citizen; None for what is no bsn. Anybody may be played, also outside the cast."""
    if not is_bsn(bsn):
        return None
    person = cast.person(bsn)
    claims: Claims = {"sub": subject, "bsn": bsn, "acr": level.value, "amr": ["demo"]}
    if person:
        claims["name"] = person.naam
    return claims


def staff_claims(cast: Cast, subject: str) -> Claims | None:
    """What a token says about a member of staff; None when there is no such person."""
    member = next((m for m in cast.medewerkers if m.sub == subject), None)
    if member is None:
        return None
    return {
        "sub": member.sub,
        "name": member.naam,
        "gemeente": member.gemeente,
        "roles": list(member.rollen),
        "teams": list(member.teams),
        "amr": ["demo"],
    }
