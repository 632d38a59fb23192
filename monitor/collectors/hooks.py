"""Hooks in the app's processes: from a device and a catalogue to events.

Life: ``HookCollector(...)``, then ``spawn(package)`` or, where the endpoint cannot spawn, a held start by the caller
and ``attach(pid)``; ``wait_ready``; ``resume`` or the caller's release; ``stop``. Further processes of the app are
attached as they appear (``watch``).
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import frida

from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, MonitorError, printable
from monitor.collectors.agent_build import agent
from monitor.collectors.attached import CONNECTION_LOST, HEARD_S, HOLD_S, SILENT_S, Attached, report_off
from monitor.collectors.endpoint import AgentTimeout, NoAnswer, bounded, explain, spawned
from monitor.events import Event, HealthDetail, Lifecycle
from monitor.knowledge.catalogue import Row
from monitor.session.observe import Sink, health_of

_QUIET_S: Final = 3.0
"""An agent that does not answer and has sent nothing for so long, where it sends something every second, is cut off."""
_USUAL_S: Final = 0.5
_QUICK_S: Final = 0.1
"""Between two looks for processes of the app: usually, and for as long as one may be starting."""
_STARTING_S: Final = 3.0
_MAX_QUICK: Final = 60
"""So many quick looks, and one more for each usual one: an app may crash and start again all the time."""
#: Time-outs in a row, of ten seconds each, after which Frida has gone.
_SLOW_LISTINGS: Final = 6
_UNANSWERED_S: Final = 60.0
"""Until the next attempt with a process that did not let Frida in: meanwhile the others are looked after."""
_NOBODY: Final = frozenset({""})
_ACTIVE: Final = ("hooked", "late")
_OFF: Final = {"native": "below Java"}


class HookCollector:
    """Attaches the agent to an app's processes and turns its messages into events on ``sink``.

    ``device``: frida's, the local one in tests. ``rows``: the catalogue's; disabled ones and fields are skipped by the
    agent's side. ``options`` overrides the agent's options (``hooks/agent/src/protocol.ts``). ``processes`` gives pid
    and name of running processes. Frida's own list, the default, names an app's main process by its label on Android,
    where names must come from command lines. ``hold_s``: longest hold of a start in seconds. ``user``: whose copy of
    the app ``spawn`` starts. ``frozen``: whether the system has frozen a process, whose agent says nothing then.
    Thread-safe.
    """

    def __init__(
        self, device: Any, sink: Sink, app: str, rows: Sequence[Row], options: Mapping[str, Any] | None = None, *,
        processes: Callable[[], Iterable[tuple[int, str]]] | None = None, hold_s: float = HOLD_S, user: int = 0,
        frozen: Callable[[int], bool] = lambda pid: False,
    ) -> None:  # fmt: skip
        self._device, self._sink, self._app = device, sink, app
        self._options, self._hold_s, self._user, self._frozen = dict(options or {}), hold_s, user, frozen
        self._named = processes or (lambda: [(int(item.pid), str(item.name)) for item in self._visible()])
        self._names: frozenset[str] | None = None
        """Processes that are looked for: if empty, ``app`` and ``app:*``; None: none so far."""
        self._unlisted = 0
        """Listings in a row that failed."""
        self._lost = False
        """Frida has gone, and that is reported."""
        self._again: dict[int, float] = {}
        """When to try again with processes that Frida got no answer from: they may have been frozen."""
        self._rows = [row for row in rows if row.enabled and row.kind != "field"]
        self._off = [row for row in rows if not row.enabled or row.kind == "field"]
        self.agent = agent()
        self._processes: dict[int, Attached] = {}
        self._lock = threading.Lock()
        self._ended = False
        self._inbox: queue.SimpleQueue[bool] = queue.SimpleQueue()
        """Look for processes at once (True), or end (False)."""
        self._held: Callable[[str], bool] = lambda name: False
        self._release: Callable[[int], None] = lambda pid: None
        self._keeper = threading.Thread(target=self._keep, name="hooks-keeper", daemon=True)
        self._keeper.start()

    def spawn(self, package: str, timeout: float = 60) -> int:
        """Start the app suspended with hooks in place; ``resume`` lets it run. Raises ``SpawnUnsupported`` where the
        endpoint cannot, ``SpawnFailed`` where it could not this time, ``EnvironmentFault`` if the app is not installed
        or cannot be attached to."""
        pid = spawned(self._device, package, self._user, timeout)
        self.attach(pid, timeout=timeout, overrun=self.resume)
        return pid

    def end(self, pid: int) -> None:
        """End a process that ``spawn`` started and that is not the one wanted. Never raises."""
        self.detach(pid)
        with contextlib.suppress(Exception):
            bounded(lambda: self._device.kill(pid), 10)

    def resume(self, pid: int) -> None:
        """Let a spawned process run."""
        try:
            bounded(lambda: self._device.resume(pid), 30)
        except Exception as error:  # noqa: BLE001
            raise explain(error, pid) from None

    def attach(
        self, pid: int, *, process: str = "", late: bool = False, timeout: float = 60,
        let_go: Callable[[int], None] | None = None, overrun: Callable[[int], None] | None = None,
    ) -> bool:  # fmt: skip
        """Load the agent into a process and wait until its hooks are active. Returns whether it was held until then.
        ``late``: the process was already running; what it did so far was not observed. ``let_go`` releases a held
        process once its hooks are active; if it raises ``EnvironmentFault``, the process was not held. ``overrun``
        (default: ``let_go``) is called instead if that takes longer than ``HOLD_S``. Raises ``EnvironmentFault``."""
        attached = Attached(pid, process or self._app, late, self._sink, self._app, self._rows)
        with self._lock:
            other = self._processes.get(pid)
            if other is None or other.final:
                other = self._processes[pid] = attached
        if other is not attached:
            return other.wait_held(timeout)  # another thread attaches to it
        began = time.monotonic()
        timer = threading.Timer(self._hold_s, _release, (attached, overrun or let_go, "overrun"))
        timer.daemon = True
        if (overrun or let_go) and not late:
            timer.start()
        try:
            attached.load(self._device, self.agent, self._options, timeout)
        except EnvironmentFault:
            with self._lock:
                self._processes.pop(pid, None)
            attached.why = "failed"
            attached.settled.set()
            raise
        finally:
            timer.cancel()
        attached.held_ms = round((time.monotonic() - began) * 1000)
        if let_go and not attached.why:
            _release(attached, let_go)
        attached.settled.set()
        attached.ready(self.agent)
        return not attached.why

    def late(self, pid: int) -> bool:
        """Whether a process was running, or had to be released, before its hooks were active."""
        attached = self._processes.get(pid)
        return attached is None or bool(attached.why)

    def watermark(self) -> int:
        """Up to when, in the host's time, every agent has reported all that it saw; a slow machine is late with it."""
        marks = [attached.watermark() for attached in self._all()]
        return min((mark for mark in marks if mark is not None), default=now_us())

    def wait_ready(self, timeout: float, pid: int) -> None:
        """Wait until the hooks of a process are active (a spawned JVM may create its VM late)."""
        end = time.monotonic() + timeout
        attached = self._processes.get(pid)
        if attached is not None:
            attached.settled.wait(timeout)
            if attached.live:
                attached.call("settled", timeout=max(end - time.monotonic(), 0.1))

    def watch(
        self,
        names: frozenset[str] | None = None,
        *,
        held: Callable[[str], bool] = lambda name: False,
        release: Callable[[int], None] = lambda pid: None,
    ) -> None:
        """From now on attach to further processes of the app as they appear: ``app`` and ``app:*``, or only ``names``.
        ``held``: whether a process of that name, which has just started, waits until ``release(pid)`` is called; the
        others are late, and so is one for which ``release`` raises ``EnvironmentFault``: it did not wait."""
        self._held, self._release = held, release
        self._names = names or frozenset()

    def pause(self) -> None:
        """Attach to no further processes until ``watch``: the app is about to be started and attached to by its
        launcher."""
        self._names = _NOBODY

    def scan(self) -> None:
        """Attach to processes of the app not yet attached, as late ones."""
        listed, visible = self._look()
        for pid, name in listed:
            attached = self._processes.get(pid)
            if attached is None:
                if pid in visible and self._is_due(pid, name):
                    self._attach_found(pid, name)
            elif attached.name == name and attached.final and now_us() - attached.ended_us > SILENT_S * 1e6:
                attached.silent()  # Frida took it for dead because its agent was cut off

    def _look(self) -> tuple[list[tuple[int, str]], set[int]]:
        """Pid and name of running processes, and the pids that Frida sees: one may be too new for it. Nothing where
        that fails. Frida has gone at the second consecutive failure: a process that ends during listing makes one fail,
        the end of Frida makes all fail. What only takes long has more tries: a busy machine may be slow."""
        try:
            listed, visible = list(self._named()), {int(found.pid) for found in self._visible()}
        except Exception as error:  # noqa: BLE001
            self._unlisted += 1
            slow = isinstance(error, TimeoutError | frida.TimedOutError)
            if not (self._lost or self._ended) and self._unlisted >= (_SLOW_LISTINGS if slow else 2):
                self._lost = True
                self._failed(f"listing processes: {type(error).__name__}", {"reason": CONNECTION_LOST})
            return [], set()
        self._unlisted = 0
        return listed, visible

    def _visible(self) -> list[Any]:
        return list(bounded(self._device.enumerate_processes, 10))

    def _is_due(self, pid: int, name: str) -> bool:
        """Whether a process is one of the app's that are looked for, and not one to be tried again later."""
        wanted = name in self._names if self._names else name == self._app or name.startswith(f"{self._app}:")
        return wanted and time.monotonic() >= self._again.get(pid, 0)

    def _attach_found(self, pid: int, name: str) -> None:
        """Attach to a process that has appeared, or report why it could not be."""
        held = self._held(name)
        try:
            self.attach(pid, process=name, late=not held, let_go=self._release if held else None)
        except MonitorError as error:
            if held:  # it cannot be watched, but must not wait for ever
                with contextlib.suppress(EnvironmentFault):
                    self._release(pid)
            if pid not in self._again:
                self._failed(str(error), {"process": name})
            if isinstance(error, NoAnswer):
                self._again[pid] = time.monotonic() + _UNANSWERED_S

    def reasons(self) -> dict[str, tuple[str, str]]:
        """Row ID to its best install state among the attached processes, and the reason why its hooks are not in force;
        empty where they are."""
        found: dict[str, tuple[str, str]] = {}
        for attached in (attached for attached in self._all() if attached.loaded):
            for row, counts in zip(self._rows, attached.decoder.counts, strict=True):
                if row.id not in found or (counts.state in _ACTIVE and found[row.id][0] not in _ACTIVE):
                    found[row.id] = counts.state, "" if counts.why.isdigit() else counts.why
        return found

    def call(self, pid: int, name: str, *args: Any, timeout: float = 10) -> Any:
        """An rpc of the agent in a process, freed after ``timeout``. Raises ``EnvironmentFault``, ``AgentTimeout``."""
        attached = self._processes.get(pid)
        if attached is None or not attached.loaded:
            raise EnvironmentFault("not attached", where=f"process {pid}")
        try:
            return attached.call(name, *args, timeout=timeout)
        except AgentTimeout as error:
            attached.failed(error.message)
            raise

    def detach(self, pid: int) -> None:
        """Remove the hooks from one process and report its final counts."""
        attached = self._processes.get(pid)
        if attached is not None and attached.loaded:
            attached.detach()

    def flush(self) -> None:
        """Collect what the agents still hold, before the app is stopped. Never raises."""
        for attached in self._all():
            if not attached.live or self._is_frozen(attached):
                continue
            attached.flush()
            if not attached.collected and attached.quiet_s() > _QUIET_S:  # one that is only slow goes on sending
                attached.silent()
        self._outlived()

    def _is_frozen(self, attached: Attached) -> bool:
        """Whether a process of which nothing is heard is frozen; it is noted."""
        if not attached.live or attached.unheard_s() < HEARD_S:
            return False
        frozen = False
        with contextlib.suppress(EnvironmentFault):  # a device that is gone is reported by others
            frozen = self._frozen(attached.pid)
        attached.note_frozen(frozen)
        return frozen

    def _outlived(self) -> None:
        """Which processes are still there although Frida said that they ended: it only lost their agents."""
        # Frida's word comes before the last counts are reported: until then a process has no time of its end.
        ended = [item for item in self._all() if item.loaded and (item.final or not item.live)]
        if not ended:
            return
        if (rest := 1.0 - (now_us() - max(attached.ended_us or now_us() for attached in ended)) / 1e6) > 0:
            time.sleep(rest)  # one that is just ending is listed to the last
        with contextlib.suppress(Exception):  # a device that is gone is reported by others
            listed = set(self._named())
            for attached in ended:
                if (attached.pid, attached.name) in listed:
                    attached.silent()

    def stop(self) -> None:
        """Remove all hooks and report final counts. Never raises; may be called twice."""
        self._ended = True
        self._inbox.put(False)
        if threading.current_thread() is not self._keeper:
            self._keeper.join(15)
        for attached in self._all():
            self.detach(attached.pid)
        off = [(row.id, row.reason or _OFF.get(row.kind, "off in the catalogue")) for row in self._off]
        report_off(self._sink, self._app, off)
        self._off = []

    def _all(self) -> list[Attached]:
        with self._lock:
            return list(self._processes.values())

    def _failed(self, fault: str, detail: HealthDetail) -> None:
        self._sink.emit(health_of("hooks", self._app, "failed", detail | {"fault": printable(fault, 200)}))

    def feed(self, event: Event) -> None:
        """An event of the log: a process of the app that has just started is looked for at once."""
        if isinstance(event, Lifecycle) and event.what == "process_start":
            self._inbox.put(True)

    def _keep(self) -> None:
        """Every half second: new processes, events waiting for a stack text; every 30 s: the clocks. More often after a
        process was started: Frida sees it some moments after Android has started it."""
        quick_until, look, left = 0.0, True, _MAX_QUICK
        while look:
            quick = left > 0 and time.monotonic() < quick_until
            try:
                look = self._inbox.get(timeout=_QUICK_S if quick else _USUAL_S)
                quick_until = time.monotonic() + _STARTING_S
            except queue.Empty:
                left = left - 1 if quick else min(left + 1, _MAX_QUICK)
            if look and self._names is not None:
                self.scan()
            for attached in self._all() if look else ():
                attached.keep()
                self._is_frozen(attached)


def _release(attached: Attached, let_go: Callable[[int], None], why: str = "") -> None:
    """Let a held process go; ``why`` before its hooks are active. Where that shows that it was not held, it is late."""
    attached.why = why or attached.why
    try:
        let_go(attached.pid)
    except EnvironmentFault as fault:
        attached.health("failed", {"fault": printable(fault.message, 200), "process": attached.name})
        attached.why = attached.why or "unproven"
