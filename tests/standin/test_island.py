"""The network that apps are alone in, and its doors to the host."""

from __future__ import annotations

import asyncio
import os
import socket
import sys

import pytest

from emulator.standin.sandbox import contain
from emulator.standin.sandbox.island import Island

INSIDE = """
import os, socket, sys
port, local = int(sys.argv[1]), int(sys.argv[2])
for space in sys.argv[3:]:
    os.setns(*map(int, space.split(":")))
with socket.socket() as line:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    line.bind(("127.0.0.1", local))
    line.connect(("127.0.0.1", port))
    print(line.makefile().read())
"""


async def seen_from(local: int) -> int:
    """A process inside connects from this port to a server outside; the port that the server sees."""

    async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(str(writer.get_extra_info("peername")[1]).encode())
        writer.close()

    island = Island.begin(user=os.geteuid() != 0)
    try:
        server = await asyncio.start_server(tell, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        await island.door(port)
        spaces = [(fd, kind) for fd, kind in island.spaces if kind in (os.CLONE_NEWUSER, os.CLONE_NEWNET)]
        words = [str(port), str(local), *(f"{fd}:{kind}" for fd, kind in spaces)]
        inside = await asyncio.create_subprocess_exec(
            sys.executable, "-c", INSIDE, *words, stdout=asyncio.subprocess.PIPE, pass_fds=[fd for fd, _ in spaces]
        )
        said, _ = await inside.communicate()
        server.close()
        return int(said)
    finally:
        island.close()


def test_a_connection_through_a_door_keeps_its_port_where_the_host_has_it_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert asyncio.run(seen_from(port)) == port


def test_an_app_gets_its_connection_where_the_host_uses_the_port() -> None:
    """A listener at every address of the host: a session on a machine with many of them lost a request now and then."""
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        assert asyncio.run(seen_from(port)) not in (0, port)


@pytest.mark.parametrize(
    ("cell", "seconds", "said"), [("while True: pass", 0.2, "no answer within"), ("", 60, "ended without an answer")]
)
def test_what_keeps_no_app_in_is_told_in_time(
    monkeypatch: pytest.MonkeyPatch, cell: str, seconds: float, said: str
) -> None:
    monkeypatch.setattr(contain, "_CELL", cell)
    monkeypatch.setattr(contain, "_TRY", seconds)
    with pytest.raises(contain.ContainError, match=said):
        contain.find()
