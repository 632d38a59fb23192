"""One recording from start to seal. Whatever happens in between, what was recorded is sealed."""

import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

import msgspec

from monitor.analysis.consent.timelines import KeptMark
from monitor.analysis.correlate.arrivals import LATENESS_US, allowed
from monitor.analysis.correlate.findings import Assessment
from monitor.analysis.coverage.verdict import Verdict, of_line
from monitor.apk.contents import contents
from monitor.assess import evaluation, render
from monitor.assess.evaluate import evaluate
from monitor.assess.opened import Opened
from monitor.assess.tables import KEPT_CONTENTS
from monitor.base.clock import repeated, session_time
from monitor.base.errors import EnvironmentFault, InputError, MonitorError, own_fault, printable
from monitor.collectors import attached, check
from monitor.collectors.device import LogWatcher
from monitor.collectors.endpoint import frida_endpoint
from monitor.collectors.hooks import HookCollector
from monitor.collectors.proxy import ProxyWorker
from monitor.device import adb, watch
from monitor.device.changes.journal import Journal
from monitor.device.profile import Profile, profile
from monitor.device.provision.apply import keep_screen
from monitor.events import Event
from monitor.evidence.bundle import Bundle
from monitor.record import launch, observers, target
from monitor.record.connection import FridaWatch, Starting, connected, forwarded
from monitor.record.guide import Guide
from monitor.record.inputs import Inputs, precheck, read_inputs
from monitor.record.known import EVERY_S, Identifiers
from monitor.record.network import Network, tell_capabilities
from monitor.record.recording import Outcome, Progress, Recording, Stop, StopRequested
from monitor.scenario import context, model
from monitor.scenario.marks import Marks
from monitor.scenario.runner import Outcome as Steps
from monitor.scenario.runner import Runner
from monitor.session.observe import health_of
from monitor.session.options import Options

#: Seconds between two accounts of the consents.
_CONSENT_S: Final = 0.5


def record(
    options: Options,
    progress: Progress,
    stop: threading.Event | None = None,
    on_device: Callable[[str, int], None] = lambda serial, port: None,
    on_consent: Callable[[list[KeptMark]], None] = lambda marks: None,
    marks: Marks | None = None,
) -> Outcome:
    """Record and assess a session. ``stop``: set it to end the session early (Ctrl-C). ``on_device`` is called with the
    device's serial and adb server port as soon as it is ready, ``on_consent`` now and then with the consents observed.
    ``marks``: what a person marks in a session by hand.

    Raises ``InputError`` for inputs that cannot be used and ``EnvironmentFault`` for a device that is not there, before
    anything is started. A fault after that ends the session; what was recorded is sealed and assessed and the
    fault is in the outcome.
    """
    scenario = precheck(options)
    wanted = options.app or scenario.header.app or scenario.header.appId
    target.require_app(wanted)
    target.require_device(options.target, wanted)
    with session_time() as clock:
        with Starting(options) as starting:
            inputs = read_inputs(options)
            bundle = Bundle.create(options.out, options.key)
            recording = Recording(options, inputs, bundle, clock, progress, Stop(stop or threading.Event()))
            assessing = _Assessing(inputs, progress, on_consent)
            recording.observers.append(assessing.feed)
            recording.named = assessing.evaluation.named
            try:
                with recording:
                    _observe(recording, starting, on_device, marks)
            except MonitorError as error:
                recording.stop.note(error)
            except StopRequested:
                pass
            except KeyboardInterrupt:
                recording.stop.event.set()
            except Exception as error:  # noqa: BLE001 - whatever it is, what was recorded is sealed
                recording.stop.note(own_fault(error))
        return _seal(recording, assessing)


class _Assessing:
    """An observer that judges events as they come, and reports findings and, now and then, the consents observed."""

    def __init__(self, inputs: Inputs, progress: Progress, on_consent: Callable[[list[KeptMark]], None]) -> None:
        self.evaluation = evaluation.Evaluation(
            inputs.rules, inputs.declaration, inputs.organisations, inputs.sdks, inputs.rows,
            on_finding=progress.finding, on_event=progress.event,
        )  # fmt: skip
        self._on_consent = on_consent
        self._reported = 0.0

    def feed(self, event: Event) -> None:
        self.evaluation.feed((event,))
        if (now := time.monotonic()) - self._reported > _CONSENT_S:
            self._reported = now
            self._on_consent(self.evaluation.marks())

    def close(self, recording: Recording) -> Assessment:
        assessment = self.evaluation.close(recording.session.app.permissions, recording.references)
        self._on_consent(self.evaluation.marks())
        return assessment


