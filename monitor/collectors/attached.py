"""An attached process: its agent from loading to an end that cannot hang, and the reports on it and its hooks.

Every call into the agent runs on a worker thread with our own time-out, because the app can keep a script busy forever;
the script is then interrupted and, if that does not help, terminated.
"""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import frida

from monitor.base.clock import Interval, Offset, Ping, estimate, now_us
from monitor.base.errors import EnvironmentFault, printable
from monitor.collectors import agent_build, agent_messages
from monitor.collectors.endpoint import AgentTimeout, NoAnswer, bounded, explain
from monitor.events import HOOKS_IN_FORCE, HealthDetail, HealthWord, HookGroup, HookOverloads, HookState
from monitor.knowledge.catalogue import Row
from monitor.session.observe import Sink, health_of

CLOCK_EVERY_S: Final = 30.0
DRIFT_PPM: Final = 50
"""How far two clocks may drift apart between pings, in microseconds a second."""
#: An offset with no greater error is good; otherwise it is measured for so long.
_NEAR_US: Final = 3_000
_CLOCK_US: Final = 500_000
PING_S: Final = 10.0
MOVED_US: Final = 100_000
"""A clock of the device's that never jumps did, beyond all errors: what the agent is told by is another one."""

ATTACH_S: Final = 15.0
"""For Frida to reach a process. Its own limits, 5 s here and 25 s through a server, are not those of every step."""
CONNECTION_LOST: Final = "connection-terminated"
FRIDA_GONE: Final = frozenset([CONNECTION_LOST, "device-lost", "server-terminated"])
"""Frida's reason for a detach when Frida ended and not the process."""
_END_NOTICE_S: Final = 2.0
"""Within this time Frida says that a process has ended; calls to it fail before that."""
HEARD_S: Final = 1.5
"""An agent speaks every second: one that has said nothing for longer may be frozen with its process."""
SILENT_S: Final = 5.0
"""So long without any of its messages, one of which comes every second, an agent is cut off."""
HOLD_S: Final = 8.0
"""Android kills a process that has not attached, or published its providers, within 10 s: no hold may be longer."""


def refuse(about: Mapping[str, Any], pid: int) -> None:
    """Raise ``EnvironmentFault`` for a process that the agent, by its own description, cannot watch."""
    arch = printable(str(about["arch"]), 20)
    if arch not in ("x64", "arm64"):
        raise EnvironmentFault(
            f"the app runs as a 32-bit process ({arch}), hooks are for 64-bit ones: none of its calls can be seen",
            where=f"process {pid}",
            hint="install its 64-bit build, if it has one: adb install --abi arm64-v8a",
        )
    if about["available"] and about["flavor"] not in ("jvm", "art"):
        raise EnvironmentFault(f"unknown Java VM {printable(str(about['flavor']), 40)}", where=f"process {pid}")


