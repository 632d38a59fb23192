"""A session under way: what it has opened, in the order in which it is closed again, and who is told of its events."""

import contextlib
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import msgspec

from monitor.analysis.correlate.findings import Assessment, Finding
from monitor.analysis.correlate.named import Named
from monitor.analysis.coverage.reference import Reference
from monitor.analysis.rules.load import rule_files
from monitor.assess.tables import keep_identifiers, keep_recipients, keep_tables
from monitor.base.clock import SessionClock, repeated, utc_offset
from monitor.base.errors import EnvironmentFault, InputError, MonitorError
from monitor.collectors.proxy import Config, ProxyWorker
from monitor.events import Event, Health, HealthDetail, HealthWord, KnownValues
from monitor.evidence.bundle import Bundle
from monitor.evidence.seal import WORDS
from monitor.knowledge.wordlists import checked_words
from monitor.record import bus, connection, observers
from monitor.record.inputs import Inputs
from monitor.reports import Front
from monitor.scenario.runner import Outcome as Steps
from monitor.scenario.runner import Progress as StepProgress
from monitor.session import declaration, laboratory, manifest, observe
from monitor.session.options import Options

#: Seconds between two beats of the recorder's own pulse.
EVERY_S: Final = 0.5
#: Microseconds: a smaller difference of two clocks is slewing, or the time between two readings.
_STEP_US: Final = 100_000
#: A busy machine delays a thread by less; more and the recorder was stopped, or the machine asleep.
STALL_US: Final = 5_000_000


class Progress(Protocol):
    """What the terminal shows while a session runs. Called from several threads."""

    def stage(self, key: str) -> None:
        """A stage began: device, install, proxy, hooks, session, seal, report."""

    def step(self, step: StepProgress) -> None:
        """A step of the scenario began."""

    def event(self, event: Event) -> None:
        """An event was logged."""

    def finding(self, finding: Finding) -> None:
        """A finding is new or has changed."""


@dataclass
class Outcome:
    """How a session ended. ``fault``: what cut it short; ``unmet``: expectations of the scenario not met."""

    bundle: Path
    assessment: Assessment
    session: manifest.Session
    steps: Steps | None = None
    fault: MonitorError | None = None
    interrupted: bool = False
    unmet: list[str] = field(default_factory=list)
    front: Front = field(default_factory=Front)
    """What page one of its report says."""
    truth: bytes = b""
    """The stand-in's own log, for tests."""


class Stop:
    """The end of a session, asked for by a person or forced by the first fault: a latch that several threads may set.
    Later faults follow from the first and add nothing."""

    def __init__(self, asked: threading.Event) -> None:
        """``asked`` is set from outside to end the session early (Ctrl-C), and from here when a fault ends it."""
        self.event = asked
        self.fault: MonitorError | None = None
        """The first fault; None if there was none."""
        self._lock = threading.Lock()
        self._halted = False

    @property
    def wanted(self) -> bool:
        """Whether the session is to end."""
        return self.event.is_set()

    @property
    def interrupted(self) -> bool:
        """Whether a person ended it, before any fault did."""
        return self.event.is_set() and not self._halted

    def note(self, fault: MonitorError | None) -> None:
        """Keep a fault that lets the session go on to its end."""
        with self._lock:
            self.fault = self.fault or fault

    def halt(self, fault: MonitorError) -> None:
        """End the session because nothing useful can be recorded any more."""
        with self._lock:
            self.fault = self.fault or fault
            self._halted = self._halted or not self.event.is_set()
            self.event.set()


