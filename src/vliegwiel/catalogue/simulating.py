"""Doing a calculation for a population: the rows are made or read, the law is applied to all, and only totals come out.

Imported by the job only when it runs: it brings Polars, which web pages never need.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from time import monotonic
from uuid import UUID

import polars as pl

from vliegwiel.base import storage
from vliegwiel.base.errors import VliegwielError
from vliegwiel.law import LawBook
from vliegwiel.law.population.errors import Cancelled, WrongData
from vliegwiel.law.population.results import (
    ComparedGroup,
    Comparison,
    GroupSummary,
    Progress,
    Simulation,
    Summary,
    Version,
)
from vliegwiel.law.population.simulating import simulate
from vliegwiel.law.population.synthetic import ASSUMPTIONS, generate
from vliegwiel.law.program import Program
from vliegwiel.law.types import Choice, Money, kind_of

from . import actions
from .lawbook import law_book
from .simulations import CHANGED, NOW, Figures, GroupLine, OutcomeResult, Question, Result, Split

MOST_ROWS = 2_000_000
_PAUSE = 0.5
"""Seconds between two looks at the table: is it still wanted, and how far is it."""


def run(municipality: str, simulation: UUID) -> None:
    """Do a calculation that waits; nothing when it is not there any more or has ended. What fails is told on its page."""
    begun = actions.begin_simulation(municipality, simulation)
    if begun is None:
        return
    question, file = begun
    watch = _Watch(municipality, simulation)
    try:
        with _population(municipality, question, file) as rows:
            result = calculate(law_book(), question, rows, watch)
    except Cancelled:
        actions.end_simulation(municipality, simulation, sentence="", cancelled=True)
    except VliegwielError as error:
        actions.end_simulation(municipality, simulation, sentence=error.sentence)
    else:
        actions.finish_simulation(municipality, simulation, result)


@dataclass(slots=True)
class _Watch:
    """Tells how far it is, and hears whether it must stop; not more often than needed."""

    municipality: str
    simulation: UUID
    told: float = 0.0
    stop: bool = False
    seen: list[Progress] = field(default_factory=list)

    def progress(self, found: Progress) -> None:
        """How far it is."""
        self.seen[:] = [found]
        self._look()

    def cancelled(self) -> bool:
        """Whether somebody stopped it, or took it away."""
        self._look()
        return self.stop

    def _look(self) -> None:
        if monotonic() - self.told < _PAUSE:
            return
        self.told = monotonic()
        done, total = (self.seen[0].done, self.seen[0].total) if self.seen else (0, 0)
        self.stop = not actions.note_progress(self.municipality, self.simulation, done=done, total=total)


@contextmanager
def _population(municipality: str, question: Question, file: str) -> Iterator[pl.DataFrame | Path]:
    """The rows: made up, or read from the file that was uploaded, which is gone afterwards."""
    if not file:
        yield generate(question.town or municipality, question.households, question.seed, question.on)
        return
    with tempfile.NamedTemporaryFile(suffix=Path(file).suffix) as copy:
        copy.write(storage.get(municipality, file))
        copy.flush()
        yield Path(copy.name)


def calculate(book: LawBook, question: Question, rows: pl.DataFrame | Path, watch: _Watch | None = None) -> Result:
    """The law over all rows, as it is and changed. Raises what `simulate` raises."""
    versions = [Version(NOW, question.on, question.town)]
    if question.changed:
        change = {one.name: one.expression for one in question.changes}
        versions.append(
            Version(CHANGED, question.other_on or question.on, question.other_town or question.town, change)
        )
    found = simulate(
        book,
        question.law,
        list(question.wanted),
        rows,
        on=question.on,
        gemeente=question.town,
        versions=versions,
        by=list(question.by),
        nothing=("*",) if question.empty_is_none else (),
        progress=watch.progress if watch else None,
        cancelled=watch.cancelled if watch else None,
    )
    _check(question, found)
    return _result(book, question, found)


def _check(question: Question, found: Simulation) -> None:
    """An uploaded file may hold what the law asks, and nothing else: no names, no numbers of people."""
    if not question.file_name:
        return
    if found.rows.rows > MOST_ROWS:
        raise WrongData(f"Het bestand heeft {found.rows.rows} rijen. Meer dan {MOST_ROWS} kan hier niet.")
    strange = [name for name in found.ignored if name not in question.by]
    if strange:
        names = ", ".join(f"'{name}'" for name in strange[:8])
        raise WrongData(f"De wet vraagt niet naar {names}. Haal deze kolommen uit het bestand en probeer het opnieuw.")


def _result(book: LawBook, question: Question, found: Simulation) -> Result:
    program = book.program(question.law, question.on, question.town)
    labels = {name: program.units[key].label for name, key in program.names.items()}
    labels |= {name: program.units[key].label for name, key in program.inputs.items()}
    notes = [] if question.file_name else list(ASSUMPTIONS)
    notes += [f"Per rij uitgerekend: {one.label}. {one.why}" for one in found.slow]
    return Result(
        rows=found.rows.rows,
        households=found.rows.weighted,
        outcomes=tuple(_outcome(found, name, _Named(program)) for name in found.wanted),
        absent=tuple(labels.get(name, name) for name in found.absent),
        notes=tuple(dict.fromkeys(notes)),
        seconds=found.seconds,
    )


def _outcome(found: Simulation, name: str, named: _Named) -> OutcomeResult:
    now = found.summary(name)
    then = found.summary(name, found.versions[1].label) if len(found.versions) > 1 else None
    compared = next((one for one in found.comparisons if one.name == name), None)
    none = Decimal(0)
    return OutcomeResult(
        name=name,
        label=now.label,
        kind=kind_of(now.type),
        amount=isinstance(now.type, Money),
        now=_figures(NOW, now),
        then=_figures(CHANGED, then) if then is not None else None,
        gains=compared.gains.weighted if compared else none,
        loses=compared.loses.weighted if compared else none,
        differs=compared.differs.weighted if compared else none,
        same=compared.same.weighted if compared else none,
        unknown=compared.unknown.weighted if compared else now.unknown.weighted,
        total=compared.total if compared else None,
        gain_total=compared.gain_total if compared else None,
        loss_total=compared.loss_total if compared else None,
        splits=_splits(now, compared, named),
        missing=tuple((reason.label, reason.count.weighted) for reason in now.missing[:8]),
    )


def _figures(label: str, one: Summary) -> Figures:
    return Figures(
        label,
        yes=one.yes.weighted,
        no=one.no.weighted,
        value=one.value.weighted,
        nothing=one.nothing.weighted,
        unknown=one.unknown.weighted,
        total=one.total,
        mean=one.mean,
        median=one.median,
    )


class _Named:
    """What columns and their values are called."""

    def __init__(self, program: Program) -> None:
        self.units = {name: program.units[key] for name, key in program.inputs.items()}

    def column(self, name: str) -> str:
        """What a column is called."""
        return self.units[name].label if name in self.units else name.replace("_", " ")

    def group(self, column: str, value: str) -> str:
        """What a group of a column is called."""
        type_ = self.units[column].type if column in self.units else None
        return type_.label(value) if isinstance(type_, Choice) else value


def _splits(now: Summary, compared: Comparison | None, named: _Named) -> tuple[Split, ...]:
    if compared is None:
        return tuple(
            Split(
                split.column, named.column(split.column), tuple(_plain(named, split.column, one) for one in split.rows)
            )
            for split in now.groups
        )
    return tuple(
        Split(split.column, named.column(split.column), tuple(_moved(named, split.column, one) for one in split.rows))
        for split in compared.groups
    )


def _moved(named: _Named, column: str, one: ComparedGroup) -> GroupLine:
    return GroupLine(
        group=named.group(column, one.group),
        rows=one.rows.rows,
        households=one.rows.weighted,
        gains=one.gains.weighted,
        loses=one.loses.weighted,
        differs=one.differs.weighted,
        same=one.same.weighted,
        unknown=one.unknown.weighted,
        total=one.total,
        mean=one.mean,
    )


def _plain(named: _Named, column: str, one: GroupSummary) -> GroupLine:
    none = Decimal(0)
    group = named.group(column, one.group)
    return GroupLine(
        group, one.rows.rows, one.rows.weighted, none, none, none, none, one.unknown.weighted, one.total, one.mean
    )
