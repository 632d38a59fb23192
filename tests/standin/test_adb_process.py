"""The device as a program: its ready line, and that nothing stays behind."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WRAPPER = """
import sys
sys.path[:0] = [{emulator!r}, {tests!r}]
from fakeapps import FakeApps
import types
appside = types.ModuleType("standin.appside")
appside.create = FakeApps
sys.modules["standin.appside"] = appside
sys.argv = ["standin", *sys.argv[1:]]
from standin.__main__ import main
sys.exit(main())
"""


def _start(*options: str) -> subprocess.Popen[str]:
    code = WRAPPER.format(emulator=str(ROOT / "emulator"), tests=str(Path(__file__).parent))
    return subprocess.Popen(
        [sys.executable, "-c", code, *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _ready(process: subprocess.Popen[str]) -> int:
    assert process.stdout
    line = json.loads(process.stdout.readline())
    assert line["pid"] == process.pid
    assert line["serial"] == f"127.0.0.1:{line['port']}"
    return int(line["port"])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("how", ["stdin", "term", "int"])
def test_ends_when_told(tmp_path: Path, how: str) -> None:
    with _start("--root", str(tmp_path / "root")) as process:
        port = _ready(process)
        assert _listens(port)
        if how == "stdin":
            assert process.stdin
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM if how == "term" else signal.SIGINT)
        assert process.wait(15) == 0
        assert not _listens(port)


def test_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    starter = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)\n"
        "print(p.stdout.readline(), flush=True)\ntime.sleep(60)\n"
    )
    code = WRAPPER.format(emulator=str(ROOT / "emulator"), tests=str(Path(__file__).parent))
    command = [sys.executable, "-c", starter, sys.executable, "-c", code, "--root", str(tmp_path / "root")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = json.loads(process.stdout.readline())
        process.kill()
    deadline = time.monotonic() + 15
    while _listens(line["port"]) or Path(f"/proc/{line['pid']}").exists():
        if Path(f"/proc/{line['pid']}/stat").exists() and " Z " in Path(f"/proc/{line['pid']}/stat").read_text():
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_bad_state_is_one_line(tmp_path: Path) -> None:
    bad = tmp_path / "s.yaml"
    bad.write_text("- just\n- a list\n")
    with _start("--state", str(bad), "--root", str(tmp_path / "root")) as process:
        _, err = process.communicate(timeout=20)
        assert process.returncode == 2
        assert err == "standin: s.yaml: the state must be a mapping\n"


def _temporary() -> set[str]:
    return {p.name for p in Path(tempfile.gettempdir()).glob("standin-*")}


def test_temporary_root_is_removed() -> None:
    before = _temporary()
    with _start() as process:
        _ready(process)
        process.terminate()
        process.wait(15)
    assert not _temporary() - before
