"""What breaks on phones and emulators and worked on a lenient stand-in: ``docs/on-a-real-device.md``."""

import contextlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from cryptography.x509 import NameOID

from monitor.base.errors import EnvironmentFault
from monitor.collectors.endpoint import SpawnFailed, SpawnTimedOut, frida_endpoint
from monitor.collectors.hooks import HookCollector
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import ON_DEVICE, Journal
from monitor.device.changes.undo import Change
from monitor.device.profile import APEX_STORE, SYSTEM_STORE, profile
from monitor.device.provision.apply import Provisioned, provision, trusted
from monitor.device.provision.plan import ca_file, setting_change
from monitor.device.provision.route import find_route
from monitor.events import Health
from monitor.knowledge.catalogue import load_catalogue
from monitor.record.launch import Launcher
from monitor.record.observers import Asked, Outside
from monitor.record.selftest_lines import Observations
from monitor.record.target import install, installed, own_processes, require_64_bit
from monitor.scenario.apps import bundled_app
from monitor.scenario.verbs.consent import asks_about, permission_button
from tests.device.phones import SHOP, in_front, phone, tap, wait
from tests.device.test_provision import certificate

pytestmark = pytest.mark.device
PUSH = f"{SHOP}:push"
START_PUSH = ["am", "startservice", f"{SHOP}/io.pushwave.client.PushService"]
PEM = certificate((NameOID.COMMON_NAME, "proxy"))


@pytest.fixture
def shop(rooted: AdbDevice, tmp_path: Path) -> AdbDevice:
    """The shared phone with the shop as it is after its installation."""
    rooted.shell(["pm", "uninstall", SHOP])
    rooted.install(bundled_app("shop", tmp_path))
    return rooted


@contextlib.contextmanager
def launched(
    device: AdbDevice, kind: type[HookCollector] = HookCollector, *, others: Sequence[str] = (),
    change: Callable[[Change], object] | None = None, **more: float,
) -> Iterator[tuple[Observations, HookCollector, Launcher, int]]:  # fmt: skip
    """The shop, started with hooks; its pid."""
    sink = Observations()
    with frida_endpoint(device.forward("tcp:27042")) as endpoint:
        own = own_processes(device, SHOP)
        collector = kind(endpoint, sink, SHOP, load_catalogue()[:20], processes=own, **more)
        launcher = Launcher(device, collector, sink, SHOP, others, **({"change": change} if change else {}))
        yield sink, collector, launcher, launcher(SHOP)
        launcher.close()
        collector.stop()


def test_the_route_is_proven_by_our_own_listener_not_by_nc_z(proxy: int, tmp_path: Path) -> None:
    with phone(tmp_path, api=34) as device:
        assert "Unknown option 'z'" in device.shell("nc -z -w 2 127.0.0.1 1").err
        route = find_route(device, proxy)
        assert (route.host, route.proven, route.keeps_ports) == ("127.0.0.1", True, False)
        assert route.reverse == proxy != route.port


def test_without_a_tool_to_try_it_the_route_is_used_and_said_to_be_unproven(proxy: int, tmp_path: Path) -> None:
    with phone(tmp_path, "vendor") as device:
        assert device.shell("nc").code == 127
        done = provision(device, proxy, b"", journal=Journal(device, tmp_path / "j"))
        assert not done.route.proven
        assert done.capabilities["proxy"].state == "unknown" and "no tool" in done.capabilities["proxy"].reason
        assert done.undo() == []


def test_a_start_is_let_go_in_time_and_is_late_then(shop: AdbDevice) -> None:
    with launched(shop, hold_s=0.001) as (sink, collector, launcher, pid):  # for less time than any agent takes
        assert launcher.way == "late" and collector.late(pid)
        assert [one.detail["why"] for one in sink.of(Health, "late")] == ["overrun"]
        wait(lambda: in_front(shop))  # it runs


