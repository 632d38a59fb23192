"""Who is at the other end of a loopback connection: our own user, or another one of this machine.

A phone's adb and Frida ask for a key or lie behind a cable; the stand-in's ports are open to whoever is on the machine.
Linux says whose a socket is; elsewhere nothing is known and everybody is served.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

_UID, _INODE = 7, 9
_READS = 3


def foreign(own_port: int, peer_port: int | None = None) -> bool:
    """Whether a socket that is connected to our port (the one at ``peer_port``, or any) belongs to another user than us
    and root.

    A socket that its process has closed belongs to nobody, and whoever it was waits for no answer: one that is asked
    for is then foreign, too.
    """
    for _ in range(_READS):
        if (found := _foreign(own_port, peer_port)) is not None:
            return found
    return True


def _foreign(own_port: int, peer_port: int | None) -> bool | None:
    """None: our end is listed and the other is not. The table is read in parts and may skip a socket meanwhile."""
    known = False
    for fields in _rows():
        near, far = int(fields[1].rpartition(":")[2], 16), int(fields[2].rpartition(":")[2], 16)
        if far == own_port and peer_port in (None, near):
            closed = fields[_INODE] == "0"
            if (closed and peer_port is not None) or (not closed and int(fields[_UID]) not in (0, os.geteuid())):
                return True
            if peer_port is not None:
                return False
        known = known or (near == own_port and far == peer_port)
    return None if known else False  # a system whose table lists not even our own end says nothing


def _rows() -> list[list[str]]:
    found = []
    for table in ("tcp", "tcp6") if sys.platform == "linux" else ():
        try:
            lines = Path(f"/proc/self/net/{table}").read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        found += [fields for line in lines if len(fields := line.split()) > _INODE]
    return found


def refused(writer: asyncio.StreamWriter) -> bool:
    """Closes a connection of another user; whether it was one."""
    peer, own = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
    if not peer or not own or foreign(own[1], peer[1]):
        writer.close()
        return True
    return False
