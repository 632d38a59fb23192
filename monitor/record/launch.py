"""Start the app with its hooks in place before its first line."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from monitor.clock import now_us
from monitor.collectors.hooks import HookCollector, SpawnUnsupported
from monitor.device.adb import AdbDevice
from monitor.errors import EnvironmentFault
from monitor.events import Health, Lifecycle
from monitor.observe import Sink

READY_TIMEOUT = 60.0


class Launcher:
    """Called by the runner with a package name. Spawns where the Frida endpoint can, else holds over adb.

    ``way`` says how the last start was done (spawn or held); ``ready`` when the hooks of the first start were in
    force, in microseconds.
    """

    def __init__(
        self,
        device: AdbDevice,
        hooks: HookCollector,
        sink: Sink,
        app: str,
        processes: Sequence[str] = (),
        *,
        check: Callable[[], object] = lambda: None,
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        """``processes``: further processes of the app. Android can hold one more: the first; the rest come late.

        ``check`` is called when the app cannot be attached to, and raises ``EnvironmentFault`` if it knows why;
        ``ending`` before it is stopped.
        """
        self._check = check
        self._ending = ending
        self._device = device
        self._hooks = hooks
        self._sink = sink
        self._app = app
        self._second = frozenset(processes[:1])
        self.way = ""
        self.ready = 0
        self.started = 0

    def __call__(self, package: str) -> int:
        """Start the app's main process and return its pid. Raises ``EnvironmentFault``."""
        began = time.monotonic()
        self._hooks.pause()  # else a start of the app again is found as a process that ran before
        self._ending()
        self._device.stop(package)
        for process in self._second:
            self._device.hold_process(process)
        try:
            pid = self._spawned(package) or self._held(package)
            self.started = self.started or now_us()
        finally:
            self._hooks.watch(held=self._second, release=self._device.release)
        took = int((time.monotonic() - began) * 1000)
        self._sink.emit(
            Lifecycle(
                t=now_us(), err=0, src="runner", app=self._app, pid=pid, what="released", process=package,
                cause=self.way, detail={"start_ms": str(took)},
            )
        )  # fmt: skip
        return pid

    def close(self) -> None:
        """Take in the last events and end the app: taking hundreds of hooks out of it one by one is slow."""
        if self._second:
            self._device.hold_process("")
        if self.way:
            self._hooks.flush()
            self._ending()
            self._device.stop(self._app)

    def _spawned(self, package: str) -> int:
        if self.way == "held":
            return 0
        try:
            pid = self._hooks.spawn(package, READY_TIMEOUT)
        except SpawnUnsupported:
            return 0
        self._settled(pid, "spawn")
        self._hooks.resume(pid)
        return pid

    def _held(self, package: str) -> int:
        pid = self._device.start_held(package)
        try:
            self._hooks.attach(pid, process=package)
        except EnvironmentFault:
            self._check()
            raise
        self._settled(pid, "held")
        self._device.release(pid)
        return pid

    def _settled(self, pid: int, way: str) -> None:
        self._hooks.wait_ready(READY_TIMEOUT)
        self.way = way
        self.ready = self.ready or now_us()
        self._sink.emit(
            Health(
                t=now_us(), err=0, src="runner", app=self._app, pid=pid, component="hooks", what="ready",
                detail={"way": way},
            )
        )  # fmt: skip
