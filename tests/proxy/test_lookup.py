"""Normal mode: the address that was judged is the one that is dialled, and what cannot be judged in time is not."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.base import network
from monitor.base.network import NotReached
from monitor.collectors.proxy.border import CheckedLoop, Lookup

from .conftest import Origin, running

#: Public by its registration (an anycast address of RFC 7723) and routed nowhere.
PUBLIC = "192.0.0.9"
#: A resolver of an attacker, in the worker's process.
RESOLVER = f"""
import pathlib, socket, time
real, log = socket.getaddrinfo, pathlib.Path(__file__).with_name("asked")

def getaddrinfo(host, port, *rest, **how):
    if not str(host).endswith(".example"):
        return real(host, port, *rest, **how)
    with log.open("a") as file:
        file.write(host + chr(10))
    if host == "slow.example":
        time.sleep(7)
    if host == "gone.example":
        raise socket.gaierror("no such name")
    first = log.read_text().split().count(host) == 1
    address = "{PUBLIC}" if host == "rebinds.example" and first else "127.0.0.1"
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

socket.getaddrinfo = getaddrinfo
"""


@pytest.mark.proxy
def test_names_are_looked_up_once_and_what_is_not_known_in_time_is_refused(
    tmp_path: Path, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(RESOLVER, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    port = origin.server_address[1]
    with running(tmp_path, mode="normal", allow=["ours.example"]) as bench:

        def asked(host: str, seconds: float) -> bytes:
            with socket.create_connection(("127.0.0.1", bench.worker.port), seconds) as line:
                head = f"POST http://{host}:{port}/x HTTP/1.1", f"Host: {host}", "Content-Length: 0"
                line.sendall("".join(f"{text}\r\n" for text in (*head, "")).encode())
                with contextlib.suppress(TimeoutError):
                    return line.recv(4096)
            return b""

        assert b" 201 " in asked("ours.example", 60)
        visits = origin.connections
        assert b"no address is known" in asked("gone.example", 60)
        assert b"not a public address" in asked("ours2.example", 60)
        assert b" 201 " not in asked("rebinds.example", 2)
        assert b"in time" in asked("slow.example", 60)
        assert origin.connections == visits
    reported = {e.detail["host"]: e.detail["why"] for e in bench.kept.health("skipped")}
    assert reported == {"gone.example": "unresolved", "ours2.example": "private", "slow.example": "slow"}
    assert (tmp_path / "asked").read_text().split().count("rebinds.example") == 1


@pytest.fixture
def loop() -> Iterator[CheckedLoop]:
    made = CheckedLoop()
    yield made
    made.close()


def test_the_judged_address_is_dialled(loop: CheckedLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    answers, dialled, told = iter([PUBLIC, "127.0.0.1"]), list[str](), list[str]()
    kind = socket.SOCK_STREAM

    async def dial(self: object, sock: socket.socket, address: Any) -> None:
        dialled.append(address[0])
        raise ConnectionRefusedError("nobody")

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", dial)
    monkeypatch.setattr(socket, "getaddrinfo", lambda h, p, **_: [(socket.AF_INET, kind, 6, "", (next(answers), p))])
    loop.lookup = Lookup([], lambda host, fault: told.append(f"{host} {fault.why}"))
    with pytest.raises(ConnectionRefusedError):
        loop.run_until_complete(asyncio.wait_for(_dialled("rebinds.example"), 60))
    assert dialled == [PUBLIC] and not told
    with pytest.raises(NotReached):
        loop.run_until_complete(_dialled("rebinds.example"))
    with pytest.raises(NotReached):
        loop.run_until_complete(_dialled("127.0.0.1"))
    assert dialled == [PUBLIC] and told == ["rebinds.example private", "127.0.0.1 private"]


async def _dialled(host: str) -> None:
    await asyncio.open_connection(host, 80)


def test_one_private_address_among_public_ones_is_enough() -> None:
    def found(*addresses: str) -> network.Found:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]

    network.judge(found(PUBLIC, "1.1.1.1"))
    with pytest.raises(NotReached):
        network.judge(found(PUBLIC, "10.0.0.1"))
