"""A filter as a condition on rows: what is about the entity itself, and what is about entities around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import expressions as e
from .compiling import Compiler
from .entities import TYPES, EntityType
from .joins import Joins, row_of
from .sql import TRUE, Sql, every, filled


def filtered(compiler: Compiler, filter_: e.Expression | None) -> Sql:
    """The filter. Parts of it that follow a relation to many are one question about the same related entities: "a thing
    with a datastream of which the property is X and the result above Y" means one and the same datastream."""
    if filter_ is None:
        return TRUE
    kind, names, municipality = compiler.joins.kind, compiler.joins.names, compiler.joins.municipality
    parts = e.conjuncts(filter_)
    spread = [part for part in parts if spreads(kind, part)]
    own = every(compiler.condition(part) for part in parts if part not in spread)
    if not spread:
        return own
    shared = _shared(kind, spread)
    base, at = compiler.joins.to(shared)
    inner = names.new()
    joins = Joins(base, inner, municipality, names)
    within = Compiler(joins, compiler.geometries, compiler.now)
    condition = every(within.condition(without(part, len(shared))) for part in spread)
    # Worked out once and then looked up by key, whatever PostgreSQL expects to find; of observations it can be too many.
    among, close = ("IN ", ")") if base.name == "Observation" else ("= ANY(ARRAY", "))")
    return every(
        (
            own,
            filled(
                f"{at}.id {among}(SELECT {inner}.id FROM {base.table} {inner}{{0}} WHERE {{1}} AND {{2}}{close}",
                joins.sql,
                row_of(inner, municipality),
                condition,
            ),
        )
    )


def _to_one(kind: EntityType, names: tuple[str, ...]) -> int:
    """How many relations at the beginning of a path lead to one entity."""
    from_kind = kind
    for count, name in enumerate(names):
        relation = from_kind.relations.get(name)
        if relation is None or relation.many:
            return count
        from_kind = TYPES[relation.target]
    return len(names)


def spreads(kind: EntityType, expression: e.Expression) -> bool:
    """Whether a path in it follows a relation to many."""
    for path in e.paths(expression):
        at = kind
        for name in path.names:
            relation = at.relations.get(name)
            if relation is None:
                break
            if relation.many:
                return True
            at = TYPES[relation.target]
    return False


def _shared(kind: EntityType, parts: Sequence[e.Expression]) -> tuple[str, ...]:
    """The relations to one entity with which all paths begin."""
    beginnings = [path.names[: _to_one(kind, path.names)] for part in parts for path in e.paths(part)]
    shared: list[str] = []
    for names in zip(*beginnings, strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return tuple(shared)


def without(expression: e.Expression, first: int) -> e.Expression:
    """The expression with the first names of each path left off."""
    if first == 0:
        return expression
    match expression:
        case e.Path(names):
            return e.Path(names[first:])
        case e.Call(name, arguments):
            return e.Call(name, tuple(without(one, first) for one in arguments))
        case e.OneOf(value, options):
            return e.OneOf(without(value, first), tuple(without(one, first) for one in options))
        case e.Compare() | e.Calculate() | e.Both() | e.Either():
            return replace(expression, left=without(expression.left, first), right=without(expression.right, first))
        case e.Minus() | e.Not():
            return replace(expression, value=without(expression.value, first))
        case _:
            return expression
