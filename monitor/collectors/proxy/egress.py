"""In sinkhole mode nothing leaves: every outgoing connection goes to the local drain, or is refused."""

from mitmproxy import connection
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from monitor.collectors.proxy.drain import Drain


class Egress:
    """The addon that guards the way out. Loaded in sinkhole mode only."""

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
