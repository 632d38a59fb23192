"""Connections that the app made past the proxy. Nobody read what they carried, so it may have been anything."""

import ipaddress
from collections import Counter
from functools import cache
from typing import Final, NamedTuple

from monitor import events
from monitor.knowledge.wordlists import derived, table

_MOST: Final = 200
_DNS: Final = 53
_QUIC: Final = ("udp", 443)
_BY_PORT: Final = {_QUIC: "QUIC", ("tcp", 853): "DoT", ("udp", 853): "DoQ"}


class Past(NamedTuple):
    """A destination, and from which process. ``host``: its name if that was seen looked up, else the address, empty for
    the destinations beyond those that are kept; ``protocol``: TCP, UDP, or what the port or the host stands for."""

    host: str
    port: int = 0
    protocol: str = ""
    version: int = 0
    """Of the Internet protocol: 4 or 6."""
    process: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host or "…"
        return f"{host}:{self.port} {self.protocol} IPv{self.version} {self.process}".rstrip() if self.port else host


@derived
@cache
def _resolvers() -> frozenset[str]:
    """Names and addresses of public name servers that are asked over HTTPS."""
    return frozenset(one["name"] for one in table("name_servers")["hosts"])


class PastProxy:
    """Destinations that were connected to and not through the proxy, with the number of connections or datagrams."""

    def __init__(self) -> None:
        self._found: Counter[Past] = Counter()
        self._processes: dict[int, str] = {}
        self._routes: set[str] = set()
        """Addresses of the proxy as the device sees it."""
        self._quic_blocked = False

    def health(self, event: events.Health) -> None:
        """Where the proxy is, and the names of processes."""
        if process := event.detail.get("process", ""):
            self._processes[event.pid] = process
        if event.component == "proxy" and (route := event.detail.get("route", "")):
            self._routes.add(route)

    def capability(self, event: events.DeviceCapability) -> None:
        """Datagrams of QUIC do not leave a device that rejects them."""
        if event.name == "quic_block":
            self._quic_blocked = event.state == "yes"

    def connection(self, event: events.Connection) -> None:
        """One more, if it left the device on a way of its own: names are asked of the system's servers, and what failed
        carried nothing."""
        try:
            address = ipaddress.ip_address(event.address.partition("%")[0])
        except ValueError:  # a request, whose connection is told apart, or a lookup
            return
        if (
            event.link not in ("connect", "handover") or event.result == "failed" or event.port in (0, _DNS)
            or address.is_loopback or address.is_unspecified or f"{address}:{event.port}" in self._routes
        ):  # fmt: skip
            return
        self._found[self._past(event, address)] += event.count

    def destinations(self) -> Counter[Past]:
        """Of the session so far."""
        blocked = self._quic_blocked
        return Counter({one: n for one, n in self._found.items() if not (blocked and one.protocol == "QUIC")})

    def _past(self, event: events.Connection, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Past:
        host = event.host.lower() or str(address)
        protocol = _BY_PORT.get((event.protocol, event.port), event.protocol.upper())
        if event.port == _QUIC[1] and event.protocol == "tcp" and not _resolvers().isdisjoint((host, str(address))):
            protocol = "DoH"
        one = Past(host, event.port, protocol, address.version, self._processes.get(event.pid, event.app))
        return one if one in self._found or len(self._found) < _MOST else Past("")
