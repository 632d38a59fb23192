"""The destination of sinkholed streams: a local server that accepts everything, answers plausibly and forwards nothing.

It is needed where mitmproxy must dial before it can answer (streamed bodies, WebSocket, raw TCP). It speaks just
enough HTTP/1.1 and WebSocket to keep a client talking; anything else is swallowed.
"""

import asyncio
import contextlib
import ssl
from pathlib import Path
from typing import Final

import h11
from mitmproxy import connection
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from wsproto import events as frames
from wsproto.connection import Connection, ConnectionType
from wsproto.utilities import RemoteProtocolError, generate_accept_token

_MAX_HEAD: Final = 128 << 10
_CHUNK: Final = 1 << 16
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

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            try:
                await _answer_requests(reader, writer)
            except (h11.ProtocolError, RemoteProtocolError):
                while await reader.read(_CHUNK):
                    pass
            writer.close()


async def _answer_requests(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each request of a connection. Raises what h11 and wsproto do for what is neither."""
    http, fields = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD), dict[bytes, bytes]()
    while not isinstance(event := http.next_event(), h11.ConnectionClosed):
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Request):
            fields = dict(event.headers)
        elif isinstance(event, h11.EndOfMessage):
            if fields.get(b"upgrade", b"").lower() == b"websocket":
                return await _answer_frames(
                    reader, writer, fields.get(b"sec-websocket-key", b""), http.trailing_data[0]
                )
            for part in answer(fields.get(b"content-type", b"")):
                writer.write(http.send(part) or b"")
            await writer.drain()
            http.start_next_cycle()


def answer(content_type: bytes) -> tuple[h11.Event, ...]:
    """A response that most clients accept as success; gRPC clients get "unimplemented"."""
    grpc = content_type.startswith(b"application/grpc")
    body = b"" if grpc else ANSWER
    headers = [("Content-Type", "application/grpc" if grpc else "application/json"), ("Content-Length", str(len(body)))]
    headers += [("grpc-status", "12")] if grpc else []
    return h11.Response(status_code=200, headers=headers), h11.Data(data=body), h11.EndOfMessage()


async def _answer_frames(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: bytes, data: bytes) -> None:
    """Accept a WebSocket, and answer its pings and its close in kind. ``data``: what came of it already."""
    accepted = generate_accept_token(key)
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n"
    )
    socket, closed = Connection(ConnectionType.SERVER), False
    while not closed:
        socket.receive_data(data)
        for event in socket.events():
            closed = isinstance(event, frames.CloseConnection)
            if isinstance(event, frames.Ping | frames.CloseConnection):
                writer.write(socket.send(event.response()))
        await writer.drain()
        if not closed and not (data := await reader.read(_CHUNK)):
            return


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
        if data.server.id in self._intended:
            # mitmproxy forbids changing an open connection because its own code dials with it; here it is already open.
            object.__setattr__(data.server, "address", self._intended.pop(data.server.id))

    server_connect_error = server_connected
