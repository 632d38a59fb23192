"""Other apps behind the same proxy: forwarded unread, counted, never recorded.

The device's proxy setting applies to every app. Where the app's own connections are redirected to a dedicated port,
what still arrives at the common port is known to belong to other apps and is left alone. Where they cannot be told
apart, each event says so (``unowned``), and nothing is attributed to the app.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from mitmproxy import connection, tls

from monitor.events import TlsFailure, Transmission


class Neighbours:
    """Which connections belong to other apps. Also an addon: it counts them and leaves their TLS alone."""

    def __init__(self) -> None:
        self.port = 0
        """The common port, once the app has its own; 0 = no connection is known to belong to another app."""
        self.unowned = False
        """The owner of a connection cannot be determined."""
        self.count = 0

    def other(self, client: connection.Client) -> bool:
        """Whether the connection belongs to another app."""
        return bool(self.port and client.sockname and client.sockname[1] == self.port)

    def client_connected(self, client: connection.Client) -> None:
        """Count it."""
        self.count += self.other(client)

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Forward it unchanged."""
        if self.other(data.context.client):
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
            return None if client is not None and self._neighbours.other(client) else hook(*args)

        return only if callable(hook) else hook


def _client(item: Any) -> connection.Client | None:
    if isinstance(item, connection.Client):
        return item
    client = getattr(item, "client_conn", None) or getattr(getattr(item, "context", None), "client", None)
    return client if isinstance(client, connection.Client) else None
