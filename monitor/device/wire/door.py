"""``python -m monitor.device.wire.door SOCKET``: the only way to a private adb server, for our own user alone.

An adb server asks nobody who they are, and Frida finds it by a TCP port only. So the server listens on a socket in a
directory that others cannot enter, and this program on the port: it connects its own user's clients with the server and
closes the connections of others. It prints the port, or 0 where the system does not say whose a connection is, and ends
when its standard input closes.
"""

import asyncio
import contextlib
import sys
from asyncio import StreamReader, StreamWriter
from pathlib import Path

from monitor.base.network import is_own_socket, names_socket_owners

assert sys.platform != "win32"  # which does not say whose a connection is
_PIECE = 1 << 18


async def _pass_on(source: StreamReader, target: StreamWriter) -> None:
    """What one side sends, no faster than the other takes it, and its end; the other direction may go on."""
    with contextlib.suppress(OSError):
        while data := await source.read(_PIECE):
            target.write(data)
            await target.drain()
    with contextlib.suppress(OSError):
        target.write_eof()


async def serve(path: str) -> None:
    """Admit until standard input closes."""

    async def admit(reader: StreamReader, writer: StreamWriter) -> None:
        if not is_own_socket(writer.get_extra_info("peername"), writer.get_extra_info("sockname")):
            writer.transport.abort()
            return
        try:
            from_server, to_server = await asyncio.open_unix_connection(path, limit=_PIECE)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(_pass_on(reader, to_server), _pass_on(from_server, writer))
        writer.close()
        to_server.close()

    server = await asyncio.start_server(admit, "127.0.0.1", 0, backlog=128, limit=_PIECE)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    ended = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(ended), sys.stdin)
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
