"""The protocol between ``ProxyWorker`` (``parent.py``) and ``worker.py``: length-prefixed MessagePack over the latter's
stdin and stdout. And what both know of the worker's end: the memory that it may take, and the message that it had in
hand, for whatever reason it ended."""

import errno
import os
from pathlib import Path
from typing import IO, Final, Literal

import msgspec

from monitor.base import process
from monitor.content import Needle
from monitor.events import Health, HealthDetail, HealthWord, LateMatch, TlsFailure, Transmission
from monitor.session.observe import health_of

ERR_US: Final = 1000
"""Error of the proxy's times, in microseconds."""
#: Bytes of address space beyond what the worker has when it begins to listen. Measured: 0.3 GiB with 5,000 values to
#: search for and bodies of 16 MiB, 1.4 GiB with 25,000 values; the queue and what is kept may take 0.2 GiB more.
ROOM: Final = 4 << 30
#: Exit code of a worker that ran out of memory where it cannot go on.
OUT_OF_MEMORY: Final = 12
_HAND_FILE: Final = "in-hand"


class Config(msgspec.Struct, frozen=True, kw_only=True, tag="config"):
    """The worker's configuration. Paths are text; times in milliseconds, sizes in bytes."""

    app: str = ""
    mode: Literal["sinkhole", "normal"] = "sinkhole"
    """"sinkhole" answers everything itself and lets no packet leave; "normal" forwards requests."""
    hold_ms: int = 400
    """How long a finished message waits before it is searched; what a needle finds later becomes a ``late_match``."""
    queue: int = 4096
    queue_bytes: int = 128 << 20
    ring_bytes: int = 64 << 20
    keep_bytes: int = 128 << 20
    """Of a session's bodies and flows; see ``Budget``."""
    upstream_ca: str = ""
    allow: list[str] = []
    """Non-public hosts that "normal" may reach."""
    own_port: bool = False
    """Listen on a second port, for the app's own traffic."""
    own_ends: bool = False
    """Every way to the proxy begins at a process of ours, which stays connected until it is answered."""
    memory: int = ROOM
    """Bytes of address space that it may take beyond what it has when it listens; 0 = no limit."""
    spool: str = ""
    """For bodies and, in ``ca``, the certificate authority; this and the rest is ``ProxyWorker``'s to say."""
    flow_file: str = ""
    anchor: int = 0
    """Of the session clock: microseconds from the boot clock to the epoch."""


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="order"):
    """What the worker shall do, or know, from now on."""

    needles: list[Needle] = []
    """More values to search for."""
    ca_seen: bool = False
    """The app's own mount namespace trusts the CA: a refusal is pinning then."""
    apart: bool | None = None
    """Apps are told apart: the app's traffic arrives at its own port, that of other apps at the common one. False: they
    are not, and no event proves its owner."""
    stop: bool = False
    """Search what is held, then end."""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The proxy listens."""

    port: int
    ca_pem: bytes
    version: str
    own_port: int = 0


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The worker cannot run; a line for the user."""

    message: str
    hint: str = ""


class Captured(msgspec.Struct, frozen=True, tag="captured"):
    """An event, with the undecoded body if one was kept: in the message or in a spool file that the parent removes."""

    event: Transmission | TlsFailure | LateMatch | Health
    body: bytes = b""
    body_file: str = ""
    path: str = ""
    """The path as sent, which the event shows without personal values; empty = none."""


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """Everything has been sent."""


AnyMessage = Config | Order | Ready | Refused | Captured | Stopped

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[AnyMessage] = msgspec.msgpack.Decoder(AnyMessage)


def send(stream: IO[bytes], message: AnyMessage) -> None:
    """Write one message and flush. Raises ``OSError`` when the other side is gone."""
    process.send(stream, _encoder.encode(message))


def receive(stream: IO[bytes]) -> AnyMessage | None:
    """The next message; None = the other side is gone. Raises ``ValueError`` for one that cannot be read."""
    data = process.receive(stream)
    return None if data is None else _decoder.decode(data)


def health(app: str, what: HealthWord, detail: HealthDetail, n: int = 0) -> Health:
    """A health event of the proxy, now."""
    return health_of("proxy", app, what, detail, n=n, src="proxy:health", err=ERR_US)


def end_process(error: BaseException) -> None:
    """End this process at once: it cannot go on."""
    no_memory = isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
    os._exit(OUT_OF_MEMORY if no_memory else 1)


_note_decoder = msgspec.msgpack.Decoder(tuple[Transmission, int])


class Hand:
    """The worker's note of what it is about to search, for whoever outlives it."""

    def __init__(self, folder: str) -> None:
        self._file = (Path(folder) / _HAND_FILE).open("wb", buffering=0)

    def note(self, event: Transmission | None, waiting: int = 0) -> None:
        """Note the event of a message, without anything personal, and how many wait behind it; None = it is done."""
        data = _encoder.encode((msgspec.structs.replace(event, path=""), waiting)) if event else b""
        self._file.seek(0)
        self._file.write(len(data).to_bytes(4, "big") + data)

    @staticmethod
    def left_in(folder: Path) -> tuple[Transmission, int] | None:
        """The last note of a worker that is gone; None = it had nothing in hand."""
        try:
            data = (folder / _HAND_FILE).read_bytes()
            size = int.from_bytes(data[:4], "big")
            return _note_decoder.decode(data[4 : 4 + size]) if size else None
        except (OSError, ValueError):
            return None
