"""Debian's real adbd as a second opinion: what the monitor does over adb does not depend on the stand-in's daemon.

That daemon listens on every address and gives a root shell to anyone: it runs in a network of its own, with the adb
server and the code that is tried, and all of it ends with that network's only process.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.device, pytest.mark.extra("adbd")]

INSIDE = r"""
import os, pathlib, socket, subprocess, sys, threading, time
from monitor.device.adb import AdbDevice
from monitor.device.provision.route import _comes
from monitor.device.wire.server import AdbServer
from monitor.base.errors import EnvironmentFault

home = pathlib.Path(sys.argv[1])
daemon = subprocess.Popen(["adbd"], env={**os.environ, "ADBD_PORT": "5599"}, stdout=-3, stderr=-3)
with AdbServer.private(home / "adb") as server:
    end = time.monotonic() + 30
    while True:
        try:
            device = AdbDevice(server.connect("127.0.0.1:5599"), port=server.port)
            device.require()
            break
        except EnvironmentFault:
            assert time.monotonic() < end
            time.sleep(0.2)
    assert device.shell("echo one; echo two >&2; exit 9") == (9, "one\n", "two\n")
    words = ["a b", "$(id)", "'", '"', ";", "*", "数", "\\"]
    assert device.shell(["echo", *words]).out == " ".join(words) + "\n"
    data = os.urandom(300_000)
    device.push(data, str(home / "a b"))
    assert device.exists(str(home / "a b")) and device.raw(["cat", str(home / "a b")])[1] == data
    assert not device.exists(str(home / "none"))
    stream = device.stream("echo a; echo b; exit 3")
    assert b"".join(stream) == b"a\nb\n" and stream.code == 3
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def answer():
            for _ in range(2):
                conn, _ = listener.accept()
                conn.sendall(b"hello")
                conn.close()
        threading.Thread(target=answer, daemon=True).start()
        port = listener.getsockname()[1]
        forwarded = device.forward(f"tcp:{port}")
        with socket.create_connection(("127.0.0.1", forwarded), 10) as conn:
            assert conn.recv(5) == b"hello"
        device.forward_remove(forwarded)
        device.reverse(23456, port)
        try:
            device.reverse(23456, port)
            raise AssertionError("a port that is taken was given again")
        except EnvironmentFault:
            pass
        with socket.create_connection(("127.0.0.1", 23456), 10) as conn:
            assert conn.recv(5) == b"hello"
        device.reverse_remove(23456)
        device.reverse_remove(23456)
    offset = device.clock_offset()
    assert abs(offset.offset) <= offset.err + 1000
    daemon.kill()
    daemon.wait()
    end = time.monotonic() + 20
    while device.state() == "device":
        assert time.monotonic() < end
        time.sleep(0.1)
print("all of it")
"""


def test_the_same_calls_on_debians_adbd(tmp_path: Path) -> None:
    program = tmp_path / "inside.py"
    program.write_text(INSIDE, "utf-8")
    line = 'ip link set lo up 2>/dev/null; exec "$@"'
    words = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", *_as_root()]
    words += ["sh", "-c", line, "sh", sys.executable, str(program), str(tmp_path)]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        words, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONPATH": root}
    )
    if "unshare" in done.stderr and "not permitted" in done.stderr:
        pytest.skip("no namespaces may be made here")
    assert done.returncode == 0 and "all of it" in done.stdout, done.stdout + done.stderr


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["--map-root-user"]
