"""The tree compared with its definition in RFC 9162, for every size from 1 to 69."""

from __future__ import annotations

from hashlib import sha256

import pytest

from monitor.evidence.merkle import inclusion_proof, verify_inclusion
from monitor.evidence.standalone.verify import MerkleTree, leaf_hash
from tests.each import each

EMPTY = sha256(b"").digest()
LEAVES = [leaf_hash(b"line %d" % n) for n in range(69)]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 2.1.1, recursively as written there."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"").digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


def streamed(leaves: list[bytes]) -> bytes:
    tree = MerkleTree()
    for leaf in leaves:
        tree.extend([leaf])
    return tree.root()


def test_many_leaves_at_once_are_as_one_by_one() -> None:
    for pieces in ((69,), (0, 1, 2, 66), (3, 5, 61), (64, 5), (7, 0, 25, 37)):
        tree, start = MerkleTree(), 0
        for size in pieces:
            tree.extend(LEAVES[start : start + size])
            start += size
            assert (tree.size, tree.root()) == (start, by_definition(LEAVES[:start]))


def test_known_vector() -> None:
    """The well-known root of the empty tree and of one empty leaf."""
    assert streamed([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert streamed([leaf_hash(b"")]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_root_and_every_inclusion_proof() -> None:
    """Root by stream = root by definition; each leaf is proven, a wrong one, place or step is not."""
    each(proven, ((n,) for n in range(1, 70)))


def proven(n: int) -> None:
    leaves = LEAVES[:n]
    root = by_definition(leaves)
    assert streamed(leaves) == root
    for index in range(n):
        proof = inclusion_proof(leaves, index)
        assert verify_inclusion(leaves[index], index, n, proof, root)
        assert not verify_inclusion(leaf_hash(b"other"), index, n, proof, root)
        assert not verify_inclusion(leaves[index], index, n, [*proof, EMPTY], root)
        if proof:
            assert not verify_inclusion(leaves[index], index, n, proof[:-1], root)
            assert not verify_inclusion(leaves[index], (index + 1) % n, n, proof, root)
    assert not verify_inclusion(leaves[0], n, n, [], root)


def test_out_of_range() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 69)
