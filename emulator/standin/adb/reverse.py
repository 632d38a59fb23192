"""Reverse forwards: ports of the device that lead to the host."""

import asyncio
import contextlib
from functools import partial

from emulator.standin.files.proc import uid_of
from emulator.standin.network.firewall import blocked, redirect
from emulator.standin.state.device import DeviceState

from .adbd import Connection, Handler, Stream


class Reverses:
    """The listeners of one device; `DeviceState.reverses` tells the commands of them."""

    def __init__(self, state: DeviceState) -> None:
        self._state = state
        self._listeners: dict[str, tuple[str, asyncio.Server | None]] = {}

    def close(self) -> None:
        for name in list(self._listeners):
            self._drop(name)

    def open(self, connection: Connection, rest: str) -> Handler | None:
        """The handler of ``reverse:…``, None for an unknown request, and for all where adbd has no such service."""
        if not self._state.traits.reverse:
            return None
        command, _, spec = rest.partition(":")

        async def run(stream: Stream) -> None:
            if command == "list-forward":
                text = "".join(f"UsbFfs {dev} {host}\n" for dev, (host, _) in self._listeners.items())
                await stream.write(f"{len(text):04x}{text}".encode())
            elif command == "forward":
                await self._forward(connection, stream, spec)
            else:
                dropped = [self._drop(name) for name in ([spec] if command == "killforward" else [*self._listeners])]
                await (_fail(stream, f"listener '{spec}' not found") if False in dropped else stream.write(b"OKAY"))
            await stream.flushed()

        return run if command in ("list-forward", "killforward-all", "killforward", "forward") else None

    def _target(self, writer: asyncio.StreamWriter, port: int, host: str) -> str | None:
        """Where a connection to one of our ports leads: iptables may send an app's to another port of ours, or refuse
        it (None)."""
        uid = uid_of(self._state, writer.get_extra_info("peername")[1])
        if uid is None:
            return host
        other = redirect(self._state, uid, port)
        if blocked(self._state, uid, other or port):
            return None
        return self._listeners.get(f"tcp:{other}", (host, None))[0]

    def _drop(self, name: str) -> bool:
        row = self._listeners.pop(name, None)
        self._state.reverses.pop(name, None)
        if row and row[1]:
            row[1].close()
        if island := getattr(self._state.app, "island", None):
            island.shut(self._state.ways())
        return row is not None

    async def _forward(self, connection: Connection, stream: Stream, spec: str) -> None:
        norebind = spec.startswith("norebind:")
        device, _, host = spec.removeprefix("norebind:").partition(";")
        kind, _, port_text = device.partition(":")
        if kind != "tcp" or not port_text.isdigit() or not host.startswith("tcp:"):
            await _fail(stream, f"cannot bind listener: unsupported '{device}'")
            return
        if device in self._listeners and port_text != "0":
            if norebind:
                await _fail(stream, f"cannot rebind existing socket '{device}'")
                return
            self._drop(device)

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            target = self._target(writer, port, host)
            inner = await connection.open_to_host(target) if target else None
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
        if island := getattr(self._state.app, "island", None):
            await island.lead(self._state.ways())
        connection.on_close.append(partial(self._drop, name))
        await stream.write(f"OKAY{len(str(port)):04x}{port}".encode())


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
