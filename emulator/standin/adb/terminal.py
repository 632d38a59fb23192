"""A shell over an adb stream: what goes in, what comes out, the packets of shell v2, the terminal."""

from __future__ import annotations

import asyncio
import struct

from emulator.standin.shell.context import ExitShell
from emulator.standin.shell.run import Shell
from emulator.standin.shell.streams import HIGH_WATER, Fixed, Pipe

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


async def interactive(shell: Shell, stdin: Pipe, out: Output, pty: bool) -> int:
    """Reads lines and runs them until the input ends or `exit`. With a terminal: echo and a prompt."""
    terminal, errors = out.of(STDOUT), out.of(STDOUT if pty else STDERR)
    screen = _Crlf(terminal) if pty else terminal
    prompt = f"{shell.state.props.get('ro.product.device', 'standin')}:{shell.cwd} # ".encode()
    while True:
        if pty:
            await terminal.write(prompt)
        line = await _line(stdin, terminal if pty else None)
        if line is None:
            return shell.last
        try:
            given = Fixed() if pty else stdin
            await shell.script(line, given, screen, _Crlf(errors) if pty else errors)
        except ExitShell as done:
            return done.code


class _Crlf:
    def __init__(self, sink: _Side) -> None:
        self._sink = sink

    async def write(self, data: bytes) -> None:
        await self._sink.write(data.replace(b"\n", b"\r\n"))


async def _line(stdin: Pipe, echo: _Side | None) -> str | None:
    """One line of input, None at the end."""
    line = bytearray()
    while True:
        char = await stdin.read(1)
        if not char or (char == b"\x04" and not line):
            return line.decode("utf-8", "surrogateescape") if line else None
        if char in (b"\n", b"\r"):
            if echo:
                await echo.write(b"\r\n")
            return line.decode("utf-8", "surrogateescape")
        if echo and char == b"\x03":
            line.clear()
            await echo.write(b"^C\r\n")
            continue
        if echo and char in (b"\x7f", b"\b"):
            if line:
                del line[-1]
                await echo.write(b"\b \b")
            continue
        if len(line) < 100_000:
            line += char
        if echo:
            await echo.write(char)
