"""Attaching, ending, time-outs, several processes, where a call came from."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frida
import pytest

from monitor.base.errors import EnvironmentFault
from monitor.collectors import attached, hooks
from monitor.collectors.attached import refuse
from monitor.collectors.endpoint import AgentTimeout
from monitor.collectors.hooks import HookCollector
from monitor.events import Connection, Lifecycle
from monitor.text import retold
from tests.hooks.support import APP, Jvms, Memory, hooked, row, script, until
from tests.runtimes import ON_ART, RUNTIMES

IMEI = row("imei", "android.telephony.TelephonyManager", "getDeviceId", result="value")


@pytest.fixture
def collector(sink: Memory) -> Iterator[HookCollector]:
    one = HookCollector(frida.get_local_device(), sink, APP, [IMEI])
    yield one
    one.stop()


def test_stack_ids_are_stable_and_tell_call_sites_apart_in_order_of_time(
    jvm: Jvms, sink: Memory, collector: HookCollector
) -> None:
    app = jvm()
    collector.attach(app.pid)
    app.do("sites")
    app.do("sites")
    assert until(lambda: len(sink.calls()) == 6)
    times = [c.t for c in sink.calls()]
    assert times == sorted(times)
    assert 0 <= times[0] - sink.health("started")[0].t + 1_000_000 < 30_000_000
    assert all(0 < c.err < 1_000_000 for c in sink.calls())
    first, other, again, *second = sink.calls()
    # The same place gives the same id; another method, or another line of the same one, gives another.
    assert [c.stack for c in second] == [first.stack, other.stack, again.stack]
    assert len({first.stack, other.stack, again.stack}) == 3
    frames = sink.stack(other.stack).frames
    assert [(f.cls, f.method) for f in frames[:3]] == [
        ("android.telephony.TelephonyManager", "getDeviceId"),
        ("com.vendor.sdk.Tracker", "readOther"),
        ("com.example.app.Main", "act"),
    ]
    assert frames[1].file == "Tracker.java"
    assert frames[1].line > 0


def test_an_endless_script_is_terminated_and_the_app_goes_on(jvm: Jvms, sink: Memory, collector: HookCollector) -> None:
    app = jvm()
    collector.attach(app.pid)
    with pytest.raises(AgentTimeout, match=r"did not answer in 1 s; the script was (interrupted|terminated)"):
        collector.call(app.pid, "spin", timeout=1)
    assert app.do("reads 1") == []
    assert sink.health("failed")


def test_a_process_that_does_not_answer_is_a_fault_in_time(
    jvm: Jvms, sink: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped by itself or by others. Through a server Frida waits 25 s for it, of which the monitor knows nothing."""
    monkeypatch.setattr(attached, "ATTACH_S", 3)
    app, name = jvm(), f"{APP}:stopped"
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        ports = [int(probe.getsockname()[1]) for probe in (first, second)]
    portal = frida.PortalService(*(frida.EndpointParameters(address="127.0.0.1", port=port) for port in ports))
    portal.start()
    session = frida.attach(app.pid)
    session.join_portal(f"127.0.0.1:{ports[0]}")
    device = frida.get_device_manager().add_remote_device(f"127.0.0.1:{ports[1]}")
    one = HookCollector(device, sink, APP, [IMEI], processes=lambda: [(app.pid, name)])
    try:
        assert until(lambda: bool(device.enumerate_processes()))
        os.kill(app.pid, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(EnvironmentFault, match="no answer from the process in time") as told:
            one.attach(app.pid, timeout=2)
        assert time.monotonic() - began < 24
        assert retold("said", told.value.message, "zh") == "Frida 未在时限内得到该进程的应答"
        assert not retold("said", told.value.hint, "zh").isascii()
        # A further process of the app: told once, and not waited for again.
        one.watch()
        assert until(lambda: bool(sink.health("failed")))
        began = time.monotonic()
        one.scan()
        assert time.monotonic() - began < 24
        assert [h.detail["process"] for h in sink.health("failed")] == [name]
        os.kill(app.pid, signal.SIGCONT)
        app.do("reads 1")
        one.attach(app.pid, late=True)
        app.do("reads 2")
        assert until(lambda: len(sink.calls()) == 2)
    finally:
        one.stop()
        portal.stop()
        app.kill()


def test_an_app_that_ends_while_its_hooks_are_taken_out_is_no_fault(jvm: Jvms, sink: Memory) -> None:
    for wait in (0.002, 0.01):
        app = jvm()
        with hooked(app, sink, [IMEI]):
            ending = threading.Timer(wait, app.end)
            ending.start()
        ending.join()
    assert [h.detail for h in sink.health("failed") if "closing" in h.detail.get("fault", "")] == []


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_program_that_is_not_there_ends_a_child_and_no_hook(
    runtime: str, jvm: Jvms, sink: Memory, collector: HookCollector
) -> None:
    """As apps look for ``su``. On Android the child that finds no program has the app's memory when it ends."""
    app = jvm()
    collector.attach(app.pid)
    assert app.do("run /nowhere/su") == ["none"]
    app.do("reads 3")
    assert until(lambda: len(sink.calls()) == 3)
    assert not [event for event in sink.events if isinstance(event, Lifecycle)]
    app.kill()  # after such a child Frida does not get its script out of ART


@ON_ART
def test_a_child_ends_whatever_the_agent_is_busy_with(jvm: Jvms, sink: Memory, collector: HookCollector) -> None:
    """A fork copies the agent's lock, as held by a thread that the child does not have."""
    app = jvm()
    collector.attach(app.pid)
    forks = script(app.pid, "forks")
    assert forks.begin() == 0
    with pytest.raises(AgentTimeout):
        collector.call(app.pid, "spin", timeout=2)
    assert until(lambda: forks.status() == 7, 10), "the child hangs"
    assert not [event for event in sink.events if isinstance(event, Lifecycle)]


def test_further_processes_are_attached_as_late(
    java: str, jvm: Jvms, sink: Memory, collector: HookCollector, tmp_path: Path
) -> None:
    # A device gives processes the names app and app:push; here both have one that no other test's apps have.
    (tmp_path / "bin").mkdir()
    (tmp_path / "lib").symlink_to(Path(java).parent.parent / "lib")
    named = tmp_path / "bin" / f"app{os.getpid()}"
    shutil.copy(java, named)
    main = jvm(program=str(named))
    collector.attach(main.pid)
    second = jvm(program=str(named))
    collector.watch(frozenset({named.name}))
    assert until(lambda: any(h.pid == second.pid for h in sink.health("started")))
    main.do("reads 1")
    second.do("reads 1")
    assert until(lambda: {c.pid for c in sink.calls()} == {main.pid, second.pid})
    assert {h.pid for h in sink.health("late")} >= {second.pid}
    assert {c.src for c in sink.calls()} == {f"hooks:{main.pid}", f"hooks:{second.pid}"}


def test_an_app_that_crashes_in_a_loop_is_not_looked_for_all_the_time(
    sink: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_MAX_QUICK", 5)
    monkeypatch.setattr(hooks, "_QUICK_S", 0.001)
    monkeypatch.setattr(hooks, "_USUAL_S", 1000)
    looks: list[int] = []
    collector = HookCollector(
        frida.get_local_device(), sink, APP, [IMEI], processes=lambda: looks.append(1) or [],  # type: ignore[func-returns-value]
    )  # fmt: skip
    try:
        collector.watch()
        for _ in range(3):
            collector.feed(Lifecycle(t=0, err=0, src="logcat", app=APP, pid=1, what="process_start"))
        assert until(lambda: len(looks) == 8)
        time.sleep(0.3)
        assert len(looks) == 8
    finally:
        collector.stop()


def test_connect_is_reported_with_its_local_port(jvm: Jvms, sink: Memory, collector: HookCollector) -> None:
    app = jvm()
    collector.attach(app.pid)
    local, port, seen_by_server = (int(part) for part in app.do("connect")[0].split())
    assert local == seen_by_server
    assert until(lambda: bool(sink.of(Connection)))
    (one,) = [c for c in sink.of(Connection) if c.port == port]
    assert (one.address, one.local_port) == ("127.0.0.1", local)
    assert any(f.cls == f"{APP}.Main" for f in sink.stack(one.stack).frames)


def test_http_requests_carry_host_and_caller(jvm: Jvms, sink: Memory) -> None:
    app = jvm()
    impl = "sun.net.www.protocol.http.HttpURLConnection"
    rows = [
        row(f"http.{m.lower()}", "java.net.URLConnection", m, kind="abstract", role="sink", data_type="net",
            implementation=[impl], observer="request")
        for m in ("connect", "getInputStream")
    ]  # fmt: skip
    with hooked(app, sink, rows):
        local, port = (int(part) for part in app.do("http")[0].split())
        assert until(lambda: len(sink.of(Connection)) >= 2)
    request = next(c for c in sink.of(Connection) if c.link == "request")
    assert (request.host, request.port) == ("shop.invalid", 80)
    # The socket goes to a proxy; the request around it says for whom.
    connect = next(c for c in sink.of(Connection) if c.link == "connect" and c.port == port)
    assert (connect.host, connect.local_port) == ("shop.invalid", local)
    assert any(f.cls == "com.vendor.sdk.Tracker" for f in sink.stack(connect.stack).frames)


def test_no_such_process_is_one_line(collector: HookCollector) -> None:
    with pytest.raises(EnvironmentFault, match=r"^process \d+: no such process \(start the app first\)$"):
        collector.attach(2**22 - 3)


def test_a_process_without_java_is_one_line(collector: HookCollector) -> None:
    sleep = shutil.which("sleep")
    assert sleep
    other = subprocess.Popen([sleep, "60"])
    # Past its dynamic linker: injecting earlier can end it.
    place = Path(f"/proc/{other.pid}")
    assert until(lambda: "libc" in (place / "maps").read_text() and ") S " in (place / "stat").read_text())
    try:
        # No VM comes: the hooks never settle.
        collector.attach(other.pid)
        with pytest.raises(AgentTimeout, match="settled did not answer"):
            collector.wait_ready(1, other.pid)
    finally:
        other.kill()
        other.wait()


ART: dict[str, Any] = {"available": True, "flavor": "art", "arch": "arm64"}


@pytest.mark.parametrize("arch", ["arm", "ia32"])
def test_an_app_in_32_bit_mode_is_refused_with_what_helps(arch: str) -> None:
    with pytest.raises(EnvironmentFault) as refused:
        refuse(ART | {"arch": arch}, 7)
    assert "32-bit" in refused.value.message and arch in refused.value.message
    assert "--abi arm64-v8a" in (refused.value.hint or "")


@pytest.mark.parametrize("arch", ["arm64", "x64"])
def test_64_bit_apps_on_known_machines_are_not(arch: str) -> None:
    refuse(ART | {"arch": arch}, 7)
    with pytest.raises(EnvironmentFault, match="unknown Java VM"):
        refuse(ART | {"arch": arch, "flavor": "other"}, 7)
