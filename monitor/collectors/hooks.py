"""Hooks in the app's processes: from a device and a catalogue to events.

Life: ``HookCollector(...)``, then ``spawn(package)`` or, where the endpoint cannot spawn, a held start by the caller
and ``attach(pid)``; ``wait_ready``; ``resume`` or the caller's release; ``stop``. Further processes of the app are
attached as they appear (``watch``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import frida

from monitor.catalogue import Row
from monitor.clock import now_us
from monitor.collectors.agent_build import agent
from monitor.collectors.agent_counts import missing, row_detail
from monitor.collectors.agent_messages import Decoder
from monitor.collectors.agent_session import AgentSession, AgentTimeout, bounded, explain, find_device, wire
from monitor.errors import EnvironmentFault, MonitorError, printable
from monitor.events import Health
from monitor.observe import Sink

CLOCK_EVERY = 30.0
_NOBODY = frozenset({""})
HOLDABLE = ("hooked", "late")


class SpawnUnsupported(EnvironmentFault):
    """The Frida endpoint cannot start apps (a portal or a gadget): the caller does a held start and attaches."""


class _Process:
    """One attached process."""

    def __init__(self, pid: int, name: str, late: bool) -> None:
        self.pid, self.name, self.late = pid, name, late
        self.lock = threading.Lock()
        self.session: AgentSession | None = None
        self.decoder: Decoder | None = None
        self.final = False
        self.early: list[Any] = []


class HookCollector:
    """Attaches the agent to an app's processes and turns its messages into events on ``sink``.

    ``rows`` are catalogue rows; disabled ones and fields are left out by the agent's side. ``options`` overrides the
    agent's options (``hooks/agent/src/protocol.ts``). Thread-safe.
    """

    def __init__(
        self,
        sink: Sink,
        serial: str,
        app: str,
        rows: Sequence[Row],
        *,
        options: Mapping[str, Any] | None = None,
        device: Any = None,
    ) -> None:
        self._sink, self._app = sink, app
        self._rows = [row for row in rows if row.enabled and row.kind != "field"]
        self._off = [row for row in rows if row not in self._rows]
        self._options = dict(options or {})
        self._device = device if device is not None else find_device(serial)
        self.agent = agent()
        self._processes: dict[int, _Process] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="hooks-keeper", daemon=True)
        self._keeper.start()
        self._names: frozenset[str] | None = None
        self._held: frozenset[str] = frozenset()
        self._release: Callable[[int], None] = lambda pid: None

    @classmethod
    def for_device(
        cls, device: Any, sink: Sink, app: str, rows: Sequence[Row], options: Mapping[str, Any] | None = None
    ) -> HookCollector:
        """A collector on a frida device that is at hand (the local one in tests)."""
        return cls(sink, "", app, rows, options=options, device=device)

    def spawn(self, package: str, timeout: float = 60) -> int:
        """Start the app suspended with hooks in place; ``resume`` lets it run.

        Raises ``SpawnUnsupported`` where the endpoint cannot, ``EnvironmentFault`` on any other failure.
        """
        try:
            pid = int(bounded(lambda: self._device.spawn(package), timeout))
        except (frida.NotSupportedError, frida.InvalidOperationError):
            raise SpawnUnsupported("this Frida endpoint cannot start apps", where=package) from None
        except frida.ExecutableNotFoundError:
            raise EnvironmentFault("the app is not installed", where=package) from None
        except TimeoutError:
            raise EnvironmentFault(f"the app did not start in {timeout:g} s", where=package) from None
        except Exception as error:  # noqa: BLE001 - frida raises many kinds
            raise explain(error, 0) from None
        self.attach(pid, timeout=timeout)
        return pid

    def resume(self, pid: int) -> None:
        """Let a spawned process run."""
        try:
            bounded(lambda: self._device.resume(pid), 30)
        except Exception as error:  # noqa: BLE001
            raise explain(error, pid) from None

    def attach(self, pid: int, *, process: str = "", late: bool = False, timeout: float = 60) -> None:
        """Load the agent into a process and wait until its hooks are in force.

        ``late``: the process ran before; what it did until now was not seen. Raises ``EnvironmentFault``.
        """
        one = _Process(pid, process or self._app, late)
        with self._lock:
            if pid in self._processes and not self._processes[pid].final:
                return
            self._processes[pid] = one
        session: AgentSession | None = None
        try:
            session = AgentSession(
                self._device,
                pid,
                self.agent.code,
                on_message=lambda payload: self._payload(one, payload),
                on_end=lambda reason: self._ended(one, reason),
                on_fault=lambda text: self._health("failed", one, {"fault": text}),
            )
            with one.lock:
                one.session = session
                one.decoder = Decoder(
                    app=self._app, pid=pid, process=one.name, rows=self._rows,
                    to_host=session.to_host, stack_number=self._sink.stack_number,
                )  # fmt: skip
            session.install([wire(row, self._app) for row in self._rows], self._options, timeout)
        except EnvironmentFault:
            if session is not None:
                session.close()
            with self._lock:
                self._processes.pop(pid, None)
            raise
        self._ready(one, session)

    def wait_ready(self, timeout: float) -> None:
        """Wait until the hooks of every attached process are in force (a spawned JVM may create its VM late)."""
        end = time.monotonic() + timeout
        for one in self._all():
            if one.session is not None and not one.session.ended.is_set():
                one.session.settled(max(end - time.monotonic(), 0.1))

    def watch(
        self,
        names: frozenset[str] | None = None,
        *,
        held: frozenset[str] = frozenset(),
        release: Callable[[int], None] = lambda pid: None,
    ) -> None:
        """From now on attach further processes of the app as they appear: ``app`` and ``app:*``, or just ``names``.

        ``held``: processes that wait at their start until ``release(pid)`` is called; the others are late.
        """
        self._held, self._release = held, release
        self._names = names or frozenset()

    def pause(self) -> None:
        """Attach no further processes until ``watch``: the app is about to be started, and attached by its starter."""
        self._names = _NOBODY

    def scan(self) -> list[int]:
        """Attach processes of the app that are not attached yet, as late ones; returns their pids."""
        found = []
        try:
            listed = bounded(self._device.enumerate_processes, 10)
        except Exception as error:  # noqa: BLE001
            self._health("failed", None, {"fault": printable(f"listing processes: {type(error).__name__}", 100)})
            return []
        for process in listed:
            name = str(process.name)
            wanted = name in self._names if self._names else name == self._app or name.startswith(f"{self._app}:")
            with self._lock:
                seen = process.pid in self._processes
            if not wanted or seen:
                continue
            try:
                self.attach(int(process.pid), process=name, late=name not in self._held)
                if name in self._held:
                    self._release(int(process.pid))
                found.append(int(process.pid))
            except MonitorError as error:
                self._health("failed", None, {"fault": printable(str(error), 200), "process": name})
        return found

    def states(self) -> dict[str, str]:
        """Row id to install state of the attached process that has it best."""
        states: dict[str, str] = {}
        for one in self._all():
            if one.decoder is None:
                continue
            for row, counts in zip(self._rows, one.decoder.counts, strict=True):
                if row.id not in states or (counts.state in HOLDABLE and states[row.id] not in HOLDABLE):
                    states[row.id] = counts.state
        return states

    def call(self, pid: int, name: str, *args: Any, timeout: float = 10) -> Any:
        """An rpc of the agent in a process, freed after ``timeout``. Raises ``EnvironmentFault``, ``AgentTimeout``."""
        one = self._processes.get(pid)
        if one is None or one.session is None:
            raise EnvironmentFault("not attached", where=f"process {pid}")
        try:
            return one.session.call(name, *args, timeout=timeout)
        except AgentTimeout as error:
            self._health("failed", one, {"fault": printable(error.message, 200)})
            raise

    def detach(self, pid: int) -> None:
        """Take the hooks out of one process and report its final counts."""
        with self._lock:
            one = self._processes.get(pid)
        if one is not None and one.session is not None:
            one.session.close()
            self._finish(one, "detached")

    def flush(self) -> None:
        """Take in what the agents hold back, before the app is ended. Never raises."""
        for one in self._all():
            if one.session is not None and not one.session.ended.is_set():
                one.session.flush()

    def stop(self) -> None:
        """Take all hooks out and report final counts. Never raises; may be called twice."""
        self._stop.set()
        for one in self._all():
            self.detach(one.pid)
        for row in self._off:
            why = row.reason or ("below Java" if row.kind == "native" else "off in the catalogue")
            self._health("hook", None, {"state": "off", "why": printable(why, 200)}, hook=row.id)
        self._off = []

    def _all(self) -> list[_Process]:
        with self._lock:
            return list(self._processes.values())

    def _ready(self, one: _Process, session: AgentSession) -> None:
        detail = {
            "process": one.name, "agent": self.agent.sha256[:16], "bridge": self.agent.bridge[:16],
            "frida": frida.__version__, "late": "yes" if one.late else "no", "offset_us": str(session.offset.offset),
            "offset_err_us": str(session.offset.err),
        }  # fmt: skip
        try:
            about = session.call("describe", timeout=10)
            detail.update({key: printable(str(about[key]), 60) for key in ("flavor", "android", "arch")})
        except EnvironmentFault as error:
            detail["fault"] = printable(error.message, 200)
        self._health("late" if one.late else "started", one, detail)
        if one.late:
            self._health("started", one, detail)

    def _payload(self, one: _Process, payload: Any) -> None:
        with one.lock:
            decoder = one.decoder
            if decoder is None:
                return
            for out in decoder.feed(payload, now_us()):
                self._sink.emit(out.event, out.values)
            credits, decoder.credits = decoder.credits, 0
            states, decoder.states = decoder.states, []
            faults, decoder.faults = decoder.faults, []
        if credits and one.session is not None:
            one.session.credit(credits)
        for row in states:
            self._row_health(one, row, final=False)
        for place, text in faults:
            self._health("failed", one, {"fault": printable(text, 200), "place": printable(place, 100)})

    def _ended(self, one: _Process, reason: str) -> None:
        self._finish(one, reason)

    def _finish(self, one: _Process, reason: str) -> None:
        with one.lock:
            if one.final or one.decoder is None:
                return
            one.final = True
            for out in one.decoder.drain(now_us(), force=True):
                self._sink.emit(out.event, out.values)
        for row in range(len(self._rows)):
            self._row_health(one, row, final=True)
        self._losses(one, own=reason == "detached")
        tail = "complete" if reason == "detached" else "unknown, at most one flush interval (50 ms)"
        self._health("stopped", one, {"reason": printable(reason, 60), "tail": tail, "process": one.name})

    def _losses(self, one: _Process, own: bool) -> None:
        """Compare what came with what the agent counted."""
        decoder = one.decoder
        if decoder is None:
            return
        found = {
            "messages": decoder.lost_messages,
            "events": decoder.lost_seq,
            "calls": missing(decoder.counts, complete=own),
            "unreadable": decoder.bad,
            "recorder": sum(counts.faults for counts in decoder.counts),
        }
        for kind, n in found.items():
            if n:
                self._health("lost", one, {"kind": kind, "process": one.name}, n)

    def _row_health(self, one: _Process, index: int, final: bool) -> None:
        if one.decoder is None:
            return
        row, counts = self._rows[index], one.decoder.counts[index]
        detail = row_detail(row, counts, process=one.name, late=one.late, final=final)
        self._health("hook", one, detail, counts.exercised, row.id)

    def _health(self, what: str, one: _Process | None, detail: dict[str, str], n: int = 0, hook: str = "") -> None:
        event = Health(
            t=now_us(), err=0, src="runner", app=self._app, pid=one.pid if one else 0,
            component="hooks", what=what, detail=detail, n=n, hook=hook,
        )  # fmt: skip
        self._sink.emit(event)

    def _keep(self) -> None:
        """Every half second: new processes, events that waited for a stack text; every 30 s: the clocks."""
        while not self._stop.wait(0.5):
            if self._names is not None:
                self.scan()
            for one in self._all():
                session, decoder = one.session, one.decoder
                if session is None or decoder is None or session.ended.is_set():
                    continue
                with one.lock:
                    for out in decoder.drain(now_us()):
                        self._sink.emit(out.event, out.values)
                if session.measured and now_us() - session.measured > CLOCK_EVERY * 1e6:
                    self._measure(one, session)

    def _measure(self, one: _Process, session: AgentSession) -> None:
        try:
            offset = session.clock()
        except EnvironmentFault as error:
            session.measured = now_us()
            if not session.ended.is_set():
                self._health("failed", one, {"fault": printable(f"clock: {error.message}", 200)})
            return
        self._health("clock", one, {"offset_us": str(offset.offset), "err_us": str(offset.err)})
