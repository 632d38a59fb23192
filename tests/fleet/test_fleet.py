"""A plan on workers in processes of their own over TLS, with real sessions: a worker and the scheduler are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Security

from monitor.archive.archive import Archive
from monitor.archive.sql import Tables
from monitor.archive.upkeep import verified
from tests.session.command import Command, monitor

pytestmark = pytest.mark.device

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

    def worker(self) -> Command:
        command = Command("fleet", "worker", "--scheduler", self.address, *self.files, "--standin", "1")
        self.commands.append(command)
        command.says("Offering")
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


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    try:
        yield made
    finally:
        made.close()


def test_a_file_that_is_no_app_is_told_once(cluster: Cluster, tmp_path: Path) -> None:
    """And what a fleet refuses: certificates that are not the cluster's, the same plan twice, one never begun."""
    (tmp_path / "bad.apk").write_text("not an app")
    (tmp_path / "plan.csv").write_text("app,scenario\nbad.apk,quickstart\n")
    plan, place = tmp_path / "plan.csv", tmp_path / "archive"
    cluster.scheduler()
    cluster.worker()
    where = ["--scheduler", cluster.address, *cluster.files]
    never = monitor("fleet", "resume", plan, place, *where)
    assert never.process.returncode == 2 and "there is no archive" in never.fault
    done = monitor("fleet", "run", plan, place, *where, "--json")
    (result,) = [json.loads(line) for line in done.out if '"result"' in line]
    assert (done.process.returncode, result["how"], result["code"]) == (2, "failed", 2), done.said
    assert "bad.apk: not an app" in result["why"] and str(tmp_path) not in result["why"]
    again = monitor("fleet", "resume", plan, place, *where, "--json")
    assert again.process.returncode == 2 and not [line for line in again.out if '"result"' in line]
    (place / "fleet/plan/running").write_text("elsewhere 1 0")
    beating = threading.Event()

    def beat() -> None:
        for number in range(600):
            if beating.wait(1):
                return
            (place / "fleet/plan/running").write_text(f"elsewhere 1 {number}")

    threading.Thread(target=beat, daemon=True).start()
    second = monitor("fleet", "run", plan, place, *where)
    beating.set()
    assert second.process.returncode == 3 and "being run already: elsewhere 1" in second.fault
    assert monitor("fleet", "run", plan, place, "--scheduler", cluster.address).process.returncode == 2
    assert (
        monitor("fleet", "run", plan, place, "--scheduler", "tcp://127.0.0.1:1", *cluster.files).process.returncode == 2
    )
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    other = Security.temporary()
    (stranger / "cert.pem").write_text(other.tls_ca_file)
    (stranger / "key.pem").write_text(other.tls_client_key)
    files = [
        f"--tls-ca={stranger / 'cert.pem'}",
        f"--tls-cert={stranger / 'cert.pem'}",
        f"--tls-key={stranger / 'key.pem'}",
    ]
    refused = monitor("fleet", "worker", "--scheduler", cluster.address, *files, "--standin", "1")
    assert refused.process.returncode == 3 and "no scheduler" in refused.fault, refused.said


def test_a_worker_and_then_the_scheduler_are_killed(cluster: Cluster, tmp_path: Path) -> None:
    """Nothing finished is lost, nothing is counted twice, and the plan says what is missing."""
    (tmp_path / "short.yaml").write_text(SCENARIO)
    (tmp_path / "plan.yaml").write_text("sessions:\n- {scenario: short.yaml, repetitions: 3, category: shopping}\n")
    plan, place = tmp_path / "plan.yaml", tmp_path / "archive"
    scheduler = cluster.scheduler()
    doomed, _ = cluster.worker(), cluster.worker()
    running = Command("fleet", "run", plan, place, "--scheduler", cluster.address, *cluster.files)
    cluster.commands.append(running)
    doomed.until(lambda: any("monitor.fleet.child" in words for words in doomed.pids().values()), 120)
    os.kill(doomed.process.pid, signal.SIGKILL)  # in mid-session
    running.says(r"^1/3 ", 240)
    scheduler.kill()
    assert running.wait(120) == 3 and "the scheduler is gone" in running.fault, running.said
    assert "Traceback" not in running.said
    doomed.nothing_left(120)  # its session ended with it

    before = {path.name for path in (place / "index").rglob("*.json")}
    assert len(before) >= 1
    cluster.scheduler()
    cluster.worker()
    resumed = monitor("fleet", "resume", plan, place, "--scheduler", cluster.address, *cluster.files, seconds=300)
    assert resumed.process.returncode == 0, resumed.said
    assert before < {path.name for path in (place / "index").rglob("*.json")}
    archive = Archive(str(place))
    with Tables(archive.parts) as tables:
        rows = tables.ask("SELECT repetition, count(*), min(ended), bool_and(trusted), min(category) FROM sessions "
                          "GROUP BY repetition ORDER BY repetition").rows  # fmt: skip
    assert rows == [(n, 1, "done", True, "shopping") for n in (1, 2, 3)]
    found = verified(archive)
    assert (found.sessions, found.faults, found.rejected) == (3, [], 0)
    again = monitor("fleet", "run", plan, place, seconds=120)  # nothing is left to do
    assert again.process.returncode == 0 and "3 sessions archived, 0 without a session, 0 missing" in again.said
