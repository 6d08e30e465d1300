"""Check the whole ledger of a municipality against its own hashes and signatures.

Everything is computed again from the events themselves: each leaf, each node, the root at each checkpoint, each signature.
A changed, removed or inserted event shows, and so does another order (the roots differ), whoever did it and with whatever
rights in the database. Who also
holds the signing key could write a whole new history; that shows only to someone who kept an earlier checkpoint, which is
why checkpoints are to be published, and why `verify` takes those that others kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from vliegwiel.base.tenancy import scope

from .keystore import keystore
from .leaves import SEALED, EventRow, leaf_bytes
from .merkle import EMPTY_ROOT, Coordinate, Frontier, leaf_hash
from .models import CheckpointRow
from .notes import BadNote, open_checkpoint
from .stored import hashes_at

PAGE = 2000
MOST_FINDINGS = 100


class Fault(StrEnum):
    """What is wrong."""

    CHANGED = "gewijzigd"
    REMOVED = "verwijderd"
    INSERTED = "toegevoegd"
    HASH = "hash"
    ROOT = "wortel"
    SIGNATURE = "handtekening"
    SIZE = "omvang"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not add up. `index` is the place in the log, `event` the event, where there is one."""

    fault: Fault
    sentence: str
    index: int | None = None
    event: UUID | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check found. `size` leaves were computed again; `root` is the root they give."""

    municipality: str
    size: int
    root: bytes
    checkpoints: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether everything adds up."""
        return not self.findings


@dataclass
class _Check:
    """A check that is going on."""

    municipality: str
    publics: tuple[Ed25519PublicKey, ...]
    frontier: Frontier = field(default_factory=Frontier)
    findings: list[Finding] = field(default_factory=list)

    def report(self, fault: Fault, sentence: str, index: int | None = None, event: UUID | None = None) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(fault, sentence, index, event))


@dataclass(frozen=True, slots=True)
class _Line:
    """A leaf as it is stored, and the event it belongs to as that is now."""

    index: int
    hash: bytes
    id: UUID
    event: EventRow | None


@dataclass(frozen=True, slots=True)
class _Statement:
    """A size and root that somebody stated: our own checkpoint, or one that was kept elsewhere."""

    size: int
    root: bytes
    kept: bool


def verify(municipality: str, *, kept: Sequence[str] = ()) -> VerifyReport:
    """Compute the ledger of a municipality again and compare. `kept`: checkpoints (signed notes) that others kept.

    Reads every event, some thousands a second. The sealer may go on meanwhile: what it adds is left out of this check.
    """
    publics = tuple(signer.public_key() for signer in keystore().signers(municipality))
    check = _Check(municipality, publics)
    with scope(municipality):
        size, next_xid = _extent(check)
        statements = deque(_statements(check, size, kept))
        count = len(statements)
        _compare_roots(check, statements)
        for page in _pages(municipality, size):
            _check_page(check, page, statements)
        if check.frontier.size != size:
            check.report(
                Fault.SIZE, f"Het logboek zegt {size} gebeurtenissen te hebben; het zijn er {check.frontier.size}."
            )
        for left in statements:
            check.report(Fault.SIZE, f"Een controlepunt noemt {left.size} gebeurtenissen; zoveel zijn er niet.")
        _find_inserted(check, next_xid)
    return VerifyReport(municipality, check.frontier.size, check.frontier.root(), count, tuple(check.findings))


def _extent(check: _Check) -> tuple[int, str]:
    """Size of the log and the transaction up to which it goes, read at one moment, so that a sealer may go on meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(max(size), 0), coalesce(max(next_xid::text::bigint), 0)::text,
                coalesce((SELECT max(index) + 1 FROM trust_leaf WHERE municipality_id = %(m)s), 0),
                coalesce((SELECT max(size) FROM trust_checkpoint WHERE municipality_id = %(m)s), 0)
            FROM trust_ledgerlog WHERE municipality_id = %(m)s""",
            {"m": check.municipality},
        )
        size, next_xid, leaves, signed = cursor.fetchone()
    if not size == leaves == signed:
        check.report(
            Fault.SIZE, f"De omvang is {size}; de laatste plaats is {leaves} en het laatste controlepunt {signed}."
        )
    return max(size, leaves), next_xid


