"""What kind of input a place in a definition takes. The types of the model are the source; nothing is listed twice."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Literal

from vliegwiel.base.sourcefile import MapNode, SourceText
from vliegwiel.base.sourcerecords import RecordField, record_fields

from ..model import Span
from .words import is_long


class InputKind(StrEnum):
    """How a value is typed in."""

    LINE = "regel"
    LONG = "tekst"
    YES_NO = "ja_nee"
    CHOICE = "keuze"
    NUMBER = "getal"
    DATE = "datum"
    SPAN = "duur"
    FORMULA = "formule"
    LINES = "regels"
    GROUP = "groep"
    ITEMS = "lijst"
    PAIRS = "paren"
    FREE = "vrij"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a place takes. `record` is the type of a group or of the items of a list; `options` those of a choice."""

    kind: InputKind
    options: tuple[str, ...] = ()
    record: type | None = None

    @property
    def is_leaf(self) -> bool:
        """Whether it is typed in one input."""
        return self.kind not in (InputKind.GROUP, InputKind.ITEMS, InputKind.FREE)


@functools.cache
def shape_of(type_: Hashable, key: str = "") -> Shape:
    """The shape of an annotation of the model; the key tells long texts from short ones."""
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if origin is Annotated:
        return shape_of(arguments[0], key)
    if origin in (typing.Union, types.UnionType):
        options = [option for option in arguments if option is not type(None)]
        return shape_of(options[0], key) if len(options) == 1 else Shape(InputKind.FREE)
    if origin is Literal:
        return Shape(InputKind.CHOICE, tuple(str(option) for option in arguments))
    if origin is tuple:
        return _list(shape_of(arguments[0]))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return Shape(InputKind.PAIRS)
    return _plain(type_, key) if isinstance(type_, type) else Shape(InputKind.FREE)


def _list(item: Shape) -> Shape:
    if item.kind is InputKind.GROUP:
        return Shape(InputKind.ITEMS, record=item.record)
    return Shape(InputKind.LINES if item.kind in (InputKind.LINE, InputKind.CHOICE) else InputKind.FREE)


_SCALARS = {
    bool: InputKind.YES_NO, int: InputKind.NUMBER, Decimal: InputKind.NUMBER, date: InputKind.DATE, Span: InputKind.SPAN,
    SourceText: InputKind.FORMULA, MapNode: InputKind.PAIRS,
}  # fmt: skip


def _plain(type_: type, key: str) -> Shape:
    if type_ in _SCALARS:
        return Shape(_SCALARS[type_])
    if issubclass(type_, Enum):
        return Shape(InputKind.CHOICE, tuple(str(member.value) for member in type_))
    if issubclass(type_, str):
        return Shape(InputKind.LONG if is_long(key) else InputKind.LINE)
    if dataclasses.is_dataclass(type_) and not hasattr(type_, "from_source"):
        return Shape(InputKind.GROUP, record=type_)
    return Shape(InputKind.FREE)


def fields_of(record: type) -> tuple[tuple[RecordField, Shape], ...]:
    """The fields of a type of the model with their shapes, in the order of the model."""
    return tuple((field, shape_of(field.type, field.key)) for field in record_fields(record)[0])
