"""A law for a whole population: the same rules as in a decision, over columns, in chunks that fit the cache, by two threads."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from vliegwiel.law.book import LawBook
from vliegwiel.law.errors import LawFault
from vliegwiel.law.feel.errors import FeelLimit
from vliegwiel.law.model import Text
from vliegwiel.law.population.cells import Cells, Place, read_cells
from vliegwiel.law.population.changing import changed
from vliegwiel.law.population.columns import Amount, NameBits, Space
from vliegwiel.law.population.errors import Cancelled, ChangeRefused, WrongData
from vliegwiel.law.population.grouping import Grouping, groupings
from vliegwiel.law.population.intake import Chunk, Intake, intake_of
from vliegwiel.law.population.outcomes import Outcome, outcome_of
from vliegwiel.law.population.plan import ChunkRun, Plan, make_plan, missing_names
from vliegwiel.law.population.reporting import Told, told
from vliegwiel.law.population.results import Progress, Simulation, Version
from vliegwiel.law.population.source import Source, opened
from vliegwiel.law.population.tallies import (
    ComparedTally,
    Groups,
    OutcomeTally,
    Weights,
    compared_tally,
    tallied,
)
from vliegwiel.law.population.writing import RowFile
from vliegwiel.law.program import Program
from vliegwiel.law.types import Number

CHUNK: Final = 131_072
# So many rows are read at once by one thread, and then computed chunk by chunk.
STRETCH: Final = CHUNK
_BASE: Final = "zoals het is"
_CHANGED: Final = "na wijziging"
_TELL_EVERY: Final = 0.1


@dataclass(frozen=True, slots=True)
class Work:
    """All that a chunk needs; shared by the threads."""

    intake: Intake
    plans: tuple[Plan, ...]
    groupings: tuple[Grouping, ...]
    weight: str | None
    keep: bool


@dataclass(slots=True)
class Part:
    """What came of one chunk: per version and outcome the counts, per other version and outcome what changes."""

    rows: int
    tallies: list[list[OutcomeTally]]
    compared: list[list[ComparedTally]]
    outcomes: list[list[list[Outcome]]]


def simulate(
    book: LawBook,
    law: str,
    wanted: Sequence[str],
    data: pl.DataFrame | pl.LazyFrame | Path | str,
    *,
    on: date,
    gemeente: str | None = None,
    gemeenten: Sequence[str] = (),
    change: Mapping[str, str] | None = None,
    versions: Sequence[Version] = (),
    by: Sequence[str] = (),
    weight: str | None = None,
    out: Path | None = None,
    nothing: Sequence[str] = (),
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = 2,
    chunk: int | None = None,
) -> Simulation:
    """What the law says for every row of the data.

    `wanted` are rules, open terms or norms, as in `decide`. `data` has a column for each datum, judgement or open term (a group:
    a struct, or `groep.veld`; a list: a list); other columns are ignored. No column, or an empty cell, is *unknown*. Known to be
    nothing is said by `nothing` (columns where empty means that; `"*"`: all), or per row by a column `naam.niets` that is true.

    `gemeente` gives one version. `gemeenten` gives one each, `change` one with and one without, `versions` any; all are compared
    with the first. `by` splits by columns (numbers in tenths, dates of birth in classes of age), `weight` is a column that says
    how many households a row stands for. `out` streams the outcome of each row to a Parquet file.

    Outcomes equal those of `decide`; what has no column form is computed by the decision engine and told in `slow`.
    Raises `WrongData`, `ChangeRefused`, `Cancelled`, `LawNotFound`, `NotInForce`, `LawFault`.
    """
    began = time.perf_counter()
    chosen = _versions(on, gemeente, gemeenten, change, versions)
    readings = [_Reading.of(book, law, version) for version in chosen]
    names = NameBits(name for reading in readings for name in missing_names(reading.program, wanted))
    with ExitStack() as stack:
        source = stack.enter_context(opened(data))
        intake = intake_of([reading.program for reading in readings], wanted, source.schema, nothing, names)
        plans = tuple(make_plan(r.program, r.on, wanted, intake.keys & set(r.program.units), names) for r in readings)
        work = Work(intake, plans, groupings(source, by, on), weight, out is not None)
        columns = _columns(work, source, by)
        rows = stack.enter_context(RowFile(out, [v.label for v in chosen], wanted, names)) if out else None
        ticker = _Ticker(source.rows, began, progress, cancelled)
        total = _run(work, source, columns, max(threads, 1), chunk or CHUNK, ticker, rows)
        if rows is not None:
            rows.finish()
    ignored = tuple(column for column in intake.ignored if column not in (*by, weight))
    seconds = time.perf_counter() - began
    told_of = Told(law, readings[0].text, tuple(wanted), tuple(chosen), work, total, ignored, seconds)
    return told(told_of)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A version made ready to run."""

    on: date
    text: Text
    program: Program

    @classmethod
    def of(cls, book: LawBook, law: str, version: Version) -> _Reading:
        """Raises `ChangeRefused`, `LawNotFound`, `NotInForce`."""
        own = version.book or book
        if version.on is None:
            raise ChangeRefused(f"Versie '{version.label}' heeft geen datum.")
        if version.change:
            own = changed(own, law, version.change, on=version.on, gemeente=version.gemeente)
        return cls(version.on, own.law(law, version.on), own.program(law, version.on, version.gemeente))


