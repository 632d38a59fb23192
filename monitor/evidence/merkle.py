"""Proofs that an event is in a recording, without disclosing the others: of RFC 9162 (section 2.1.3), over the tree of
the log's lines (``MerkleTree`` in ``standalone``). All hashes are raw 32 bytes. Our own, because ``pymerkle`` is under
the GPL.

>>> hashes = [leaf_hash(line) for line in (b"a", b"b", b"c")]
>>> verify_inclusion(hashes[2], 2, 3, inclusion_proof(hashes, 2), tree_root(hashes))
True
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.evidence.attested import checking
from monitor.evidence.standalone.verify import MALFORMED, MerkleTree, leaf_hash


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """The root of the tree over these leaf hashes."""
    tree = MerkleTree()
    tree.extend(leaves)
    return tree.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The sibling hashes from leaf ``index`` (from 0) up to the root. Raises ``IndexError``."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)  # the largest power of two that is smaller
        left = index < middle
        path.append(tree_root(leaves[middle:end] if left else leaves[start:middle]))
        start, end = (start, middle) if left else (middle, end)
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows ``leaf`` at ``index`` (from 0) of the tree of ``size`` leaves (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, result = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return False
        right = fn & 1 or fn == sn
        result = sha256(b"\1" + (sibling + result if right else result + sibling)).digest()
        while right and fn and not fn & 1:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and result == root


def prove(bundle: Path, seq: int) -> dict[str, object]:
    """An inclusion proof for one event: line, index, tree size, sibling hashes and root (hex), ready for JSON.

    ``sha256`` of the leaf and ``verify_inclusion`` check it. Raises ``InputError`` for an unknown number.
    """
    leaves, wanted = [], b""
    with checking(bundle) as check:
        for piece, _ in check.read_pieces():
            leaves += [leaf_hash(raw) for raw in piece.lines]
            if piece.seq <= seq < piece.seq + len(piece.lines):
                wanted = piece.lines[seq - piece.seq]
    if not wanted:
        raise InputError(f"there is no event {seq}", where=str(bundle), hint=f"1 to {len(leaves)}")
    return {
        "line": wanted.decode("utf-8", "replace"),
        "leaf": leaf_hash(wanted).hex(),
        "index": seq - 1,
        "size": len(leaves),
        "proof": [step.hex() for step in inclusion_proof(leaves, seq - 1)],
        "root": tree_root(leaves).hex(),
    }


def check_proof(data: bytes) -> tuple[int, str]:
    """Sequence number and Merkle root (hex) of a proof made by ``prove``, if it is valid. Raises
    ``EvidenceDamaged``."""
    try:
        proof = json.loads(data)
        line, index, size = str(proof["line"]).encode(), int(proof["index"]), int(proof["size"])
        steps, root = [bytes.fromhex(step) for step in proof["proof"]], str(proof["root"])
        holds = len(steps) < 64 and verify_inclusion(leaf_hash(line), index, size, steps, bytes.fromhex(root))
        holds = holds and json.loads(line)["seq"] == index + 1
    except MALFORMED:
        raise EvidenceDamaged("not a proof") from None
    if not holds:
        raise EvidenceDamaged("the event is not in the recording that the proof names")
    return index + 1, root
