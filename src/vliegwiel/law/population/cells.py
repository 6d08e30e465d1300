"""Columns of a data frame as columns of the law: types checked, numbers exact, empty cells unknown or nothing.

Column types that a law type takes: ja/nee: boolean (or text ja/nee); geld, getal: whole numbers, decimals, floating point (as
the shortest decimal that gives it: 12.1 is 12.1); datum: date; keuze, tekst: text, Enum, Categorical; duur in maanden: whole
numbers; duur in dagen: whole numbers or a duration; lijst: list; groep: struct.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Final, TypeAlias

import numpy as np
import polars as pl

from vliegwiel.law.feel.temporal import DAY_SECONDS, DaysDuration, MonthsDuration, Time
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.plain import NotThisType, accept, expected
from vliegwiel.law.population.columns import (
    LIMIT,
    Amount,
    Blank,
    Column,
    Gap,
    Ints,
    Lit,
    Mask,
    Operand,
    Record,
    Series,
    Space,
    Truth,
    Words,
    code_type,
    narrowed,
    some,
)
from vliegwiel.law.population.errors import WrongData
from vliegwiel.law.population.making import column_of
from vliegwiel.law.types import (
    Choice,
    Clock,
    Day,
    Days,
    Group,
    Many,
    Moment,
    Money,
    Months,
    Number,
    Text,
    Type,
    YesNo,
    kind_of,
)

NOTHING: Final = ".niets"
_YES_NO: Final = {"ja": True, "nee": False, "true": True, "false": False}
_MOST_DECIMALS: Final = 9
_PIECE: Final = 8_192
_SHORTEST: Final = (0, 2, 4, 6, 9)

_ALLOWED: Final[dict[type, str]] = {
    YesNo: "ja of nee (boolean)",
    Money: "bedragen (decimalen, gehele getallen of kommagetallen van 64 bits)",
    Number: "getallen (kommagetallen van 64 bits)",
    Day: "datums",
    Choice: "tekst",
    Text: "tekst",
    Months: "gehele getallen (maanden)",
    Days: "gehele getallen (dagen) of een duur",
    Clock: "tijden",
    Moment: "datums met een tijd",
    Many: "een lijst",
    Group: "een groep (struct)",
}


@dataclass(slots=True)
class Cells:
    """How to read one column (or one field of it) of the law.

    `name` is what is missing where a cell is empty; `nothing` says that an empty cell is known to be nothing. `decimals` is
    what the numbers turned out to have so far.
    """

    column: str
    type: Type
    name: str
    nothing: bool = False
    decimals: int = 0
    parts: dict[str, Cells] = field(default_factory=dict)


def cells_for(column: str, type_: Type, name: str, nothing: Callable[[str], bool]) -> Cells:
    """How to read a column of this type; `name` is the bit of its unknown, `nothing` which columns mean null by empty."""
    cells = Cells(column, type_, name, nothing(column), 2 if isinstance(type_, Money) else 0)
    inner = type_.of if isinstance(type_, Many) else type_
    if isinstance(type_, Many) and not isinstance(inner, Group):
        cells.parts[""] = cells_for(column, inner, name, lambda _: False)
    if isinstance(inner, Group):
        for part, kind in inner.fields:
            cells.parts[part] = cells_for(f"{column}.{part}", kind, f"{name}.{part}", nothing)
    return cells


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows of a chunk are in the file, for messages (first row is 1); `odd` takes rows no column can hold."""

    first: int
    odd: Callable[[Mask], None]

    def wrong(self, cells: Cells, row: int, shown: object) -> WrongData:
        """The message about one cell."""
        return WrongData(
            f"Kolom '{cells.column}', rij {self.first + row}: hier hoort {expected(cells.type)}. Er staat '{shown}'."
        )


def read_cells(space: Space, cells: Cells, values: pl.Series, place: Place, absent: Mask | None = None) -> Operand:
    """A column of the law. `absent` are rows known to be nothing by a column of their own. Raises `WrongData`."""
    empty = values.is_null().to_numpy() if values.null_count() else None
    if values.dtype == pl.Null:
        empty = np.ones(space.size, dtype=np.bool_)
    null, gap = _states(space, cells, empty, absent)
    if empty is not None and empty.all() and not isinstance(cells.type, (Many, Group)):
        return Blank(null, gap)
    reader = _READERS.get(type(cells.type), _other)
    return reader(space, cells, values, place, _State(null, gap))


