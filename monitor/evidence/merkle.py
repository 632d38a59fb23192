"""The RFC 9162 (section 2.1) Merkle tree over log lines: streaming root and inclusion proofs.

A leaf is SHA-256 over the byte 0x00 and the line without its newline; a node is SHA-256 over the byte 0x01, the left
and the right child. All hashes are raw 32 bytes. ``MerkleTree`` keeps at most log2(n)
of them. Our own, because ``pymerkle`` is under the GPL.

>>> tree = MerkleTree()
>>> hashes = [leaf_hash(line) for line in (b"a", b"b", b"c")]
>>> tree.extend(hashes)
>>> verify_inclusion(hashes[2], 2, 3, inclusion_proof(hashes, 2), tree.root())
True
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

EMPTY: Final = sha256(b"").digest()


def leaf_hash(line: bytes) -> bytes:
    """The leaf hash of a line (bytes without newline)."""
    return sha256(b"\0" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\1" + left + right).digest()


class MerkleTree:
    """The streaming state: one hash per complete subtree, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[bytes] = []

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaf hashes at the end, level by level."""
        count, level, odd = self.size, list(leaves), []
        self.size += len(level)
        while level:
            if count & 1:
                level.insert(0, self._stack.pop())
            if len(level) & 1:
                odd.append(level.pop())
            level = [sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)]
            count >>= 1
        self._stack += reversed(odd)

    def root(self) -> bytes:
        """The root over all leaves so far; SHA-256 of nothing for an empty tree."""
        if not self._stack:
            return EMPTY
        root = self._stack[-1]
        for left in reversed(self._stack[:-1]):
            root = node_hash(left, root)
        return root


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """The root of the tree over these leaf hashes."""
    tree = MerkleTree()
    tree.extend(leaves)
    return tree.root()


def _split(n: int) -> int:
    """The largest power of two smaller than ``n``."""
    return 1 << ((n - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The sibling hashes from leaf ``index`` (from 0) up to the root. Raises ``IndexError``."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(tree_root(leaves[middle:end]))
            end = middle
        else:
            path.append(tree_root(leaves[start:middle]))
            start = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows ``leaf`` at ``index`` (from 0) of the tree of ``size`` leaves (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, result = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            result = node_hash(sibling, result)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and result == root
