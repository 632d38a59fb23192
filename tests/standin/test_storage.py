"""What a hostile app takes of the machine's disk, what it leaves behind, and how that ends."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
from pathlib import Path

import pytest
from appkit import Kit, run
from test_hostile_calls import NAME, build

from emulator.standin.files import beneath
from emulator.standin.packages.intents import Intent
from emulator.standin.sandbox.contain import company
from emulator.standin.sandbox.storage import Quota, count
from monitor.base import process
from tests.javaapp import NEEDS_JAVAC

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
BODY = """
    static void fill(OutputStream out, int bytes) throws IOException { out.write(new byte[bytes]); }
    void go() throws Exception {
        File home = getFilesDir();
        home.mkdirs();
        String mode = (String) call("settings.get", "ns", "system", "key", "mode");
        if (mode.equals("leave")) {
            String stay = "trap '' HUP TERM; while :; do sleep 1; done";
            new ProcessBuilder("/usr/bin/setsid", "/bin/sh", "-c", stay).start();
            say("left");
            Thread.sleep(500);
            Runtime.getRuntime().halt(0);
        }
        List<Object> kept = new ArrayList<>();
        for (int i = 0; i < 100000; i++)
            try {
                File file = new File(home, mode + i);
                if (mode.equals("deep")) { file = new File(home, "deep"); home = file; file.mkdir(); continue; }
                FileOutputStream out = new FileOutputStream(file);
                if (!mode.equals("many")) fill(out, 1 << 20);
                if (mode.equals("gone")) { file.delete(); kept.add(out); } else out.close();
            } catch (IOException e) { Thread.sleep(100); }
        while (true) Thread.sleep(1000);
    }
"""


@pytest.mark.jvm
@NEEDS_JAVAC
def test_an_app_that_fills_the_disk_is_ended(tmp_path: Path) -> None:
    async def scenario(kit: Kit) -> None:
        kit.install(await asyncio.to_thread(build, tmp_path, BODY))
        home = kit.state.fs.host(f"/data/data/{NAME}")
        for number, mode in enumerate(("large", "many", "gone"), 1):
            await kit.state.put_setting("system", "mode", mode)
            await kit.app.start(Intent("android.intent.action.MAIN", f"{NAME}/.Main"))
            await kit.until(lambda n=number: len(kit.logged("am_kill", "events")) == n, mode)  # type: ignore[misc]
            assert f"{NAME},0,storage quota exceeded" in kit.logged("am_kill", "events")[-1]
            await kit.until(lambda: not any(p.package == NAME for p in kit.app.processes.values()), "it has ended")
            used = count([home], (), Quota(1 << 40, 1 << 40))
            assert used.size < 1 << 30 and (used.size > 4 << 20 or used.files > 2000 or mode == "gone"), (mode, used)
            beneath.cleared(home)
            home.mkdir()
        await kit.state.put_setting("system", "mode", "leave")
        await kit.app.start(Intent("android.intent.action.MAIN", f"{NAME}/.Main"))
        await kit.until(lambda: "left" in kit.logged("caller"), "a process is left behind")
        (one,) = [r for r in kit.app.running.values() if r.process.package == NAME]
        assert len(company([one.jvm.space.name])) > 1 and os.getpid() not in company([one.jvm.space.name])
        await kit.until(lambda: not any(p.package == NAME for p in kit.app.processes.values()), "it has ended")
        await kit.until(lambda: company([one.jvm.space.name]) == [], "nobody of its is left")

    from emulator.standin.state.device import DeviceState

    before = DeviceState.quota
    DeviceState.quota = Quota(8 << 20, 3000)
    try:
        run(tmp_path, scenario)
    finally:
        DeviceState.quota = before


def _deep(top: Path, levels: int) -> None:
    here = os.open(top, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d" * 40, dir_fd=here)
        inner = os.open("d" * 40, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def test_what_cannot_be_followed_counts_as_all(tmp_path: Path) -> None:
    _deep(tmp_path, 300)
    quota = Quota(1 << 30, 1000)
    assert count([tmp_path], (), quota).over(quota)
    beneath.cleared(tmp_path)


@pytest.mark.parametrize("cleared", [beneath.cleared, process.cleared])
def test_nothing_an_app_makes_stays(tmp_path: Path, cleared: object) -> None:
    """Deeper than files can be opened, without rights of its own, beside a link that leads out."""
    assert callable(cleared)
    top, outside = tmp_path / "top", tmp_path / "outside"
    (top / "one" / "two").mkdir(parents=True)
    (outside / "kept").mkdir(parents=True)
    (top / "link").symlink_to(outside)
    (top / "one" / "link").symlink_to(outside)
    (top / "one" / "two" / "file").write_text("x")
    os.mkfifo(top / "one" / "pipe")
    _deep(top / "one", 500)
    (top / "one" / "two").chmod(0)
    (top / "one").chmod(0)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        cleared(top)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert not top.exists() and (outside / "kept").is_dir()
