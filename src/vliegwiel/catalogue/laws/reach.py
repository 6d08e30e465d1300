"""What rests on what: which rules use a norm, a datum or an open term, and which products stand on those rules."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.law import LawBook
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.walk import every_node
from vliegwiel.law.model import Body, Conditions, Fixed, Formula, Table

from ..library import Library, State
from ..resolve import library, national

Place = tuple[str, str]
"""A name of a law: the law and the name. What an ordinance adds belongs to the law it fills."""


@dataclass(frozen=True, slots=True)
class ProductUse:
    """A product that stands on rules of a law."""

    key: str
    name: str
    law: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """For each name the names that use it directly, and what each rule is called."""

    users: Mapping[Place, frozenset[Place]]
    labels: Mapping[Place, str]

    def above(self, place: Place) -> frozenset[Place]:
        """Everything that rests on a name, itself included."""
        found: set[Place] = set()
        pending = [place]
        while pending:
            one = pending.pop()
            if one not in found:
                found.add(one)
                pending.extend(self.users.get(one, ()))
        return frozenset(found)

    def outcomes(self, place: Place) -> tuple[Place, ...]:
        """The rules at the top that rest on a name: those that no other rule uses."""
        return tuple(sorted(one for one in self.above(place) if one in self.labels and not self.users.get(one)))


@functools.lru_cache(maxsize=4)
def reach(book: LawBook) -> Reach:
    """Over all laws and ordinances of a book, whatever their dates."""
    users: dict[Place, set[Place]] = {}
    labels: dict[Place, str] = {}
    for text in book.texts:
        law = text.fills or text.id
        for name, rule in text.rules.items():
            labels[law, name] = rule.label
            _note(users, law, name, body_nodes(rule.body))
        for name, rule in text.filled.items():
            _note(users, law, name, body_nodes(rule.body))
        for name, term in text.open_terms.items():
            if term.fallback is not None:
                _note(users, law, name, (term.fallback.tree,))
        for deviation in text.deviations:
            for node in body_nodes(deviation.body):
                for place in _places(law, node):
                    users.setdefault(place, set()).add((deviation.law, deviation.rule))
    return Reach({place: frozenset(found) for place, found in users.items()}, labels)


def body_nodes(body: Body) -> tuple[tree.Node, ...]:
    """The expressions of a rule."""
    match body:
        case Formula():
            return (body.expression.tree,)
        case Conditions():
            return tuple(item.expression.tree for item in body.items)
        case Table():
            cells = (cell.tests for line in body.lines for cell in line.cells if cell is not None)
            outputs = (line.output.tree for line in body.lines)
            return (*(column.tree for column in body.columns), *cells, *outputs)
        case Fixed():
            return ()


def _note(users: dict[Place, set[Place]], law: str, name: str, nodes: tuple[tree.Node, ...]) -> None:
    for node in nodes:
        for place in _places(law, node):
            if place != (law, name):
                users.setdefault(place, set()).add((law, name))


def _places(law: str, node: tree.Node) -> Iterator[Place]:
    """The names an expression uses. `awb.beslistermijn` reads as a field of `awb`: both readings are given."""
    for found in every_node(node):
        if isinstance(found, tree.Name):
            yield law, found.name
        elif isinstance(found, tree.Path) and isinstance(found.source, tree.Name):
            yield found.source.name, found.name


def products() -> tuple[ProductUse, ...]:
    """The products that stand on a law, by name. Read again when a product's file changes."""
    found = library()
    files = (found.product(key) for key in found.products())
    return _products(tuple(file.state for file in files if file is not None))


@functools.lru_cache(maxsize=2)
def _products(states: tuple[State, ...]) -> tuple[ProductUse, ...]:
    return tuple(sorted(_uses(library()), key=lambda use: use.name))


def _uses(found: Library) -> Iterator[ProductUse]:
    for key in found.products():
        try:
            product = national(key)
        except (SourceInvalid, NotFound):
            continue
        yield ProductUse(key, product.name, product.law.law, tuple(wanted.rule for wanted in product.law.rules))


def resting(products_: tuple[ProductUse, ...], above: frozenset[Place]) -> tuple[ProductUse, ...]:
    """The products that use any of these rules."""
    return tuple(use for use in products_ if any((use.law, rule) in above for rule in use.rules))
