"""What is asked of a set of entities: which, in which order, how many, with what around them (OGC 18-088, 9.3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from .expressions import Expression


@dataclass(frozen=True, slots=True)
class Order:
    """One term of an ordering."""

    by: Expression
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """The system query options of one entity set or entity.

    `select` holds names of properties and relations; empty means all properties and links to all relations. `top` and
    `skip` count entities; without `top` the default of `reading` holds. `after` is the place where the former page ended
    (`paging`). `count` asks how many there are in all.
    """

    filter: Expression | None = None
    order: tuple[Order, ...] = ()
    select: tuple[str, ...] = ()
    expand: tuple[Expand, ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class Expand:
    """A relation whose entities come along, and what is asked of those. `options` is the same as it was written, for links to
    more of them."""

    relation: str
    query: Query = field(default_factory=Query)
    options: tuple[tuple[str, str], ...] = ()
