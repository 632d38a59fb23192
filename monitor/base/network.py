"""Sockets of this machine and addresses of the Internet: whose a connection is, and what may be connected to.

A name is looked up once, every address is judged, and only a judged address is connected to: a second look-up could be
answered with another one. What cannot be looked up in time is not connected to.
"""

import concurrent.futures
import contextlib
import functools
import ipaddress
import socket
import struct
import sys
import threading
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from pathlib import Path
from typing import Any, Final, Literal

from monitor.base import host as system

Address = tuple[str, int]
"""IP address and port."""
Found = list[tuple[Any, ...]]
"""Addresses as ``socket.getaddrinfo`` returns them."""
Why = Literal["private", "unresolved", "slow"]

#: Seconds that looking a name up may take.
WAIT: Final = 5.0
_REFUSALS: Final = {
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

# Of Linux's sock_diag(7).
_NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, _NO_COOKIE = 4, 20, 1, 0xFFFFFFFF
_HEADER: Final = struct.Struct("=IHHII")  # struct nlmsghdr: length, type, flags, sequence, port
_REQUEST: Final = struct.Struct("=BBBBI")  # struct inet_diag_req_v2 up to its socket: family, protocol, …, states
_SOCKET: Final = struct.Struct(">HH16s16s")  # struct inet_diag_sockid: ports and addresses, in network order
_INTERFACE: Final = struct.Struct("=III")  # interface and cookie
_ANSWER_SIZE, _PORTS_AT, _USER_AT = 72, 4, 64


class NotReached(OSError):
    """A host that is not connected to; ``why`` in one word."""

    def __init__(self, why: Why) -> None:
        super().__init__(_REFUSALS[why])
        self.why: Why = why


def is_public(address: str) -> bool:
    """Whether an address (not a name) belongs to the public Internet; one that holds an IPv4 address, as that address.
    Raises ``ValueError`` for anything else."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        shift = next((shift for network, shift in _EMBEDDING.items() if found in network), None)
        if shift is None:
            return found in _UNICAST and found.is_global
        found = IPv4Address(int(found) >> shift & 0xFFFF_FFFF)
    return found.is_global and not found.is_multicast


def look_up(host: str, port: int) -> Found:
    """Every address of a host for TCP. Raises ``NotReached``; may take long."""
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        raise NotReached("unresolved") from None


def judge(found: Found) -> None:
    """Raises ``NotReached`` if one of the addresses is not public, or none at all."""
    for *_, address in found:
        with contextlib.suppress(ValueError):
            if is_public(str(address[0])):
                continue
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


def free_port() -> int:
    """A port of the loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def socket_owner(peer: Address, own: Address) -> int | None:
    """The UID of the socket at ``peer`` that is connected to ours at ``own``. None where it is not of this machine,
    where its process has closed it, or where the system does not say: only Linux does."""
    if sys.platform != "linux":
        return None
    return _by_netlink(peer, own) if _kernel_answers() else _by_table(peer, own)


def is_own_socket(peer: Address, own: Address) -> bool:
    """Whether the socket at ``peer`` is known to be our own user's, or root's."""
    return system.ours(socket_owner(peer, own))


def names_socket_owners() -> bool:
    """Whether this system says whose a socket is."""
    return _holds_for_own_connection(is_own_socket)


@functools.cache
def _kernel_answers() -> bool:
    """Whether the kernel answers about single sockets: in some containers it does not. Its table takes milliseconds."""
    return _holds_for_own_connection(lambda peer, own: system.ours(_by_netlink(peer, own)))


def _holds_for_own_connection(check: Callable[[Address, Address], bool]) -> bool:
    with (
        contextlib.suppress(OSError),
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        return check(client.getsockname(), server.getsockname())
    return False


def _by_netlink(peer: Address, own: Address) -> int | None:
    if sys.platform != "linux":
        return None
    with contextlib.suppress(OSError, ValueError, struct.error):
        near, far = _ip(peer), _ip(own)
        family = socket.AF_INET if near.version == 4 else socket.AF_INET6
        wanted = _SOCKET.pack(peer[1], own[1], near.packed, far.packed) + _INTERFACE.pack(0, _NO_COOKIE, _NO_COOKIE)
        body = _REQUEST.pack(family, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF) + wanted
        with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_SOCK_DIAG) as kernel:
            kernel.settimeout(1)
            size = _HEADER.size + len(body)
            kernel.send(_HEADER.pack(size, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 0, 0) + body)
            answer = kernel.recv(4096)
        whole = _HEADER.unpack_from(answer)[1] == _SOCK_DIAG_BY_FAMILY and len(answer) >= _HEADER.size + _ANSWER_SIZE
        # Where nothing is connected so any more, the kernel names whoever listens at that port instead.
        if whole and struct.unpack_from(">HH", answer, _HEADER.size + _PORTS_AT) == (peer[1], own[1]):
            return _held_by(*struct.unpack_from("=II", answer, _HEADER.size + _USER_AT))
    return None


def _by_table(peer: Address, own: Address) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        near, far = _table_words(peer), _table_words(own)
        for table in ("tcp", "tcp6"):
            for fields in map(str.split, Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:]):
                if len(fields) > 9 and fields[1] in near and fields[2] in far:
                    return _held_by(int(fields[7]), int(fields[9]))
    return None


def _ip(address: Address) -> IPv4Address | IPv6Address:
    """Without a zone; IPv4 in IPv6 as IPv4. Raises ``ValueError`` for no address."""
    found = ipaddress.ip_address(address[0].partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def _table_words(address: Address) -> set[str]:
    """An end as the kernel's tables write it: words in the machine's order; IPv4 as itself and in IPv6."""
    packed = _ip(address).packed
    forms = [packed] if len(packed) == 16 else [packed, bytes(10) + b"\xff\xff" + packed]
    words = ("".join(f"{word:08X}" for (word,) in struct.iter_unpack("=I", form)) for form in forms)
    return {f"{text}:{address[1]:04X}" for text in words}


def _held_by(uid: int, inode: int) -> int | None:
    """A socket that its process has closed has no inode, and on older kernels seems to be root's."""
    return uid if uid or inode else None
