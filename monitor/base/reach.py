"""What belongs to the public Internet, and what only this machine or its network can reach.

A name is looked up once, every address is judged, and only a judged address is connected to: a second look-up could be
answered with another one. What cannot be looked up in time is not connected to.
"""

import concurrent.futures
import socket
import threading
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final, Literal

Why = Literal["private", "unresolved", "slow"]
#: As of ``socket.getaddrinfo``.
Found = list[tuple[Any, ...]]
#: Seconds that looking a name up may take.
WAIT: Final = 5.0
_SAID: Final = {
    "private": "not a public address: allow it by name if intended",
    "unresolved": "no address is known for it",
    "slow": "its address could not be looked up in time",
}

#: Where an IPv6 address holds an IPv4 address to which it leads: network to the bits that follow the address. Mapped
#: (RFC 4291, 2.5.5.2), compatible (2.5.5.1), translated (RFC 2765), NAT64 (RFC 6052) and 6to4 (RFC 3056). Locally
#: used NAT64 (RFC 8215) and Teredo are no public addresses as they are.
_EMBEDDING: Final = {
    IPv6Network("::ffff:0:0/96"): 0,
    IPv6Network("::/96"): 0,
    IPv6Network("::ffff:0:0:0/96"): 0,
    IPv6Network("64:ff9b::/96"): 0,
    IPv6Network("2002::/16"): 80,
}
#: Global unicast: all that is assigned so far (RFC 4291, 2.4). Site-local addresses (RFC 3879) are not in it.
_UNICAST: Final = IPv6Network("2000::/3")


class NotReached(OSError):
    """A host that is not connected to; ``why`` in one word."""

    def __init__(self, why: Why) -> None:
        super().__init__(_SAID[why])
        self.why: Why = why


def is_public(address: str) -> bool:
    """Whether an address (not a name) belongs to the public Internet; one that holds an IPv4 address, as that address.
    Raises ``ValueError`` for anything else."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        for network, after in _EMBEDDING.items():
            if found in network:
                found = IPv4Address(int(found) >> after & 0xFFFF_FFFF)
                break
        else:
            return found in _UNICAST and found.is_global
    return found.is_global and not found.is_multicast


def look_up(host: str, port: int) -> Found:
    """Every address of a host for TCP. Raises ``NotReached``; may take long."""
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        raise NotReached("unresolved") from None


def judge(found: Found) -> None:
    """Raises ``NotReached`` if one of the addresses is not public."""
    for *_, address in found:
        try:
            public = is_public(str(address[0]))
        except ValueError:
            public = False
        if not public:
            raise NotReached("private")


def connect(host: str, port: int, allow: Collection[str], timeout: float) -> socket.socket:
    """A TCP connection to the first address of a public host, or of one in ``allow``, that accepts it.

    ``timeout`` in seconds is for each attempt. Raises ``OSError``, of which ``NotReached`` if none may be made.
    """
    answer: concurrent.futures.Future[Found] = concurrent.futures.Future()

    def ask() -> None:
        try:
            answer.set_result(look_up(host, port))
        except OSError as fault:
            answer.set_exception(fault)

    threading.Thread(target=ask, name="lookup", daemon=True).start()
    try:
        found = answer.result(WAIT)
    except TimeoutError:
        raise NotReached("slow") from None
    if host not in allow:
        judge(found)
    fault: OSError = NotReached("unresolved")
    for family, kind, proto, _, address in found:
        line = socket.socket(family, kind, proto)
        try:
            line.settimeout(timeout)
            line.connect(address)
        except OSError as refused:
            line.close()
            fault = refused
        else:
            return line
    raise fault
