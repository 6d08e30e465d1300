"""Merkle trees as in Certificate Transparency (RFC 6962 section 2.1, RFC 9162 section 2.1). Pure: hashes in, hashes out.

A node is known by (level, index): it covers the leaves [index * 2^level, (index + 1) * 2^level). Only complete subtrees
are ever stored; they never change when the tree grows, so an append costs O(log n), and so does a proof.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

Coordinate: TypeAlias = tuple[int, int]
Range: TypeAlias = tuple[int, int]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf: SHA-256 over 0x00 and its bytes, so that no leaf can pass for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of a node over its two children: SHA-256 over 0x01, left and right."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def node_id(level: int, index: int) -> UUID:
    """The database key of a node: level and index inside a UUID of version 8 (RFC 9562, free form)."""
    return UUID(int=(level << 80) | (0x8 << 76) | (0b10 << 62) | index)


def subtrees(start: int, end: int) -> tuple[Coordinate, ...]:
    """The complete subtrees that make up the leaves [start, end), largest first; `start` is where such a range begins in a
    tree: a multiple of every power of two below its length."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return tuple(found)


def range_hash(start: int, end: int, hashes: Mapping[Coordinate, bytes]) -> bytes:
    """MTH over the leaves [start, end), from the hashes of its `subtrees`. Raises `KeyError` when one is absent."""
    if start == end:
        return EMPTY_ROOT
    parts = [hashes[coordinate] for coordinate in subtrees(start, end)]
    combined = parts.pop()
    while parts:
        combined = node_hash(parts.pop(), combined)
    return combined


def inclusion_ranges(index: int, size: int) -> tuple[Range, ...]:
    """The ranges of leaves whose hashes prove that leaf `index` is in the tree of `size` leaves, from the leaf upwards
    (PATH of RFC 6962, 2.1.1). Raises `ValueError` where there is no such leaf."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    found: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return tuple(reversed(found))


def consistency_ranges(first: int, second: int) -> tuple[Range, ...]:
    """The ranges whose hashes prove that the tree of `first` leaves is a prefix of that of `second` (PROOF of RFC 6962,
    2.1.2). Empty when either has nothing to prove. Raises `ValueError` unless 0 <= first <= second."""
    if not 0 <= first <= second:
        raise ValueError(f"no consistency between {first} and {second} leaves")
    if first in (0, second):
        return ()
    found: list[Range] = []
    start, end, known = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, known = middle, False
    if not known:
        found.append((start, end))
    return tuple(reversed(found))


def _split(length: int) -> int:
    """The largest power of two smaller than `length` (at least 2)."""
    return 1 << ((length - 1).bit_length() - 1)


def needed(ranges: Sequence[Range]) -> frozenset[Coordinate]:
    """All complete subtrees a proof is made of."""
    return frozenset(coordinate for start, end in ranges for coordinate in subtrees(start, end))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that `leaf` (a leaf hash) is leaf `index` of the tree with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, combined = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            combined = node_hash(sibling, combined)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            combined = node_hash(combined, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and combined == root


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the second tree only added leaves to the first (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    if not 0 < first < second or not proof:
        return False
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


class Frontier:
    """The right edge of a growing tree: the hashes of the complete subtrees that make up its leaves."""

    def __init__(self, size: int = 0, hashes: Mapping[Coordinate, bytes] | None = None) -> None:
        """A tree of `size` leaves; `hashes` holds its `subtrees(0, size)`. Raises `KeyError` when one is absent."""
        self.size = size
        self._edge = [(level, (hashes or {})[level, index]) for level, index in subtrees(0, size)]

    def append(self, leaf: bytes) -> Iterator[tuple[Coordinate, bytes]]:
        """Add a leaf (its hash); gives the nodes above leaf level that it completes, lowest first."""
        level, combined = 0, leaf
        while self._edge and self._edge[-1][0] == level:
            combined = node_hash(self._edge.pop()[1], combined)
            level += 1
            yield (level, self.size >> level), combined
        self._edge.append((level, combined))
        self.size += 1

    def root(self) -> bytes:
        """Hash of the whole tree."""
        if not self._edge:
            return EMPTY_ROOT
        combined = self._edge[-1][1]
        for _, left in reversed(self._edge[:-1]):
            combined = node_hash(left, combined)
        return combined
