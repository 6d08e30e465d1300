"""Reading entities: what an address leads to, with all that is asked around it (OGC 18-088, chapter 9).

The number of statements follows from the question alone, never from how many entities there are: one for what the address
leads to, one for each relation that is expanded, one for each count, one for each table whose shapes are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from django.db import DataError, OperationalError, connection

from vliegwiel.base.clock import now
from vliegwiel.base.errors import NotFound
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .entities import SETS, TYPES, EntityType, Relation
from .geoanswers import Geometries
from .joins import Aliases, Step, reached, relation_of, resolve, row_of
from .query import Expand, Query
from .refused import Refused, TooHeavy
from .rows import Page, Row, values_of
from .sql import Sql, filled
from .statements import Asking, Statement, around, by_ids, count_around, count_of_address, of_address

DEFAULT_TOP = 100
"""Entities on a page when nobody says how many."""
MOST_TOP = 10_000
"""Entities on a page at most; the rest is behind the next link."""
MOST_ROWS = 50_000
"""Entities in one answer at most, expanded ones included. Pages inside it become shorter when it threatens to be more."""
DEEPEST = 8
"""Expansions inside each other."""
LONGEST_PATH = 12
"""Steps in an address."""
MOST_SKIP = 10_000_000
LONGEST_SECONDS = 10
"""What the database may take for one statement."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where in the model: an entity set and the steps from there. `steps[0].relation` is the name of the set."""

    steps: tuple[Step, ...]

    @property
    def start(self) -> EntityType:
        """The entity type of the set it begins with. Raises `NotFound`."""
        if (kind := SETS.get(self.steps[0].relation)) is None:
            raise NotFound(f"Er is geen verzameling {self.steps[0].relation}. Wel: {', '.join(SETS)}.")
        return kind

    def parent(self) -> Address:
        """Without the last step."""
        return Address(self.steps[:-1])

    def target(self) -> tuple[EntityType, bool]:
        """The entity type it leads to, and whether to a set."""
        if len(self.steps) > LONGEST_PATH:
            raise Refused(f"Dit adres is te lang: hoogstens {LONGEST_PATH} stappen.")
        return resolve(self.steps, self.start)


def read_set(actor: Actor, address: Address, query: Query) -> Page:
    """A page of the set that an address leads to. Raises `Refused`, `TooHeavy`, `NotFound`, and `Forbidden` without the
    right METING_LEZEN."""
    kind, many = address.target()
    if not many:
        raise Refused(f"Dit adres leidt naar één {kind.name}, niet naar een verzameling.")
    with _reading(actor) as asking:
        return _Reader(asking).page(address, kind, query)


def read_one(actor: Actor, address: Address, query: Query) -> Row:
    """The entity that an address leads to. Raises as `read_set`."""
    kind, many = address.target()
    if many:
        raise Refused(f"Dit adres leidt naar een verzameling van {kind.plural}.")
    with _reading(actor) as asking:
        return _Reader(asking).one(address, kind, query)


def the_id(actor: Actor, address: Address) -> UUID:
    """The id of the entity at an address, inside the transaction of an action that changes it. Raises `NotFound`."""
    kind, many = address.target()
    if many:
        raise Refused(f"Dit adres leidt naar een verzameling van {kind.plural}. Noem er één.")
    names = Aliases()
    alias, municipality = names.new(), actor.municipality
    sql = filled(
        f"SELECT {alias}.id FROM {kind.table} {alias} WHERE {{0}} AND {{1}} LIMIT 1",
        row_of(alias, municipality),
        reached(address.steps, address.start, alias, municipality, names),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.values)
        found: tuple[UUID] | None = cursor.fetchone()
    if found is None:
        raise NotFound(f"Deze {kind.name} is er niet.")
    return found[0]


@contextmanager
def _reading(actor: Actor) -> Iterator[Asking]:
    """The transaction in which an actor reads the municipality it belongs to, with a bound on what that may cost."""
    try:
        with scope_of(actor):
            require(actor, Right.METING_LEZEN, municipality=actor.municipality)
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(round(LONGEST_SECONDS * 1000))])
            yield Asking(actor.municipality, now(), Geometries(actor.municipality))
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise TooHeavy("Het zoeken duurde te lang. Vraag minder tegelijk, of zoek binnen één Datastream.") from None
        raise
    except DataError:
        raise Refused("Met deze waarden valt niet te rekenen: een getal of een moment wordt te groot.") from None


