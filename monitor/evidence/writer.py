"""The files of the log: segments and checkpoints, each written whole, synced, and known to their directory."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from monitor.clock import now_us
from monitor.evidence import checkpoint
from monitor.evidence.keys import Signer
from monitor.evidence.lines import EVENTS, GENESIS
from monitor.evidence.merkle import MerkleTree, leaf_hash


def sync_directory(path: Path) -> None:
    """Make created and removed names durable."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte. Raises ``OSError``."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def write_file(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a small file whole: a temporary one, synced, then renamed over ``path``."""
    temporary = path.with_name(f".{path.name}.new")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        write_all(fd, data)
        os.fsync(fd)
    finally:
        os.close(fd)
    temporary.replace(path)
    sync_directory(path.parent)


def append_file(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Append and sync; a new file is made known to its directory."""
    new = not path.exists()
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, mode)
    try:
        write_all(fd, data)
        os.fdatasync(fd)
    finally:
        os.close(fd)
    if new:
        sync_directory(path.parent)


class SegmentWriter:
    """Appends batches of lines, rolls segments, keeps the tree. Used by one thread at a time. Raises ``OSError``."""

    def __init__(
        self,
        bundle: Path,
        signer: Signer,
        limit: int,
        *,
        tree: MerkleTree | None = None,
        chain: str = "",
        number: int = 0,
    ) -> None:
        self.bundle, self.signer, self.limit = bundle, signer, limit
        self.tree = tree or MerkleTree()
        self.chain = chain or GENESIS.decode()
        self._number = max(number, 1)
        self._written = -1
        self._open()

    def _open(self) -> None:
        self.path = self.bundle / EVENTS / f"{self._number:06}.jsonl"
        self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._size = os.fstat(self._fd).st_size
        sync_directory(self.path.parent)

    def write(self, lines: list[bytes]) -> None:
        """Write and sync a batch, then roll if the segment is full."""
        data = b"\n".join(lines) + b"\n"
        write_all(self._fd, data)
        os.fdatasync(self._fd)
        self._size += len(data)
        append = self.tree.append
        for line in lines:
            append(leaf_hash(line))
        self.chain = sha256(lines[-1]).hexdigest()
        if self._size >= self.limit:
            self.checkpoint()
            os.close(self._fd)
            self._number += 1
            self._open()

    def checkpoint(self) -> None:
        """Write a signed checkpoint over everything written, unless the last one says the same."""
        if self.tree.size == self._written or not self.tree.size:
            return
        state = checkpoint.Checkpoint(self.tree.size, self.tree.root().hex(), self.chain, now_us())
        append_file(self.bundle / checkpoint.FILE, checkpoint.signed_line(state, self.signer))
        self._written = self.tree.size

    def close(self) -> None:
        """The last checkpoint, and the file closed."""
        self.checkpoint()
        os.close(self._fd)
