"""Municipalities side by side on one product: at each place where any of them differs, who has what, and why.

Works from the deviations, not from 342 resolved definitions: what nobody deviates from is the same everywhere by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from vliegwiel.base.sourcefile import MapNode, Node

from ..layers import Origins, deviate
from ..merging.nodes import Path, at_path, spelled
from ..merging.rebasing import with_key
from ..model import Deviation
from .aspects import Aspect, in_substance
from .naming import change_text, place_name, section_of, value_text
from .placing import aspects_at
from .reasons import FOUNDED, UNFOUNDED, Grade, grade, why_not


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality with its deviations from the product that hold on the day of comparing."""

    code: str
    deviations: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one municipality has what it has. `basis` is the ordinance with its article, perhaps empty."""

    code: str
    grade: Grade
    reason: str
    basis: str
    wrong: str
    deviation: Deviation


@dataclass(frozen=True, slots=True)
class Value:
    """What some municipalities have at a place. `removed`: they leave the part out. `aspects`: in what it differs from what is
    shared; empty when it is the same."""

    text: str
    removed: bool
    aspects: frozenset[Aspect]
    reasons: tuple[Reason, ...]
    node: Node | None

    @property
    def towns(self) -> tuple[str, ...]:
        """Who has this, by code."""
        return tuple(reason.code for reason in self.reasons)

    @property
    def in_substance(self) -> bool:
        """Whether it is more than other words."""
        return in_substance(self.aspects)

    def count(self, *grades: Grade) -> int:
        """How many municipalities have it with one of these grades."""
        return sum(reason.grade in grades for reason in self.reasons)


@dataclass(frozen=True)
class Place:
    """A place at which somebody differs. `values` are what municipalities have instead of what is shared, the most first;
    `same` is how many have what is shared."""

    path: Path
    name: str
    section: str
    shared: str
    values: tuple[Value, ...]
    same: int

    @cached_property
    def by_town(self) -> dict[str, tuple[Value, Reason]]:
        """What each municipality that differs has, and why."""
        return {reason.code: (value, reason) for value in self.values for reason in value.reasons}

    @property
    def differs(self) -> int:
        """How many municipalities differ here."""
        return sum(len(value.reasons) for value in self.values)

    @property
    def key(self) -> str:
        """The path as it is written in a file."""
        return ".".join(f'"{part}"' if "." in part else part for part in self.path)

    @property
    def aspects(self) -> frozenset[Aspect]:
        """In what they differ, all together."""
        return frozenset(aspect for value in self.values for aspect in value.aspects)

    @property
    def unfounded(self) -> int:
        """How many municipalities differ here in substance without saying why, or without effect."""
        return sum(value.count(*UNFOUNDED) for value in self.values)

    @property
    def shape(self) -> Grade:
        """The heading it stands under: without a reason if that holds for anybody, else with a reason, else other words."""
        grades = {reason.grade for value in self.values for reason in value.reasons}
        if grades & UNFOUNDED:
            return Grade.NONE
        return Grade.EXPLAINED if grades & FOUNDED else Grade.WORDING


@dataclass(frozen=True, slots=True)
class Comparison:
    """A product over many municipalities. `parts` counts the places of the shared product that a municipality could vary;
    `towns` are those compared, `places` where they differ: without a reason first."""

    towns: tuple[str, ...]
    parts: int
    places: tuple[Place, ...]

    @property
    def same_everywhere(self) -> int:
        """How many parts are the same for all."""
        touched = {place.path for place in self.places if place.shared}
        return max(self.parts - len(touched), 0)

    def alike(self, code: str) -> float:
        """Which share (0..1) of the parts this municipality has as they are shared."""
        if not self.parts:
            return 1.0
        own = sum(code in place.by_town for place in self.places)
        return max(0.0, 1 - own / max(self.parts, own))


def compare(product: MapNode, towns: Sequence[Town], about: str = "") -> Comparison:
    """Compare municipalities on a product (its nodes, with pattern and blocks, without any variant).

    `about` is the subject whose words count. Linear in the number of deviations.
    """
    rows = _rows(deviation.keys for town in towns for deviation in town.deviations)
    found = _Found(product, about)
    for town in towns:
        for row, deviations in _by_row(town.deviations, rows):
            found.note(row, town.code, deviations)
    places = sorted(
        found.places(len(towns)), key=lambda place: (_ORDER[place.shape], -place.unfounded, -place.differs, place.name)
    )
    return Comparison(tuple(town.code for town in towns), count_parts(product), tuple(places))


_ORDER = {Grade.NONE: 0, Grade.EXPLAINED: 1, Grade.WORDING: 2}


def count_parts(product: MapNode) -> int:
    """How many parts a product has that could be varied: the fields of its parts, and the items of its lists."""
    return sum(max(len(_below(value)), 1) for _, value in product.entries)


def _below(node: Node) -> Sequence[object]:
    if isinstance(node, MapNode):
        return node.entries
    return getattr(node, "items", ())


def _rows(paths: Iterable[Path]) -> frozenset[Path]:
    """The widest of the paths that lie on each other: there municipalities can be put side by side."""
    rows: set[Path] = set()
    for path in sorted(set(paths), key=len):
        if not any(path[:n] in rows for n in range(1, len(path) + 1)):
            rows.add(path)
    return frozenset(rows)


def _by_row(deviations: Iterable[Deviation], rows: frozenset[Path]) -> Iterable[tuple[Path, list[Deviation]]]:
    grouped: dict[Path, list[Deviation]] = {}
    for deviation in deviations:
        keys = deviation.keys
        row = next(keys[:n] for n in range(1, len(keys) + 1) if keys[:n] in rows)
        grouped.setdefault(row, []).append(deviation)
    return grouped.items()


class _Found:
    """What each municipality has at each place, gathered one after the other. The same value is looked at once."""

    def __init__(self, product: MapNode, about: str) -> None:
        self._product = product
        self._about = about
        self._values: dict[Path, dict[str, tuple[Node | None, frozenset[Aspect], list[Reason]]]] = {}

    def note(self, row: Path, code: str, deviations: list[Deviation]) -> None:
        """What a municipality has at a place."""
        node = self._node(row, deviations)
        spelling = "\0" if node is None else spelled(node)
        values = self._values.setdefault(row, {})
        if spelling not in values:
            values[spelling] = (node, aspects_at(row, at_path(self._product, row), node, self._about), [])
        _, aspects, reasons = values[spelling]
        # Where one municipality has several deviations below the place, the weakest reason is the one to look at.
        graded = [(grade(one, aspects), one) for one in deviations]
        worst, deviation = max(graded, key=lambda pair: _WEAK[pair[0]])
        said = " ".join(dict.fromkeys(one.reason for one in deviations))
        basis = "; ".join(dict.fromkeys(str(one.basis) for one in deviations if one.basis is not None))
        reasons.append(Reason(code, worst, said, basis, why_not(deviation, aspects), deviation))

    def _node(self, row: Path, deviations: list[Deviation]) -> Node | None:
        base = at_path(self._product, row)
        if len(deviations) == 1 and deviations[0].keys == row:
            value = deviations[0].value
            return None if value is None else with_key(value.node, base)
        changed: Node = self._product
        for deviation in deviations:
            changed = deviate(changed, deviation, "", Origins())
        return at_path(changed, row)

    def places(self, towns: int) -> Iterable[Place]:
        """Everything that was noted."""
        for row, found in self._values.items():
            base = at_path(self._product, row)
            values = [
                Value(change_text(base, node), node is None, aspects, tuple(reasons), node)
                for node, aspects, reasons in found.values()
            ]
            values.sort(key=lambda value: (-len(value.reasons), value.text))
            differs = sum(len(value.reasons) for value in values)
            also = next((value.node for value in values if value.node is not None), None)
            name = place_name(self._product, row, also)
            yield Place(row, name, section_of(row), value_text(base), tuple(values), towns - differs)


_WEAK = {Grade.WORDING: 0, Grade.ORDINANCE: 1, Grade.EXPLAINED: 2, Grade.UNSEEN: 3, Grade.NEEDLESS: 4, Grade.NONE: 5}
