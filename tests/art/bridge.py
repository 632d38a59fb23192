"""The bridge's faults on ART, alone: no code of the monitor takes part. ``python tests/art/bridge.py JAVA [-Xint]``."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import frida
import frida_tools

HERE = Path(__file__).resolve().parent / "java"
BRIDGE = Path(frida_tools.__file__).parent / "bridges" / "java.js"


@contextlib.contextmanager
def started(java: str, main: str, *options: str, more: Iterable[Path] = ()) -> Iterator[subprocess.Popen[str]]:
    """A program of `java`, compiled with further sources, once it has said that it is ready."""
    with tempfile.TemporaryDirectory() as classes:
        short = ["-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"]  # half of the processor's time, the same classes
        words = ["javac", *short, "--release", "11", "-nowarn", "-d", classes]
        subprocess.run([*words, HERE / f"{main}.java", *more], check=True)
        command = [java, *options, "-cp", classes, main]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
            try:
                while process.stdout.readline().strip() != "ready":
                    assert process.poll() is None
                yield process
            finally:
                process.kill()


def with_bridge(bridge: str, script: str) -> str:
    """The text of a script of this folder, below the bridge's."""
    head = f"(function () {{ {bridge}\nObject.defineProperty(globalThis, 'Java', {{ value: bridge }}); }})();\n"
    return head + (HERE / f"{script}.js").read_text("utf-8")


def run(java: str, *options: str) -> dict[str, int]:
    """What each kind of call returned (3, or 1003 with the hook), by the kind's name."""
    hooked = threading.Event()
    with started(java, "Repro", *options) as process:
        script = frida.attach(process.pid).create_script(with_bridge(BRIDGE.read_text("utf-8"), "repro"))
        script.on("message", lambda message, _: hooked.set() if message.get("payload") == "hooked" else print(message))
        script.load()
        assert hooked.wait(60) and not script.is_destroyed  # it ends with the process
        said = process.communicate("go\n", timeout=60)[0].splitlines()
    pairs = [line.rsplit(": ", 1) for line in said if ": " in line]
    return {name: int(value) for name, value in pairs}


if __name__ == "__main__":
    for kind, value in run(*sys.argv[1:]).items():
        print(f"{kind:46} {'hooked' if value > 1000 else 'NOT hooked'}")
