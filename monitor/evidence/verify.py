"""Is the bundle what was recorded? The verifier that lies in every bundle decides it; here a time-stamp's authority is
checked as well, and what is read again once it was checked must be the same.

Whoever holds the bundle might change it between two readings. So the first one keeps the digest of each piece of the
log, 32 bytes for 32 KiB, and nothing else is read again: neither in another order nor after the file has grown. Of
other files, a verification tells the digests.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from monitor.base.errors import EvidenceDamaged, InputError
from monitor.events import Event, LateMatch
from monitor.evidence import attested, bag, keys, lines, redaction, timestamp
from monitor.evidence.log import Head
from monitor.evidence.standalone.verify import DERIVED, EVENTS, ORIGINAL, TOKEN, Damaged, Piece

#: Pieces that are kept for who asks for single lines.
_KEPT: Final = 32
_NOTHING: Final = memoryview(b"")
#: In the line of each late match, and of each in logs before schema 3; never in a stack's, which may need those before.
_LATE: Final = (b'"kind":"late_match"', b'"what":"late_needle"')
#: What is searched for in all lines: a longer text takes twice as long.
_LATE_KIND: Final = b'"late_match"'


class CheckedLog:
    """``head``: the log's state as derived from its lines. ``files``: SHA-256 (hex) of all other files that were
    verified with it, by name; None: none were."""

    files: dict[str, str] | None = None

    def __init__(self, bundle: Path, check: Verified | None = None) -> None:
        """``check``: that has read the log; None: the chain is followed now. Raises ``EvidenceDamaged``."""
        if check is None:
            check = Verified(bundle)
            with attested.damage(bundle):
                check.read_log()
        self._bundle, self._known = bundle, check.digests
        self._firsts = [piece.seq for piece, *_ in self._known]
        self._late = check.late
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

    def events(self, counted: lines.Counted | None = None) -> Iterator[Event]:
        """All events in order; ``counted`` and faults as of ``Reader.events``."""
        reader = lines.Reader(again=True)
        for place in range(len(self._known)):
            yield from reader.events(self._read(place), counted)

    def late_matches(self, schema: int) -> Iterator[LateMatch]:
        """Those of the log, as ``events`` gives them, without reading what holds none. ``schema``: version of the log;
        before 3, all is read. Raises ``EvidenceDamaged``."""
        for place in self._late if schema >= 3 else range(len(self._known)):
            piece = self.read(place)
            for index, raw in enumerate(piece.lines):
                if any(mark in raw for mark in _LATE):
                    event = lines.decoded(raw, piece.where(index))
                    if isinstance(event, LateMatch):
                        yield event

    def line(self, seq: int) -> bytes:
        """The line of an event. Raises ``EvidenceDamaged`` if it is not what it was."""
        piece = self.read(bisect_right(self._firsts, seq) - 1)
        return piece.lines[seq - piece.seq]


class Verified(attested.Checker):
    """The check of a whole bundle, and once it succeeded its result."""

    log: CheckedLog
    """To read again what was verified."""
    roots: Collection[bytes] = ()
    """Certificates (PEM) that the caller trusts: the time-stamp was verified against them, if there are any."""

    digests: list[tuple[Piece, int, bytes]]
    """Of each piece of the log: its place without its lines, its bytes and their digest."""
    late: list[int]
    """Those of them that may hold late matches."""

    def read_pieces(self) -> Iterator[tuple[Piece, list[str]]]:
        """The lines of the log with their hashes, the chain checked."""
        self.digests, self.late = [], []
        for piece, hashes in super().read_pieces():
            place, data = piece._replace(lines=[], data=_NOTHING), bytes(piece.data)
            if _LATE_KIND in data:
                self.late.append(len(self.digests))
            self.digests.append((place, len(data), sha256(data).digest()))
            yield piece, hashes

    def token_time(self) -> str:
        """Time of the token (ISO 8601)."""
        said = super().token_time()
        if self.roots:
            timestamp.require_authority(self.read(TOKEN), self.seal.signature, self.roots)
        try:
            return datetime.fromisoformat(f"{said[:8]}T{said[8:]}").isoformat()
        except ValueError:
            raise Damaged(TOKEN, "the time-stamp cannot be read") from None

    def check_private(self) -> None:
        """Check that what is present of the private part is what was sealed, and can be read."""
        super().check_private()
        for _ in redaction.openings(self.bundle / "private"):
            pass


def verify(
    bundle: Path,
    key: Path | str | None = None,
    roots: list[bytes] | None = None,
    *,
    results: bool = True,
    token: bool = True,
    results_keys: Collection[str] | None = (),
) -> Verified:
    """Check everything. ``key``: PEM or ID of the key that must have signed; ``roots``: PEM certificates of the TSA.
    ``results=False`` skips what an analysis rewrites, ``token=False`` a time-stamp that is about to be replaced.

    Results count only from the key of the seal or from ``results_keys`` (IDs): ``ResultsOfAnother`` otherwise. None:
    whoever attested them, for those who do not use them.

    Without ``key`` the keys in the bundle are used: this detects every later change, but not a bundle rebuilt by
    someone else. Raises ``EvidenceDamaged`` with the place, or ``InputError`` if this is not a bundle at all.
    """
    if not (bundle / EVENTS).is_dir():
        raise InputError(
            "not an evidence bundle", where=str(bundle), hint="give the directory that was named with --out"
        )
    with attested.damage(bundle):
        check = Verified(bundle, [keys.key_id(str(key))] if key else None, results_keys or ())
        check.roots = roots or ()
        check.check(results=results, token=token)
        if results and results_keys is not None:
            check.require_known_results()
    check.log, found = CheckedLog(bundle, check), check.results()
    legacy = [name for name in DERIVED if check.first and (bundle / name).is_file()]  # not all were attested
    check.log.files = check.listed | {name: bag.digest(bundle / name) for name in legacy}
    check.log.files |= found.files if found else {}
    return check


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
