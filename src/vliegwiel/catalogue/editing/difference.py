"""What differs between two definitions, ready to read: the place in words, what stood there, what stands there, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from vliegwiel.base.sourcefile import ListNode, Node

from ..layers import identity
from ..merging import ChangeKind, differences
from .parts import name_of, summary, trail
from .words import SECTIONS, label

SAME, GONE, NEW = "gelijk", "weg", "nieuw"
LONGEST = 4_000
UNTOLD = ("versie", "hash", "patroonversie", "afwijkingen", "sleutel", "gemeente")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that is on both sides, only before, or only after."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Told:
    """One difference. `before` and `after` are empty where nothing stood or stands; `pieces` only where both are words."""

    where: str
    path: tuple[str, ...]
    kind: ChangeKind
    before: str
    after: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The differences in one part of a definition."""

    title: str
    changes: tuple[Told, ...]


def told(before: Node | None, after: Node | None) -> tuple[Chapter, ...]:
    """All differences, by part, in the order in which somebody reads a product."""
    lines = [_told(one.path, one.kind, one.before, one.after, before, after) for one in differences(before, after)]
    found: dict[str, list[Told]] = {}
    for line in lines:
        if line.path and line.path[0] in UNTOLD:
            continue
        found.setdefault(chapter_of(line.path), []).append(line)
    order = [*SECTIONS, *(title for title in found if title not in SECTIONS)]
    return tuple(Chapter(title, tuple(found[title])) for title in order if title in found)


def chapter_of(path: tuple[str, ...]) -> str:
    """The part of a product that a path belongs to."""
    head = path[0] if path else ""
    return next((title for title, keys in SECTIONS.items() if head in keys), label(head) if head else "")


def _told(
    path: tuple[str, ...], kind: ChangeKind, old: Node | None, new: Node | None, before: Node | None, after: Node | None
) -> Told:
    root = before if new is None else after
    if kind is ChangeKind.MOVED:
        return Told(trail(path, root), path, kind, _order(old), _order(new), ())
    was, now = summary(old, LONGEST), summary(new, LONGEST)
    return Told(trail(path, root), path, kind, was, now, pieces(was, now) if was and now else ())


def _order(node: Node | None) -> str:
    if not isinstance(node, ListNode):
        return summary(node, LONGEST)
    return " → ".join(name_of(item) or identity(item) or "" for item in node.items)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts word by word."""
    old, new = _words(before), _words(after)
    found: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("".join(old[a:b]), SAME))
            continue
        if a < b:
            found.append(Piece("".join(old[a:b]), GONE))
        if c < d:
            found.append(Piece("".join(new[c:d]), NEW))
    return tuple(found)


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S+", text)


def count(chapters: Iterable[Chapter]) -> int:
    """How many differences there are."""
    return sum(len(chapter.changes) for chapter in chapters)


def text_lines(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The texts line by line, three lines around each change: the sign (`+`, `-`, a space, `@`) and the line."""
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=3)
    return tuple((line[:1], line[1:]) for number, line in enumerate(lines) if number > 1)
