"""What pages and programs see of versions: plain values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vliegwiel.base.sourcefile import SourceInvalid

from ..canonical import text_hash
from ..models import Draft, DraftState, Publication


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft. `hash` is empty while the text cannot be read; `state_label` is for people."""

    municipality: str
    kind: str
    key: str
    owner: str
    base: str
    text: str
    hash: str
    state: DraftState
    version: str
    summary: str
    reason: str
    edited_by: str
    edited_by_name: str
    edited_at: datetime
    offered_by: str
    offered_by_name: str
    offered_at: datetime | None
    refusal: str
    can_undo: bool
    can_redo: bool

    @property
    def offered(self) -> bool:
        """Whether it waits for a second person."""
        return self.state is DraftState.OFFERED


def draft_view(row: Draft) -> DraftView:
    """A row as pages see it."""
    return DraftView(
        municipality=row.municipality_id,
        kind=row.kind,
        key=row.key,
        owner=row.owner,
        base=row.base,
        text=row.text,
        hash=hash_or_nothing(row.text),
        state=DraftState(row.state),
        version=row.version,
        summary=row.summary,
        reason=row.reason,
        edited_by=row.edited_by,
        edited_by_name=row.edited_by_name,
        edited_at=row.edited_at,
        offered_by=row.offered_by,
        offered_by_name=row.offered_by_name,
        offered_at=row.offered_at,
        refusal=row.refusal,
        can_undo=row.place > 0,
        can_redo=row.place + 1 < len(row.history),
    )


def hash_or_nothing(text: str) -> str:
    """The address of a text; nothing for one that cannot be read."""
    try:
        return text_hash(text)
    except SourceInvalid:
        return ""


@dataclass(frozen=True, slots=True)
class Published:
    """A version that is published now."""

    kind: str
    key: str
    owner: str
    version: str
    hash: str
    number: int


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in a history. `publisher` is empty for the package; then `number` is that of its release."""

    kind: str
    key: str
    owner: str
    publisher: str
    version: str
    hash: str
    number: int
    parents: tuple[str, ...]
    summary: str
    reason: str
    prepared_by_name: str
    approved_by_name: str
    published_at: datetime | None
    origin: str
    deprecated_from: date | None
    deprecated_until: date | None
    deprecation_reason: str


def version_row(row: Publication) -> VersionRow:
    """A publication as pages see it."""
    return VersionRow(
        kind=row.kind,
        key=row.key,
        owner=row.owner,
        publisher=row.municipality_id,
        version=row.version,
        hash=row.hash,
        number=row.number,
        parents=tuple(row.parents),
        summary=row.summary,
        reason=row.reason,
        prepared_by_name=row.prepared_by_name,
        approved_by_name=row.approved_by_name,
        published_at=row.published_at,
        origin=row.origin,
        deprecated_from=row.deprecated_from,
        deprecated_until=row.deprecated_until,
        deprecation_reason=row.deprecation_reason,
    )


@dataclass(frozen=True, slots=True)
class TextNow:
    """A definition as it counts now for a municipality. `source` is "pakket" or the code of who published it."""

    text: str
    hash: str
    version: str
    source: str
