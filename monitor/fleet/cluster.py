"""The cluster: one of this machine, or a real one over TLS; the devices of a worker. Dask's own parts, with this
machine's dangers closed.

Who reaches a scheduler runs code on its workers: connections are mutually authenticated, also on this machine.
"""

import asyncio
import contextlib
import logging
import os
import platform
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import dask
import msgspec
from distributed import Client, LocalCluster, Security, Worker
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.worker import get_worker

from monitor.base.errors import EnvironmentFault, InputError, printable
from monitor.base.process import Scratch
from monitor.evidence.keys import Signer

#: A device that failed so often in a row gets no more sessions.
SET_ASIDE_AFTER: Final = 3
_ATTRIBUTE: Final = "monitor_devices"


class Device(msgspec.Struct, kw_only=True):
    """A device and its record. ``serial`` of a stand-in is a name; it is started for each session."""

    serial: str
    kind: str
    busy: bool = False
    done: int = 0
    failed: int = 0
    in_a_row: int = 0
    aside: str = ""
    """Why it gets no more sessions; empty = it does."""


class Health(msgspec.Struct, kw_only=True):
    """What a worker says of itself: its devices, its public key (PEM), and its clock in seconds since 1970."""

    devices: list[Device]
    key: str
    clock: Annotated[float, msgspec.Meta(ge=0, le=1e11)]


def resource(kind: str) -> str:
    """The name by which Dask counts devices of a kind."""
    return f"device-{kind}"


def resources(devices: Collection[Device]) -> dict[str, float]:
    """What a worker with these devices offers."""
    every = {resource(device.kind): 0.0 for device in devices}
    return every | {name: float(n) for name, n in Counter(resource(d.kind) for d in devices if not d.aside).items()}


def standins(number: int, name: str = "") -> list[Device]:
    """Stand-in devices of this worker."""
    who = name or f"{platform.node()}-{os.getpid()}"
    return [Device(serial=f"standin-{n}@{who}", kind="standin") for n in range(1, number + 1)]


class Devices(WorkerPlugin):  # type: ignore[misc]
    """Gives a worker its devices and its key. ``key``: file of a private key; none: a new one for as long as the
    worker lives."""

    name = _ATTRIBUTE

    def __init__(self, devices: list[Device] | None = None, number: int = 0, key: str = "") -> None:
        """``devices``: those of this worker; none: ``number`` stand-ins that are named after it."""
        self._given, self._number, self._key = devices, number, key
        self._lock: Any = None
        self.devices: list[Device] = []

    def setup(self, worker: Worker) -> None:
        """Called by Dask on the worker."""
        self._lock = threading.Lock()
        self._worker = worker
        self.devices = standins(self._number) if self._given is None else self._given
        self.signer = Signer.load(Path(self._key)) if self._key else Signer.generate()
        setattr(worker, _ATTRIBUTE, self)

    @contextlib.contextmanager
    def taken(self, kind: str, avoid: Collection[str]) -> Iterator[Device | None]:
        """A free device of a kind, for a session; None if there is none that may be used."""
        with self._lock:
            free = [d for d in self.devices if d.kind == kind and not d.busy and not d.aside and d.serial not in avoid]
            device = min(free, key=lambda d: (d.in_a_row, d.done)) if free else None
            if device:
                device.busy = True
        try:
            yield device
        finally:
            if device:
                device.busy = False

    def tell(self, device: Device, fault: str) -> None:
        """How a session on a device went: ``fault`` empty = well."""
        with self._lock:
            device.done += not fault
            device.failed += bool(fault)
            device.in_a_row = device.in_a_row + 1 if fault else 0
        if device.in_a_row >= SET_ASIDE_AFTER:
            self.set_aside(device.serial, f"failed {device.in_a_row} times in a row, last: {fault}")

    def set_aside(self, serial: str, why: str) -> None:
        """Give a device no more sessions; Dask is told that there is one less."""
        with self._lock:
            for device in self.devices:
                if device.serial == serial and not device.aside:
                    device.aside = why
            offered = resources(self.devices)
        self._worker.loop.add_callback(self._worker.set_resources, **offered)


def mine() -> Devices:
    """The devices of the worker that runs this task."""
    found: Devices = getattr(get_worker(), _ATTRIBUTE)
    return found


def health(dask_worker: Any) -> dict[str, Any]:
    """For ``Client.run``: a worker's devices, its public key, and its clock in seconds since 1970."""
    found = getattr(dask_worker, _ATTRIBUTE, None)
    if found is None:
        return {"devices": [], "key": "", "clock": time.time()}
    devices = [msgspec.to_builtins(device) for device in found.devices]
    return {"devices": devices, "key": found.signer.public.pem().decode(), "clock": time.time()}


