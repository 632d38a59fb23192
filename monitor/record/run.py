"""One recording from start to seal. Whatever happens in between, what was recorded is sealed."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from monitor.analysis.consent.marks import KeptMark
from monitor.analysis.coverage.reference import Reference
from monitor.assess.evaluate import Evaluation
from monitor.assess.kept import keep_identifiers
from monitor.assess.opened import Opened
from monitor.assess.results import write_results
from monitor.clock import SessionClock, session_time, utc_offset
from monitor.collectors.attached import FRIDA_GONE, HOLD_S, switched_off
from monitor.collectors.check import ptrace
from monitor.collectors.device import LogWatcher
from monitor.collectors.endpoint import frida_endpoint
from monitor.collectors.hooks import HookCollector
from monitor.collectors.proxy import ProxyWorker
from monitor.device import screen
from monitor.device.adb import AdbDevice
from monitor.device.journal import Journal
from monitor.device.profile import Profile, profile
from monitor.device.provision import keep_screen
from monitor.device.watch import LogSource
from monitor.errors import EnvironmentFault, InputError, MonitorError, own_fault, printable
from monitor.events import Event, Health
from monitor.evidence.bundle import Bundle
from monitor.record import manifest
from monitor.record.activity import Activity
from monitor.record.bus import Bus, Needle
from monitor.record.heartbeat import beating
from monitor.record.inputs import Inputs, Options, read_inputs
from monitor.record.launch import Launcher
from monitor.record.life import Life
from monitor.record.network import Network, health, tell_capabilities
from monitor.record.outcome import Outcome, Progress, unmet
from monitor.record.outside import REQUEST_S, Asked, prompt, runtime_permissions
from monitor.record.proxy import Proxy
from monitor.record.stop import Stop
from monitor.record.target import (
    Target,
    connected,
    install,
    installed,
    own_processes,
    read_contents,
    require_64_bit,
    require_app,
    require_device,
)
from monitor.record.unpinning import Bypasses, agent_options
from monitor.record.watching import frida_lost
from monitor.scenario.model import Scenario, load_scenario
from monitor.scenario.runner import Outcome as Steps
from monitor.scenario.runner import Runner
from monitor.session import App, Session

#: Seconds between two accounts of the consents.
_CONSENT_S: Final = 0.5


class _Stopped(Exception):
    """The session was asked to end before its scenario began."""


def record(
    options: Options,
    progress: Progress,
    stop: threading.Event | None = None,
    on_device: Callable[[str, int], None] = lambda serial, port: None,
    on_consent: Callable[[list[KeptMark]], None] = lambda marks: None,
) -> Outcome:
    """Record and assess a session. ``stop``: set it to end the session early (Ctrl-C). ``on_device`` is called with the
    device's serial and adb server port as soon as it is ready, ``on_consent`` now and then with the consents observed.

    Raises ``InputError`` for inputs that cannot be used and ``EnvironmentFault`` for a device that is not there, before
    anything is started. A fault after that ends the session; what was recorded is sealed and assessed and the fault is
    in the outcome.
    """
    inputs = read_inputs(options)
    require_app(options.app or inputs.scenario.app)
    require_device(options.device)
    with session_time() as clock:
        bundle = Bundle.create(options.out, options.key)
        stop = stop or threading.Event()
        return _Session(options, inputs, bundle, clock, progress, stop, on_device, on_consent).run()


class _Session:
    """The parts of one run, set up and torn down in order."""

    def __init__(
        self,
        options: Options,
        inputs: Inputs,
        bundle: Bundle,
        clock: SessionClock,
        progress: Progress,
        stop: threading.Event,
        on_device: Callable[[str, int], None],
        on_consent: Callable[[list[KeptMark]], None],
    ) -> None:
        self.options = options
        self.inputs = inputs
        self.bundle = bundle
        self.clock = clock
        self.progress = progress
        self.stop = Stop(stop)
        self.on_device = on_device
        self.on_consent = on_consent
        self._consent_told = 0.0
        self.session = Session(id=secrets.token_hex(8), start=clock.now(), ended="failed", utc_offset=utc_offset())
        self.session.operator = options.marks.by if options.marks else ""
        self.steps: Steps | None = None
        self.truth = b""
        self.references: list[Reference] = []
        self.live = Evaluation(
            inputs.rules, inputs.declaration, inputs.organisations, inputs.sdks, inputs.rows,
            on_finding=progress.finding,
        )  # fmt: skip
        self.processes: list[str] = []
        self.worker: ProxyWorker | None = None
        self.hooks: HookCollector | None = None
        self.frida_lost: Callable[[], threading.Thread | None] = lambda: None
        self.looking: threading.Thread | None = None
        self.life = Life()
        self.network = Network(options.unpin)
        self.bypasses = Bypasses()
        self.asked = Asked()
        self.activity = Activity()

    def run(self) -> Outcome:
        # First the inputs of the session, so that an interrupted one can be assessed as well.
        manifest.complete(self.session, self.inputs, self.options, self.bundle)
        self.bundle.write_session(self.session)
        try:
            self._stage("device")
            with (
                self._bus() as bus,
                beating(self.clock, bus, lambda: bus.app),
                self._proxy(bus) as proxy,
                connected(self.options, self.stop.halt) as target,
            ):
                self._target(target, bus, proxy)
                if target.truth is not None and target.truth.is_file():
                    self.truth = target.truth.read_bytes()
        except MonitorError as error:
            self.stop.note(error)
        except _Stopped:
            pass
        except KeyboardInterrupt:
            self.stop.event.set()
        except Exception as error:  # noqa: BLE001 - whatever it is, what was recorded is sealed
            self.stop.note(own_fault(error))
        return self._end()

    def _stage(self, key: str) -> None:
        """The next stage before the scenario; none begins once the session has been asked to end."""
        if self.stop.wanted:
            raise _Stopped
        self.progress.stage(key)

    def _target(self, target: Target, bus: Bus, proxy: Proxy | None) -> None:
        device = target.device
        self.on_device(target.serial, target.port)
        self.journal = Journal(device)
        self.frida_lost = lambda: frida_lost(device, self.stop.halt)
        left = [*self.journal.undo(), *self.journal.foreign()]  # of a session that was killed, here or elsewhere
        device.note = self.journal.note
        about = profile(device)
        self.session.device = manifest.device(about)
        self._stage("install")
        scenario = self.inputs.scenario
        wanted = self.options.app or scenario.app or scenario.app_id
        if (found := read_contents(wanted, self.inputs)) is not None:
            self.references = manifest.keep_contents(self.bundle, found)
        app, self.processes = install(device, wanted, scenario.app_id)
        if found is not None:
            if found.sha256 != app.apk_sha256:
                raise InputError("it was changed while it was read", where=wanted, hint="run it again")
            app.signer_sha256 = found.signers[0].sha256 if found.signers else ""
        self.session.app = app
        scenario = load_scenario(self.options.scenario, app=app.package)
        bus.app_is(app.package)
        self.bundle.write_session(self.session)
        if app.apk_sha256:
            bus.emit(installed(app))
        for line in left:
            bus.emit(health(app.package, "failed", {"what": "undo", "why": line[:200]}))
        tell_capabilities(bus, app.package, about.capabilities)
        self._observe(target, scenario, app, about, bus, proxy)

    @contextlib.contextmanager
    def _bus(self) -> Iterator[Bus]:
        self._needles: Callable[[list[Needle]], None] = lambda needles: None
        bus = Bus(
            app=self.inputs.scenario.app_id,
            log=self.bundle.log,
            vault=self.bundle.vault,
            keep=lambda data, private: self.bundle.blob(data, private=private),
            on_event=self._seen,
            on_needles=lambda needles: self._needles(needles),
            on_fault=self.stop.halt,
        )
        refs, self._planted = bus.register_values(self.inputs.identifiers)
        keep_identifiers(self.bundle, refs)
        bus.start()
        for event in self.inputs.carried:
            bus.emit(event)
        try:
            yield bus
        finally:
            bus.close()
            self.session.counters = dict(sorted(bus.counts.items()))
            self.stop.note(bus.fault)

    def _seen(self, event: Event) -> None:
        if isinstance(event, Health) and event.component == "proxy" and event.what == "failed":
            self._proxy_failed()
        if isinstance(event, Health) and event.component == "hooks" and event.detail.get("reason") in FRIDA_GONE:
            lost, self.frida_lost = self.frida_lost, lambda: None  # only once, however many processes were attached
            self.looking = lost() or self.looking
        if self.hooks is not None:
            self.hooks.feed(event)
        self.life.feed(event)
        self.network.feed(event)
        self.bypasses.feed(event)
        self.asked.feed(event)
        self.activity.feed(event)
        self.progress.event(self.live.feed(event))
        if (now := time.monotonic()) - self._consent_told > _CONSENT_S:
            self._consent_told = now
            self.on_consent(self.live.marks())

    def _proxy_failed(self) -> None:
        if self.worker is not None and not self.worker.alive:
            hint = "what was recorded up to then is sealed; check free memory and start again"
            self.stop.halt(EnvironmentFault("the proxy worker ended", where="proxy", hint=hint))

    def _observe(
        self, target: Target, scenario: Scenario, app: App, about: Profile, bus: Bus, proxy: Proxy | None
    ) -> None:
        """Proxy, watchers and hooks around the scenario; each is stopped in turn, whatever happened."""
        device = target.device
        with contextlib.ExitStack() as stack:
            stack.callback(self._undo, self.journal.undo, bus, app.package)
            if proxy is not None:
                self._stage("proxy")
                self.network.begin(stack, device, bus, app.package, about, proxy.ready(), self.journal)
            else:
                tell_capabilities(bus, app.package, {"still_screen": keep_screen(device, self.journal)})
            screen.wake(device)
            watcher = LogWatcher(
                bus, app.package, LogSource(device), device.clock_offset,
                flags=lambda: runtime_permissions(device, app.package), prompt=lambda: prompt(device),
                asked=lambda text: self.asked.resolve(
                    text, lambda: runtime_permissions(device, app.package), 0 if self.options.no_hooks else REQUEST_S
                ),
            )  # fmt: skip
            hooks = self.hooks = self._hooks(stack, device, bus, app.package, about.patience)
            launcher = Launcher(
                device, hooks, bus, app.package, self.processes,
                check=self._tracing, ending=bus.app_ends, change=self.journal.make, running=self.network.started,
            )  # fmt: skip
            watcher.start()
            # At the end, in the order of observation: the log, what the agents still hold, the app, the hooks.
            if hooks is not None:
                stack.callback(hooks.stop)
            stack.callback(launcher.close)
            stack.callback(watcher.stop)
            runner = Runner(
                scenario, device, bus, launcher,
                stop=self.stop.event, progress=self.progress.step, clock_moved=lambda _: watcher.clock_moved(),
                marks=self.options.marks,
                allow=self.options.allow, quiet_for=self.activity.quiet_for,
                sent=self.activity.sent if proxy else lambda host, since: True,
            )  # fmt: skip
            self._stage("session")
            try:
                self.steps = runner.run()
                if self.looking is not None:  # an app can end together with Frida: not the app's doing
                    self.looking.join(60)
            finally:
                self.session.frida_start = launcher.way or "none"
                self.session.hooks_ready = launcher.ready
                self.session.process_start = launcher.started
            self.session.ended = "failed" if self.steps.failed or self.steps.stopped else "done"
            if not self.stop.wanted and device.package(app.package) is None:
                self.stop.note(EnvironmentFault("the app was uninstalled meanwhile", where=app.package))

    def _hooks(
        self, stack: contextlib.ExitStack, device: AdbDevice, bus: Bus, package: str, patience: int
    ) -> HookCollector | None:
        """The hooks over the device's Frida endpoint; None if switched off."""
        if self.options.no_hooks:
            switched_off(bus, package, self.inputs.rows, "switched off for this session")
            return None
        self._stage("hooks")
        require_64_bit(device, package)
        port = device.forward(f"tcp:{self.options.frida_port}")
        stack.callback(device.forward_remove, port)
        endpoint = stack.enter_context(frida_endpoint(port))
        changes = agent_options(self.options.unpin, self.worker)
        listed = own_processes(device, package)
        return HookCollector.for_device(
            endpoint, bus, package, self.inputs.rows, changes, listed, HOLD_S * patience, device.user()
        )

    def _tracing(self) -> None:
        """The stand-in's apps run here: check whether this system refuses to let them be traced."""
        if not self.options.device:
            try:
                ptrace()
            except MonitorError as fault:
                self.stop.note(fault)
                raise

    @contextlib.contextmanager
    def _proxy(self, bus: Bus) -> Iterator[Proxy | None]:
        """The proxy worker, started together with the device; None if switched off."""
        mode = self.options.proxy_mode or ("normal" if self.options.device else "sinkhole")
        self.session.proxy_mode = mode
        if mode == "none":
            yield None
            return
        self.session.unpinning = self.options.unpin
        worker = ProxyWorker(
            bus, self.bundle.path, mode=mode, app=self.inputs.scenario.app_id, own_port=True,  # type: ignore[arg-type]
            allow=self.options.allow, own_ends=not self.options.device,
        )  # fmt: skip
        self.worker, self._needles = worker, worker.add_needles
        worker.add_needles(self._planted)
        with Proxy(worker) as proxy:
            yield proxy

    def _undo(self, undo: Callable[[], list[str]], bus: Bus, package: str) -> None:
        for left in undo():
            bus.emit(health(package, "failed", {"what": "undo", "why": left[:200]}))

    def _end(self) -> Outcome:
        """Seal what was recorded, assess it, write the report."""
        self.progress.stage("seal")
        self.session.end = self.clock.now()
        if not self.stop.wanted:
            self.stop.note(self.life.fault())
        if self.stop.fault is not None:  # also one that let the steps go on to their end
            self.session.ended = "failed"
        if interrupted := self.stop.interrupted:
            self.session.ended = "interrupted"
        self.session.cause = self._cause()
        if deviation := self.bypasses.deviation():
            self.session.record.deviations.append(deviation)
        self.bundle.seal(self.session)
        if self.options.timestamp:
            try:
                self.bundle.timestamp(self.options.timestamp)
            except MonitorError as error:  # the bundle is sealed; monitor timestamp can obtain a token later
                self.stop.note(error)
        self.progress.stage("report")
        assessment = self.live.close(self.session.app.permissions, self.references)
        self.on_consent(self.live.marks())
        with Opened.recorded(
            self.bundle, self.session, self.inputs.declaration, self.inputs.organisations, self.inputs.sdks
        ) as opened:
            written = write_results(self.bundle, opened, assessment, self.options.lang)
        outcome = Outcome(
            self.bundle.path, assessment, self.session, self.steps, self.stop.fault,
            interrupted=interrupted, front=written.front, truth=self.truth,
        )  # fmt: skip
        if self.steps and self.session.app.package == self.inputs.scenario.app_id:
            outcome.unmet = unmet(assessment.findings, self.steps)
        return outcome

    def _cause(self) -> str:
        """Why the session ended early, in one line; empty if it did not."""
        if self.stop.fault is not None:
            return printable(self.stop.fault.message, 300)
        if self.steps is not None and self.steps.failed:
            return printable(self.steps.failed, 300)
        return ""
