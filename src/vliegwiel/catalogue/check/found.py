"""Findings about one definition, each put at the file and line that the offending part came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import KeyPath, ListNode, MapNode, Node, SourceInvalid
from vliegwiel.law.findings import Finding, from_errors

from ..layers import identity
from ..resolve import Layered

__all__ = ["Finding", "Found", "Keys", "from_errors", "from_invalid"]

Keys = tuple[str, ...]


class Keyed(Protocol):
    """Anything with a key."""

    @property
    def key(self) -> str: ...


class Found:
    """Collects what is found about one definition."""

    def __init__(self, layers: Layered, municipality: str = "") -> None:
        self.layers = layers
        self.municipality = municipality
        self.findings: list[Finding] = []

    def wrong(self, path: Keys, message: str, code: str = "naam") -> None:
        """Something that must be repaired, at a path of keys."""
        self._add(path, message, code, severe=True)

    def note(self, path: Keys, message: str, code: str = "naam") -> None:
        """Something that deserves a look."""
        self._add(path, message, code, severe=False)

    def unknown(self, path: Keys, word: str, allowed: Iterable[str], what: str) -> None:
        """A name that does not exist: says what does."""
        known = sorted(allowed)
        meant = nearest(word, known)
        hint = f" Bedoelt u '{meant}'?" if meant else ""
        listed = ", ".join(known[:30]) or "niets"
        self.wrong(path, f"{what} '{word}' bestaat hier niet.{hint} Er is: {listed}.")

    def must_be(self, path: Keys, word: str, items: Iterable[Keyed], what: str) -> None:
        """Refuse a word that is not the key of one of the items."""
        keys = [item.key for item in items]
        if word not in keys:
            self.unknown(path, word, keys, what)

    def once(self, path: Keys, items: Iterable[Keyed]) -> None:
        """Refuse a key that occurs twice in a list."""
        seen: set[str] = set()
        for item in items:
            if item.key in seen:
                self.wrong(
                    (*path, item.key), f"De sleutel '{item.key}' staat er twee keer. Geef een van beide een andere."
                )
            seen.add(item.key)

    def _add(self, path: Keys, message: str, code: str, *, severe: bool) -> None:
        file, line, column = place(self.layers, path)
        severity = "fout" if severe else "let op"
        finding = Finding(file, line, column, "fout" if severity == "fout" else "let op", code, message, path)
        if finding not in self.findings:
            self.findings.append(finding)


def place(layers: Layered, path: Keys) -> tuple[str, int, int]:
    """File, line and column of the deepest part of the path that exists."""
    node: Node = layers.root
    file = layers.origins.of(node)
    at = node.at
    for key in path:
        below = _below(node, key)
        if below is None:
            break
        node = below
        file = layers.origins.of(node, file)
        at = node.at if node.at.line else at
    return file, at.line, at.column


def _below(node: Node, key: str) -> Node | None:
    if isinstance(node, MapNode):
        return node.get(key)
    if isinstance(node, ListNode):
        for number, item in enumerate(node.items, 1):
            if identity(item) == key or str(number) == key:
                return item
    return None


def from_invalid(error: SourceInvalid) -> list[Finding]:
    """What decoding refused, as findings."""
    return from_errors(error.errors)


def dotted(path: KeyPath) -> str:
    """A path as it is written in a variant."""
    return ".".join(str(part) for part in path)
