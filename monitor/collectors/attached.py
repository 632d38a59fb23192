"""An attached process: its agent, the agent's messages, and the reports on both and on the rows of its hooks."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast

import frida

from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, printable
from monitor.collectors.agent_build import Agent
from monitor.collectors.agent_messages import Counts, Decoder
from monitor.collectors.agent_session import END_NOTICE_S, AgentSession, wire
from monitor.events import HOOKS_IN_FORCE, HealthDetail, HealthWord, HookGroup, HookOverloads, HookState
from monitor.knowledge.catalogue import Row
from monitor.session.observe import Sink, health_of

CLOCK_EVERY_S: Final = 30.0

CONNECTION_LOST: Final = "connection-terminated"
FRIDA_GONE: Final = frozenset([CONNECTION_LOST, "device-lost", "server-terminated"])
"""Frida's reason for a detach when Frida ended and not the process."""
MOVED_US: Final = 100_000
"""A clock of the device's that never jumps did, beyond all errors: what the agent is told by is another one."""
HEARD_S: Final = 1.5
"""An agent speaks every second: one that has said nothing for longer may be frozen with its process."""
SILENT_S: Final = 5.0
"""So long without any of its messages, one of which comes every second, an agent is cut off."""
HOLD_S: Final = 8.0
"""Android kills a process that has not attached, or published its providers, within 10 s: no hold may be longer."""


