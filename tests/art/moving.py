"""Classes that Frida's bridge looks at while ART's collector moves them. ``python tests/art/moving.py JAVA``: alone,
with the bridge as it is; no code of the monitor takes part."""

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
CLASSES, MEMBERS = 40, 1500


def run(java: str, bridge: str) -> str:
    """How the process ended: ``done``, or by which signal; with what the script missed of the classes."""
    said: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [folder / f"Moved{i}.java" for i in range(CLASSES)]
        for i, source in enumerate(sources):
            members = "".join(f" public int f{k}; public int m{k}() {{ return {k}; }}" for k in range(MEMBERS))
            source.write_text(f"public class Moved{i} {{{members} }}\n", "utf-8")
        short = ["-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"]  # half of the processor's time, the same classes
        words = ["javac", *short, "--release", "11", "-nowarn", "-d", name]
        subprocess.run([*words, HERE / "Moving.java", *sources], check=True)
        command = [java, "-cp", name, "Moving"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, text=True, **pipes) as process:  # type: ignore[call-overload]
            assert process.stdin and process.stdout
            try:
                while process.stdout.readline().strip() != "ready":
                    assert process.poll() is None
                said = _look(process.pid, bridge)
                process.stdin.close()
                code = process.wait(60)
            finally:
                process.kill()
    return " ".join([*said, "done" if code == 0 else f"ended by {code}"])


def _look(pid: int, bridge: str) -> list[str]:
    said: list[str] = []
    over = threading.Event()

    def note(message: dict[str, object], _: bytes | None) -> None:
        said.append(str(message.get("payload") or message))
        over.set()

    session = frida.attach(pid)
    session.on("detached", lambda *_: over.set())
    head = f"(function () {{ {bridge}\nObject.defineProperty(globalThis, 'Java', {{ value: bridge }}); }})();\n"
    body = (HERE / "moving.js").read_text("utf-8").replace("COUNT", str(CLASSES)).replace("LAST", str(MEMBERS - 1))
    try:
        script = session.create_script(head + body)
        script.on("message", note)
        script.load()
    except (frida.InvalidOperationError, frida.TransportError, frida.ProcessNotFoundError):
        over.set()
    assert over.wait(120)
    return said


if __name__ == "__main__":
    print(run(sys.argv[1], BRIDGE.read_text("utf-8")))
