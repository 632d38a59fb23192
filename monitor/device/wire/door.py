"""``python -m monitor.device.wire.door SOCKET``: the only way to a private adb server, for our own user alone.

An adb server asks nobody who they are, and Frida finds it by a TCP port only. So the server listens on a socket in a
directory that others cannot enter, and this program on the port: it connects its own user's clients with the server and
closes the connections of others. It prints the port, or 0 where the system does not say whose a connection is, and ends
when its standard input closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

from monitor.base.network import is_own_socket, names_socket_owners

_PIECE = 1 << 18


class _Side(asyncio.Protocol):
    """One side of a connection: what it reads goes to the other side, no faster than that takes it."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.other: _Side | None = None
        self._early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(high=_PIECE)

    def join(self, other: _Side) -> None:
        """Both sides are there: pass on what came before."""
        self.other, other.other = other, self
        for side in (self, other):
            for data in side._early:
                side.data_received(data)
            side._early.clear()

    def data_received(self, data: bytes) -> None:
        if self.other is None or self.other.transport is None:
            self._early.append(data)
        else:
            self.other.transport.write(data)

    def eof_received(self) -> bool:
        """One direction has ended; the other may go on."""
        if self.other is not None and self.other.transport is not None and self.other.transport.can_write_eof():
            with contextlib.suppress(OSError):
                self.other.transport.write_eof()
        return self.other is not None

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()


class _Visitor(_Side):
    """A client of the port."""

    def __init__(self, path: str, tasks: set[asyncio.Task[None]]) -> None:
        super().__init__()
        self._path, self._tasks = path, tasks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert self.transport is not None
        peer, own = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        if not is_own_socket(peer, own):
            self.transport.abort()
            return
        self.transport.pause_reading()
        task = asyncio.get_running_loop().create_task(self._enter())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _enter(self) -> None:
        assert self.transport is not None
        try:
            _, server = await asyncio.get_running_loop().create_unix_connection(_Side, self._path)
        except OSError:
            self.transport.abort()
            return
        self.join(server)
        self.transport.resume_reading()


async def serve(path: str) -> None:
    """Admit until standard input closes."""
    loop, tasks = asyncio.get_running_loop(), set[asyncio.Task[None]]()
    server = await loop.create_server(lambda: _Visitor(path, tasks), "127.0.0.1", 0, backlog=128)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    ended = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(ended), sys.stdin)
    while await ended.read(4096):
        pass
    server.close()
    with contextlib.suppress(OSError):  # whoever started it may have been killed
        Path(path).unlink()
        Path(path).parent.rmdir()


if __name__ == "__main__":
    if names_socket_owners():
        asyncio.run(serve(sys.argv[1]))
    else:
        sys.stdout.write("0\n")
