"""What is new for a municipality, and what it ran when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from vliegwiel.base.errors import NotFound
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require, scope_of

from ..models import AdoptionStep, Notice, NoticeEffect, NoticeState
from ..versions.shelves import readable
from .actions import OPEN, Prospect, prospect
from .news import ChangeTold, ConflictTold, EffectTold, FindingTold, PublicationTold


@dataclass(frozen=True, slots=True)
class NoticeView:
    """News of a version. `publisher` is empty for the package. Lists are told in `adopting.news`."""

    id: UUID
    product: str
    publisher: str
    from_version: str
    to_version: str
    from_hash: str
    to_hash: str
    what: tuple[PublicationTold, ...]
    changes: tuple[ChangeTold, ...]
    effect: NoticeEffect
    effects: tuple[EffectTold, ...]
    conflicts: tuple[ConflictTold, ...]
    findings: tuple[FindingTold, ...]
    choices: dict[str, str]
    chosen_by: str
    chosen_by_name: str
    state: NoticeState
    note: str
    made_at: datetime
    decided_by_name: str
    decided_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Step:
    """A moment at which what was run of a product changed; `definition` is the hash it can go back to."""

    day: date
    definition: str
    version: str
    why: str
    by_name: str
    at: datetime


def notices(actor: Staff, *, open_only: bool = True, product: str = "") -> tuple[NoticeView, ...]:
    """The news of a municipality, newest first. Needs `DEFINITIE_BEHEREN`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        rows = Notice.objects.filter(municipality_id=actor.municipality).order_by("-made_at", "-id")
        if open_only:
            rows = rows.filter(state__in=OPEN)
        if product:
            rows = rows.filter(product=product)
        return tuple(_view(row) for row in rows[:200])


def notice(actor: Staff, id_: UUID) -> NoticeView:
    """One notice. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`."""
    return _view(_row(actor, id_))


def preview(actor: Staff, id_: UUID, choices: dict[str, str]) -> Prospect:
    """What a notice would come to with these choices: what is still open, the text of the variant, what would run.

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound`, and `Invalid` for a choice that cannot be read.
    """
    with scope_of(actor):
        return prospect(_row(actor, id_), choices)


def _row(actor: Staff, id_: UUID) -> Notice:
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        row = Notice.objects.filter(municipality_id=actor.municipality, id=id_).first()
    if row is None:
        raise NotFound("Dit bericht is er niet (meer).")
    return row


def trail(municipality: str, key: str) -> tuple[Step, ...]:
    """What a municipality ran of a product, the newest first. Public."""
    with readable(municipality):
        rows = AdoptionStep.everywhere.filter(municipality_id=municipality, product=key).order_by("-at", "-id")
        return tuple(Step(one.day, one.definition, one.version, one.why, one.by_name, one.at) for one in rows[:200])


def _view(row: Notice) -> NoticeView:
    return NoticeView(
        id=row.id,
        product=row.product,
        publisher=row.publisher,
        from_version=row.from_version,
        to_version=row.to_version,
        from_hash=row.from_hash,
        to_hash=row.to_hash,
        what=msgspec.convert(row.what, tuple[PublicationTold, ...]),
        changes=msgspec.convert(row.changes, tuple[ChangeTold, ...]),
        effect=NoticeEffect(row.effect),
        effects=msgspec.convert(row.effects, tuple[EffectTold, ...]),
        conflicts=msgspec.convert(row.conflicts, tuple[ConflictTold, ...]),
        findings=msgspec.convert(row.findings, tuple[FindingTold, ...]),
        choices=msgspec.convert(row.choices, dict[str, str]),
        chosen_by=row.chosen_by,
        chosen_by_name=row.chosen_by_name,
        state=NoticeState(row.state),
        note=row.note,
        made_at=row.made_at,
        decided_by_name=row.decided_by_name,
        decided_at=row.decided_at,
    )
