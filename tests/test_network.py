"""Whose the other end of a connection is, a door that lets only its own user in, and what may be connected to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.base import network

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says whose a socket is")
NOBODY = 65534
PATIENCE_S = 60
CLIENT = """
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as s:
    s.sendall(b"hello")
    s.shutdown(socket.SHUT_WR)
    try:
        while data := s.recv(99): print(data.decode())
    except OSError: pass
    sys.stdin.readline()
"""


def client(host: str, port: int, user: int | None) -> subprocess.Popen[str]:
    if user is not None and os.geteuid() != 0:
        pytest.skip("needs root, to become another user")
    return subprocess.Popen(
        ["/usr/bin/env", "python3", "-I", "-c", CLIENT, host, str(port)], user=user, group=user, cwd="/",
        extra_groups=None if user is None else [], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@LINUX
@pytest.mark.parametrize("table", [False, True], ids=["asked", "table"])
@pytest.mark.parametrize("user", [None, NOBODY])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_owner(host: str, user: int | None, table: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if table:
        monkeypatch.setattr(network, "_kernel_answers", lambda: False)
    try:
        server = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError:
        pytest.skip("this machine has no such loopback")
    with server:
        process = client(host, server.getsockname()[1], user)
        with server.accept()[0] as conn:
            ends = conn.getpeername()[:2], conn.getsockname()[:2]
            assert network.socket_owner(*ends) == (os.geteuid() if user is None else user)
            assert network.is_own_socket(*ends) == (user is None)
            process.kill()
            process.communicate()
            assert not network.is_own_socket(*ends) or user is None
    assert network.socket_owner(("192.0.2.1", 1), ("192.0.2.2", 2)) is None


@pytest.fixture
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a door to a server that answers in capitals."""
    if not network.names_socket_owners():
        pytest.skip("this system does not say whose a connection is")
    path = tmp_path_factory.mktemp("d") / "s"
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def answer(conn: socket.socket) -> None:
        with conn:
            while data := conn.recv(1 << 16):
                conn.sendall(data.upper())

    def accept() -> None:
        while True:
            try:
                conn, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=[conn], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor.device.wire.door", str(path)], cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout and process.stdin
    yield int(process.stdout.readline())
    process.stdin.close()
    assert process.wait(PATIENCE_S) == 0
    assert not path.parent.exists()
    process.stdout.close()
    server.close()


def _all(conn: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size and (piece := conn.recv(1 << 16)):
        data += piece
    return bytes(data)


def test_what_goes_through_is_whole_in_both_directions(door: int) -> None:
    """Also more than any buffer holds, while nobody reads; and an end of one direction is not one of the other."""
    data = bytes(range(97, 123)) * 400_000
    with socket.create_connection(("127.0.0.1", door), PATIENCE_S) as conn:
        writer = threading.Thread(target=lambda: (conn.sendall(data), conn.shutdown(socket.SHUT_WR)))
        writer.start()
        assert _all(conn, len(data) + 1) == data.upper()
        writer.join()


@pytest.mark.parametrize(("user", "said"), [(None, "HELLO"), (NOBODY, "")])
def test_only_our_own_user_gets_in(door: int, user: int | None, said: str) -> None:
    process = client("127.0.0.1", door, user)
    assert process.communicate("\n", timeout=PATIENCE_S)[0].strip() == said


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "::", "fe80::1%eth0",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::10.0.0.1", "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::8.8.8.8", "2002:7f00:1::1", "2002:a00:1::",
        "2001:0:808:808::1", "fec0::1", "feff::1", "fc00::1", "ff02::1", "ff0e::1", "100::1", "4000::1",
    ],
)  # fmt: skip
def test_what_only_this_machine_or_its_network_can_reach(address: str) -> None:
    assert not network.is_public(address)


def test_the_public_internet_however_it_is_written() -> None:
    for address in ("8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"):
        assert network.is_public(address), address
    with pytest.raises(ValueError, match="localhost"):  # a name is no address
        network.is_public("localhost")
