"""What the device offers over adb: shell, exec, sync, reverse, tcp, jdwp, framebuffer and the text replies."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from typing import TYPE_CHECKING, Any, cast

from emulator.standin.shell.run import SHELL_UID, end_zygote
from emulator.standin.shell.streams import HIGH_WATER, Pipe
from emulator.standin.state.device import FIRST_ZYGOTE, DeviceState

from .adbd import Connection, Handler, Stream
from .reverse import Reverses, splice
from .syncsvc import serve_sync

if TYPE_CHECKING:
    from emulator.standin.device import Device

FEATURES = "shell_v2,cmd,fixed_push_mkdir,fixed_push_symlink_timestamp"
FRIDA_PORT = 27042
HANDSHAKE = b"JDWP-Handshake"
DDM = 199
"""JDWP's command set of DDMS: its packets are no debugger's."""
WAIT_POLL = 0.2
"""Seconds between two looks of Android's waitForDebugger."""
MAX_DEBUG_PACKET = 1 << 20
ROOT_ALREADY = "adbd is already running as root\n"
STDIN, STDOUT, STDERR, EXIT, CLOSE_STDIN = range(5)
"""What a packet of shell v2 is."""


class _Scripts:
    """The way to Frida on a device whose apps do not bear scripts: one is on its way when so much was written.

    Each connection ends them once: what is still under way of the script must not end an app started afterwards.
    """

    LEAST = 100_000

    def __init__(self, writer: asyncio.StreamWriter, state: DeviceState) -> None:
        self._writer, self._state, self._written = writer, state, 0

    def write(self, data: bytes) -> None:
        before, self._written = self._written, self._written + len(data)
        self._writer.write(data)
        if before <= self.LEAST < self._written:
            self._state.app.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


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
            return self._shell(rest, v2="v2" in words)
        if kind == "exec":
            return self._shell(rest, v2=False)
        if kind == "sync":
            return lambda stream: serve_sync(self._state.fs, stream, self._uid)
        if kind == "tcp":
            return await self._tcp(rest)
        if kind == "reverse":
            return self._reverses.open(connection, rest)
        if kind == "jdwp" and not rest:
            return _reply("".join(f"{pid}\n" for pid in self._debuggable()))
        if kind == "jdwp" and rest.isdigit() and int(rest) in self._debuggable():
            return lambda stream: self._debug(stream, int(rest))
        if kind == "root":
            return _reply("adbd cannot run as root in production builds\n" if self._uid else ROOT_ALREADY)
        return None

    @property
    def _uid(self) -> int:
        return 0 if self._state.traits.root else SHELL_UID

    async def close(self) -> None:
        self._reverses.close()

    # shell

    def _shell(self, line: str, v2: bool) -> Handler:
        """Runs a line, or a script from standard input; there is no terminal."""

        async def run(stream: Stream) -> None:
            stdin, said = Pipe(), Pipe()
            feeder = asyncio.create_task(_feed(stream, stdin, v2))
            sender = asyncio.create_task(_send(stream, said))
            try:
                out, err = (_Packets(stream, said, kind if v2 else None) for kind in (STDOUT, STDERR))
                code = await self._device.shell().run(line or "sh", stdin, out, err)
                said.end()
                await sender
                if v2:
                    await stream.write(struct.pack("<BIB", EXIT, 1, code & 255))
                await stream.flushed()
            finally:
                feeder.cancel()
                sender.cancel()
                said.break_off()

        return run

    # network

    async def _tcp(self, rest: str) -> Handler | None:
        port_text, _, host = rest.partition(":")
        if not port_text.isdigit() or host not in ("", "localhost", "127.0.0.1"):
            return None
        port: int | None = int(port_text)
        if port == FRIDA_PORT:
            port = self._state.app.portal_port if self._state.traits.frida else None
            if port and not self._state.traits.spares_zygote and self._state.zygote == FIRST_ZYGOTE:
                await end_zygote(self._state)
        elif port not in self._state.ways():
            return None  # the loopback is the host's, where others listen as well: only what this device has there
        if not port or port > 65535:
            return None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return None
        if int(port_text) == FRIDA_PORT and not self._state.traits.bears_scripts:
            return lambda stream: splice(stream, reader, cast(asyncio.StreamWriter, _Scripts(writer, self._state)))
        return lambda stream: splice(stream, reader, writer)

    # debugging

    async def _debug(self, stream: Stream, pid: int) -> None:
        """A debugger is one from its first packet that is not DDMS's; a shake of hands is not enough."""
        if await stream.read_exact(len(HANDSHAKE)) != HANDSHAKE:
            return
        await stream.write(HANDSHAKE)
        seen: asyncio.Task[None] | None = None
        while True:
            size, ident, _, group, command = struct.unpack(">IIBBB", await stream.read_exact(11))
            if not 11 <= size <= MAX_DEBUG_PACKET:
                return
            await stream.read_exact(size - 11)
            version = struct.pack(">5I", 0, 1, 6, 0, 0) if (group, command) == (1, 1) else b""
            error = 0 if version or group == DDM else 99
            await stream.write(struct.pack(">IIBH", 11 + len(version), ident, 0x80, error) + version)
            if group != DDM and seen is None:
                seen = asyncio.create_task(self._noticed(stream, pid))

    async def _noticed(self, stream: Stream, pid: int) -> None:
        """The waiting thread looks again and again whether a debugger is there; one that has left is not."""
        await asyncio.sleep(WAIT_POLL)
        if not stream.peer_closed:
            self._state.app.on_debugger(pid)

    def _debuggable(self) -> list[int]:
        """Processes that take a debugger."""
        packages = self._state.packages
        processes = self._state.app.processes.items()
        return sorted(pid for pid, one in processes if (p := packages.get(one.package)) and self._state.debuggable(p))


def _reply(text: str) -> Handler:
    async def run(stream: Stream) -> None:
        await stream.write(text.encode())
        await stream.flushed()

    return run


class _Packets:
    """What commands write, in packets of shell v2 of this ``kind``, or plain; both outputs share a pipe."""

    def __init__(self, stream: Stream, pipe: Pipe, kind: int | None) -> None:
        self._stream, self._pipe, self._kind = stream, pipe, kind

    async def write(self, data: bytes) -> None:
        if self._stream.peer_closed:
            raise BrokenPipeError(32, "Broken pipe")
        for start in range(0, len(data), HIGH_WATER):
            part = data[start : start + HIGH_WATER]
            await self._pipe.write(part if self._kind is None else struct.pack("<BI", self._kind, len(part)) + part)


async def _send(stream: Stream, said: Pipe) -> None:
    try:
        while chunk := await said.read(HIGH_WATER):
            await stream.write(chunk)
    except OSError:
        said.break_off()


async def _feed(stream: Stream, stdin: Pipe, v2: bool) -> None:
    """Moves the client's input to the command; in v2 it comes in packets."""
    with contextlib.suppress(EOFError, OSError):
        while not v2 and (chunk := await stream.read(65536)):
            await stdin.write(chunk)
        while v2:
            ident, left = struct.unpack("<BI", await stream.read_exact(5))
            if ident == CLOSE_STDIN:
                stdin.end()
            while left and (chunk := await stream.read(min(left, 65536))):
                left -= len(chunk)
                if ident == STDIN:
                    await stdin.write(chunk)
    stdin.end()
