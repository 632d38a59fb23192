"""What the app sends: HTTP and WebSocket, TCP, TLS and UDP in parts, DNS queries. Each addon hands what it
captures to the stage, without blocking the proxy; ``sweep`` is called twice a second, and once more at the end."""

import contextlib
import hashlib
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from mitmproxy import dns, http, tcp, udp

from monitor.collectors.proxy import capture, drain, flowfile, leftover, wire
from monitor.collectors.proxy.capture import MEMORY, Capture, Target, Tee
from monitor.collectors.proxy.stage import Stage
from monitor.content import Message
from monitor.events import Transmission

_ANSWER_WAIT: Final = 10.0
_KEEP_MESSAGES: Final = 1 << 20
_LONGEST: Final = 5.0
_PAUSE: Final = 0.1
_NXDOMAIN: Final = 3
Stream = tcp.TCPFlow | udp.UDPFlow


class HttpCapture:
    """Every request and every message over a WebSocket. In sinkhole mode it also answers."""

    def __init__(self, config: wire.Config, stage: Stage, flow_file: BinaryIO) -> None:
        self._config, self._stage = config, stage
        self._writer = flowfile.FastFlowWriter(flow_file, stage.budget)
        self._write_lock = threading.Lock()
        self._spool = Path(config.spool)
        self._waiting: dict[str, tuple[Capture, float]] = {}
        self._uploads: dict[str, tuple[http.HTTPFlow, Tee]] = {}
        self._framed: set[str] = set()
        self._answers: dict[str, int] = {}
        """Bytes so far of the answers that are streamed."""
        self._messages: dict[str, tuple[int, int]] = {}
        """Of each WebSocket: messages from the app, and bytes of those that are kept."""

    def sweep(self, *, last: bool = False) -> None:
        """Hand over what has waited too long; ``last``: what is left."""
        now = time.monotonic()
        for flow_id in [i for i, (_, since) in self._waiting.items() if last or now - since > _ANSWER_WAIT]:
            self._release(flow_id)
        for flow, tee in list(self._uploads.values()):
            answered = flow.response.timestamp_end if flow.response else None
            if last or (answered and time.time() - max(answered, tee.last) > _ANSWER_WAIT):
                self._cut(flow)  # answered early and then abandoned: mitmproxy has no hook for that

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """What a tunnel carries is reported as what it is: of the request for it only a value in it. It is not called
        cleartext: without this proxy it would not be sent."""
        t = int(flow.request.timestamp_start * 1e6)
        event = self._event(flow, t=t, flow=flow.id, method="CONNECT", protocol="tcp", scheme="tls")
        message = capture.request_message(flow.request, tuple(flow.request.headers.fields), b"")
        self._stage.put(Capture(event, message, quiet=True))
        leftover.accounted(flow.client_conn)

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Large bodies and bodies of unknown length are streamed: hashed and spooled as they pass."""
        if flow.request.method == "CONNECT" or flow.request.headers.get("upgrade", "").lower() == "websocket":
            return
        size = flow.request.headers.get("content-length", "")
        if (size.isdigit() and int(size) > MEMORY) or (not size and _may_have_body(flow.request)):
            self.stream(flow)

    def stream(self, flow: http.HTTPFlow) -> None:
        """Take the body as it passes."""
        tee = Tee(self._spool)
        self._uploads[flow.id] = (flow, tee)
        flow.request.stream = tee
        if "content-length" not in flow.request.headers and flow.request.is_http2 and self._config.mode == "sinkhole":
            # HTTP/2 needs no length; towards the drain (HTTP/1.1) mitmproxy would send the body without framing.
            flow.request.headers["transfer-encoding"] = "chunked"
            self._framed.add(flow.id)

    def request(self, flow: http.HTTPFlow) -> None:
        """The request is complete."""
        _, tee = self._uploads.pop(flow.id, (flow, None))
        self._waiting[flow.id] = (self._capture(flow, tee), time.monotonic())
        if flow.response is not None and flow.response.timestamp_end:
            self._release(flow.id, flow)  # answered before the upload was complete
            return
        upgrade = flow.request.headers.get("upgrade", "").lower() == "websocket"
        if self._config.mode == "sinkhole" and flow.response is None and not flow.request.stream and not upgrade:
            flow.response = _answer(flow.request)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Large or endless answers are counted, not kept."""
        if flow.response is None:
            return
        size = flow.response.headers.get("content-length", "")
        if flow.response.status_code != 101 and not (size.isdigit() and int(size) <= MEMORY):
            self._answers[flow.id] = 0
            flow.response.stream = partial(self._count, flow.id)

    def _count(self, flow_id: str, data: bytes) -> bytes:
        if flow_id in self._answers:
            self._answers[flow_id] += len(data)
        return data

    def response(self, flow: http.HTTPFlow) -> None:
        """The response is complete (or made here)."""
        if flow.id in self._waiting:
            self._release(flow.id, flow)
        elif flow.id not in self._uploads and flow.websocket is None:
            self._answers.pop(flow.id, None)  # later than we waited: the event has been sent, the flow is kept
            self._write(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """The exchange broke; what was sent by then was sent."""
        if not flow.request.timestamp_end:
            self._cut(flow)
        else:
            self._release(flow.id, flow)

    def _cut(self, flow: http.HTTPFlow) -> None:
        """A request that will not complete."""
        _, tee = self._uploads.pop(flow.id, (flow, None))
        if tee is not None and flow.request.raw_content:
            tee(flow.request.raw_content)
            flow.request.raw_content = None
        flow.request.timestamp_end = time.time()  # it has an event
        found = self._capture(flow, tee)
        found.cut = "the upload was cut short" if tee else "the request was cut short"
        self._waiting[flow.id] = (found, time.monotonic())
        self._release(flow.id, flow)

    def _capture(self, flow: http.HTTPFlow, tee: Tee | None) -> Capture:
        request = flow.request
        leftover.accounted(flow.client_conn)
        headers = tuple(request.headers.fields)
        if flow.id in self._framed:
            headers = tuple(field for field in headers if field[0].lower() != b"transfer-encoding")
        body = b"" if tee else request.raw_content or b""
        size, digest = (tee.size, tee.sha256) if tee else (len(body), _digest(body))
        fields = capture.request_fields(request)
        t = int(request.timestamp_start * 1e6)
        event = self._event(flow, t=t, flow=flow.id, bytes=size, sha256=digest, **fields)
        return Capture(event, capture.request_message(request, headers, body), tee)

    def _event(self, item: http.HTTPFlow, /, **fields: Any) -> Transmission:
        client, request = item.client_conn, item.request
        dialled = (request.host, request.port) if request.host else item.server_conn.address or ("", 0)
        proven = self._config.mode != "sinkhole" and capture.proves_name(client, item.server_conn)
        target = Target.of(dialled[0], client.sni or request.pretty_host, proven=proven)
        return capture.transmission(self._config.app, client, target, port=dialled[1], **fields)

    def _release(self, flow_id: str, flow: http.HTTPFlow | None = None) -> None:
        found, _ = self._waiting.pop(flow_id, (None, 0))
        size = self._answers.pop(flow_id, None)
        if found is None:
            return
        if flow is not None and flow.response is not None:
            size = len(flow.response.raw_content or b"") if size is None else size
            answer = {"status": flow.response.status_code, "response_bytes": size}
            found.event = msgspec.structs.replace(found.event, **answer)
        if flow is not None and flow.websocket is None:
            found.write = partial(self._write, flow)
        self._stage.put(found)

    def _write(self, flow: http.HTTPFlow, body: bytes = b"", *, bare: bool = False) -> None:
        """``body``: of a request that was streamed; ``bare``: without what was sent and answered."""
        if flow.request.raw_content is None and body:
            flow.request.raw_content = body
        if flow.id in self._framed:
            flow.request.headers.pop("transfer-encoding", None)
            self._framed.discard(flow.id)
        with self._write_lock:  # the search thread also writes
            self._writer.add(flow, bare=bare)

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        """One message from the app is one transmission."""
        assert flow.websocket is not None
        message, request = flow.websocket.messages[-1], flow.request
        number, held = self._messages.get(flow.id, (0, 0))
        held += len(message.content)
        if message.from_client:
            number += 1
            event = self._event(
                flow, t=int(message.timestamp * 1e6), flow=f"{flow.id}#{number}", bytes=len(message.content),
                sha256=_digest(message.content), protocol="websocket",
                scheme="wss" if request.scheme == "https" else "ws", path=request.path,
                http_version=request.http_version, status=flow.response.status_code if flow.response else 0,
            )  # fmt: skip
            self._stage.put(Capture(event, Message(body=message.content)))
        while held > _KEEP_MESSAGES and len(flow.websocket.messages) > 1:
            held -= len(flow.websocket.messages.pop(0).content)
        self._messages[flow.id] = (number, held)

    def websocket_end(self, flow: http.HTTPFlow) -> None:
        """Keep the conversation (its last mebibyte) in the flow file."""
        self._messages.pop(flow.id, None)
        with contextlib.suppress(OSError, ValueError, TypeError):
            self._write(flow)


def _digest(data: bytes) -> str:
    """Hex SHA-256; empty for nothing."""
    return hashlib.sha256(data).hexdigest() if data else ""


def _may_have_body(request: http.Request) -> bool:
    return "transfer-encoding" in request.headers or (
        (request.is_http2 or request.is_http3) and request.method not in ("GET", "HEAD", "OPTIONS", "DELETE")
    )


def _answer(request: http.Request) -> http.Response:
    if request.headers.get("content-type", "").startswith("application/grpc"):
        return http.Response.make(200, b"", {"content-type": "application/grpc", "grpc-status": "12"})
    return http.Response.make(200, drain.ANSWER, {"content-type": "application/json"})


class Streams:
    """One transmission for each part of a stream: up to a pause, and at most five seconds. A part's time is the middle
    of it, with the error that covers the whole."""

    def __init__(self, config: wire.Config, stage: Stage) -> None:
        self._config, self._stage = config, stage
        self._spool = Path(config.spool)
        self._parts: dict[str, tuple[Stream, Tee, int]] = {}
        """Of each open stream the part that it is at, and its number."""

    def sweep(self, *, last: bool = False) -> None:
        """End parts that last too long; ``last``: those that are open."""
        for flow_id, (_, tee, _) in list(self._parts.items()):
            if last or (tee.since and time.time() - tee.since > _LONGEST):
                self._end_part(flow_id, last=last)

    def tcp_message(self, flow: Stream) -> None:
        """Bytes of a protocol that is not HTTP, or a datagram."""
        message = flow.messages[-1]
        _, tee, number = self._parts.get(flow.id) or (flow, Tee(self._spool), 0)
        # What follows a silence may follow the user's decision. Longer from part to part, or a stream that never rests
        # would become an event for each of its packets.
        pause = min(_PAUSE * 2.0 ** min(number // 8, 8), _LONGEST)
        if message.from_client and tee.size and message.timestamp - tee.last > pause:
            self._end_part(flow.id)
            _, tee, number = self._parts[flow.id]
        if message.from_client:
            tee.since = tee.since or message.timestamp
            tee(message.content)
            tee.last = message.timestamp
        self._parts[flow.id] = (flow, tee, number)
        while len(flow.messages) > 64:
            flow.messages.pop(0)

    def tcp_end(self, flow: Stream) -> None:
        """The stream has ended, or broke."""
        self._end_part(flow.id, last=True)

    udp_message, tcp_error, udp_end = tcp_message, tcp_end, tcp_end

    def _end_part(self, flow_id: str, *, last: bool = False) -> None:
        """One event for what was sent since the last one."""
        if flow_id not in self._parts:
            return
        flow, tee, number = self._parts.pop(flow_id)
        if not last:
            self._parts[flow_id] = (flow, Tee(self._spool, tee.tail), number + 1)
        if not tee.size:
            return
        client, server = flow.client_conn, flow.server_conn
        host, port = (server.address or ("", 0))[:2]
        kind = ("tls" if client.tls_established else "tcp") if isinstance(flow, tcp.TCPFlow) else "udp"
        proven = self._config.mode != "sinkhole" and capture.proves_name(client, server)
        t, half = capture.middle(tee.since, tee.last)
        fields = {"flow": f"{flow.id}#{number}" if number else flow.id, "port": port, "protocol": kind, "scheme": kind}
        event = capture.transmission(
            self._config.app, client, Target.of(host, client.sni or "", proven=proven), t=t, err=wire.ERR_US + half,
            bytes=tee.size, sha256=tee.sha256, **fields,
        )  # fmt: skip
        self._stage.put(Capture(event, Message(), tee))

    def dns_request(self, flow: dns.DNSFlow) -> None:
        """A DNS query; in sinkhole mode the name does not exist."""
        names = "\n".join(q.name for q in flow.request.questions).encode()
        host, port = (flow.server_conn.address or ("", 53))[:2]
        fields = {"flow": flow.id, "port": port, "bytes": len(names), "protocol": "dns", "scheme": "dns"}
        t, digest = int((flow.request.timestamp or time.time()) * 1e6), hashlib.sha256(names).hexdigest()
        event = capture.transmission(self._config.app, flow.client_conn, Target(host), t=t, sha256=digest, **fields)
        self._stage.put(Capture(event, Message(body=names)))
        if self._config.mode == "sinkhole":
            flow.response = flow.request.fail(_NXDOMAIN)
