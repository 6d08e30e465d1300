"""What comes out of a simulation: outcomes per version, and what changes between two, for whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import msgspec

from vliegwiel.law.book import LawBook
from vliegwiel.law.types import Type, kind_of


@dataclass(frozen=True, slots=True)
class Version:
    """One reading of the law. What is None is that of the simulation.

    `change` maps a rule, norm or open term to an expression.
    """

    label: str
    on: date | None = None
    gemeente: str | None = None
    change: Mapping[str, str] = field(default_factory=dict)
    book: LawBook | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is. Rows, and seconds since the start."""

    done: int
    total: int
    seconds: float

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.done / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class Count:
    """So many rows, and how many households they stand for."""

    rows: int
    weighted: Decimal


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """One group of a split. `total` and `mean` are None for outcomes that are no amount."""

    group: str
    rows: Count
    yes: Count
    unknown: Count
    total: Decimal | None
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class Split:
    """An outcome by the groups of a column."""

    column: str
    rows: tuple[GroupSummary, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A name that was missing in rows with an unknown outcome."""

    name: str
    label: str
    count: Count


@dataclass(frozen=True, slots=True)
class Summary:
    """One outcome over all rows. `total` is weighted; `mean`, `median`, `lowest` and `highest` are of rows with a value."""

    name: str
    label: str
    type: Type
    rows: Count
    yes: Count
    no: Count
    value: Count
    nothing: Count
    unknown: Count
    choices: tuple[tuple[str, Count], ...]
    total: Decimal | None
    mean: Decimal | None
    median: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    missing: tuple[Reason, ...]
    groups: tuple[Split, ...]


@dataclass(frozen=True, slots=True)
class VersionResult:
    """The outcomes under one version of the law."""

    label: str
    on: date
    gemeente: str | None
    change: tuple[tuple[str, str], ...]
    outcomes: tuple[Summary, ...]


@dataclass(frozen=True, slots=True)
class ComparedGroup:
    """What changes for one group. `mean` is the difference per household of the group."""

    group: str
    rows: Count
    gains: Count
    loses: Count
    differs: Count
    same: Count
    unknown: Count
    total: Decimal | None
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class ComparedSplit:
    """What changes, by the groups of a column."""

    column: str
    rows: tuple[ComparedGroup, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from `base` to `other` for one outcome.

    An amount gains when it becomes higher (nothing counts as 0), ja/nee when it becomes ja; another choice `differs`.
    `unknown`: one of the two is. `total` is the weighted sum of all differences, of which `gain_total` and `loss_total`
    (negative) are parts.
    """

    base: str
    other: str
    name: str
    label: str
    type: Type
    rows: Count
    gains: Count
    loses: Count
    differs: Count
    same: Count
    unknown: Count
    total: Decimal | None
    gain_total: Decimal | None
    loss_total: Decimal | None
    groups: tuple[ComparedSplit, ...]


@dataclass(frozen=True, slots=True)
class SlowRule:
    """A rule without a column form: the decision engine computed it, `distinct` times for `rows` rows."""

    version: str
    rule: str
    label: str
    why: str
    rows: int
    distinct: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """A law worked out for a population.

    `recomputed` counts rows that the decision engine computed as a whole (ties, overflow, values without an exact column form).
    `ignored` are columns the law does not know, `absent` data it asks that no column gives.
    """

    law: str
    law_name: str
    wanted: tuple[str, ...]
    rows: Count
    weight: str | None
    versions: tuple[VersionResult, ...]
    comparisons: tuple[Comparison, ...]
    slow: tuple[SlowRule, ...]
    recomputed: int
    ignored: tuple[str, ...]
    absent: tuple[str, ...]
    seconds: float

    def version(self, label: str) -> VersionResult:
        """The outcomes of one version. Raises `KeyError`."""
        return {version.label: version for version in self.versions}[label]

    def summary(self, name: str, label: str | None = None) -> Summary:
        """One outcome, of the first version unless another is named. Raises `KeyError`."""
        version = self.versions[0] if label is None else self.version(label)
        return {outcome.name: outcome for outcome in version.outcomes}[name]

    def to_json(self) -> bytes:
        """Everything. Amounts are text, so that nothing is rounded."""
        return msgspec.json.encode(self)

    def to_csv(self) -> str:
        """One table: every version, outcome and group on a line of its own, then the comparisons."""
        out = io.StringIO()
        rows = csv.writer(out, delimiter=";", lineterminator="\n")
        rows.writerow(_HEAD)
        for version in self.versions:
            for outcome in version.outcomes:
                rows.writerow(_summary_line(version, outcome))
                rows.writerows(
                    _group_line(version, outcome, split.column, group)
                    for split in outcome.groups
                    for group in split.rows
                )
        if self.comparisons:
            rows.writerow([])
            rows.writerow(_COMPARED_HEAD)
        for found in self.comparisons:
            rows.writerow(_compared_line(found))
            rows.writerows(
                _compared_group(found, split.column, group) for split in found.groups for group in split.rows
            )
        return out.getvalue()


_HEAD = (
    "versie", "peildatum", "gemeente", "uitkomst", "soort", "kolom", "groep", "rijen", "huishoudens", "ja", "nee", "waarde",
    "niets", "onbekend", "totaal", "gemiddelde", "mediaan", "laagste", "hoogste",
)  # fmt: skip
_COMPARED_HEAD = (
    "van", "naar", "uitkomst", "soort", "kolom", "groep", "rijen", "huishoudens", "vooruit", "achteruit", "anders", "gelijk",
    "onbekend", "verschil totaal", "waarvan vooruit", "waarvan achteruit", "verschil gemiddeld",
)  # fmt: skip


def _text(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"


def _summary_line(version: VersionResult, outcome: Summary) -> list[object]:
    counts = (outcome.yes, outcome.no, outcome.value, outcome.nothing, outcome.unknown)
    amounts = (outcome.total, outcome.mean, outcome.median, outcome.lowest, outcome.highest)
    return [
        version.label, version.on.isoformat(), version.gemeente or "", outcome.name, kind_of(outcome.type), "", "",
        outcome.rows.rows, _text(outcome.rows.weighted), *(_text(c.weighted) for c in counts), *map(_text, amounts),
    ]  # fmt: skip


def _group_line(version: VersionResult, outcome: Summary, column: str, group: GroupSummary) -> list[object]:
    return [
        version.label, version.on.isoformat(), version.gemeente or "", outcome.name, kind_of(outcome.type), column, group.group,
        group.rows.rows, _text(group.rows.weighted), _text(group.yes.weighted), "", "", "", _text(group.unknown.weighted),
        _text(group.total), _text(group.mean), "", "", "",
    ]  # fmt: skip


def _compared_line(found: Comparison) -> list[object]:
    counts = (found.gains, found.loses, found.differs, found.same, found.unknown)
    mean = found.total / found.rows.weighted if found.total is not None and found.rows.weighted else None
    return [
        found.base, found.other, found.name, kind_of(found.type), "", "", found.rows.rows, _text(found.rows.weighted),
        *(_text(c.weighted) for c in counts), _text(found.total), _text(found.gain_total), _text(found.loss_total),
        _text(None if mean is None else round(mean, 4)),
    ]  # fmt: skip


def _compared_group(found: Comparison, column: str, group: ComparedGroup) -> list[object]:
    counts = (group.gains, group.loses, group.differs, group.same, group.unknown)
    return [
        found.base, found.other, found.name, kind_of(found.type), column, group.group, group.rows.rows,
        _text(group.rows.weighted), *(_text(c.weighted) for c in counts), _text(group.total), "", "", _text(group.mean),
    ]  # fmt: skip
