"""The report on case types as plain data: what is kept and what `--json` prints. Keys are Dutch."""

from __future__ import annotations

import msgspec

from vliegwiel.base.typed import prepare


class ProcessLine(msgspec.Struct, frozen=True, rename={
    "number": "nummer", "pattern": "patroon", "fit": "past", "case_types": "zaaktypen", "steps": "stappen", "sometimes": "soms",
    "results": "resultaten", "days": "dagen", "names": "namen",
}):  # fmt: skip
    """One truly different process, as it is kept. `fit`: 0 to 1; `days`: shortest and longest term; `names`: how many there were
    for its steps."""

    number: int
    pattern: str
    fit: float
    case_types: tuple[str, ...]
    steps: tuple[str, ...]
    sometimes: tuple[str, ...]
    results: tuple[str, ...]
    days: tuple[int, ...] | None
    names: int


class Differing(
    msgspec.Struct, frozen=True, rename={"path": "pad", "value": "waarde", "reason": "reden"}, omit_defaults=True
):
    """A place where a case type says something else than its pattern; without a reason only the words differ."""

    path: str
    value: object
    reason: str = ""


class CaseTypeLine(msgspec.Struct, frozen=True, rename={
    "name": "zaaktype", "identification": "identificatie", "process": "proces", "pattern": "patroon", "fit": "past",
    "sure": "zeker", "next_pattern": "anders", "product_name": "productnaam", "product_sure": "product_zeker",
    "slots": "openingen", "deviations": "afwijkingen", "wordings": "woorden", "fixed": "ligt_vast", "questions": "vragen",
}):  # fmt: skip
    """One case type: what it was recognised as, and what is proposed. `process` is None for one that stands by itself."""

    name: str
    identification: str
    process: int | None
    pattern: str
    fit: float
    sure: bool
    next_pattern: str
    product: str
    product_name: str
    product_sure: bool
    upl: str
    slots: tuple[str, ...]
    deviations: tuple[Differing, ...]
    wordings: tuple[Differing, ...]
    fixed: tuple[str, ...]
    questions: tuple[str, ...]


class ReportData(msgspec.Struct, frozen=True, rename={
    "count": "zaaktypen", "processes": "processen", "apart": "op_zichzelf", "case_types": "per_zaaktype",
    "skipped": "niet_gelezen",
}):  # fmt: skip
    """The report as plain data: what `--json` prints and what is kept. Keys are Dutch."""

    count: int = 0
    processes: tuple[ProcessLine, ...] = ()
    apart: tuple[str, ...] = ()
    case_types: tuple[CaseTypeLine, ...] = ()
    skipped: tuple[str, ...] = ()


prepare(ReportData)
