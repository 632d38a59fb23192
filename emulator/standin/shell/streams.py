"""Byte pipes between shell commands, with back-pressure and broken-pipe behaviour."""

import asyncio
from typing import Protocol

HIGH_WATER = 256 * 1024


class Source(Protocol):
    """Something to read from; empty bytes mean the end."""

    async def read(self, limit: int = 65536) -> bytes: ...


class Sink(Protocol):
    """Something to write to; BrokenPipeError when nobody reads any more."""

    async def write(self, data: bytes) -> None: ...


class Pipe:
    """A bounded in-memory pipe."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._ended = False
        self._broken = False
        self._changed = asyncio.Event()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def write(self, data: bytes) -> None:
        while len(self._data) > HIGH_WATER and not self._broken:
            await self._changed.wait()
        if self._broken or self._ended:
            raise BrokenPipeError(32, "Broken pipe")
        self._data += data
        self._wake()

    async def read(self, limit: int = 65536) -> bytes:
        while not self._data and not self._ended:
            await self._changed.wait()
        chunk = bytes(self._data[:limit])
        del self._data[:limit]
        self._wake()
        return chunk

    def end(self) -> None:
        """No more data will be written."""
        self._ended = True
        self._wake()

    def break_off(self) -> None:
        """The reader is gone."""
        self._broken = True
        self._data.clear()
        self._wake()


class Fixed:
    """A source with given content."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = data

    async def read(self, limit: int = 65536) -> bytes:
        chunk, self._data = self._data[:limit], self._data[limit:]
        return chunk


_MOST_KEPT = 64 * 1024 * 1024
_MOST_READ = 512 * 1024 * 1024


class Collect:
    """A sink that keeps what it is given, up to a limit."""

    def __init__(self) -> None:
        self.data = bytearray()

    async def write(self, data: bytes) -> None:
        if len(self.data) + len(data) > _MOST_KEPT:
            raise OSError(27, "File too large")
        self.data += data


async def read_all(source: Source) -> bytes:
    """Everything up to the end."""
    data = bytearray()
    while chunk := await source.read():
        data += chunk
        if len(data) > _MOST_READ:
            raise OSError(27, "File too large")
    return bytes(data)
