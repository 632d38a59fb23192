"""A plan on workers in processes of their own over TLS, with real sessions: a worker and the scheduler are killed."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from distributed import Security

from monitor.archive.archive import Archive, verified
from monitor.archive.sql import Tables
from tests import command
from tests.session.command import monitor

from .conftest import SCENARIO, Cluster, bomb, until

pytestmark = pytest.mark.device


def test_a_file_that_is_no_app_is_told_once(cluster: Cluster, tmp_path: Path) -> None:
    """And one that only looks like an app, once the store takes its bundle: that it refuses is not the fault of a
    device. And what a fleet refuses: certificates that are not the cluster's, a plan that was never begun. A worker
    serves nothing to other machines but its cluster."""
    (tmp_path / "bad.apk").write_text("not an app")
    bomb(tmp_path / "looks.apk")
    (tmp_path / "plan.csv").write_text("app,scenario\nbad.apk,quickstart\nlooks.apk,quickstart\n")
    plan, place = tmp_path / "plan.csv", tmp_path / "archive"
    cluster.scheduler()
    pid = cluster.worker().process.pid
    until(lambda: len({port for _, port in _listens(pid)}) == 2)
    assert len({port for address, port in _listens(pid) if address != "0100007F"}) == 1  # Dask's own, over TLS
    where = ["--scheduler", cluster.address, *cluster.files]
    never = command.run("fleet", "resume", plan, place, *where, cwd=tmp_path)
    assert never.returncode == 2 and "there is no archive" in never.stderr
    (place / "fleet/plan").mkdir(parents=True)
    (place / "fleet/plan/incoming").write_bytes(b"")  # a file where a folder is to be
    done = monitor("fleet", "run", plan, place, *where, "--json")
    (result,), (refused,), (device,) = (told(done.out, kind) for kind in ("result", "missing", "device"))
    assert (done.process.returncode, result["row"], result["how"], result["code"]) == (3, 1, "failed", 2), done.said
    assert "bad.apk: not an app" in result["why"] and str(tmp_path) not in result["why"]
    assert refused["row"] == 2 and "the store refuses" in refused["why"]
    assert (device["failed"], device["aside"]) == (0, "")
    (place / "fleet/plan/incoming").unlink()
    done = monitor("fleet", "run", plan, place, *where, "--json")
    (result,) = told(done.out, "result")
    assert (done.process.returncode, result["row"], result["code"]) == (2, 2, 2) and "not an app" in result["why"]
    again = command.run("fleet", "resume", plan, place, *where, "--json", cwd=tmp_path)
    assert again.returncode == 2 and '"result"' not in again.stdout
    for wrong in (["--scheduler", cluster.address], ["--scheduler", "tcp://127.0.0.1:1", *cluster.files]):
        assert command.run("fleet", "run", plan, place, *wrong, cwd=tmp_path).returncode == 2
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    other = Security.temporary()
    (stranger / "cert.pem").write_text(other.tls_ca_file)
    (stranger / "key.pem").write_text(other.tls_client_key)
    files = [
        f"--tls-{what}={stranger / ('key.pem' if what == 'key' else 'cert.pem')}" for what in ("ca", "cert", "key")
    ]
    done = monitor("fleet", "worker", "--scheduler", cluster.address, *files, "--standin", "1")
    assert done.process.returncode == 3 and "no scheduler" in done.fault, done.said


def told(out: list[str], kind: str) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, out) if line["line"] == kind]


def _listens(pid: int) -> list[tuple[str, str]]:
    """Address and port (hex) of each socket at which a process listens."""
    own = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()}
    tables = [Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table]
    return [(row[1].split(":")[0], row[1].split(":")[1])
            for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in own]  # fmt: skip


def test_a_worker_and_then_the_scheduler_are_killed(cluster: Cluster, tmp_path: Path) -> None:
    """Nothing finished is lost, nothing is counted twice, and the plan says what is missing."""
    (tmp_path / "short.yaml").write_text(SCENARIO)
    (tmp_path / "plan.yaml").write_text("sessions:\n- {scenario: short.yaml, repetitions: 2, category: shopping}\n")
    plan, place = tmp_path / "plan.yaml", tmp_path / "archive"
    scheduler = cluster.scheduler()
    doomed, _ = cluster.worker(), cluster.worker()
    running = cluster.run(plan, place)
    doomed.until(lambda: any("monitor.fleet.child" in words for words in doomed.pids().values()), 120)
    os.kill(doomed.process.pid, signal.SIGKILL)  # in mid-session
    running.says(r"^1/2 ", 240)
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
    assert rows == [(n, 1, "done", True, "shopping") for n in (1, 2)]
    found = verified(archive)
    assert (found.sessions, found.faults, found.rejected) == (2, [], 0)
    again = command.run("fleet", "run", plan, place, cwd=tmp_path)  # nothing is left to do
    assert (
        again.returncode == 0 and "2 sessions archived, 0 without a session, 0 missing" in again.stderr + again.stdout
    )
