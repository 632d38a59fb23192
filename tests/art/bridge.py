"""The bridge's faults on ART, alone: no code of the monitor takes part. ``python tests/art/bridge.py JAVA [-Xint]``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import frida
import frida_tools

HERE = Path(__file__).resolve().parent / "java"
BRIDGE = Path(frida_tools.__file__).parent / "bridges" / "java.js"


def run(java: str, *options: str) -> dict[str, int]:
    """What each kind of call returned (3, or 1003 with the hook), by the kind's name."""
    with tempfile.TemporaryDirectory() as classes:
        short = ["-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"]  # of the compiler, which runs for a second
        words = ["javac", *short, "--release", "11", "-nowarn", "-d", classes]
        subprocess.run([*words, HERE / "Repro.java"], check=True)
        command = [java, *options, "-cp", classes, "Repro"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
            assert process.stdin and process.stdout
            try:
                while process.stdout.readline().strip() != "ready":
                    assert process.poll() is None
                script = _hook(process.pid)  # it ends with the process
                assert not script.is_destroyed
                said = process.communicate("go\n", timeout=60)[0].splitlines()
            finally:
                process.kill()
    pairs = [line.rsplit(": ", 1) for line in said if ": " in line]
    return {name: int(value) for name, value in pairs}


def _hook(pid: int) -> frida.core.Script:
    hooked = threading.Event()
    bridge = BRIDGE.read_text("utf-8")
    head = f"(function () {{ {bridge}\nObject.defineProperty(globalThis, 'Java', {{ value: bridge }}); }})();\n"
    script = frida.attach(pid).create_script(head + (HERE / "repro.js").read_text("utf-8"))
    script.on("message", lambda message, data: hooked.set() if message.get("payload") == "hooked" else print(message))
    script.load()
    assert hooked.wait(60)
    return script


if __name__ == "__main__":
    for kind, value in run(*sys.argv[1:]).items():
        print(f"{kind:46} {'hooked' if value > 1000 else 'NOT hooked'}")
