"""Writing things, sensors and observations by a program or person with the right to (SensorThings, OGC 18-088, chapter 10).

Sensors that report by themselves do not come here but in `rounds.ingest`.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from vliegwiel.base.clock import now
from vliegwiel.base.errors import VliegwielError
from vliegwiel.rounds.sensing.changing import change, remove
from vliegwiel.rounds.sensing.drafts import Draft
from vliegwiel.rounds.sensing.entities import EntityType
from vliegwiel.rounds.sensing.joins import relation_of
from vliegwiel.rounds.sensing.posted import Posted, observations_of
from vliegwiel.rounds.sensing.reading import Address, the_id
from vliegwiel.rounds.sensing.writing import Writer, inverse
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of


def create_entity(actor: Actor, draft: Draft, address: Address | None = None) -> UUID:
    """Make an entity and all that hangs on it; returns its id. `address`: the entity it was posted below, if any.

    Needs SENSOR_BEHEREN. Raises `DraftInvalid` for what does not fit the model and `NotFound` for an address of nothing.
    """
    with scope_of(actor):
        require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
        writer = Writer(actor.municipality, now())
        row_id = writer.make_below(draft, _below(actor, draft, address))
        observed = writer.finish()
        if draft.kind.name == "Observation":
            return observed[-1]
        _note(actor, "gemaakt", draft.kind, row_id, sorted((*draft.values, *draft.links)))
    return row_id


def create_observations(actor: Actor, posted: Sequence[Posted]) -> list[UUID | VliegwielError]:
    """Store many observations at once; for each its id, or why it is not one. Needs SENSOR_BEHEREN.

    The number of statements does not depend on how many there are.
    """
    with scope_of(actor):
        require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
        writer = Writer(actor.municipality, now())
        judged = observations_of(actor.municipality, posted, now())
        good = [one for one in judged if not isinstance(one, VliegwielError)]
        ids = iter(writer.observe_all(good))
    return [one if isinstance(one, VliegwielError) else next(ids) for one in judged]


def change_entity(actor: Actor, address: Address, draft: Draft, *, whole: bool = False) -> UUID:
    """Change the entity at an address (`whole`: as PUT does, else as PATCH); returns its id. Needs SENSOR_BEHEREN."""
    with scope_of(actor):
        require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
        row_id = the_id(actor, address)
        writer = Writer(actor.municipality, now())
        change(writer, actor.municipality, row_id, draft, whole=whole)
        writer.finish()
        _note(actor, "gewijzigd", draft.kind, row_id, sorted((*draft.values, *draft.links)))
    return row_id


def remove_entity(actor: Actor, address: Address) -> None:
    """Remove the entity at an address, with what cannot be without it. Needs SENSOR_BEHEREN."""
    kind, _ = address.target()
    with scope_of(actor):
        require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
        row_id = the_id(actor, address)
        remove(actor.municipality, kind, row_id)
        _note(actor, "verwijderd", kind, row_id, [])


def _below(actor: Actor, draft: Draft, address: Address | None) -> dict[str, UUID]:
    """The relation that the address says: posted to `Things(x)/Datastreams`, a datastream is of that thing."""
    if address is None:
        return {}
    kind, _ = address.parent().target()
    return {inverse(kind, relation_of(kind, address.steps[-1].relation)): the_id(actor, address.parent())}


def _note(actor: Actor, what: str, kind: EntityType, row_id: UUID, names: Sequence[str]) -> None:
    ledger.append(
        actor,
        municipality=actor.municipality,
        kind=f"sensorthings.{what}",
        zaak_id=None,
        payload={"soort": kind.name, "id": str(row_id), "velden": list(names)},
    )