def set_aside(serial: str, why: str, dask_worker: Any) -> None:
    """For ``Client.run``."""
    getattr(dask_worker, _ATTRIBUTE).set_aside(serial, why)


_CONNECT_S: Final = 15
#: Where Dask serves the nothing that is left of its status pages: not at its usual port, which others may have, nor to
#: other machines.
_HTTP: Final = "127.0.0.1:0"
#: A session whose worker ended so often is not begun again: it may be the app that ends them.
WORKERS: Final = 3
_SETTINGS: Final = {
    "distributed.comm.retry.count": 2, "distributed.comm.timeouts.connect": "30s",
    "distributed.admin.tick.limit": "60s",
    "distributed.worker.use-file-locking": False, "distributed.scheduler.allowed-failures": WORKERS - 1,
    # Dask's status pages ask nobody who they are: whoever is on the machine would read which sessions run, and where.
    "distributed.scheduler.http.routes": [], "distributed.worker.http.routes": [],
}  # fmt: skip


class Tls(NamedTuple):
    """PEM files: the authority of the cluster, this side's certificate and key."""

    ca: Path
    cert: Path
    key: Path

    def security(self) -> Security:
        """Raises ``InputError`` for a file that is missing."""
        for path in self:
            if not path.is_file():
                raise InputError("no such file", where=str(path), hint="PEM files for --tls-ca, --tls-cert, --tls-key")
        files = {"cert": str(self.cert), "key": str(self.key)}
        sides = {f"tls_{side}_{n}": file for side in ("client", "worker", "scheduler") for n, file in files.items()}
        return Security(tls_ca_file=str(self.ca), require_encryption=True, **sides)


def tls_address(address: str) -> str:
    """Raises ``InputError`` for an address without TLS."""
    if not address.startswith("tls://"):
        hint = "tls://HOST:PORT: who reaches a scheduler runs code on its workers"
        raise InputError(f"not a scheduler with TLS: {printable(address, 60)}", where="--scheduler", hint=hint)
    return address


def quiet() -> None:
    """Settings for sessions of minutes; what goes wrong is told by us, once, and not by Dask in tracebacks."""
    dask.config.set(_SETTINGS)
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


@contextlib.contextmanager
def local(standins: int) -> Iterator[Client]:
    """A cluster of this machine for the time of the block: a worker with one stand-in each."""
    quiet()
    with (
        Scratch() as scratch,
        dask.config.set({"temporary-directory": str(scratch.path)}),  # the scheduler's, beside that of its workers
        LocalCluster(
            n_workers=standins, threads_per_worker=1, processes=True, protocol="tls://", security=True,
            resources={"device-standin": 1}, dashboard_address=None, memory_limit=0, silence_logs=logging.CRITICAL,
            scheduler_kwargs={"dashboard_address": _HTTP}, local_directory=str(scratch.path), host="127.0.0.1",
        ) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        client.register_plugin(Devices(number=1))
        yield client


@contextlib.contextmanager
def remote(address: str, tls: Tls) -> Iterator[Client]:
    """A client of a scheduler. Raises ``EnvironmentFault`` if it cannot be reached."""
    quiet()
    with _reaching(address):
        client = Client(tls_address(address), security=tls.security(), timeout=_CONNECT_S, name="monitor-fleet")
    try:
        client.run_on_scheduler(lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", WORKERS - 1))
        yield client
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=5)


@contextlib.contextmanager
def _reaching(address: str) -> Iterator[None]:
    try:
        yield
    except (OSError, TimeoutError) as error:
        raise EnvironmentFault(f"no scheduler: {type(error).__name__}", where=address) from None


def work(address: str, tls: Tls, devices: list[Device], key: Path | None, stop: threading.Event) -> None:
    """Offer devices to a scheduler until ``stop`` or until it is gone. Raises ``EnvironmentFault``."""
    quiet()
    offered: Any = resources(devices)

    async def offer(place: str) -> None:
        async with Worker(
            tls_address(address), nthreads=max(1, len(devices)), resources=offered, security=tls.security(),
            dashboard_address=_HTTP, plugins=[Devices(devices, key=str(key or ""))], memory_limit=0,
            death_timeout=_CONNECT_S, local_directory=place,
        ) as worker:  # fmt: skip
            while worker.status.name in ("running", "paused") and not stop.is_set():
                await asyncio.sleep(0.2)
            if stop.is_set():
                await worker.close_gracefully()

    with Scratch() as scratch, _reaching(address):
        asyncio.run(offer(str(scratch.path)))
