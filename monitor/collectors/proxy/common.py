"""Helpers for reading mitmproxy's objects, shared by several addons."""

import ipaddress
from typing import Any, NamedTuple

from mitmproxy import connection

from monitor.collectors.proxy.stage import ERR_US
from monitor.events import Transmission

_UNOWNED = "monitor_unowned"


def is_address(host: str) -> bool:
    """An IP address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Target(NamedTuple):
    """Where something goes, as the fields of a ``Transmission`` say it."""

    host: str
    address: str = ""
    named: str = ""


def target(dialled: str, written: str, *, proven: bool) -> Target:
    """``dialled``: what the app had the proxy connect to. Of a name nothing is left to prove: the proxy looks it up. Of
    an address, the name that the app writes into what it sends proves nothing by itself."""
    if not written or is_address(written.strip("[]")) or not is_address(dialled):
        return Target(dialled)
    return Target(written, address=dialled) if proven else Target(dialled, named=written)


def vouched(client: connection.Client, server: connection.Server) -> bool:
    """Whether the server proved by its certificate the name in the app's SNI; for a proxy that checks it."""
    return bool(client.sni and server.tls_established and server.sni == client.sni)


def client_port(client: connection.Client) -> int:
    """The source port of the app's connection; 0 = unknown, or the port of whoever opened it."""
    return int(client.peername[1]) if client.peername and not unowned(client) else 0


def unowned(client: connection.Client) -> bool:
    """Whether it is not proven who opened the connection."""
    return bool(getattr(client, _UNOWNED, False))


def disown(client: connection.Client) -> None:
    """Nothing that this connection carries counts as the app's."""
    setattr(client, _UNOWNED, True)


def sent(app: str, client: connection.Client, where: Target, **more: Any) -> Transmission:
    """The event of what an app sent over a connection; ``more`` are its other fields, or instead of those here."""
    fields = {
        "err": ERR_US, "src": "proxy", "app": app, **where._asdict(), "client_port": client_port(client),
        "unowned": unowned(client), "sni": client.sni or "",
    }  # fmt: skip
    return Transmission(**fields | more)


def span(first: float, last: float) -> tuple[int, int]:
    """The middle of what was sent between two moments (wall clock, seconds), and half its length; microseconds."""
    half = int(max(0.0, last - first) * 5e5)
    return int(first * 1e6) + half, half
