"""Helpers for reading mitmproxy's objects, shared by several addons."""

from __future__ import annotations

import ipaddress

from mitmproxy import connection


def is_address(host: str) -> bool:
    """An IP address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def client_port(client: connection.Client) -> int:
    """The source port of the app's connection; 0 = unknown."""
    return int(client.peername[1]) if client.peername else 0
