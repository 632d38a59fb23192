"""The destination of sinkholed streams: a local server that accepts everything, answers plausibly and forwards nothing.

It is needed where mitmproxy must dial before it can answer (streamed bodies, WebSocket, raw TCP). It speaks just
enough HTTP/1.1 and WebSocket (RFC 6455) to keep a client talking; anything else is swallowed.
"""

import asyncio
import base64
import contextlib
import hashlib
import ssl
from pathlib import Path
from typing import Final

from mitmproxy import connection
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_MAX_HEAD: Final = 128 << 10
ANSWER: Final = b"{}"


class Drain:
    """Two listeners on 127.0.0.1, plain and TLS."""

    def __init__(self) -> None:
        self.plain = 0
        """Port of the plain listener."""
        self.tls = 0
        """Port of the TLS listener."""
        self._servers: list[asyncio.Server] = []

    async def start(self, certificate: Path) -> None:
        """Listen, over TLS with a certificate and its key in one file. Raises ``OSError``."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.set_alpn_protocols(["http/1.1"])
        for tls in (None, context):
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls, limit=_MAX_HEAD)
            self._servers.append(server)
        self.plain, self.tls = (s.sockets[0].getsockname()[1] for s in self._servers)

    async def stop(self) -> None:
        """Stop listening; connections end with the process."""
        for server in self._servers:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            while await self._exchange(reader, writer):
                pass
        with contextlib.suppress(OSError):
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; False = the connection is done."""
        first = await reader.read(1)
        if not first:
            return False
        if not first.isalpha():
            return await _swallow(reader)
        line = first + await reader.readline()
        if b"HTTP/1." not in line:
            return await _swallow(reader)
        fields: dict[bytes, bytes] = {}
        while (header := await reader.readline()) not in (b"\r\n", b"\n", b""):
            name, _, value = header.partition(b":")
            fields[name.strip().lower()] = value.strip()
        if fields.get(b"upgrade", b"").lower() == b"websocket":
            return await _websocket(reader, writer, fields.get(b"sec-websocket-key", b""))
        await _body(reader, fields)
        writer.write(answer(fields.get(b"content-type", b"")))
        await writer.drain()
        return True


def answer(content_type: bytes) -> bytes:
    """An HTTP/1.1 response that most clients accept as success; gRPC clients get "unimplemented"."""
    if content_type.startswith(b"application/grpc"):
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\ngrpc-status: 12\r\nContent-Length: 0\r\n\r\n"
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n" + ANSWER


async def _body(reader: asyncio.StreamReader, fields: dict[bytes, bytes]) -> None:
    if b"chunked" in fields.get(b"transfer-encoding", b"").lower():
        while size := int((await reader.readline()).split(b";")[0], 16):
            await _skip(reader, size + 2)
        while (await reader.readline()) not in (b"\r\n", b"\n", b""):
            pass
    else:
        await _skip(reader, int(fields.get(b"content-length", b"0")))


async def _skip(reader: asyncio.StreamReader, size: int) -> None:
    while size > 0:
        data = await reader.read(min(size, 65536))
        if not data:
            raise asyncio.IncompleteReadError(b"", size)
        size -= len(data)


async def _swallow(reader: asyncio.StreamReader) -> bool:
    while await reader.read(65536):
        pass
    return False


async def _websocket(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: bytes) -> bool:
    accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )
    await writer.drain()
    while True:
        head = await reader.readexactly(2)
        size = head[1] & 127
        if size == 126:
            size = int.from_bytes(await reader.readexactly(2), "big")
        elif size == 127:
            size = int.from_bytes(await reader.readexactly(8), "big")
        mask = await reader.readexactly(4) if head[1] & 128 else b""
        code = head[0] & 15
        if code < 8:
            await _skip(reader, size)
            continue
        data = await reader.readexactly(min(size, 125))
        if mask:
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
        if code in (8, 9):  # close and ping are answered in kind
            writer.write(bytes([128 | (8 if code == 8 else 10), len(data)]) + data)
            await writer.drain()
        if code == 8:
            return False


class Egress:
    """The addon that guards the way out, loaded in sinkhole mode only: every connection goes to the drain, or is
    refused."""

    def __init__(self, drain: Drain) -> None:
        self._drain = drain
        self._intended: dict[str, connection.Address | None] = {}

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Redirect or refuse the dial."""
        server = data.server
        port = self._drain.tls if server.tls else self._drain.plain
        if not port or server.transport_protocol != "tcp" or server.via:
            server.error = "sinkhole: nothing leaves this machine"
            return
        self._intended[server.id] = server.address
        server.address = ("127.0.0.1", port)

    def server_connected(self, data: ServerConnectionHookData) -> None:
        """Restore the name of the app's intended target on the connection: later requests read it from there."""
        self._restore(data.server)

    def server_connect_error(self, data: ServerConnectionHookData) -> None:
        """As for an established connection."""
        self._restore(data.server)

    def _restore(self, server: connection.Server) -> None:
        if server.id in self._intended:
            # mitmproxy forbids changing an open connection because its own code dials with it; here it is already open.
            object.__setattr__(server, "address", self._intended.pop(server.id))