def _versions(
    on: date,
    gemeente: str | None,
    gemeenten: Sequence[str],
    change: Mapping[str, str] | None,
    versions: Sequence[Version],
) -> list[Version]:
    """The versions to work out; the first is the base."""
    if versions:
        found = [replace(v, on=v.on or on, gemeente=v.gemeente or gemeente) for v in versions]
    elif gemeenten:
        found = [Version(code, on, code) for code in gemeenten]
        if change:
            found += [Version(f"{code} {_CHANGED}", on, code, change) for code in gemeenten]
    else:
        found = [Version(_BASE, on, gemeente)]
        if change:
            found.append(Version(_CHANGED, on, gemeente, change))
    labels = [version.label for version in found]
    if len(set(labels)) < len(labels):
        raise ChangeRefused("Twee versies hebben dezelfde naam.")
    return found


def _columns(work: Work, source: Source, by: Sequence[str]) -> list[str]:
    """What must be read."""
    wanted = [*work.intake.columns, *by]
    if work.weight is not None:
        kind = source.schema.get(work.weight)
        if kind is None or not kind.is_numeric():
            raise WrongData(f"Er is geen kolom met getallen '{work.weight}' om mee te wegen.")
        wanted.append(work.weight)
    return list(dict.fromkeys(wanted))