class Attached:
    """One attached process.

    ``why`` it is late: ``ran`` before, ``overrun`` (released before its hooks were active) or ``unproven`` (nothing
    shows that it waited); empty: it was held until they were.
    """

    def __init__(self, pid: int, name: str, late: bool, sink: Sink, app: str, rows: list[Row]) -> None:
        self.pid, self.name, self.why = pid, name, "ran" if late else ""
        self.held_ms = 0
        self.settled = threading.Event()
        """Its hooks are active, or it could not be attached to."""
        self.lock = threading.Lock()
        self.session: AgentSession | None = None
        """None before its agent is loaded; what its decoder is given came from there."""
        self.decoder = Decoder(
            app=app, pid=pid, process=name, rows=rows, stack_number=sink.stack_number,
            to_host=lambda us: cast("AgentSession", self.session).to_host(us),
        )  # fmt: skip
        self.final = False
        self.ended_us = 0
        """When Frida said that it has ended."""
        self.collected = False
        """It has handed over all it held, and the app is about to be stopped: no more is expected of it."""
        self.dismissed = False
        """We detached from it ourselves."""
        self._silent = False
        self._since = 0
        """The last message before its process was frozen."""
        self._frozen_us = self._frozen_at = 0
        """For how long since then; when it was last seen frozen, 0 = it is not."""
        self._sink, self._app, self._rows = sink, app, rows

    def load(self, device: Any, code: str, options: Mapping[str, Any], timeout: float) -> AgentSession:
        """Load the agent and wait until its hooks are active. On ``EnvironmentFault`` it is detached again."""
        session: AgentSession | None = None
        try:
            session = AgentSession(
                device, self.pid, code, on_message=self._payload, on_end=self.finish,
                on_fault=lambda text: self.health("failed", {"fault": text}), timeout=timeout,
            )  # fmt: skip
            with self.lock:
                self.session = session
                self.decoder.last_seen = now_us()  # one that ends before its first message was not silent for long
            session.install([wire(row, self._app) for row in self._rows], options, timeout)
        except EnvironmentFault:
            if session is not None:
                session.close()
            raise
        return session

    def ready(self, session: AgentSession, agent: Agent) -> None:
        """Report how its hooks were installed: held or late, by which agent, with which clock."""
        detail: HealthDetail = {
            "process": self.name, "agent": agent.sha256[:16], "bridge": agent.bridge[:16],
            "frida": frida.__version__, "late": "yes" if self.why else "no", "offset_us": str(session.offset.offset),
            "offset_err_us": str(session.offset.err), "held_ms": str(self.held_ms),
        }  # fmt: skip
        if self.why:
            detail["why"] = self.why
        try:
            about = session.call("describe", timeout=10)
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

    def _payload(self, payload: Any) -> None:
        decoder = self.decoder
        with self.lock:
            if self.session is None:
                return
            for out in decoder.feed(payload, now_us()):
                self._sink.emit(out.event, out.values)  # to monitor/record/bus.py
            credits, decoder.credits = decoder.credits, 0
            states, decoder.states = decoder.states, []
            faults, decoder.faults = decoder.faults, []
        if credits:
            self.session.credit(credits)
        self._hook_states(list(dict.fromkeys(states)), final=False)
        for place, text in faults:
            self.health("failed", {"fault": printable(text, 200), "place": printable(place, 100)})

    def finish(self, reason: str, *, complete: bool = False) -> None:
        """Report final counts and losses, once. ``complete``: the agent's last counts are among what was received."""
        decoder = self.decoder
        with self.lock:
            if self.final or self.session is None:
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
            if self.session is None or self.quiet_s() >= timeout:
                raise EnvironmentFault("the hooks were not active in time", where=f"process {self.pid}")
        return not self.why

    @property
    def live(self) -> AgentSession | None:
        """Its session, as far as is known still there to be asked."""
        return None if self.session is None or self.session.ended.is_set() else self.session

    def unheard_s(self) -> float:
        """Seconds since the agent's last message."""
        return (now_us() - self.decoder.last_seen) / 1e6

    def watermark(self) -> int | None:
        """Up to when, in the host's time, it has reported all that it saw; None: no more is to be expected of it."""
        over = self.session is None or self.final or self.collected or self.unheard_s() > SILENT_S
        return None if over else self.decoder.watermark

    def quiet_s(self) -> float:
        """Seconds since the agent's last message in which its process could do anything: it was not frozen."""
        if self._since != self.decoder.last_seen:
            return self.unheard_s()
        still = now_us() - self._frozen_at if self._frozen_at else 0
        return self.unheard_s() - (self._frozen_us + still) / 1e6

    @property
    def frozen(self) -> bool:
        """As it was when last asked."""
        return self._frozen_at > 0

    def note_frozen(self, frozen: bool) -> None:
        """Whether its process is frozen now; asked again and again while nothing is heard of it."""
        now = now_us()
        if self._since != self.decoder.last_seen:
            self._since, self._frozen_us, self._frozen_at = self.decoder.last_seen, 0, 0
        if self._frozen_at:
            self._frozen_us += now - self._frozen_at
        self._frozen_at = now if frozen else 0

    def silent(self) -> None:
        """Report, once, that the process went on while its agent said nothing."""
        if not self._silent and not self.dismissed:
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
        if (session := self.live) is None:
            return
        with self.lock:
            for out in self.decoder.drain(now_us()):
                self._sink.emit(out.event, out.values)
        # One that is silent does not answer: Android may have frozen its process.
        speaks = not self.collected and self.unheard_s() < SILENT_S
        if speaks and session.measured and now_us() - session.measured > CLOCK_EVERY_S * 1e6:
            self._measure(session)

    def _measure(self, session: AgentSession) -> None:
        before = session.to_host(0)
        try:
            offset = session.clock(free=False)  # the process may have been frozen a moment ago: it will go on
        except EnvironmentFault as error:
            session.measured = now_us()
            # Of a process that has just ended this fails before Frida says so.
            if not self.collected and not session.ended.wait(END_NOTICE_S):
                self.health("failed", {"fault": printable(f"clock: {error.message}", 200)})
            return
        if abs(offset.offset + before.t) > offset.err + before.err + MOVED_US:
            self.health("lost", {"kind": "clock", "process": self.name}, 1)
        self.health("clock", {"offset_us": str(offset.offset), "err_us": str(offset.err)})

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


def _differing(row: Row, counts: Counts) -> HookOverloads | None:
    listed, found = set(row.overloads), set(counts.signatures)
    if not listed or not found or listed == found:
        return None
    absent, unlisted = sorted(listed - found), sorted(found - listed)
    return HookOverloads(hook=row.id, absent=" ".join(absent)[:300], unlisted=" ".join(unlisted)[:300])
