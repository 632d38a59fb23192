"""A run's bookkeeping on a real Dask cluster in this process, without sessions: devices, keys, what arrived before."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import tempfile
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import msgspec
import pytest
from distributed import Client, LocalCluster

from monitor.archive.archive import Archive
from monitor.archive.pack import pack
from monitor.archive.sql import Tables
from monitor.base import errors, process
from monitor.evidence.keys import Signer
from monitor.fleet import cluster
from monitor.fleet.cluster import SET_ASIDE_AFTER, Device, Devices, health
from monitor.fleet.plan import Input, Ready, ready
from monitor.fleet.run import Run, Summary
from monitor.fleet.session import Outcome, run_session
from monitor.scenario.model import load_scenario
from tests.archive.samples import make

PLAN = "sessions:\n- {app: shop, scenario: quickstart, kind: pixel, repetitions: 2, category: shopping}\n"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two workers that both say that they have the device A."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None,
                     resources={"device-pixel": 1}) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        client.register_plugin(Devices([Device(serial="A", kind="pixel")]))
        yield client


@pytest.fixture
def plan(tmp_path: Path) -> Ready:
    (tmp_path / "plan.yaml").write_text(PLAN)
    with process.Scratch() as scratch:
        return ready(tmp_path / "plan.yaml", scratch)._replace(inputs={})


def with_worker(client: Client, plan: Ready, place: Path) -> Archive:
    """A new archive, of which this machine was told the key of a worker, ``worker.pem``."""
    archive, signer = Archive(str(place / "a"), make=True), Signer.generate()
    signer.save(place / "worker.pem")
    known = Run(client, archive, archive.store.url, plan).state.learn(signer.public.pem().decode())
    assert known == signer.public.id
    return archive


def made(path: Path, plan: Ready, **more: Any) -> Path:
    """A bundle of the plan's app, scenario and declaration, sealed by a worker."""
    task = plan.tasks[0]
    inputs = {"apk": task.file.sha256, "declaration": task.declaration.sha256}
    scenario = load_scenario("quickstart").public()
    return make(path, **{"key": path.parent / "worker.pem", "scenario": scenario, **inputs, **more})


def arrived(archive: Archive, plan: Ready, number: int, bundle: Path, digest: str = "") -> str:
    """A bundle of a task that a worker sent and nobody took."""
    file = archive.store.path(f"packed-{number}-{bundle.name}")
    packed = pack(bundle, Path(file))
    name = f"fleet/{plan.name}/incoming/{plan.tasks[number].id}/{digest or packed.digest}.tar.zst"
    assert archive.store.put_new(name, Path(file))
    Path(file).unlink()
    return name


def _http(dask_worker: Any) -> Any:
    (one,) = dask_worker.http_server._sockets.values()
    return one.getsockname()


def go(client: Client, archive: Archive, plan: Ready, *keys: str) -> Summary:
    stop = threading.Event()
    stop.set()  # begin no session
    return Run(client, archive, archive.store.url, plan, keys=keys).go(stop)


def test_what_arrived_is_archived_once(client: Client, plan: Ready, tmp_path: Path) -> None:
    """Good, sealed by a key of no worker, and changed on its way."""
    archive = with_worker(client, plan, tmp_path)
    good = made(tmp_path / "good", plan)
    other = made(tmp_path / "other", plan, start=1_790_000_100_000_000, key=None)
    arrived(archive, plan, 0, good)
    arrived(archive, plan, 1, other)
    arrived(archive, plan, 1, good, "0" * 64)
    summary = go(client, archive, plan)
    assert [(one.how, one.repetition) for one in summary.results.values()] == [("archived", 1)]
    assert [one.task.repetition for one in summary.missing] == [2]
    assert not archive.store.names("fleet/plan/incoming")
    said = sorted(one.why for one in archive.rejected())
    assert len(said) == 2 and "a key that was not named" in said[1] and "the packed bundle was changed" in said[0], said
    arrived(archive, plan, 1, good)  # again, as another task's
    assert [one.why for one in go(client, archive, plan).missing] == [""]
    assert not archive.store.names("fleet/plan/incoming")
    arrived(archive, plan, 0, made(tmp_path / "late", plan, start=1_790_000_200_000_000))
    assert len(go(client, archive, plan).results) == 1  # of a task that has its result: it does not count
    with Tables(archive.parts) as tables:
        assert tables.ask("SELECT plan, row, repetition, category, trusted FROM sessions").rows == [
            ("plan", "1", 1, "shopping", True)
        ]


