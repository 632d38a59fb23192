"""Traffic other than HTTP: TCP, TLS and UDP as opaque bytes, and DNS queries."""

import asyncio
import hashlib
import time
from pathlib import Path
from typing import Final

from mitmproxy import dns, tcp, udp

from monitor.collectors.proxy.common import Target, sent, span, target, vouched
from monitor.collectors.proxy.stage import ERR_US, Capture, Stage
from monitor.collectors.proxy.tee import Tee
from monitor.collectors.proxy.wire import Config
from monitor.content import Message

_EVERY: Final = 5.0
_PAUSE: Final = 0.1
_NXDOMAIN: Final = 3
Stream = tcp.TCPFlow | udp.UDPFlow


def _pause(number: int) -> float:
    """Seconds of silence that end a part: what follows may follow the user's decision. Longer from part to part, or a
    stream that never rests would become an event for each of its packets."""
    return min(_PAUSE * 2.0 ** min(number // 8, 8), _EVERY)


class Streams:
    """One transmission for each part of a stream: up to a pause, and at most five seconds. A part's time is the middle
    of it, with the error that covers the whole."""

    def __init__(self, config: Config, stage: Stage) -> None:
        self._config = config
        self._stage = stage
        self._spool = Path(config.spool)
        self._proves = config.mode != "sinkhole"
        self._hold = config.hold_ms / 1000
        self._streams: dict[str, tuple[Stream, Tee, int]] = {}
        self._sweeper: asyncio.Task[None] | None = None

    def running(self) -> None:
        """Start the sweep."""
        self._sweeper = asyncio.get_running_loop().create_task(self._sweep())

    def done(self) -> None:
        """Hand over what is open."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        for flow_id in list(self._streams):
            self._stream_out(flow_id)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            for flow_id, (_, tee, _) in list(self._streams.items()):
                if tee.since and time.time() - tee.since > _EVERY:
                    self._stream_out(flow_id)

    def tcp_message(self, flow: Stream) -> None:
        """Bytes of a protocol that is not HTTP, or a datagram."""
        message = flow.messages[-1]
        _, tee, number = self._streams.get(flow.id) or (flow, Tee(self._spool), 0)
        if message.from_client and tee.size and message.timestamp - tee.last > _pause(number):
            self._stream_out(flow.id)
            _, tee, number = self._streams[flow.id]
        if message.from_client:
            tee.since = tee.since or message.timestamp
            tee(message.content)
            tee.last = message.timestamp
        self._streams[flow.id] = (flow, tee, number)
        while len(flow.messages) > 64:
            flow.messages.pop(0)

    def tcp_end(self, flow: Stream) -> None:
        """The stream has ended, or broke."""
        self._stream_out(flow.id, over=True)

    udp_message, tcp_error, udp_end = tcp_message, tcp_end, tcp_end

    def _stream_out(self, flow_id: str, *, over: bool = False) -> None:
        """One event for what was sent since the last one."""
        if flow_id not in self._streams:
            return
        flow, tee, number = self._streams.pop(flow_id)
        if not over:
            self._streams[flow_id] = (flow, Tee(self._spool, tee.tail), number + 1)
        if not tee.size:
            return
        host, port = (flow.server_conn.address or ("", 0))[:2]
        secure = flow.client_conn.tls_established
        sni = flow.client_conn.sni or ""
        kind = ("tls" if secure else "tcp") if isinstance(flow, tcp.TCPFlow) else "udp"
        t, half = span(tee.since, tee.last)
        event = sent(
            self._config.app,
            flow.client_conn,
            target(host, sni, proven=self._proves and vouched(flow.client_conn, flow.server_conn)),
            t=t,
            err=ERR_US + half,
            flow=f"{flow.id}#{number}" if number else flow.id,
            port=port,
            bytes=tee.size,
            protocol=kind,
            scheme=kind,
            sha256=tee.sha256,
            decoded="opaque",
            reason="not HTTP",
        )
        self._stage.put(Capture(event, Message(), time.monotonic() + self._hold, tee))

    def dns_request(self, flow: dns.DNSFlow) -> None:
        """A DNS query; in sinkhole mode the name does not exist."""
        names = "\n".join(q.name for q in flow.request.questions).encode()
        host, port = (flow.server_conn.address or ("", 53))[:2]
        event = sent(
            self._config.app,
            flow.client_conn,
            Target(host),
            t=int((flow.request.timestamp or time.time()) * 1e6),
            flow=flow.id,
            port=port,
            bytes=len(names),
            protocol="dns",
            scheme="dns",
            sha256=hashlib.sha256(names).hexdigest(),
        )
        self._stage.put(Capture(event, Message(body=names), time.monotonic() + self._hold))
        if self._config.mode == "sinkhole":
            flow.response = flow.request.fail(_NXDOMAIN)
