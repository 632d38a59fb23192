"""What goes wrong in a fleet, with real processes: nothing finished is lost or counted twice, and what is missing is
said."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.archive.archive import Archive, verified
from monitor.archive.sql import Tables
from monitor.base.errors import MonitorError
from monitor.device import adb, standin
from monitor.device.wire.server import AdbServer
from tests.archive.samples import object_store
from tests.session.command import Command, monitor

from .conftest import SCENARIO, Cluster, bomb, until

pytestmark = pytest.mark.device
HOUR = 3600


def lines(command: Command, kind: str) -> list[dict[str, Any]]:
    return [found for found in map(json.loads, command.out) if found["line"] == kind]


def test_an_app_that_ends_three_workers(cluster: Cluster, tmp_path: Path) -> None:
    """It gets no fourth; the plan goes on. A file that only looks like an app ends none."""
    (tmp_path / "short.yaml").write_text(SCENARIO)
    (tmp_path / "plan.csv").write_text("app,scenario\nshop-clean,short.yaml\nbomb.apk,short.yaml\n")
    bomb(tmp_path / "bomb.apk")
    cluster.scheduler()
    running = cluster.run(tmp_path / "plan.csv", tmp_path / "archive", "--json")
    for _ in range(3):
        worker = cluster.worker()
        worker.until(lambda worker=worker: any("shop-clean.apk" in words for words in begun(worker)), 120)
        os.kill(worker.process.pid, signal.SIGKILL)
        worker.nothing_left(120)
    cluster.worker()
    assert running.wait(240) == 3, running.said
    (ended,), (bad,) = lines(running, "missing"), lines(running, "result")
    assert (ended["row"], ended["why"]) == (1, "3 workers ended while they ran it")
    assert (bad["row"], bad["code"]) == (2, 2) and "not an app" in bad["why"], bad


def begun(worker: Command) -> list[str]:
    """Command lines, whole, of sessions that the worker runs."""
    found = []
    for pid, words in worker.pids().items():
        if "monitor.fleet.child" in words:
            try:
                found.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
    return found


def test_a_device_is_unplugged(cluster: Cluster, tmp_path: Path) -> None:
    """In mid-session: the session runs again on another device, and counts once."""
    (tmp_path / "wait.yaml").write_text(SCENARIO.replace("500ms", "{duration: 8s, label: waiting}"))
    (tmp_path / "plan.yaml").write_text("sessions:\n- {scenario: wait.yaml, kind: phone}\n")
    options = ["--root", str(tmp_path / "root"), "--profile", "rooted"]
    other = ["--root", str(tmp_path / "other"), "--profile", "rooted"]
    with (
        standin.Standin.launch(tmp_path / "s1", options=options) as first,
        standin.Standin.launch(tmp_path / "s2", options=other) as second,
        AdbServer.private(tmp_path / "adb") as server,
    ):
        env = {"ANDROID_ADB_SERVER_PORT": str(server.port), "XDG_STATE_HOME": str(tmp_path / "state")}
        serials = [server.connect(first.serial), server.connect(second.serial)]
        cluster.scheduler()
        worker = cluster.worker("--device", serials[0], "--kind", "phone", env=env)
        running = cluster.run(tmp_path / "plan.yaml", tmp_path / "archive", "--json")
        phone = adb.AdbDevice(serials[0], port=server.port)
        running.until(lambda: phone.pids("com.example.shopclean"), 120)
        cluster.worker("--device", serials[1], "--kind", "phone", env=env)
        os.kill(first.pid, signal.SIGKILL)
        assert running.wait(240) == 0, running.said
        (result,) = lines(running, "result")
        assert (result["how"], result["device"], result["attempts"]) == ("archived", serials[1], 2), running.said
        assert {one["serial"]: (one["done"], one["failed"]) for one in lines(running, "device")} == {
            serials[0]: (0, 1), serials[1]: (1, 0),
        }  # fmt: skip
        assert worker.process.poll() is None
    found = verified(Archive(str(tmp_path / "archive")))
    assert (found.sessions, found.faults, found.rejected) == (1, [], 0)


SLOW = """
import threading, time
seen, lock = set(), threading.Lock()

def app(environ, start):
    time.sleep(0.05)
    name = environ["PATH_INFO"]
    with lock:
        busy = environ["REQUEST_METHOD"] == "PUT" and name.count("/") > 2 and name not in seen
        seen.add(name)
    if busy:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start("503 Slow Down", [("Content-Type", "application/xml")])
        return [b"<Error><Code>SlowDown</Code><Message>busy</Message></Error>"]
    return inner(environ, start)
"""


@pytest.fixture
def slow() -> Iterator[dict[str, str]]:
    """The environment of an object store that takes its time, and refuses every file at first."""
    with object_store(SLOW) as environment:
        yield environment


def test_a_slow_store_a_wrong_clock_and_a_plan_begun_twice(
    cluster: Cluster, slow: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And Ctrl-C, which waits for what runs and begins nothing more."""
    (tmp_path / "short.yaml").write_text(SCENARIO)
    (tmp_path / "plan.yaml").write_text("sessions:\n- {scenario: short.yaml, repetitions: 2}\n")
    (tmp_path / "ahead").mkdir()
    (tmp_path / "ahead/sitecustomize.py").write_text(
        "import time\nreal, real_ns = time.time, time.time_ns\n"
        f"time.time = lambda: real() + {HOUR}\ntime.time_ns = lambda: real_ns() + {HOUR} * 10**9\n"
    )
    ahead = {"PYTHONPATH": f"{tmp_path / 'ahead'}:{Path(__file__).resolve().parents[2]}"}
    place = "s3://quarter/archive"
    for name, value in slow.items():
        monkeypatch.setenv(name, value)
    cluster.scheduler()
    running = cluster.run(tmp_path / "plan.yaml", place, "--wait", "300")
    until(lambda: _running(place))
    again = monitor("fleet", "run", tmp_path / "plan.yaml", place, "--scheduler", cluster.address, *cluster.files)
    assert again.process.returncode == 3 and "the plan is being run already" in again.fault, again.said
    begun_s = time.time()
    worker = cluster.worker(env=ahead)
    worker.until(lambda: begun(worker), 120)
    running.signal(signal.SIGINT)
    assert running.wait(300) == 3, running.said
    assert "1 session archived, 0 without a session, 1 missing" in running.said, running.said
    assert re.search(rf"the clock of worker .* differs from this machine's by 3{'[56]'}\d\d s", running.said)
    assert "hidden-words" not in running.said + again.said + worker.said
    archive = Archive(place)
    found = verified(archive)
    assert (found.sessions, found.faults, found.rejected) == (1, [], 0)
    with Tables(archive.parts) as tables:
        ((start, archived, duration, ended),) = tables.ask("SELECT start, archived, duration, ended FROM sessions").rows
    assert ended == "done" and 0 < duration < HOUR * 10**6
    assert start / 1e6 > begun_s + HOUR - 60 > archived / 1e6 - 600
    assert not archive.store.names("fleet/plan/incoming")


def _running(place: str) -> bool:
    try:
        return Archive(place).store.has("fleet/plan/running")
    except (MonitorError, OSError):  # there is no archive yet
        return False
