"""The adb side against a device over the real adb server: shell, files, apps, screen, clock, log, provisioning."""

import contextlib
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from cryptography.x509 import NameOID

from monitor.base.errors import EnvironmentFault, InputError
from monitor.collectors.device import LogWatcher
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from monitor.device.profile import profile
from monitor.device.provision.apply import provision
from monitor.device.provision.plan import ca_file, proxy_change
from monitor.device.provision.route import find_route
from monitor.device.standin import Standin
from monitor.device.watch import LogSource
from monitor.device.wire.server import AdbServer
from monitor.events import DeviceCapability, Event, Health, Lifecycle, PermissionResult, Prompt, Tap
from monitor.record.network import tell_proxy
from monitor.scenario.apps import bundled_app
from monitor.scenario.context import TIMEOUTS, Port, Run
from monitor.scenario.model import load_scenario
from monitor.scenario.runner import Runner
from monitor.session.observe import RawValue
from tests.device.test_provision import certificate
from tests.scenario.screen import Kept

pytestmark = pytest.mark.device
SHOP = "com.example.shop"


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AdbDevice]:
    home = tmp_path_factory.mktemp("device")
    with (
        Standin.launch(home / "standin", options=["--root", str(home / "root")]) as standin,
        AdbServer.private(home / "adb") as server,
    ):
        device = AdbDevice(server.connect(standin.serial), port=server.port)
        device.require()
        device.install(bundled_app("shop", home))
        yield device
        port = server.port
    assert not standin.alive
    assert os.environ.get("ANDROID_ADB_SERVER_PORT") != str(port)


def test_a_command_has_its_exit_code_and_both_streams(device: AdbDevice) -> None:
    assert device.shell("echo one; echo two >&2; exit 9") == (9, "one\n", "two\n")


def test_words_arrive_as_they_are(device: AdbDevice) -> None:
    words = ["a b", "$(id)", "'", '"', ";", "*", "数", "\\"]
    assert device.shell(["echo", *words]).out == " ".join(words) + "\n"


def test_an_unknown_command_is_a_result_not_silence(device: AdbDevice) -> None:
    assert device.shell(["frobnicate"]).code != 0


def test_a_command_that_hangs_is_given_up(device: AdbDevice) -> None:
    with pytest.raises(EnvironmentFault, match="no answer in time"):
        device.shell("sleep 1000", timeout=0.3)  # far beyond the patience of the test run


def test_files(device: AdbDevice) -> None:
    data = os.urandom(300_000)
    device.push(data, "/data/local/tmp/a b")
    assert device.exists("/data/local/tmp/a b") and device.raw(["cat", "/data/local/tmp/a b"])[1] == data
    assert not device.exists("/data/local/tmp/none")


def test_settings(device: AdbDevice) -> None:
    device.shell(["settings", "put", "global", "monitor_test", "a b"])
    assert device.setting("global", "monitor_test") == "a b"
    device.shell(["settings", "delete", "global", "monitor_test"])
    assert device.setting("global", "monitor_test") is None


def test_the_clocks_agree_within_the_bound(device: AdbDevice) -> None:
    offset = device.clock_offset()
    assert abs(offset.offset) <= offset.err + 1000


def test_what_the_device_is(device: AdbDevice) -> None:
    found = profile(device)
    assert (found.device.hardware, found.device.root, found.device.api_level > 0) == ("standin", "adbd", True)
    assert {one.state for one in found.capabilities.values()} <= {"yes", "no", "unknown"}
    assert all(one.reason for one in found.capabilities.values())
    assert found.capabilities["log_events"].state == "yes"


def _on_host(pid: int) -> int:
    """The number outside of a process of this test's device, which has a namespace of its own where that is
    possible."""
    parents, inner = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            text = status.read_text(errors="replace")
            parents[int(status.parent.name)] = int(re.search(r"^PPid:\s*(\d+)", text, re.MULTILINE)[1])
            inner[int(status.parent.name)] = re.search(r"^NSpid:.*?(\d+)$", text, re.MULTILINE)[1]

    def ours(one: int) -> bool:
        while one > 1 and one != os.getpid():
            one = parents.get(one, 0)
        return one > 1

    (found,) = [one for one, number in inner.items() if number == str(pid) and ours(one)]
    return found


