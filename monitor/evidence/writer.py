"""The files of the log: segments and checkpoints, each written completely and synced, with its directory."""

import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

from monitor.base.clock import now_us
from monitor.evidence import checkpoint
from monitor.evidence.keys import Signer
from monitor.evidence.lines import EVENTS, GENESIS
from monitor.evidence.merkle import MerkleTree, leaf_hash

#: Suffix of files not yet complete: recovery removes what a kill left behind.
TEMPORARY: Final = ".new"


def synced(path: Path) -> None:
    """Make a file durable, or the names that were created and removed in a directory."""
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
    """Write a small file atomically: a temporary file with an unpredictable name, synced, then renamed over ``path``.

    A link at either name is never followed.
    """
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}{TEMPORARY}")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        try:
            write_all(fd, data)
            os.fsync(fd)
        finally:
            os.close(fd)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    synced(path.parent)


def append_file(path: Path, data: bytes) -> None:
    """Append and sync; for a new file its directory is synced too. A link is not followed."""
    new = not path.exists()
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o644)
    try:
        write_all(fd, data)
        os.fdatasync(fd)
    finally:
        os.close(fd)
    if new:
        synced(path.parent)


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
        since: int = 0,
    ) -> None:
        """``since``: the time of the last checkpoint, in microseconds; none may be older (the clock of another machine,
        or of this one after a restart, may be behind)."""
        self.bundle, self.signer, self.limit = bundle, signer, limit
        self.tree = tree or MerkleTree()
        self.chain = chain or GENESIS.decode()
        self._number = max(number, 1)
        self._written = -1
        self._since = since
        self._open()

    def _open(self) -> None:
        self.path = self.bundle / EVENTS / f"{self._number:06}.jsonl"
        self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o644)
        self._size = os.fstat(self._fd).st_size
        synced(self.path.parent)

    def write(self, lines: list[bytes]) -> None:
        """Write and sync a batch, then roll if the segment is full."""
        data = b"\n".join(lines) + b"\n"
        write_all(self._fd, data)
        os.fdatasync(self._fd)
        self._size += len(data)
        self.tree.extend([leaf_hash(line) for line in lines])
        self.chain = sha256(lines[-1]).hexdigest()
        if self._size >= self.limit:
            self.checkpoint()
            os.close(self._fd)
            self._number += 1
            self._open()

    def checkpoint(self) -> None:
        """Write a signed checkpoint over everything written, unless the last one is identical."""
        if self.tree.size == self._written or not self.tree.size:
            return
        self._since = max(now_us(), self._since)
        state = checkpoint.Checkpoint(self.tree.size, self.tree.root().hex(), self.chain, self._since)
        append_file(self.bundle / checkpoint.FILE, checkpoint.signed_line(state, self.signer))
        self._written = self.tree.size

    def close(self) -> None:
        """Write the last checkpoint and close the file."""
        self.checkpoint()
        os.close(self._fd)