def test_a_bundle_of_another_app_or_scenario_is_no_tasks_result(client: Client, plan: Ready, tmp_path: Path) -> None:
    """Whoever writes to the store could put a worker's bundle where another task's is expected."""
    archive = with_worker(client, plan, tmp_path)
    first, second = plan.tasks
    declared = msgspec.structs.replace(second, declaration=Input(sha256="d" * 64, name="d.yaml"))
    on_device = msgspec.structs.replace(second, file=Input(), app="com.example.other")
    typed = b"appId: com.example.shop\n---\n- launchApp\n"
    for number, (task, more, said) in enumerate((
        (first, {"apk": "a" * 64}, f"app {'a' * 64} instead of {first.file.sha256}"),
        (first, {"scenario": typed}, "scenario "),
        (first, {"scenario": b""}, f"scenario none instead of {first.shown}"),
        (declared, {}, f"declaration {first.declaration.sha256} instead of {'d' * 64}"),
        (on_device, {}, "app com.example.shop instead of com.example.other"),
    )):  # fmt: skip
        one = plan._replace(tasks=[task])
        arrived(archive, one, 0, made(tmp_path / f"b{number}", plan, start=1_790_000_000_000_000 + number, **more))
        assert not go(client, archive, one).results and not archive.store.names("fleet/plan/incoming")
        (why,) = [item.why for item in archive.rejected() if said in item.why]
        assert why.startswith("the bundle is another task's: ")
    assert not list(archive.entries())
    arrived(archive, plan, 0, made(tmp_path / "good", plan))
    assert len(go(client, archive, plan).results) == 1