def _observe(
    recording: Recording, starting: Starting, on_device: Callable[[str, int], None], marks: Marks | None
) -> None:
    """Everything around the scenario, pushed onto the recording; each part is ended in turn, whatever happened."""
    recording.stage("device")
    recording.log()
    proxy = recording.proxy(starting)
    device = recording.enter_context(connected(recording.options.target.serial, starting.device, recording.stop.halt))
    recording.callback(recording.keep_truth, starting.truth)
    on_device(device.serial, device.server_port)
    journal = Journal(device)
    left = journal.left()  # of a session that was killed, here or elsewhere
    device.note = journal.note
    properties = profile(device)
    recording.session.device = properties.device
    recording.stage("install")
    processes = _install(recording, device)
    _report_not_undone(recording, left)
    tell_capabilities(recording.bus, recording.app, properties.capabilities)
    recording.callback(lambda: _report_not_undone(recording, journal.undo()))
    worker, network = None, None
    if proxy is not None:
        recording.stage("proxy")
        level, app, worker = recording.options.unpin, recording.app, proxy.result()
        network = Network(level, recording, device, recording.bus, app, properties, worker, journal)
        recording.observers.append(network.feed)
        own = Identifiers(device, recording.bus, properties.device.api_level)
        own.tell()
        recording.callback(own.tell)
        recording.observers.append(own.feed)
        recording.enter_context(repeated(own.look, EVERY_S, "identifiers"))
    else:
        tell_capabilities(recording.bus, recording.app, {"still_screen": keep_screen(device, journal)})
    device.wake()
    hooks = _hooks(recording, starting, device, properties, worker)
    if network is not None and hooks is not None:
        network.watermark = hooks.watermark
    _run(recording, device, hooks, network, processes, journal, marks)


