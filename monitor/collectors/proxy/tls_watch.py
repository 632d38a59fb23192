"""Failed TLS: the content cannot be observed, and the report must say so."""

import asyncio
import time
from collections import OrderedDict
from typing import Final

from mitmproxy import connection, http, tcp, tls

from monitor.base.clock import now_us
from monitor.collectors.proxy import tls as tls_reading
from monitor.collectors.proxy.common import client_port, unowned
from monitor.collectors.proxy.stage import ERR_US, Stage
from monitor.events import TlsFailure

_LOOK_EVERY: Final = 0.5
#: What a client sent before its goodbye comes to light when the connection to the server stands, or has failed.
_PATIENCE_US: Final = 5_000_000
_NAMES: Final = 1000


class TlsWatch:
    """Reports failed handshakes, and connections that were established and never used."""

    def __init__(self, app: str, stage: Stage, *, ca_confirmed: bool) -> None:
        self.ca_confirmed = ca_confirmed
        self.ca_seen = False
        """The app sees the CA in its store."""
        self._accepted = False
        self._app = app
        self._stage = stage
        self._silent: dict[str, tls.TlsData] = {}
        self._gone: dict[str, int] = {}
        """Of these: when it was seen that the client had said goodbye."""
        self._shared: OrderedDict[str, float] = OrderedDict()
        """By server name: wall clock of the last request over HTTP/2, where one connection serves all."""
        self._sweeper: asyncio.Task[None] | None = None

    def running(self) -> None:
        """Start the sweep: where the client sends close_notify before a request, mitmproxy keeps waiting."""
        self._sweeper = asyncio.get_running_loop().create_task(self._sweep())

    def done(self) -> None:
        """Report what is left."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        self._tell_left(patience=0)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            self._tell_left()

    def _tell_left(self, patience: int = _PATIENCE_US) -> None:
        now = now_us()
        for key, data in list(self._silent.items()):
            if not data.conn.state & connection.ConnectionState.CAN_READ:
                seen = self._gone.setdefault(key, now)
                if now - seen >= patience:
                    self._used(key)
                    self._tls_failure(data, tls_reading.GOODBYE, seen)

    def _used(self, key: str) -> tls.TlsData | None:
        self._gone.pop(key, None)
        return self._silent.pop(key, None)

    def tls_established_client(self, data: tls.TlsData) -> None:
        """Remember it until a request comes."""
        self._silent[data.conn.id] = data

    def tls_failed_client(self, data: tls.TlsData) -> None:
        """The handshake failed."""
        self._used(data.conn.id)
        self._tls_failure(data, data.conn.error or "")

    def client_disconnected(self, client: connection.Client) -> None:
        """A connection that was established and never used: some clients reject a certificate that way."""
        seen = self._gone.get(client.id, 0)
        data = self._used(client.id)
        if data is not None:
            self._tls_failure(data, tls_reading.GOODBYE if seen else tls_reading.NO_REQUEST, seen)

    def _tls_failure(self, data: tls.TlsData, alert: str, failed: int = 0) -> None:
        host, port = (data.context.server.address or ("", 0))[:2]
        self._stage.put(
            TlsFailure(
                t=int((data.conn.timestamp_start or time.time()) * 1e6),
                err=ERR_US,
                src="proxy",
                app=self._app,
                sni=data.conn.sni or "",
                host=host,
                port=port,
                client_port=client_port(data.context.client),
                unowned=unowned(data.context.client),
                alert=alert[:200],
                reading=self._reading(data, alert),
                failed=failed or now_us(),
            )
        )

    def _reading(self, data: tls.TlsData, alert: str) -> str:
        unused = alert in (tls_reading.GOODBYE, tls_reading.NO_REQUEST) and data.conn.alpn == b"h2"
        if unused and self._shared.get(data.conn.sni or "", 0.0) > (data.conn.timestamp_start or time.time()):
            return tls_reading.SPARE
        confirmed = self.ca_confirmed or (self.ca_seen and self._accepted)
        return tls_reading.reading(alert, ca_confirmed=confirmed, ca_seen=self.ca_seen)

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """The connection is used: over TLS, whoever made it accepted the CA."""
        self._used(flow.client_conn.id)
        self._accepted |= flow.client_conn.tls_established
        if flow.client_conn.alpn == b"h2" and flow.client_conn.sni:
            self._shared[flow.client_conn.sni] = time.time()
            self._shared.move_to_end(flow.client_conn.sni)
            if len(self._shared) > _NAMES:
                self._shared.popitem(last=False)

    def tcp_message(self, flow: tcp.TCPFlow) -> None:
        """The connection is used."""
        self._used(flow.client_conn.id)
