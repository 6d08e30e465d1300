"""From counts to the result that people read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from vliegwiel.law.model import Text
from vliegwiel.law.population.grouping import EMPTY, Grouping
from vliegwiel.law.population.plan import Plan
from vliegwiel.law.population.results import (
    ComparedGroup,
    ComparedSplit,
    Comparison,
    Count,
    GroupSummary,
    Reason,
    Simulation,
    SlowRule,
    Split,
    Summary,
    Version,
    VersionResult,
)
from vliegwiel.law.population.tallies import ComparedTally, OutcomeTally, Tally, as_decimal
from vliegwiel.law.population.writing import plain_name
from vliegwiel.law.program import JUDGEMENT, NORM, OPEN, Program

if TYPE_CHECKING:
    from vliegwiel.law.population.simulating import Part, Work


@dataclass(frozen=True, slots=True)
class Told:
    """All there is to tell."""

    law: str
    text: Text
    wanted: tuple[str, ...]
    versions: tuple[Version, ...]
    work: Work
    part: Part
    ignored: tuple[str, ...]
    seconds: float

    @property
    def plans(self) -> tuple[Plan, ...]:
        """A plan per version."""
        return self.work.plans

    @property
    def groupings(self) -> tuple[Grouping, ...]:
        """What is split by."""
        return self.work.groupings


def told(found: Told) -> Simulation:
    """The result."""
    versions = tuple(
        VersionResult(
            version.label,
            plan.on,
            version.gemeente,
            tuple(version.change.items()),
            tuple(_summary(found, plan, name, tally) for name, tally in zip(found.wanted, tallies, strict=True)),
        )
        for version, plan, tallies in zip(found.versions, found.plans, found.part.tallies, strict=True)
    )
    every = found.part.tallies[0][0].every[0] if found.part.tallies[0] else Tally.empty(1)
    return Simulation(
        law=found.law,
        law_name=f"{found.text.name}, {found.text.part}" if found.text.part else found.text.name,
        wanted=found.wanted,
        rows=_count(every),
        weight=found.work.weight,
        versions=versions,
        comparisons=tuple(_comparisons(found)),
        slow=tuple(_slow(found)),
        recomputed=sum(plan.recomputed for plan in found.plans),
        ignored=found.ignored,
        absent=found.work.intake.absent,
        seconds=found.seconds,
    )


def _count(tally: Tally, place: int = 0) -> Count:
    return Count(int(tally.rows[place]), as_decimal(tally.weighted[place]) or Decimal(0))


def _sum(tally: Tally, place: int = 0) -> Decimal | None:
    return None if tally.sums is None else as_decimal(tally.sums[place])


def _mean(total: Fraction, weight: Fraction) -> Decimal | None:
    return as_decimal(total / weight, 4) if weight else None


def _summary(found: Told, plan: Plan, name: str, tally: OutcomeTally) -> Summary:
    unit = plan.program.unit(name)
    value = tally.value[0]
    amounts = tally.amounts
    sums = value.sums[0] if value.sums is not None else Fraction(0)
    return Summary(
        name=name,
        label=unit.label,
        type=unit.type,
        rows=_count(tally.every[0]),
        yes=_count(tally.yes[0]),
        no=_count(tally.no),
        value=_count(value),
        nothing=_count(tally.nothing),
        unknown=_count(tally.unknown[0]),
        choices=tuple(
            (word, Count(rows, as_decimal(tally.choices_weighted[word]) or Decimal(0)))
            for word, rows in tally.choices.most_common()
        ),
        total=as_decimal(sums) if amounts else None,
        mean=_mean(sums, value.weighted[0]) if amounts else None,
        median=as_decimal(tally.values.median(), 4) if amounts else None,
        lowest=as_decimal(tally.lowest),
        highest=as_decimal(tally.highest),
        missing=tuple(_reasons(plan, tally)),
        groups=tuple(
            Split(grouping.column, tuple(_groups(grouping, tally, place)))
            for place, grouping in enumerate(found.groupings, 1)
        ),
    )


def _groups(grouping: Grouping, tally: OutcomeTally, place: int) -> Iterator[GroupSummary]:
    every, value = tally.every[place], tally.value[place]
    for number, label in enumerate(grouping.labels):
        if label == EMPTY and not every.rows[number]:
            continue
        total = value.sums[number] if value.sums is not None else Fraction(0)
        yield GroupSummary(
            label,
            _count(every, number),
            _count(tally.yes[place], number),
            _count(tally.unknown[place], number),
            as_decimal(total) if tally.amounts else None,
            _mean(total, value.weighted[number]) if tally.amounts else None,
        )


def _reasons(plan: Plan, tally: OutcomeTally) -> Iterator[Reason]:
    """Why outcomes are unknown: in how many rows each name was missing, most first."""
    rows: dict[str, int] = {}
    weighted: dict[str, Fraction] = {}
    for bits, count in tally.missing.items():
        for name in plan.names.spelled(bits):
            rows[name] = rows.get(name, 0) + count
            weighted[name] = weighted.get(name, Fraction(0)) + tally.missing_weighted[bits]
    for name in sorted(rows, key=lambda n: (-rows[n], n)):
        label = _label(plan.program, name)
        yield Reason(plain_name(name), label, Count(rows[name], as_decimal(weighted[name]) or Decimal(0)))


def _label(program: Program, name: str) -> str:
    for prefix in (JUDGEMENT, OPEN, NORM):
        if name.startswith(prefix):
            key = name.removeprefix(prefix)
            return program.units[key].label if key in program.units else key
    head = name.partition(".")[0]
    return program.units[head].label if head in program.units else name


def _comparisons(found: Told) -> Iterator[Comparison]:
    base = found.versions[0]
    for version, tallies in zip(found.versions[1:], found.part.compared, strict=True):
        for name, tally in zip(found.wanted, tallies, strict=True):
            yield _comparison(found, base.label, version.label, name, tally)


def _comparison(found: Told, base: str, other: str, name: str, tally: ComparedTally) -> Comparison:
    unit = found.plans[0].program.unit(name)
    gain, loss = _sums(tally.gains[0]), _sums(tally.loses[0])
    amounts = tally.amounts
    return Comparison(
        base=base,
        other=other,
        name=name,
        label=unit.label,
        type=unit.type,
        rows=_count(tally.every[0]),
        gains=_count(tally.gains[0]),
        loses=_count(tally.loses[0]),
        differs=_count(tally.differs[0]),
        same=_count(tally.same[0]),
        unknown=_count(tally.unknown[0]),
        total=as_decimal(gain + loss) if amounts else None,
        gain_total=as_decimal(gain) if amounts else None,
        loss_total=as_decimal(loss) if amounts else None,
        groups=tuple(
            ComparedSplit(grouping.column, tuple(_compared_groups(grouping, tally, place)))
            for place, grouping in enumerate(found.groupings, 1)
        ),
    )


def _sums(tally: Tally, place: int = 0) -> Fraction:
    return tally.sums[place] if tally.sums is not None else Fraction(0)


def _compared_groups(grouping: Grouping, tally: ComparedTally, place: int) -> Iterator[ComparedGroup]:
    every = tally.every[place]
    for number, label in enumerate(grouping.labels):
        if label == EMPTY and not every.rows[number]:
            continue
        total = _sums(tally.gains[place], number) + _sums(tally.loses[place], number)
        yield ComparedGroup(
            label,
            _count(every, number),
            _count(tally.gains[place], number),
            _count(tally.loses[place], number),
            _count(tally.differs[place], number),
            _count(tally.same[place], number),
            _count(tally.unknown[place], number),
            as_decimal(total) if tally.amounts else None,
            _mean(total, every.weighted[number]) if tally.amounts else None,
        )


def _slow(found: Told) -> Iterator[SlowRule]:
    for version, plan in zip(found.versions, found.plans, strict=True):
        for key, slow in plan.slow.items():
            if slow.rows:
                unit = plan.program.units[key]
                yield SlowRule(version.label, unit.name, unit.label, slow.why, slow.rows, slow.distinct)
