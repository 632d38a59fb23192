"""HTTP and WebSocket: captures every request and message that the app sends."""

import contextlib
import hashlib
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from mitmproxy import http

from monitor.collectors.proxy import capture as captures
from monitor.collectors.proxy.capture import MEMORY, Capture, Target, Tee, proves_name, transmission
from monitor.collectors.proxy.drain import ANSWER
from monitor.collectors.proxy.flowfile import FastFlowWriter
from monitor.collectors.proxy.stage import Stage
from monitor.collectors.proxy.wire import Config
from monitor.content import Message
from monitor.events import Transmission

_ANSWER_WAIT: Final = 10.0
_KEEP_MESSAGES: Final = 1 << 20


class _Counter:
    """Counts a streamed response without keeping it."""

    def __init__(self) -> None:
        self.size = 0

    def __call__(self, data: bytes) -> bytes:
        self.size += len(data)
        return data


class HttpCapture(captures.Sweeping):
    """Everything it captures goes to the stage without blocking the proxy. In sinkhole mode it also answers."""

    def __init__(self, config: Config, stage: Stage, flow_file: BinaryIO) -> None:
        self._config, self._stage = config, stage
        self._writer = FastFlowWriter(flow_file)
        self._write_lock = threading.Lock()
        self._spool = Path(config.spool)
        self._waiting: dict[str, tuple[Capture, float]] = {}
        self._uploads: dict[str, tuple[http.HTTPFlow, Tee]] = {}
        self._framed: set[str] = set()
        self._answers: dict[str, _Counter] = {}
        self._messages: dict[str, tuple[int, int]] = {}

    def finish(self) -> None:
        """Hand over what is still waiting."""
        for flow, _ in list(self._uploads.values()):
            self._cut(flow)
        for flow_id in list(self._waiting):
            self._release(flow_id)

    def sweep(self) -> None:
        """Hand over what has waited too long."""
        now = time.monotonic()
        for flow_id in [i for i, (_, since) in self._waiting.items() if now - since > _ANSWER_WAIT]:
            self._release(flow_id)
        for flow, tee in list(self._uploads.values()):
            answered = flow.response.timestamp_end if flow.response else None
            if answered and time.time() - max(answered, tee.last) > _ANSWER_WAIT:
                self._cut(flow)  # answered early and then abandoned: mitmproxy has no hook for that

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Large bodies and bodies of unknown length are streamed: hashed and spooled as they pass."""
        if flow.request.method == "CONNECT" or flow.request.headers.get("upgrade", "").lower() == "websocket":
            return
        size = flow.request.headers.get("content-length", "")
        if (size.isdigit() and int(size) > MEMORY) or (not size and _may_have_body(flow.request)):
            tee = Tee(self._spool)
            self._uploads[flow.id] = (flow, tee)
            flow.request.stream = tee
            if not size and flow.request.is_http2 and self._config.mode == "sinkhole":
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
            self._answers[flow.id] = counter = _Counter()
            flow.response.stream = counter

    def response(self, flow: http.HTTPFlow) -> None:
        """The response is complete (or made here)."""
        if flow.id in self._waiting:
            self._release(flow.id, flow)
        elif flow.id not in self._uploads and flow.websocket is None:
            self._answers.pop(flow.id, None)  # later than we waited: the event has been sent, the flow is kept
            self._write(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        """The exchange broke; what was sent by then was sent."""
        if flow.id in self._uploads:
            self._cut(flow)
        else:
            self._release(flow.id, flow)

    def _cut(self, flow: http.HTTPFlow) -> None:
        """An upload that will not complete."""
        _, tee = self._uploads.pop(flow.id)
        capture = self._capture(flow, tee)
        capture.cut = "the upload was cut short"
        self._waiting[flow.id] = (capture, time.monotonic())
        self._release(flow.id, flow)

    def _capture(self, flow: http.HTTPFlow, tee: Tee | None) -> Capture:
        request = flow.request
        headers = tuple(request.headers.fields)
        if flow.id in self._framed:
            headers = tuple(field for field in headers if field[0].lower() != b"transfer-encoding")
        if tee is None:
            body = request.raw_content or b""
            size, digest = len(body), hashlib.sha256(body).hexdigest() if body else ""
        else:
            body, size, digest = b"", tee.size, tee.sha256
        fields = captures.request_fields(request)
        t = int(request.timestamp_start * 1e6)
        event = self._event(flow, t=t, flow=flow.id, bytes=size, sha256=digest, **fields)
        return Capture(event, captures.request_message(request, headers, body), tee)

    def _event(self, item: http.HTTPFlow, /, **fields: Any) -> Transmission:
        client, request = item.client_conn, item.request
        proven = self._config.mode != "sinkhole" and proves_name(client, item.server_conn)
        target = Target.of(request.host, client.sni or request.pretty_host, proven=proven)
        return transmission(self._config.app, client, target, port=request.port, **fields)

    def _release(self, flow_id: str, flow: http.HTTPFlow | None = None) -> None:
        capture, _ = self._waiting.pop(flow_id, (None, 0))
        counter = self._answers.pop(flow_id, None)
        if capture is None:
            return
        if flow is not None and flow.response is not None:
            size = counter.size if counter is not None else len(flow.response.raw_content or b"")
            answer = {"status": flow.response.status_code, "response_bytes": size}
            capture.event = msgspec.structs.replace(capture.event, **answer)
        if flow is not None and flow.websocket is None:
            capture.write = partial(self._write_with_body, flow)
        self._stage.put(capture)

    def _write_with_body(self, flow: http.HTTPFlow, body: bytes) -> None:
        if flow.request.raw_content is None and body:
            flow.request.raw_content = body
        self._write(flow)

    def _write(self, flow: http.HTTPFlow) -> None:
        if flow.id in self._framed:
            flow.request.headers.pop("transfer-encoding", None)
            self._framed.discard(flow.id)
        with self._write_lock:  # the search thread also writes
            self._writer.add(flow)

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        """One message from the app is one transmission."""
        assert flow.websocket is not None
        message = flow.websocket.messages[-1]
        number, held = self._messages.get(flow.id, (0, 0))
        held += len(message.content)
        if message.from_client:
            number += 1
            self._put_message(flow, number, message.content, message.timestamp)
        while held > _KEEP_MESSAGES and len(flow.websocket.messages) > 1:
            held -= len(flow.websocket.messages.pop(0).content)
        self._messages[flow.id] = (number, held)

    def websocket_end(self, flow: http.HTTPFlow) -> None:
        """Keep the conversation (its last mebibyte) in the flow file."""
        self._messages.pop(flow.id, None)
        with contextlib.suppress(OSError, ValueError, TypeError):
            self._write(flow)

    def _put_message(self, flow: http.HTTPFlow, number: int, content: bytes, when: float) -> None:
        request = flow.request
        digest = hashlib.sha256(content).hexdigest() if content else ""
        event = self._event(
            flow, t=int(when * 1e6), flow=f"{flow.id}#{number}", bytes=len(content), sha256=digest,
            protocol="websocket", scheme="wss" if request.scheme == "https" else "ws", path=request.path,
            http_version=request.http_version, status=flow.response.status_code if flow.response else 0,
        )  # fmt: skip
        self._stage.put(Capture(event, Message(body=content)))


def _may_have_body(request: http.Request) -> bool:
    return "transfer-encoding" in request.headers or (
        (request.is_http2 or request.is_http3) and request.method not in ("GET", "HEAD", "OPTIONS", "DELETE")
    )


def _answer(request: http.Request) -> http.Response:
    if request.headers.get("content-type", "").startswith("application/grpc"):
        return http.Response.make(200, b"", {"content-type": "application/grpc", "grpc-status": "12"})
    return http.Response.make(200, ANSWER, {"content-type": "application/json"})
