"""Start the app with hooks in place before its first line of code, as far as the device allows.

The launch methods, in order: Frida spawns it suspended; the same with the vendor's pool of pre-forked processes
switched off; Android holds it for a debugger; it is started and attached to while running, which is recorded as *late*.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from monitor.base import clock, errors
from monitor.collectors.endpoint import SpawnFailed, SpawnTimedOut, SpawnUnsupported
from monitor.collectors.hooks import HookCollector
from monitor.device.adb import AdbDevice
from monitor.device.apps import PER_USER
from monitor.device.changes.undo import POOL_FLAG, POOL_PROPERTY, Change
from monitor.events import HealthDetail, Lifecycle
from monitor.session.observe import Sink, health_of

_READY_TIMEOUT: Final = 60.0
#: Android's own pool of pre-forked processes (USAP, 10 and later) is off. For vendors' pools no switch is known.
_NO_POOL: Final = Change(
    "pool of processes", "root", f"device_config put {POOL_FLAG} false; setprop {POOL_PROPERTY} false", ("pool",)
)


class _NotThisWay(errors.EnvironmentFault):
    """The device refuses this launch method."""


class Launcher:
    """Called by the runner with a package name: starts the app, with hooks or (``hooks`` None) without, by the best
    launch method; one that failed on the device is not tried again. ``way``: how the last start was done (spawn, held,
    late or plain); ``ready``: when the hooks of the first start were active, ``started``: when that start was done, in
    microseconds; 0 = never."""

    def __init__(
        self, device: AdbDevice, hooks: HookCollector | None, sink: Sink, app: str, processes: Sequence[str] = (), *,
        check: Callable[[], object] = lambda: None, ending: Callable[[], None] = lambda: None,
        change: Callable[[Change], None] = lambda change: None, running: Callable[[int], None] = lambda pid: None,
    ) -> None:  # fmt: skip
        """``processes``: further processes of the app. Android can hold one at a time at its next start, so one that
        does not run: the first of them, until it has started, then the main process, which may end and be started again
        by an alarm, by a job or by another app; the others are attached to late.

        ``check`` is called when attaching fails, and raises ``EnvironmentFault`` if it knows why; ``ending`` before the
        app is stopped; ``change`` changes the device and journals the change; ``running`` is called with the pid of
        each start.
        """
        self._device, self._hooks, self._sink, self._app = device, hooks, sink, app
        self._names = [*processes[:1], app]
        self._check, self._ending, self._change, self._running = check, ending, change, running
        self._left = [self._spawned, self._spawned_past_pool, self._held, self._late]
        self._holding = ""
        self.way = ""
        self.ready = self.started = 0

    def __call__(self, package: str) -> int:
        """Start the app's main process and return its pid. Raises ``EnvironmentFault``."""
        began = time.monotonic()
        if self._hooks:
            self._hooks.pause()  # otherwise a restart of the app is mistaken for a process that ran before
        self._ending()
        self._device.stop(package)
        if self._hooks:
            pid, self.way = self._start(self._hooks, package)
        else:
            pid, self.way = self._device.start_now(package), "plain"
        self.started = self.started or clock.now_us()
        self._running(pid)
        common: dict[str, Any] = {"t": clock.now_us(), "err": 0, "src": "runner", "app": self._app, "pid": pid}
        detail = {"start_ms": str(int((time.monotonic() - began) * 1000))}
        self._sink.emit(Lifecycle(**common, what="released", process=package, cause=self.way, detail=detail))
        return pid

    def close(self) -> None:
        """Collect the last events and stop the app: removing hundreds of hooks one by one would be slow."""
        if self._hooks:
            self._hold("")
        if self.way:
            if self._hooks:
                self._hooks.flush()
            self._ending()
            self._device.stop(self._app)

    def _start(self, hooks: HookCollector, package: str) -> tuple[int, str]:
        """Pid of the main process, and the launch method."""
        self._hold(self._names[0] if len(self._names) > 1 else "")  # the main process is held in a way of its own
        try:
            pid, way = self._first_possible(hooks, package)
        finally:
            hooks.watch(held=lambda process: process == self._holding, release=self._release)
        if way != "late" and not self._holding:  # a device that cannot hold the app the first time never does
            with contextlib.suppress(errors.EnvironmentFault):  # then a second start is late, as it would be anyway
                self._hold(self._names[0])
        return pid, way

    def _hold(self, process: str) -> None:
        """Hold this one and no other at its start; empty = none."""
        if process != self._holding:
            self._device.hold_process(process)
            self._holding = process

    def _release(self, pid: int) -> None:
        """Let a held process go on, and hold the other one from now on: it may be the first thing that it starts.
        Raises ``EnvironmentFault`` for one that was not held."""
        with contextlib.suppress(errors.EnvironmentFault):
            self._hold(next((name for name in self._names if name != self._holding), self._holding))
        self._device.release(pid)

    def _first_possible(self, hooks: HookCollector, package: str) -> tuple[int, str]:
        while True:
            way = self._left[0]
            try:
                return way(hooks, package)
            except errors.EnvironmentFault as fault:
                # One that cannot spawn at all says nothing new. What could not be spawned would fail without the pool.
                if not isinstance(fault, _NotThisWay | SpawnFailed | SpawnUnsupported):
                    raise
                if not isinstance(fault, SpawnUnsupported):
                    why: HealthDetail = {"way": way.__name__.strip("_"), "why": fault.message[:200]}
                    self._sink.emit(health_of("hooks", self._app, "way_failed", why))
                once = isinstance(fault, _NotThisWay | SpawnTimedOut)
                self._left = self._left[1:] if once else self._left[-2:]

    def _spawned(self, hooks: HookCollector, package: str) -> tuple[int, str]:
        pid = hooks.spawn(package, _READY_TIMEOUT)
        user = self._device.user
        owners = (item.uid // PER_USER for item in self._device.running() if item.pid == pid and item.uid >= 0)
        if (owner := next(owners, user)) != user:  # Frida does not know whose is wanted
            hooks.end(pid)
            raise SpawnFailed(f"Frida started the copy of user {owner}, not of {user} in the foreground", where=package)
        self._await_hooks(hooks, pid, "late" if hooks.late(pid) else "spawn")  # late: it was already released
        if hooks.late(pid):
            return pid, "late"
        hooks.resume(pid)
        return pid, "spawn"

    def _spawned_past_pool(self, hooks: HookCollector, package: str) -> tuple[int, str]:
        self._change(_NO_POOL)
        self._device.stop(package)
        return self._spawned(hooks, package)

    def _held(self, hooks: HookCollector, package: str) -> tuple[int, str]:
        try:
            pid = self._device.start_held(package)
        except errors.EnvironmentFault as fault:  # a system may refuse to debug the app
            raise _NotThisWay(fault.message, where=fault.where) from None
        return self._attached(hooks, pid, package, let_go=self._device.release)

    def _late(self, hooks: HookCollector, package: str) -> tuple[int, str]:
        self._device.stop(package)
        return self._attached(hooks, self._device.start_now(package), package, late=True)

    def _attached(self, hooks: HookCollector, pid: int, package: str, **how: Any) -> tuple[int, str]:
        try:
            way = "held" if hooks.attach(pid, process=package, **how) else "late"
        except errors.EnvironmentFault:
            self._check()
            raise
        self._await_hooks(hooks, pid, way)
        return pid, way

    def _await_hooks(self, hooks: HookCollector, pid: int, way: str) -> None:
        hooks.wait_ready(_READY_TIMEOUT, pid)
        self.ready = self.ready or clock.now_us()
        self._sink.emit(health_of("hooks", self._app, "ready", {"way": way}, pid=pid))
