"""The device as a program: its ready line, and that it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "emulator.standin"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "emulator")}

pytestmark = pytest.mark.device


def _start(*options: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *options],
        env=ENVIRONMENT | variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
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
def test_ends_when_told_and_removes_its_temporary_root(tmp_path: Path, how: str) -> None:
    with _start(TMPDIR=str(tmp_path)) as process:
        port = _ready(process)
        assert _listens(port) and list(tmp_path.glob("standin-*"))
        if how == "stdin":
            assert process.stdin
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM if how == "term" else signal.SIGINT)
        assert process.wait(60) == 0
        assert not _listens(port) and not list(tmp_path.glob("standin-*"))


def test_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    starter = (
        "import subprocess, sys, time\n"
        "p = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)\n"
        "print(p.stdout.readline(), flush=True)\ntime.sleep(60)\n"
    )
    command = [sys.executable, "-c", starter, *PROGRAM, "--root", str(tmp_path / "root")]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = json.loads(process.stdout.readline())
        process.kill()
    deadline = time.monotonic() + 60
    while _listens(line["port"]) or Path(f"/proc/{line['pid']}").exists():
        if Path(f"/proc/{line['pid']}/stat").exists() and " Z " in Path(f"/proc/{line['pid']}/stat").read_text():
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_bad_state_is_one_line(tmp_path: Path) -> None:
    bad = tmp_path / "s.yaml"
    bad.write_text("- just\n- a list\n")
    with _start("--state", str(bad), "--root", str(tmp_path / "root")) as process:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 2
        assert err == "standin: s.yaml: the state must be a mapping\n"
