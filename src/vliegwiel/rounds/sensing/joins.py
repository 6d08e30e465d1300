"""Tables around the entities that are asked for: from a path in a filter to joins, from a path in an address to a condition."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from vliegwiel.rounds.ingest.ids import time_window
from vliegwiel.rounds.models import ObservationMoved

from .entities import TYPES, Between, EntityType, Own, Relation, Theirs
from .refused import Refused
from .sql import FALSE, TRUE, Sql, every, filled

_MOVED = ObservationMoved._meta.db_table


@dataclass(frozen=True, slots=True)
class Step:
    """One part of an address: a relation (or, first, an entity set) and the key of one entity in it, if any.

    `key` is None for all of them; a key that no entity can have is an empty text.
    """

    relation: str
    key: UUID | str | None = None


@dataclass
class Aliases:
    """Short names for the tables of one statement."""

    _numbers: count[int] = field(default_factory=count)

    def new(self) -> str:
        """A name nothing else has."""
        return f"t{next(self._numbers)}"


def row_of(alias: str, municipality: str) -> Sql:
    """Only rows of this municipality, whatever else is in scope."""
    return Sql(f"{alias}.municipality_id = %s", (municipality,))


def key_is(kind: EntityType, alias: str, key: UUID | str) -> Sql:
    """The row with this id. An observation is looked for in the one partition its id names, or where it was moved to."""
    if not isinstance(key, UUID):
        return FALSE
    if kind.name != "Observation":
        return Sql(f"{alias}.id = %s", (key,))
    begin, until = time_window(key)
    moved = f"FROM {_MOVED} m WHERE m.id = %s"
    return Sql(
        f"{alias}.id = %s AND {alias}.phenomenon_time >= COALESCE((SELECT m.phenomenon_time {moved}), %s) AND"
        f" {alias}.phenomenon_time < COALESCE((SELECT m.phenomenon_time + interval '1 microsecond' {moved}), %s)",
        (key, key, begin, key, until),
    )


def linked(kind: EntityType, alias: str, relation: Relation, municipality: str) -> Sql:
    """The id of the one entity that a relation of row `alias` leads to."""
    assert isinstance(relation.how, Own)
    column, otherwise = relation.how.column, relation.how.otherwise
    if otherwise is None:
        return Sql(f"{alias}.{column}")
    table, link = _via(kind, otherwise[0])
    return Sql(
        f"COALESCE({alias}.{column}, (SELECT v.{otherwise[1]} FROM {table} v"
        f" WHERE v.municipality_id = %s AND v.id = {alias}.{link}))",
        (municipality,),
    )


def related(kind: EntityType, alias: str, relation: Relation, other: str, municipality: str) -> Sql:
    """The condition that row `other` (of the relation's target) belongs to row `alias` (of `kind`)."""
    match relation.how:
        case Own():
            return f"{other}.id = " + linked(kind, alias, relation, municipality)
        case Theirs():
            return _theirs(relation, Sql(f"{alias}.id"), other, municipality)
        case Between(table, own, far):
            return Sql(
                f"{other}.id IN (SELECT b.{far} FROM {table} b WHERE b.municipality_id = %s AND b.{own} = {alias}.id)",
                (municipality,),
            )


def _theirs(relation: Relation, own_id: Sql, other: str, municipality: str) -> Sql:
    assert isinstance(relation.how, Theirs)
    column = relation.how.column
    if relation.how.otherwise is None:
        return filled(f"{other}.{column} = {{0}}", own_id)
    via, instead = relation.how.otherwise
    table, link = _via(TYPES[relation.target], via)
    return filled(
        f"{other}.{column} = {{0}} OR ({other}.{column} IS NULL AND {other}.{link} IN (SELECT v.id FROM {table} v"
        f" WHERE v.municipality_id = {{1}} AND v.{instead} = {{0}}))",
        own_id,
        Sql("%s", (municipality,)),
    )


def _via(kind: EntityType, name: str) -> tuple[str, str]:
    relation = kind.relations[name]
    assert isinstance(relation.how, Own)
    return TYPES[relation.target].table, relation.how.column


def resolve(steps: tuple[Step, ...], start: EntityType) -> tuple[EntityType, bool]:
    """The entity type an address leads to, and whether it leads to a set of them. `steps[0]` is the entity set itself.

    Raises `Refused` where a relation does not exist, or where one of a set must be chosen first.
    """
    kind, many = start, steps[0].key is None
    for step in steps[1:]:
        if many:
            raise Refused(f"Kies eerst één van de {kind.plural}: {kind.plural}('id')/{step.relation}.")
        relation = relation_of(kind, step.relation)
        if step.key is not None and not relation.many:
            raise Refused(f"{kind.name} heeft één {step.relation}; laat de sleutel weg.")
        kind, many = TYPES[relation.target], relation.many and step.key is None
    return kind, many


def relation_of(kind: EntityType, name: str) -> Relation:
    """A relation by name. Raises `Refused` with those that exist."""
    if (relation := kind.relation(name)) is None:
        raise Refused(f"{kind.name} heeft geen relatie {name!r}. Wel: {', '.join(kind.relations)}.")
    return relation


def reached(steps: tuple[Step, ...], start: EntityType, alias: str, municipality: str, names: Aliases) -> Sql:
    """The condition that row `alias` is (one of) what the address leads to."""
    *before, last = steps
    if not before:
        return TRUE if last.key is None else key_is(start, alias, last.key)
    parents = tuple(before)
    parent, _ = resolve(parents, start)
    relation = relation_of(parent, last.relation)
    conditions = [_below(parents, parent, relation, start, alias, municipality, names)]
    if last.key is not None:
        conditions.append(key_is(TYPES[relation.target], alias, last.key))
    return every(conditions)


def _below(
    parents: tuple[Step, ...], parent: EntityType, relation: Relation, start: EntityType, alias: str,
    municipality: str, names: Aliases,
) -> Sql:  # fmt: skip
    above = names.new()
    where = every((row_of(above, municipality), reached(parents, start, above, municipality, names)))
    the_id = _the_id(parents, parent, above, where)
    match relation.how:
        case Own():
            other = names.new()
            target = TYPES[relation.target].table
            return filled(
                f"{alias}.id = (SELECT {other}.id FROM {parent.table} {above} JOIN {target} {other}"
                f" ON {other}.municipality_id = {above}.municipality_id AND {{0}} WHERE {{1}})",
                related(parent, above, relation, other, municipality),
                where,
            )
        case Theirs():
            found = _theirs(relation, the_id, alias, municipality)
        case Between(table, own, far):
            found = filled(
                f"{alias}.id IN (SELECT b.{far} FROM {table} b WHERE b.municipality_id = {{0}} AND b.{own} = {{1}})",
                Sql("%s", (municipality,)),
                the_id,
            )
    if len(parents) > 1 and parents[-1].key is not None:
        # The parent is known by its key; that it is where the address says, is looked at once and not for each row.
        return every((found, filled(f"EXISTS (SELECT 1 FROM {parent.table} {above} WHERE {{0}})", where)))
    return found


def _the_id(parents: tuple[Step, ...], parent: EntityType, above: str, where: Sql) -> Sql:
    key = parents[-1].key
    if isinstance(key, UUID):
        return Sql("%s", (key,))
    return filled(f"(SELECT {above}.id FROM {parent.table} {above} WHERE {{0}})", where)


@dataclass
class Joins:
    """Tables joined to rows `root` of `kind`, one alias for each path of relations."""

    kind: EntityType
    root: str
    municipality: str
    names: Aliases
    found: dict[tuple[str, ...], str] = field(default_factory=dict)
    parts: list[Sql] = field(default_factory=list)

    def to(self, relations: tuple[str, ...]) -> tuple[EntityType, str]:
        """The entity type and alias that a path of relations leads to; joined once however often it is used."""
        kind, alias = self.kind, self.root
        for depth, name in enumerate(relations, start=1):
            relation = relation_of(kind, name)
            target = TYPES[relation.target]
            path = relations[:depth]
            if path not in self.found:
                self.found[path] = self._join(kind, alias, relation, target)
            kind, alias = target, self.found[path]
        return kind, alias

    def _join(self, kind: EntityType, alias: str, relation: Relation, target: EntityType) -> str:
        other = self.names.new()
        if isinstance(relation.how, Between):
            # Two plain joins: a join on "is among" would look at every pair of rows.
            pairs = self.names.new()
            self.parts.append(
                filled(
                    f" LEFT JOIN {relation.how.table} {pairs} ON {{0}} AND {pairs}.{relation.how.own} = {alias}.id",
                    row_of(pairs, self.municipality),
                )
            )
            condition = Sql(f"{other}.id = {pairs}.{relation.how.other}")
        else:
            condition = related(kind, alias, relation, other, self.municipality)
        self.parts.append(
            filled(
                f" LEFT JOIN {target.table} {other} ON {{0}} AND ({{1}})", row_of(other, self.municipality), condition
            )
        )
        return other

    @property
    def sql(self) -> Sql:
        """All joins, in the order they need each other."""
        return Sql("".join(part.text for part in self.parts), tuple(v for part in self.parts for v in part.values))
