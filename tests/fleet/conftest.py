"""A cluster of processes of their own over TLS, as a laboratory has it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from distributed import Security

from tests.session.command import Command

SCENARIO = (
    "appId: com.example.shop\napp: shop-clean\nname: short\n---\n- launchApp: {clearState: true}\n- idle: 500ms\n"
)


class Cluster:
    """Scheduler and workers, each a process of its own; all are ended at the end."""

    def __init__(self, place: Path) -> None:
        self.place = place
        made = Security.temporary()
        self.tls = place / "tls"
        self.tls.mkdir()
        # One certificate, which is its own authority, for every side.
        (self.tls / "cert.pem").write_text(made.tls_ca_file)
        (self.tls / "key.pem").write_text(made.tls_client_key)
        self.files = [f"--tls-{what}={self.tls / file}" for what, file in
                      (("ca", "cert.pem"), ("cert", "cert.pem"), ("key", "key.pem"))]  # fmt: skip
        self.processes: list[subprocess.Popen[str]] = []
        self.commands: list[Command] = []
        self.address = ""

    def scheduler(self) -> subprocess.Popen[str]:
        told = self.place / f"scheduler-{len(self.processes)}.json"
        words = [
            sys.executable, "-m", "distributed.cli.dask_scheduler", "--protocol=tls", "--host=127.0.0.1", "--port=0",
            f"--tls-ca-file={self.tls / 'cert.pem'}", *self.files[1:], "--no-dashboard", "--no-show",
            f"--scheduler-file={told}",
        ]  # fmt: skip
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
        self.processes.append(process)
        until(told.is_file)
        self.address = until(lambda: _address(told))
        return process

    def worker(self, *offered: object, env: Mapping[str, str] | None = None) -> Command:
        words = ["--scheduler", self.address, *self.files, *(offered or ("--standin", "1"))]
        command = Command("fleet", "worker", *words, env=env)
        self.commands.append(command)
        command.says("Offering")
        return command

    def run(self, plan: Path, archive: object, *more: object, env: Mapping[str, str] | None = None) -> Command:
        """``monitor fleet run``, begun."""
        words = ["--scheduler", self.address, *self.files, *more]
        command = Command("fleet", "run", plan, archive, *words, env=env)
        self.commands.append(command)
        return command

    def close(self) -> None:
        for command in self.commands:
            command.signal(signal.SIGKILL) if command.process.poll() is None else None
        for process in self.processes:
            process.kill()
            process.wait(60)
        for command in self.commands:
            command.wait(60)
            command.nothing_left(120)


def bomb(apk: Path) -> None:
    """A file that only looks like an app, and fills the memory of whoever unpacks it."""
    with (
        zipfile.ZipFile(apk, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("AndroidManifest.xml", "w", force_zip64=True) as file,
    ):
        for _ in range(512):
            file.write(bytes(1 << 20))


def _address(file: Path) -> str:
    try:
        return str(json.loads(file.read_text())["address"])
    except (ValueError, OSError):
        return ""


def until(ready: Callable[[], Any], seconds: float = 120) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs remember stays with the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    try:
        yield made
    finally:
        made.close()