def _install(recording: Recording, device: adb.AdbDevice) -> list[str]:
    """The app, with what its file holds; returns its further processes."""
    options, inputs, session = recording.options, recording.inputs, recording.session
    wanted = options.app or inputs.scenario.header.app or inputs.scenario.header.appId
    with target.app_file(wanted) as file:
        tables = inputs.rows, inputs.sdks, inputs.organisations, inputs.declaration
        found = contents(file, *tables) if file else None
    if found is not None:  # what the app's file holds is kept for later analyses
        recording.bundle.add_input(KEPT_CONTENTS, msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
        recording.references = found.references
        recording.named.held = {one.sdk: one.outermost for one in found.libraries}
        recording.activities = [one.name for one in found.manifest.components if one.kind == "activity"]
    app, processes, kept = target.install(device, wanted, inputs.scenario.header.appId)
    if found is not None:
        if found.sha256 != app.apk_sha256:
            raise InputError("it was changed while it was read", where=wanted, hint="run it again")
        app.signer_sha256 = found.signers[0].sha256 if found.signers else ""
    session.app = app
    recording.bus.app = app.package
    recording.bundle.write_session(session)
    recording.bus.emit(target.installed(app, kept))
    return processes


def _report_not_undone(recording: Recording, changes: Iterable[str]) -> None:
    for line in changes:
        recording.bus.emit(health_of("device", recording.app, "failed", {"what": "undo", "why": line[:200]}))


def agent_options(level: str, worker: ProxyWorker | None) -> dict[str, Any]:
    """The agent's option: the only certificate for which checks may be bypassed."""
    return {"ca": worker.ca_pem.decode("ascii")} if level == "hooks" and worker is not None else {}


def _hooks(
    recording: Recording, starting: Starting, device: adb.AdbDevice, properties: Profile, worker: ProxyWorker | None
) -> HookCollector | None:
    """The hooks over the device's Frida endpoint; None if switched off."""
    package, rows, options = recording.app, recording.inputs.rows, recording.options
    if starting.agent is None:
        attached.report_off(recording.bus, package, [(row.id, "switched off for this session") for row in rows])
        return None
    recording.stage("hooks")
    target.require_64_bit(device, package)
    port = recording.enter_context(forwarded(device, options.frida_port))
    endpoint = recording.enter_context(frida_endpoint(port))
    starting.agent.result()
    hooks = HookCollector(
        endpoint, recording.bus, package, rows, agent_options(options.unpin, worker),
        processes=target.own_processes(device, package), hold_s=attached.HOLD_S * properties.patience, user=device.user,
        frozen=device.frozen,
    )  # fmt: skip
    recording.callback(hooks.stop)
    recording.observers.append(hooks.feed)
    return hooks


def _run(
    recording: Recording, device: adb.AdbDevice, hooks: HookCollector | None, network: Network | None,
    processes: list[str], journal: Journal, marks: Marks | None,
) -> None:  # fmt: skip
    """The scenario, with the device's log followed. At the end, in the order of observation: the log, what the agents
    still hold, the app, the hooks."""
    package, bus, options, session = recording.app, recording.bus, recording.options, recording.session
    outside = observers.Outside(device, package, recording.asked, hooked=hooks is not None)
    watcher = LogWatcher(
        bus, package, watch.LogSource(device), device.clock_offset,
        flags=outside.flags, prompt=outside.prompt, asked=outside.requested,
    )  # fmt: skip
    launcher = launch.Launcher(
        device, hooks, bus, package, processes,
        check=partial(_require_tracing, recording), ending=bus.app_ends, change=journal.make,
        running=network.started if network else lambda pid: None,
    )  # fmt: skip
    frida = FridaWatch(device, recording.stop.halt)
    recording.observers.append(frida.feed)
    scenario, guide = model.load_scenario(options.scenario, app=package), None
    if any(step.verb == "explore" for step in scenario.steps):
        guide = Guide(package, recording.inputs, recording.activities, lambda: recording.references)
        recording.observers.append(guide.feed)
    watcher.start()
    recording.callback(launcher.close)
    recording.callback(watcher.stop)
    run = context.Run(
        package, device, bus, launcher, stop=recording.stop.event, clock_moved=watcher.clock_moved,
        allow=options.allow_host, quiet_for=recording.activity.quiet_for, sent=recording.activity.sent, marks=marks,
        guide=guide,
    )  # fmt: skip
    runner = Runner(scenario, run, recording.progress.step)
    recording.stage("session")
    try:
        recording.steps = runner.run()
        frida.settled()
    finally:
        session.frida_start, session.hooks_ready = launcher.way or "none", launcher.ready
        session.process_start = launcher.started
    session.ended = "failed" if recording.steps.failed or recording.steps.stopped else "done"
    if not recording.stop.wanted and device.package(package) is None:
        recording.stop.note(EnvironmentFault("the app was uninstalled meanwhile", where=package))


def _require_tracing(recording: Recording) -> None:
    """The stand-in's apps run here: check whether this system refuses to let them be traced."""
    if not recording.options.target.serial:
        try:
            check.ptrace()
        except MonitorError as fault:
            recording.stop.note(fault)
            raise


def _seal(recording: Recording, assessing: _Assessing) -> Outcome:
    """Seal what was recorded, assess it, write the report."""
    session, stop, bundle, steps = recording.session, recording.stop, recording.bundle, recording.steps
    options, inputs = recording.options, recording.inputs
    recording.progress.stage("seal")
    session.end = recording.clock.now()
    if not stop.wanted:
        stop.note(recording.life.fault())
    if stop.fault is not None:  # also one that let the steps go on to their end
        session.ended = "failed"
    if stop.interrupted:
        session.ended = "interrupted"
    session.cause = printable(stop.fault.message if stop.fault else steps.failed if steps else "", 300)
    if deviation := recording.bypasses.deviation():
        session.record.deviations.append(deviation)
    bundle.seal(session)
    if options.timestamp:
        try:
            bundle.timestamp(options.timestamp)
        except MonitorError as error:  # the bundle is sealed; monitor timestamp can obtain a token later
            stop.note(error)
    recording.progress.stage("report")
    assessment = assessing.close(recording)
    with Opened.recorded(bundle, session, inputs.declaration, inputs.organisations, inputs.sdks) as opened:
        # Events came too late for a judgement as they came, or what they say of a message that was judged already.
        if allowed(session.lateness_us) > LATENESS_US or assessing.evaluation.unapplied:
            assessment = evaluate(opened)
        written = render.write_results(bundle, opened, assessment, options.lang)
    return Outcome(
        bundle.path, assessment, session, steps, stop.fault, stop.interrupted,
        _unmet(assessment, steps) if steps and session.app.package == inputs.scenario.header.appId else [],
        written.front, recording.truth,
    )  # fmt: skip


def _unmet(assessment: Assessment, steps: Steps) -> list[str]:
    """Expectations of the scenario that are not met: rule IDs; of a rule that must stay silent with ``!`` where it
    fired, with ``?`` where the session did not test it; one that none of the chosen packs has is nobody's to expect."""
    fired = {finding.rule for finding in assessment.findings if finding.status == "evidenced"}
    open_ = (Verdict.NOT_EXERCISED, Verdict.NOT_OBSERVABLE)
    untested = {line.id for line in assessment.coverage if line.line == "rule" and of_line(line) in open_}
    missing = [rule for rule in dict.fromkeys(steps.expect.fires) if rule not in fired]
    broken = [rule for rule in dict.fromkeys(steps.expect.silent) if rule in fired | untested]
    return missing + [f"{'!' if rule in fired else '?'}{rule}" for rule in broken]