class _Reader:
    """Reads for one question and keeps count of what it read."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._left = MOST_ROWS

    def page(self, address: Address, kind: EntityType, query: Query) -> Page:
        limit = self._limit(query)
        if query.skip > MOST_SKIP:
            raise Refused(f"$skip is hoogstens {MOST_SKIP}. Volg @iot.nextLink, dat gaat ook sneller.")
        statement = of_address(address.steps, address.start, kind, self._asking, query, limit)
        cells = self._all(statement.sql) if limit or not query.count else []
        page = self._page(kind, statement, cells, query, limit)
        if query.count:
            page.count = self._number(count_of_address(address.steps, address.start, kind, self._asking, query))
        if not page.rows:
            self._parents_exist(address)
        self._expand(kind, page.rows, query.expand, DEEPEST)
        return page

    def one(self, address: Address, kind: EntityType, query: Query) -> Row:
        statement = of_address(address.steps, address.start, kind, self._asking, query, 1)
        cells = self._all(statement.sql)
        if not cells:
            raise NotFound(f"Deze {kind.name} is er niet.")
        row = self._row(kind, statement, cells[0])
        self._expand(kind, [row], query.expand, DEEPEST)
        return row

    # Statements

    def _all(self, sql: Sql) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql.text, sql.values)
            found: list[tuple[object, ...]] = cursor.fetchall()
        return found

    def _number(self, sql: Sql) -> int:
        found = self._all(sql)[0][0]
        assert isinstance(found, int)
        return found

    def _parents_exist(self, address: Address) -> None:
        """An empty set of something that is not there is not empty, but not found."""
        before = address.steps[:-1]
        if not before:
            return
        parent, _ = resolve(before, address.start)
        names = Aliases()
        alias, municipality = names.new(), self._asking.municipality
        condition = reached(before, address.start, alias, municipality, names)
        found = self._all(
            filled(
                f"SELECT 1 FROM {parent.table} {alias} WHERE {{0}} AND {{1}} LIMIT 1",
                row_of(alias, municipality),
                condition,
            )
        )
        if not found:
            raise NotFound(f"Deze {parent.name} is er niet.")

    def _limit(self, query: Query) -> int:
        return min(DEFAULT_TOP if query.top is None else query.top, MOST_TOP)

    # Rows

    def _row(self, kind: EntityType, statement: Statement, row: Sequence[object]) -> Row:
        cells = iter(row)
        the_id = next(cells)
        assert isinstance(the_id, UUID)
        found = Row(kind, the_id, values_of(statement.selected.properties, cells))
        for link in statement.selected.links:
            to = next(cells)
            found.links[link.name] = to if isinstance(to, UUID) else None
        self._left -= 1
        return found

    def _page(
        self, kind: EntityType, statement: Statement, cells: Sequence[Sequence[object]], query: Query, limit: int
    ) -> Page:
        page = Page(kind, [self._row(kind, statement, row) for row in cells[:limit]], more=len(cells) > limit)
        if page.more:
            page.skip = query.skip + limit
            if statement.order is not None and statement.order.seekable and limit:
                page.after = statement.order.token(cells[limit - 1][-len(statement.order.terms) :])
        return page

    # Expansions

    def _expand(self, kind: EntityType, rows: Sequence[Row], expansions: Sequence[Expand], depth: int) -> None:
        if expansions and depth == 0:
            raise Refused(f"$expand zit te diep in elkaar: hoogstens {DEEPEST} niveaus.")
        for expand in expansions:
            relation = relation_of(kind, expand.relation)
            found = self._many(kind, relation, rows, expand) if relation.many else self._one(relation, rows, expand)
            self._expand(TYPES[relation.target], found, expand.query.expand, depth - 1)

    def _one(self, relation: Relation, rows: Sequence[Row], expand: Expand) -> list[Row]:
        """Each entity once, however many lead to it."""
        ids = list(dict.fromkeys(to for row in rows if (to := row.links[relation.name]) is not None))
        statement = by_ids(relation, ids, self._asking, expand.query)
        kind = TYPES[relation.target]
        found = {one.id: one for one in (self._row(kind, statement, cells) for cells in self._all(statement.sql))}
        for row in rows:
            to = row.links[relation.name]
            row.related[relation.name] = found.get(to) if to is not None else None
        return list(found.values())

    def _many(self, kind: EntityType, relation: Relation, rows: Sequence[Row], expand: Expand) -> list[Row]:
        query, target = expand.query, TYPES[relation.target]
        unique = list({row.id: row for row in rows}.values())
        limit = min(self._limit(query), max(self._left // max(len(unique), 1), 1))
        statement = around(kind, relation, [row.id for row in unique], self._asking, query, limit)
        found: dict[UUID, list[Sequence[object]]] = {row.id: [] for row in unique}
        for parent, *cells in self._all(statement.sql):
            assert isinstance(parent, UUID)
            found[parent].append(cells)
        pages = {key: self._page(target, statement, cells, query, limit) for key, cells in found.items()}
        if query.count:
            for key, number in self._all(count_around(kind, relation, list(pages), self._asking, query)):
                assert isinstance(key, UUID)
                assert isinstance(number, int)
                pages[key].count = number
        for row in rows:
            row.related[relation.name] = pages[row.id]
        return [row for page in pages.values() for row in page.rows]
