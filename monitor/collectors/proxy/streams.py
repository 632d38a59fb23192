"""Traffic other than HTTP: TCP, TLS and UDP as opaque bytes, and DNS queries."""

import hashlib
import time
from pathlib import Path
from typing import Final

from mitmproxy import dns, tcp, udp

from monitor.collectors.proxy.capture import Capture, Sweeping, Target, Tee, middle, proves_name, transmission
from monitor.collectors.proxy.stage import Stage
from monitor.collectors.proxy.wire import ERR_US, Config
from monitor.content import Message

_LONGEST: Final = 5.0
_PAUSE: Final = 0.1
_NXDOMAIN: Final = 3
Stream = tcp.TCPFlow | udp.UDPFlow


class Streams(Sweeping):
    """One transmission for each part of a stream: up to a pause, and at most five seconds. A part's time is the middle
    of it, with the error that covers the whole."""

    def __init__(self, config: Config, stage: Stage) -> None:
        self._config, self._stage = config, stage
        self._spool = Path(config.spool)
        self._parts: dict[str, tuple[Stream, Tee, int]] = {}
        """Of each open stream the part that it is at, and its number."""

    def finish(self) -> None:
        """Hand over what is open."""
        for flow_id in list(self._parts):
            self._end_part(flow_id)

    def sweep(self) -> None:
        """End parts that last too long."""
        for flow_id, (_, tee, _) in list(self._parts.items()):
            if tee.since and time.time() - tee.since > _LONGEST:
                self._end_part(flow_id)

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
        proven = self._config.mode != "sinkhole" and proves_name(client, server)
        t, half = middle(tee.since, tee.last)
        fields = {"flow": f"{flow.id}#{number}" if number else flow.id, "port": port, "protocol": kind, "scheme": kind}
        event = transmission(
            self._config.app, client, Target.of(host, client.sni or "", proven=proven), t=t, err=ERR_US + half,
            bytes=tee.size, sha256=tee.sha256, decoded="opaque", reason="not HTTP", **fields,
        )  # fmt: skip
        self._stage.put(Capture(event, Message(), tee))

    def dns_request(self, flow: dns.DNSFlow) -> None:
        """A DNS query; in sinkhole mode the name does not exist."""
        names = "\n".join(q.name for q in flow.request.questions).encode()
        host, port = (flow.server_conn.address or ("", 53))[:2]
        fields = {"flow": flow.id, "port": port, "bytes": len(names), "protocol": "dns", "scheme": "dns"}
        t, digest = int((flow.request.timestamp or time.time()) * 1e6), hashlib.sha256(names).hexdigest()
        event = transmission(self._config.app, flow.client_conn, Target(host), t=t, sha256=digest, **fields)
        self._stage.put(Capture(event, Message(body=names)))
        if self._config.mode == "sinkhole":
            flow.response = flow.request.fail(_NXDOMAIN)
