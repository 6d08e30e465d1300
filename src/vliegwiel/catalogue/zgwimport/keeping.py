"""Keep what was read of another system, with the report and a text to begin with for each case type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, NotFound, TooLarge
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require, scope_of

from ..models import Kind, ZgwImport
from ..versions import actions as versions
from ..versions.shelves import library_for
from .drafting import product_text, variant_text
from .proposing import Proposal
from .recognising import Recognised
from .report import as_data, as_markdown, report_on
from .reportdata import ReportData
from .resources import Reading

MOST_AT_ONCE = 1_500
"""Case types on a page: they are looked at while somebody waits."""
MOST_KEPT = 30


@dataclass(frozen=True, slots=True)
class ImportView:
    """Something that was read: `size` case types. `report` is empty in a list; `markdown` says the same for people."""

    id: UUID
    title: str
    source: str
    size: int
    by: str
    created_at: datetime
    report: ReportData
    markdown: str


def keep_import(actor: Staff, reading: Reading, *, title: str, source: str) -> UUID:
    """Look at what was read and keep what came out; gives its id. Needs `DEFINITIE_BEHEREN`.

    Raises `TooLarge` for more than can be looked at while somebody waits (the command line can), and `Conflict` when enough
    is kept.
    """
    if len(reading.case_types) > MOST_AT_ONCE:
        raise TooLarge(
            f"Dit zijn {len(reading.case_types)} zaaktypen. Hier kunnen er {MOST_AT_ONCE} tegelijk; voer er minder uit."
        )
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        if ZgwImport.objects.filter(municipality_id=actor.municipality).count() >= MOST_KEPT:
            raise Conflict(f"Er zijn al {MOST_KEPT} lijsten bewaard. Gooi er eerst een weg.")
        found = library_for(actor.municipality)
    made = report_on(reading, found)
    begins = [
        _begin(one, proposal, actor.municipality, title)
        for one, proposal in zip(made.recognition.case_types, made.proposals, strict=True)
    ]
    with scope_of(actor):
        row = ZgwImport.objects.create(
            municipality_id=actor.municipality,
            title=title[:200] or source[:200],
            source=source[:200],
            size=len(reading.case_types),
            content={"rapport": as_markdown(made, title), "begin": begins},
            report=msgspec.to_builtins(as_data(made)),
            created_by=actor.subject,
            created_by_name=actor.name,
            created_at=now(),
        )
        return row.id


def _begin(one: Recognised, proposal: Proposal, municipality: str, title: str) -> dict[str, str]:
    if proposal.product:
        text = variant_text(proposal, municipality, title, today().isoformat())
        return {"soort": Kind.VARIANT, "sleutel": proposal.product, "tekst": text}
    text = product_text(one, proposal)
    key = next(line for line in text.splitlines() if line.startswith("sleutel: ")).removeprefix("sleutel: ")
    return {"soort": Kind.PRODUCT, "sleutel": key, "tekst": text}


def imports(actor: Staff) -> tuple[ImportView, ...]:
    """What was read before, newest first, without the reports. Needs `DEFINITIE_BEHEREN`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        rows = ZgwImport.objects.filter(municipality_id=actor.municipality).defer("content", "report")
        return tuple(_view(row, ReportData(), "") for row in rows.order_by("-created_at"))


def one_import(actor: Staff, id_: UUID) -> ImportView:
    """One list with its report. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`."""
    with scope_of(actor):
        row = _row(actor, id_)
        return _view(row, msgspec.convert(row.report or {}, ReportData), str(row.content["rapport"]))


def remove_import(actor: Staff, id_: UUID) -> None:
    """Throw a list away. Drafts that were made of it stay. Raises `NotFound`."""
    with scope_of(actor):
        _row(actor, id_).delete()


def draft_of(actor: Staff, id_: UUID, place: int) -> tuple[str, str]:
    """Begin a draft of the case type at a place in the report; gives kind and key. Raises `NotFound` and `Conflict`."""
    with scope_of(actor):
        texts = _row(actor, id_).content["begin"]
        if not 0 <= place < len(texts):
            raise NotFound("Dit zaaktype staat niet in de lijst.")
        begin = texts[place]
        versions.start_draft(actor, begin["soort"], begin["sleutel"], text=begin["tekst"])
        return begin["soort"], begin["sleutel"]


def _row(actor: Staff, id_: UUID) -> ZgwImport:
    require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
    found = ZgwImport.objects.filter(municipality_id=actor.municipality, id=id_).first()
    if found is None:
        raise NotFound("Deze lijst is er niet (meer).")
    return found


def _view(row: ZgwImport, report: ReportData, markdown: str) -> ImportView:
    return ImportView(row.id, row.title, row.source, row.size, row.created_by_name, row.created_at, report, markdown)
