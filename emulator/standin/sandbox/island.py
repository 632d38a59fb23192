"""Namespaces of the device's own: a network with nothing but a loopback, the doors that are opened into it, and a table
of processes in which nobody but apps is.

Run as a program this enters new namespaces; asked over its standard input (a Unix socket) it makes listening sockets
there and hands them over. A socket belongs to the namespace it was made in, whoever accepts from it: so the stand-in
can answer connections of apps that can reach nothing else. Its child is the first process of the table: with it, which
ends with the stand-in, everything in the table ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import fcntl
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

Connected = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1
_WAIT = 60.0
_PDEATHSIG = 1
_LAST_OF_SYSTEM = 7999


class Island:
    """The namespace. Host ports of the loopback appear in it only after `door`."""

    def __init__(self, holder: subprocess.Popen[bytes], line: socket.socket, user: bool) -> None:
        self._holder, self._line, self.user = holder, line, user
        self._doors: dict[int, asyncio.Server] = {}
        self._lasting: set[int] = set()
        pid = holder.pid
        self.pid = pid
        self.spaces = [(os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY), flag) for kind, flag in _kinds(user).items()]
        """Open files of the namespaces, with the number of their kind, in the order in which to enter them."""
        self._source = f"127.{secrets.randbelow(100) + 100}.{secrets.randbelow(256)}.{secrets.randbelow(254) + 1}"

    @classmethod
    def begin(cls, user: bool) -> Island:
        """A new one. ``user``: with a user namespace, for whom has no rights to give away. OSError with what this
        system refused."""
        if sys.platform != "linux":
            raise OSError(errno.ENOSYS, "namespaces are Linux's")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        words = [sys.executable, "-I", "-S", __file__, *(["user"] if user else [])]
        with theirs:
            holder = subprocess.Popen(words, stdin=theirs.fileno(), start_new_session=True)
        ours.settimeout(_WAIT)
        told = b""
        try:
            told = ours.recv(200)
            if told == b"ready":
                return cls(holder, ours, user)
        except OSError as bad:
            told = str(bad).encode()
        ours.close()
        holder.kill()
        holder.wait()
        raise OSError(errno.EPERM, told.decode("utf-8", "replace") or "it ended at once")

    def listen(self, port: int = 0) -> socket.socket:
        """A listening socket on the island's loopback. OSError if the port is taken."""
        self._line.send(str(port).encode())
        answer, fds, _, _ = socket.recv_fds(self._line, 16, 1)
        if not fds:
            raise OSError(int(answer or b"98"), os.strerror(int(answer or b"98")))
        return socket.socket(fileno=fds[0])

    async def serve(self, accept: Connected, port: int = 0, limit: int = 65536) -> asyncio.Server:
        """`asyncio.start_server` on the island."""
        return await asyncio.start_server(accept, sock=self.listen(port), limit=limit)

    async def lead(self, ports: set[int]) -> None:
        """Doors to these ports, and to no others but the lasting ones."""
        self.shut(ports)
        for port in ports:
            await self.door(port)

    def shut(self, keep: set[int]) -> None:
        """Close the doors that lead nowhere any more: another program may listen there next."""
        for port in self._doors.keys() - keep - self._lasting:
            self._doors.pop(port).close()

    async def door(self, port: int, lasting: bool = False) -> None:
        """Let the island reach this port of the host's loopback; nothing happens if it can already.

        Each connection keeps its local port: it comes from an address of this device's alone, at the same port. Where
        the host has that port in use (a listener at every address), the app gets its connection all the same, from
        another port.
        """
        if port in self._doors or not 0 < port < 65536:
            return

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for local in (writer.get_extra_info("peername")[1], 0):
                try:
                    outer = await asyncio.open_connection("127.0.0.1", port, local_addr=(self._source, local))
                except OSError:
                    continue
                await relay((reader, writer), outer)
                return
            writer.transport.abort()

        with contextlib.suppress(OSError):
            self._doors[port] = await self.serve(accept, port)
            if lasting:
                self._lasting.add(port)

    def close(self) -> None:
        for server in self._doors.values():
            server.close()
        self._line.close()
        for space, _ in self.spaces:
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


def _kinds(user: bool) -> dict[str, int]:
    """Names below ``/proc/PID/ns`` and numbers of the namespaces that are entered."""
    own = {"net": os.CLONE_NEWNET, "ipc": os.CLONE_NEWIPC, "uts": os.CLONE_NEWUTS, "pid_for_children": os.CLONE_NEWPID}
    return ({"user": os.CLONE_NEWUSER} if user else {}) | own


def _hold(own_user: bool) -> int:
    line = socket.socket(fileno=0)
    doing = "namespaces (unshare)"
    try:
        user, group = os.geteuid(), os.getegid()
        os.unshare(sum(_kinds(own_user).values()))
        if own_user:  # ourselves, as whom each app's process goes on
            doing = "user namespace"
            for name, text in (
                ("setgroups", "deny"),
                ("uid_map", f"{user} {user} 1"),
                ("gid_map", f"{group} {group} 1"),
            ):
                Path(f"/proc/self/{name}").write_text(text)
        doing = "network of its own"
        with contextlib.suppress(OSError):  # a machine's table of connections takes milliseconds to read, empty or not
            Path("/proc/sys/net/ipv4/tcp_child_ehash_entries").write_text("1024")
            os.unshare(os.CLONE_NEWNET)
        socket.sethostname("localhost")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))
        doing = "processes of its own"
        if not os.fork():
            _first(line)
    except OSError as bad:
        line.send(f"{doing}: {bad.strerror}".encode())
        return 1
    line.send(b"ready")
    while asked := line.recv(16):
        try:
            with socket.create_server(("127.0.0.1", int(asked)), backlog=256) as made:
                socket.send_fds(line, [b"0"], [made.fileno()])
        except OSError as bad:
            line.send(str(bad.errno).encode())
    return 0


def _first(line: socket.socket) -> None:
    """Process 1 of the table: takes in orphans and ends with its parent, and everything with it."""
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    line.close()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # above the system's processes, which only the device's shell has
        Path("/proc/sys/kernel/ns_last_pid").write_text(str(_LAST_OF_SYSTEM))
    while True:
        signal.pause()


if __name__ == "__main__":
    sys.exit(_hold("user" in sys.argv[1:]))