def check_column(cells: Cells, kind: pl.DataType) -> None:
    """Whether a column can hold what the law asks. Raises `WrongData`."""
    type_ = cells.type
    takes = _TAKES.get(type(type_))
    good = takes is None or takes(kind) or kind == pl.Null
    if not good:
        allowed = _ALLOWED.get(type(type_), kind_of(type_))
        raise WrongData(f"Kolom '{cells.column}' heeft het type {kind}. Hier horen {allowed}.")
    if isinstance(type_, Many) and isinstance(kind, pl.List):
        inner = kind.inner
        if isinstance(type_.of, Group):
            _check_fields(cells, inner)
        elif isinstance(inner, pl.DataType):
            check_column(cells.parts[""], inner)
    elif isinstance(type_, Group):
        _check_fields(cells, kind)


def _check_fields(cells: Cells, kind: object) -> None:
    if kind == pl.Null:
        return
    if not isinstance(kind, pl.Struct):
        raise WrongData(f"Kolom '{cells.column}' heeft het type {kind}. Hier hoort een groep (struct).")
    for part in kind.fields:
        if part.name not in cells.parts:
            known = ", ".join(cells.parts)
            raise WrongData(f"Kolom '{cells.column}': het onderdeel '{part.name}' bestaat niet. Toegestaan: {known}.")
        if isinstance(part.dtype, pl.DataType):
            check_column(cells.parts[part.name], part.dtype)


@dataclass(frozen=True, slots=True)
class _State:
    null: Mask | None
    gap: Gap | None

    def known(self, mask: Mask) -> Mask:
        if self.null is not None:
            mask = mask & ~self.null
        return mask if self.gap is None else mask & ~self.gap.mask


def _states(space: Space, cells: Cells, empty: Mask | None, absent: Mask | None) -> tuple[Mask | None, Gap | None]:
    null = some(absent) if absent is not None else None
    if empty is None:
        return null, None
    if cells.nothing:
        return (empty if null is None else empty | null), None
    unknown = empty if null is None else empty & ~null
    gap = space.run.names.full(space.size, space.run.names.bits((cells.name,)))
    return null, narrowed(Gap(gap.mask, gap.bits), unknown)


_Reader: TypeAlias = Callable[[Space, Cells, pl.Series, Place, _State], Operand]


