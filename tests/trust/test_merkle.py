"""The log is a Merkle tree of RFC 6962: its hashes are those of the RFC, and its proofs convince only of what is true."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.trust import merkle
from vliegwiel.trust.merkle import Frontier, leaf_hash, node_hash, range_hash


def definition(leaves: list[bytes]) -> bytes:
    """MTH, word for word as in RFC 6962, 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + definition(leaves[:k]) + definition(leaves[k:])).digest()


class Tree:
    """A log in memory: the stored hashes, as the database holds them."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.frontier = Frontier()
        self.stored: dict[merkle.Coordinate, bytes] = {}
        for leaf in leaves:
            self.stored[0, self.frontier.size] = leaf_hash(leaf)
            self.stored.update(self.frontier.append(leaf_hash(leaf)))

    def proof(self, ranges: tuple[merkle.Range, ...]) -> list[bytes]:
        assert merkle.needed(ranges) <= self.stored.keys(), "a proof needs complete subtrees only"
        return [range_hash(start, end, self.stored) for start, end in ranges]


def data(size: int) -> list[bytes]:
    return [f"leaf {i}".encode() for i in range(size)]


# Vectors of the Certificate Transparency reference implementation: its eight leaves and their roots.
VECTORS = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_are_those_of_certificate_transparency() -> None:
    assert [Tree(VECTORS[: n + 1]).frontier.root().hex() for n in range(8)] == ROOTS


@pytest.mark.parametrize("size", [*range(20), 31, 32, 33, 64, 100])
def test_the_growing_edge_gives_the_root_of_the_definition(size: int) -> None:
    tree = Tree(data(size))
    assert tree.frontier.root() == definition(data(size))
    assert range_hash(0, size, tree.stored) == definition(data(size))
    assert Frontier(size, tree.stored).root() == tree.frontier.root()


@given(st.integers(1, 300).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_every_leaf_can_be_proven_to_be_in_the_log(place: tuple[int, int]) -> None:
    index, size = place
    tree = Tree(data(size))
    proof = tree.proof(merkle.inclusion_ranges(index, size))
    assert merkle.verify_inclusion(leaf_hash(data(size)[index]), index, size, proof, tree.frontier.root())
    assert len(proof) <= size.bit_length()


@given(st.integers(0, 300).flatmap(lambda second: st.tuples(st.integers(0, second), st.just(second))))
def test_the_log_can_be_proven_to_have_only_grown(sizes: tuple[int, int]) -> None:
    first, second = sizes
    tree = Tree(data(second))
    proof = tree.proof(merkle.consistency_ranges(first, second))
    roots = definition(data(first)), tree.frontier.root()
    assert merkle.verify_consistency(first, second, *roots, proof)


@given(
    st.integers(2, 120).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))),
    st.integers(0, 120),
    st.randoms(),
)
def test_no_proof_convinces_of_another_leaf_place_or_root(place: tuple[int, int], other: int, random: object) -> None:
    index, size = place
    tree = Tree(data(size))
    leaf, root = leaf_hash(data(size)[index]), tree.frontier.root()
    proof = tree.proof(merkle.inclusion_ranges(index, size))
    assert not merkle.verify_inclusion(leaf_hash(b"forged"), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, proof, hashlib.sha256(b"x").digest())
    assert not merkle.verify_inclusion(leaf, index, size, proof[:-1], root)
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, root], root)
    if other != index:
        assert not merkle.verify_inclusion(leaf, other, size, proof, root)
    assert not merkle.verify_inclusion(leaf, size, size, proof, root)
    spoiled = [bytes(32) if i == len(proof) // 2 else h for i, h in enumerate(proof)]
    assert not merkle.verify_inclusion(leaf, index, size, spoiled, root)


@given(st.integers(2, 120).flatmap(lambda second: st.tuples(st.integers(1, second - 1), st.just(second))))
def test_no_proof_convinces_that_a_rewritten_log_only_grew(sizes: tuple[int, int]) -> None:
    first, second = sizes
    rewritten = data(second)
    rewritten[first // 2] = b"rewritten"
    tree = Tree(rewritten)
    proof = tree.proof(merkle.consistency_ranges(first, second))
    assert not merkle.verify_consistency(first, second, definition(data(first)), tree.frontier.root(), proof)
    honest = Tree(data(second))
    good = honest.proof(merkle.consistency_ranges(first, second))
    assert not merkle.verify_consistency(
        first, second, definition(data(first)), honest.frontier.root(), [*good, bytes(32)]
    )
    assert not merkle.verify_consistency(
        first, second, definition(data(first)), honest.frontier.root(), [bytes(32), *good[1:]]
    )
    assert not merkle.verify_consistency(second, first, definition(data(first)), honest.frontier.root(), good)


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(b"\x01" + left + right) != node_hash(left, right)
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_asking_for_a_leaf_that_is_not_there_is_refused(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_ranges(index, size)


@given(st.integers(1, 40), st.integers(0, (1 << 60) - 1))
def test_the_key_of_a_node_holds_its_place(level: int, index: int) -> None:
    key = merkle.node_id(level, index)
    assert key.version == 8
    assert (key.int >> 80, key.int & ((1 << 60) - 1)) == (level, index)