def _statements(check: _Check, size: int, kept: Sequence[str]) -> list[_Statement]:
    """Every checkpoint whose signature holds, by size; reports the others."""
    found = []
    for row in CheckpointRow.objects.filter(size__lte=size).order_by("size").iterator(PAGE):
        try:
            signed = open_checkpoint(row.note, check.publics)
        except BadNote as error:
            check.report(Fault.SIGNATURE, f"Het controlepunt bij {row.size} is niet door ons ondertekend ({error}).")
            continue
        if (signed.size, signed.root) != (row.size, bytes(row.root)):
            check.report(Fault.SIGNATURE, f"Het controlepunt bij {row.size} zegt iets anders dan wat is ondertekend.")
        found.append(_Statement(signed.size, signed.root, kept=False))
    for note in kept:
        try:
            signed = open_checkpoint(note, check.publics)
        except BadNote as error:
            check.report(Fault.SIGNATURE, f"Een bewaard controlepunt is niet door ons ondertekend ({error}).")
            continue
        found.append(_Statement(signed.size, signed.root, kept=True))
    return sorted(found, key=lambda statement: statement.size)


def _pages(municipality: str, size: int) -> Iterator[list[_Line]]:
    begin = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(SEALED, {"m": municipality, "from": begin, "to": size, "batch": PAGE})
            rows = cursor.fetchall()
        if not rows:
            return
        yield [
            _Line(int(index), bytes(hash_), leaf_id, EventRow(*event) if event[0] is not None else None)
            for index, hash_, leaf_id, *event in rows
        ]
        begin = int(rows[-1][0]) + 1


def _check_page(check: _Check, page: list[_Line], statements: deque[_Statement]) -> None:
    nodes: dict[Coordinate, bytes] = {}
    for line in page:
        if line.index != check.frontier.size:
            check.report(
                Fault.REMOVED, f"Op plaats {check.frontier.size} in het logboek staat niets.", check.frontier.size
            )
        found = _leaf(check, line)
        if found is not None and found != line.hash:
            check.report(Fault.CHANGED, "Deze gebeurtenis is na het verzegelen gewijzigd.", line.index, line.id)
        # The stored hash goes on, so that one changed event does not drag along every root after it; whether the stored
        # hashes themselves are right, the roots and nodes say.
        nodes.update(check.frontier.append(line.hash))
        _compare_roots(check, statements)
    for (level, place), hash_ in hashes_at(check.municipality, nodes).items():
        if nodes.pop((level, place)) != hash_:
            check.report(Fault.HASH, f"De opgeslagen hash van knoop ({level}, {place}) klopt niet.")
    for level, place in nodes:
        check.report(Fault.HASH, f"De opgeslagen hash van knoop ({level}, {place}) ontbreekt.")


def _leaf(check: _Check, line: _Line) -> bytes | None:
    """The hash of the event as it is now; reports when there is none to compute."""
    if line.event is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM trust_event WHERE municipality_id = %s AND id = %s", [check.municipality, line.id]
            )
            moved = cursor.fetchone() is not None
        if moved:
            check.report(Fault.CHANGED, "Het tijdstip van deze gebeurtenis is gewijzigd.", line.index, line.id)
        else:
            check.report(Fault.REMOVED, "Deze gebeurtenis is na het verzegelen verwijderd.", line.index, line.id)
        return None
    try:
        return leaf_hash(leaf_bytes(line.event))
    except (TypeError, ValueError):
        check.report(
            Fault.CHANGED, "Deze gebeurtenis heeft een inhoud die nooit zo is geschreven.", line.index, line.id
        )
        return None


def _compare_roots(check: _Check, statements: deque[_Statement]) -> None:
    while statements and statements[0].size <= check.frontier.size:
        stated = statements.popleft()
        root = check.frontier.root() if stated.size else EMPTY_ROOT
        if root != stated.root:
            who = "een bewaard controlepunt" if stated.kept else "het ondertekende controlepunt"
            check.report(Fault.ROOT, f"De eerste {stated.size} gebeurtenissen zijn niet die van {who}.", stated.size)


def _find_inserted(check: _Check, next_xid: str) -> None:
    """Events of long-ended transactions that are not in the log: written behind the sealer's back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.id FROM trust_event e WHERE e.municipality_id = %s AND e.xid < %s::xid8
            AND NOT EXISTS (SELECT 1 FROM trust_leaf l WHERE l.municipality_id = e.municipality_id AND l.id = e.id)
            ORDER BY e.id LIMIT %s""",
            [check.municipality, next_xid, MOST_FINDINGS],
        )
        for (event_id,) in cursor.fetchall():
            check.report(Fault.INSERTED, "Deze gebeurtenis is buiten het logboek om toegevoegd.", event=event_id)