def _yes_no(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Operand:
    if values.dtype == pl.String:
        lowered = values.str.to_lowercase()
        wrong = (~lowered.is_in(list(_YES_NO))).fill_null(False)
        if wrong.any():
            row = int(wrong.arg_true()[0])
            raise place.wrong(cells, row, values[row])
        values = lowered.is_in(["ja", "true"])
    yes = (values.fill_null(False) if values.null_count() else values).to_numpy()
    return Truth(state.known(np.asarray(yes, dtype=np.bool_)), state.null, state.gap)


def _number(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Operand:
    kind = values.dtype
    if kind.is_integer():
        whole = values.cast(pl.Int64, strict=False)
        if whole.null_count() != values.null_count():
            place.odd((whole.is_null() & values.is_not_null()).to_numpy())
        return _exact(whole, 1, place, state)
    if isinstance(kind, pl.Decimal):
        scale = kind.scale or 0
        whole = values.to_physical().cast(pl.Int64, strict=False)
        if whole.null_count() != values.null_count():
            place.odd((whole.is_null() & values.is_not_null()).to_numpy())
        return _exact(whole, 10**scale, place, state)
    return _floating(space, cells, values, place, state)


def _exact(whole: pl.Series, den: int, place: Place, state: _State) -> Amount:
    data = (whole.fill_null(0) if whole.null_count() else whole).to_numpy()
    size = max(abs(int(data.max())), abs(int(data.min()))) if len(data) else 0
    if size >= LIMIT:
        large = (data >= LIMIT) | (data <= -LIMIT)
        place.odd(large)
        data, size = np.where(large, 0, data), LIMIT - 1
    return Amount(data, size, den=den, null=state.null, gap=state.gap)


def _floating(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Amount:
    data = (values.fill_null(0.0) if values.null_count() else values).to_numpy()
    null, gap = state.null, state.gap
    top, bottom = (float(data.max()), float(data.min())) if len(data) else (0.0, 0.0)
    if not (np.isfinite(top) and np.isfinite(bottom)):
        nothing = np.isnan(data)
        wrong = np.isinf(data)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise place.wrong(cells, row, data[row])
        # No number (NaN) is how other programs write an empty cell.
        null, gap = _states(space, cells, nothing | values.is_null().to_numpy(), state.null)
        data = np.where(nothing, 0.0, data)
        top, bottom = float(data.max()), float(data.min())
    while True:
        scale = 10.0**cells.decimals
        whole, good = _on_grid(data, scale, constant=top == bottom)
        if good is None or cells.decimals >= _MOST_DECIMALS:
            break
        cells.decimals = next(n for n in _SHORTEST if n > cells.decimals)
    largest = max(abs(top), abs(bottom)) * scale
    if largest >= 2**53:
        fits = np.abs(data) * scale < 2**53
        good = fits if good is None else good & fits
    if good is not None and not good.all():
        place.odd(~good)
        whole = np.where(good, whole, 0)
    size = int(min(largest + 1, 2**53))
    return Amount(whole, size, den=10**cells.decimals, null=null, gap=gap)


def _on_grid(data: Ints, scale: float, *, constant: bool) -> tuple[Ints, Mask | None]:
    """The numbers times `scale` as whole numbers, and which are exactly that (None: all). In pieces that fit the cache."""
    whole = np.empty(len(data), dtype=np.int64)
    if constant and len(data):
        one = np.rint(data[:1] * scale)
        whole[:] = one.astype(np.int64)
        return whole, None if bool((one / scale == data[:1]).all()) else np.zeros(len(data), dtype=np.bool_)
    good: Mask | None = None
    buffer, back = np.empty(_PIECE), np.empty(_PIECE)
    with np.errstate(invalid="ignore"):
        for start in range(0, len(data), _PIECE):
            part = data[start : start + _PIECE]
            size = len(part)
            np.multiply(part, scale, out=buffer[:size])
            np.rint(buffer[:size], out=buffer[:size])
            np.divide(buffer[:size], scale, out=back[:size])
            exact = back[:size] == part
            whole[start : start + size] = buffer[:size]
            if not exact.all():
                if good is None:
                    good = np.ones(len(data), dtype=np.bool_)
                good[start : start + size] = exact
    return whole, good


def _day(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Operand:
    days = values.to_physical()
    data = (days.fill_null(0) if days.null_count() else days).to_numpy()
    low, high = (int(data.min()), int(data.max())) if len(data) else (0, 0)
    if low < _FIRST_DAY or high > _LAST_DAY:
        row = int(np.flatnonzero((data < _FIRST_DAY) | (data > _LAST_DAY))[0])
        raise WrongData(
            f"Kolom '{cells.column}', rij {place.first + row}: deze datum ligt buiten de jaren 1 tot en met 9999."
        )
    return Amount(data, max(abs(low), abs(high)), family="day", null=state.null, gap=state.gap)


_FIRST_DAY: Final = date(1, 1, 1).toordinal() - date(1970, 1, 1).toordinal()
_LAST_DAY: Final = date(9999, 12, 31).toordinal() - date(1970, 1, 1).toordinal()


def _months(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Operand:
    found = _exact(values.cast(pl.Int64), 1, place, state)
    found.family = "months"
    return found


def _days(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Operand:
    if isinstance(values.dtype, pl.Duration):
        found = _exact(values.dt.total_microseconds(), 1_000_000, place, state)
    else:
        found = _exact(values.cast(pl.Int64) * DAY_SECONDS, 1, place, state)
    found.family = "days"
    return found


def _choice(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Operand:
    options = [option for option, _ in cells.type.options] if isinstance(cells.type, Choice) else []
    kind = values.dtype
    if isinstance(kind, pl.Enum) and list(kind.categories) == options:
        coded = values
    else:
        text = values.cast(pl.String)
        coded = text.cast(pl.Enum(options), strict=False)
        if coded.null_count() != values.null_count():
            row = int((coded.is_null() & text.is_not_null()).arg_true()[0])
            raise place.wrong(cells, row, text[row])
    codes = coded.to_physical()
    data = (codes.fill_null(0) if codes.null_count() else codes).to_numpy()
    return Words(data, tuple(options), state.null, state.gap)


def _text(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Operand:
    text = values.cast(pl.String)
    words = text.drop_nulls().unique(maintain_order=True).to_list()
    codes = text.cast(pl.Enum(words)).to_physical().fill_null(0).to_numpy()
    return Words(codes.astype(code_type(len(words)), copy=False), tuple(words), state.null, state.gap)


def _list(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Operand:
    counts = (
        values.list.len().fill_null(0) if values.dtype != pl.Null else values.cast(pl.Int64).fill_null(0)
    ).to_numpy()
    if state.null is not None:
        counts = np.where(state.null, 0, counts)
    starts = np.zeros(space.size + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    inner = Space(space.run, int(starts[-1]), space, starts)
    lists = values if state.null is None else values.filter(pl.Series(counts > 0))
    items = lists.explode(empty_as_null=False, keep_nulls=False) if inner.size else None
    within = Place(place.first, lambda mask: place.odd(np.bincount(inner.index[mask], minlength=space.size) > 0))
    if items is None:
        # No item in any row: whatever they hold, there is none.
        return Series(inner, Blank(None, None), state.null, state.gap)
    element = cells.parts[""] if "" in cells.parts else _element(cells)
    return Series(inner, read_cells(inner, element, items, within), state.null, state.gap)


def _element(cells: Cells) -> Cells:
    inner = cells.type.of if isinstance(cells.type, Many) else cells.type
    return Cells(cells.column, inner, cells.name, False, 0, cells.parts)


def _group(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Operand:
    parts = {part.name for part in values.dtype.fields} if isinstance(values.dtype, pl.Struct) else set()
    fields: dict[str, Operand] = {}
    for name, part in cells.parts.items():
        if name in parts:
            fields[name] = read_cells(space, part, values.struct.field(name), place)
        else:
            fields[name] = Lit(Unknown(frozenset((part.name,))))
    return Record(fields, state.null, state.gap)


def _other(space: Space, cells: Cells, values: pl.Series, place: Place, state: _State) -> Operand:
    """Times and moments: the distinct values, as they are."""
    known: dict[object, Value] = {}
    found: list[Value] = []
    for cell in values.to_list():
        if cell not in known:
            known[cell] = cell_value(cells, cell, False)
        found.append(known[cell])
    column, _ = column_of(space, found)
    column.null, column.gap = state.null, state.gap
    return column


def _is_number(kind: pl.DataType) -> bool:
    return kind.is_integer() or isinstance(kind, (pl.Decimal, pl.Float64))


def _is_text(kind: pl.DataType) -> bool:
    return isinstance(kind, (pl.String, pl.Enum, pl.Categorical))


_TAKES: Final[dict[type, Callable[[pl.DataType], bool]]] = {
    Clock: lambda kind: isinstance(kind, pl.Time),
    Moment: lambda kind: isinstance(kind, pl.Datetime),
    YesNo: lambda kind: isinstance(kind, (pl.Boolean, pl.String)),
    Money: _is_number,
    Number: _is_number,
    Day: lambda kind: isinstance(kind, pl.Date),
    Months: lambda kind: kind.is_integer(),
    Days: lambda kind: kind.is_integer() or isinstance(kind, pl.Duration),
    Choice: _is_text,
    Text: _is_text,
    Many: lambda kind: isinstance(kind, pl.List),
    Group: lambda kind: isinstance(kind, pl.Struct),
}
_READERS: Final[dict[type, _Reader]] = {
    YesNo: _yes_no,
    Money: _number,
    Number: _number,
    Day: _day,
    Months: _months,
    Days: _days,
    Choice: _choice,
    Text: _text,
    Many: _list,
    Group: _group,
}


# --- one cell, for the decision engine -------------------------------------------------------------------------------


def cell_value(cells: Cells, cell: object, absent: bool) -> Value:
    """A cell as the decision engine takes it."""
    if absent or (cell is None and cells.nothing):
        return None
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return None if cells.nothing else Unknown(frozenset((cells.name,)))
    type_ = cells.type
    if isinstance(type_, Many) and isinstance(cell, Sequence):
        element = cells.parts[""] if "" in cells.parts else _element(cells)
        return [cell_value(element, item, False) for item in cell]
    if isinstance(type_, Group) and isinstance(cell, Mapping):
        return {
            name: cell_value(part, cell[name], False) if name in cell else Unknown(frozenset((part.name,)))
            for name, part in cells.parts.items()
        }
    try:
        return accept(type_, _as_python(type_, cell), cells.name)
    except NotThisType as error:
        raise WrongData(f"Kolom '{cells.column}': {error}") from error


def _as_python(type_: Type, cell: object) -> object:
    if isinstance(cell, float):
        return Decimal(repr(cell))
    if isinstance(type_, YesNo) and isinstance(cell, str):
        return _YES_NO.get(cell.lower(), cell)
    if isinstance(type_, Months) and isinstance(cell, int):
        return MonthsDuration(cell)
    if isinstance(type_, Days) and isinstance(cell, timedelta):
        return DaysDuration(Decimal(cell // timedelta(microseconds=1)).scaleb(-6))
    if isinstance(type_, Days) and isinstance(cell, int):
        return DaysDuration(Decimal(cell * DAY_SECONDS))
    if isinstance(cell, time):
        return Time(cell.hour, cell.minute, cell.second, cell.microsecond * 1000)
    return cell


def merged(cells: Cells, fields: Mapping[str, Operand]) -> Column:
    """A group of which each field is a column of its own (`groep.veld`)."""
    found = {name: fields.get(name, Lit(Unknown(frozenset((part.name,))))) for name, part in cells.parts.items()}
    return Record(found)
