"""Who may use the proxy, and what it may reach: in, only its own user on this machine; out, no internal network.

The proxy is an entrance to the machine on which it runs. Any user of that machine could send traffic through it that
would be attributed to the app, and any app could use it to reach what only this machine can: its loopback, the office
network, a cloud's metadata address.
"""

import os
from collections.abc import Sequence

from mitmproxy import connection
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from monitor.base.network import NotReached, names_socket_owners, socket_owner
from monitor.collectors.proxy.common import disown, is_address
from monitor.collectors.proxy.lookup import Lookup
from monitor.collectors.proxy.stage import Stage, health


class Border:
    """The addon. ``allow``: non-public names and addresses that may be reached."""

    def __init__(self, app: str, stage: Stage, allow: Sequence[str], *, passes: bool, own_ends: bool = False) -> None:
        """``passes``: whether requests are forwarded at all; a sinkhole need not check their targets. ``own_ends``:
        what connects is always a process of ours that stays connected until it is answered."""
        self._app, self._stage = app, stage
        self.lookup = Lookup(allow, self._refused) if passes else None
        self._own_ends, self._known = own_ends, names_socket_owners()
        self._told: set[str] = set()

    def client_connected(self, client: connection.Client) -> None:
        """Refuse a connection of another user of this machine.

        One whose process has closed it is nobody's any more: whoever it was may have sent something. Where ours do not
        end so, it is refused; otherwise what it carries counts as of an unknown app.
        """
        uid = socket_owner(client.peername[:2], client.sockname[:2]) if client.peername and client.sockname else None
        if uid in (0, os.getuid()):  # root's adb server may be the route to the device
            return
        if uid is not None:
            client.error = "a connection of another user of this machine"
            self._tell("client", uid=str(uid))
        elif self._known and self._own_ends:
            client.error = "a connection that nobody holds any more"
            self._tell("client", why="closed")
        elif self._known:
            disown(client)

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Refuse a target that is not public. TCP to a name is judged when it is dialled: see ``lookup``."""
        if self.lookup is None or data.server.address is None:
            return
        host = data.server.address[0]
        if data.server.transport_protocol == "tcp" and not is_address(host):
            return
        try:
            self.lookup.require(host)
        except NotReached as fault:
            data.server.error = str(fault)

    def _refused(self, host: str, fault: NotReached) -> None:
        self._tell("target", host=host[:100], why=fault.why)

    def _tell(self, what: str, /, **detail: str) -> None:
        """Report each once, so that the log cannot be flooded."""
        key = f"{what} {detail}"
        if key not in self._told and len(self._told) < 100:
            self._told.add(key)
            self._stage.put(health(self._app, "skipped", 1, **detail, refused=what))
