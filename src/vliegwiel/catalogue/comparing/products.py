"""Two products side by side: what is alike, part by part."""

from __future__ import annotations

from dataclasses import dataclass

from vliegwiel.base.sourcefile import MapNode

from ..merging import Change, differences
from ..merging.nodes import at_path
from .likeness import WEIGHTS, features, likeness
from .naming import SECTIONS, change_text, place_name, section_of, value_text
from .placing import aspects_at


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: where, and what stands there in each. Empty: nothing does."""

    name: str
    one: str
    other: str
    aspects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartLikeness:
    """A part of two products: how much of what is said is the same (0..1), and what differs."""

    section: str
    alike: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two products. `alike` is the weighted likeness of the whole."""

    alike: float
    parts: tuple[PartLikeness, ...]

    @property
    def same(self) -> tuple[str, ...]:
        """The parts that are wholly the same."""
        return tuple(part.section for part in self.parts if not part.lines)


MOST = 40
"""Lines shown for one part: more means that the parts have nothing to do with each other."""
_LEFT_OUT = frozenset(
    ("soort", "sleutel", "versie", "naam", "upl", "zoekwoorden", "bronnen", "voorbeelden", "vast", "patroonversie")
)


def side_by_side(one: MapNode, other: MapNode) -> Pair:
    """Compare two products, complete with their patterns and blocks."""
    sides = {"one": features(one), "other": features(other)}
    whole = likeness(sides).of("one", "other")
    parts = []
    names = dict.fromkeys(key.text for root in (one, other) for key, _ in root.entries)
    for name in (n for n in SECTIONS if n in names and n not in _LEFT_OUT):
        first, second = one.get(name), other.get(name)
        changes = differences(first, second)
        lines = tuple(_line(one, other, name, change) for change in changes[:MOST])
        values = max(_count(first), _count(second), 1)
        parts.append(PartLikeness(section_of((name,)), max(0.0, 1 - _touched(changes) / values), lines))
    return Pair(whole, tuple(parts))


def _line(one: MapNode, other: MapNode, name: str, change: Change) -> Line:
    path = (name, *change.path)
    root = one if at_path(one, path) is not None else other
    aspects = aspects_at(path, change.before, change.after)
    texts = (value_text(change.before), change_text(change.before, change.after))
    return Line(place_name(root, path), *texts, tuple(sorted(aspect.value for aspect in aspects)))


def _count(node: object) -> int:
    entries = getattr(node, "entries", None)
    if entries is not None:
        return sum(_count(value) for _, value in entries)
    items = getattr(node, "items", None)
    if items is not None:
        return sum(_count(item) for item in items)
    return 0 if node is None else 1


def _touched(changes: tuple[Change, ...]) -> int:
    return sum(max(_count(change.before), _count(change.after)) for change in changes)


__all__ = ["MOST", "WEIGHTS", "Line", "Pair", "PartLikeness", "side_by_side"]