def test_android_ends_a_start_that_is_held_too_long(tmp_path: Path) -> None:
    with phone(tmp_path, app="shop", props={"ro.hw_timeout_multiplier": "1"}) as device:
        pid = device.start_held(SHOP)
        wait(lambda: pid not in device.pids(SHOP), 30)
        assert "timeout publishing content providers" in device.shell("logcat -d -b events").out
        assert profile(device).patience == 1


def test_what_nothing_held_is_late(tmp_path: Path) -> None:
    """A user build with Frida: ``set-debug-app -w`` is taken and holds nothing."""
    with phone(tmp_path, "user", app="shop", traits={"frida": True}) as device:
        assert profile(device).capabilities["held_start"].state == "unknown"
        with launched(device, others=[PUSH]) as (sink, _, launcher, _):
            assert launcher.way == "late"
            device.shell(START_PUSH)
            wait(lambda: {one.detail["process"] for one in sink.of(Health, "late")} == {SHOP, PUSH})
            assert {one.detail["why"] for one in sink.of(Health, "late")} == {"unproven"}


def test_a_main_process_that_is_started_again_is_held(shop: AdbDevice) -> None:
    """By something other than the launcher: an alarm, a job, another app."""
    with launched(shop, others=[PUSH]) as (sink, collector, _, first):
        shop.shell(START_PUSH)
        wait(lambda: len(sink.of(Health, "started")) == 2)
        shop.key("KEYCODE_HOME")
        shop.as_root(["kill", "-9", str(first)])
        wait(lambda: first not in shop.pids(SHOP))
        again = shop.start_now(SHOP)
        wait(lambda: [one for one in sink.of(Health, "started") if one.pid == again])
        assert not collector.late(again) and sink.of(Health, "late") == []
        wait(lambda: in_front(shop))  # it runs
    assert shop.setting("global", "debug_app") is None


def test_a_held_process_resumes_on_a_debugger_packet(tmp_path: Path) -> None:
    with phone(tmp_path, api=34, app="shop") as device:
        device.release(device.start_held(SHOP))
        wait(lambda: in_front(device))


def test_from_34_on_a_debuggable_system_is_not_enough(tmp_path: Path) -> None:
    with phone(tmp_path, api=34, app="shop", props={"persist.debug.dalvik.vm.jdwp.enabled": ""}) as device:
        answer = profile(device).capabilities["held_start"]
        assert answer.state == "unknown" and "persist.debug.dalvik.vm.jdwp.enabled" in answer.reason
        pid = device.start_held(SHOP)
        with pytest.raises(EnvironmentFault, match="was not held"):
            device.release(pid)


def test_a_32_bit_app_is_refused_with_its_reason(tmp_path: Path) -> None:
    with phone(tmp_path, app="shop", props={"ro.product.cpu.abilist": "x86_64,arm64-v8a,x86,armeabi-v7a"}) as device:
        require_64_bit(device, SHOP)
        app = bundled_app("shop", tmp_path)
        with zipfile.ZipFile(app, "a") as archive:
            archive.writestr("lib/armeabi-v7a/libshop.so", b"\x7fELF")
        device.install(app)
        with pytest.raises(EnvironmentFault, match=r"32-bit processes \(armeabi-v7a\)"):
            require_64_bit(device, SHOP)


def test_an_app_that_is_replaced_keeps_its_answers(shop: AdbDevice, tmp_path: Path) -> None:
    file = str(bundled_app("shop", tmp_path))
    assert install(shop, file, "")[0].package == SHOP  # known by its manifest
    shop.shell(["pm", "uninstall", SHOP])
    for wanted, what in ((file, "installed"), (file, "data_kept"), (SHOP, "data_kept")):
        app, _, kept = install(shop, wanted, SHOP)
        said = installed(app, kept)
        assert (said.what, bool(said.detail.get("sha256"))) == (what, wanted == file)


class NeverSpawns(HookCollector):
    """As on a system with its own pool of app processes: Frida's spawn never returns."""

    def spawn(self, package: str, timeout: float = 60) -> int:
        raise SpawnTimedOut("the device did not start the app in time", where=package)


