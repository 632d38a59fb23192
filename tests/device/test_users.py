"""Whose a process, a flow or an answer is. A second person, a work profile or a vendor's dual app has a copy of the
app, with UIDs, data and permissions of its own; and several apps may have one UID."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from monitor.collectors.endpoint import SpawnUnsupported, frida_endpoint
from monitor.collectors.hooks import HookCollector
from monitor.device import watch
from monitor.device.adb import AdbDevice
from monitor.device.changes.journal import Journal
from monitor.device.provision.apply import provision
from monitor.events import Health
from monitor.knowledge.catalogue import load_catalogue
from monitor.record.launch import Launcher
from monitor.record.observers import Asked as Asking
from monitor.record.observers import Outside
from monitor.record.selftest_lines import Observations
from monitor.record.target import own_processes
from tests.device.logs import records
from tests.device.phones import SHOP, phone

CAMERA = "android.permission.CAMERA"


def allowed(device: AdbDevice) -> bool:
    """Whether the app of the user in the foreground may use the camera."""
    return Outside(device, SHOP, Asking(), hooked=False).flags()[CAMERA].granted


@pytest.mark.device
def test_the_second_user_of_a_device(tmp_path: Path, proxy: int) -> None:
    """``pm`` means user 0 unless told otherwise, and the kernel knows the app by the user's own UID."""
    with phone(tmp_path, app="shop", user=10) as device:
        found = device.package(SHOP)
        assert device.user == 10 and found is not None and found.uid // 100_000 == 10

        device.shell(["pm", "grant", SHOP, CAMERA])
        assert not allowed(device)  # user 0's copy has it now
        device.set_permission(SHOP, CAMERA, "allow")
        assert allowed(device)

        done = provision(device, proxy, b"", package=SHOP, journal=Journal(device, tmp_path / "j"), app_port=proxy)
        rules = device.as_root("iptables -t nat -S; iptables -S").out
        assert rules.count(f"--uid-owner {found.uid} ") == 2
        assert done.undo() == []

        pid = Launcher(device, None, Observations(), SHOP)(SHOP)
        assert (pid, SHOP) in own_processes(device, SHOP)()
        device.shell(["pm", "clear", SHOP])
        assert device.pids(SHOP) == [pid] and allowed(device)
        device.clear(SHOP)
        assert not device.pids(SHOP) and not allowed(device)


@pytest.mark.device
def test_another_users_copy_is_not_the_app(tmp_path: Path) -> None:
    with phone(tmp_path, app="shop", clones={SHOP: [10, 999]}) as device:
        assert len(device.pids(SHOP)) == 2 and own_processes(device, SHOP)() == []
        pid = Launcher(device, None, Observations(), SHOP)(SHOP)
        own = own_processes(device, SHOP)()
        assert (pid, SHOP) in own and len([name for _, name in own if name == SHOP]) == 1


class Asked:
    """Frida's own device, and with which words it was asked to start an app."""

    def __init__(self, device: Any) -> None:
        self._device, self.spawned = device, []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._device, name)

    def spawn(self, *args: Any, **words: Any) -> int:
        self.spawned.append((args, words))
        return int(self._device.spawn(*args, **words))


class StartsAnothers(HookCollector):
    """Frida as it starts the copy of user 0, whoever is in the foreground."""

    other, ended = 0, 0

    def spawn(self, package: str, timeout: float = 60) -> int:
        return self.other

    def end(self, pid: int) -> None:
        self.ended = pid