def test_a_held_app_runs_nothing_until_it_is_released(device: AdbDevice) -> None:
    device.clear(SHOP)
    pid = device.start_held(SHOP)
    assert device.pids(SHOP) == [pid]
    time.sleep(0.5)
    assert f" {pid} " not in device.shell(["logcat", "-d", "-b", "main", "-s", "ShopOut"]).out
    device.release(pid)
    deadline = time.monotonic() + 60
    while (front := device.focus()) is None or front.package != SHOP:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    nodes, xml = device.ui()
    while not any(node.text == "同意并继续" for node in nodes):  # the notice comes after the page below it
        assert time.monotonic() < deadline
        time.sleep(0.1)
        nodes, xml = device.ui()
    assert xml.startswith(b"<?xml")
    assert device.screenshot().startswith(b"\x89PNG")
    assert not device.frozen(pid)
    os.kill(_on_host(pid), signal.SIGSTOP)  # the stand-in takes it for frozen, once it has seen it twice
    time.sleep(0.2)
    device.frozen(pid)
    assert device.frozen(pid)
    os.kill(_on_host(pid), signal.SIGCONT)
    time.sleep(0.3)
    os.kill(_on_host(pid), signal.SIGSTOP)
    time.sleep(0.2)
    assert not device.frozen(pid)  # it ran between two looks
    device.stop(SHOP)
    assert device.pids(SHOP) == []


def test_an_app_that_is_slow_to_start_is_waited_for_and_one_that_has_ended_is_not(
    device: AdbDevice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TIMEOUTS, "front", 1.0)  # type: ignore[arg-type]
    path = tmp_path / "s.yaml"
    path.write_text(f"appId: {SHOP}\n---\n- launchApp\n", "utf-8")

    def launched(happens: Callable[[int], object]) -> str:
        """How a launch fails, if something happens to the app's process once it runs."""

        def launch(app: str) -> int:
            pid = device.start_held(app)
            process = _on_host(pid)
            device.release(pid)
            happens(process)
            return pid

        return Runner(load_scenario(path), Run(SHOP, device, Kept(), launch)).run().failed

    def has_no_processor(process: int) -> None:
        os.kill(process, signal.SIGSTOP)
        threading.Timer(4, os.kill, (process, signal.SIGCONT)).start()

    began = time.monotonic()
    assert launched(has_no_processor) == "" and time.monotonic() - began > 4
    assert "did not come to the front" in launched(lambda process: os.kill(process, signal.SIGKILL))


