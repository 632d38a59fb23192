"""A message in transit, and its event: where it goes, who sent it, its body in passing."""

import hashlib
import ipaddress
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from monitor.collectors.proxy.wire import ERR_US
from monitor.content import Message
from monitor.events import Transmission

if TYPE_CHECKING:
    from mitmproxy import connection, http

MEMORY: Final = 1 << 20
"""Bytes of a body that are kept in memory; a larger one goes to a spool file."""
KEEP: Final = 64 << 20
"""More than this of one body is hashed and counted but not searched."""
OVERLAP: Final = 8 << 10
"""Bytes of one part of a stream that are searched again with the next: a value may straddle both."""
_UNOWNED = "monitor_unowned"


class Tee:
    """A body in passing, a callable for mitmproxy's ``stream``: gives back each chunk unchanged, hashed, counted and
    kept."""

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
        self.path: Path | None = None
        self._spool = spool
        self._hash = hashlib.sha256()
        self._buffer = bytearray()
        self._file: BinaryIO | None = None

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
        """Hex digest of what passed; empty for nothing."""
        return self._hash.hexdigest() if self.size else ""

    @property
    def data(self) -> bytes:
        """The body, if it stayed in memory."""
        return bytes(self._buffer)

    def close(self) -> None:
        """Close the spool file; it stays on disk until its reader removes it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def discard(self) -> None:
        """Close and remove it."""
        self.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


@dataclass(slots=True)
class Capture:
    """The event without its matches, and the content to search."""

    event: Transmission
    message: Message
    tee: Tee | None = None
    cut: str = ""
    """Why the body is incomplete; empty = complete."""
    write: Callable[..., None] | None = None
    """Writes the flow to the flow file, given a streamed body, or without its contents (``bare``)."""
    quiet: bool = False
    """An event only if a value is found in it."""

    @property
    def weight(self) -> int:
        """Bytes held in memory, roughly."""
        return len(self.message.body) + 2000


class Target(NamedTuple):
    """Where something goes, as the fields of a ``Transmission`` say it."""

    host: str
    address: str = ""
    named: str = ""

    @classmethod
    def of(cls, dialled: str, written: str, *, proven: bool) -> "Target":
        """``dialled``: what the app had the proxy connect to. Of a name nothing is left to prove: the proxy looks it
        up. Of an address, the name that the app writes into what it sends proves nothing by itself."""
        if not written or is_address(written.strip("[]")) or not is_address(dialled):
            return cls(dialled)
        return cls(written, address=dialled) if proven else cls(dialled, named=written)


def is_address(host: str) -> bool:
    """An IP address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def proves_name(client: "connection.Client", server: "connection.Server") -> bool:
    """Whether the server proved by its certificate the name in the app's SNI; for a proxy that checks it."""
    return bool(client.sni and server.tls_established and server.sni == client.sni)


def disown(client: "connection.Client") -> None:
    """Nothing that this connection carries counts as the app's."""
    setattr(client, _UNOWNED, True)


def client_fields(app: str, client: "connection.Client") -> dict[str, Any]:
    """Fields of the event of what came over a connection: whose it is, as far as that is proven. Port 0: unknown, or
    that of whoever opened it."""
    unowned = bool(getattr(client, _UNOWNED, False))
    port = int(client.peername[1]) if client.peername and not unowned else 0
    return {"err": ERR_US, "src": "proxy", "app": app, "client_port": port, "unowned": unowned, "sni": client.sni or ""}


def transmission(app: str, client: "connection.Client", target: Target, **fields: Any) -> Transmission:
    """The event of what an app sent over a connection; ``fields`` are its others, or instead of those here."""
    return Transmission(**client_fields(app, client) | target._asdict() | fields)


def request_fields(request: "http.Request") -> dict[str, Any]:
    """Fields of the event of an HTTP request."""
    return {
        "scheme": request.scheme,
        "method": request.method,
        "path": request.path,
        "http_version": request.http_version,
        "content_type": request.headers.get("content-type", ""),
    }


def request_message(request: "http.Request", headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> Message:
    """What is searched of an HTTP request."""
    kind, encoding = request.headers.get("content-type", ""), request.headers.get("content-encoding", "")
    return Message(target=request.data.path, headers=headers, body=body, content_type=kind, encoding=encoding)


def middle(first: float, last: float) -> tuple[int, int]:
    """The middle of what was sent between two moments (wall clock, seconds), and half its length; microseconds."""
    half = int(max(0.0, last - first) * 5e5)
    return int(first * 1e6) + half, half
