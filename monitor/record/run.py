"""One recording from start to seal. Whatever happens in between, what was recorded is sealed."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from monitor.analysis.attribution import Joiner, with_declared
from monitor.analysis.findings import Finding
from monitor.clock import now_us
from monitor.collectors.device import LogWatcher
from monitor.collectors.endpoint import frida_endpoint
from monitor.collectors.hooks import HookCollector
from monitor.collectors.proxy import ProxyWorker
from monitor.device.adb import AdbDevice
from monitor.device.profile import Capability, Profile, profile
from monitor.device.provision import provision
from monitor.device.watch import LogSource
from monitor.errors import MonitorError
from monitor.events import Event, Health
from monitor.evidence.bundle import Bundle
from monitor.record import manifest
from monitor.record.bus import Bus, Needle
from monitor.record.inputs import Inputs, Options, keep_identifiers, read_inputs
from monitor.record.judge import Judge, Judgement, write_results
from monitor.record.launch import Launcher
from monitor.record.outside import prompt, runtime_permissions
from monitor.record.proxy import Proxy
from monitor.record.target import Target, connected, install
from monitor.scenario.model import Scenario, load_scenario
from monitor.scenario.runner import Outcome as Steps
from monitor.scenario.runner import Progress as StepProgress
from monitor.scenario.runner import Runner
from monitor.session import App, Session
from monitor.tables import Hosts


class Progress(Protocol):
    """What the terminal shows while a session runs. Called from several threads."""

    def stage(self, key: str) -> None:
        """A stage began: device, install, proxy, hooks, session, seal, report."""

    def step(self, step: StepProgress) -> None:
        """A step of the scenario began."""

    def event(self, event: Event) -> None:
        """An event is in the log."""

    def finding(self, finding: Finding) -> None:
        """A finding is new or says more."""


@dataclass
class Outcome:
    """How a session ended. ``fault`` is what broke it off, ``unmet`` the expectations of the scenario not met."""

    bundle: Path
    judgement: Judgement
    session: Session
    steps: Steps | None = None
    fault: MonitorError | None = None
    interrupted: bool = False
    unmet: list[str] = field(default_factory=list)
    truth: bytes = b""
    """The stand-in's own log, for tests."""


def record(options: Options, progress: Progress, stop: threading.Event | None = None) -> Outcome:
    """Record and judge a session. ``stop``: set it to end the scenario early (Ctrl-C).

    Raises ``InputError`` for inputs that cannot be used, before anything is started. A fault after that ends the
    session; what was recorded is sealed and judged and the fault is in the outcome.
    """
    inputs = read_inputs(options)
    bundle = Bundle.create(options.out, options.key)
    return _Session(options, inputs, bundle, progress, stop or threading.Event()).run()


