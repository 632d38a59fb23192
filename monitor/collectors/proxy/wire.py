"""The protocol between ``ProxyWorker`` (``parent.py``) and ``worker.py``: length-prefixed MessagePack over the latter's
stdin and stdout."""

from typing import IO, Literal

import msgspec

from monitor.base import process
from monitor.collectors.proxy import limits
from monitor.content import Needle
from monitor.events import Health, LateMatch, TlsFailure, Transmission


class Config(msgspec.Struct, frozen=True, kw_only=True, tag="config"):
    """The worker's configuration. Paths are text; times in milliseconds, sizes in bytes."""

    app: str = ""
    mode: Literal["sinkhole", "normal"] = "sinkhole"
    """"sinkhole" answers everything itself and lets no packet leave; "normal" forwards requests."""
    port: int = 0
    """0 = any that is free."""
    hold_ms: int = 400
    """How long a finished message waits before it is searched; what a needle finds later becomes a ``late_match``."""
    queue: int = 4096
    queue_bytes: int = 128 << 20
    ring_bytes: int = 64 << 20
    ca_confirmed: bool = False
    """The app is known to trust the CA, so a rejected certificate suggests pinning."""
    upstream_ca: str = ""
    allow: list[str] = []
    """Non-public hosts that "normal" may reach."""
    own_port: bool = False
    """Listen on a second port, for the app's own traffic."""
    own_ends: bool = False
    """Every way to the proxy begins at a process of ours, which stays connected until it is answered."""
    memory: int = limits.ROOM
    """Bytes of address space that it may take beyond what it has when it listens; 0 = no limit."""
    confdir: str = ""
    """For the certificate authority of the run; this and the rest is ``ProxyWorker``'s to say."""
    spool: str = ""
    flow_file: str = ""
    anchor: int = 0
    """Of the session clock: microseconds from the boot clock to the epoch."""


class Needles(msgspec.Struct, frozen=True, tag="needles"):
    """More values to search for."""

    items: list[Needle]


class Confirm(msgspec.Struct, frozen=True, tag="confirm"):
    """The app's own mount namespace trusts the CA: a refusal is pinning then."""


class ToldApart(msgspec.Struct, frozen=True, tag="apart"):
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


AnyMessage = Config | Needles | Confirm | ToldApart | Stop | Ready | Refused | Captured | Stopped

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[AnyMessage] = msgspec.msgpack.Decoder(AnyMessage)


def send(stream: IO[bytes], message: AnyMessage) -> None:
    """Write one message and flush. Raises ``OSError`` when the other side is gone."""
    process.send(stream, _encoder.encode(message))


def receive(stream: IO[bytes]) -> AnyMessage | None:
    """The next message; None = the other side is gone. Raises ``ValueError`` for one that cannot be read."""
    data = process.receive(stream)
    return None if data is None else _decoder.decode(data)
