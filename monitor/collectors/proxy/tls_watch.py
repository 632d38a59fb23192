"""Failed TLS: the content cannot be observed, and the report must say so."""

import re
import time
from collections import OrderedDict
from typing import Final

from mitmproxy import connection, http, tcp, tls

from monitor.base.clock import now_us
from monitor.collectors.proxy import leftover
from monitor.collectors.proxy import tls as tls_reading
from monitor.collectors.proxy.capture import client_fields
from monitor.collectors.proxy.stage import Stage
from monitor.events import TlsFailure

#: What a client sent before its goodbye comes to light when the connection to the server stands, or has failed.
_PATIENCE_US: Final = 5_000_000
_MAX_NAMES: Final = 1000
#: What the client sent, in hex, where mitmproxy quotes it: it may hold anything.
_HELLO: Final = re.compile(r"(?<=ClientHello: )[0-9a-f]+")


class TlsWatch:
    """Reports failed handshakes, and connections that were established and never used."""

    def __init__(self, app: str, stage: Stage) -> None:
        self.ca_seen = False
        """The app sees the CA in its store."""
        self._accepted = False
        self._app, self._stage = app, stage
        self._unused: dict[str, tuple[tls.TlsData, int]] = {}
        """Established connections on which nothing was sent yet, and when it was noticed that the client had said
        goodbye; 0 = it has not."""
        self._shared: OrderedDict[str, float] = OrderedDict()
        """By server name: wall clock of the last request over HTTP/2, where one connection serves all."""

    def sweep(self, *, last: bool = False) -> None:
        """Report who said goodbye: where the client sends close_notify before a request, mitmproxy keeps waiting."""
        now = now_us()
        for key, (data, since) in list(self._unused.items()):
            if not data.conn.state & connection.ConnectionState.CAN_READ:
                self._unused[key] = data, since or now
                if last or now - (since or now) >= _PATIENCE_US:
                    self._report_unused(key)

    def tls_established_client(self, data: tls.TlsData) -> None:
        """Remember it until a request comes."""
        self._unused[data.conn.id] = data, 0

    def tls_failed_client(self, data: tls.TlsData) -> None:
        """The handshake failed."""
        self._unused.pop(data.conn.id, None)
        self._report(data, data.conn.error or "")

    def client_disconnected(self, client: connection.Client) -> None:
        """A connection that was established and never used: some clients reject a certificate that way."""
        self._report_unused(client.id)

    def _report_unused(self, key: str) -> None:
        data, since = self._unused.pop(key, (None, 0))
        if data is not None and not leftover.anything(data.context.client):
            self._report(data, tls_reading.GOODBYE if since else tls_reading.NO_REQUEST, since)

    def _report(self, data: tls.TlsData, alert: str, failed: int = 0) -> None:
        host, port = (data.context.server.address or ("", 0))[:2]
        begun, sni = data.conn.timestamp_start or time.time(), data.conn.sni or ""
        confirmed = self.ca_seen and self._accepted
        reading = tls_reading.reading(alert, ca_confirmed=confirmed, ca_seen=self.ca_seen)
        unused = alert in (tls_reading.GOODBYE, tls_reading.NO_REQUEST) and data.conn.alpn == b"h2"
        if unused and self._shared.get(sni, 0.0) > begun:
            reading = tls_reading.SPARE
        fields = client_fields(self._app, data.context.client) | {
            "t": int(begun * 1e6),
            "sni": sni,
            "alert": _HELLO.sub("", alert)[:200],
        }
        self._stage.put(TlsFailure(**fields, host=host, port=port, reading=reading, failed=failed or now_us()))

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """The connection is used: over TLS, whoever made it accepted the CA."""
        client = flow.client_conn
        self._unused.pop(client.id, None)
        self._accepted |= client.tls_established
        if client.alpn == b"h2" and client.sni:
            self._shared[client.sni] = time.time()
            self._shared.move_to_end(client.sni)
            if len(self._shared) > _MAX_NAMES:
                self._shared.popitem(last=False)

    def tcp_message(self, flow: tcp.TCPFlow) -> None:
        """The connection is used."""
        self._unused.pop(flow.client_conn.id, None)
