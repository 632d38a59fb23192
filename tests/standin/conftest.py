"""A device in a thread, and a private adb server that is connected to it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import adbutils
import pytest
from adbside import Adb, Running, make_app


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    device = Running(tmp_path / "root")
    yield device
    device.close()


@pytest.fixture
def app_file(tmp_path: Path) -> Path:
    return make_app(tmp_path / "demo.apk")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def adb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The adb binary of adbutils and the environment of a private server."""
    home = tmp_path_factory.mktemp("adbhome")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **os.environ,
        "HOME": str(home),
        "ANDROID_ADB_SERVER_PORT": str(port),
        "ADB_LOCAL_TRANSPORT_MAX_PORT": "5554",
    }
    env.pop("ANDROID_SERIAL", None)
    binary = adbutils.adb_path()
    server = subprocess.Popen(
        [binary, "-P", str(port), "nodaemon", "server"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while not _listens(port):
            assert time.monotonic() < deadline, "the adb server does not come up"
            time.sleep(0.1)
        yield binary, env
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


@pytest.fixture
def serial(running: Running, adb_server: tuple[str, dict[str, str]]) -> Iterator[str]:
    binary, env = adb_server
    name = f"127.0.0.1:{running.port}"
    done = subprocess.run([binary, "connect", name], env=env, capture_output=True, timeout=60, text=True)
    assert f"connected to {name}" in done.stdout
    yield name
    subprocess.run([binary, "disconnect", name], env=env, capture_output=True, timeout=60)


@pytest.fixture
def adb(serial: str, adb_server: tuple[str, dict[str, str]]) -> Adb:
    """``adb(*args, stdin=b"")`` against the device."""
    binary, env = adb_server

    def run(*args: str, stdin: bytes = b"", timeout: int = 60) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([binary, "-s", serial, *args], env=env, input=stdin, capture_output=True, timeout=timeout)

    return run


@pytest.fixture
def device(serial: str, adb_server: tuple[str, dict[str, str]]) -> adbutils.AdbDevice:
    return adbutils.AdbClient(port=int(adb_server[1]["ANDROID_ADB_SERVER_PORT"])).device(serial)
