"""The devices of one worker: who has which, how they are, and which are set aside."""

import contextlib
import os
import platform
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.worker import Worker, get_worker

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
    """Gives a worker its devices and its key. ``key``: file of a private key; none: a
    new one for as long as the worker lives."""

    name = _ATTRIBUTE

    def __init__(self, devices: list[Device] | None = None, number: int = 0, key: str = "") -> None:
        """``devices``: those of this worker; none: ``number`` stand-ins that are named after it."""
        self._given = devices
        self._number = number
        self.key = key
        self._lock: Any = None
        self.devices: list[Device] = []

    def setup(self, worker: Worker) -> None:
        """Called by Dask on the worker."""
        self._lock = threading.Lock()
        self._worker = worker
        self.devices = standins(self._number) if self._given is None else self._given
        self.signer = Signer.generate()
        if self.key:
            self.signer = Signer.load(Path(self.key))
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