def test_a_key_that_only_the_store_names_is_no_workers(
    client: Client, plan: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes there could add one. Runs on another machine are told by the user."""
    archive = Archive(str(tmp_path / "a"), make=True)
    Signer.generate().save(tmp_path / "worker.pem")
    key = Signer.load(tmp_path / "worker.pem").public
    archive.store.put_new(f"fleet/plan/workers/{key.id}.pem", key.pem())
    bundle = made(tmp_path / "good", plan)
    arrived(archive, plan, 0, bundle)
    assert not go(client, archive, plan).results
    assert ["a key that was not named" in one.why for one in archive.rejected()] == [True]
    Run(client, archive, archive.store.url, plan).state.learn(key.pem().decode())
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    arrived(archive, plan, 0, bundle)
    assert not go(client, archive, plan).results
    arrived(archive, plan, 0, bundle)
    assert len(go(client, archive, plan, key.id).results) == 1


def test_a_device_that_two_workers_have_is_used_by_one(client: Client, plan: Ready, tmp_path: Path) -> None:
    archive = Archive(str(tmp_path / "a"), make=True)
    run = Run(client, archive, archive.store.url, plan)
    run._look()
    assert sorted(bool(device.aside) for _, device in run.devices) == [False, True]
    assert "has it too" in next(device.aside for _, device in run.devices if device.aside)
    assert [device.serial for where, device in run.devices if not device.aside] == ["A"]
    assert len(run.state.keys()) == 2
    told = client.run(health)
    assert sorted(len(said["devices"]) for said in told.values()) == [1, 1]


def test_a_worker_of_another_version_is_no_witness_against_the_app(client: Client, plan: Ready, tmp_path: Path) -> None:
    """Three such failures in a row set the device aside, and there is none left."""
    archive = Archive(str(tmp_path / "a"), make=True)
    task = msgspec.structs.replace(plan.tasks[0], tables="of another version")
    run = Run(client, archive, archive.store.url, plan)
    run._look()
    (where,) = [address for address, device in run.devices if not device.aside]
    for number in range(SET_ASIDE_AFTER + 1):
        data = client.submit(run_session, msgspec.json.encode(task), str(tmp_path / "a"), "plan", (), pure=False,
                             key=f"try-{number}", workers=[where]).result(60)  # fmt: skip
        outcome = msgspec.json.decode(data, type=Outcome)
        assert outcome.environment and not outcome.object
        said = "another version" if number < SET_ASIDE_AFTER else "no device of this kind is free"
        assert said in outcome.why, outcome
    run._looked = 0.0
    run._look()
    assert all(device.aside for _, device in run.devices)
    aside = next(device.aside for address, device in run.devices if address == where)
    assert aside.startswith("failed 3 times in a row, last: ")
    summary = Run(client, archive, archive.store.url, plan, wait_s=0.1).go(threading.Event())
    assert [one.why for one in summary.missing] == ["no device of the kind pixel is there"] * 2


def test_a_store_that_is_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    archive = Archive(str(tmp_path / "a"), make=True)
    bundle = make(tmp_path / "one")
    link = os.link

    def full(source: object, to: object) -> None:
        if "bundles" in str(to):
            raise OSError(errno.ENOSPC, "No space left on device")
        link(str(source), str(to))

    monkeypatch.setattr("monitor.archive.store.os.link", full)
    with pytest.raises(errors.EnvironmentFault, match="free space"):
        archive.add(bundle)
    monkeypatch.undo()
    assert not list(archive.entries()) and not list((tmp_path / "a").rglob(".*.new"))
    assert archive.add(bundle).how == "added"


def test_a_store_that_refuses_what_arrived(
    client: Client, plan: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run ends; the bundle stays where it arrived, and the next run archives it, once."""
    archive = with_worker(client, plan, tmp_path)
    arrived(archive, plan, 0, made(tmp_path / "good", plan))
    link = os.link
    for part in ("bundles", "index", "results"):

        def refusing(source: object, to: object, part: str = part) -> None:
            if f"/{part}/" in str(to):
                raise OSError(errno.EIO, "Input/output error")
            link(str(source), str(to))

        with monkeypatch.context() as patch, pytest.raises(errors.EnvironmentFault, match="the store refuses"):
            patch.setattr("monitor.archive.store.os.link", refusing)
            go(client, archive, plan)
        assert len(archive.store.names("fleet/plan/incoming")) == 1
    summary = go(client, archive, plan)
    assert [one.how for one in summary.results.values()] == ["archived"]
    with Tables(archive.parts) as tables:
        assert tables.ask("SELECT count(*) FROM sessions").rows == [(1,)]
    assert not archive.store.names("fleet/plan/incoming") and not archive.rejected()


def test_a_cluster_of_this_machine_tells_its_neighbours_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask's status pages are for whoever asks, and its directories have names that others could prepare."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with socket.socket() as taken, warnings.catch_warnings():
        with contextlib.suppress(OSError):  # another one has it indeed
            taken.bind(("127.0.0.1", 8787))  # Dask's usual port: no reason to say anything
        warnings.simplefilter("error", UserWarning)
        _tells_nothing(tmp_path)


def _tells_nothing(tmp_path: Path) -> None:
    with cluster.local(1) as client:
        places = [_http(client.cluster.scheduler), *client.run(_http).values()]
        assert len(places) == 2 and {host for host, _ in places} == {"127.0.0.1"}
        for host, port in places:
            for page in ("info/main/workers.html", "json/identity.json", "health"):
                with pytest.raises(HTTPError, match="404"):
                    urlopen(f"http://{host}:{port}/{page}", timeout=10)
        assert {path.name[:12] for path in tmp_path.iterdir()} == {"monitor-run-"}
