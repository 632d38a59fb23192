"""Start the app with hooks in place before its first line of code, as far as the device allows.

The launch methods, in order: Frida spawns it suspended; the same with the vendor's pool of pre-forked processes
switched off; Android holds it for a debugger; it is started and attached to while running, which is recorded as *late*.
"""

import contextlib
import time
from collections.abc import Callable, Sequence

from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault
from monitor.collectors.endpoint import SpawnFailed, SpawnTimedOut, SpawnUnsupported
from monitor.collectors.hooks import HookCollector
from monitor.device.adb import AdbDevice
from monitor.device.apps import PER_USER
from monitor.device.changes.change import Change
from monitor.device.changes.undo import POOL_FLAG, POOL_PROPERTY
from monitor.events import HealthDetail, HealthWord, Lifecycle
from monitor.session.observe import Sink, health_of

_READY_TIMEOUT = 60.0
#: Android's own pool of pre-forked processes (USAP, 10 and later) is off. For vendors' pools no switch is known.
_NO_POOL = Change(
    "pool of processes", "root", f"device_config put {POOL_FLAG} false; setprop {POOL_PROPERTY} false", ("pool",)
)


class _NotThisWay(EnvironmentFault):
    """The device refuses this launch method."""


class Launcher:
    """Called by the runner with a package name: starts the app, with hooks or (``hooks`` None) without.

    ``way``: how the last start was done (spawn, held, late or plain); ``ready``: when the hooks of the first start were
    active, in microseconds; 0 = never.
    """

    def __init__(
        self,
        device: AdbDevice,
        hooks: HookCollector | None,
        sink: Sink,
        app: str,
        processes: Sequence[str] = (),
        *,
        check: Callable[[], object] = lambda: None,
        ending: Callable[[], None] = lambda: None,
        change: Callable[[Change], None] = lambda change: None,
        running: Callable[[int], None] = lambda pid: None,
    ) -> None:
        """``processes``: further processes of the app. Android can hold one at a time: the first of them, until it has
        started, then the main process, should it start again; the others are attached to late.

        ``check`` is called when attaching fails, and raises ``EnvironmentFault`` if it knows why; ``ending`` before the
        app is stopped; ``change`` changes the device and journals the change; ``running`` is called with the pid of
        each start.
        """
        self._running = running
        self._ending = ending
        self._device = device
        self._hooks = hooks
        self._sink = sink
        self._app = app
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
        took = int((time.monotonic() - began) * 1000)
        self._sink.emit(
            Lifecycle(
                t=now_us(), err=0, src="runner", app=self._app, pid=pid, what="released", process=package,
                cause=self.way, detail={"start_ms": str(took)},
            )
        )  # fmt: skip
        return pid

    def close(self) -> None:
        """Collect the last events and stop the app: removing hundreds of hooks one by one would be slow."""
        if self._hold:
            self._hold.end()
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
        self._set(self._names[0] if len(self._names) > 1 else "")

    def started(self) -> None:
        """The main process runs."""
        if not self._held:
            with contextlib.suppress(EnvironmentFault):  # then a second start is late, as it would be anyway
                self._set(self._names[0])

    def release(self, pid: int) -> None:
        """Let a held process go on, and hold the other one from now on: it may be the first thing that it starts.
        Raises ``EnvironmentFault`` for one that was not held."""
        with contextlib.suppress(EnvironmentFault):
            self._set(next((name for name in self._names if name != self._held), self._held))
        self._device.release(pid)

    def end(self) -> None:
        """Hold nothing any more."""
        self._set("")

    def _set(self, process: str) -> None:
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
                pid, way = self._left[0](package)
            except (_NotThisWay, SpawnTimedOut) as fault:
                self._failed(self._left.pop(0).__name__.strip("_"), fault)
                continue
            except SpawnFailed as fault:  # without the pool it would fail again
                self._failed("spawned", fault)
                self._without_spawn()
                continue
            except SpawnUnsupported:
                self._without_spawn()
                continue
            return pid, way

    def _without_spawn(self) -> None:
        self._left = [step for step in self._left if step not in (self._spawned, self._spawned_past_pool)]

    def _spawned(self, package: str) -> tuple[int, str]:
        pid = self._hooks.spawn(package, _READY_TIMEOUT)
        self._of_the_user(pid, package)
        self._settled(pid, "late" if self._hooks.late(pid) else "spawn")
        if self._hooks.late(pid):  # it was already released
            return pid, "late"
        self._hooks.resume(pid)
        return pid, "spawn"

    def _of_the_user(self, pid: int, package: str) -> None:
        """Raise ``SpawnFailed`` if this is another user's copy of the app, as Frida starts it where it does not know
        whose is wanted."""
        user = self._device.user()
        whose = next((one.uid // PER_USER for one in self._device.running() if one.pid == pid and one.uid >= 0), user)
        if whose != user:
            self._hooks.end(pid)
            raise SpawnFailed(f"Frida started the copy of user {whose}, not of {user} in the foreground", where=package)

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
        self._settled(pid, way)
        return pid, way

    def _failed(self, way: str, fault: EnvironmentFault) -> None:
        self._tell("way_failed", 0, {"way": way, "why": fault.message[:200]})

    def _settled(self, pid: int, way: str) -> None:
        self._hooks.wait_ready(_READY_TIMEOUT, pid)
        self.ready = self.ready or now_us()
        self._tell("ready", pid, {"way": way})

    def _tell(self, what: HealthWord, pid: int, detail: HealthDetail) -> None:
        self._sink.emit(health_of("hooks", self._app, what, detail, pid=pid))
