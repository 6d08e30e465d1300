"""Asking the registers, so that nobody is asked what is already known, and writing down that we looked.

Registers are asked outside any transaction (they may be slow); what they said, and the lines of the processing log about
it, are written in the transaction that uses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Invalid
from vliegwiel.catalogue.check.conditions import LOOKED_UP
from vliegwiel.catalogue.model import Resolved
from vliegwiel.catalogue.typing_in import Address
from vliegwiel.registers.addresses import find_addresses
from vliegwiel.registers.errors import RegisterRefused, RegisterUnavailable
from vliegwiel.registers.facts import Gathered, Register, Why
from vliegwiel.registers.gather import gather
from vliegwiel.registers.needs import needs as all_needs
from vliegwiel.trust import processing
from vliegwiel.trust.identity import System

from .facts import StoredFact
from .filledform import FilledForm

ALWAYS = ["persoon.geheimhouding", "persoon.opschorting", "persoon.overleden"]
"""What must be known of anybody: the BRP gives the first two along with whatever is asked."""
NOT_UNIQUE, NOT_FOUND = "niet_eenduidig", "niet_gevonden"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the registers said: facts, the registers that gave nothing (see `silence`), and whose data were seen."""

    facts: tuple[StoredFact, ...]
    silent: tuple[str, ...]
    gathered: Gathered


NOTHING = Asked((), (), Gathered({}))
"""Nobody was asked."""


def ask(resolved: Resolved, bsn: str, *, only: Iterable[str] | None = None, plate: str = "") -> Asked:
    """Ask what the product needs (or `only` those). Never raises: what did not come is in `silent`.

    About nobody (no `bsn`) nothing is asked.
    """
    if not bsn:
        return NOTHING
    chosen = None if only is None else set(only)
    wanted = [need.key for need in resolved.needs if chosen is None or need.key in chosen]
    listed = all_needs()
    if chosen is None or any(listed[name].register is Register.BRP for name in wanted):
        wanted += ALWAYS
    said = gather(
        wanted, bsn, purpose=resolved.processing.purpose, gemeente=resolved.municipality, kenteken=plate or None
    )
    facts = tuple(StoredFact.of(datum) for datum in said.data.values())
    return Asked(facts, silence(said), said)


def silence(said: Gathered) -> tuple[str, ...]:
    """The registers that gave nothing, as they are kept with a draft or a case: the name of one that did not answer, or the
    name, a slash and the reason (`NOT_UNIQUE`, `NOT_FOUND`) of one that answered that it cannot tell who this is."""
    found = [register.value for register in said.unavailable]
    found += [f"{one.register.value}/{NOT_UNIQUE}" for one in said.missing if one.why is Why.NOT_UNIQUE]
    if Register.BRP in said.not_found:
        found.append(f"{Register.BRP.value}/{NOT_FOUND}")
    return tuple(dict.fromkeys(found))


def look_up(resolved: Resolved, form: FilledForm, step: str) -> tuple[StoredFact, ...]:
    """Street, place and municipality of the addresses that were answered in a step, from the BAG. Not found, or a BAG that
    is down, is known to be nothing: then the form asks."""
    found: list[StoredFact] = []
    shown = form.step(step)
    for field in shown.fields if shown else ():
        answer = form.answers.get(field.key)
        if not field.lookup or not isinstance(answer, Address):
            continue
        parts = dict.fromkeys(LOOKED_UP, "") | _address(resolved, answer)
        found += [
            StoredFact(f"{field.key}.{name}", value or None, "BAG", now(), resolved.processing.purpose)
            for name, value in parts.items()
        ]
    return tuple(found)


def _address(resolved: Resolved, answer: Address) -> dict[str, str]:
    try:
        matches = find_addresses(
            answer.postcode,
            answer.huisnummer,
            answer.huisletter,
            answer.toevoeging,
            purpose=resolved.processing.purpose,
            gemeente=resolved.municipality,
        )
    except (RegisterUnavailable, RegisterRefused, Invalid):
        return {}
    if not matches:
        return {}
    first = matches[0]
    return {
        "gemeente": first.gemeente,
        "straat": first.street,
        "woonplaats": first.place,
        "adresseerbaar_object": first.adresseerbaar_object,
    }


def log(asked: Asked, resolved: Resolved, bsn: str, *, reason: str, zaak_id: UUID | None = None) -> None:
    """Write in the processing log that the computer looked, for everybody whose data it saw. Inside the open scope."""
    computer = System(resolved.municipality, "gegevens ophalen")
    for look in asked.gathered.looked_at:
        labels = _labels(resolved, asked.gathered, look.register.value)
        for subject in dict.fromkeys((bsn, *look.subjects)):
            processing.record(
                computer,
                municipality=resolved.municipality,
                bsn=subject,
                data=[f"{label} ({look.register.value})" for label in labels] or [look.register.value],
                activity="register-raadplegen",
                reason=reason,
                zaak_id=zaak_id,
            )


def _labels(resolved: Resolved, gathered: Gathered, register: str) -> list[str]:
    asked = [need for need in resolved.needs if need.register == register]
    return [need.label.lower() for need in asked if need.key in gathered.data and need.key in all_needs()]
