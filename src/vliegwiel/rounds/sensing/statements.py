"""Statements that read entities: one for a set, one for all that is expanded along one relation, one for a count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .compiling import Compiler
from .entities import TYPES, EntityType, Property, Relation
from .filtering import filtered
from .geoanswers import Geometries
from .joins import Aliases, Joins, Step, linked, reached, related, relation_of, row_of
from .ordering import Ordering, ordering
from .properties import property_of
from .query import Query
from .rows import columns_of
from .sql import Sql, every, filled


@dataclass(frozen=True, slots=True)
class Asking:
    """What holds for all statements of one question."""

    municipality: str
    now: datetime
    geometries: Geometries


@dataclass(frozen=True, slots=True)
class Selection:
    """What of an entity type is read: properties, and the relations to one entity whose id is needed to expand them."""

    properties: tuple[Property, ...]
    links: tuple[Relation, ...]


def selection(kind: EntityType, query: Query) -> Selection:
    """What the query selects and expands. Raises `Refused` for names that do not exist."""
    names = [name for name in query.select if name not in kind.relations]
    chosen = [property_of(kind, name) for name in names]
    properties = tuple(chosen) if query.select else tuple(kind.properties.values())
    expanded = [relation_of(kind, one.relation) for one in query.expand]
    return Selection(
        tuple(one for one in properties if one.name != "id"), tuple(one for one in expanded if not one.many)
    )


@dataclass(frozen=True, slots=True)
class Source:
    """FROM and WHERE of rows `alias` of an entity type, ready to select from."""

    kind: EntityType
    alias: str
    joins: Joins
    where: Sql
    compiler: Compiler
    asking: Asking

    @property
    def sql(self) -> Sql:
        """Without the condition of the ordering."""
        return filled(f" FROM {self.kind.table} {self.alias}{{0}} WHERE {{1}}", self.joins.sql, self.where)


def source(kind: EntityType, asking: Asking, names: Aliases, query: Query) -> Source:
    """Rows of a kind that the filter lets through, of this municipality."""
    alias = names.new()
    joins = Joins(kind, alias, asking.municipality, names)
    compiler = Compiler(joins, asking.geometries, asking.now)
    condition = filtered(compiler, query.filter)
    return Source(kind, alias, joins, every((row_of(alias, asking.municipality), condition)), compiler, asking)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement and how to read its rows: id, then cells of `selected`, then ids of its links, then those of the token."""

    sql: Sql
    selected: Selection
    order: Ordering | None = None


def _columns(rows: Source, selected: Selection) -> Sql:
    links = [linked(rows.kind, rows.alias, one, rows.asking.municipality) for one in selected.links]
    found = f"{rows.alias}.id" + columns_of(rows.alias, selected.properties)
    for link in links:
        found = found + ", " + link
    return found


def of_address(
    steps: tuple[Step, ...], start: EntityType, kind: EntityType, asking: Asking, query: Query, limit: int
) -> Statement:
    """What an address leads to, in order, `limit` of them and one more to see whether there are more."""
    names = Aliases()
    rows = source(kind, asking, names, query)
    order = ordering(rows.compiler, query.order)
    where = [reached(steps, start, rows.alias, asking.municipality, names)]
    if query.after:
        where.append(order.after(query.after))
    selected = selection(kind, query)
    return Statement(
        filled(
            "SELECT {0}{1}{2} AND {3}{4} LIMIT {5} OFFSET {6}",
            _columns(rows, selected),
            order.columns,
            rows.sql,
            every(where),
            order.sql,
            Sql("%s", (limit + 1,)),
            Sql("%s", (query.skip,)),
        ),
        selected,
        order,
    )


def count_of_address(steps: tuple[Step, ...], start: EntityType, kind: EntityType, asking: Asking, query: Query) -> Sql:
    """How many an address leads to and the filter lets through."""
    names = Aliases()
    rows = source(kind, asking, names, query)
    return filled("SELECT count(*){0} AND {1}", rows.sql, reached(steps, start, rows.alias, asking.municipality, names))


def by_ids(relation: Relation, ids: Sequence[UUID], asking: Asking, query: Query) -> Statement:
    """The entities with these ids: what a relation to one leads to, from many entities at once."""
    kind = TYPES[relation.target]
    rows = source(kind, asking, Aliases(), query)
    selected = selection(kind, query)
    return Statement(
        filled(
            f"SELECT {{0}}{{1}} AND {rows.alias}.id = ANY({{2}})",
            _columns(rows, selected),
            rows.sql,
            Sql("%s::uuid[]", (list(ids),)),
        ),
        selected,
    )


def around(
    kind: EntityType, relation: Relation, ids: Sequence[UUID], asking: Asking, query: Query, limit: int
) -> Statement:
    """For each of these entities what a relation to many leads to: its id, then a row. One statement for all of them."""
    target = TYPES[relation.target]
    names = Aliases()
    rows = source(target, asking, names, query)
    order = ordering(rows.compiler, query.order)
    selected = selection(target, query)
    return Statement(
        filled(
            "SELECT p.id, c.* FROM unnest({0}) p(id) CROSS JOIN LATERAL"
            " (SELECT {1}{2} AND ({3}){4} LIMIT {5} OFFSET {6}) c",
            Sql("%s::uuid[]", (list(ids),)),
            _columns(rows, selected),
            rows.sql,
            related(kind, "p", relation, rows.alias, asking.municipality),
            order.sql,
            Sql("%s", (limit + 1,)),
            Sql("%s", (query.skip,)),
        ),
        selected,
    )


def count_around(kind: EntityType, relation: Relation, ids: Sequence[UUID], asking: Asking, query: Query) -> Sql:
    """For each of these entities how many a relation to many leads to."""
    names = Aliases()
    rows = source(TYPES[relation.target], asking, names, query)
    return filled(
        "SELECT p.id, (SELECT count(*){0} AND ({1})) FROM unnest({2}) p(id)",
        rows.sql,
        related(kind, "p", relation, rows.alias, asking.municipality),
        Sql("%s::uuid[]", (list(ids),)),
    )