class Attached:
    """One attached process. Frida calls ``_message`` and ``_detached`` on threads of its own. ``why`` it is late:
    ``ran`` before, ``overrun`` (released before its hooks were active) or ``unproven`` (nothing shows that it waited);
    empty: it was held until they were."""

    def __init__(self, pid: int, name: str, late: bool, sink: Sink, app: str, rows: list[Row]) -> None:
        self.pid, self.name, self.why = pid, name, "ran" if late else ""
        self.held_ms = 0
        self.settled = threading.Event()
        """Its hooks are active, or it could not be attached to."""
        self.loaded = False
        """Its agent is."""
        self.final = False
        """Its end has been reported."""
        self.ended_us = 0
        """When Frida said that it has ended."""
        self.collected = False
        """It has handed over all it held, and the app is about to be stopped: no more is expected of it."""
        self.decoder = agent_messages.Decoder(
            app=app, pid=pid, process=name, rows=rows, to_host=self.to_host, stack_number=sink.stack_number
        )
        self._lock = threading.Lock()
        self._ended = threading.Event()
        """Frida's session with it has."""
        self._offset = Offset(0, 1_000_000)
        self._measured = 0
        """Host time of the last measurement of its clock."""
        self._complete = False
        """The agent has handed over all it had, with its last counts."""
        self._dismissed = False
        """We detached from it ourselves."""
        self._closing = self._silent = False
        self._heard = 0.0
        self._awake_from = self._frozen_at = 0
        """From when, after its last message, its silence counts; when it was last seen frozen."""
        self._sink, self._app, self._rows = sink, app, rows

    def load(self, device: Any, agent: agent_build.Agent, options: Mapping[str, Any], timeout: float) -> None:
        """Load the agent, have rows installed (``hooks/agent/src/installer.ts``) and wait until they are active.
        ``timeout`` in seconds is for an agent that reports no progress: emulated processors are slow. On
        ``EnvironmentFault`` (also for a missing or unsupported JVM) it is detached again."""
        late: EnvironmentFault = NoAnswer(self.pid)
        try:
            self._session = self._attach(device, min(timeout, ATTACH_S))
            late = EnvironmentFault("the agent could not be loaded within 30 s", where=f"process {self.pid}")
            self._session.on("detached", self._detached)
            self._script = self._session.create_script(agent.code, name="monitor")
            self._script.on("message", self._message)
            bounded(self._script.load, 30)
        except TimeoutError:
            raise late from None
        except Exception as error:  # noqa: BLE001 - frida raises many kinds; each becomes one line
            raise explain(error, self.pid) from None
        with self._lock:
            self.loaded = True
            self.decoder.last_seen = now_us()  # one that ends before its first message was not silent for long
        try:
            about = self.call("describe", timeout=10)
            refuse(about, self.pid)
            self._measure()
            rows = [agent_messages.wire(row, self._app) for row in self._rows]
            self.call("install", rows, dict(options), timeout=timeout, patient=True)
            if about["available"]:
                self.call("settled", timeout=timeout, patient=True)
        except EnvironmentFault:
            self._close()
            raise

    def _attach(self, device: Any, timeout: float) -> Any:
        """Frida's session. Raises ``TimeoutError``; what comes later is undone."""
        cancel = frida.Cancellable()  # type: ignore[no-untyped-call]
        over = threading.Event()

        def attach() -> Any:
            with cancel:
                session = device.attach(self.pid)
            if over.is_set():
                session.detach()
            return session

        try:
            return bounded(attach, timeout)
        except TimeoutError:
            over.set()
            cancel.cancel()
            raise

    def call(self, name: str, *args: Any, timeout: float, free: bool = True, patient: bool = False) -> Any:
        """An rpc of the agent (``hooks/agent/src/index.ts``). Raises ``AgentTimeout`` after ``timeout`` seconds, having
        freed the script if wanted; ``EnvironmentFault``. ``patient``: after ``timeout`` seconds in which the agent sent
        nothing, as it does while it installs hooks."""
        heard = (lambda: self._heard) if patient else None
        try:
            return bounded(lambda: getattr(self._script.exports_sync, name)(*args), timeout, heard)
        except TimeoutError:
            how = self._free() if free else "it was left as it is"
            raise AgentTimeout(f"{name} did not answer in {timeout:g} s; {how}", where=f"process {self.pid}") from None
        except Exception as error:  # noqa: BLE001
            raise explain(error, self.pid) from None

    def _free(self) -> str:
        for how, step in (("interrupted", self._script.interrupt), ("terminated", self._script.terminate)):
            try:
                bounded(step, 5)
                bounded(self._script.exports_sync.progress, 3)
            except Exception:  # noqa: BLE001 - not free yet: take the next, stronger step
                continue
            return f"the script was {how}"
        self._ended.set()
        return "the script was terminated"

    def ready(self, agent: agent_build.Agent) -> None:
        """Report how its hooks were installed: held or late, by which agent, with which clock."""
        detail: HealthDetail = {
            "process": self.name, "agent": agent.sha256[:16], "bridge": agent.bridge[:16],
            "frida": frida.__version__, "late": "yes" if self.why else "no", "offset_us": str(self._offset.offset),
            "offset_err_us": str(self._offset.err), "held_ms": str(self.held_ms),
        }  # fmt: skip
        if self.why:
            detail["why"] = self.why
        try:
            about = self.call("describe", timeout=10)
            detail["flavor"], detail["android"], detail["arch"], detail["frida"] = (
                printable(str(about[key]), 60) for key in ("flavor", "android", "arch", "frida")
            )
            if detail["frida"] != frida.__version__:
                detail["expected"] = frida.__version__
            if int(about["deoptimized"]) >= 0:
                detail["deoptimized_ms"] = str(int(about["deoptimized"]))
            if (given := about["given"]) and int(given["passes"]):
                detail["given_up"], detail["given_up_ms"] = str(int(given["methods"])), str(int(given["ms"]))
        except EnvironmentFault as error:
            detail["fault"] = printable(error.message, 200)
        if self.why:
            self.health("late", detail)
        self.health("started", detail)

    def _message(self, message: Mapping[str, Any], _data: Any) -> None:
        try:
            self._heard = time.monotonic()
            if message.get("type") == "send":
                self._payload(message.get("payload"))
            else:
                self.failed(str(message.get("description", "error")))
        except Exception as error:  # noqa: BLE001 - frida would print and forget it
            self.failed(f"handler: {type(error).__name__}")

    def _payload(self, payload: Any) -> None:
        decoder = self.decoder
        with self._lock:
            for out in decoder.feed(payload, now_us()):
                self._sink.emit(out.event, out.values)  # to monitor/record/bus.py
            credits, decoder.credits = decoder.credits, 0
            states, decoder.states = decoder.states, []
            faults, decoder.faults = decoder.faults, []
        if credits:
            try:
                self._script.post({"type": "credit", "n": credits})
            except Exception:  # noqa: BLE001 - the process may end at any moment
                self._ended.set()
        self._hook_states(list(dict.fromkeys(states)), final=False)
        for place, text in faults:
            self.health("failed", {"fault": printable(text, 200), "place": printable(place, 100)})

    def _detached(self, reason: str, *_: Any) -> None:
        first = not self._ended.is_set()
        self._ended.set()
        if first and not self._closing:
            self._finish(str(reason))

    def detach(self) -> None:
        """Remove the hooks and report their final counts; each step is bounded and none raises."""
        # Frida may be late to say that it ended, and to take out hooks that are in use can take longer than that.
        self._dismissed = self.collected or self.quiet_s() < SILENT_S
        self._close()
        self._finish("detached")
        self._dismissed = True

    def _close(self) -> None:
        """Remove the hooks and collect their last counts, unload, detach."""
        if not self._ended.is_set():
            self._closing = True
            for step, limit in ((self._end, 20), (self._script.unload, 20), (self._session.detach, 10)):
                try:
                    bounded(step, limit)
                except Exception as error:  # noqa: BLE001 - closing goes on
                    if not self._ended.wait(_END_NOTICE_S):
                        self.failed(f"closing: {type(error).__name__}")
        self._ended.set()

    def _end(self) -> None:
        self._script.exports_sync.end()
        self._complete = True

    def flush(self) -> None:
        """Collect what the agent still holds, unless it does not answer. Bounded; never raises."""
        try:
            bounded(lambda: self._script.exports_sync.flush(), 5)
        except Exception as error:  # noqa: BLE001 - what was lost shows in the totals
            self.collected = not isinstance(error, TimeoutError)
            if not self._ended.wait(_END_NOTICE_S if self.collected else 0):
                self.failed(f"flushing: {type(error).__name__}")
        else:
            self.collected = True

    def _finish(self, reason: str) -> None:
        """Report final counts and losses, once."""
        decoder, complete = self.decoder, self._complete
        with self._lock:
            if self.final or not self.loaded:
                return
            self.final, self.ended_us = True, now_us()
            for out in decoder.drain(now_us(), force=True):
                self._sink.emit(out.event, out.values)
            silent = self._silent or (not self.collected and self.quiet_s() > SILENT_S)
        self._hook_states(range(len(self._rows)), final=True)
        losses = {
            "messages": decoder.lost_messages,
            "events": decoder.lost_seq,
            "calls": sum(counts.missing(complete=complete) for counts in decoder.counts),
            "unreadable": decoder.bad,
            "recorder": sum(counts.faults for counts in decoder.counts),
            "clock": decoder.ahead,
        }
        for kind, n in losses.items():
            if n:
                self.health("lost", {"kind": kind, "process": self.name}, n)
        tail = "complete" if complete else "unknown, at most one flush interval (50 ms)"
        if silent and not complete:  # what the app did meanwhile is not known: it may have cut the agent off
            tail = "unknown since the agent's last message"
            self.silent()
        self.health("stopped", {"reason": printable(reason, 60), "tail": tail, "process": self.name})

    def wait_held(self, timeout: float) -> bool:
        """Wait until its hooks are active, or it could not be attached to: whether it was held until then. Raises
        ``EnvironmentFault`` after so many seconds in which its agent said nothing; otherwise the device is slow."""
        while not self.settled.wait(timeout):
            if not self.loaded or self.quiet_s() >= timeout:
                raise EnvironmentFault("the hooks were not active in time", where=f"process {self.pid}")
        return not self.why

    @property
    def live(self) -> bool:
        """Whether its agent is, as far as is known, still there to be asked."""
        return self.loaded and not self._ended.is_set()

    def unheard_s(self) -> float:
        """Seconds since the agent's last message."""
        return (now_us() - self.decoder.last_seen) / 1e6

    def watermark(self) -> int | None:
        """Up to when, in the host's time, it has reported all that it saw; None: no more is to be expected of it."""
        over = not self.loaded or self.final or self.collected or self.unheard_s() > SILENT_S
        return None if over else self.decoder.watermark

    def quiet_s(self) -> float:
        """Seconds since the agent's last message in which its process could do anything: it was not frozen."""
        last = self.decoder.last_seen
        until = self._frozen_at if self._frozen_at > last else now_us()
        return (until - max(last, self._awake_from)) / 1e6

    def note_frozen(self, frozen: bool) -> None:
        """Whether its process is frozen now; asked again and again while nothing is heard of it."""
        now, last = now_us(), self.decoder.last_seen
        if self._frozen_at > last:
            self._awake_from = max(last, self._awake_from) + now - self._frozen_at
        self._frozen_at = now if frozen else 0

    def silent(self) -> None:
        """Report, once, that the process went on while its agent said nothing."""
        if not self._silent and not self._dismissed:
            self._silent = True
            since = str(self.decoder.last_seen)
            self.health("lost", {"kind": "silence", "process": self.name, "since_us": since}, 1)

    def _hook_states(self, rows: Sequence[int], final: bool) -> None:
        """Report install states, calls, and overloads found and not (rule R22), which the last report does not
        repeat."""
        if not rows:
            return
        pairs = [(self._rows[row], self.decoder.counts[row]) for row in rows]
        found = [] if final else pairs
        common: dict[str, Any] = {"t": now_us(), "err": 0, "src": "runner", "app": self._app, "pid": self.pid}
        state = HookState(
            **common,
            process=self.name,
            late=bool(self.why),
            final=final,
            states=_groups((counts.state, counts.why, row.id) for row, counts in pairs),
            calls={row.id: counts.exercised for row, counts in pairs if counts.exercised},
            overloads={row.id: c.members for row, c in found if c.members != (c.state in HOOKS_IN_FORCE)},
            differing=[overloads for row, counts in found if (overloads := _differing(row, counts))],
        )
        self._sink.emit(state)

    def keep(self) -> None:
        """Every half second: events waiting for a stack text, and occasionally the clock."""
        if not self.live:
            return
        with self._lock:
            for out in self.decoder.drain(now_us()):
                self._sink.emit(out.event, out.values)
        # One that is silent does not answer: Android may have frozen its process.
        speaks = not self.collected and self.unheard_s() < SILENT_S
        if speaks and self._measured and now_us() - self._measured > CLOCK_EVERY_S * 1e6:
            self._compare_clocks()

    def _compare_clocks(self) -> None:
        before = self.to_host(0)
        try:
            offset = self._measure(free=False)  # the process may have been frozen a moment ago: it will go on
        except EnvironmentFault as error:
            self._measured = now_us()
            if not self.collected and not self._ended.wait(_END_NOTICE_S):
                self.failed(f"clock: {error.message}")
            return
        if abs(offset.offset + before.t) > offset.err + before.err + MOVED_US:
            self.health("lost", {"kind": "clock", "process": self.name}, 1)
        self.health("clock", {"offset_us": str(offset.offset), "err_us": str(offset.err)})

    def _measure(self, *, free: bool = True) -> Offset:
        """Measure the offset of the agent's clock by ten pings, on a busy machine by more. ``free``: as for
        ``call``."""
        pings: list[Ping] = []
        until = now_us() + _CLOCK_US
        while len(pings) < 10 or (estimate(pings).err > _NEAR_US and now_us() < until):
            sent = now_us()
            answer = self.call("ping", timeout=PING_S, free=free)
            pings.append(Ping(sent, int(answer["t"]), now_us()))
        self._offset, self._measured = estimate(pings), now_us()
        return self._offset

    def to_host(self, agent_us: int) -> Interval:
        """An agent time on the host's timeline; the error grows with the age of the measurement."""
        age = max(now_us() - self._measured, 0)
        return self._offset.to_host(agent_us, min(age * DRIFT_PPM // 1_000_000, 1_000_000))

    def failed(self, fault: str) -> None:
        """Report what failed."""
        self.health("failed", {"fault": printable(fault, 300)})

    def health(self, what: HealthWord, detail: HealthDetail, n: int = 0) -> None:
        """A health event of this process."""
        self._sink.emit(health_of("hooks", self._app, what, detail, pid=self.pid, n=n))


def report_off(sink: Sink, app: str, reasons: Sequence[tuple[str, str]]) -> None:
    """Report hooks, each with the reason, that are in no process: what they would have seen is not observable."""
    if reasons:
        groups = _groups(("off", why, hook) for hook, why in reasons)
        sink.emit(HookState(t=now_us(), err=0, src="runner", app=app, states=groups))


def _groups(hooks: Iterable[tuple[str, str, str]]) -> list[HookGroup]:
    """State, reason and hook, grouped by the first two; a reason that is a number says nothing to a reader."""
    groups: dict[tuple[str, str], list[str]] = {}
    for state, why, hook in hooks:
        groups.setdefault((state, "" if why.isdigit() else printable(why, 200)), []).append(hook)
    return [HookGroup(state=state, why=why, hooks=names) for (state, why), names in groups.items()]


def _differing(row: Row, counts: agent_messages.Counts) -> HookOverloads | None:
    listed, found = set(row.overloads), set(counts.signatures)
    if not listed or not found or listed == found:
        return None
    absent, unlisted = sorted(listed - found), sorted(found - listed)
    return HookOverloads(hook=row.id, absent=" ".join(absent)[:300], unlisted=" ".join(unlisted)[:300])
