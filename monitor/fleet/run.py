"""A plan on a cluster: as many sessions at a time as there are devices; each result is kept as it comes."""

import contextlib
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import msgspec
from distributed import Client, Future, KilledWorker

from monitor.archive.archive import Archive
from monitor.archive.pack import unpack
from monitor.base import errors, process
from monitor.evidence.bundle import Bundle
from monitor.fleet import cluster, state
from monitor.fleet.plan import Ready, Task
from monitor.fleet.session import Outcome, run_session

#: A session is tried on so many devices.
ATTEMPTS: Final = 2
_LOOK_S: Final = 2.0
_POLL_S: Final = 0.1
#: Without a scheduler for so long, or without any device for a session, there is nothing to wait for.
_GONE_S: Final = 5.0
#: A worker's clock that differs by more seconds is told: the times of its sessions are that clock's.
_CLOCK_S: Final = 60.0
_DIGEST: Final = re.compile("[0-9a-f]{64}")


class Missing(NamedTuple):
    """A task without a result, and why."""

    task: Task
    why: str


class Summary(NamedTuple):
    """How a run ended. ``results``: of all tasks of the plan, of this and of earlier runs."""

    results: dict[str, state.Result]
    missing: list[Missing]
    devices: list[tuple[str, cluster.Device]]
    """Worker's address and device."""
    clocks: dict[str, int]
    """Workers whose clock is wrong, or whose clock differs from a wrong one of this machine: seconds ahead."""
    unread: list[str]
    """Workers whose last answer about their devices could not be read: these took part in nothing."""


def another(bundle: Path, task: Task) -> str:
    """Why a bundle cannot be of this task: another app, scenario or declaration was recorded. Empty: it can, or it
    cannot be opened, which the archive says. What it states counts only once its seal was verified."""
    try:
        session = Bundle.open(bundle).session()
    except errors.MonitorError:
        return ""
    try:
        shown = sha256((bundle / "data" / "inputs" / "scenario.yaml").read_bytes()).hexdigest()
    except OSError:
        shown = ""
    app = (session.app.apk_sha256, task.file.sha256) if task.file.sha256 else (session.app.package, task.app)
    parts = {"app": app, "scenario": (shown, task.shown)}
    if not (session.app.apk_sha256 or session.app.package):
        del parts["app"]  # a file that could not be opened: the session is of no app, and not of another
    if task.declaration.sha256:
        parts["declaration"] = session.declaration_sha256, task.declaration.sha256
    wrong = [f"{part} {had or 'none'} instead of {wanted}" for part, (had, wanted) in parts.items() if had != wanted]
    return f"the bundle is another task's: {errors.printable(', '.join(wrong), 300)}" if wrong else ""


class _Try(NamedTuple):
    """A task on its way: to be begun, or running as ``future``."""

    task: Task
    attempt: int = 1
    avoid: tuple[str, ...] = ()
    future: Any = None


