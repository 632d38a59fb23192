"""What parent and worker say to each other: length-prefixed MessagePack over the worker's stdin and stdout."""

from __future__ import annotations

import struct
from typing import IO, Final

import msgspec

from monitor.events import Health, TlsFailure, Transmission

_MAX_FRAME: Final = 256 << 20
_HEAD: Final = struct.Struct(">I")


class Config(msgspec.Struct, frozen=True, kw_only=True, tag="config"):
    """How the worker shall run. Paths are text; times in milliseconds, sizes in bytes."""

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


class Needles(msgspec.Struct, frozen=True, tag="needles"):
    """More values to look for: (data type, tag, value, form)."""

    items: list[tuple[str, str, str, str]]


class Confirm(msgspec.Struct, frozen=True, tag="confirm"):
    """The app's own mount namespace trusts the CA: a refusal is pinning then."""


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """Search what is held, then end."""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The proxy listens."""

    port: int
    ca_pem: bytes
    version: str


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The worker cannot run; a line for the user."""

    message: str
    hint: str = ""


class Captured(msgspec.Struct, frozen=True, tag="captured"):
    """An event, with the undecoded body if one was kept: in the message or in a spool file that the parent removes."""

    event: Transmission | TlsFailure | Health
    body: bytes = b""
    body_file: str = ""


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """Everything has been sent."""


ToWorker = Config | Needles | Confirm | Stop
ToParent = Ready | Refused | Captured | Stopped

_encoder = msgspec.msgpack.Encoder()
_for_worker: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_for_parent: msgspec.msgpack.Decoder[ToParent] = msgspec.msgpack.Decoder(ToParent)


def send(stream: IO[bytes], message: ToWorker | ToParent) -> None:
    """Write one message and flush. Raises ``OSError`` when the other side is gone."""
    data = _encoder.encode(message)
    stream.write(_HEAD.pack(len(data)))
    stream.write(data)
    stream.flush()


def _frame(stream: IO[bytes]) -> bytes | None:
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    if size > _MAX_FRAME:
        return None
    data = stream.read(size)
    return data if len(data) == size else None


def receive_for_worker(stream: IO[bytes]) -> ToWorker | None:
    """The next message to the worker; None = the parent is gone."""
    data = _frame(stream)
    return None if data is None else _for_worker.decode(data)


def receive_for_parent(stream: IO[bytes]) -> ToParent | None:
    """The next message to the parent; None = the worker is gone."""
    data = _frame(stream)
    return None if data is None else _for_parent.decode(data)
