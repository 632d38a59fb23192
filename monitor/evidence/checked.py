"""What is read of a bundle again once it was checked, which must be the same: the log, of which the chain is followed
once, and other files.

Whoever holds the bundle might change it between two readings. So the first one keeps the digest of each piece of the
log, 32 bytes for 32 KiB, and nothing else is read again: neither in another order nor after the file has grown. Of
other files, a verification tells the digests.
"""

import sys
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from monitor.base.errors import EvidenceDamaged
from monitor.events import Event
from monitor.evidence.attested import Checker, damage
from monitor.evidence.lines import Counted, Reader
from monitor.evidence.log import Head
from monitor.evidence.standalone.verify import ORIGINAL, Piece

#: Pieces that are kept for who asks for single lines.
_KEPT: Final = 32
_NOTHING: Final = memoryview(b"")


class LogChecker(Checker):
    """The verifier, which keeps of the log what recognises it."""

    digests: list[tuple[Piece, int, bytes]]
    """Each piece without its lines, its bytes and their digest."""

    def read_pieces(self) -> Iterator[tuple[Piece, list[str]]]:
        """The lines of the log with their hashes, the chain checked."""
        self.digests = []
        for piece, hashes in super().read_pieces():
            place = piece._replace(lines=[], data=_NOTHING)
            self.digests.append((place, len(piece.data), sha256(piece.data).digest()))
            yield piece, hashes


class CheckedLog:
    """``head``: the log's state as derived from its lines. ``files``: SHA-256 (hex) of all other files that were
    verified with it, by name; None: none were."""

    files: dict[str, str] | None = None

    def __init__(self, bundle: Path, check: LogChecker | None = None) -> None:
        """``check``: that has read the log; None: the chain is followed now. Raises ``EvidenceDamaged``."""
        if check is None:
            check = LogChecker(bundle)
            with damage(bundle):
                check.read_log()
        self._bundle, self._known = bundle, check.digests
        self._firsts = [piece.seq for piece, *_ in self._known]
        self.read = lru_cache(_KEPT)(self._read)
        """A piece by its place among all."""
        self.head = Head(check.events, check.chain, check.root)

    def _read(self, place: int) -> Piece:
        piece, size, digest = self._known[place]
        data, path = b"", self._bundle / piece.file
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                file.seek(piece.offset)
                data = file.read(size)
        if sha256(data).digest() != digest:
            raise EvidenceDamaged("the log was changed while it was read", where=piece.where(), hint=ORIGINAL)
        return piece._replace(lines=[line[:-1] for line in BytesIO(data).readlines()], data=memoryview(data))

    def events(self, counted: Counted | None = None) -> Iterator[Event]:
        """All events in order; ``counted`` and faults as of ``Reader.events``."""
        reader = Reader(again=True)
        for place in range(len(self._known)):
            yield from reader.events(self._read(place), counted)

    def line(self, seq: int) -> bytes:
        """The line of an event. Raises ``EvidenceDamaged`` if it is not what it was."""
        piece = self.read(bisect_right(self._firsts, seq) - 1)
        return piece.lines[seq - piece.seq]


def kept(bundle: Path, name: str, log: CheckedLog | None = None, most: int = sys.maxsize) -> bytes | None:
    """A file of a bundle, of at most ``most`` bytes; None: there is none. Raises ``EvidenceDamaged`` if it is not the
    one that was verified with ``log``."""
    path = bundle / name
    there = path.is_file() and not path.is_symlink()
    if there and path.stat().st_size > most:
        raise EvidenceDamaged("too large", where=str(path))
    data = path.read_bytes() if there else None
    if log is not None and log.files is not None:
        actual = None if data is None else sha256(data).hexdigest()
        if actual != (expected := log.files.get(name)):
            raise EvidenceDamaged(
                "the file was changed while the bundle was read", where=name,
                expected=expected or "no such file", actual=actual or "missing",
            )  # fmt: skip
    return data


def read_head(bundle: Path) -> Head:
    """The log's state as derived from its lines. Raises ``EvidenceDamaged``."""
    return CheckedLog(bundle).head
