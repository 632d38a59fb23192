"""Start the app with hooks in place before its first line of code, as far as the device allows.

The launch methods, in order: Frida spawns it suspended; the same with the vendor's pool of pre-forked processes
switched off; Android holds it for a debugger; it is started and attached to while running, which is recorded as *late*.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Final

from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault
from monitor.collectors.endpoint import SpawnFailed, SpawnTimedOut, SpawnUnsupported
from monitor.collectors.hooks import HookCollector
from monitor.device.adb import AdbDevice
from monitor.device.apps import PER_USER
from monitor.device.changes.undo import POOL_FLAG, POOL_PROPERTY, Change
from monitor.events import Lifecycle
from monitor.session.observe import Sink, health_of

_READY_TIMEOUT: Final = 60.0
#: Android's own pool of pre-forked processes (USAP, 10 and later) is off. For vendors' pools no switch is known.
_NO_POOL: Final = Change(
    "pool of processes", "root", f"device_config put {POOL_FLAG} false; setprop {POOL_PROPERTY} false", ("pool",)
)


class _NotThisWay(EnvironmentFault):
    """The device refuses this launch method."""


class Launcher:
    """Called by the runner with a package name: starts the app, with hooks or (``hooks`` None) without.

    ``way``: how the last start was done (spawn, held, late or plain); ``ready``: when the hooks of the first start were
    active, ``started``: when that start was done, in microseconds; 0 = never.
    """

    def __init__(
        self, device: AdbDevice, hooks: HookCollector | None, sink: Sink, app: str, processes: Sequence[str] = (), *,
        check: Callable[[], object] = lambda: None, ending: Callable[[], None] = lambda: None,
        change: Callable[[Change], None] = lambda change: None, running: Callable[[int], None] = lambda pid: None,
    ) -> None:  # fmt: skip
        """``processes``: further processes of the app. Android can hold one at a time: the first of them, until it has
        started, then the main process, should it start again; the others are attached to late.

        ``check`` is called when attaching fails, and raises ``EnvironmentFault`` if it knows why; ``ending`` before the
        app is stopped; ``change`` changes the device and journals the change; ``running`` is called with the pid of
        each start.
        """
        self._running, self._ending = running, ending
        self._device, self._hooks, self._sink, self._app = device, hooks, sink, app
        self._hold = _Hold(device, [*processes[:1], app]) if hooks else None
        self._ways = _Ways(device, hooks, sink, app, check, change) if hooks else None
        self.way = ""
        self.ready = 0
        self.started = 0

    def __call__(self, package: str) -> int:
        """Start the app's main process and return its pid. Raises ``EnvironmentFault``."""
        began = time.monotonic()
        if self._hooks:
            self._hooks.pause()  # otherwise a restart of the app is mistaken for a process that ran before
        self._ending()
        self._device.stop(package)
        if self._hold:
            self._hold.starting()
        try:
            pid, self.way = self._ways.start(package) if self._ways else (self._device.start_now(package), "plain")
            self.started = self.started or now_us()
        finally:
            if self._hooks and self._hold:
                self._hooks.watch(held=self._hold.holds, release=self._hold.release)
        if self._hold and self.way != "late":  # a device that cannot hold the app the first time never does
            self._hold.started()
        if self._ways:
            self.ready = self.ready or self._ways.ready
        self._running(pid)
        detail = {"start_ms": str(int((time.monotonic() - began) * 1000))}
        self._sink.emit(
            Lifecycle(
                t=now_us(), err=0, src="runner", app=self._app, pid=pid, what="released", process=package,
                cause=self.way, detail=detail,
            )
        )  # fmt: skip
        return pid

    def close(self) -> None:
        """Collect the last events and stop the app: removing hundreds of hooks one by one would be slow."""
        if self._hold:
            self._hold.hold("")
        if self.way:
            if self._hooks:
                self._hooks.flush()
            self._ending()
            self._device.stop(self._app)


