"""What an app sent and mitmproxy made no request or message of: requests that it refuses, bytes that are no HTTP, or
that follow a request and are not another. Once the connection has ended they are one more transmission, of opaque
bytes.

mitmproxy keeps them in the layers of the connection and then drops them. ``keep`` changes the layers in the worker's
process so that they can be asked.
"""

import re
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from h11._receivebuffer import ReceiveBuffer
from mitmproxy import connection
from mitmproxy.proxy import events, layer
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.http._events import RequestData, RequestProtocolError, ResponseProtocolError
from mitmproxy.proxy.layers.http._http1 import Http1Server
from mitmproxy.proxy.layers.tcp import TCPLayer
from mitmproxy.proxy.layers.websocket import WebsocketLayer

from monitor.collectors.proxy import capture, wire
from monitor.collectors.proxy.capture import Capture, Target, Tee
from monitor.collectors.proxy.stage import Stage
from monitor.content import Message

_LAYERS: Final = "monitor_layers"
_HEADS: Final = "monitor_heads"
_CHUNK: Final = re.compile(rb"[0-9A-Fa-f]{1,16}\r\n")
#: Layers finish what they have in hand after the connection has ended.
_SETTLE: Final = 1.0


class _Buffer(ReceiveBuffer):
    """Of a connection over HTTP/1: also keeps what its parser takes out of it that no body will hold."""

    def __init__(self, heads: "list[_Buffer]") -> None:
        """``heads``: of the client, those with a head that is in no event yet."""
        super().__init__()
        self.head, self.more = b"", bytearray()
        """Such a head; the first of trailers and of extensions of chunks, which are in no event."""
        self._heads = heads

    def maybe_extract_lines(self) -> list[bytearray] | None:
        lines = super().maybe_extract_lines()
        if lines and self.head:
            _append(self.more, b"\r\n".join(lines) + b"\r\n")
        elif lines:
            self.head = b"\r\n".join(lines) + b"\r\n\r\n"
            self._heads.append(self)
        return lines

    def maybe_extract_next_line(self) -> bytearray | None:
        line = super().maybe_extract_next_line()
        if line and not _CHUNK.fullmatch(line):
            _append(self.more, line)
        return line


def _append(kept: bytearray, data: bytes | bytearray) -> None:
    """In place, and only what there is room for: an app may send as many pieces as it likes."""
    kept += data[: max(0, capture.MEMORY - len(kept))]


def keep() -> None:
    """Let layers be asked what they have not passed on. Call once, before there is a connection."""
    _after(layer.Layer, "__init__", _register)
    _after(Http1Server, "__init__", _register)
    _before(HttpStream, "state_errored", _set_aside)
    _before(TCPLayer, "done", _set_aside)
    _before(HttpStream, "check_killed", _keep_body)
    _before(HttpStream, "handle_protocol_error", _keep_body)


def _after(kind: type[Any], name: str, act: Callable[[Any], None]) -> None:
    method = getattr(kind, name)

    def changed(self: Any, *args: Any, **named: Any) -> None:
        method(self, *args, **named)
        act(self)

    setattr(kind, name, changed)


def _before(kind: type[Any], name: str, act: Callable[[Any, Any], None]) -> None:
    method = getattr(kind, name)

    def changed(self: Any, argument: Any) -> Any:
        act(self, argument)
        return method(self, argument)

    setattr(kind, name, changed)


def _register(one: layer.Layer) -> None:
    client = one.context.client
    if not hasattr(client, _LAYERS):
        setattr(client, _LAYERS, WeakSet())
        setattr(client, _HEADS, [])
    getattr(client, _LAYERS).add(one)
    if isinstance(one, Http1Server):
        one.buf = _Buffer(getattr(client, _HEADS))


def _set_aside(one: Any, event: Any) -> None:
    """What comes for a stream that has failed."""
    if isinstance(event, RequestData) or (
        isinstance(event, events.DataReceived) and event.connection is one.context.client
    ):
        if not hasattr(one, "monitor_aside"):
            one.monitor_aside = bytearray()
        _append(one.monitor_aside, event.data)


