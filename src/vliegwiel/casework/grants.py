"""What a member of staff may see, as a condition of SQL. Lists, searches and counts all use this one condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from vliegwiel.base.errors import Forbidden
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Grant, Right, StaffLoginNeeded, allowed

SqlValue: TypeAlias = "str | int | date | UUID | list[str] | None"
"""What goes into a statement as a parameter."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The cases in sight: `where` is SQL on the columns municipality_id and zaaktype, with its parameters."""

    grants: tuple[Grant, ...]
    where: str
    parameters: tuple[SqlValue, ...]

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Each municipality once, the own one first."""
        return tuple(dict.fromkeys(grant.municipality for grant in self.grants))

    def within(self, municipality: str) -> Sight:
        """The part of one municipality; nothing when it is not in sight."""
        return _sight([grant for grant in self.grants if grant.municipality == municipality])


def sight_of(actor: object, right: Right = Right.ZAAK_LEZEN) -> Sight:
    """What `actor` may see with `right`. Raises `StaffLoginNeeded` for who is not staff, `Forbidden` when it is nothing."""
    if not isinstance(actor, Staff):
        raise StaffLoginNeeded("Log in als medewerker om dit te zien.")
    grants = [grant for grant in allowed(actor) if right in grant.rights]
    if not grants:
        raise Forbidden("U mag geen zaken zien. Vraag uw teamleider om een rol waarmee dat wel mag.")
    return _sight(grants)


def _sight(grants: Sequence[Grant]) -> Sight:
    parts: list[str] = []
    parameters: list[SqlValue] = []
    for grant in grants:
        if grant.products is None:
            parts.append("municipality_id = %s")
            parameters.append(grant.municipality)
        else:
            parts.append("(municipality_id = %s AND zaaktype = ANY(%s))")
            parameters += [grant.municipality, sorted(grant.products)]
    where = " OR ".join(parts) if parts else "FALSE"
    return Sight(tuple(grants), f"({where})", tuple(parameters))