class RefusesSpawn(HookCollector):
    """As where Frida may attach but not start apps: it fails at once."""

    def spawn(self, package: str, timeout: float = 60) -> int:
        raise SpawnFailed("tracing the process is not permitted", where=package)


def test_a_spawn_in_vain_is_tried_without_the_pool_and_then_another_way(shop: AdbDevice, journal: Journal) -> None:
    with launched(shop, NeverSpawns, change=journal.make) as (sink, _, launcher, _):
        assert launcher.way == "held"
        assert [one.detail["way"] for one in sink.of(Health, "way_failed")] == ["spawned", "spawned_past_pool"]
        assert [change.name for change in journal.pending()] == ["pool of processes"]
    pool = ["device_config", "get", "runtime_native", "usap_pool_enabled"]
    assert shop.shell(pool).out == "false\n"
    assert journal.undo() == [] and shop.shell(pool).out == "null\n"


def test_a_spawn_that_is_refused_leaves_the_device_as_it_is(shop: AdbDevice, journal: Journal) -> None:
    with launched(shop, RefusesSpawn, change=journal.make) as (sink, _, launcher, _):
        assert launcher.way == "held" and not journal.pending()
        assert [one.detail["way"] for one in sink.of(Health, "way_failed")] == ["spawned"]


def test_a_process_is_known_by_its_command_line_though_frida_shows_its_label(shop: AdbDevice) -> None:
    with launched(shop) as (sink, collector, _, first):
        with frida_endpoint(shop.forward("tcp:27042")) as endpoint:
            assert SHOP not in {one.name for one in endpoint.enumerate_processes()}
        shop.stop(SHOP)
        again = shop.start_now(SHOP)  # as the system or another app starts it again
        assert again != first
        wait(lambda: any(one.pid == again for one in sink.of(Health, "started")))
        assert not collector.late(again)


class Losing(Journal):
    """After it something else unmounts the store of earlier releases."""

    def make(self, change: Change) -> None:
        super().make(change)
        if change.name == "store of earlier releases":
            assert self._device.as_root(change.undone).code == 0


def provisioned(device: AdbDevice, proxy: int, journal: Journal) -> Provisioned:
    return provision(device, proxy, PEM, package=SHOP, apex=True, api=34, journal=journal)


@pytest.mark.parametrize("state", [{}, {"root": False, "su": "magisk", "su_mounts": "own"}], ids=["adbd", "isolated"])
def test_the_certificate_is_read_where_the_app_reads_it(tmp_path: Path, proxy: int, state: dict[str, object]) -> None:
    """Whoever runs as root: where each ``su`` has a mount namespace of its own, every step enters init's."""
    with phone(tmp_path, api=34, app="shop", traits=state) as device:
        before = device.shell(["ls", SYSTEM_STORE]).out
        done = provisioned(device, proxy, Journal(device, tmp_path / "j"))
        assert done.capabilities["system_ca"].state == "unknown"  # it lies there; the app's view is another matter
        assert f"cacerts and {SYSTEM_STORE};" in done.capabilities["system_ca"].reason
        seen = trusted(device, pid := device.start_now(SHOP), done, PEM)
        assert seen.state == "yes" and SYSTEM_STORE not in seen.reason
        # Libraries with TLS of their own read the store of earlier releases.
        assert device.raw(["cat", f"{SYSTEM_STORE}/{ca_file(PEM)}"])[1] == PEM
        # The app's SDK sandbox has a UID of its own.
        rules = device.as_root("iptables -S OUTPUT").out
        uid = device.package(SHOP).uid  # type: ignore[union-attr]
        assert f"--uid-owner {uid} " in rules and f"--uid-owner {uid + 10_000} " in rules
        assert done.undo() == [] and device.shell(["ls", SYSTEM_STORE]).out == before
        # What is mounted successfully and not seen there is not claimed.
        lost = provisioned(device, proxy, Losing(device, tmp_path / "k"))
        assert f"cacerts, not in {SYSTEM_STORE};" in lost.capabilities["system_ca"].reason
        assert f"not in {SYSTEM_STORE}" in trusted(device, pid, lost, PEM).reason
        assert lost.undo() == [] and device.shell(["ls", SYSTEM_STORE]).out == before


