"""A network of the device's own: a namespace with nothing but a loopback, and the doors that are opened into it.

Run as a program this enters a new namespace; asked over its standard input (a Unix socket) it makes listening sockets
there and hands them over. A socket belongs to the namespace it was made in, whoever accepts from it: so the stand-in
can answer connections of apps that can reach nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import secrets
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1
_WAIT = 10.0


class Island:
    """The namespace. Host ports of the loopback appear in it only after `door`."""

    def __init__(self, holder: subprocess.Popen[bytes], line: socket.socket) -> None:
        self._holder, self._line = holder, line
        self._doors: dict[int, asyncio.Server] = {}
        pid = holder.pid
        self.pid = pid
        self._spaces = [os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY) for kind in _kinds()]
        self._source = f"127.{secrets.randbelow(100) + 100}.{secrets.randbelow(256)}.{secrets.randbelow(254) + 1}"

    @classmethod
    def begin(cls) -> Island | None:
        """A new one; None where this system does not let us have one."""
        if sys.platform != "linux":
            return None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            holder = subprocess.Popen([sys.executable, "-I", "-S", __file__], stdin=theirs, start_new_session=True)
        ours.settimeout(_WAIT)
        try:
            if ours.recv(16) == b"ready":
                return cls(holder, ours)
        except OSError:
            pass
        ours.close()
        holder.kill()
        holder.wait()
        return None

    def enter(self) -> None:
        """Move the calling process into it: between fork and exec."""
        for space, kind in zip(self._spaces, _kinds().values(), strict=True):
            os.setns(space, kind)

    def listen(self, port: int = 0) -> socket.socket:
        """A listening socket on the island's loopback. OSError if the port is taken."""
        self._line.send(str(port).encode())
        answer, fds, _, _ = socket.recv_fds(self._line, 16, 1)
        if not fds:
            raise OSError(int(answer or b"98"), os.strerror(int(answer or b"98")))
        return socket.socket(fileno=fds[0])

    async def serve(self, accept: Callable[..., object], port: int = 0, limit: int = 65536) -> asyncio.Server:
        """`asyncio.start_server` on the island."""
        return await asyncio.start_server(accept, sock=self.listen(port), limit=limit)

    async def door(self, port: int) -> None:
        """Let the island reach this port of the host's loopback; nothing happens if it can already.

        Each connection keeps its local port: it comes from an address of this device's alone, at the same port.
        """
        if port in self._doors or not 0 < port < 65536:
            return

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            local = (self._source, writer.get_extra_info("peername")[1])
            try:
                outer = await asyncio.open_connection("127.0.0.1", port, local_addr=local)
            except OSError:
                writer.transport.abort()
                return
            await relay((reader, writer), outer)

        with contextlib.suppress(OSError):
            self._doors[port] = await self.serve(accept, port)

    def close(self) -> None:
        for server in self._doors.values():
            server.close()
        self._line.close()
        for space in self._spaces:
            os.close(space)
        self._holder.wait()


async def relay(
    inner: tuple[asyncio.StreamReader, asyncio.StreamWriter], outer: tuple[asyncio.StreamReader, asyncio.StreamWriter]
) -> None:
    """Copies both ways, each way to its end."""

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()

    try:
        await asyncio.gather(copy(inner[0], outer[1]), copy(outer[0], inner[1]))
    finally:
        for _, writer in (inner, outer):
            with contextlib.suppress(OSError):
                writer.close()


def _kinds() -> dict[str, int]:
    """Names and numbers of the namespaces that are entered; without root's rights a user namespace gives them."""
    return ({"user": os.CLONE_NEWUSER} if os.geteuid() else {}) | {"net": os.CLONE_NEWNET}


def _hold() -> int:
    try:
        flags = 0
        for kind in _kinds().values():
            flags |= kind
        user, group = os.geteuid(), os.getegid()
        os.unshare(flags)
        if flags & os.CLONE_NEWUSER:  # ourselves, as whom bubblewrap goes on
            for name, text in (
                ("setgroups", "deny"),
                ("uid_map", f"{user} {user} 1"),
                ("gid_map", f"{group} {group} 1"),
            ):
                Path(f"/proc/self/{name}").write_text(text)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))
    except OSError:
        return 1
    line = socket.socket(fileno=0)
    line.send(b"ready")
    while asked := line.recv(16):
        try:
            with socket.create_server(("127.0.0.1", int(asked)), backlog=256) as made:
                socket.send_fds(line, [b"0"], [made.fileno()])
        except OSError as bad:
            line.send(str(bad.errno).encode())
    return 0


if __name__ == "__main__":
    sys.exit(_hold())
