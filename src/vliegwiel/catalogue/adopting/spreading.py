"""A new version goes round: each municipality that follows it moves along where that is certain, and is told in any case.

One municipality at a time and one transaction each: who has to choose holds nobody else up. Until it has chosen it stays on
what it ran, and cases that run stay on what they were opened under.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from vliegwiel.base.clock import now, today
from vliegwiel.base.tenancy import scope
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor, Staff, System

from ..canonical import node_hash, text_hash
from ..keeping import keep
from ..library import Library
from ..model import Resolved
from ..models import Adoption, AdoptionMode, AdoptionStep, Notice, NoticeEffect, NoticeState, Publication
from ..resolve import library
from ..versions.checking import rests_on
from ..versions.numbering import next_version
from ..versions.publishing import publish
from ..versions.shelves import Header, Line, headers, library_on, line_of
from ..versions.views import Published
from ..worklater import follow
from . import news
from .outlook import Outlook, outlook

JOB = "versies-volgen"


@dataclass(frozen=True, slots=True)
class Move:
    """From which line to which a municipality would go for a product, and the publications that come along."""

    adoption: Adoption
    old: Line
    new: Line
    came: tuple[Header, ...]


def published(actor: Staff, made: Published) -> None:
    """After a publication, in its transaction: note what changed for the publisher itself, and ask each follower to look."""
    municipality, day = actor.municipality, today()
    for adoption in live(municipality, day):
        _note_change(actor, adoption, day, f"{made.kind} {made.key} {made.version} gepubliceerd")
    if made.owner:
        return
    followers = Adoption.everywhere.filter(publisher=municipality).exclude(municipality_id=municipality)
    for code in sorted(set(followers.values_list("municipality_id", flat=True))):
        follow.later(municipality=code, publisher=municipality)


def live(municipality: str, day: date, *, publisher: str | None = None) -> list[Adoption]:
    """The adoptions of a municipality that count on a day or begin later, locked; of those that follow a publisher only."""
    rows = Adoption.objects.select_for_update().filter(municipality_id=municipality).order_by("product", "begin")
    if publisher is not None:
        rows = rows.filter(publisher=publisher)
    return [row for row in rows if row.end is None or row.end >= day]


def _note_change(actor: Actor, adoption: Adoption, day: date, why: str) -> None:
    if adoption.mode == AdoptionMode.PIN:
        return
    found = news.resolved(
        adoption.municipality_id, adoption.product, max(day, adoption.begin), line_of_adoption(adoption)
    )
    if found is not None and found.hash != adoption.definition:
        step(actor, adoption, found, max(day, adoption.begin), why)


def line_of_adoption(adoption: Adoption) -> Line:
    """Where an adoption gets its definitions."""
    return line_of(adoption.municipality_id, adoption)


def step(actor: Actor, adoption: Adoption, definition: Resolved, day: date, why: str) -> None:
    """Note that a municipality runs another definition from a day on; the definition is kept, so that it can go back to it."""
    keep(definition)
    if (adoption.definition, adoption.version) != (definition.hash, definition.version):
        adoption.definition, adoption.version = definition.hash, definition.version
        adoption.save(update_fields=["definition", "version"])
    subject, name = (actor.subject, actor.name) if isinstance(actor, Staff) else (JOB, "")
    AdoptionStep.objects.create(
        municipality_id=adoption.municipality_id,
        product=adoption.product,
        day=day,
        definition=definition.hash,
        version=definition.version,
        why=why[:300],
        by=subject,
        by_name=name,
        at=now(),
    )


def follow_publisher(municipality: str, publisher: str, on: date | None = None) -> tuple[Notice, ...]:
    """For the job: look at everything a municipality follows of a publisher; gives the notices that were made.

    Doing it again changes nothing. It does what `adopting.actions.accept_notice` does where nobody needs to choose.
    """
    day = on or today()
    made: list[Notice] = []
    with scope(municipality):
        theirs = [one for one in headers(publisher) if not one.owner]
        newest = max((one.number for one in theirs), default=0)
        for adoption in live(municipality, day, publisher=publisher):
            if adoption.upto < newest:
                old = line_of_adoption(adoption)
                came = tuple(one for one in theirs if one.number > adoption.upto)
                notice = _look(Move(adoption, old, replace(old, upto=newest), came), day)
                made += [notice] if notice is not None else []
    return tuple(made)


def follow_package(municipality: str, release: int, on: date | None = None) -> tuple[Notice, ...]:
    """For the job: the package changed after `release`; who has to choose stays on that release. Gives the notices."""
    day = on or today()
    made: list[Notice] = []
    with scope(municipality):
        for adoption in live(municipality, day):
            held = adoption.release if adoption.release is not None else release
            old = replace(line_of_adoption(adoption), release=held)
            notice = _look(Move(adoption, old, replace(old, release=None), ()), day)
            made += [notice] if notice is not None else []
    return tuple(made)


def _look(move: Move, day: date) -> Notice | None:
    """What one product of one municipality gets of it: nothing, the new version with a notice, or a notice with a question."""
    adoption = move.adoption
    moment = max(day, adoption.begin)
    old, new = library_on(move.old, moment), library_on(move.new, moment)
    touched = _touched(move.came, new, adoption.product)
    seen = (
        outlook(adoption.municipality_id, adoption.product, moment, old=old, new=new) if touched is not None else None
    )
    shadowed = _shadowed(move, touched or ())
    if seen is None or (seen.same and not shadowed):
        _moved(adoption, move.new)
        return None
    pinned = adoption.mode == AdoptionMode.PIN
    notice = _notice(move, touched, seen)
    notice.findings = [*shadowed, *notice.findings]
    if seen.clean and not pinned and not shadowed:
        take_over(System(adoption.municipality_id, JOB), move, seen, moment, notice)
    else:
        if move.old.release is not None:
            adoption.release = move.old.release
            adoption.save(update_fields=["release"])
        _replace_older(notice)
        notice.save(force_insert=True)
    return notice


def _shadowed(move: Move, touched: Iterable[Header]) -> list[news.FindingTold]:
    """What came that an own publication of the same definition stands above: it changes nothing by itself, and must be told."""
    own = {(one.kind, one.key) for one in headers(move.adoption.municipality_id) if not one.owner}
    return [
        news.FindingTold(
            file=one.name,
            line=1,
            path="",
            message="U hebt zelf een versie gepubliceerd, en die blijft gelden. Neem wat nieuw is over in uw eigen versie.",
        )
        for one in touched
        if (one.kind, one.key) in own
    ]


def _touched(came: Iterable[Header], new: Library, product: str) -> tuple[Header, ...] | None:
    """Of what was published, what this product rests on; None when nothing. Empty for the package: that is always looked at."""
    came = tuple(came)
    if not came:
        return ()
    parts = rests_on(new, product)
    found = tuple(one for one in came if (one.kind, one.key) in parts)
    return found or None


def take_over(actor: Actor, move: Move, seen: Outlook, day: date, notice: Notice) -> None:
    """Move a municipality to a new version: its variant as far as it changed, its line, the trail, and the notice."""
    assert seen.after is not None
    adoption = move.adoption
    if seen.variant_text is not None:
        _publish_variant(actor, adoption, seen, notice)
    _moved(adoption, move.new)
    why = f"meegegaan met {notice.from_version} → {notice.to_version}"
    step(actor, adoption, seen.after, day, why)
    notice.state, notice.decided_at = NoticeState.ACCEPTED, now()
    if isinstance(actor, Staff):
        notice.decided_by, notice.decided_by_name = actor.subject, actor.name
    else:
        notice.decided_by = JOB
    _replace_older(notice)
    notice.save()
    told = {"product": adoption.product, "van": notice.from_hash, "naar": notice.to_hash, "versie": notice.to_version}
    ledger.append(
        actor, municipality=adoption.municipality_id, kind="definitie.bijgewerkt", zaak_id=None, payload=told
    )  # fmt: skip


def _publish_variant(actor: Actor, adoption: Adoption, seen: Outlook, notice: Notice) -> None:
    """The variant for the new version, with the old one as its parent."""
    assert seen.variant_text is not None
    municipality, key = adoption.municipality_id, adoption.product
    mine = Publication.objects.filter(municipality_id=municipality, kind="variant", key=key, owner=municipality)
    latest = mine.order_by("-number").first()
    chosen, decided = (notice.chosen_by, notice.chosen_by_name), (JOB, "")
    if isinstance(actor, Staff):
        decided = (actor.subject, actor.name)
    preparer = chosen if chosen[0] else decided
    publish(
        Publication(
            municipality_id=municipality,
            kind="variant",
            key=key,
            owner=municipality,
            version=next_version(latest.version if latest else ""),
            hash=text_hash(seen.variant_text),
            text=seen.variant_text,
            parents=[latest.hash] if latest else _shipped(municipality, key),
            summary=f"Aangepast aan {notice.product} {notice.to_version}.",
            reason=news.why(notice),
            prepared_by=preparer[0],
            prepared_by_name=preparer[1],
            approved_by=decided[0],
            approved_by_name=decided[1],
            published_at=now(),
        )
    )


def _shipped(municipality: str, key: str) -> list[str]:
    """The variant that came with the package, where the municipality never published one itself."""
    file = library().variant_file(municipality, key)
    return [node_hash(file.root)] if file else []


def _moved(adoption: Adoption, line: Line) -> None:
    if (adoption.upto, adoption.release) != (line.upto, line.release):
        adoption.upto, adoption.release = line.upto, line.release
        adoption.save(update_fields=["upto", "release"])


def _replace_older(notice: Notice) -> None:
    older = Notice.objects.filter(municipality_id=notice.municipality_id, product=notice.product)
    older.filter(state__in=(NoticeState.NEW, NoticeState.SEEN, NoticeState.CHOSEN)).exclude(id=notice.id).update(
        state=NoticeState.REPLACED
    )


def _notice(move: Move, touched: tuple[Header, ...] | None, seen: Outlook) -> Notice:
    adoption = move.adoption
    return Notice(
        municipality_id=adoption.municipality_id,
        product=adoption.product,
        publisher=move.new.publisher if touched else "",
        upto=move.new.upto,
        release=move.new.release,
        from_hash=seen.before.hash if seen.before else adoption.definition,
        to_hash=seen.after.hash if seen.after else "",
        from_version=seen.before.version if seen.before else adoption.version,
        to_version=news.version_after(seen, touched or ()),
        what=news.publications(touched or ()),
        changes=news.changes(seen),
        effect=effect_of(seen),
        effects=news.effects(seen),
        conflicts=news.conflicts(seen, touched or ()),
        findings=news.findings(seen),
        state=NoticeState.NEW,
        made_at=now(),
    )


def effect_of(seen: Outlook) -> NoticeEffect:
    """What a new version does to a variant, in one word."""
    if seen.open_ or seen.forbidden:
        return NoticeEffect.CONFLICTS
    if seen.after is None:
        return NoticeEffect.BROKEN
    if seen.findings:
        return NoticeEffect.EXAMPLES
    return NoticeEffect.AUTOMATIC if seen.rebased else NoticeEffect.NONE
