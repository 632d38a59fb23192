"""Who is at the other end of a loopback connection: our own user, or another one of this machine.

A phone's adb and Frida ask for a key or lie behind a cable; the stand-in's ports are open to whoever is on the machine.
Linux says whose a socket is: what it does not say there is foreign. Elsewhere nothing is known and everybody is served.
"""

import asyncio
import contextlib
import ipaddress
import os
import struct
import sys
from pathlib import Path

Address = tuple[str, int]
"""IP address and port."""

_UID, _INODE, _ESTABLISHED, _LISTENING = 7, 9, "01", "0A"
_READS = 3


def foreign(own: Address, peer: Address | None = None) -> bool:
    """Whether a socket that is connected to our end (the one at ``peer``, or any) belongs to another user than us and
    root. Both ends count: another user may have the same port at another address.

    A socket that its process has closed belongs to nobody, and whoever it was waits for no answer: one that is asked
    for is then foreign, too.
    """
    for _ in range(_READS if sys.platform == "linux" else 0):
        if (found := _foreign(own, peer)) is not None:
            return found
    return sys.platform == "linux"


def _foreign(own: Address, peer: Address | None) -> bool | None:
    """None: an end is not listed. The table is read in parts and may skip a socket meanwhile."""
    us, them = _words(own), _words(peer) if peer else set()
    ours: set[str] = set()
    theirs: list[list[str]] = []
    for fields in _rows():
        near, far = fields[1], fields[2]
        if near in us and (far in them or (peer is None and fields[3] == _ESTABLISHED)):
            ours.add(far[-13:])
        if far in us and (near in them or peer is None):
            theirs.append(fields)
    for fields in theirs:
        closed = fields[_INODE] == "0"
        if (closed and peer is not None) or (not closed and int(fields[_UID]) not in (0, os.geteuid())):
            return True
    seen = {fields[1][-13:] for fields in theirs}
    return None if not (ours or theirs) or ours - seen else False


def _words(address: Address) -> set[str]:
    """An end as the kernel's tables write it: words in the machine's order; IPv4 as itself and in IPv6."""
    packed = ipaddress.ip_address(address[0]).packed
    forms = [packed] if len(packed) == 16 else [packed, bytes(10) + b"\xff\xff" + packed]
    words = ("".join(f"{word:08X}" for (word,) in struct.iter_unpack("=I", form)) for form in forms)
    return {f"{text}:{address[1]:04X}" for text in words}


def listed(table: str, process: int | str = "self") -> list[list[str]]:
    """Rows of a process's table of sockets, as fields; empty where there is no such table."""
    try:
        lines = Path(f"/proc/{process}/net/{table}").read_text("ascii").splitlines()[1:]
    except OSError:
        return []
    return [fields for line in lines if len(fields := line.split()) > _INODE]


def _rows() -> list[list[str]]:
    return listed("tcp") + listed("tcp6")


def refused(writer: asyncio.StreamWriter) -> bool:
    """Closes a connection of another user; whether it was one."""
    peer, own = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
    if not peer or not own or foreign(own[:2], peer[:2]):
        writer.close()
        return True
    return False


def hosts(port: int, process: int) -> bool:
    """Whether a port of the loopback is listened at by a process (0: by any of our own user), and by nobody else: a
    phone has no way to the other programs of the machine that it is tested from."""
    if sys.platform != "linux":
        return True
    near = {word for address in ("127.0.0.1", "0.0.0.0", "::1", "::") for word in _words((address, port))}
    found = [fields for fields in _rows() if fields[3] == _LISTENING and fields[1] in near]
    if not process:
        return bool(found) and all(int(fields[_UID]) == os.geteuid() for fields in found)
    held = set()
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                held.add(str(file.readlink()))
    return bool(found) and all(f"socket:[{fields[_INODE]}]" in held for fields in found)
