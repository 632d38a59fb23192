"""A shell over an adb stream: what goes in, what comes out, the packets of shell v2."""

from __future__ import annotations

import asyncio
import struct

from emulator.standin.shell.streams import HIGH_WATER, Pipe

from .adbd import Stream

STDIN, STDOUT, STDERR, EXIT, CLOSE_STDIN, WINDOW_SIZE = range(6)


class _Side:
    def __init__(self, output: Output, ident: int) -> None:
        self._output, self._ident = output, ident

    async def write(self, data: bytes) -> None:
        await self._output.put(self._ident, data)


class Output:
    """Joins what commands write into few packets; both streams keep their order."""

    def __init__(self, stream: Stream, v2: bool) -> None:
        self._stream = stream
        self._v2 = v2
        self._queue: list[tuple[int, bytearray]] = []
        self._size = 0
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._ended = False
        self._broken = False
        self._pump = asyncio.create_task(self._run())

    def of(self, ident: int) -> _Side:
        return _Side(self, ident)

    async def put(self, ident: int, data: bytes) -> None:
        await self._room.wait()
        if self._broken or self._stream.peer_closed:
            raise BrokenPipeError(32, "Broken pipe")
        if not data:
            return
        if self._queue and self._queue[-1][0] == ident:
            self._queue[-1][1].extend(data)
        else:
            self._queue.append((ident, bytearray(data)))
        self._size += len(data)
        if self._size > HIGH_WATER:
            self._room.clear()
        self._changed.set()

    async def _run(self) -> None:
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                while self._queue:
                    batch, self._queue, self._size = self._queue, [], 0
                    self._room.set()
                    for ident, data in batch:
                        await self._send(ident, bytes(data))
                if self._ended:
                    return
        except OSError:
            self._broken = True
            self._room.set()

    async def _send(self, ident: int, data: bytes) -> None:
        if not self._v2:
            await self._stream.write(data)
            return
        for start in range(0, len(data), HIGH_WATER):
            part = data[start : start + HIGH_WATER]
            await self._stream.write(struct.pack("<BI", ident, len(part)) + part)

    async def finish(self, code: int) -> None:
        """Sends what is left, then the exit packet."""
        self._ended = True
        self._changed.set()
        await self._pump
        if self._v2:
            await self._stream.write(struct.pack("<BIB", EXIT, 1, code & 255))
        await self._stream.flushed()

    def stop(self) -> None:
        self._pump.cancel()
        self._broken = True
        self._room.set()


async def feed(stream: Stream, stdin: Pipe, v2: bool) -> None:
    """Moves the client's input to the command; in v2 it comes in packets."""
    try:
        if not v2:
            while chunk := await stream.read(65536):
                await stdin.write(chunk)
            return
        while True:
            ident, size = struct.unpack("<BI", await stream.read_exact(5))
            if ident == CLOSE_STDIN:
                stdin.end()
            left = size
            while left:
                chunk = await stream.read(min(left, 65536))
                if not chunk:
                    return
                left -= len(chunk)
                if ident == STDIN:
                    await stdin.write(chunk)
    except (EOFError, OSError):
        return
    finally:
        stdin.end()
