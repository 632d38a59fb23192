"""One session on a worker: inputs from the store, the monitor in a process of its own, the bundle to the store."""

import subprocess
import threading
import time
from collections import deque
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from monitor.archive.pack import pack
from monitor.archive.store import Store
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, MonitorError, printable
from monitor.base.process import Scratch, spawn
from monitor.evidence.bundle import Bundle
from monitor.fleet.cluster import Device, mine
from monitor.fleet.plan import Input, Task, tables_digest

#: A session that takes longer is ended: the scenarios' own limits come long before.
LONGEST_S: Final = 3600
_CRASHED: Final = "the app crashed"


class Outcome(msgspec.Struct, kw_only=True):
    """How a session went. ``code``: the monitor's exit code; ``environment``: nothing was learned of the app, it is to
    be tried elsewhere (unless ``again`` is false). ``object``: the packed bundle in the store. ``phases``: seconds."""

    task: str
    worker: str
    device: str = ""
    code: int = 3
    why: str = ""
    environment: bool = False
    again: bool = True
    object: str = ""
    digest: str = ""
    phases: dict[str, float] = {}


def run_session(data: bytes, url: str, plan: str, avoid: tuple[str, ...]) -> bytes:
    """Called by Dask on a worker: a ``Task`` and an ``Outcome`` as JSON. Raises nothing that a session can cause."""
    task = msgspec.json.decode(data, type=Task)
    devices = mine()
    outcome = Outcome(task=task.id, worker=devices.signer.public.id)
    with devices.taken(task.kind, avoid) as device:
        if device is None:
            outcome.environment, outcome.why = True, "no device of this kind is free on the worker"
            return msgspec.json.encode(outcome)
        outcome.device, blamed = device.serial, True  # quick failures would else eat up the plan
        try:
            with Scratch() as scratch:
                _session(task, Store(url), plan, device, scratch.path, outcome)
        except MonitorError as fault:
            outcome.code, outcome.why = fault.exit_code, str(fault)
            outcome.environment = isinstance(fault, EnvironmentFault | EvidenceDamaged)
            blamed = "session" not in outcome.phases  # else it is the store that refused the bundle
        except OSError as fault:
            outcome.why, outcome.environment = f"{type(fault).__name__}: {fault.strerror}", True
        if blamed:
            devices.tell(device, outcome.why if outcome.environment else "")
    return msgspec.json.encode(outcome)


def _session(task: Task, store: Store, plan: str, device: Device, place: Path, outcome: Outcome) -> None:
    if tables_digest() != task.tables:
        raise EnvironmentFault("the worker has another version of the monitor", hint="update both to the same")
    last = time.monotonic()

    def ended(phase: str) -> None:
        nonlocal last
        now = time.monotonic()
        outcome.phases[phase], last = round(now - last, 3), now

    words = _words(task, store, device, place)
    ended("fetch")
    outcome.code, cause = _run(words)
    ended("session")
    bundle, file = place / "bundle", place / "bundle.tar.zst"
    sealed = (bundle / "seal.dsse.json").is_file()
    if sealed:
        cause = Bundle.open(bundle).session().cause or cause
    outcome.why = printable(cause.replace(f"{place}/", ""), 300) if outcome.code > 1 else ""
    outcome.environment = outcome.code == 3 and not cause.startswith(_CRASHED)
    if outcome.environment or not sealed:
        return
    outcome.digest = pack(bundle, file).digest
    ended("pack")
    name = f"fleet/{plan}/incoming/{task.id}/{outcome.digest}.tar.zst"
    store.put_new(name, file)
    outcome.object = name
    ended("send")


def _words(task: Task, store: Store, device: Device, place: Path) -> list[str]:
    """The words of ``monitor run``."""
    key = place / "key.pem"
    mine().signer.save(key)

    def fetched(file: Input, folder: str, otherwise: str) -> str:
        """An input, as the plan had it. Raises ``EvidenceDamaged``: it was changed on its way."""
        if not file.sha256:
            return otherwise
        path = place / folder / file.name
        path.parent.mkdir()
        if not store.fetch(file.object, path):
            raise EnvironmentFault("an input of the plan is not in the store", where=file.object)
        digest = sha256(path.read_bytes()).hexdigest()
        if digest != file.sha256:
            raise EvidenceDamaged("the input was changed", where=file.object, expected=file.sha256, actual=digest)
        return str(path)

    scenario, app = fetched(task.scenario_file, "scenario", task.scenario), fetched(task.file, "app", task.app)
    options = [
        ("--out", str(place / "bundle")), ("--key", str(key)), ("--lang", "en"), ("--app", app),
        ("--declaration", fetched(task.declaration, "declaration", "")),
        ("--device", "" if task.kind == "standin" else device.serial), *(("--pack", pack) for pack in task.packs),
    ]  # fmt: skip
    return ["run", scenario, "--quiet", *(word for option in options if option[1] for word in option)]


def _run(words: list[str]) -> tuple[int, str]:
    """Exit code, and the line about what went wrong."""
    with spawn("monitor.fleet.child", *words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None and process.stdin is not None
        killer = threading.Timer(LONGEST_S, process.stdin.close)
        killer.daemon = True
        killer.start()
        lines = deque((line.decode("utf-8", "replace").rstrip("\n") for line in process.stderr), maxlen=21)
        code = process.wait()
        killer.cancel()
    said = [line.removeprefix("monitor: ") for line in lines if line.startswith("monitor: ")]
    if code < 0:
        return 3, f"the session was ended by signal {-code}"
    return code, said[-1] if said else ""
