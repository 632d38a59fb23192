"""The protocol between ``ProxyWorker`` (``parent.py``) and ``worker.py``: length-prefixed MessagePack over the latter's
stdin and stdout."""

from typing import IO

import msgspec

from monitor import child
from monitor.events import Health, LateMatch, TlsFailure, Transmission


class Config(msgspec.Struct, frozen=True, kw_only=True, tag="config"):
    """The worker's configuration. Paths are text; times in milliseconds, sizes in bytes."""

    app: str
    mode: str
    host: str
    port: int
    confdir: str
    spool: str
    flow_file: str
    hold_ms: int
    queue: int
    queue_bytes: int
    ring_bytes: int
    ca_confirmed: bool
    upstream_ca: str = ""
    proxy_mode: str = "regular"
    allow: list[str] = []
    own_port: bool = False
    """Listen on a second port, for the app's own traffic."""
    own_ends: bool = False
    """Every way to the proxy begins at a process of ours, which stays connected until it is answered."""
    memory: int = 0
    """Bytes of address space that it may take beyond what it has when it listens; 0 = no limit."""
    anchor: int = 0
    """Of the session clock: microseconds from the boot clock to the epoch."""


class Needles(msgspec.Struct, frozen=True, tag="needles"):
    """More values to search for: (data type, tag, value, form)."""

    items: list[tuple[str, str, str, str]]


class Confirm(msgspec.Struct, frozen=True, tag="confirm"):
    """The app's own mount namespace trusts the CA: a refusal is pinning then."""


class Apart(msgspec.Struct, frozen=True, tag="apart"):
    """Whether apps are told apart: the app's traffic arrives at its own port, that of other apps at the common one.

    ``apart`` False: they are not, and no event proves its owner.
    """

    apart: bool


class Stop(msgspec.Struct, frozen=True, tag="stop"):
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


ToWorker = Config | Needles | Confirm | Apart | Stop
ToParent = Ready | Refused | Captured | Stopped

_encoder = msgspec.msgpack.Encoder()
_for_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_for_parent: msgspec.msgpack.Decoder[ToParent] = msgspec.msgpack.Decoder(ToParent)


def send(stream: IO[bytes], message: ToWorker | ToParent) -> None:
    """Write one message and flush. Raises ``OSError`` when the other side is gone."""
    child.send(stream, _encoder.encode(message))


def receive_for_worker(stream: IO[bytes]) -> ToWorker | None:
    """The next message to the worker; None = the parent is gone."""
    data = child.receive(stream)
    return None if data is None else _for_worker.decode(data)


def receive_for_parent(stream: IO[bytes]) -> ToParent | None:
    """The next message to the parent; None = the worker is gone."""
    data = child.receive(stream)
    return None if data is None else _for_parent.decode(data)
