"""Whose the other end of a connection is: our own user's, or another one's of this machine. Linux says it."""

import contextlib
import functools
import ipaddress
import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

Address = tuple[str, int]
"""IP address and port."""

_NETLINK_SOCK_DIAG: Final = 4
_SOCK_DIAG_BY_FAMILY: Final = 20
_REQUEST: Final = 1
_HEAD: Final = struct.Struct("=IHHII")  # struct nlmsghdr: length, type, flags, sequence, port
_ASKED: Final = struct.Struct("=BBBBI")  # struct inet_diag_req_v2 up to its socket: family, protocol, …, states
_SOCKET: Final = struct.Struct(">HH16s16s")  # struct inet_diag_sockid: ports and addresses, in network order
_REST: Final = struct.Struct("=III")  # interface and cookie
_ANSWER: Final = 72
_ID: Final = 4
_UID: Final = 64
_NO_COOKIE: Final = 0xFFFFFFFF


def owner(peer: Address, own: Address) -> int | None:
    """The UID of the socket at ``peer`` that is connected to ours at ``own``. None where it is not of this machine,
    where its process has closed it, or where the system does not say."""
    if sys.platform != "linux":
        return None
    return _asked(peer, own) if _answers() else _listed(peer, own)


@functools.cache
def _answers() -> bool:
    """Whether the kernel answers about single sockets: in some containers it does not. Its table takes milliseconds."""
    return _tried(lambda peer, own: _asked(peer, own) == os.geteuid())


def _tried(check: Callable[[Address, Address], bool]) -> bool:
    """The check of a connection of our own."""
    with (
        contextlib.suppress(OSError),
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        return check(client.getsockname(), server.getsockname())
    return False


def _asked(peer: Address, own: Address) -> int | None:
    with contextlib.suppress(OSError, ValueError, struct.error):
        near, far = _ip(peer), _ip(own)
        family = socket.AF_INET if near.version == 4 else socket.AF_INET6
        wanted = _SOCKET.pack(peer[1], own[1], near.packed, far.packed) + _REST.pack(0, _NO_COOKIE, _NO_COOKIE)
        body = _ASKED.pack(family, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF) + wanted
        with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _NETLINK_SOCK_DIAG) as kernel:
            kernel.settimeout(1)
            kernel.send(_HEAD.pack(_HEAD.size + len(body), _SOCK_DIAG_BY_FAMILY, _REQUEST, 0, 0) + body)
            answer = kernel.recv(4096)
        whole = _HEAD.unpack_from(answer)[1] == _SOCK_DIAG_BY_FAMILY and len(answer) >= _HEAD.size + _ANSWER
        # Where nothing is connected so any more, the kernel names whoever listens at that port instead.
        if whole and struct.unpack_from(">HH", answer, _HEAD.size + _ID) == (peer[1], own[1]):
            return _user(*struct.unpack_from("=II", answer, _HEAD.size + _UID))
    return None


def _ip(address: Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Without a zone; IPv4 in IPv6 as IPv4. ValueError for no address."""
    found = ipaddress.ip_address(address[0].partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def _words(address: Address) -> set[str]:
    """An end as the kernel's tables write it: words in the machine's order; IPv4 as itself and in IPv6."""
    packed = _ip(address).packed
    forms = [packed] if len(packed) == 16 else [packed, bytes(10) + b"\xff\xff" + packed]
    words = ("".join(f"{word:08X}" for (word,) in struct.iter_unpack("=I", form)) for form in forms)
    return {f"{text}:{address[1]:04X}" for text in words}


def _listed(peer: Address, own: Address) -> int | None:
    try:
        near, far = _words(peer), _words(own)
    except ValueError:
        return None
    for table in ("tcp", "tcp6"):
        try:
            lines = Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:]
        except OSError:
            return None
        for fields in map(str.split, lines):
            if len(fields) > 9 and fields[1] in near and fields[2] in far:
                return _user(int(fields[7]), int(fields[9]))
    return None


def _user(uid: int, inode: int) -> int | None:
    """A socket that its process has closed has no inode, and on older kernels seems to be root's."""
    return uid if uid or inode else None


def ours(peer: Address, own: Address) -> bool:
    """Whether it is known to be our own user's, or root's."""
    return owner(peer, own) in (0, os.geteuid())


def known() -> bool:
    """Whether this system says whose a socket is."""
    return _tried(ours)


def free_port() -> int:
    """A port of the loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
