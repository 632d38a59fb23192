"""An app process from start to end: order of the first calls, windows, taps, results, processes, crashes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from appkit import MAIN, PACKAGE, Kit, on_device, run

from emulator.standin.apps.applayer import NO_MATCH, NOT_FOUND
from emulator.standin.packages.intents import Intent
from emulator.standin.window import backstack
from tests.javaapp import NEEDS_JAVAC, manifest, packed

pytestmark = pytest.mark.device


@on_device
async def test_start_order_and_tree(kit: Kit) -> None:
    assert (await kit.app.start(Intent(component=f"{PACKAGE}/.Nothing"))).code == NOT_FOUND
    assert (await kit.app.start(Intent("no.such.ACTION"))).code == NO_MATCH
    assert not kit.app.processes
    result = await kit.app.start(MAIN, wait=True)
    assert (result.code, result.activity, result.launch_state) == (0, f"{PACKAGE}/{PACKAGE}.MainActivity", "COLD")
    assert kit.logged() == ["provider", f"application {PACKAGE}", "create", "resume"]
    process = kit.app.processes[result.pid]
    assert process.name == PACKAGE and process.uid == kit.state.packages[PACKAGE].uid
    assert Path(f"/proc/{process.host}/cmdline").read_bytes().split(b"\0")[0] == PACKAGE.encode()
    assert Path(f"/proc/{process.host}/exe").readlink().name == PACKAGE
    found = kit.find("policy")
    assert found and found[1]["text"] == "Read our Privacy Policy first" and found[1]["link"] == ""
    assert kit.find("name")[1]["hint"] == "name"  # type: ignore[index]
    tags = [x.tag for x in kit.state.log.lines(["events"])]
    assert tags.index("wm_create_activity") < tags.index("am_proc_start") < tags.index("wm_resume_activity")


@on_device
async def test_the_log_names_what_a_process_is_started_for_as_that_android_does(kit: Kit) -> None:
    for sdk, why in (
        ("28", f"activity,{PACKAGE}/.MainActivity"),
        ("29", f"activity,{{{PACKAGE}/{PACKAGE}.MainActivity}}"),
        ("34", f"next-top-activity,{{{PACKAGE}/{PACKAGE}.MainActivity}}"),
    ):
        kit.state.props["ro.build.version.sdk"] = sdk
        await kit.app.start(MAIN, wait=True)
        assert kit.logged("am_proc_start", "events")[-1].endswith(f",{PACKAGE},{why}]")
        await kit.app.force_stop(PACKAGE)


@on_device
async def test_the_window_in_front_has_the_focus(kit: Kit) -> None:
    def told() -> list[str]:
        return kit.logged("probe.focus")

    await kit.app.start(MAIN, wait=True)
    await kit.until(lambda: told() == ["true"], "after onResume")
    await kit.tap("dialog")
    await kit.until(lambda: told() == ["true", "false"], "a dialog has it")
    await kit.until(lambda: kit.find("button1"), "dialog")
    await kit.tap("button1")
    await kit.until(lambda: told() == ["true", "false", "true"], "the activity again")
    await kit.app.key("HOME")
    await kit.until(lambda: told() == ["true", "false", "true", "false"], "nobody")


@on_device
async def test_dialog_checkbox_link_and_text(kit: Kit) -> None:
    await kit.app.start(MAIN, wait=True)
    await kit.tap("policy")
    await kit.logs("policy opened")
    await kit.tap("agree")
    await kit.logs("agree true")
    await kit.until(lambda: (f := kit.find("agree")) and f[1]["checked"], "checked in the tree")
    await kit.tap("dialog")
    await kit.until(lambda: kit.find("alertTitle"), "dialog")
    window = kit.state.focused_window()
    assert window and window.kind == "dialog" and kit.find("message")[1]["text"] == "We value privacy"  # type: ignore[index]
    assert kit.find("button1")[1]["rid"] == "android:id/button1"  # type: ignore[index]
    await kit.tap("button1")
    await kit.logs("agreed")
    await kit.until(lambda: any(w.kind == "toast" for w in kit.state.windows), "toast")
    await kit.until(lambda: kit.find("dialog"), "activity again")
    await kit.tap("dialog")
    await kit.until(lambda: kit.find("button2"), "dialog again")
    await kit.app.key("BACK")
    await kit.until(lambda: kit.find("dialog"), "dialog closed by back")
    assert "refused" not in kit.logged()


@on_device
async def test_second_activity_and_result(kit: Kit) -> None:
    await kit.app.start(MAIN, wait=True)
    await kit.tap("second")
    await kit.tap(text="done 5")
    await kit.logs("activity 11 -1 yes")
    await kit.until(lambda: kit.find("second"), "main again")
    assert kit.logged().count("resume") == 2
    assert "stop" in kit.logged()
    await kit.app.key("BACK")
    await kit.logs("destroy")
    assert kit.state.activities == [] and kit.state.focused_window() is None
    assert len(kit.app.processes) == 1  # as on Android, the process stays


SPLASH = """package org.example.splash;
public class Splash extends android.app.Activity {
  @Override protected void onCreate(android.os.Bundle state) {
    super.onCreate(state);
    startActivity(new android.content.Intent(this, Home.class));
    for (long end = System.nanoTime() + 2_000_000_000L; System.nanoTime() < end; ) { }
  }
}
"""
HOME = "package org.example.splash; public class Home extends android.app.Activity { }"


@NEEDS_JAVAC
def test_an_activity_that_is_long_in_coming_is_there_before_the_one_that_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backstack, "ARRIVAL", 0.5)
    name = "org.example.splash"
    text = manifest(name, "Splash", more='<activity android:name=".Home"/>')
    sources = {f"org/example/splash/{cls}": source for cls, source in (("Splash", SPLASH), ("Home", HOME))}
    archive = packed(tmp_path, text, sources)

    async def scenario(kit: Kit) -> None:
        kit.install(archive)
        await kit.app.start(Intent("android.intent.action.MAIN", f"{name}/.Splash"))

        def order() -> list[str]:
            lines = [
                x for x in kit.state.log.lines(["events"]) if x.tag in ("wm_create_activity", "wm_resume_activity")
            ]
            return [f"{x.tag[3:9]} {cls}" for x in lines for cls in ("Splash", "Home") if f"/.{cls}" in x.message]

        await kit.until(lambda: "resume Home" in order(), "the other one")
        assert order() == ["create Splash", "resume Splash", "create Home", "resume Home"]

    run(tmp_path, scenario)


@on_device
async def test_home_and_return(kit: Kit) -> None:
    await kit.app.start(MAIN, wait=True)
    await kit.app.key("HOME")
    await kit.logs("stop")
    await kit.until(lambda: kit.state.focused_package() == "", "home")
    again = Intent("android.intent.action.MAIN", MAIN.component, categories=["android.intent.category.LAUNCHER"])
    again.flags = 0x10000000
    assert (await kit.app.start(again, wait=True)).code == 2
    await kit.until(lambda: kit.state.focused_package() == PACKAGE, "in front")
    assert kit.logged().count("create") == 1


@on_device
async def test_preferences_survive_a_restart(kit: Kit) -> None:
    for count in (1, 2):
        await kit.app.start(MAIN, wait=True)
        await kit.tap("prefs")
        await kit.logs(f'prefs {count} a<b&"c')
        await kit.app.force_stop(PACKAGE)
        assert not kit.app.processes and not kit.state.windows and not kit.state.activities
    text = (kit.state.fs.host(f"/data/user/0/{PACKAGE}/shared_prefs/consent.xml")).read_text("utf-8")
    assert '<boolean name="agreed" value="true" />' in text and '<int name="n" value="2" />' in text
    assert [x for x in kit.logged("am_proc_died", "events")]


@on_device
async def test_second_process_broadcast_and_exit(kit: Kit) -> None:
    result = await kit.app.start(MAIN, wait=True)
    await kit.tap("push")
    await kit.logs(f"push in {PACKAGE}:push")
    assert {p.name for p in kit.app.processes.values()} == {PACKAGE, f"{PACKAGE}:push"}
    assert kit.logged().count("provider") == 1  # only where the manifest puts it
    assert await kit.app.broadcast(Intent("android.intent.action.BOOT_COMPLETED")) == 1
    await kit.logs("boot android.intent.action.BOOT_COMPLETED")
    await kit.tap("exit")
    await kit.until(lambda: result.pid not in kit.app.processes, "main process gone")
    assert [t["how"] for t in kit.truth("exit")] == ["System.exit"]
    assert {p.name for p in kit.app.processes.values()} == {f"{PACKAGE}:push"}


@on_device
async def test_crash_at_start(kit: Kit) -> None:
    await kit.app.start(Intent(component=f"{PACKAGE}/.CrashActivity"), wait=True)
    await kit.until(lambda: not kit.app.processes, "process gone")
    crash = kit.logged("AndroidRuntime", "crash")
    assert crash and "FATAL EXCEPTION: main" in crash[0] and "java.lang.IllegalStateException: planned" in crash[0]
    assert kit.truth("crash") and kit.state.activities == [] and kit.state.windows == []
    assert kit.logged("am_crash", "events")


@on_device
async def test_held_start_waits_before_any_app_class(kit: Kit) -> None:
    result = await kit.app.start(MAIN, held=True)
    await kit.until(lambda: kit.truth("process")[-1]["state"] == "held", "held")
    await asyncio.sleep(0.3)
    assert kit.logged() == [] and kit.app.processes[result.pid].held
    assert any("is waiting for the debugger" in x for x in kit.logged("ActivityThread"))
    assert not kit.app.on_debugger(1)
    assert kit.app.on_debugger(result.pid)
    await kit.logs("resume")
    assert kit.logged()[0] == "provider"


def test_nothing_outlives_the_device(tmp_path: Path) -> None:
    pids: list[int] = []

    async def scenario(kit: Kit) -> None:
        result = await kit.app.start(MAIN, wait=True)
        await kit.app.start_service(Intent(component=f"{PACKAGE}/.PushService"))
        await kit.until(lambda: len(kit.app.processes) == 2, "the second process")
        pids.extend(process.host for process in kit.app.processes.values())
        assert kit.app.processes[result.pid].host in pids and len(set(pids)) == 2 and all(pids)

    run(tmp_path, scenario)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@on_device
async def test_reads_are_in_the_truth_log(kit: Kit) -> None:
    await kit.app.start(MAIN, wait=True)
    await kit.tap("settings")
    await kit.logs("id ca11ab1e5eed0a1d")
    await kit.tap("query")
    await kit.logs("own own")
    await kit.until(lambda: any(x.startswith("denied Permission Denial: opening provider") for x in kit.logged()))
    kit.state.set_permission(PACKAGE, "android.permission.READ_CONTACTS", True)
    await kit.tap("query")
    await kit.logs("contacts 4")
    reads = [(r["data_type"], r["outcome"], r["caller"]) for r in kit.truth("api")]
    caller = f"{PACKAGE}.MainActivity"
    assert reads == [("android_id", "value", caller), ("contacts", "denied", caller), ("contacts", "value", caller)]


def test_a_killed_device_leaves_no_orphan(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys, pathlib\n"
        "from appkit import MAIN, device\n"
        "async def main():\n"
        "    async with device(pathlib.Path(sys.argv[1])) as kit:\n"
        "        result = await kit.app.start(MAIN, wait=True)\n"
        "        print(kit.app.processes[result.pid].host, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    here = Path(__file__).parent
    env = {**os.environ, "PYTHONPATH": f"{here.parents[1] / 'emulator'}{os.pathsep}{here}"}
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as device:
        assert device.stdout
        pid = int(device.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        device.kill()
    for _ in range(1200):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split(")")[-1][:3]:
            return
        time.sleep(0.05)
    raise AssertionError("the app process is still there")
