"""``monitor device selftest``: everything that a session depends on, tested on this device and then undone.

Each line is one check. What is unavailable here (no root, no Frida) is reported with its consequence; what should work
and does not fails the test.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from monitor.base.checks import Check, State, tried
from monitor.base.errors import EnvironmentFault, MonitorError, printable
from monitor.collectors import check as collectors
from monitor.collectors.attached import HOLD_S
from monitor.collectors.endpoint import frida_endpoint, require_same
from monitor.collectors.hooks import HookCollector
from monitor.collectors.proxy import Config, ProxyWorker
from monitor.device import screen
from monitor.device.adb import AdbDevice
from monitor.device.apps import PER_USER
from monitor.device.changes.journal import Journal
from monitor.device.checks import adbside as device_side
from monitor.device.checks import sendable
from monitor.device.checks.selftest import selftest as parsers
from monitor.device.profile import Capability, Profile, profile
from monitor.device.provision import frida_server, proxy_setting
from monitor.device.provision.plan import provision, trusted
from monitor.device.provision.route import Route
from monitor.events import Lifecycle
from monitor.knowledge.catalogue import load_catalogue
from monitor.record import selftest_lines as lines
from monitor.record.launch import Launcher
from monitor.record.preparing import forwarded, root
from monitor.record.selftest_seen import NEIGHBOUR, Seen, until
from monitor.record.target import install, own_processes, reach, require_64_bit

SAMPLE: Final = "shop"
_ABORT: Final = re.compile(r"Abort message: '([^'\n]{1,200})'")


def run(
    serial: str, app: str = "", *, raw: Path | None = None, send: Path | None = None, frida_port: int = 27042
) -> list[Check]:
    """Every line, in order. ``app``: a file, a package or a bundled app to launch; empty = the sample app, which a
    phone rejects. ``raw``: a directory for the commands' output, which may hold personal values; ``send``: a file for
    the same without them, and this table.

    Raises ``MonitorError`` if the device cannot be reached at all.
    """
    device = reach(serial)
    journal = Journal(device)
    left = [*journal.undo(), *journal.foreign()]
    own_proxy, zygotes = proxy_setting.before(device), frida_server.zygotes(device)
    about = profile(device)
    checks = [*device_side.check_device(device)[:1], tried("root", lambda: root(device), needed=False)]
    checks += [Check(name="undo", state="fail", detail=printable(line, 300)) for line in left]
    with forwarded(device, frida_port) as here:
        endpoint = collectors.check_endpoint(here)
        checks += [_softer(check) for check in endpoint]
        found, outputs = parsers(device)
        checks += found
        checks.append(tried("clock", lambda: _clock(device)))
        checks += _Rounds(device, about, journal, app, here, hooks=endpoint[0].state == "ok").run()
    checks.append(tried("kill", lambda: _killed(device, journal, own_proxy)))
    checks.append(lines.proxy(proxy_setting.different(proxy_setting.before(device), own_proxy)))
    checks.append(lines.zygote(frida_server.zygote_fault(zygotes, frida_server.zygotes(device))))
    if send is not None:
        checks.append(tried("sent", lambda: sendable.write(send, device, outputs, checks), needed=False))
    if raw is not None:
        checks.append(tried("saved", lambda: f"{device_side.save(outputs, raw)} files", needed=False))
    return checks


class _Rounds:
    """One app, started once, behind our own proxy, which lets nothing out."""

    def __init__(
        self, device: AdbDevice, about: Profile, journal: Journal, app: str, port: int, *, hooks: bool
    ) -> None:
        self.device, self.about, self.journal, self.port, self.hooks = device, about, journal, port, hooks
        self.wanted = app or SAMPLE
        self.seen = Seen()
        self.checks: list[Check] = []

    def run(self) -> list[Check]:
        try:
            app, processes, _ = install(self.device, self.wanted, "")
        except MonitorError as error:
            detail = f"{error.message}; name one with --app"
            return [Check(name="app", state="warn", detail=printable(detail, 300), needed=False)]
        self.checks.append(Check(name="app", state="ok", detail=f"{app.package} {app.version}"))
        with tempfile.TemporaryDirectory(prefix="monitor-selftest-") as home:
            worker = ProxyWorker(self.seen, Path(home), Config(app=app.package, own_port=True))
            try:
                worker.start()
                self._through(worker, app.package, processes)
            except MonitorError as error:
                self.checks.append(_fault("route", error))
            finally:
                worker.stop()
                self.checks.append(tried("undo", lambda: _undone(self.device, self.journal)))
        return self.checks

    def _through(self, worker: ProxyWorker, package: str, processes: list[str]) -> None:
        pem = worker.ca_pem
        done = provision(
            self.device, worker.port, pem, package=package, apex=self.about.apex_store, api=self.about.device.api_level,
            journal=self.journal, app_port=worker.own_port,
        )  # fmt: skip
        apart = done.capabilities["traffic_owner"]
        if not done.route.keeps_ports:
            worker.tell_apart(apart.state == "yes")
        self._say("route", done.capabilities["proxy"], wrong="no")
        self._say("apart", apart)
        self._say("quic", done.capabilities["quic_block"])
        self.checks.append(tried("awake", lambda: _awake(self.device)))
        pid = self._start(package, processes)
        if pid:
            self.checks.append(self._whose(pid))
        ca = done.capabilities["system_ca"]
        if pid:
            ca = trusted(self.device, pid, done, pem) if ca.state == "unknown" else ca
            self._say("ca", ca, wrong="no")
        self.checks.append(tried("screen", lambda: self._screen(package)))
        owned = apart.state == "yes"
        self.checks.append(self._traffic(owned=owned, readable=ca.state == "yes"))
        self.checks.append(lines.tls(ca.state, self.seen.over_tls(), self.seen.refused(), owned=owned))
        self.checks.append(tried("neighbour", lambda: self._neighbour(done.route), needed=False))
        if self.seen.taken():
            self.checks[-1] = Check(
                name="neighbour", state="fail", detail="another app's request was attributed to the app"
            )
        self.device.stop(package)

    def _say(self, name: str, capability: Capability, wrong: str = "") -> None:
        bad: State = "fail" if capability.state == wrong and self.device.rooted() else "warn"
        state: State = "ok" if capability.state == "yes" else bad
        self.checks.append(
            Check(name=name, state=state, detail=printable(capability.reason, 300), needed=state == "fail")
        )

    def _start(self, package: str, processes: list[str]) -> int:
        """Start the app as a session does; one line for each observation of its start."""
        if not self.hooks:
            pid = self.device.start_now(package)
            self.checks.append(Check(name="start", state="warn", detail="without hooks", needed=False))
            return pid
        try:
            require_64_bit(self.device, package)
            with frida_endpoint(self.port) as endpoint:
                return self._hooked(endpoint, package, processes)
        except MonitorError as error:
            detail = printable(self._abort() or _without_stack(error), 300)
            self.checks.append(Check(name="start", state="fail", detail=detail))
        return self._plain(package)

    def _plain(self, package: str) -> int:
        """Where its hooks failed, the app is started without them for the lines that follow."""
        with contextlib.suppress(MonitorError):
            self.device.stop(package)
            return self.device.start_now(package)
        return 0

    def _abort(self) -> str:
        """What the app's runtime said if it ended itself, from the device's log: Frida only knows that it is gone."""
        log = self.device.shell(["logcat", "-d", "-t", "300"]).out
        found = _ABORT.findall(log)
        return f"the app's runtime ended when the hooks were loaded: {found[-1]}" if found else ""

    def _whose(self, pid: int) -> Check:
        running = {one.pid: one.uid for one in self.device.running()} if pid else {}
        uid = running.get(pid, -1)
        return lines.user(self.device.user(), uid // PER_USER if uid >= 0 else None)

    def _hooked(self, endpoint: object, package: str, processes: list[str]) -> int:
        listed = own_processes(self.device, package)
        hold = HOLD_S * self.about.patience
        user = self.device.user()
        collector = HookCollector(
            endpoint, self.seen, package, load_catalogue(), processes=listed, hold_s=hold, user=user
        )
        launcher = Launcher(self.device, collector, self.seen, package, processes, change=self.journal.make)
        try:
            pid = launcher(package)
            if launcher.way != "late":  # else it was created before there were hooks to see it
                until(lambda: self.seen.life("application_created") and self.seen.life("activity_created"))
            held = next((e.detail["held_ms"] for e in self.seen.health("started") if e.pid == pid), "?")
            state: State = "warn" if launcher.way == "late" else "ok"
            detail = launcher.way + (f", held {held} ms" if launcher.way != "late" else "")
            self.checks.append(Check(name="start", state=state, detail=detail, needed=False))
            self._engine(collector, pid)
            self.checks.append(tried("frida_agent", lambda: self._same_frida(pid), needed=False))
            self.checks.append(tried("first_line", lambda: self._first_line(launcher), needed=launcher.way != "late"))
        finally:
            launcher.close()
            collector.stop()
        return self.device.start_now(package)

    def _engine(self, collector: HookCollector, pid: int) -> None:
        """What the agent says of its hooks and of the ways to them."""
        rows = [lines.Row(state, why) for state, why in collector.reasons().values()]
        fault = next(
            (e.detail.get("fault", "") for e in self.seen.health("failed") if e.detail.get("place") == "engine"), ""
        )
        about: Mapping[str, Any] = {}
        with contextlib.suppress(MonitorError):
            about = collector.call(pid, "describe")
        self.checks += [lines.engine(rows, fault), lines.way(about, fault), lines.compiled(about)]

    def _same_frida(self, pid: int) -> str:
        """The version that runs inside the app: an endpoint without a process of its own tells none."""
        return require_same(next((e.detail["frida"] for e in self.seen.health("started") if e.pid == pid), "unknown"))

    def _first_line(self, launcher: Launcher) -> str:
        told = {e.what for e in self.seen.of(Lifecycle) if e.src.startswith("hooks:")}
        seen = sorted(told & {"application_created", "provider_created", "activity_created"})  # later ones may yet come
        if launcher.way == "late":
            raise EnvironmentFault("what the app did before its hooks were active was not observed")
        if not self.seen.life("application_created"):
            raise EnvironmentFault(
                f"the start of the application was not observed; observed: {', '.join(seen) or 'nothing'}"
            )
        return ", ".join(seen)

    def _screen(self, package: str) -> str:
        until(lambda: (front := self.device.focus()) is not None and front.package == package)
        screen.wake(self.device)  # what locks it meanwhile would be read in the app's place
        began = time.monotonic()
        nodes, _ = self.device.ui()
        return f"{len(nodes)} nodes in {round((time.monotonic() - began) * 1000)} ms"

    def _traffic(self, *, owned: bool, readable: bool) -> Check:
        """Whether the app itself reaches the proxy: a firewall may let the shell through, which tried the route, and
        not the app. Only of our own sample it is known that it sends something when it starts."""
        until(lambda: self.seen.over_tls() or (self.seen.refused() and (not readable or self.seen.refusing())))
        requests, refused = self.seen.requests(), self.seen.refused()
        if not requests and not refused:
            ours = self.wanted == SAMPLE
            said = "nothing of the app reached the proxy" + ("" if ours else ", or it sent nothing at its start")
            return Check(name="traffic", state="fail" if ours else "warn", detail=said, needed=ours)
        read = self.seen.over_tls()
        said = (
            f"requests: {len(requests)}, {read} of them over TLS; connections that rejected the certificate: {refused}"
        )
        said += "" if owned else "; of this app or of another"
        return Check(name="traffic", state="ok" if read and owned else "warn", detail=said, needed=False)

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


def _without_stack(error: MonitorError) -> str:
    """The error without the frames of our own script, which say nothing to a reader."""
    return re.split(r"(?:\n|\\u000a)\s+at ", str(error))[0]


def _fault(name: str, error: MonitorError) -> Check:
    def again() -> str:
        raise error

    return tried(name, again)


def _softer(check: Check) -> Check:
    """Without Frida a session can still be recorded, so this only warns; a Frida that cannot be used is a fault."""
    if check.state != "fail" or check.name != "frida_endpoint":
        return check
    return Check(name=check.name, state="warn", detail=check.detail, needed=False, hint=check.hint)


def _awake(device: AdbDevice) -> str:
    screen.wake(device)
    return "on, and not locked"


def _clock(device: AdbDevice) -> str:
    offset = device.clock_offset()
    return f"{offset.offset / 1000:.1f} ms off, known to {offset.err / 1000:.1f} ms"


def _undone(device: AdbDevice, journal: Journal) -> str:
    if faults := journal.undo():
        raise EnvironmentFault(faults[0])
    return "nothing is left"


def _killed(device: AdbDevice, journal: Journal, own: Mapping[str, str | None]) -> str:
    """A child process makes a change and is killed before it can undo it: the journal must have it."""
    code = (
        "import json, sys, os, signal\n"
        "from monitor.device.adb import AdbDevice\nfrom monitor.device.changes.change import Change\n"
        "from monitor.device.changes.journal import Journal\n"
        "device = AdbDevice(sys.argv[1], port=int(sys.argv[2]))\n"
        "*change, undo = json.loads(sys.argv[3])\n"
        "Journal(device).make(Change(*change, tuple(undo)))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    change = proxy_setting.change("127.0.0.1:9", own)
    words = [sys.executable, "-c", code, device.serial, str(device.server_port), json.dumps(change)]
    done = subprocess.run(words, capture_output=True, timeout=120, check=False, env={**os.environ})
    if done.returncode != -signal.SIGKILL or device.setting("global", "http_proxy") != "127.0.0.1:9":
        raise EnvironmentFault("the test change could not be made")
    return _undone(device, journal)