class _Hold:
    """Which process Android holds at its next start: it can hold only one, so the one that is not running.

    ``names``: the app's further process, if it has one, and its main process, which may end and be started again by
    an alarm, by a job or by another app. Its first start is the launcher's.
    """

    def __init__(self, device: AdbDevice, names: list[str]) -> None:
        self._device, self._names = device, names
        self._held = ""

    def holds(self, process: str) -> bool:
        """Whether a process that has just started waits at its start."""
        return process == self._held

    def starting(self) -> None:
        """The launcher is about to start the main process, and holds it in a way of its own."""
        self.hold(self._names[0] if len(self._names) > 1 else "")

    def started(self) -> None:
        """The main process runs."""
        if not self._held:
            with contextlib.suppress(EnvironmentFault):  # then a second start is late, as it would be anyway
                self.hold(self._names[0])

    def release(self, pid: int) -> None:
        """Let a held process go on, and hold the other one from now on: it may be the first thing that it starts.
        Raises ``EnvironmentFault`` for one that was not held."""
        with contextlib.suppress(EnvironmentFault):
            self.hold(next((name for name in self._names if name != self._held), self._held))
        self._device.release(pid)

    def hold(self, process: str) -> None:
        """Hold this one and no other; empty = none."""
        if process != self._held:
            self._device.hold_process(process)
            self._held = process


class _Ways:
    """The launch methods with hooks, best first; one that failed on the device is not tried again."""

    def __init__(
        self, device: AdbDevice, hooks: HookCollector, sink: Sink, app: str,
        check: Callable[[], object], change: Callable[[Change], None],
    ) -> None:  # fmt: skip
        self._device, self._hooks, self._sink, self._app = device, hooks, sink, app
        self._check, self._change = check, change
        self._left = [self._spawned, self._spawned_past_pool, self._held, self._late]
        self.ready = 0

    def start(self, package: str) -> tuple[int, str]:
        """Pid of the main process, and the launch method."""
        while True:
            try:
                return self._left[0](package)
            except (_NotThisWay, SpawnTimedOut) as fault:
                self._report_failure(self._left.pop(0).__name__.strip("_"), fault)
            except SpawnUnsupported:
                self._drop_spawning()
            except SpawnFailed as fault:  # without the pool it would fail again
                self._report_failure("spawned", fault)
                self._drop_spawning()

    def _drop_spawning(self) -> None:
        self._left = [step for step in self._left if step not in (self._spawned, self._spawned_past_pool)]

    def _spawned(self, package: str) -> tuple[int, str]:
        pid = self._hooks.spawn(package, _READY_TIMEOUT)
        self._require_user(pid, package)
        way = "late" if self._hooks.late(pid) else "spawn"  # late: it was already released
        self._await_hooks(pid, way)
        if self._hooks.late(pid):
            return pid, "late"
        self._hooks.resume(pid)
        return pid, "spawn"

    def _require_user(self, pid: int, package: str) -> None:
        """Raise ``SpawnFailed`` if this is another user's copy of the app, as Frida starts it where it does not know
        whose is wanted."""
        user = self._device.user()
        owners = (
            process.uid // PER_USER for process in self._device.running() if process.pid == pid and process.uid >= 0
        )
        if (owner := next(owners, user)) != user:
            self._hooks.end(pid)
            raise SpawnFailed(f"Frida started the copy of user {owner}, not of {user} in the foreground", where=package)

    def _spawned_past_pool(self, package: str) -> tuple[int, str]:
        self._change(_NO_POOL)
        self._device.stop(package)
        return self._spawned(package)

    def _held(self, package: str) -> tuple[int, str]:
        try:
            pid = self._device.start_held(package)
        except EnvironmentFault as fault:  # a system may refuse to debug the app
            raise _NotThisWay(fault.message, where=fault.where) from None
        return self._attached(pid, lambda: self._hooks.attach(pid, process=package, let_go=self._device.release))

    def _late(self, package: str) -> tuple[int, str]:
        self._device.stop(package)
        pid = self._device.start_now(package)
        return self._attached(pid, lambda: self._hooks.attach(pid, process=package, late=True))

    def _attached(self, pid: int, attach: Callable[[], bool]) -> tuple[int, str]:
        try:
            way = "held" if attach() else "late"
        except EnvironmentFault:
            self._check()
            raise
        self._await_hooks(pid, way)
        return pid, way

    def _report_failure(self, way: str, fault: EnvironmentFault) -> None:
        self._sink.emit(health_of("hooks", self._app, "way_failed", {"way": way, "why": fault.message[:200]}))

    def _await_hooks(self, pid: int, way: str) -> None:
        self._hooks.wait_ready(_READY_TIMEOUT, pid)
        self.ready = self.ready or now_us()
        self._sink.emit(health_of("hooks", self._app, "ready", {"way": way}, pid=pid))
