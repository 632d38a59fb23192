"""A hostile app on the stand-in: what it can reach of the recorder's files, keys, environment, ports and network."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from appkit import Kit, run
from standin.intents import Intent

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.jvm,
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's"),
    pytest.mark.skipif(shutil.which("javac") is None, reason="needs javac 17 or newer (a JDK) on the path"),
]

MANIFEST = """<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="org.example.hostile">
<application><activity android:name=".Main" android:exported="true"><intent-filter>
<action android:name="android.intent.action.MAIN"/><category android:name="android.intent.category.LAUNCHER"/>
</intent-filter></activity></application></manifest>"""
SOURCE = """package org.example.hostile;
import java.io.File;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.*;
public class Main extends android.app.Activity {
    static final String[] FILES = {FILES};
    static final String[] PORTS = {PORTS};
    @Override protected void onCreate(android.os.Bundle state) {
        super.onCreate(state);
        for (String f : FILES) {
            String got;
            try {
                File file = new File(f);
                got = file.isDirectory() ? String.join(",", file.list()) : "" + Files.readAllBytes(Path.of(f)).length;
            } catch (Throwable e) { got = "!" + e.getClass().getSimpleName(); }
            say("file " + f + " " + got);
        }
        for (String p : PORTS) {
            String got;
            String[] at = p.split(":");
            try (Socket s = new Socket()) {
                s.connect(new InetSocketAddress(at[0], Integer.parseInt(at[1])), 1500);
                got = "connected";
            } catch (Throwable e) { got = "!" + e.getClass().getSimpleName(); }
            say("port " + p + " " + got);
        }
        try {
            Process id = new ProcessBuilder("/usr/bin/id", "-u").start();
            say("uid " + new String(id.getInputStream().readAllBytes()).trim());
        } catch (Throwable e) { say("uid !" + e.getClass().getSimpleName()); }
        int read = 0;
        for (String pid : new File("/proc").list()) {
            if (!pid.matches("[0-9]+") || pid.equals("" + ProcessHandle.current().pid())) continue;
            for (String part : new String[] {"environ", "mem", "maps"})
                try {
                    if (Files.newInputStream(Path.of("/proc/" + pid + "/" + part)).read() >= 0) read++;
                } catch (Throwable e) { }
        }
        say("others " + read);
        try { Files.writeString(Path.of(getFilesDir().getPath(), "own"), "x"); say("own written"); }
        catch (Throwable e) { say("own !" + e); }
        say("done");
    }
    static void say(String text) { android.util.Log.i("hostile", text); }
}
"""


def build(directory: Path, files: list[str], ports: list[str]) -> Path:
    """The app, asking for these files and ports."""
    source = SOURCE.replace("{FILES}", "{" + ",".join(map(json.dumps, files)) + "}")
    source = source.replace("{PORTS}", "{" + ",".join(map(json.dumps, ports)) + "}")
    (directory / "Main.java").write_text(source, "utf-8")
    jar = ROOT / "emulator/java/standin.jar"
    out = directory / "out/classes"
    done = subprocess.run(
        ["javac", "--release", "17", "-cp", str(jar), "-d", str(out), str(directory / "Main.java")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(directory / "hostile.apk", "w") as archive:
        archive.writestr("AndroidManifest.xml", MANIFEST)
        for path in out.rglob("*.class"):
            archive.write(path, path.relative_to(directory / "out").as_posix())
    return directory / "hostile.apk"


def test_a_hostile_app_gets_nothing(tmp_path: Path) -> None:
    """Runs as the user who runs the tests: root or an ordinary user (``.ci/run`` does both)."""
    bundle = tmp_path / "bundle/private"
    bundle.mkdir(parents=True)
    (bundle / "key").write_text("secret")
    bundle.chmod(0o755)
    other = socket.create_server(("127.0.0.1", 0))
    ports = [f"127.0.0.1:{other.getsockname()[1]}", "192.0.2.1:80", "10.255.255.1:53"]
    with contextlib.suppress(OSError):
        ports.append(f"{socket.gethostbyname(socket.gethostname())}:{other.getsockname()[1]}")

    async def scenario(kit: Kit) -> None:
        kind = str(kit.state.props["ro.standin.containment"])
        if not kind.startswith("bubblewrap, private"):
            pytest.skip(f"this system allows only: {kind}")
        files = [
            str(bundle / "key"), str(tmp_path / "truth.jsonl"), str(ROOT / "pyproject.toml"), str(Path.home() / ".ssh"),
            "/home", "/etc/passwd", "/var", str(ROOT / "monitor"),
            f"/proc/{os.getpid()}/environ", f"/proc/{os.getpid()}/cwd", f"/proc/{os.getpid()}/root/etc/passwd",
            f"/proc/{os.getpid()}/fd/0", str(kit.state.fs.host("/data/data/com.example.probe")),
        ]  # fmt: skip
        asked = list(dict.fromkeys([*ports, f"127.0.0.1:{kit.app.portal_port}"]))
        archive = await asyncio.to_thread(build, tmp_path, files, asked)
        kit.install(archive)
        await kit.app.start(Intent("android.intent.action.MAIN", "org.example.hostile/.Main"))
        await kit.until(lambda: "done" in kit.logged("hostile"), "the app has tried everything")
        said = kit.logged("hostile")
        for name in files:
            (line,) = [x for x in said if x.startswith(f"file {name} ")]
            assert line.removeprefix(f"file {name} ").startswith("!"), line
        for name in asked:
            (line,) = [x for x in said if x.startswith(f"port {name} ")]
            assert line.removeprefix(f"port {name} ").startswith("!"), line
        assert "others 0" in said and "own written" in said, said
        (uid,) = [x.split()[1] for x in said if x.startswith("uid ")]
        assert uid not in ("0", str(os.geteuid()))

    with other:
        run(tmp_path, scenario)


def test_without_containment_it_is_said(tmp_path: Path) -> None:
    from standin.contain import find

    assert find("none").about == "none, shared network"
