"""Classes that Frida's bridge looks at while ART's collector moves them. ``python -m tests.art.moving JAVA``: alone,
with the bridge as it is; no code of the monitor takes part."""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path

import frida

from tests.art.bridge import BRIDGE, started, with_bridge

CLASSES, MEMBERS = 40, 1500


def run(java: str, bridge: str) -> str:
    """How the process ended: ``done``, or by which signal; with what the script missed of the classes."""
    with tempfile.TemporaryDirectory() as name:
        sources = [Path(name) / f"Moved{i}.java" for i in range(CLASSES)]
        for i, source in enumerate(sources):
            members = "".join(f" public int f{k}; public int m{k}() {{ return {k}; }}" for k in range(MEMBERS))
            source.write_text(f"public class Moved{i} {{{members} }}\n", "utf-8")
        with started(java, "Moving", more=sources) as process:
            said = _look(process.pid, bridge)
            assert process.stdin
            process.stdin.close()
            code = process.wait(60)
    return " ".join([*said, "done" if code == 0 else f"ended by {code}"])


def _look(pid: int, bridge: str) -> list[str]:
    said: list[str] = []
    over = threading.Event()

    def note(message: dict[str, object], _: bytes | None) -> None:
        said.append(str(message.get("payload") or message))
        over.set()

    session = frida.attach(pid)
    session.on("detached", lambda *_: over.set())
    text = with_bridge(bridge, "moving").replace("COUNT", str(CLASSES)).replace("LAST", str(MEMBERS - 1))
    try:
        script = session.create_script(text)
        script.on("message", note)
        script.load()
    except (frida.InvalidOperationError, frida.TransportError, frida.ProcessNotFoundError):
        over.set()
    assert over.wait(120)
    return said


if __name__ == "__main__":
    print(run(sys.argv[1], BRIDGE.read_text("utf-8")))
