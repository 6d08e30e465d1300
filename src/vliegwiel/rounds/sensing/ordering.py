"""Orderings, and pages that begin where the former ended.

Skipping rows costs as much as reading them. Where all terms of an ordering are never null and go the same way, a page
begins after the last row of the former one instead; a token holds the values of that row. Elsewhere pages skip.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from .compiling import Compiler
from .entities import EntityType, Property, Type
from .expressions import Path
from .filtering import spreads
from .properties import property_of
from .query import Order
from .refused import Refused
from .sql import Sql, filled, joined
from .values import Kind, Value, read_as

_CASTS = {Kind.ID: "uuid", Kind.TEXT: "text", Kind.MOMENT: "timestamptz"}


@dataclass(frozen=True, slots=True)
class Term:
    """One column of an ordering. `kind` only where the value is never null, so that a token can hold it."""

    sql: Sql
    descending: bool
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Ordering:
    """All terms; together they tell any two rows apart."""

    terms: tuple[Term, ...]

    @property
    def seekable(self) -> bool:
        """Whether a page can begin after a row."""
        ways = {term.descending for term in self.terms}
        return len(ways) == 1 and all(term.kind in _CASTS for term in self.terms)

    @property
    def sql(self) -> Sql:
        """ORDER BY. Null comes first, and last when descending (OData 4.0 part 1, 11.2.5.2)."""
        return " ORDER BY " + joined(", ", (_term(term) for term in self.terms))

    @property
    def columns(self) -> Sql:
        """The values a token holds, to select."""
        if not self.seekable:
            return Sql("")
        return joined("", (filled(", {0}", term.sql) for term in self.terms))

    def token(self, cells: Sequence[object]) -> str:
        """The place after a row with these values of `columns`."""
        texts = [cell.isoformat() if isinstance(cell, datetime) else str(cell) for cell in cells]
        return urlsafe_b64encode(msgspec.json.encode(texts)).decode().rstrip("=")

    def after(self, token: str) -> Sql:
        """The condition that a row comes after that place. Raises `Refused` for what is no token of this ordering."""
        if not self.seekable:
            raise Refused("$skiptoken hoort niet bij deze volgorde. Begin opnieuw zonder $skiptoken.")
        values = self._values(token)
        sign = "<" if self.terms[0].descending else ">"
        row = joined(", ", (term.sql for term in self.terms))
        place = joined(", ", values)
        # The first column apart as well: an index and the choice of partitions use that.
        return filled(f"({{0}}) {sign} ({{1}}) AND {{2}} {sign}= {{3}}", row, place, self.terms[0].sql, values[0])

    def _values(self, token: str) -> list[Sql]:
        try:
            texts = msgspec.json.decode(urlsafe_b64decode(token + "=" * (-len(token) % 4)), type=list[str])
            if len(texts) != len(self.terms):
                raise ValueError(token)
            return [
                Sql(f"%s::{_CASTS[term.kind]}", (_read(term.kind, text),))
                for term, text in zip(self.terms, texts, strict=True)
                if term.kind is not None
            ]
        except (ValueError, msgspec.DecodeError):
            raise Refused("Dit is geen $skiptoken van ons. Volg de link @iot.nextLink.") from None


msgspec.json.Decoder(list[str])


def _read(kind: Kind, text: str) -> UUID | datetime | str:
    if "\x00" in text:
        raise ValueError(text)
    if kind is Kind.ID:
        return UUID(text)
    return datetime.fromisoformat(text) if kind is Kind.MOMENT else text


def _term(term: Term) -> Sql:
    nulls = "" if term.kind is not None else " NULLS LAST" if term.descending else " NULLS FIRST"
    return filled("{0}" + (" DESC" if term.descending else "") + nulls, term.sql)


def ordering(compiler: Compiler, order: Sequence[Order]) -> Ordering:
    """The ordering that was asked, with the columns of the default one behind it so that it is always the same."""
    kind, alias = compiler.joins.kind, compiler.joins.root
    terms = [term for one in order for term in _asked(compiler, kind, one)]
    known = {term.sql.text for term in terms}
    descending = terms[-1].descending if terms else False
    for column in kind.order:
        sql = Sql(f"{alias}.{column}")
        if sql.text not in known:
            terms.append(Term(sql, descending, Kind.ID if column == "id" else Kind.MOMENT))
    return Ordering(tuple(terms))


def _asked(compiler: Compiler, kind: EntityType, order: Order) -> list[Term]:
    if spreads(kind, order.by):
        raise Refused("Ordenen kan alleen langs relaties die naar één ding leiden, zoals Datastream/name.")
    value = compiler.value(order.by)
    if value.kind is Kind.SHAPE:
        raise Refused("Op een vorm kunt u niet ordenen; op geo.distance(...) wel.")
    if isinstance(order.by, Path) and len(order.by.names) == 1 and _never_null(property_of(kind, order.by.names[0])):
        as_kind = Kind.MOMENT if value.kind is Kind.PERIOD else value.kind
        return [Term(value.parts[0], order.descending, as_kind)]
    return [Term(part, order.descending) for part in _parts(value)]


def _parts(value: Value) -> tuple[Sql, ...]:
    if value.kind is Kind.NOTHING:
        raise Refused("Op null valt niet te ordenen.")
    as_json = read_as(value, Kind.JSON) if value.kind is Kind.RESULT else None
    return (value.parts[0], as_json.sql) if as_json is not None else value.parts


def _never_null(one: Property) -> bool:
    if one.type in {Type.TEXT, Type.MOMENT}:
        return one.required
    return one.type is Type.ID or one.columns[0] == "phenomenon_time"
