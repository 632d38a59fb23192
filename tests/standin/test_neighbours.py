"""The stand-in's ports serve its own user; another user of the machine is turned away."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys

import pytest

from emulator.standin.adb.adbd import Adbd
from emulator.standin.network import neighbours
from emulator.standin.network.neighbours import foreign, hosts
from monitor.base import network

NOBODY = 65534
CLIENT = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    s.sendall(b"CNXN" + bytes(20))
    sys.stdin.readline()
    try: print(len(s.recv(1)))
    except OSError: print(0)
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says whose a socket is")


def _client(port: int, user: int | None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["/usr/bin/env", "python3", "-I", "-c", CLIENT, str(port)], user=user, group=user, cwd="/",
        extra_groups=None if user is None else [], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("user", [None, NOBODY])
def test_whose_a_connection_is(user: int | None) -> None:
    if user is not None and os.geteuid() != 0:
        pytest.skip("needs root, to become another user")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = _client(port, user)
        with server.accept()[0] as ours:
            own, peer = ours.getsockname(), ours.getpeername()
            assert foreign(own, peer) == foreign(own) == (user is not None)
            assert foreign(("127.77.0.2", port))  # where nothing is known, nobody is served
            assert ours.recv(4) == b"CNXN"
            client.kill()
            client.communicate()
            assert foreign(own, peer)  # whoever it was has gone


def test_a_table_that_skips_the_other_end_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = (f"0100007F:{port:04X}" for port in (5555, 40000))
    ours = ["0:", near, far, "01", "", "", "", "0", "0", "77"]
    theirs = ["1:", far, near, "01", "", "", "", str(os.geteuid()), "0", "78"]
    tables = [[ours], [ours, theirs], [ours], [ours], [ours]]
    monkeypatch.setattr(neighbours, "_rows", lambda: tables.pop(0))
    ends = ("127.0.0.1", 5555), ("127.0.0.1", 40000)
    assert not foreign(*ends)
    assert foreign(*ends) and tables == []


def test_whose_a_listener_is() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_server(("::", 0), family=socket.AF_INET6) as any_,
    ):
        for one in (server, any_):
            port = one.getsockname()[1]
            assert hosts(port, 0) and hosts(port, os.getpid()) and not hosts(port, os.getppid())
    assert not hosts(port, 0) and not hosts(port, os.getpid())


OTHER = """
import os, socket, sys
os.setgid(65534), os.setuid(65534)
port, theirs = map(int, sys.argv[1:])
for i in range(1, 9):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((f"127.{i}.{i + 7}.9", theirs))
    s.connect(("127.0.0.1", port))
    globals()[f"kept{i}"] = s
print("there", flush=True)
sys.stdin.readline()
"""


def test_the_same_port_at_another_address_is_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user takes a port that one of ours has already, at other addresses, and is not taken for us."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become another user")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as mine:
        ours = server.accept()[0]
        words = ["/usr/bin/env", "python3", "-I", "-c", OTHER, *(str(s.getsockname()[1]) for s in (server, mine))]
        other = subprocess.Popen(words, cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert other.stdout and other.stdout.readline() == "there\n"
        conns = [server.accept()[0] for _ in range(8)]
        assert not foreign(ours.getsockname(), ours.getpeername())
        for table in (True, False):
            if table:
                monkeypatch.setattr(network, "_kernel_answers", lambda: False)
            assert network.is_own_socket(ours.getpeername(), ours.getsockname())
            for conn in conns:
                assert conn.getpeername()[1] == mine.getsockname()[1]
                assert foreign(conn.getsockname(), conn.getpeername())
                assert network.socket_owner(conn.getpeername(), conn.getsockname()) == NOBODY
            monkeypatch.undo()
        other.communicate("\n")
        for conn in (ours, *conns):
            conn.close()


def test_the_adb_port_says_nothing_to_another_user() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to become another user")

    async def opened(connection: object, name: str) -> None:
        raise AssertionError("a service was asked for")

    async def scenario() -> str:
        daemon = Adbd(lambda: "device::", opened)
        client = _client(await daemon.start(), NOBODY)
        said, _ = await asyncio.to_thread(client.communicate, "\n")
        await daemon.close()
        return said.strip()

    assert asyncio.run(scenario()) == "0"
