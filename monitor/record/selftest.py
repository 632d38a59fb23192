"""``monitor device selftest``: everything that a session depends on, tested on this device and then undone.

Each line is one check. What is unavailable here (no root, no Frida) is reported with its consequence; what should work
and does not fails the test.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from monitor.base.checks import Check, State, failed, tried
from monitor.base.errors import EnvironmentFault, MonitorError
from monitor.collectors import attached, proxy
from monitor.collectors import check as collectors
from monitor.collectors.endpoint import frida_endpoint, require_same
from monitor.collectors.hooks import HookCollector
from monitor.device import adb, apps
from monitor.device import checks as device_side
from monitor.device.changes.journal import Journal
from monitor.device.checks import run_parsers, write_sendable
from monitor.device.profile import Capability, Profile, profile
from monitor.device.provision import apply, frida_server, plan
from monitor.device.provision.route import Route
from monitor.events import Health, Lifecycle, Transmission
from monitor.knowledge.catalogue import load_catalogue
from monitor.record import connection, doctor, launch, target
from monitor.record import selftest_lines as lines
from monitor.record.selftest_lines import NEIGHBOUR, Observations, line, until

SAMPLE: Final = "shop"
_ABORT: Final = re.compile(r"Abort message: '([^'\n]{1,200})'")


def run(
    serial: str, app: str = "", *, raw: Path | None = None, send: Path | None = None, frida_port: int = 27042
) -> list[Check]:
    """Every line, in order. ``app``: a file, a package or a bundled app to launch; empty = the sample app, which a
    phone rejects. ``raw``: a directory for the commands' output, which may hold personal values; ``send``: a file for
    the same without them, and this table. Raises ``MonitorError`` if the device cannot be reached at all."""
    device = connection.reach(serial)
    journal = Journal(device)
    left = journal.left()
    own_proxy, zygotes = plan.proxy_settings(device), frida_server.zygotes(device)
    properties = profile(device)
    checks = [*device_side.check_device(device)[:1], tried("root", lambda: doctor.root(device), needed=False)]
    checks += [line("undo", "fail", fault) for fault in left]
    with connection.forwarded(device, frida_port) as here:
        endpoint = collectors.check_endpoint(here)
        # Without Frida a session can still be recorded, so this only warns; a Frida that cannot be used is a fault.
        warning = {"state": "warn", "needed": False}
        absent = endpoint[0].state == "fail" and endpoint[0].name == "frida_endpoint"
        checks += [msgspec.structs.replace(endpoint[0], **warning if absent else {}), *endpoint[1:]]
        found, outputs = run_parsers(device)
        checks += found
        checks.append(tried("clock", lambda: _clock(device)))
        checks += _Rounds(device, properties, journal, app, here, hooks=endpoint[0].state == "ok").run()
    checks.append(tried("kill", lambda: _killed(device, journal, own_proxy)))
    changed = plan.changed_proxy(plan.proxy_settings(device), own_proxy)
    wrong = f"{changed} is not as it was before" if changed else ""
    checks.append(lines.unless("proxy_back", wrong, "as it was before"))
    fault = frida_server.zygote_fault(zygotes, frida_server.zygotes(device))  # of the process that apps come from
    wrong = f"{fault} while Frida was in use" if fault else ""
    checks.append(lines.unless("zygote", wrong, "alive, the same as at the beginning"))
    if send is not None:
        checks.append(tried("sent", lambda: write_sendable(send, device, outputs, checks), needed=False))
    if raw is not None:
        checks.append(tried("saved", lambda: f"{device_side.save(outputs, raw)} files", needed=False))
    return checks


class _Rounds:
    """One app, started once, behind our own proxy, which lets nothing out."""

    def __init__(
        self, device: adb.AdbDevice, properties: Profile, journal: Journal, app: str, port: int, *, hooks: bool
    ) -> None:
        self.device, self.properties, self.journal, self.port = device, properties, journal, port
        self.hooks = hooks
        self.wanted = app or SAMPLE
        self.observed = Observations()
        self.checks: list[Check] = []

    def run(self) -> list[Check]:
        try:
            app, processes, _ = target.install(self.device, self.wanted, "")
        except MonitorError as error:
            return [line("app", "warn", f"{error.message}; name one with --app")]
        self.checks.append(line("app", "ok", f"{app.package} {app.version}", needed=True))
        with tempfile.TemporaryDirectory(prefix="monitor-selftest-") as home:
            worker = proxy.ProxyWorker(self.observed, Path(home), proxy.Config(app=app.package, own_port=True))
            try:
                worker.start()
                self._through(worker, app.package, processes)
            except MonitorError as error:
                self.checks.append(failed("route", error))
            finally:
                worker.stop()
                self.checks.append(tried("undo", lambda: _undone(self.device, self.journal)))
        return self.checks

    def _through(self, worker: proxy.ProxyWorker, package: str, processes: list[str]) -> None:
        pem = worker.ca_pem
        done = apply.provision(
            self.device, worker.port, pem, package=package, apex=self.properties.apex_store,
            api=self.properties.device.api_level, journal=self.journal, app_port=worker.own_port,
        )  # fmt: skip
        apart = done.capabilities["traffic_owner"]
        owned = apart.state == "yes"
        if not done.route.keeps_ports:
            worker.tell_apart(owned)
        self._say("route", done.capabilities["proxy"], wrong="no")
        self._say("apart", apart)
        self._say("quic", done.capabilities["quic_block"])
        self.checks.append(tried("awake", self._awake))
        ca = done.capabilities["system_ca"]
        if pid := self._start(package, processes):
            user = self.device.user
            uids = (process.uid for process in self.device.running() if process.pid == pid and process.uid >= 0)
            started = next((uid // apps.PER_USER for uid in uids), user)
            here = f"user {user} is in the foreground"
            wrong = f"{here}, and user {started}'s copy of the app was started" if started != user else ""
            self.checks.append(lines.unless("user", wrong, f"{here}, whose copy of the app runs"))
            ca = apply.trusted(self.device, pid, done, pem) if ca.state == "unknown" else ca
            self._say("ca", ca, wrong="no")
        self.checks.append(tried("screen", lambda: self._screen(package)))
        self.checks.append(self._traffic(owned=owned, readable=ca.state == "yes"))
        self.checks.append(lines.tls(ca.state, self.observed.over_tls(), len(self.observed.refusals()), owned=owned))
        neighbour = tried("neighbour", lambda: self._neighbour(done.route), needed=False)
        if any(event.host == NEIGHBOUR and not event.unowned for event in self.observed.of(Transmission)):
            neighbour = line("neighbour", "fail", "another app's request was attributed to the app")
        self.checks.append(neighbour)
        self.device.stop(package)

    def _say(self, name: str, capability: Capability, wrong: str = "") -> None:
        bad: State = "fail" if capability.state == wrong and self.device.rooted() else "warn"
        self.checks.append(line(name, "ok" if capability.state == "yes" else bad, capability.reason))

    def _start(self, package: str, processes: list[str]) -> int:
        """Start the app as a session does; one line for each observation of its start. Where its hooks fail, it is
        started without them for the lines that follow."""
        if not self.hooks:
            pid = self.device.start_now(package)
            self.checks.append(line("start", "warn", "without hooks"))
            return pid
        try:
            target.require_64_bit(self.device, package)
            with frida_endpoint(self.port) as endpoint:
                return self._hooked(endpoint, package, processes)
        except MonitorError as error:
            # Frames of our own script say nothing to a reader.
            without_stack = re.split(r"(?:\n|\\u000a)\s+at ", str(error))[0]
            # If the app's runtime ended itself, the device's log says why: Frida only knows that it is gone.
            aborts = _ABORT.findall(self.device.shell(["logcat", "-d", "-t", "300"]).out)
            said = f"the app's runtime ended when the hooks were loaded: {aborts[-1]}" if aborts else without_stack
            self.checks.append(line("start", "fail", said))
        with contextlib.suppress(MonitorError):
            self.device.stop(package)
            return self.device.start_now(package)
        return 0

    def _hooked(self, endpoint: object, package: str, processes: list[str]) -> int:
        observed = self.observed
        collector = HookCollector(
            endpoint, observed, package, load_catalogue(), processes=target.own_processes(self.device, package),
            hold_s=attached.HOLD_S * self.properties.patience, user=self.device.user,
        )  # fmt: skip
        launcher = launch.Launcher(self.device, collector, observed, package, processes, change=self.journal.make)
        try:
            pid = launcher(package)
            late = launcher.way == "late"
            if not late:  # else it was created before there were hooks to see it
                until(lambda: all(observed.of(Lifecycle, f"{what}_created") for what in ("application", "activity")))
            started = next((event.detail for event in observed.of(Health, "started") if event.pid == pid), {})
            held = "" if late else f", held {started.get('held_ms', '?')} ms"
            self.checks.append(line("start", "warn" if late else "ok", launcher.way + held))
            self._engine(collector, pid)
            # The version that runs inside the app: an endpoint without a process of its own tells none.
            agents = started.get("frida", "unknown")
            self.checks.append(tried("frida_agent", lambda: require_same(agents), needed=False))
            self.checks.append(tried("first_line", lambda: self._first_line(late), needed=not late))
        finally:
            launcher.close()
            collector.stop()
        return self.device.start_now(package)

    def _engine(self, collector: HookCollector, pid: int) -> None:
        """What the agent says of its hooks and of the ways to them."""
        failures = (event.detail for event in self.observed.of(Health, "failed"))
        fault = next((detail.get("fault", "") for detail in failures if detail.get("place") == "engine"), "")
        agent: Mapping[str, Any] = {}
        with contextlib.suppress(MonitorError):
            agent = collector.call(pid, "describe")
        self.checks.append(lines.engine(collector.reasons().values(), fault))
        self.checks += [lines.way(agent, fault), lines.compiled(agent)]

    def _first_line(self, late: bool) -> str:
        told = {event.what for event in self.observed.of(Lifecycle) if event.src.startswith("hooks:")}
        seen = sorted(told & {"application_created", "provider_created", "activity_created"})  # later ones may yet come
        if late:
            raise EnvironmentFault("what the app did before its hooks were active was not observed")
        if not self.observed.of(Lifecycle, "application_created"):
            said = f"the start of the application was not observed; observed: {', '.join(seen) or 'nothing'}"
            raise EnvironmentFault(said)
        return ", ".join(seen)

    def _awake(self) -> str:
        self.device.wake()
        return "on, and not locked"

    def _screen(self, package: str) -> str:
        until(lambda: (front := self.device.focus()) is not None and front.package == package)
        self.device.wake()  # what locks it meanwhile would be read in the app's place
        began = time.monotonic()
        nodes, _ = self.device.ui()
        return f"{len(nodes)} nodes in {round((time.monotonic() - began) * 1000)} ms"

    def _traffic(self, *, owned: bool, readable: bool) -> Check:
        """Whether the app itself reaches the proxy: a firewall may let the shell through, which tried the route, and
        not the app. Only of our own sample it is known that it sends something when it starts."""
        observed = self.observed
        until(lambda: observed.over_tls() or (observed.refusals() and (not readable or observed.refusing())))
        requests, read, refused = len(observed.requests()), observed.over_tls(), len(observed.refusals())
        if not requests and not refused:
            if self.wanted == SAMPLE:
                return line("traffic", "fail", "nothing of the app reached the proxy")
            return line("traffic", "warn", "nothing of the app reached the proxy, or it sent nothing at its start")
        said = f"requests: {requests}, {read} of them over TLS; connections that rejected the certificate: {refused}"
        said += "" if owned else "; of this app or of another"
        return line("traffic", "ok" if read and owned else "warn", said)

    def _neighbour(self, route: Route) -> str:
        """Send a request that is not the app's through the same proxy."""
        if route.keeps_ports:
            raise EnvironmentFault("not tried: a session looks the owner of each flow up in the device's tables")
        request = f"GET http://{NEIGHBOUR}/ HTTP/1.1\\r\\nHost: {NEIGHBOUR}\\r\\nConnection: close\\r\\n\\r\\n"
        done = self.device.shell(f"printf '{request}' | nc -w 5 {route.host} {route.port}", timeout=20)
        if done.code:
            raise EnvironmentFault(f"cannot be tried: {(done.text.strip() or 'nc failed')[:100]}")
        if not done.out.startswith("HTTP/"):
            raise EnvironmentFault("cannot be tried: the proxy did not answer it")
        time.sleep(1.0)
        return "another app's request was not attributed to the app"


