"""A worker of the cluster that lies: what it says is a claim, and reaches nothing but its own bundle in the store."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from distributed import Client

from monitor.archive.archive import Archive
from monitor.assess.evaluate import reanalyse
from monitor.cli.fleet import _Account
from monitor.evidence.bundle import Bundle
from monitor.evidence.keys import Signer
from monitor.fleet.plan import Ready, Task
from monitor.fleet.run import Run, Summary
from monitor.fleet.session import Outcome

from .test_run import arrived, client, go, made, plan, with_worker

__all__ = ["client", "plan"]
ANSWERS: dict[str, Any] = {
    "no JSON": b"\xff{", "no bytes": 7, "none": None, "another shape": b'{"task":[],"worker":{}}', "a list": b"[]",
    "a number of no size": b'{"task":"a","worker":"b","code":1e999}',
    "no end of phases": b'{"task":"a","worker":"b","phases":{"a":"b"}}',
}  # fmt: skip
#: Names that a worker gives its bundle, with what is there: nothing of it is read, kept or removed.
PLACES = (
    "../secret", "../../secret", "/../secret", "archive.json", "fleet/plan/../../../secret", "fleet/inputs/secret",
    "fleet/plan/incoming/{other}/{digest}.tar.zst", "fleet/plan/incoming/{task}/../../../../../secret",
)  # fmt: skip


def told(client: Client, archive: Archive, plan: Ready) -> tuple[Summary, list[str]]:
    """How a run with these workers ends, and what it said of each attempt."""
    said: list[str] = []

    def attempt(task: Task, outcome: Outcome) -> None:
        said.append(outcome.why)

    run = Run(client, archive, archive.store.url, plan, wait_s=0.1, on_attempt=attempt)
    return run.go(threading.Event()), said


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_none(
    client: Client, plan: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    """The session has no result, and the run goes on."""
    monkeypatch.setattr("monitor.fleet.run.run_session", lambda *_: answer)
    summary, said = told(client, Archive(str(tmp_path / "a"), make=True), plan)
    assert not summary.results and len(summary.missing) == 2
    assert said and set(said) == {"the worker's answer cannot be read"}


def contents(top: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in top.rglob("*") if path.is_file() and path.suffix != ".keys"}


@pytest.mark.parametrize("place", PLACES)
def test_a_bundle_that_is_elsewhere(
    client: Client, plan: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    archive = with_worker(client, plan, tmp_path)
    other, digest = plan.tasks[1].id, "a" * 64
    for name in ("fleet/inputs/secret", f"fleet/plan/incoming/{other}/{digest}.tar.zst"):
        archive.store.put_new(name, b"secret words")
    (tmp_path / "secret").write_bytes(b"secret words")
    before = contents(tmp_path)

    def lying(data: bytes, *_: object) -> bytes:
        task = msgspec.json.decode(data)["id"]
        said = {"task": task, "worker": "w", "object": place.format(task=task, other=other, digest=digest)}
        return msgspec.json.encode(said | {"digest": digest, "code": 0})

    monkeypatch.setattr("monitor.fleet.run.run_session", lying)
    one = plan._replace(tasks=plan.tasks[:1])
    summary, said = told(client, archive, one)
    assert not summary.results and set(said) == {"the worker's answer cannot be read"}
    after = contents(tmp_path)
    assert {path: after.get(path) for path in before} == before
    assert not [path for path in after.keys() - before.keys() if b"secret words" in after[path]]


def _of_another_version(dask_worker: Any) -> None:
    raise AttributeError("health")


HEALTH: dict[str, Callable[..., Any]] = {
    "a fault": _of_another_version,
    "nothing": lambda dask_worker: None,
    "another shape": lambda dask_worker: {"devices": [{"serial": 1}], "key": "", "clock": 0},
    "no key": lambda dask_worker: {"devices": [], "key": "-----BEGIN", "clock": 0},
    "no clock": lambda dask_worker: {"devices": [], "key": "", "clock": "noon"},
    "a clock of no number": lambda dask_worker: {"devices": [], "key": "", "clock": float("nan")},
    "a clock without end": lambda dask_worker: {"devices": [], "key": "", "clock": float("inf")},
}


@pytest.mark.parametrize("health", HEALTH.values(), ids=HEALTH)
def test_a_state_that_is_none(
    client: Client, plan: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, health: Callable[..., Any],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """It has no device for anybody, and its key is not learnt; whose it was is said."""
    monkeypatch.setattr("monitor.fleet.cluster.health", health)
    summary, _ = told(client, Archive(str(tmp_path / "a"), make=True), plan)
    assert not summary.devices and not summary.clocks and len(summary.missing) == 2
    assert len(summary.unread) == 2
    for as_json in (True, False):
        _Account(2, as_json).end(summary, "plan")
        said = capsys.readouterr().out
        assert (
            all(worker in said for worker in summary.unread) and ('"unread"' if as_json else "cannot be read") in said
        )


def test_the_same_recording_as_the_result_of_many(client: Client, plan: Ready, tmp_path: Path) -> None:
    """Sealed anew for the next repetition, with the worker's own key."""
    archive = with_worker(client, plan, tmp_path)
    bundle, signer = made(tmp_path / "one", plan), Signer.load(tmp_path / "worker.pem")
    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    (copy / "seal.dsse.json").unlink()
    again = Bundle.open(copy, signer)
    again.seal(again.session().model_copy(update={"id": "another"}))
    reanalyse(copy, key=signer)
    for number, one in enumerate((bundle, copy)):
        arrived(archive, plan, number, one)
    summary = go(client, archive, plan)
    assert len(summary.results) == 1 and len(list(archive.entries())) == 1
    assert ["another copy of the recording" in one.why for one in archive.rejected()] == [True]
