"""Pieces of SQL that carry their values, so that text and values can never get out of step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

Parameter: TypeAlias = bool | int | float | str | date | datetime | UUID | list[UUID] | list[str] | None
"""What PostgreSQL can be handed apart from the text of a statement."""


@dataclass(frozen=True, slots=True)
class Sql:
    """Text with `%s` for each of `values`, in the same order. Put together with `+`. Text never holds what a client sent."""

    text: str
    values: tuple[Parameter, ...] = ()

    def __add__(self, other: Sql | str) -> Sql:
        if isinstance(other, str):
            return Sql(self.text + other, self.values)
        return Sql(self.text + other.text, self.values + other.values)

    def __radd__(self, other: str) -> Sql:
        return Sql(other + self.text, self.values)


def joined(separator: str, pieces: Iterable[Sql]) -> Sql:
    """The pieces with `separator` between them."""
    found = tuple(pieces)
    return Sql(separator.join(piece.text for piece in found), tuple(value for piece in found for value in piece.values))


def filled(template: str, *pieces: Sql) -> Sql:
    """`template` with each `{n}` replaced by the n-th piece, values in the order of the text.

    A piece may stand more than once; its values are then repeated.
    """
    text: list[str] = []
    values: list[Parameter] = []
    rest = template
    while "{" in rest:
        before, _, rest = rest.partition("{")
        number, _, rest = rest.partition("}")
        text.append(before)
        piece = pieces[int(number)]
        text.append(piece.text)
        values.extend(piece.values)
    text.append(rest)
    return Sql("".join(text), tuple(values))


TRUE = Sql("TRUE")
FALSE = Sql("FALSE")


def every(pieces: Iterable[Sql]) -> Sql:
    """All conditions hold."""
    found = tuple(piece for piece in pieces if piece != TRUE)
    return joined(" AND ", (Sql("(") + piece + ")" for piece in found)) if found else TRUE
