"""Device commands: Android's spellings, error texts and effects."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from adbside import MANIFEST, Running, make_app

from emulator.standin.apps.applayer import Process
from emulator.standin.packages.apk import InstallError, parse_manifest, read_archive, unpack
from emulator.standin.packages.installed import Flag
from emulator.standin.shell.streams import Collect, Fixed
from emulator.standin.state.device import load_state
from emulator.standin.state.file import StateError
from monitor.device import parse


@pytest.fixture
def demo(running: Running, app_file: Path) -> Running:
    """The device with com.demo installed."""
    running.state.fs.write("/data/local/tmp/demo.apk", app_file.read_bytes())
    assert running.sh("pm install -r -t /data/local/tmp/demo.apk") == (0, "Success\n", "")
    return running


def test_canaries_have_valid_check_digits(running: Running) -> None:
    def luhn(text: str) -> bool:
        digits = [int(c) * 2 if i % 2 else int(c) for i, c in enumerate(reversed(text))]
        return sum(d - 9 if d > 9 else d for d in digits) % 10 == 0

    get = running.state.get
    assert luhn(get("telephony.imei"))
    assert luhn(get("telephony.imei2"))
    assert luhn(get("telephony.iccid"))
    assert re.fullmatch(r"\+861[3-9]\d{9}", get("telephony.phone_no"))
    assert re.fullmatch(r"[0-9a-f]{16}", get("settings.secure.android_id"))
    assert get("props.ro.hardware") == "standin"
    assert get("wifi.scan.0.ssid") == get("wifi.ssid")
    assert get("no.such.thing") is None


def test_state_file(tmp_path: Path) -> None:
    over = tmp_path / "state.yaml"
    over.write_text("props: {ro.build.version.sdk: 34}\ntelephony: {imei: '1'}\n")
    state = load_state(over, tmp_path / "r")
    assert (state.sdk, state.get("telephony.imei"), state.get("telephony.sim_country")) == (34, "1", "cn")
    for bad in ("[1, 2]", "a: [", "packages: [{uid: 3}]", "!!python/object/apply:os.system [x]"):
        over.write_text(bad)
        with pytest.raises(StateError):
            load_state(over, tmp_path / "r2")


def test_properties_and_settings(running: Running) -> None:
    assert running.sh("getprop ro.build.version.sdk")[1] == "33\n"
    assert "[ro.hardware]: [standin]\n" in running.sh("getprop")[1]
    assert running.sh("setprop debug.x 1; getprop debug.x")[1] == "1\n"
    assert running.sh("setprop ro.hardware phone")[0] == 1
    assert running.sh("settings get global http_proxy")[1] == "null\n"
    assert running.sh("settings put global http_proxy 127.0.0.1:8080")[0] == 0
    assert running.apps.calls[-1] == ("settings_changed", "global", "http_proxy", "127.0.0.1:8080")
    assert running.state.http_proxy() == ("127.0.0.1", 8080)
    assert running.sh("settings get global global_http_proxy_port")[1] == "8080\n"
    assert running.sh("settings put global http_proxy :0; settings get global http_proxy")[1] == ":0\n"
    assert running.state.http_proxy() is None
    assert (
        running.sh("settings delete global http_proxy; settings get global http_proxy")[1] == "Deleted 1 rows\nnull\n"
    )
    assert "android_id=5ca1ab1e0ddba11e\n" in running.sh("settings list secure")[1]


def test_package_lists_and_dump(demo: Running) -> None:
    assert re.search(r"^package:com\.demo uid:101\d\d$", demo.sh("pm list packages -U -3")[1], re.M)
    listed = demo.sh("pm list packages -f com.demo")[1].strip()
    assert re.fullmatch(r"package:/data/app/~~.+==/com\.demo-.+==/base\.apk=com\.demo", listed)
    assert "package:android\n" not in demo.sh("pm list packages -3")[1]
    dump = demo.sh("dumpsys package com.demo")[1]
    assert re.search(r"^\s*(?:userId|appId)=(101\d\d)$", dump, re.M)
    assert "versionCode=3 minSdk=26 targetSdk=33" in dump
    assert "    requested permissions:\n      android.permission.INTERNET\n" in dump
    assert "    install permissions:\n      android.permission.INTERNET: granted=true\n" in dump
    flags = "USER_SENSITIVE_WHEN_GRANTED|USER_SENSITIVE_WHEN_DENIED"
    line = f"        android.permission.CAMERA: granted=false, flags=[ {flags}]\n"
    assert line in dump.partition("runtime permissions:")[2]
    assert demo.sh("dumpsys package com.nothing")[1] == "Unable to find package: com.nothing\n"


def test_of_several_activities_on_the_home_screen_none_is_chosen(tmp_path: Path, running: Running) -> None:
    line = "cmd package {}-activit{} --brief -c android.intent.category.LAUNCHER com.demo"
    activity = MANIFEST[MANIFEST.index("    <activity") : MANIFEST.index("    <service")]
    second = MANIFEST.replace(activity, activity + activity.replace(".Main", ".Two"))
    for manifest, chosen in (
        (MANIFEST, "com.demo/.Main"),
        (second, "android/com.android.internal.app.ResolverActivity"),
    ):
        file = make_app(tmp_path / "two.apk", manifest=manifest)
        running.state.fs.write("/data/local/tmp/two.apk", file.read_bytes())
        assert running.sh("pm install -r -t /data/local/tmp/two.apk")[0] == 0
        assert running.sh(line.format("resolve", "y"))[1].splitlines()[-1] == chosen
    listed = running.sh(line.format("query", "ies"))[1].split()
    assert [word for word in listed if "/" in word] == ["com.demo/.Main", "com.demo/.Two"]


def test_permissions(demo: Running) -> None:
    camera = "com.demo android.permission.CAMERA"
    assert demo.sh(f"pm grant {camera}") == (0, "", "")
    assert demo.apps.calls[-1] == ("permission_changed", "com.demo", "android.permission.CAMERA", True)
    grant = demo.state.packages["com.demo"].grants["android.permission.CAMERA"]
    assert grant.granted
    assert not grant.flags & (Flag.USER_SET | Flag.USER_FIXED)
    grant.flags |= Flag.USER_SET | Flag.USER_FIXED
    assert "CAMERA: granted=true, flags=[ USER_SET|USER_FIXED|" in demo.sh("dumpsys package com.demo")[1]
    assert demo.sh(f"pm clear-permission-flags {camera} user-set user-fixed")[0] == 0
    assert not grant.flags & (Flag.USER_SET | Flag.USER_FIXED)
    assert demo.sh(f"cmd package revoke {camera}")[0] == 0
    assert not grant.granted
    grant.flags |= Flag.USER_SET | Flag.ONE_TIME
    assert demo.sh("pm clear com.demo")[1] == "Success\n"
    assert "CAMERA: granted=false, flags=[ USER_SENSITIVE" in demo.sh("dumpsys package com.demo")[1]
    for arguments, message in (
        ("com.demo android.permission.NOPE", "Unknown permission: android.permission.NOPE"),
        ("com.demo android.permission.READ_SMS", "has not requested permission android.permission.READ_SMS"),
        ("com.demo android.permission.INTERNET", "is not a changeable permission type"),
        ("com.none android.permission.CAMERA", "Unknown package: com.none"),
    ):
        code, out, err = demo.sh(f"pm grant {arguments}")
        assert (code, out) == (255, "")
        assert "Exception occurred while executing 'grant':\njava.lang." in err
        assert message in err


def test_start_and_dumps(demo: Running) -> None:
    code, out, _ = demo.sh("am start -W -n com.demo/.Main --es key 'a b'")
    assert code == 0
    assert re.fullmatch(
        r"Starting: Intent \{ cmp=com\.demo/\.Main \(has extras\) \}\nStatus: ok\nLaunchState: COLD\n"
        r"Activity: com\.demo/\.Main\nTotalTime: 321\nWaitTime: \d+\nComplete\n",
        out,
    )
    assert demo.state.activities[-1].intent.extras == {"key": "a b"}
    window = demo.sh("dumpsys window")[1]
    assert re.search(r"mCurrentFocus=Window\{[0-9a-f]+ u0 com\.demo/com\.demo\.Main\}$", window, re.M)
    assert re.search(r"mFocusedApp=ActivityRecord\{[0-9a-f]+ u0 com\.demo/\.Main t7\}$", window, re.M)
    activities = demo.sh("dumpsys activity activities")[1]
    for pattern in (
        r"topResumedActivity=ActivityRecord\{",
        r"  ResumedActivity: ActivityRecord\{\w+ u0 com\.demo/\.Main t7\}",
    ):
        assert re.search(pattern, activities)
    pid = demo.sh("pidof com.demo")[1].strip()
    assert pid in demo.sh("ps -A -o UID:1=,PID:1=,ARGS:1= -n")[1]
    assert re.search(rf"^u0_a1\d\d +{pid} +530 .* S com\.demo$", demo.sh("ps -A")[1], re.M)
    assert demo.sh(f"cat /proc/{pid}/cmdline")[1] == "com.demo\0"
    assert demo.sh("am force-stop com.demo; pidof com.demo")[0] == 1
    assert "mCurrentFocus=null" in demo.sh("dumpsys window")[1]
    missing = demo.sh("am start -n com.demo/.Nope")
    assert missing[2] == "Error type 3\nError: Activity class {com.demo/com.demo.Nope} does not exist.\n"


def test_app_ops(demo: Running) -> None:
    assert demo.sh("appops get com.demo READ_CLIPBOARD")[1] == "No operations.\n"
    assert demo.sh("appops set com.demo CAMERA deny; cmd appops get com.demo")[1] == "CAMERA: deny\n"
    assert demo.sh("appops set com.demo NOPE deny")[0] == 255


def test_screen_tree_and_input(demo: Running) -> None:
    demo.sh("am start -n com.demo/.Main")
    assert demo.sh("uiautomator dump /data/local/tmp/w.xml")[1] == "UI hierchary dumped to: /data/local/tmp/w.xml\n"
    text = demo.state.fs.read("/data/local/tmp/w.xml").decode()
    assert text.startswith("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\"><node ")
    nodes = {n.get("resource-id"): n for n in ElementTree.fromstring(text.encode()).iter("node")}
    assert nodes["com.demo:id/title"].get("text") == "隐私政策 & <more>"
    assert nodes["com.demo:id/name"].get("text") == "姓名"  # the hint of an empty field

    def middle(rid: str) -> str:
        left, top, right, bottom = map(int, re.findall(r"\d+", nodes[rid].get("bounds", "")))
        return f"{(left + right) // 2} {(top + bottom) // 2}"

    demo.sh(f"input tap {middle('com.demo:id/agree')}")
    assert demo.apps.calls[-1] == ("click", "com.demo:id/agree")
    before = len(demo.apps.calls)
    demo.sh("input tap 540 2200; input text ignored")
    assert len(demo.apps.calls) == before
    demo.sh(f"input tap {middle('com.demo:id/name')}; input text a%sb; input text 中")  # not ASCII: refused
    demo.sh("input keyevent 67; input keyevent KEYCODE_BACK")
    assert demo.apps.calls[-3:] == [
        ("text", "com.demo:id/name", "a b"),
        ("text", "com.demo:id/name", "a "),
        ("key", "BACK"),
    ]
    demo.sh("am force-stop com.demo")
    assert demo.sh("uiautomator dump")[1].startswith("ERROR: null root node returned")


@pytest.mark.parametrize("turns", range(6))
def test_logcat_shows_a_line_at_once_however_soon_after_another_it_was_written(running: Running, turns: int) -> None:
    async def follow() -> str:
        shown = Collect()
        reader = asyncio.ensure_future(running.device.shell().run("logcat -s Tag -T 1", Fixed(), shown, Collect()))
        await asyncio.sleep(0.05)
        for line in ("one", "two"):
            running.state.log.main("I", "Tag", line)
            for _ in range(turns):
                await asyncio.sleep(0)
        for _ in range(500):
            if b"two" in shown.data:
                break
            await asyncio.sleep(0.01)
        reader.cancel()
        return bytes(shown.data).decode()

    assert re.findall(r"Tag +: (\w+)$", running.call(follow()), re.M) == ["one", "two"]


def test_logcat(running: Running) -> None:
    async def write() -> None:
        log = running.state.log
        log.main("D", "Tag", "one\ntwo", pid=321, uid=10100)
        log.main("E", "Other", "bad", pid=322, uid=10101)
        log.event("am_proc_start", 0, 321, 10100, "com.demo", "activity", "x")
        log.event("wm_task_moved", 5)

    async def binary() -> bytes:
        out = Collect()
        await running.device.shell().run("logcat -B -d -b main,events", Fixed(), out, Collect())
        return bytes(out.data)

    running.call(write())
    out = running.sh("logcat -d -b main,events -v threadtime")[1].splitlines()
    stamp = r"\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"
    assert out[0] == "--------- beginning of main"
    assert re.fullmatch(stamp + r"   321   321 D Tag     : one", out[1])
    assert re.fullmatch(stamp + r"  1000  1000 I am_proc_start: \[0,321,10100,com\.demo,activity,x\]", out[5])
    assert out[6].endswith(" I wm_task_moved: 5")
    assert re.search(
        r"^\d+\.\d{3} 10101   322   322 E Other   : bad$", running.sh("logcat -d -v epoch -v uid")[1], re.M
    )
    assert [(entry.uid, entry.tag, entry.values) for entry in parse.log.entries([running.call(binary())])] == [
        (10100, "Tag", ("one\ntwo",)),
        (10101, "Other", ("bad",)),
        (1000, 30014, ("0", "321", "10100", "com.demo", "activity", "x")),
        (1000, 0, ("5",)),
    ]
    assert running.sh("logcat -d -v brief Other:V *:S")[1] == "--------- beginning of main\nE/Other   (  322): bad\n"
    assert running.sh("logcat -d -s Tag")[1].count("D Tag") == 2
    assert re.fullmatch(r"--------- beginning of main\n.* E Other   : bad\n", running.sh("logcat -t 1")[1])
    assert running.sh("logcat -d -v long")[0] == 1
    assert running.sh("logcat -c; logcat -d -b main")[1] == ""
    assert running.sh("logcat -b nope -d")[0] == 1


def test_clock(running: Running) -> None:
    began = time.time()
    seconds, nanos = running.sh("date +%s.%N")[1].strip().split(".")
    assert int(began) <= int(seconds) <= time.time()
    assert len(nanos) == 9
    up = float(running.sh("cat /proc/uptime")[1].split()[0])
    target = int(time.time()) + 49 * 3600
    began = time.monotonic()
    running.sh(f"date @{target}")
    now = int(running.sh("date +%s")[1])
    later = float(running.sh("cat /proc/uptime")[1].split()[0])
    most = time.monotonic() - began + 1
    assert target <= now <= target + most
    assert up <= later < up + 3600  # the clock was set by days
    running.sh("date 010203042026.05")
    assert running.sh("date '+%Y-%m-%d %H:%M'")[1] == "2026-01-02 03:04\n"
    assert running.sh("date nonsense")[0] == 1


def test_firewall_bookkeeping(running: Running) -> None:
    rule = "OUTPUT -p udp --dport 443 -m owner --uid-owner 10123 -j REJECT"
    for name in ("iptables", "ip6tables"):
        assert running.sh(f"{name} -C {rule}")[0] == 1
        assert running.sh(f"{name} -w -I {rule}") == (0, "", "")
        assert running.sh(f"{name} -C {rule}")[0] == 0
        listed = running.sh(f"{name} -nvxL OUTPUT")[1]
        assert re.search(r"^ +0 +0 REJECT +udp +--  \*.* owner UID match 10123 udp dpt:443 reject-with", listed, re.M)
        assert running.sh(f"{name} -D {rule}")[0] == 0
        assert running.sh(f"{name} -D {rule}")[0] == 1
    assert running.sh("iptables -t nope -L")[0] == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_sockets_carry_the_apps_uid(running: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:

        async def own() -> None:
            running.apps.processes[os.getpid()] = Process(os.getpid(), "com.demo", "com.demo", 10123)

        running.call(own())
        rows = [line.split() for line in running.sh("cat /proc/net/tcp")[1].splitlines()]
        # By both ends: an older connection of the same port to somebody else may not have gone yet.
        ends = [f"0100007F:{end[1]:04X}" for end in (client.getsockname(), server.getsockname())]
        mine = [r for r in rows[1:] if r[1:3] == ends]
        assert rows[0][:4] == ["sl", "local_address", "rem_address", "st"]
        assert [(r[3], r[7]) for r in mine] == [("01", "10123")]
        assert running.sh("cat /proc/net/tcp6 /proc/net/udp")[0] == 0


BAD_MANIFESTS = [
    (MANIFEST.replace("<manifest ", "<!DOCTYPE x [<!ENTITY e 'x'>]><manifest ", 1), "MANIFEST_MALFORMED"),
    (MANIFEST.replace('package="com.demo"', 'package="../../x"'), "BAD_PACKAGE_NAME"),
    (MANIFEST.replace('package="com.demo"', 'package="demo"'), "BAD_PACKAGE_NAME"),
    (MANIFEST.replace("</manifest>", ""), "UNEXPECTED_EXCEPTION"),
    (MANIFEST.replace('android:name=".Main"', 'android:name="a;rm -rf"'), "MANIFEST_MALFORMED"),
    (MANIFEST.replace('"{version}"', '"1e9"'), "MANIFEST_MALFORMED"),
    ("<manifest package='a.b'/>", "MANIFEST_EMPTY"),
    ("<a>" * 100 + "</a>" * 100, "MANIFEST_MALFORMED"),
    ("\0\1\2", "UNEXPECTED_EXCEPTION"),
]


@pytest.mark.parametrize(("text", "code"), BAD_MANIFESTS)
def test_bad_manifests_are_refused(text: str, code: str) -> None:
    with pytest.raises(InstallError) as caught:
        parse_manifest(text.encode())
    assert caught.value.code == f"INSTALL_PARSE_FAILED_{code}"


def test_manifest_is_read(tmp_path: Path) -> None:
    found = read_archive(make_app(tmp_path / "a.apk"))
    assert (found.name, found.version_code, found.version_name, found.target_sdk) == ("com.demo", 3, "1.2", 33)
    assert (found.application, found.debuggable, found.label) == ("com.demo.App", True, "演示")
    parts = {c.name: c for c in found.components}
    assert parts["com.demo.Main"].launcher
    assert parts["com.demo.Push"].process == "com.demo:push"
    assert parts["com.sdk.Init"].authorities == ["com.demo.sdk", "com.demo.two"]


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a\\..\\evil", "a//b"])
def test_archives_stay_inside(tmp_path: Path, name: str) -> None:
    path = make_app(tmp_path / "a.apk")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    with pytest.raises(InstallError, match="leaves the archive"):
        read_archive(path)


def test_bombs_are_refused(tmp_path: Path) -> None:
    path = make_app(tmp_path / "a.apk")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("classes/zero", bytes(8_000_000))
    with pytest.raises(InstallError, match="too large"):
        read_archive(path)
    with pytest.raises(InstallError):
        unpack(path, tmp_path / "out")
