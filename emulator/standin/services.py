"""What the device offers over adb: shell, exec, sync, reverse, tcp, jdwp, framebuffer and the text replies."""

from __future__ import annotations

import asyncio
import struct
from typing import TYPE_CHECKING

from .adbd import Connection, Handler, Stream
from .reverse import Reverses, splice
from .shellstream import STDERR, STDOUT, Output, feed, interactive
from .streams import Pipe
from .syncsvc import serve_sync

if TYPE_CHECKING:
    from .device import Device

FEATURES = "shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,fixed_push_symlink_timestamp"
FRIDA_PORT = 27042
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
        self._reverses = Reverses(device.state)

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
            return self._reverses.open(connection, rest)
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
        self._reverses.close()

    # shell

    def _shell(self, line: str, v2: bool, pty: bool) -> Handler:
        async def run(stream: Stream) -> None:
            stdin = Pipe()
            out = Output(stream, v2)
            shell = self._device.shell()
            feeder = asyncio.create_task(feed(stream, stdin, v2))
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
            feeder = asyncio.create_task(feed(stream, stdin, v2=False))
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
