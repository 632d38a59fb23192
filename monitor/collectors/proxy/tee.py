"""Bodies in passing: hashed, counted and kept, in memory while small and otherwise in a spool file."""

import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import BinaryIO, Final

MEMORY: Final = 1 << 20
KEEP: Final = 64 << 20
"""More than this of one body is hashed and counted but not kept."""


OVERLAP: Final = 8 << 10
"""Bytes of one part of a stream that are searched again with the next: a value may straddle both."""


class Tee:
    """A callable for mitmproxy's ``stream``: gives back each chunk unchanged."""

    def __init__(self, spool: Path, before: bytes = b"") -> None:
        """``before``: the end of the part of a stream before this one."""
        self.size = 0
        self.before = before
        self.tail = before
        """The end of this part, for the next one."""
        self.since = 0.0
        """Wall clock of the first byte, seconds; 0 = none yet."""
        self.last = 0.0
        """Wall clock of the last byte."""
        self._spool = spool
        self._hash = hashlib.sha256()
        self._buffer = bytearray()
        self._file: BinaryIO | None = None
        self.path: Path | None = None

    def __call__(self, data: bytes) -> bytes:
        """Take a chunk."""
        self.size += len(data)
        self.last = time.time()
        self._hash.update(data)
        self.tail = data[-OVERLAP:] if len(data) >= OVERLAP else (self.tail + data)[-OVERLAP:]
        if self._file is None and len(self._buffer) + len(data) <= MEMORY:
            self._buffer += data
        elif self.size <= KEEP:
            if self._file is None:
                handle, name = tempfile.mkstemp(prefix="body-", dir=self._spool)
                self._file, self.path = os.fdopen(handle, "wb"), Path(name)
                self._file.write(self._buffer)
                self._buffer.clear()
            self._file.write(data)
        return data

    @property
    def sha256(self) -> str:
        """Hex digest of what passed."""
        return self._hash.hexdigest()

    @property
    def data(self) -> bytes:
        """The body, if it stayed in memory."""
        return bytes(self._buffer)

    @property
    def whole(self) -> bool:
        """Everything that passed was kept."""
        return self.size <= KEEP

    def close(self) -> None:
        """Close the spool file; it stays on disk until its reader removes it."""
        if self._file is not None:
            self._file.close()
            self._file = None


class Counter:
    """Counts a streamed response without keeping it."""

    def __init__(self) -> None:
        self.size = 0

    def __call__(self, data: bytes) -> bytes:
        """Take a chunk."""
        self.size += len(data)
        return data
