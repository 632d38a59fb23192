"""Who may use the proxy, whose traffic it carries, and what it may reach.

The proxy is an entrance to the machine on which it runs. Any user of that machine could send traffic through it that
would be attributed to the app, and any app could use it to reach what only this machine can: its loopback, the office
network, a cloud's metadata address. In comes only its own user on this machine; out goes nothing to an internal
network: names are looked up here, and no other address than one judged here is dialled.

The device's proxy setting applies to every app. Where the app's own connections are redirected to a dedicated port,
what still arrives at the common port is known to belong to other apps: it is forwarded unread, counted, and never
recorded. Where they cannot be told apart, each event says so (``unowned``), and nothing is attributed to the app.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import msgspec
from mitmproxy import connection, tls
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from monitor.base import host
from monitor.base.network import WAIT, Found, NotReached, is_public, judge, look_up, names_socket_owners, socket_owner
from monitor.collectors.proxy.capture import disown, is_address
from monitor.collectors.proxy.wire import health
from monitor.events import Health, HealthDetail, TlsFailure, Transmission

#: Names that are looked up at the same time: of its own threads, as a slow name must not hold up anything else.
_AT_ONCE: Final = 8
_MAX_ALLOWED: Final = 4096
_MAX_REPORTS: Final = 100


class Lookup:
    """Judges what the app wants to reach. ``allow``: non-public names and addresses that may be reached; ``refused`` is
    called with each host that is not, with the reason."""

    def __init__(self, allow: Collection[str], refused: Callable[[str, NotReached], None]) -> None:
        self._allow, self._refused = frozenset(allow), refused
        self._threads = ThreadPoolExecutor(_AT_ONCE, "lookup")
        self._allowed: dict[str, None] = {}
        """Addresses of allowed names, the latest."""

    async def addresses(self, host: str, port: int) -> Found:
        """The addresses of a host, all of which may be dialled. Raises ``NotReached``."""
        loop = asyncio.get_running_loop()
        try:
            found = await asyncio.wait_for(loop.run_in_executor(self._threads, look_up, host, port), WAIT)
            if host not in self._allow:
                judge(found)
        except (TimeoutError, NotReached) as error:
            fault = error if isinstance(error, NotReached) else NotReached("slow")
            self._refused(host, fault)
            raise fault from None
        if host in self._allow:
            self._allowed |= {str(address[0]): None for *_, address in found}
            while len(self._allowed) > _MAX_ALLOWED:
                del self._allowed[next(iter(self._allowed))]
        return found

    def require(self, address: str) -> None:
        """Raises ``NotReached`` for an address that must not be dialled, and for anything that is not an address."""
        if address in self._allow or address in self._allowed:
            return
        with contextlib.suppress(ValueError):
            if is_public(address):
                return
        fault = NotReached("private")
        self._refused(address, fault)
        raise fault


class CheckedLoop(asyncio.SelectorEventLoop):
    """An event loop whose outgoing connections are all judged, whoever makes them."""

    lookup: Lookup | None = None
    """None = nothing is judged."""

    async def getaddrinfo(self, host: Any, port: Any, **how: Any) -> Any:
        """As of the base class; raises ``NotReached``."""
        if self.lookup is None:
            return await super().getaddrinfo(host, port, **how)
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        found = await self.lookup.addresses(name, int(port or 0))
        family = how.get("family") or 0
        return [row for row in found if family in (0, row[0])]

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """As of the base class; raises ``NotReached``."""
        if self.lookup is not None and isinstance(address, tuple):
            self.lookup.require(str(address[0]))
        await super().sock_connect(sock, address)


class Border:
    """The addon. ``allow``: non-public names and addresses that may be reached; ``report`` takes what is refused."""

    def __init__(
        self, app: str, report: Callable[[Health], object], allow: Collection[str], *, passes: bool, own_ends: bool
    ) -> None:
        """``passes``: whether requests are forwarded at all; a sinkhole need not check their targets. ``own_ends``:
        what connects is always a process of ours that stays connected until it is answered."""
        self._app, self._report = app, report
        refuse = lambda host, fault: self._refuse({"refused": "target", "host": host[:100], "why": fault.why})  # noqa: E731
        self.lookup = Lookup(allow, refuse) if passes else None
        self._own_ends, self._known = own_ends, names_socket_owners()
        self._reported: set[str] = set()

    def client_connected(self, client: connection.Client) -> None:
        """Refuse a connection of another user of this machine. One whose process has closed it is nobody's any more:
        whoever it was may have sent something. Where ours do not end so, it is refused; otherwise what it carries
        counts as of an unknown app."""
        uid = socket_owner(client.peername[:2], client.sockname[:2]) if client.peername and client.sockname else None
        if host.ours(uid):  # root's adb server may be the route to the device
            return
        if uid is not None:
            client.error = "a connection of another user of this machine"
            self._refuse({"refused": "client", "uid": str(uid)})
        elif self._known and self._own_ends:
            client.error = "a connection that nobody holds any more"
            self._refuse({"refused": "client", "why": "closed"})
        elif self._known:
            disown(client)

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Refuse a target that is not public. TCP to a name is judged when it is dialled: see ``Lookup``."""
        if self.lookup is None or data.server.address is None:
            return
        host = data.server.address[0]
        if data.server.transport_protocol == "tcp" and not is_address(host):
            return
        try:
            self.lookup.require(host)
        except NotReached as fault:
            data.server.error = str(fault)

    def _refuse(self, detail: HealthDetail) -> None:
        """Report each once, so that the log cannot be flooded."""
        if str(detail) not in self._reported and len(self._reported) < _MAX_REPORTS:
            self._reported.add(str(detail))
            self._report(health(self._app, "skipped", detail, 1))


class Neighbours:
    """Which connections belong to other apps. Also an addon: it counts them and leaves their TLS alone."""

    def __init__(self) -> None:
        self.port = 0
        """The common port, once the app has its own; 0 = no connection is known to belong to another app."""
        self.unowned = False
        """The owner of a connection cannot be determined."""
        self.count = 0

    def owns(self, client: connection.Client) -> bool:
        """Whether the connection belongs to another app."""
        return bool(self.port and client.sockname and client.sockname[1] == self.port)

    def client_connected(self, client: connection.Client) -> None:
        """Count it."""
        self.count += self.owns(client)

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Forward it unchanged."""
        if self.owns(data.context.client):
            data.ignore_connection = True

    def marked(self, event: Transmission | TlsFailure) -> Transmission | TlsFailure:
        """The event, without what it cannot prove: whose it is where apps are not told apart, and the app's local port
        where the app has a port of its own here, since what connects to it is adb or the emulator's network."""
        if not (self.unowned or self.port):
            return event
        return msgspec.structs.replace(event, unowned=event.unowned or self.unowned, client_port=0)


class OfTheApp:
    """An addon wrapper that hides other apps' traffic."""

    def __init__(self, addon: object, neighbours: Neighbours) -> None:
        self._addon, self._neighbours = addon, neighbours
        self.name = type(addon).__name__.lower()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "addons":
            raise AttributeError(name)
        hook: Callable[..., Any] = getattr(self._addon, name)

        def only(*args: Any) -> Any:
            client = _client(args[0]) if args else None
            return None if client is not None and self._neighbours.owns(client) else hook(*args)

        return only if callable(hook) else hook


def _client(item: Any) -> connection.Client | None:
    if isinstance(item, connection.Client):
        return item
    client = getattr(item, "client_conn", None) or getattr(getattr(item, "context", None), "client", None)
    return client if isinstance(client, connection.Client) else None
