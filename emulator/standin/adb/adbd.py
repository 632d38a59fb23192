"""The device side of the adb protocol over TCP: packets, streams, flow control. Services are in `services.py`."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import struct
from collections.abc import Awaitable, Callable

from emulator.standin.network.neighbours import refused

HEADER = struct.Struct("<6I")
_VERSION = 0x01000001
MAX_PAYLOAD = 1024 * 1024
MAX_STREAMS = 2000
GRACE = 0.5

CNXN, OPEN, OKAY, CLSE, WRTE = (
    int.from_bytes(name, "little") for name in (b"CNXN", b"OPEN", b"OKAY", b"CLSE", b"WRTE")
)

Handler = Callable[["Stream"], Awaitable[None]]
Opener = Callable[["Connection", str], Awaitable[Handler | None]]
"""Given a service name: what runs on the stream, or None to refuse it."""


class Stream:
    """One adb stream. `read` gives what the peer wrote (empty at the end); `write` waits for its OKAY."""

    def __init__(self, connection: Connection, local: int, remote: int) -> None:
        self._connection = connection
        self.local = local
        self.remote = remote
        self.peer_closed = False
        self._in: asyncio.Queue[bytes] = asyncio.Queue()
        self._rest = b""
        self._ready = asyncio.Event()
        self._write_lock = asyncio.Lock()
        self.opened: asyncio.Future[bool] | None = None
        self.task: asyncio.Task[None] | None = None
        self._unacked = False

    async def read(self, limit: int = MAX_PAYLOAD) -> bytes:
        """Up to ``limit`` bytes; the OKAY goes out once the packet has been consumed."""
        if not self._rest:
            if self.peer_closed and self._in.empty():
                return b""
            self._rest = await self._in.get()
            if not self._rest:
                return b""
            self._unacked = True
        chunk, self._rest = self._rest[:limit], self._rest[limit:]
        if not self._rest and self._unacked:
            self._unacked = False
            if not self.peer_closed:
                await self._connection.send(OKAY, self.local, self.remote)
        return chunk

    async def read_exact(self, count: int) -> bytes:
        """Exactly ``count`` bytes; EOFError if the stream ends before."""
        parts = bytearray()
        while len(parts) < count:
            chunk = await self.read(count - len(parts))
            if not chunk:
                raise EOFError("stream ended")
            parts += chunk
        return bytes(parts)

    async def write(self, data: bytes) -> None:
        """Sends everything; BrokenPipeError once the peer has closed."""
        size = self._connection.max_payload
        async with self._write_lock:
            for start in range(0, len(data), size):
                await self._ready.wait()
                if self.peer_closed:
                    raise BrokenPipeError(32, "Broken pipe")
                self._ready.clear()
                await self._connection.send(WRTE, self.local, self.remote, data[start : start + size])

    async def flushed(self) -> None:
        """Waits until the peer took the last packet."""
        await self._ready.wait()

    def got_data(self, data: bytes) -> None:
        """What the peer wrote; nothing is the end."""
        self._in.put_nowait(data)

    def got_ready(self) -> None:
        self._ready.set()
        if self.opened and not self.opened.done():
            self.opened.set_result(not self.peer_closed)

    def got_close(self) -> None:
        self.peer_closed = True
        self.got_data(b"")
        self.got_ready()


class Connection:
    """One adb server that is connected to the device."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, banner: str, opener: Opener) -> None:
        self._reader = reader
        self._writer = writer
        self._banner = banner
        self._opener = opener
        self._streams: dict[int, Stream] = {}
        self._ids = itertools.count(1)
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self.max_payload = MAX_PAYLOAD
        self.on_close: list[Callable[[], object]] = []

    async def run(self) -> None:
        """Serves packets until the server goes away."""
        try:
            while True:
                command, arg0, arg1, size, _check, magic = HEADER.unpack(await self._reader.readexactly(HEADER.size))
                if magic != command ^ 0xFFFFFFFF or size > MAX_PAYLOAD:
                    return
                data = await self._reader.readexactly(size) if size else b""
                await self._packet(command, arg0, arg1, data)
        except (asyncio.IncompleteReadError, OSError):
            return
        finally:
            await self.close()

    async def close(self) -> None:
        for hook in self.on_close:
            hook()
        self.on_close.clear()
        for stream in list(self._streams.values()):
            stream.got_close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        self._writer.close()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def send(self, command: int, arg0: int, arg1: int, data: bytes = b"") -> None:
        check = sum(data) & 0xFFFFFFFF if command == CNXN else 0
        head = HEADER.pack(command, arg0, arg1, len(data), check, command ^ 0xFFFFFFFF)
        async with self._lock:
            self._writer.write(head + data)
            await self._writer.drain()

    async def _packet(self, command: int, arg0: int, arg1: int, data: bytes) -> None:
        if command == CNXN:
            self.max_payload = max(4096, min(arg1, MAX_PAYLOAD))
            await self.send(CNXN, _VERSION, MAX_PAYLOAD, self._banner.encode())
        elif command == OPEN:
            self._spawn(self._open(arg0, data))
        elif stream := self._streams.get(arg1):
            if command == OKAY:
                if not stream.remote:
                    stream.remote = arg0
                stream.got_ready()
            elif command == WRTE and data:
                stream.got_data(data)
            elif command == WRTE:
                await self.send(OKAY, stream.local, stream.remote)
            elif command == CLSE:
                del self._streams[stream.local]
                stream.got_close()
                if arg0:
                    await self.send(CLSE, stream.local, stream.remote)
                self._spawn(self._finish(stream))
        elif command == WRTE:
            await self.send(CLSE, 0, arg0)

    def _spawn(self, job: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _finish(self, stream: Stream) -> None:
        """The peer closed: the service sees the end of its input, and is stopped if it goes on regardless."""
        if stream.task:
            await asyncio.wait([stream.task], timeout=GRACE)
            stream.task.cancel()

    async def _open(self, remote: int, data: bytes) -> None:
        name = data.rstrip(b"\0").decode("utf-8", "surrogateescape")
        handler: Handler | None = None
        if len(self._streams) < MAX_STREAMS:
            with contextlib.suppress(OSError, ValueError):
                handler = await self._opener(self, name)
        if handler is None:
            await self.send(CLSE, 0, remote)
            return
        stream = Stream(self, next(self._ids), remote)
        self._streams[stream.local] = stream
        stream.got_ready()
        await self.send(OKAY, stream.local, remote)
        stream.task = self._spawn(self._serve(stream, handler))

    async def _serve(self, stream: Stream, handler: Handler) -> None:
        try:
            with contextlib.suppress(EOFError, OSError):  # the peer went away in the middle: nothing to tell it
                await handler(stream)
        finally:
            if self._streams.pop(stream.local, None):
                with contextlib.suppress(OSError):
                    await self.send(CLSE, stream.local, stream.remote)
                stream.got_close()

    async def open_to_host(self, name: str) -> Stream | None:
        """Opens a service on the server's side (for reverse); None if it is refused."""
        stream = Stream(self, next(self._ids), 0)
        stream.opened = asyncio.get_running_loop().create_future()
        self._streams[stream.local] = stream
        await self.send(OPEN, stream.local, 0, name.encode() + b"\0")
        if await stream.opened:
            return stream
        self._streams.pop(stream.local, None)
        return None

    def serve(self, stream: Stream, handler: Handler) -> None:
        """Runs a handler on a stream that `open_to_host` gave."""
        stream.task = self._spawn(self._serve(stream, handler))


class Adbd:
    """Listens on 127.0.0.1, to its own user and root."""

    def __init__(self, banner: Callable[[], str], opener: Opener) -> None:
        self._banner = banner
        self._opener = opener
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()
        self.port = 0

    async def start(self, port: int = 0) -> int:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self.port

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if refused(writer):
            return
        connection = Connection(reader, writer, self._banner(), self._opener)
        self._connections.add(connection)
        with contextlib.suppress(asyncio.CancelledError):
            await connection.run()
        self._connections.discard(connection)

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for connection in list(self._connections):
            await connection.close()