@pytest.mark.device
def test_frida_is_told_whose_copy_to_start_and_another_persons_is_not_taken(tmp_path: Path) -> None:
    sink = Observations()
    with phone(tmp_path, app="shop", user=10, clones={SHOP: [0]}) as device:
        rows, listed = load_catalogue()[:3], own_processes(device, SHOP)
        with frida_endpoint(device.forward("tcp:27042")) as endpoint:
            for user, words in ((0, {}), (10, {"uid": 10})):
                asked = Asked(endpoint)
                collector = HookCollector(asked, sink, SHOP, rows, processes=listed, user=user)
                with pytest.raises(SpawnUnsupported):
                    collector.spawn(SHOP)
                assert asked.spawned == [((SHOP,), words)]
                collector.stop()

            collector = StartsAnothers(endpoint, sink, SHOP, rows, processes=listed, user=10)
            collector.other = next(one.pid for one in device.running() if one.uid // 100_000 == 0 and one.name == SHOP)
            launcher = Launcher(device, collector, sink, SHOP)
            pid = launcher(SHOP)
            assert launcher.way == "held" and collector.ended == collector.other != pid
            (failed,) = sink.of(Health, "way_failed")
            assert failed.detail["why"] == "Frida started the copy of user 0, not of 10 in the foreground"
            launcher.close()
            collector.stop()


FAMILY = """<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.example.{name}"
    android:versionCode="1" android:sharedUserId="com.example.family"><uses-sdk android:minSdkVersion="21"/>
  <application android:label="{name}"/></manifest>"""


def family(folder: Path, name: str) -> Path:
    """An app of that name whose UID is shared."""
    with zipfile.ZipFile(folder / f"{name}.apk", "w") as archive:
        archive.writestr("AndroidManifest.xml", FAMILY.format(name=name))
    return folder / f"{name}.apk"


@pytest.mark.device
def test_apps_that_share_a_uid_are_not_each_other(tmp_path: Path, proxy: int) -> None:
    """As sharedUserId allows apps of one signer: no table of the kernel tells them apart."""
    clones = {"com.example.one": [0], "com.example.two": [0]}  # their processes
    with phone(tmp_path, clones=clones) as device:
        for name in ("one", "two"):
            device.install(family(tmp_path, name))
        one, two = device.package("com.example.one"), device.package("com.example.two")
        assert one is not None and two is not None and one.uid == two.uid
        assert [name for _, name in own_processes(device, one.name)()] == [one.name]
        assert [name for _, name in own_processes(device, two.name)()] == [two.name]

        journal = Journal(device, tmp_path / "j")
        done = provision(device, proxy, b"", package=one.name, journal=journal, app_port=proxy)
        owner = done.capabilities["traffic_owner"]
        assert owner.state == "no" and two.name in owner.reason
        device.shell(["pm", "uninstall", two.name])
        done = provision(device, proxy, b"", package=one.name, journal=journal, app_port=proxy)
        assert done.capabilities["traffic_owner"].state == "yes"
        assert done.undo() == []


@pytest.mark.device
@pytest.mark.parametrize(("api", "mates"), [(26, []), (24, ["com.example.family"])])
def test_where_nobody_lists_who_shares_a_uid_somebody_may(tmp_path: Path, api: int, mates: list[str]) -> None:
    with phone(tmp_path, api=api) as device:
        device.install(family(tmp_path, "one"))
        found = device.package("com.example.one")
        assert found is not None and device.mates(found) == mates


def test_what_another_users_copy_does_is_not_taken_from_the_log() -> None:
    def lines(user: int) -> list[str]:
        uid = user * 100_000 + 10_100
        return [
            f"1700000000.100  1000  900  901 I am_proc_start: [{user},4394,{uid},{SHOP},top-activity,{SHOP}/.Main]",
            f"1700000000.200  1000  900  901 I wm_resume_activity: [{user},11,5,{SHOP}/.Main]",
            f"1700000003.000 10051  700  700 V GrantPermissionsViewModel: Permission grant result requestId=1"
            f" callingUid={uid} callingPackage={SHOP} permission={CAMERA} isImplicit=false result=4",
            f"1700000004.500  1000  900  901 I am_kill: [{user},4394,{SHOP},900,empty for 30s,2048]",
            f"1700000004.600  1000  900  901 I am_crash: [4394,{user},{SHOP},0,java.lang.Error,x,X.java,1,0]",
        ]  # fmt: skip

    seen = ["process_start", "resumed", "permission_answer", "process_kill", "process_crash"]
    for user in (0, 10):
        found = list(watch.Reader({}, user=user).observations(records(lines(user))))
        assert [one.what for one in found] == seen
        assert found[-1].cause == "java.lang.Error at X.java:1"
        assert not list(watch.Reader({}, user=user).observations(records(lines(999))))