class Pulse:
    """The recorder's own pulse tells steps of the wall clock, and moments in which the recorder itself did not run.
    ``beat`` is called about every ``EVERY_S`` seconds."""

    def __init__(
        self, clock: SessionClock, emit: Callable[[Health], None], app: Callable[[], str] = lambda: ""
    ) -> None:
        self._clock, self._emit, self._app = clock, emit, app
        self._last, self._ahead, self._asleep = clock.now(), clock.ahead(), clock.asleep()

    def beat(self) -> None:
        """Compare both clocks with the last beat."""
        now, ahead, asleep = self._clock.now(), self._clock.ahead(), self._clock.asleep()
        if abs(step := ahead - self._ahead) >= _STEP_US:
            self._ahead = ahead
            self._report(now, "clock", {"what": "wall clock of the host", "offset_us": str(step)})
        if (missed := now - self._last - int(EVERY_S * 1e6)) >= STALL_US:
            # While only the recorder stands still, agents, proxy and device go on and queue what they have for it.
            slept = asleep - self._asleep
            detail: HealthDetail = {"since_us": str(self._last), "asleep_us": str(slept if slept >= _STEP_US else 0)}
            self._report(now, "stalled", detail, missed // 1000)
        self._last, self._asleep = now, asleep

    def _report(self, t: int, what: HealthWord, detail: HealthDetail, n: int = 0) -> None:
        self._emit(msgspec.structs.replace(observe.health_of("recorder", self._app(), what, detail, n=n), t=t))


class StopRequested(Exception):
    """The session was asked to end before its scenario began."""


class Recording(contextlib.ExitStack):
    """Opened parts are pushed onto it; ``observers`` are called with every event that is in the log, by one thread."""

    def __init__(
        self, options: Options, inputs: Inputs, bundle: Bundle, clock: SessionClock, progress: Progress, stop: Stop
    ) -> None:
        """Writes the inputs down first, so that an interrupted session can be assessed as well."""
        super().__init__()
        self.options, self.inputs, self.bundle, self.clock = options, inputs, bundle, clock
        self.progress, self.stop = progress, stop
        bundle.space.told = stop.halt
        self.session = manifest.Session(
            id=secrets.token_hex(8), start=clock.now(), ended="failed", utc_offset=utc_offset(), **options.stated()
        )
        self._keep_inputs()
        bundle.write_session(self.session)
        self.life, self.bypasses, self.asked = observers.Life(), observers.Bypasses(), observers.Asked()
        self.activity = observers.Activity(traffic=options.mode != "none")
        self.steps: Steps | None = None
        self.references: list[Reference] = []
        self.named = Named({})
        """Of the live assessment: it needs to know which libraries are in the app's file."""
        self.activities: list[str] = []
        self.truth = b""
        self.observers: list[Callable[[Event], None]] = [
            part.feed for part in (self.life, self.bypasses, self.asked, self.activity)
        ]
        self.bus = bus.Bus(
            app=inputs.scenario.header.appId, log=bundle.log, vault=bundle.vault, keep=bundle.blob,
            on_event=self._observe, on_fault=stop.halt,
        )  # fmt: skip

    def _keep_inputs(self) -> None:
        """Put the exact inputs into the bundle and their digests into the manifest."""
        session, inputs, options, bundle = self.session, self.inputs, self.options, self.bundle
        session.versions = manifest.tool_versions()
        session.scenario = inputs.scenario.name
        text, public = inputs.scenario.text.encode(), inputs.scenario.public()
        name = bundle.blob(text, private=True)
        session.scenario_sha256 = name if public == text else bundle.vault.cover(name)
        bundle.add_input("scenario.yaml", public)
        if path := inputs.declaration_path:
            session.declaration_sha256 = bundle.add_input("declaration.yaml", path.read_bytes())
            if declaration.load_declaration(bundle.path / "data/inputs/declaration.yaml") != inputs.declaration:
                raise InputError("it was changed while it was read", where=str(path), hint="run it again")
        if options.consent_words:
            bundle.add_input(WORDS, checked_words(options.consent_words))
        keep_recipients(bundle, inputs.organisations, options.recipients)
        session.digests = keep_tables(bundle, inputs.rows, rule_files(options.rules))
        session.record = laboratory.record_file(options.record)

    def _observe(self, event: Event) -> None:
        """To all observers; ``run.py`` adds the live assessment, which judges by ``Evaluation``
        (``monitor/assess/evaluation.py``)."""
        for feed in self.observers:
            feed(event)

    @property
    def app(self) -> str:
        """Package of the app under test: the scenario's, and after its installation what was installed."""
        return self.bus.app

    def stage(self, key: str) -> None:
        """The next stage before the scenario; none begins once the session has been asked to end."""
        if self.stop.wanted:
            raise StopRequested
        self.progress.stage(key)

    def log(self) -> None:
        """Begin to log; first what was planted by other means and what an earlier session knows."""
        given = self.bus.register_values(self.inputs.identifiers)
        keep_identifiers(self.bundle, given)
        self.bus.start()
        if given:
            self.bus.emit(KnownValues(t=self.session.start, err=0, src="runner", app=self.app, known=given))
        self.callback(self._close_log)
        for event in self.inputs.carried:
            self.bus.emit(event)
        pulse = Pulse(self.clock, self.bus.emit, lambda: self.app)
        self.callback(pulse.beat)  # once more, when its thread has ended
        self.enter_context(repeated(pulse.beat, EVERY_S, "heartbeat"))
        self.enter_context(repeated(self.bundle.space.fault, EVERY_S, "space"))

    def _close_log(self) -> None:
        self.bus.close()
        self.session.counters = dict(sorted(self.bus.counts.items()))
        self.session.lateness_us = self.bus.lateness.most_us
        self.stop.note(self.bus.fault)

    def proxy(self, starting: connection.Starting) -> Future[ProxyWorker] | None:
        """Start the proxy worker; None if it is switched off. Its end before the session's ends that."""
        if starting.proxy is None:
            return None
        config = Config(
            mode=self.options.mode, app=self.app, own_port=True,  # type: ignore[arg-type]
            allow=list(self.options.allow_host), own_ends=not self.options.target.serial,
            keep_bytes=self.options.keep_bodies << 20,
        )  # fmt: skip
        worker = ProxyWorker(self.bus, self.bundle.path, config, starting.proxy.result())

        def feed(event: Event) -> None:
            failed = isinstance(event, Health) and event.component == "proxy" and event.what == "failed"
            if failed and not worker.alive:
                hint = "what was recorded up to then is sealed; check free memory and start again"
                self.stop.halt(EnvironmentFault("the proxy worker ended", where="proxy", hint=hint))

        started = starting.begin(worker.start, lambda _: None)
        self.callback(worker.stop)
        self.callback(started.exception)  # waits for its start
        self.observers.append(feed)
        self.bus.search_by(worker.add_needles)
        return started

    def keep_truth(self, file: Path) -> None:
        """The stand-in's own log, before it goes."""
        self.truth = file.read_bytes() if file.is_file() else b""