@pytest.mark.parametrize("state", [{"zygote_bind": False}, {"propagates": False}], ids=["refused", "private"])
def test_a_store_that_apps_do_not_see_is_put_back(tmp_path: Path, proxy: int, state: dict[str, object]) -> None:
    """An empty folder in its place would take every certificate from every app."""
    with phone(tmp_path, api=34, app="shop", traits=state) as device:
        store = ["ls", f"/proc/{device.pids('zygote64')[0]}/root{APEX_STORE}"]
        before = device.as_root(store).out
        assert len(before.split()) > 50
        done = provisioned(device, proxy, journal := Journal(device, tmp_path / "j"))
        found = done.capabilities["system_ca"]
        assert found.state == "no" and "does not show the certificate" in found.reason
        assert found.reason.endswith("; undone")
        assert device.as_root(store).out == before and device.shell(["ls", APEX_STORE]).out == before
        assert not [one for one in journal.pending() if "bound" in one.name]
        assert trusted(device, device.start_now(SHOP), done, PEM).state == "no"
        assert device.setting("global", "http_proxy")  # all the rest is in place
        assert done.undo() == []


def test_a_screen_that_never_rests_is_read_with_animations_off(proxy: int, tmp_path: Path) -> None:
    with phone(tmp_path, app="shop", traits={"restless": True}) as device:
        device.shell(["settings", "put", "global", "animator_duration_scale", "0.5"])
        device.start_now(SHOP)
        wait(lambda: in_front(device))
        with pytest.raises(EnvironmentFault, match="idle"):
            device.ui()
        done = provision(device, proxy, b"", journal=Journal(device, tmp_path / "j"))
        assert device.ui()[0]
        assert done.undo() == []
        assert device.setting("global", "animator_duration_scale") == "0.5"
        assert device.setting("global", "window_animation_scale") == "1.0"


OLD = """<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.example.old"
    android:versionCode="1" android:versionName="1"><uses-sdk android:minSdkVersion="14" android:targetSdkVersion="19"/>
  <application android:label="Old"/></manifest>"""
SPLIT = """<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.example.shop"
    android:versionCode="{code}" split="config.x86_64"><application/></manifest>"""


def test_split_apks_are_installed_at_one_go(shop: AdbDevice, tmp_path: Path) -> None:
    base, split = bundled_app("shop", tmp_path), tmp_path / "split.apk"
    found = shop.package(SHOP)
    assert found
    shop.shell(["pm", "uninstall", SHOP])
    with zipfile.ZipFile(split, "w") as archive:
        archive.writestr("AndroidManifest.xml", SPLIT.format(code=found.version_code))
        archive.writestr("lib/x86_64/libshop.so", b"\x7fELF")
    with zipfile.ZipFile(tmp_path / "shop.apks", "w") as archive:
        archive.write(base, "splits/base-master.apk")
        archive.write(split, "splits/base-x86_64.apk")
    with pytest.raises(EnvironmentFault, match="base package"):
        shop.install(split)
    app, processes, _ = install(shop, str(tmp_path / "shop.apks"), "")
    assert (app.package, processes) == (SHOP, [PUSH])
    assert "splits=[base, config.x86_64]" in shop.shell(["dumpsys", "package", SHOP]).out


