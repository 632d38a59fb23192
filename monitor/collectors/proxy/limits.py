"""What the worker may take of the machine's memory, and what it had in hand when it ended, for whatever reason."""

import errno
import os
import sys
from collections.abc import Callable
from logging import ERROR, Handler, LogRecord
from pathlib import Path
from typing import Final

import msgspec

from monitor.events import Transmission

#: Bytes of address space beyond what the worker has when it begins to listen. Measured: 0.3 GiB with 5,000 values to
#: search for and bodies of 16 MiB, 1.4 GiB with 25,000 values; the queue and what is kept may take 0.2 GiB more.
ROOM: Final = 4 << 30
#: Exit code of a worker that ran out of memory where it cannot go on.
OUT_OF_MEMORY: Final = 12
_FILE: Final = "in-hand"


def bound(room: int) -> None:
    """From now on this process gets no more than ``room`` bytes of address space; Linux only."""
    if sys.platform != "linux" or not room:
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + room, hard))


def end(error: BaseException) -> None:
    """End this process at once: it cannot go on."""
    no_memory = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
    os._exit(OUT_OF_MEMORY if no_memory else 1)


class Held(msgspec.Struct, frozen=True):
    """A message that is being searched, without anything personal, and how many wait behind it."""

    event: Transmission
    waiting: int


class Hand:
    """The worker's note of what it is about to search, for whoever outlives it."""

    def __init__(self, folder: str) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC
        self._file = os.open(Path(folder) / _FILE, flags, 0o600)

    def take(self, event: Transmission, waiting: int) -> None:
        """Note it."""
        data = _encoder.encode(Held(msgspec.structs.replace(event, path=""), waiting))
        os.pwrite(self._file, len(data).to_bytes(4, "big") + data, 0)

    def empty(self) -> None:
        """It is done."""
        os.pwrite(self._file, bytes(4), 0)


def left(folder: Path) -> Held | None:
    """What a worker that is gone had in hand; None = nothing."""
    try:
        data = (folder / _FILE).read_bytes()
        size = int.from_bytes(data[:4], "big")
        return _decoder.decode(data[4 : 4 + size]) if size else None
    except (OSError, ValueError):
        return None


class MemoryErrors(Handler):
    """Counts what the proxy lost because there was no memory for it: mitmproxy logs it and goes on."""

    def __init__(self, tell: Callable[[], object]) -> None:
        super().__init__(ERROR)
        self._tell = tell

    def emit(self, record: LogRecord) -> None:
        """Tell of each."""
        if record.exc_info and isinstance(record.exc_info[1], MemoryError):
            self._tell()


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Held)
