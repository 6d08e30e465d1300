"""A new version in plain values: what changed, by whom, why, and what it does to a variant. This is what notices hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import Node, SourceInvalid, TextNode
from vliegwiel.base.typed import prepare

from ..merging import Change, Conflict
from ..merging.nodes import spelled
from ..model import Resolved
from ..models import Notice, Publication
from ..resolve import resolve
from ..versions.shelves import Header, Line, library_on
from .outlook import Outlook, path_of

LONGEST = 600
MOST = 200


class PublicationTold(TypedDict):
    """One publication that comes along."""

    kind: str
    key: str
    version: str
    hash: str
    publisher: str
    summary: str
    reason: str
    by: str
    approved_by: str


class ChangeTold(TypedDict):
    """One difference; what stood there and what stands there now, shortened."""

    path: str
    kind: str
    before: str
    after: str


class EffectTold(TypedDict):
    """What becomes of one deviation. `article` is what fixes it where it may not deviate any more."""

    path: str
    fate: str
    reason: str
    article: str


class ConflictTold(TypedDict):
    """A place where somebody must choose, with both sides and both reasons. `proposal` is empty where there is none."""

    path: str
    kind: str
    base: str
    ours: str
    theirs: str
    proposal: str
    our_reason: str
    their_reason: str
    deviation: str


class FindingTold(TypedDict):
    """Something that is wrong after the change."""

    file: str
    line: int
    path: str
    message: str


prepare(
    tuple[PublicationTold, ...], tuple[ChangeTold, ...], tuple[EffectTold, ...], tuple[ConflictTold, ...], tuple[FindingTold, ...]
)  # fmt: skip


def resolved(municipality: str, key: str, day: date, line: Line) -> Resolved | None:
    """What a line gives, or None for a definition that is wrong or gone."""
    try:
        return resolve(municipality, key, day, among=library_on(line, day))
    except (SourceInvalid, NotFound):
        return None


def publications(came: Iterable[Header]) -> list[PublicationTold]:
    """Who published what, and why. Call inside a scope."""
    rows = Publication.everywhere.filter(id__in=[one.id for one in came]).defer("text").order_by("number")
    return [
        PublicationTold(
            kind=row.kind,
            key=row.key,
            version=row.version,
            hash=row.hash,
            publisher=row.municipality_id,
            summary=row.summary,
            reason=row.reason,
            by=row.prepared_by_name,
            approved_by=row.approved_by_name,
        )
        for row in rows
    ]


def changes(seen: Outlook) -> list[ChangeTold]:
    """What the country changed, at most the first `MOST`."""
    return [_change(one) for one in seen.changes[:MOST]]


def _change(one: Change) -> ChangeTold:
    return ChangeTold(path=".".join(one.path), kind=one.kind, before=_short(one.before), after=_short(one.after))


def effects(seen: Outlook) -> list[EffectTold]:
    """What becomes of each deviation."""
    return [
        EffectTold(
            path=one.old.path,
            fate=one.fate,
            reason=one.old.reason,
            article=str(one.fixed.basis) if one.fixed else "",
        )
        for one in seen.rebased
    ]


def conflicts(seen: Outlook, came: Iterable[Header]) -> list[ConflictTold]:
    """Where somebody must choose."""
    told = publications(came) if seen.open_ else []
    theirs = " ".join(dict.fromkeys(one["reason"] for one in told if one["reason"]))
    return [_conflict(one, _deviation_of(seen, one), theirs) for one in seen.open_]


def _deviation_of(seen: Outlook, conflict: Conflict) -> tuple[str, str]:
    for one in seen.rebased:
        if conflict in one.conflicts:
            return one.old.path, one.old.reason
    return "", ""


def _conflict(one: Conflict, deviation: tuple[str, str], theirs: str) -> ConflictTold:
    return ConflictTold(
        path=path_of(one),
        kind=one.kind,
        base=_short(one.base),
        ours=_short(one.ours),
        theirs=_short(one.theirs),
        proposal=_short(one.proposal),
        our_reason=deviation[1],
        their_reason=theirs,
        deviation=deviation[0],
    )


def findings(seen: Outlook) -> list[FindingTold]:
    """What is wrong with what comes out."""
    return [
        FindingTold(file=one.file, line=one.line, path=".".join(map(str, one.path)), message=one.message[:LONGEST])
        for one in seen.findings[:MOST]
    ]


def version_after(seen: Outlook, came: Iterable[Header]) -> str:
    """The version of the product after it; where it cannot be made, what was published says it."""
    if seen.after is not None:
        return seen.after.version
    for change in seen.changes:
        if change.path == ("versie",) and isinstance(change.after, TextNode):
            return change.after.text
    versions = [one.version for one in came if one.kind == "product"]
    return versions[-1] if versions else (seen.before.version if seen.before else "")


def why(notice: Notice) -> str:
    """The reasons of what came along, for the variant that had to follow."""
    reasons = dict.fromkeys(str(one["reason"]) for one in notice.what if one.get("reason"))
    return " ".join(reasons) or "De landelijke definitie is veranderd."


def _short(node: Node | None) -> str:
    text = spelled(node)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