def test_who_reads_the_screen_after_a_tap_waits_for_the_app_to_be_done_with_it(device: AdbDevice) -> None:
    device.clear(SHOP)
    pid = device.start_held(SHOP)
    device.release(pid)

    def agree() -> tuple[int, int, int, int] | None:
        return next((node.bounds for node in device.ui()[0] if node.text == "同意并继续"), None)

    deadline = time.monotonic() + 60
    while (front := device.focus()) is None or front.package != SHOP or (place := agree()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    app = _on_host(pid)
    os.kill(app, signal.SIGSTOP)
    device.tap((place[0] + place[2]) // 2, (place[1] + place[3]) // 2)

    def go_on() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(app, signal.SIGCONT)

    again = threading.Timer(0.5, go_on)
    again.start()
    try:
        assert agree() is None
    finally:
        again.join()


def test_a_process_that_does_not_wait_cannot_be_released(device: AdbDevice) -> None:
    with pytest.raises(EnvironmentFault):
        device.release(1)


def test_a_package_that_is_not_there(device: AdbDevice) -> None:
    assert device.package("com.no.such") is None
    with pytest.raises(EnvironmentFault, match="no main activity"):
        device.start("com.no.such")
    with pytest.raises(InputError, match="package name"):
        device.stop("x; rm -rf /")


def test_a_file_that_is_no_app_is_refused(device: AdbDevice, tmp_path: Path) -> None:
    (tmp_path / "x.apk").write_bytes(b"nonsense")
    with pytest.raises(EnvironmentFault, match="not installed"):
        device.install(tmp_path / "x.apk")


def test_provisioning_and_its_undoing(device: AdbDevice, tmp_path: Path) -> None:
    pem = certificate((NameOID.COMMON_NAME, "proxy"))
    store = "/system/etc/security/cacerts"
    before = device.shell(["ls", store]).out
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        port = proxy.getsockname()[1]
        done = provision(device, port, pem, package=SHOP, journal=Journal(device, tmp_path))
        # Whether the app's own namespace has it shows when the app runs.
        assert done.capabilities["system_ca"].state == "unknown" and done.capabilities["proxy"].state == "yes"
        assert device.setting("global", "http_proxy") == f"127.0.0.1:{port}"
        assert device.raw(["cat", f"{store}/{ca_file(pem)}"])[1] == pem
        sink = Kept()
        tell_proxy(device, sink, SHOP, f"127.0.0.1:{port}")
        assert not sink.events
        device.shell(["settings", "put", "global", "http_proxy", "192.0.2.2:18998"])
        tell_proxy(device, sink, SHOP, f"127.0.0.1:{port}")
        (told,) = [e for e in sink.events if isinstance(e, DeviceCapability)]
        assert told.name == "proxy" and told.state == "no" and "http_proxy changed" in told.why
        assert done.undo() == []
    assert device.shell(["ls", store]).out == before
    assert device.setting("global", "http_proxy") == ":0"
    assert "udp" not in device.shell(["iptables", "-S", "OUTPUT"]).out
    assert not list(tmp_path.iterdir())


def test_leftovers_of_a_crash_are_undone_at_the_next_start(device: AdbDevice, tmp_path: Path) -> None:
    change = proxy_change("9.9.9.9:1", {})
    Journal(device, tmp_path).make(change)
    again = Journal(device, tmp_path)
    assert [(one.name, one.undo) for one in again.pending()] == [(change.name, change.undo)]
    with again.path.open("a") as file:
        file.write('{"name": "cut')
    assert again.undo() == [] and device.setting("global", "http_proxy") == ":0"


def test_another_listener_on_the_device_is_not_taken_for_ours(device: AdbDevice) -> None:
    assert find_route(device, 1).host == "127.0.0.1"


def test_a_whole_scenario_with_the_log_watched(device: AdbDevice, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(
        f"appId: {SHOP}\n---\n- launchApp: {{clearState: true}}\n- consent: {{decision: accept, tapOn: 同意并继续}}\n"
        "- permission: deny\n- permission: deny\n- permission: deny\n- background: 1ms\n- foreground\n- idle: 500ms\n",
        "utf-8",
    )
    kept = Kept()
    port: Port = device
    watcher = LogWatcher(
        kept,
        SHOP,
        LogSource(device),
        device.clock_offset,
        flags=lambda: found.runtime.get(0, {}) if (found := device.package(SHOP)) else {},
    )
    watcher.start()

    def launch(app: str) -> int:
        pid = device.start_held(app)
        device.release(pid)
        return pid

    outcome = Runner(load_scenario(path), Run(SHOP, port, kept, launch)).run()
    watcher.stop()
    assert outcome.failed == ""
    assert [tap.label for tap in kept.of(Tap)] == ["同意并继续", "不允许", "不允许", "不允许"]
    answers = {event.permission: (event.result, event.dialog, event.via) for event in kept.of(PermissionResult)}
    assert answers["android.permission.READ_CONTACTS"] == ("denied", "yes", "logcat")
    assert [event.shown for event in kept.of(Prompt)] == [True, False]
    assert {"data_cleared", "process_start", "foreground", "background"} <= {event.what for event in kept.of(Lifecycle)}


def test_what_was_logged_before_the_end_is_read_however_slowly(device: AdbDevice) -> None:
    class Busy(Kept):
        def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
            time.sleep(0.3)
            super().emit(event, values)

    kept = Busy()
    watcher = LogWatcher(kept, SHOP, LogSource(device), device.clock_offset)
    watcher.start()
    device.start(SHOP)
    device.stop(SHOP)
    watcher.stop()
    assert [event.what for event in kept.of(Lifecycle)][-1] == "process_exit"
    assert not [event for event in kept.of(Health) if event.what == "lost"]


def test_a_port_that_is_no_adb_server(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer() -> None:
            conn, _ = other.accept()  # the probe
            conn.close()
            conn, _ = other.accept()
            conn.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            conn.close()

        threading.Thread(target=answer, daemon=True).start()
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(other.getsockname()[1]))
        with pytest.raises(EnvironmentFault, match="not an adb server"):
            AdbServer.users()


@pytest.mark.parametrize("serial", ["", "a b", "x;reboot", "-s", "x" * 200])
def test_what_is_no_serial_is_refused(serial: str) -> None:
    with pytest.raises(InputError, match="serial"):
        AdbDevice(serial)