@pytest.mark.parametrize("api", [33, 34])
def test_an_app_made_for_a_very_old_android_is_installed_all_the_same(tmp_path: Path, api: int) -> None:
    """From 14 on only on purpose, and before 14 nobody knows that option."""
    old = tmp_path / "old.apk"
    with zipfile.ZipFile(old, "w") as archive:
        archive.writestr("AndroidManifest.xml", OLD)
    with phone(tmp_path, api=api) as device:
        device.push(old.read_bytes(), "/data/local/tmp/old.apk")
        refused = "INSTALL_FAILED_DEPRECATED_SDK_VERSION" in device.shell("pm install -r /data/local/tmp/old.apk").text
        assert refused is (api >= 34)
        device.install(old)
        found = device.package("com.example.old")
        assert found and found.target_sdk == 19


def test_what_could_not_be_undone_stays_written_down(tmp_path: Path) -> None:
    with phone(tmp_path, api=24) as device:  # whose date knows no fraction of a second
        journal = Journal(device, tmp_path / "here")
        device.note = journal.note
        device.hold_process(PUSH)
        journal.make(setting_change("global", "animator_duration_scale", "0", None))
        stays = "mkdir /data/local/tmp/abcdefghi"  # a directory is not removed
        journal.make(Change("bad", "shell", stays, ("frida_server", "abcdefghi")))
        journal.make(Change("port", "reverse", "23456 34567", ("reverse", "23456")))
        device.move_clock(86_400)
        other = AdbDevice(device.serial, port=device.server_port)  # has never asked the device for its time
        again = Journal(other, tmp_path / "here")
        assert [change.name for change in again.pending()] == [
            "process held at its start", "setting animator_duration_scale", "bad", "port", "clock",
        ]  # fmt: skip
        (fault,) = again.undo()
        assert fault.startswith("bad: ")
        assert device.setting("global", "animator_duration_scale") is None
        assert abs(device.clock_offset().offset) < 60_000_000
        assert device.setting("global", "debug_app") is None
        assert [change.name for change in again.pending()] == ["bad"] and device.exists(ON_DEVICE)


def test_a_change_that_a_reboot_took_away_counts_as_undone(shop: AdbDevice, journal: Journal, proxy: int) -> None:
    done = provision(shop, proxy, PEM, package=SHOP, journal=journal)
    for line in ("umount /system/etc/security/cacerts", "iptables -F OUTPUT", "ip6tables -F OUTPUT"):
        assert shop.as_root(line).code == 0
    assert done.undo() == [] and not journal.pending() and not shop.exists(ON_DEVICE)


def test_an_old_android_is_used_as_it_can(proxy: int, tmp_path: Path) -> None:
    with phone(tmp_path, api=24, app="shop") as device:
        # Its date has no fraction of a second, its iptables no time to wait for the lock.
        assert device.shell("date +%s.%N").out.endswith(".N\n")
        assert abs(device.clock_offset(3).offset) < 60_000_000
        assert device.as_root("iptables -w 5 -S").code == 2
        done = provision(device, proxy, b"", package=SHOP, api=24, journal=Journal(device, tmp_path / "j"))
        assert done.capabilities["quic_block"].state == "yes" and done.undo() == []


@pytest.mark.parametrize(
    "kind, api, package",
    [
        ("vendor", 33, "com.lbe.security.miui"),
        ("rooted", 28, "com.google.android.packageinstaller"),
        ("rooted", 34, "com.google.android.permissioncontroller"),
    ],
)
def test_a_vendors_permission_dialog_is_read(tmp_path: Path, kind: str, api: int, package: str) -> None:
    """And that of each Android, and answered."""
    with phone(tmp_path, kind, api=api, app="shop-clean", traits={"restless": False}) as device:
        device.install(bundled_app("shop", tmp_path))
        device.start_now(SHOP)
        tap(device, "同意并继续")
        wait(lambda: in_front(device, package))
        outside = Outside(device, SHOP, Asked(), hooked=False)
        message, buttons = outside.prompt()
        assert "位置信息" in message and buttons
        button = permission_button(device.ui()[0], "allow", SHOP)
        assert button is not None and asks_about(device.ui()[0], button, "ACCESS_FINE_LOCATION")
        tap(device, button.text, button.rid)
        wait(lambda: outside.flags()["android.permission.ACCESS_FINE_LOCATION"].granted)