class _Session:
    """The parts of one run, put together and taken apart in order."""

    def __init__(
        self, options: Options, inputs: Inputs, bundle: Bundle, progress: Progress, stop: threading.Event
    ) -> None:
        self.options = options
        self.inputs = inputs
        self.bundle = bundle
        self.progress = progress
        self.stop = stop
        self.session = Session(id=secrets.token_hex(8), start=now_us(), ended="failed")
        self.steps: Steps | None = None
        self.fault: MonitorError | None = None
        self.truth = b""
        self.judge = Judge(inputs, progress.finding)
        self.processes: list[str] = []

    def run(self) -> Outcome:
        try:
            with self._bus() as bus, self._proxy(bus) as proxy, connected(self.options) as target:
                self._target(target, bus, proxy)
                if target.truth is not None and target.truth.is_file():
                    self.truth = target.truth.read_bytes()
        except MonitorError as error:
            self.fault = self.fault or error
        except KeyboardInterrupt:
            self.stop.set()
        return self._end()

    def _target(self, target: Target, bus: Bus, proxy: Proxy | None) -> None:
        self.progress.stage("device")
        device = target.device
        about = profile(device)
        self.session.device = manifest.device(about)
        self.progress.stage("install")
        scenario = self.inputs.scenario
        app, self.processes = install(device, self.options.app or scenario.app, scenario.app_id)
        self.session.app = app
        scenario = load_scenario(self.options.scenario, app=app.package)
        bus.app_is(app.package, self.inputs.declaration.app_prefixes(app.package))
        self.bundle.write_session(self.session)
        tell_capabilities(bus, app.package, about.capabilities)
        self._observe(target, scenario, app, about, bus, proxy)

    @contextlib.contextmanager
    def _bus(self) -> Iterator[Bus]:
        declaration = self.inputs.declaration
        self._needles: Callable[[list[Needle]], None] = lambda needles: None
        bus = Bus(
            app=self.inputs.scenario.app_id,
            log=self.bundle.log,
            vault=self.bundle.vault,
            keep=lambda data, private: self.bundle.blob(data, private=private),
            packages=with_declared(self.inputs.sdks, declaration),
            app_prefixes=declaration.app_prefixes(self.inputs.scenario.app_id),
            joiner=Joiner(Hosts(self.inputs.organisations), self.inputs.sdks.values(), declaration),
            on_event=self._seen,
            on_needles=lambda needles: self._needles(needles),
        )
        refs, self._planted = bus.know(self.inputs.identifiers)
        keep_identifiers(self.bundle, refs)
        bus.start()
        try:
            yield bus
        finally:
            bus.close()
            self.session.counters = dict(sorted(bus.counts.items()))
            self.fault = self.fault or bus.fault

    def _seen(self, event: Event) -> None:
        self.judge.feed(event)
        self.progress.event(event)

    def _observe(
        self, target: Target, scenario: Scenario, app: App, about: Profile, bus: Bus, proxy: Proxy | None
    ) -> None:
        """Proxy, watchers and hooks around the scenario; each is ended in turn whatever happened."""
        device = target.device
        with contextlib.ExitStack() as stack:
            if proxy is not None:
                self.progress.stage("proxy")
                self._provision(stack, device, bus, app, about, proxy.ready())
            watcher = LogWatcher(
                bus, app.package, LogSource(device), device.clock_offset,
                flags=lambda: runtime_permissions(device, app.package), prompt=lambda: prompt(device),
            )  # fmt: skip
            self.progress.stage("hooks")
            port = device.forward("tcp:27042")
            stack.callback(device.forward_remove, port)
            endpoint = stack.enter_context(frida_endpoint(port))
            hooks = HookCollector.for_device(endpoint, bus, app.package, self.inputs.rows)
            launcher = Launcher(device, hooks, bus, app.package, self.processes)
            watcher.start()
            # At the end, in the order of observation: the log, what the agents hold back, the app, the hooks.
            stack.callback(hooks.stop)
            stack.callback(launcher.close)
            stack.callback(watcher.stop)
            runner = Runner(
                scenario, device, bus, launcher,
                stop=self.stop, progress=self.progress.step, clock_moved=lambda _: watcher.clock_moved(),
            )  # fmt: skip
            self.progress.stage("session")
            try:
                self.steps = runner.run()
            finally:
                self.session.frida_start = launcher.way or "none"
                self.session.hooks_ready = launcher.ready
                self.session.process_start = launcher.started
            self.session.ended = "interrupted" if self.steps.stopped else "failed" if self.steps.failed else "done"

    @contextlib.contextmanager
    def _proxy(self, bus: Bus) -> Iterator[Proxy | None]:
        """The proxy worker, started while the device is; None if there is to be none."""
        mode = self.options.proxy_mode or ("normal" if self.options.device else "sinkhole")
        self.session.proxy_mode = mode
        if mode == "none":
            yield None
            return
        worker = ProxyWorker(bus, self.bundle.path, mode=mode, app=self.inputs.scenario.app_id)  # type: ignore[arg-type]
        self._needles = worker.add_needles
        worker.add_needles(self._planted)
        with Proxy(worker) as proxy:
            yield proxy

    def _provision(
        self, stack: contextlib.ExitStack, device: AdbDevice, bus: Bus, app: App, about: Profile, proxy: ProxyWorker
    ) -> None:
        done = provision(device, proxy.port, proxy.ca_pem, package=app.package, apex=about.apex_store)
        stack.callback(self._undo, done.undo, bus, app.package)
        tell_capabilities(bus, app.package, done.capabilities)
        if done.capabilities["system_ca"].state == "yes":
            proxy.confirm_ca()

    def _undo(self, undo: Callable[[], list[str]], bus: Bus, package: str) -> None:
        for left in undo():
            bus.emit(_health(package, "failed", {"what": "undo", "why": left[:200]}))

    def _end(self) -> Outcome:
        """Seal what there is, judge it, write the report."""
        self.progress.stage("seal")
        self.session.end = now_us()
        if self.stop.is_set():
            self.session.ended = "interrupted"
        manifest.complete(self.session, self.inputs, self.options, self.bundle)
        self.bundle.seal(self.session)
        self.progress.stage("report")
        judgement = self.judge.close()
        write_results(self.bundle, self.session, judgement, self.inputs.rules, self.options.lang)
        outcome = Outcome(
            self.bundle.path, judgement, self.session, self.steps, self.fault,
            interrupted=self.stop.is_set(), truth=self.truth,
        )  # fmt: skip
        if self.steps and self.session.app.package == self.inputs.scenario.app_id:
            outcome.unmet = unmet(judgement.findings, self.steps)
        return outcome


def tell_capabilities(bus: Bus, package: str, capabilities: dict[str, Capability]) -> None:
    """Record what can and cannot be observed on this device, each with its reason."""
    for name, capability in sorted(capabilities.items()):
        detail = {"capability": name, "state": capability.state, "why": capability.reason[:200]}
        bus.emit(_health(package, "capability", detail))


def _health(package: str, what: str, detail: dict[str, str]) -> Health:
    return Health(t=now_us(), err=0, src="runner", app=package, component="device", what=what, detail=detail)


def unmet(findings: list[Finding], steps: Steps) -> list[str]:
    """Expectations of the scenario that the findings do not meet: rule ids, with ``!`` for one that must be silent."""
    fired = {finding.rule for finding in findings if finding.status == "evidenced"}
    missing = [rule for rule in dict.fromkeys(steps.expect.fires) if rule not in fired]
    return missing + [f"!{rule}" for rule in dict.fromkeys(steps.expect.silent) if rule in fired]
