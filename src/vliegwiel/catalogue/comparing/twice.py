"""Parts that stand in several definitions word for word, or nearly: they could be one shared block.

Works on the files as they are written, before blocks are filled in: what is shared already is not told again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode

from ..layers import identity, is_block
from ..merging.nodes import Path, spelled
from .naming import section_of, value_text

SMALLEST: Final = 4
"""Values a part must hold to be worth a block."""
NEARLY: Final = 0.75
"""Share of the values that must be the same in parts that are nearly the same."""
_NOT: Final = frozenset(
    (
        "soort",
        "sleutel",
        "versie",
        "naam",
        "upl",
        "patroon",
        "bronnen",
        "zoekwoorden",
        "voorbeelden",
        "vast",
        "zaaktype",
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Where a part stands: file and line."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part that stands in several files. `values` is how many values it holds, `share` (0..1) how many of those are the same
    everywhere; `spared` how many values need not be written any more when it is one block."""

    section: str
    text: str
    spots: tuple[Spot, ...]
    values: int
    share: float

    @property
    def files(self) -> tuple[str, ...]:
        """The files, each once."""
        return tuple(dict.fromkeys(spot.file for spot in self.spots))

    @property
    def spared(self) -> int:
        """Values that would be written once instead of several times."""
        return int(self.values * self.share) * (len(self.spots) - 1)


@dataclass(frozen=True, slots=True)
class _Part:
    spot: Spot
    path: Path
    node: Node
    values: int
    inside: tuple[str, ...]


def repeats(files: Mapping[str, MapNode]) -> tuple[Repeat, ...]:
    """The parts that stand in more than one file, those that spare most first. Linear in the size of the files."""
    parts = [part for name, root in sorted(files.items()) for part in _parts(name, root)]
    same = _grouped(parts, lambda part: spelled(part.node))
    large = {text for text, group in same.items() if _in_files(group) > 1}
    # A part inside a repeated part is told with it.
    whole = [
        group for text, group in same.items() if text in large and any(not _covered(part, large) for part in group)
    ]
    found = [_repeat(group, 1.0) for group in whole]
    rest = [part for part in parts if spelled(part.node) not in large and not _covered(part, large)]
    nearly = [
        group for group in _grouped(rest, lambda part: _form(part.path, part.node)).values() if _in_files(group) > 1
    ]
    found.extend(_repeat(group, share) for group in nearly if (share := _share(group)) >= NEARLY)
    return tuple(sorted(_widest(found), key=lambda one: (-one.spared, one.section, one.text)))


def _parts(name: str, root: MapNode) -> Iterator[_Part]:
    for key, value in root.entries:
        if key.text not in _NOT:
            yield from _below(name, (key.text,), value, ())


def _below(name: str, path: Path, node: Node, inside: tuple[str, ...]) -> Iterator[_Part]:
    if isinstance(node, TextNode) or is_block(node):
        return
    values = _values(node)
    if values < SMALLEST:
        return
    own = inside
    if isinstance(node, MapNode):
        yield _Part(Spot(name, node.at.line), path, node, values, inside)
        own = (*inside, spelled(node))
        below: Iterable[tuple[str, Node]] = [(key.text, value) for key, value in node.entries]
    else:
        below = [(identity(item) or str(n), item) for n, item in enumerate(node.items)]
    for step, value in below:
        yield from _below(name, (*path, step), value, own)


def _values(node: Node) -> int:
    if isinstance(node, TextNode):
        return 1
    if isinstance(node, ListNode):
        return sum(map(_values, node.items))
    return sum(_values(value) for _, value in node.entries)


def _grouped(parts: Iterable[_Part], key: Callable[[_Part], str]) -> dict[str, list[_Part]]:
    found: dict[str, list[_Part]] = {}
    for part in parts:
        found.setdefault(key(part), []).append(part)
    return found


def _covered(part: _Part, large: set[str]) -> bool:
    return any(text in large for text in part.inside)


def _in_files(group: Iterable[_Part]) -> int:
    return len({part.spot.file for part in group})


def _form(path: Path, node: Node) -> str:
    """The keys of a part without its values: what can be compared value by value."""
    section = path[0]

    def form(one: Node) -> str:
        if isinstance(one, TextNode):
            return ""
        if isinstance(one, ListNode):
            return "[" + ",".join(map(form, one.items)) + "]"
        return (
            "{"
            + ",".join(f"{key.text}:{form(value)}" for key, value in sorted(one.entries, key=lambda e: e[0].text))
            + "}"
        )

    return section + form(node)


def _leaves(node: Node) -> Iterator[str]:
    if isinstance(node, TextNode):
        yield node.text
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _leaves(item)
    else:
        for _, value in sorted(node.entries, key=lambda entry: entry[0].text):
            yield from _leaves(value)


def _share(group: list[_Part]) -> float:
    columns = list(zip(*(list(_leaves(part.node)) for part in group), strict=True))
    return sum(len(set(column)) == 1 for column in columns) / len(columns)


def _repeat(group: list[_Part], share: float) -> Repeat:
    first = group[0]
    return Repeat(
        section_of(first.path), value_text(first.node), tuple(sorted(part.spot for part in group)), first.values, share
    )


def _widest(found: Iterable[Repeat]) -> Iterator[Repeat]:
    """Parts that stand in exactly the same files next to each other under one heading are told as one."""
    grouped: dict[tuple[str, tuple[str, ...], bool], list[Repeat]] = {}
    for one in found:
        grouped.setdefault((one.section, one.files, one.share == 1.0), []).append(one)
    for group in grouped.values():
        if len(group) == 1 or any(len(one.spots) != len(one.files) for one in group):
            yield from group
            continue
        values = sum(one.values for one in group)
        share = sum(one.values * one.share for one in group) / values
        texts = "; ".join(one.text for one in group)
        yield Repeat(group[0].section, texts[:400], group[0].spots, values, share)