def _keep_body(stream: HttpStream, error: object) -> None:
    """Keep with the request what came of its body, for the hook that is told of the error."""
    queue = stream._paused_event_queue
    if not any(isinstance(e, RequestProtocolError | ResponseProtocolError) for e in (error, *queue)):
        return
    body = bytes(stream.request_body_buf) + b"".join(e.data for e in queue if isinstance(e, RequestData))
    if body:
        stream.flow.request.data.content = body
        stream.request_body_buf.clear()  # type: ignore[no-untyped-call]
        stream._paused_event_queue = deque(e for e in queue if not isinstance(e, RequestData))


def _unread(one: Any) -> bytes:
    """What a layer has of the client's bytes that it has not passed on."""
    parts = [bytes(getattr(one, "monitor_aside", b"")), bytes(getattr(one, "recv_buffer", b""))]
    if isinstance(one, Http1Server) and isinstance(one.buf, _Buffer):
        parts += [one.buf.head, bytes(one.buf.more), bytes(one.buf)]
    if isinstance(one, HttpStream):
        parts.append(bytes(one.request_body_buf))
    if isinstance(one, WebsocketLayer) and hasattr(one, "client_ws"):
        parts += one.client_ws.frame_buf
    undecided = one.events if isinstance(one, layer.NextLayer) and one.layer is None else ()
    for event in (*one._paused_event_queue, *undecided):
        mine = isinstance(event, events.DataReceived) and event.connection is one.context.client
        parts += [event.data] if mine or isinstance(event, RequestData) else []
    return b"".join(parts)


def _layers(client: connection.Client) -> list[layer.Layer]:
    return list(getattr(client, _LAYERS, ()))


def anything(client: connection.Client) -> bool:
    """Whether the client sent something that is not passed on."""
    return any(_unread(one).strip() for one in _layers(client))


def accounted(client: connection.Client) -> None:
    """The head that was read last is in an event. Costs the same however many layers the connection has."""
    heads: list[_Buffer] = getattr(client, _HEADS, [])
    for buffer in heads:
        buffer.head = b""
    heads.clear()


class Leftover:
    """The addon."""

    def __init__(self, config: wire.Config, stage: Stage) -> None:
        self._app, self._spool, self._stage = config.app, Path(config.spool), stage
        self._open: dict[str, connection.Client] = {}
        self._ended: list[tuple[float, connection.Client, list[layer.Layer]]] = []

    def client_connected(self, client: connection.Client) -> None:
        """It may still be open when the session ends."""
        self._open[client.id] = client

    def client_disconnected(self, client: connection.Client) -> None:
        """Ask the layers when they have settled."""
        self._open.pop(client.id, None)
        self._ended.append((time.monotonic(), client, _layers(client)))

    def sweep(self, *, last: bool = False) -> None:
        """Report what is left of connections that have ended; ``last``: of all, now."""
        for client in list(self._open.values()) if last else ():
            self.client_disconnected(client)
        settled = time.monotonic() - _SETTLE
        ready, self._ended = (
            [one for one in self._ended if last or one[0] < settled],
            [one for one in self._ended if not last and one[0] >= settled],
        )
        for _, client, layers in ready:
            rest = [(one, data) for one in layers if (data := _unread(one)).strip()]
            for number, (one, data) in enumerate(rest):
                self._report(client, one.context.server, data, f"{client.id}-{number}")

    def _report(self, client: connection.Client, server: connection.Server, data: bytes, flow: str) -> None:
        host, port = (server.address or ("", 0))[:2]
        kind = "tls" if client.tls_established else "tcp"
        t, half = capture.middle(client.timestamp_start, client.timestamp_end or time.time())
        tee = Tee(self._spool)
        tee(data)
        event = capture.transmission(
            self._app, client, Target.of(host, client.sni or "", proven=False), t=t, err=wire.ERR_US + half,
            flow=flow, port=port, bytes=tee.size, sha256=tee.sha256, protocol=kind, scheme=kind,
        )  # fmt: skip
        self._stage.put(Capture(event, Message(), tee, cut="no request or message, or not a whole one"))
