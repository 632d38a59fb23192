"""The way out of the device for sockets that ask no proxy: its network leads them through the proxy all the same.

A phone's raw socket goes where its network's gateway sends it; here that is the proxy that the host set over adb, as in
a laboratory whose router leads everything there: what an app writes into the settings changes nothing about it. App
processes speak SOCKS 5 to it, by name: nothing is resolved. Without a proxy nothing is reached, as on a network that
leads nowhere.
"""

import asyncio
import secrets
import struct
from collections.abc import Callable
from typing import Any

from emulator.standin.sandbox.island import Island, relay

_WAIT = 30.0
_HEAD = 8192
_NAME, _IPV4 = 3, 1
_DONE, _REFUSED, _NO_NETWORK = 0, 5, 3


class Gateway:
    """Listens on the apps' loopback. ``proxy`` says where the host has the network lead, None = nowhere; ``refused``
    hears of what was not reached."""

    def __init__(
        self, proxy: Callable[[], tuple[str, int] | None], refused: Callable[[str], None] = lambda target: None
    ) -> None:
        self._proxy, self._refused = proxy, refused
        self._server: asyncio.Server | None = None
        self._source = f"127.{secrets.randbelow(100) + 100}.{secrets.randbelow(256)}.{secrets.randbelow(254) + 1}"
        self.port = 0

    async def begin(self, island: Island | None) -> None:
        """Open its port, in the island if there is one."""
        if island:
            self._server = await island.serve(self._accept)
        else:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        if self._server:
            self._server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        outer: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        try:
            async with asyncio.timeout(_WAIT):
                target = await _asked(reader, writer)
                if target is not None:
                    outer = await self._out(target, writer.get_extra_info("peername")[1])
                    if outer is None:
                        self._refused(target)
                answer = _NO_NETWORK if self._proxy() is None else _REFUSED
                writer.write(struct.pack(">BBBBIH", 5, _DONE if outer else answer, 0, _IPV4, 0, 0))
                await writer.drain()
            if outer:
                await relay((reader, writer), outer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            writer.close()
            if outer:
                outer[1].close()

    async def _out(self, target: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A tunnel through the proxy, from the same local port: by it the app's socket is known."""
        proxy = self._proxy()
        if proxy is None:
            return None
        bind: dict[str, Any] = {"local_addr": (self._source, port)} if proxy[0] in ("127.0.0.1", "localhost") else {}
        reader, writer = await asyncio.open_connection(*proxy, limit=_HEAD, **bind)
        writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode("ascii"))
        head = await reader.readuntil(b"\r\n\r\n")
        if head.split(b" ", 2)[1:2] == [b"200"]:
            return reader, writer
        writer.close()
        return None


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str | None:
    """The ``host:port`` that a SOCKS 5 client wants to be connected with, None for any other wish."""
    version, methods = struct.unpack("BB", await reader.readexactly(2))
    await reader.readexactly(methods)
    if version != 5:
        return None
    writer.write(b"\x05\x00")
    await writer.drain()
    _, command, _, kind = struct.unpack("BBBB", await reader.readexactly(4))
    if kind == _NAME:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode("ascii")
    elif kind == _IPV4:
        host = ".".join(str(part) for part in await reader.readexactly(4))
    else:
        return None
    (port,) = struct.unpack(">H", await reader.readexactly(2))
    clean = all(c.isalnum() or c in ".-_" for c in host)
    return f"{host}:{port}" if command == 1 and host and clean else None