def _clock(device: adb.AdbDevice) -> str:
    offset = device.clock_offset()
    return f"{offset.offset / 1000:.1f} ms off, known to {offset.err / 1000:.1f} ms"


def _undone(device: adb.AdbDevice, journal: Journal) -> str:
    if faults := journal.undo():
        raise EnvironmentFault(faults[0])
    return "nothing is left"


def _killed(device: adb.AdbDevice, journal: Journal, own: Mapping[str, str | None]) -> str:
    """A child process makes a change and is killed before it can undo it: the journal must have it."""
    code = (
        "import json, os, sys\n"
        "from monitor.device.adb import AdbDevice\nfrom monitor.device.changes.undo import Change\n"
        "from monitor.device.changes.journal import Journal\n"
        "device = AdbDevice(sys.argv[1], port=int(sys.argv[2]))\n"
        "*change, undo = json.loads(sys.argv[3])\n"
        "Journal(device).make(Change(*change, tuple(undo)))\n"
        "os._exit(9)\n"
    )
    change = plan.proxy_change("127.0.0.1:9", own)
    words = [sys.executable, "-c", code, device.serial, str(device.server_port), json.dumps(change)]
    done = subprocess.run(words, capture_output=True, timeout=120, check=False, env={**os.environ})
    if done.returncode != 9 or device.setting("global", "http_proxy") != "127.0.0.1:9":
        raise EnvironmentFault("the test change could not be made")
    return _undone(device, journal)
