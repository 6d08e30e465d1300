"""Which columns of the data the law looks at, and reading them a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.population.cells import (
    NOTHING,
    Cells,
    Place,
    cell_value,
    cells_for,
    check_column,
    merged,
    read_cells,
)
from vliegwiel.law.population.columns import Ints, Mask, NameBits, NoUnits, Operand, Space
from vliegwiel.law.population.errors import WrongData
from vliegwiel.law.program import JUDGEMENT, Program, Unit
from vliegwiel.law.types import Group


@dataclass(slots=True)
class Input:
    """One datum, judgement or open term: its unit and the column (or columns, for a group) that give it."""

    key: str
    cells: Cells
    column: str | None
    parts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Intake:
    """All that is read. `ignored` are columns the law does not know; `absent` data that no column gives."""

    inputs: list[Input]
    columns: list[str]
    names: NameBits
    ignored: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The units that are given."""
        return frozenset(one.key for one in self.inputs)


def intake_of(
    programs: Sequence[Program],
    wanted: Sequence[str],
    schema: Mapping[str, pl.DataType],
    nothing: Sequence[str],
    names: NameBits,
) -> Intake:
    """Match the columns of the data with what the law asks. Raises `WrongData` for a column of the wrong type."""
    units = _asked(programs, wanted)
    known = {name for program in programs for name in program.inputs}
    _check_nothing(nothing, schema)

    def is_nothing(column: str) -> bool:
        return "*" in nothing or column in nothing

    inputs: list[Input] = []
    absent: list[str] = []
    for name, unit in units.items():
        bit = JUDGEMENT + unit.key if unit.kind == "oordeel" else name
        cells = cells_for(name, unit.type, bit, is_nothing)
        parts = (
            {p: f"{name}.{p}" for p in cells.parts if f"{name}.{p}" in schema} if isinstance(unit.type, Group) else {}
        )
        if name in schema:
            check_column(cells, schema[name])
            inputs.append(Input(unit.key, cells, name))
        elif parts:
            for part, column in parts.items():
                check_column(cells.parts[part], schema[column])
            inputs.append(Input(unit.key, cells, None, parts))
        elif unit.kind == "gegeven":
            absent.append(name)
    columns = [c for one in inputs for c in (one.parts.values() if one.column is None else [one.column])]
    companions = [c + NOTHING for c in columns if c + NOTHING in schema]
    for companion in companions:
        if not isinstance(schema[companion], (pl.Boolean, pl.Null)):
            raise WrongData(f"Kolom '{companion}' hoort ja of nee te zijn: of '{companion[: -len(NOTHING)]}' niets is.")
    ignored = [c for c in schema if c not in (*columns, *companions) and c.split(".")[0] not in known]
    return Intake(inputs, [*columns, *companions], names, tuple(ignored), tuple(absent))


def _asked(programs: Sequence[Program], wanted: Sequence[str]) -> dict[str, Unit]:
    """What may be given and is needed by any version, by name."""
    found: dict[str, Unit] = {}
    for program in programs:
        reached = program.reach([program.unit(name).key for name in wanted])
        for name, key in program.inputs.items():
            if key in reached:
                found.setdefault(name, program.units[key])
    return found


def _check_nothing(nothing: Iterable[str], schema: Mapping[str, pl.DataType]) -> None:
    columns = [*schema, *(f"{c}.{f.name}" for c, k in schema.items() for f in _fields(k))]
    for column in nothing:
        if column != "*" and column not in columns:
            meant = nearest(column, columns)
            raise WrongData(f"Er is geen kolom '{column}'." + (f" Bedoelt u '{meant}'?" if meant else ""))


def _fields(kind: object) -> Sequence[pl.Field]:
    if isinstance(kind, pl.List):
        return _fields(kind.inner)
    return kind.fields if isinstance(kind, pl.Struct) else ()


class Chunk(NoUnits):
    """A stretch of rows that was read: the columns of the law, and the exact values of single rows."""

    def __init__(self, intake: Intake, frame: pl.DataFrame, first: int) -> None:
        """`first` is the number of the first row in the whole (from 0). Raises `WrongData`."""
        self.intake = intake
        self.frame = frame
        self.names = intake.names
        self.first = first
        self.odd: Mask | None = None
        self.space = Space(self, frame.height)
        place = Place(first + 1, self.doubt)
        self.inputs = {one.key: self._read(one, place) for one in intake.inputs}

    def doubt(self, rows: Mask | Ints) -> None:
        """These rows hold something no column can hold exactly."""
        if self.odd is None:
            self.odd = np.zeros(self.frame.height, dtype=np.bool_)
        self.odd[rows] = True

    def _read(self, one: Input, place: Place) -> Operand:
        if one.column is not None:
            return read_cells(self.space, one.cells, self.frame[one.column], place, self._absent(one.column))
        fields = {
            part: read_cells(self.space, one.cells.parts[part], self.frame[column], place, self._absent(column))
            for part, column in one.parts.items()
        }
        return merged(one.cells, fields)

    def _absent(self, column: str) -> Mask | None:
        companion = column + NOTHING
        if companion not in self.frame.columns:
            return None
        return np.asarray(self.frame[companion].fill_null(False).to_numpy(), dtype=np.bool_)

    def values(self, rows: Sequence[int]) -> list[Mapping[str, Value]]:
        """What is given in these rows, by unit key, as the decision engine takes it."""
        found: list[Mapping[str, Value]] = []
        for row in self.frame[list(rows)].to_dicts():
            given: dict[str, Value] = {}
            for one in self.intake.inputs:
                if one.column is not None:
                    given[one.key] = cell_value(one.cells, row[one.column], row.get(one.column + NOTHING) is True)
                else:
                    given[one.key] = {
                        part: cell_value(cells, row[one.parts[part]], row.get(one.parts[part] + NOTHING) is True)
                        if part in one.parts
                        else Unknown(frozenset((cells.name,)))
                        for part, cells in one.cells.parts.items()
                    }
            found.append(given)
        return found