class _Ticker:
    """Tells how far it is, not too often, and asks whether to go on."""

    def __init__(
        self,
        total: int,
        began: float,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.total = total
        self.began = began
        self.progress = progress
        self.cancelled = cancelled
        self.done = 0
        self.told = -1.0

    def check(self) -> None:
        """Raises `Cancelled`."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled("De berekening is gestopt.")

    def step(self, rows: int) -> None:
        """So many rows more."""
        self.done += rows
        self.check()
        seconds = time.perf_counter() - self.began
        if self.progress is not None and (seconds - self.told >= _TELL_EVERY or self.done >= self.total):
            self.told = seconds
            self.progress(Progress(self.done, self.total, seconds))


def _run(
    work: Work,
    source: Source,
    columns: list[str],
    threads: int,
    chunk: int,
    ticker: _Ticker,
    rows: RowFile | None,
) -> Part:
    """All chunks, in order, by these threads; a few ahead at most so that memory stays small."""
    total: Part | None = None
    waiting: deque[Future[Part]] = deque()
    stop = threading.Event()

    def one(frame: pl.DataFrame, first: int) -> Part:
        if stop.is_set():
            raise Cancelled("De berekening is gestopt.")
        return _stretch(work, frame, first, chunk)

    with ThreadPoolExecutor(threads, thread_name_prefix="bevolking") as pool:
        try:
            for first, frame in _pieces(source, columns, max(STRETCH, chunk)):
                ticker.check()
                waiting.append(pool.submit(one, frame, first))
                if len(waiting) > 2 * threads:
                    total = _taken(waiting.popleft().result(), total, ticker, rows)
            while waiting:
                total = _taken(waiting.popleft().result(), total, ticker, rows)
        finally:
            stop.set()
            for future in waiting:
                future.cancel()
    return total if total is not None else one_empty(work, source, columns)


def one_empty(work: Work, source: Source, columns: list[str]) -> Part:
    """The outcome for no rows at all."""
    empty = pl.DataFrame({column: pl.Series(column, [], dtype=source.schema[column]) for column in columns})
    return _stretch(work, empty, 0, CHUNK)


def _pieces(source: Source, columns: list[str], chunk: int) -> Iterator[tuple[int, pl.DataFrame]]:
    for first, block in source.blocks(columns) if columns else [(0, pl.DataFrame())]:
        size = block.height if columns else source.rows
        for start in range(0, size, chunk):
            piece = block.slice(start, chunk) if columns else pl.DataFrame(height=min(chunk, size - start))
            yield first + start, piece


def _taken(part: Part, total: Part | None, ticker: _Ticker, rows: RowFile | None) -> Part:
    """Add a chunk to the whole."""
    if rows is not None:
        for outcomes in part.outcomes:
            rows.write(outcomes)
        part.outcomes = []
    ticker.step(part.rows)
    if total is None:
        return part
    _add(total, part)
    return total


def _stretch(work: Work, frame: pl.DataFrame, first: int, chunk: int) -> Part:
    """One stretch through every version, a chunk at a time."""
    read = Chunk(work.intake, frame, first)
    weights = _weights(work, read, first)
    groups = [Groups(g.codes(frame[g.column]), len(g.labels)) for g in work.groupings]
    total: Part | None = None
    for start in range(0, max(frame.height, 1), chunk):
        end = min(start + chunk, frame.height)
        part = _chunk(work, read, _Slice(start, end, weights.cut(start, end), [g.cut(start, end) for g in groups]))
        if total is None:
            total = part
        else:
            _add(total, part)
            total.outcomes.extend(part.outcomes)
    return total if total is not None else Part(0, [], [], [])


@dataclass(frozen=True, slots=True)
class _Slice:
    """A chunk of what was read, with its weights and groups."""

    start: int
    end: int
    weights: Weights
    groups: list[Groups]


def _chunk(work: Work, read: Chunk, part: _Slice) -> Part:
    outcomes = [_outcomes(plan, read, part.start, part.end) for plan in work.plans]
    groups, weights = part.groups, part.weights
    return Part(
        rows=part.end - part.start,
        tallies=[[tallied(outcome, groups, weights) for outcome in version] for version in outcomes],
        compared=[
            [compared_tally(base, other, groups, weights) for base, other in zip(outcomes[0], version, strict=True)]
            for version in outcomes[1:]
        ],
        outcomes=[outcomes] if work.keep else [],
    )


def _outcomes(plan: Plan, read: Chunk, start: int, end: int) -> list[Outcome]:
    run = ChunkRun(plan, read.inputs, read.values, start, end - start)
    if read.odd is not None:
        run.doubt(read.odd[start:end])
    try:
        found = run.outcomes()
    except (LawFault, FeelLimit) as error:
        raise LawFault(f"In de rijen {read.first + start + 1} tot en met {read.first + end}: {error}") from error
    return [outcome_of(run.space, found[key]) for key in plan.wanted]


def _add(total: Part, part: Part) -> None:
    """Add a part to the whole."""
    for mine, more in zip(total.tallies, part.tallies, strict=True):
        for a, b in zip(mine, more, strict=True):
            a.add(b)
    for compared, more_compared in zip(total.compared, part.compared, strict=True):
        for c, d in zip(compared, more_compared, strict=True):
            c.add(d)
    total.rows += part.rows


def _weights(work: Work, chunk: Chunk, first: int) -> Weights:
    """How many households each row stands for. Raises `WrongData` for an empty or negative weight."""
    if work.weight is None:
        return Weights(None)
    values = chunk.frame[work.weight]
    wrong: list[int] = []
    space = Space(chunk, chunk.frame.height)
    cells = Cells(work.weight, Number(), "", nothing=True)
    read = read_cells(space, cells, values, Place(first + 1, lambda mask: wrong.extend(np.flatnonzero(mask).tolist())))
    if not isinstance(read, Amount):
        return Weights(np.zeros(0, dtype=np.int64)) if not len(values) else _no_weight(work.weight, first)
    if read.null is not None:
        wrong.extend(np.flatnonzero(read.null).tolist())
    wrong.extend(np.flatnonzero(read.data < 0).tolist())
    if wrong:
        return _no_weight(work.weight, first + min(wrong))
    return Weights(read.wide, read.den)


def _no_weight(column: str, row: int) -> Weights:
    raise WrongData(f"Kolom '{column}', rij {row + 1}: een gewicht is een getal van 0 of meer.")
