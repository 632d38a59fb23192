"""What the device offers over adb: shell, exec, sync, reverse, tcp, jdwp, framebuffer and the text replies."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from typing import TYPE_CHECKING

from .adbd import Connection, Handler, Stream
from .shell import Shell
from .streams import HIGH_WATER, Fixed, Pipe
from .syncsvc import serve_sync

if TYPE_CHECKING:
    from .device import Device

FEATURES = "shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,fixed_push_symlink_timestamp"
FRIDA_PORT = 27042
STDIN, STDOUT, STDERR, EXIT, CLOSE_STDIN, WINDOW_SIZE = range(6)
HANDSHAKE = b"JDWP-Handshake"


def banner(props: dict[str, str]) -> str:
    """The CNXN banner: what `adb devices -l` shows, and the features."""
    names = ("ro.product.name", "ro.product.model", "ro.product.device")
    return "device::" + "".join(f"{name}={props.get(name, '')};" for name in names) + f"features={FEATURES}"


class Services:
    """Opens services by name for one device."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._state = device.state
        self._listeners: dict[str, tuple[str, asyncio.Server | None]] = {}

    async def open(self, connection: Connection, name: str) -> Handler | None:
        """The handler of a service, None to refuse it."""
        kind, _, rest = name.partition(":")
        words = kind.split(",")
        if words[0] == "shell":
            return self._shell(rest, v2="v2" in words, pty="v2" in words and "raw" not in words)
        if kind == "exec":
            return self._exec(rest)
        if kind == "sync":
            return lambda stream: serve_sync(self._state.fs, stream)
        if kind == "tcp":
            return await self._tcp(rest)
        if kind == "reverse":
            return self._reverse(connection, rest)
        if kind == "jdwp":
            return self._jdwp(rest)
        if kind == "track-jdwp":
            return self._track_jdwp
        if kind == "framebuffer":
            return self._framebuffer
        if kind == "root":
            return _reply("adbd is already running as root\n")
        if kind == "remount":
            return _reply("remount succeeded\n")
        return None

    async def close(self) -> None:
        for _, server in self._listeners.values():
            if server:
                server.close()
        self._listeners.clear()

    # shell

    def _shell(self, line: str, v2: bool, pty: bool) -> Handler:
        async def run(stream: Stream) -> None:
            stdin = Pipe()
            out = Output(stream, v2)
            shell = self._device.shell()
            feeder = asyncio.create_task(_feed(stream, stdin, v2))
            code = 1
            try:
                job = (
                    shell.run(line, stdin, out.of(STDOUT), out.of(STDERR))
                    if line
                    else interactive(shell, stdin, out, pty)
                )
                code = await job
                await out.finish(code)
            finally:
                feeder.cancel()
                out.stop()

        return run

    def _exec(self, line: str) -> Handler:
        async def run(stream: Stream) -> None:
            stdin = Pipe()
            out = Output(stream, v2=False)
            feeder = asyncio.create_task(_feed(stream, stdin, v2=False))
            try:
                await self._device.shell().run(line, stdin, out.of(STDOUT), out.of(STDERR))
                await out.finish(0)
            finally:
                feeder.cancel()
                out.stop()

        return run

    # network

    async def _tcp(self, rest: str) -> Handler | None:
        port_text, _, host = rest.partition(":")
        if not port_text.isdigit() or host not in ("", "localhost", "127.0.0.1"):
            return None
        port: int | None = int(port_text)
        if port == FRIDA_PORT:
            port = self._state.app.portal_port if self._state.app else None
        if not port or port > 65535:
            return None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return None
        return lambda stream: splice(stream, reader, writer)

    def _reverse(self, connection: Connection, rest: str) -> Handler | None:
        command, _, spec = rest.partition(":")

        async def run(stream: Stream) -> None:
            if command == "list-forward":
                text = "".join(f"UsbFfs {dev} {host}\n" for dev, (host, _) in self._listeners.items())
                await stream.write(f"{len(text):04x}{text}".encode())
            elif command == "killforward-all":
                for name in list(self._listeners):
                    self._drop(name)
                await stream.write(b"OKAY")
            elif command == "killforward":
                if self._drop(spec):
                    await stream.write(b"OKAY")
                else:
                    await _fail(stream, f"listener '{spec}' not found")
            else:
                await self._reverse_forward(connection, stream, spec)
            await stream.flushed()

        return run if command in ("list-forward", "killforward-all", "killforward", "forward") else None

    def _drop(self, name: str) -> bool:
        row = self._listeners.pop(name, None)
        self._state.reverses.pop(name, None)
        if row and row[1]:
            row[1].close()
        return row is not None

    async def _reverse_forward(self, connection: Connection, stream: Stream, spec: str) -> None:
        norebind = spec.startswith("norebind:")
        device, _, host = spec.removeprefix("norebind:").partition(";")
        kind, _, port_text = device.partition(":")
        if kind != "tcp" or not port_text.isdigit() or not host.startswith("tcp:"):
            await _fail(stream, f"cannot bind listener: unsupported '{device}'")
            return
        if device in self._listeners:
            if norebind:
                await _fail(stream, f"cannot rebind existing socket '{device}'")
                return
            self._drop(device)

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            inner = await connection.open_to_host(host)
            if inner is None:
                writer.close()
                return
            connection.serve(inner, lambda s: splice(s, reader, writer))

        server: asyncio.Server | None = None
        port = int(port_text)
        try:
            server = await asyncio.start_server(accept, "127.0.0.1", port)
            port = server.sockets[0].getsockname()[1]
        except OSError as bad:
            # The device's loopback is the host's: a forward to the same port is there already.
            if host != device:
                await _fail(stream, f"cannot bind listener: {bad.strerror}")
                return
        name = f"tcp:{port}"
        self._listeners[name] = (host, server)
        self._state.reverses[name] = host
        connection.on_close.append(lambda: self._drop(name) and None)
        await stream.write(f"OKAY{len(str(port)):04x}{port}".encode())

    # debugging

    def _jdwp(self, rest: str) -> Handler | None:
        app = self._state.app
        if not rest:
            return _reply("".join(f"{pid}\n" for pid in self._debuggable()))
        if app is None or not rest.isdigit() or int(rest) not in app.processes:
            return None

        async def run(stream: Stream) -> None:
            if await stream.read_exact(len(HANDSHAKE)) != HANDSHAKE:
                return
            await stream.write(HANDSHAKE)
            await stream.flushed()
            app.on_debugger(int(rest))
            while await stream.read():
                pass

        return run

    def _debuggable(self) -> list[int]:
        return sorted(self._state.app.processes) if self._state.app else []

    async def _track_jdwp(self, stream: Stream) -> None:
        known: list[int] | None = None
        while not stream.peer_closed:
            now = self._debuggable()
            if now != known:
                text = "".join(f"{pid}\n" for pid in now)
                await stream.write(f"{len(text):04x}{text}".encode())
                known = now
            await asyncio.sleep(0.3)

    async def _framebuffer(self, stream: Stream) -> None:
        width, height = self._state.screen
        pixels = await asyncio.to_thread(self._device.screen_rgba)
        head = struct.pack("<13I", 1, 32, width * height * 4, width, height, 0, 8, 8, 8, 16, 8, 24, 8)
        await stream.write(head + pixels)
        await stream.flushed()


def _reply(text: str) -> Handler:
    async def run(stream: Stream) -> None:
        await stream.write(text.encode())
        await stream.flushed()

    return run


async def _fail(stream: Stream, message: str) -> None:
    await stream.write(f"FAIL{len(message):04x}{message}".encode())


async def splice(stream: Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copies both ways until either side ends; what is under way is delivered."""

    async def inward() -> None:
        while chunk := await stream.read():
            writer.write(chunk)
            await writer.drain()

    async def outward() -> None:
        while chunk := await reader.read(65536):
            await stream.write(chunk)

    tasks = [asyncio.create_task(inward()), asyncio.create_task(outward())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(OSError):
            writer.close()


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


async def _feed(stream: Stream, stdin: Pipe, v2: bool) -> None:
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
    from .shellcontext import ExitShell, LoopJump

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
        except LoopJump:
            continue


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