class Run:
    """One run of a plan."""

    def __init__(
        self, client: Client, archive: Archive, url: str, ready: Ready, *, wait_s: float = 60,
        keys: Collection[str] = (), on_result: Callable[[state.Result, Task], None] = lambda result, task: None,
        on_attempt: Callable[[Task, Outcome], None] = lambda task, outcome: None,
    ) -> None:  # fmt: skip
        """``url``: the store as workers reach it; ``wait_s``: how long to wait for a device of a kind; ``keys``: IDs of
        workers' keys beside those that runs of this machine were told."""
        self._client, self._archive, self._url, self._ready = client, archive, url, ready
        self.state = state.State(archive.store, ready.name)
        self._wait_s, self._keys = wait_s, {*keys}
        self._on_result, self._on_attempt = on_result, on_attempt
        self._todo: list[_Try] = []
        self._running: list[_Try] = []
        self._results: dict[str, state.Result] = {}
        self._why: dict[str, str] = {}
        self.devices: list[tuple[str, cluster.Device]] = []
        self.clocks: dict[str, int] = {}
        self.unread: list[str] = []
        self._looked = 0.0

    def go(self, stop: threading.Event) -> Summary:
        """Run what has no result yet. ``stop``: begin nothing more; what runs is waited for. Raises
        ``EnvironmentFault``: the scheduler or the store is gone; what was finished is kept."""
        for file, path in self._ready.inputs.items():  # where workers find them
            self._archive.store.put_new(file.object, path)
        self._keys |= self.state.keys()
        self._results = self.state.results()
        tasks = {task.id: task for task in self._ready.tasks}
        for key, name in self.state.waiting():  # what arrived before an earlier run ended
            if key in self._results and key in tasks:
                self._archive.store.drop(name)
            elif key in tasks:
                digest = name.rsplit("/", 1)[-1].removesuffix(".tar.zst")
                self._take(_Try(tasks[key]), Outcome(task=key, worker="", code=0, object=name, digest=digest))
        self._todo = [_Try(task) for task in tasks.values() if task.id not in self._results]
        self._run_all(stop)
        self._looked = 0.0
        self._look()
        done = {key: self._results[key] for key in tasks if key in self._results}
        missing = [Missing(task, self._why.get(key, "")) for key, task in tasks.items() if key not in done]
        return Summary(done, missing, self.devices, self.clocks, self.unread)

    def _run_all(self, stop: threading.Event) -> None:
        lonely = time.monotonic()
        while self._todo or self._running:
            self._require_scheduler()
            self._collect()
            self._look()  # after that: what failed is tried on what is there now
            begun = 0 if stop.is_set() else self._fill()
            if self._running or begun:
                lonely = time.monotonic()
            elif stop.is_set():
                break
            elif time.monotonic() - lonely > self._wait_s:
                for task, *_ in self._todo:
                    self._why.setdefault(task.id, f"no device of the kind {task.kind} is there")
                break
            time.sleep(_POLL_S)

    def _require_scheduler(self) -> None:
        begun = time.monotonic()
        while self._client.status != "running":
            if self._client.status == "closed" or time.monotonic() - begun > _GONE_S:
                hint = "what was finished is kept; monitor fleet resume goes on"
                raise errors.EnvironmentFault("the scheduler is gone", where=self._ready.name, hint=hint)
            time.sleep(_POLL_S)

    def _look(self) -> None:
        """Which workers and devices there are. A device that two workers have is left to the first."""
        if time.monotonic() - self._looked < _LOOK_S:
            return
        self._looked, asked = time.monotonic(), time.time()
        try:
            told: dict[str, Any] = self._client.run(cluster.health, on_error="return")
        except (OSError, TimeoutError):
            return
        owners: dict[str, str] = {}
        self.devices, self.unread = [], []
        for address, said in sorted(told.items()):
            if isinstance(said, OSError):
                continue  # it has just left
            try:
                found = msgspec.convert(said, cluster.Health)
                if found.key:
                    self._keys.add(self.state.learn(found.key))
            except (msgspec.ValidationError, errors.InputError):
                self.unread.append(address)
                continue
            ahead = min(found.clock - asked, found.clock - time.time(), key=abs)
            if abs(ahead) > _CLOCK_S:
                self.clocks[address] = round(ahead)
            for device in found.devices:
                if owners.setdefault(device.serial, address) != address and not device.aside:
                    device.aside = f"the worker {owners[device.serial]} has it too"
                    self._client.run(cluster.set_aside, device.serial, device.aside, workers=[address])
                self.devices.append((address, device))

    def _fill(self) -> int:
        """Give each free device a session; returns how many were begun."""
        usable = [(address, device) for address, device in self.devices if not device.aside]
        able = Counter(device.kind for _, device in usable)
        able.subtract(each.task.kind for each in self._running)
        before, left = len(self._running), []
        for each in self._todo:
            task, attempt, avoid, _ = each
            where = sorted({at for at, dev in usable if dev.kind == task.kind and dev.serial not in avoid})
            if able[task.kind] < 1:
                left.append(each)
            elif not where:
                self._why[task.id] += "; there is no other device to try it on"
            else:
                able[task.kind] -= 1
                future = self._client.submit(
                    run_session, msgspec.json.encode(task), self._url, self._ready.name, avoid,
                    key=f"session-{task.id}-{attempt}-{time.monotonic_ns()}", pure=False,
                    resources={cluster.resource(task.kind): 1}, workers=where if avoid else None,
                )  # fmt: skip
                self._running.append(each._replace(future=future))
        self._todo = left
        return len(self._running) - before

    def _collect(self) -> None:
        """Take what is finished. A bundle that is refused, and a device that failed, is tried once more."""
        for each in [each for each in self._running if each.future.status != "pending"]:
            self._running.remove(each)
            task, attempt, avoid, future = each
            outcome = self._outcome(task, future)
            future.release()
            if outcome.object:
                outcome.why = self._take(each, outcome) or outcome.why
                outcome.environment = task.id not in self._results
            elif not outcome.environment:
                self._settle(each, outcome, "failed")
            if outcome.environment:
                self._why[task.id] = outcome.why
                self._on_attempt(task, outcome)
                if outcome.again and attempt < ATTEMPTS:
                    avoid = (*avoid, outcome.device) if outcome.device else avoid
                    self._todo.insert(0, _Try(task, attempt + 1, avoid))
                    self._looked = 0.0

    def _outcome(self, task: Task, future: Future) -> Outcome:
        if future.status == "finished":
            with contextlib.suppress(Exception):  # whatever a worker answers
                told = msgspec.json.decode(future.result(), type=Outcome)
                named = f"{self.state.top}/incoming/{task.id}/{told.digest}.tar.zst"
                if not told.object or (told.object == named and _DIGEST.fullmatch(told.digest)):
                    return told
            return Outcome(task=task.id, worker="", environment=True, why="the worker's answer cannot be read")
        outcome = Outcome(task=task.id, worker="", environment=True, why=f"the session was {future.status}")
        if future.status == "error":
            error = future.exception()
            outcome.why = type(error).__name__
            if isinstance(error, KilledWorker):  # the app may end them, or what else their machines did
                outcome.again = False
                outcome.why = f"{error.allowed_failures + 1} workers ended while they ran it"
        else:
            self._require_scheduler()
        return outcome

    def _take(self, each: _Try, outcome: Outcome) -> str:
        """Verify a packed bundle with the keys of the workers and archive it; returns why not."""
        task, store = each.task, self._archive.store
        if self.state.has(task.id):  # of another run: this one does not count
            store.drop(outcome.object)
            self._results |= self.state.results()
            return ""
        with process.Scratch() as scratch:
            file, bundle = scratch.path / "bundle.tar.zst", scratch.path / "bundle"
            if not store.fetch(outcome.object, file):
                return "the bundle is not in the store"
            begun = time.monotonic()
            try:
                unpack(file, bundle, outcome.digest)
            except errors.MonitorError as fault:
                why = str(fault)
                bundle.mkdir(exist_ok=True)
            else:
                why = another(bundle, task)
            if why:
                self._archive.reject(bundle, file, why)
            else:
                added = self._archive.add(bundle, self._keys, task.context(self._ready.name), packed=file)
                why = added.why
                others = (result for result in self._results.values() if result.task != task.id)
                if added.how == "known" and any(result.session == added.session for result in others):
                    why = "the bundle is another task's"  # a session is the result of one task only
        if not why:
            outcome.phases = {**outcome.phases, "archive": round(time.monotonic() - begun, 3)}
            self._settle(each, outcome, "archived", added.session)
        store.drop(outcome.object)
        return why

    def _settle(self, each: _Try, outcome: Outcome, how: Literal["archived", "failed"], session: str = "") -> None:
        task = each.task
        result = state.Result(
            task=task.id, row=task.row, repetition=task.repetition, how=how, session=session, code=outcome.code,
            why=outcome.why, device=outcome.device, worker=outcome.worker, attempts=each.attempt, phases=outcome.phases,
        )  # fmt: skip
        if self.state.settle(result):
            self._results[task.id] = result
            self._on_result(result, task)
        else:
            self._results |= self.state.results()
