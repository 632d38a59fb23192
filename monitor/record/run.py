"""One recording from start to seal. Whatever happens in between, what was recorded is sealed."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator

import msgspec

from monitor.analysis.attribution import Joiner, with_declared
from monitor.clock import now_us
from monitor.collectors.check import ptrace
from monitor.collectors.device import LogWatcher
from monitor.collectors.endpoint import frida_endpoint
from monitor.collectors.hooks import HookCollector
from monitor.collectors.proxy import ProxyWorker
from monitor.device.adb import AdbDevice
from monitor.device.profile import Capability, Profile, profile
from monitor.device.provision import provision
from monitor.device.quic import count_rejected
from monitor.device.watch import LogSource
from monitor.errors import EnvironmentFault, MonitorError, own_fault
from monitor.events import Connection, Event, Health
from monitor.evidence.bundle import Bundle
from monitor.record import manifest
from monitor.record.bus import Bus, Needle
from monitor.record.inputs import Inputs, Options, keep_identifiers, read_inputs
from monitor.record.judge import Judge, write_results
from monitor.record.launch import Launcher
from monitor.record.life import Life
from monitor.record.outcome import Outcome, Progress, unmet
from monitor.record.outside import Asked, prompt, runtime_permissions
from monitor.record.ports import Ports
from monitor.record.proxy import Proxy
from monitor.record.target import Target, connected, install, installed, require_app
from monitor.record.unpinning import Bypasses, agent_options, certificate, level_used
from monitor.scenario.model import Scenario, load_scenario
from monitor.scenario.runner import Outcome as Steps
from monitor.scenario.runner import Runner
from monitor.session import App, Session
from monitor.tables import Hosts


class _Stopped(Exception):
    """The session is to end before its scenario began."""


def record(
    options: Options,
    progress: Progress,
    stop: threading.Event | None = None,
    on_device: Callable[[str, int], None] = lambda serial, port: None,
) -> Outcome:
    """Record and judge a session. ``stop``: set it to end the session early (Ctrl-C). ``on_device`` is told serial and
    adb server port of the device as soon as it is there.

    Raises ``InputError`` for inputs that cannot be used, before anything is started. A fault after that ends the
    session; what was recorded is sealed and judged and the fault is in the outcome.
    """
    inputs = read_inputs(options)
    require_app(options.app or inputs.scenario.app)
    bundle = Bundle.create(options.out, options.key)
    return _Session(options, inputs, bundle, progress, stop or threading.Event(), on_device).run()


class _Session:
    """The parts of one run, put together and taken apart in order."""

    def __init__(
        self,
        options: Options,
        inputs: Inputs,
        bundle: Bundle,
        progress: Progress,
        stop: threading.Event,
        on_device: Callable[[str, int], None],
    ) -> None:
        self.options = options
        self.inputs = inputs
        self.bundle = bundle
        self.progress = progress
        self.stop = stop
        self.on_device = on_device
        self.session = Session(id=secrets.token_hex(8), start=now_us(), ended="failed")
        self.steps: Steps | None = None
        self.fault: MonitorError | None = None
        self.truth = b""
        self.judge = Judge(inputs, progress.finding)
        self.processes: list[str] = []
        self.worker: ProxyWorker | None = None
        self.halted = False
        self.life = Life()
        self.ports = Ports()
        self.bypasses = Bypasses()
        self.quic = 0
        self.asked = Asked()

    def run(self) -> Outcome:
        # First of all what a session depends on, so that one that is broken off can be judged, too.
        manifest.complete(self.session, self.inputs, self.options, self.bundle)
        self.bundle.write_session(self.session)
        try:
            self._stage("device")
            with self._bus() as bus, self._proxy(bus) as proxy, connected(self.options, self._halt) as target:
                self._target(target, bus, proxy)
                if target.truth is not None and target.truth.is_file():
                    self.truth = target.truth.read_bytes()
        except MonitorError as error:
            self.fault = self.fault or error
        except _Stopped:
            pass
        except KeyboardInterrupt:
            self.stop.set()
        except Exception as error:  # noqa: BLE001 - whatever it is, what was recorded is sealed
            self.fault = self.fault or own_fault(error)
        return self._end()

    def _stage(self, key: str) -> None:
        """The next stage before the scenario; none begins once the session is to end."""
        if self.stop.is_set():
            raise _Stopped
        self.progress.stage(key)

    def _halt(self, fault: MonitorError) -> None:
        """End the scenario because nothing of worth can be recorded any more."""
        self.fault = self.fault or fault
        self.halted = self.halted or not self.stop.is_set()
        self.stop.set()

    @property
    def _interrupted(self) -> bool:
        return self.stop.is_set() and not self.halted

    def _target(self, target: Target, bus: Bus, proxy: Proxy | None) -> None:
        device = target.device
        self.on_device(target.serial, target.port)
        about = profile(device)
        self.session.device = manifest.device(about)
        self._stage("install")
        scenario = self.inputs.scenario
        app, self.processes = install(device, self.options.app or scenario.app, scenario.app_id)
        self.session.app = app
        scenario = load_scenario(self.options.scenario, app=app.package)
        bus.app_is(app.package, self.inputs.declaration.app_prefixes(app.package))
        self.bundle.write_session(self.session)
        if app.apk_sha256:
            bus.emit(installed(app))
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
            joiner=Joiner(Hosts(self.inputs.organisations), self.inputs.sdks.values(), declaration, self.ports.foreign),
            on_event=self._seen,
            on_needles=lambda needles: self._needles(needles),
            on_fault=self._halt,
        )
        refs, self._planted = bus.know(self.inputs.identifiers)
        keep_identifiers(self.bundle, refs)
        bus.start()
        for event in self.inputs.carried:
            bus.emit(event)
        try:
            yield bus
        finally:
            bus.close()
            self.session.counters = dict(sorted(bus.counts.items()))
            self.fault = self.fault or bus.fault

    def _seen(self, event: Event) -> None:
        if isinstance(event, Health) and event.component == "proxy" and event.what == "failed":
            self._proxy_failed()
        self.life.feed(event)
        self.ports.feed(event)
        self.bypasses.feed(event)
        if isinstance(event, Connection) and (event.protocol, event.port) == ("udp", 443):
            self.quic += event.count
        self.asked.feed(event)
        self.judge.feed(event)
        self.progress.event(event)

    def _proxy_failed(self) -> None:
        if self.worker is not None and not self.worker.alive:
            hint = "what was recorded until then is sealed; is there memory enough? Else start again"
            self._halt(EnvironmentFault("the proxy worker ended", where="proxy", hint=hint))

    def _observe(
        self, target: Target, scenario: Scenario, app: App, about: Profile, bus: Bus, proxy: Proxy | None
    ) -> None:
        """Proxy, watchers and hooks around the scenario; each is ended in turn whatever happened."""
        device = target.device
        with contextlib.ExitStack() as stack:
            if proxy is not None:
                self._stage("proxy")
                self._provision(stack, device, bus, app, about, proxy.ready())
            watcher = LogWatcher(
                bus, app.package, LogSource(device), device.clock_offset,
                flags=lambda: runtime_permissions(device, app.package), prompt=lambda: prompt(device),
                asked=lambda text: self.asked.by(text, lambda: runtime_permissions(device, app.package)),
            )  # fmt: skip
            self._stage("hooks")
            port = device.forward("tcp:27042")
            stack.callback(device.forward_remove, port)
            endpoint = stack.enter_context(frida_endpoint(port))
            changes = agent_options(self.options.unpin, self.worker)
            hooks = HookCollector.for_device(endpoint, bus, app.package, self.inputs.rows, changes)
            launcher = Launcher(
                device, hooks, bus, app.package, self.processes,
                check=self._tracing, ending=bus.app_ends,
            )  # fmt: skip
            watcher.start()
            # At the end, in the order of observation: the log, what the agents hold back, the app, the hooks.
            stack.callback(hooks.stop)
            stack.callback(launcher.close)
            stack.callback(watcher.stop)
            runner = Runner(
                scenario, device, bus, launcher,
                stop=self.stop, progress=self.progress.step, clock_moved=lambda _: watcher.clock_moved(),
            )  # fmt: skip
            self._stage("session")
            try:
                self.steps = runner.run()
            finally:
                self.session.frida_start = launcher.way or "none"
                self.session.hooks_ready = launcher.ready
                self.session.process_start = launcher.started
            self.session.ended = "failed" if self.steps.failed or self.steps.stopped else "done"

    def _tracing(self) -> None:
        """The stand-in's apps run here: is it this system that does not let them be traced?"""
        if not self.options.device:
            try:
                ptrace()
            except MonitorError as fault:
                self.fault = self.fault or fault
                raise

    @contextlib.contextmanager
    def _proxy(self, bus: Bus) -> Iterator[Proxy | None]:
        """The proxy worker, started while the device is; None if there is to be none."""
        mode = self.options.proxy_mode or ("normal" if self.options.device else "sinkhole")
        self.session.proxy_mode = mode
        if mode == "none":
            yield None
            return
        self.session.unpinning = self.options.unpin
        worker = ProxyWorker(bus, self.bundle.path, mode=mode, app=self.inputs.scenario.app_id)  # type: ignore[arg-type]
        self.worker, self._needles = worker, worker.add_needles
        worker.add_needles(self._planted)
        with Proxy(worker) as proxy:
            yield proxy

    def _provision(
        self, stack: contextlib.ExitStack, device: AdbDevice, bus: Bus, app: App, about: Profile, proxy: ProxyWorker
    ) -> None:
        level = self.options.unpin
        done = provision(device, proxy.port, certificate(proxy, level), package=app.package, apex=about.apex_store)
        bus.emit(level_used(app.package, level))
        stack.callback(self._undo, done.undo, bus, app.package)
        self.ports.begin(device, bus, app.package, proxy.port)
        stack.callback(self.ports.end)
        if done.capabilities["quic_block"].state == "yes":
            stack.callback(self._tell_quic, device, bus, app.package)
        tell_capabilities(bus, app.package, done.capabilities)
        if done.capabilities["system_ca"].state == "yes":
            proxy.confirm_ca()

    def _tell_quic(self, device: AdbDevice, bus: Bus, package: str) -> None:
        """How many packets of QUIC were turned away: what the app would have sent past the proxy; and seen by hooks."""
        try:
            found = device.package(package)
            count = count_rejected(device, found.uid) if found else None
        except MonitorError:
            count = None
        event = _health(package, "quic_rejected", {"counted": "no" if count is None else "yes", "seen": str(self.quic)})
        bus.emit(msgspec.structs.replace(event, n=count or 0))

    def _undo(self, undo: Callable[[], list[str]], bus: Bus, package: str) -> None:
        for left in undo():
            bus.emit(_health(package, "failed", {"what": "undo", "why": left[:200]}))

    def _end(self) -> Outcome:
        """Seal what there is, judge it, write the report."""
        self.progress.stage("seal")
        self.session.end = now_us()
        if not self.stop.is_set():
            self.fault = self.fault or self.life.fault()
        if interrupted := self._interrupted:
            self.session.ended = "interrupted"
        if deviation := self.bypasses.deviation():
            self.session.record.deviations.append(deviation)
        self.bundle.seal(self.session)
        self.progress.stage("report")
        judgement = self.judge.close()
        write_results(self.bundle, self.session, judgement, self.inputs.rules, self.options.lang)
        outcome = Outcome(
            self.bundle.path, judgement, self.session, self.steps, self.fault,
            interrupted=interrupted, truth=self.truth,
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
