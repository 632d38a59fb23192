"""What the stand-in takes for frozen: what an app can do to its own process is not it."""

import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from emulator.standin.files.proc import ProcFiles

pytestmark = pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="only on Linux")


def looks(files: ProcFiles, number: int) -> list[bool]:
    """Several looks, one after the other."""
    found = []
    for _ in range(number):
        time.sleep(0.05)
        found.append(b"frozen 1" in (files.read("/sys/fs/cgroup/uid_1/pid_7/cgroup.events") or b""))
    return found


def test_neither_a_name_nor_a_stop_between_two_looks_makes_a_process_frozen() -> None:
    busy = 'printf "a T b" > /proc/self/comm; while :; do :; done'
    with subprocess.Popen(["sh", "-c", busy]) as app:
        try:
            process = SimpleNamespace(host=app.pid, pid=7, uid=1, name="app")
            state: Any = SimpleNamespace(app=SimpleNamespace(processes={7: process}))
            files = ProcFiles(state)
            time.sleep(0.1)
            assert looks(files, 3) == [False] * 3
            app.send_signal(signal.SIGSTOP)
            assert looks(files, 3) == [False, True, True]
            app.send_signal(signal.SIGCONT)
            time.sleep(0.05)
            app.send_signal(signal.SIGSTOP)
            assert looks(files, 2) == [False, True]
        finally:
            app.kill()
