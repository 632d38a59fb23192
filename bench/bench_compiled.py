"""Calls from eight threads while ART compiles and collects garbage: ``python -m bench.bench_compiled``.

    [--floor jit|aot] [--calls 1000000]

The same work without hooks, then with a hook that is put in once the callers are compiled. Prints one JSON object:
whether the output was identical, calls that are ``unaccounted`` for, collections meanwhile, what ART gave up and how
long that took. Needs the floor: ``python -m emulator.art build --jit``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import frida

from emulator.art import aot
from emulator.art.bed import find
from monitor.collectors.hooks import HookCollector
from tests.hooks.support import APP, CLASSES, Jvm, Memory, row

THREADS = 8
ROW = row("target", f"{APP}.Ways$Target", "virtual", data_type="serial")


def launcher(floor: str) -> Path:
    """The bed's ``java`` for processes on this floor, with the test app compiled where it is ahead of time."""
    bed = find()
    if floor == "aot":
        aot.compile_app(bed, bed.dex("path", CLASSES))
    return bed.java


def churn(java: str, calls: int) -> dict[str, Any]:
    """What ``calls`` calls give without and with a hook, in processes of the floor that the environment names."""
    each = calls // THREADS
    command, sink = f"churn {THREADS} {each}", Memory()
    plain, app = Jvm(java), Jvm(java)
    try:
        for one in (plain, app):
            one.read("ready")
            one.do(f"churn {THREADS} 2000")  # So that callers are compiled.
        collector = HookCollector(frida.get_local_device(), sink, APP, [ROW])
        collector.attach(app.pid)
        wanted, found = plain.do(command), app.do(command)
        collector.stop()
    finally:
        plain.kill()
        app.kill()
    (started,) = sink.health("started")
    lost = [h.detail for h in sink.health("lost")]
    return {
        "calls": each * THREADS, "identical": wanted[0] == found[0], "collections": int(found[1].split()[1]),
        "unaccounted": each * THREADS - sum(call.count for call in sink.calls("target")), "lost": lost,
        "state": sink.state("target"), "given_up": int(started.detail.get("given_up", 0)),
        "given_up_ms": int(started.detail.get("given_up_ms", 0)),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--floor", choices=["jit", "aot"], default="jit")
    parser.add_argument("--calls", type=int, default=1_000_000)
    given = parser.parse_args()
    os.environ["ART_FLOOR"] = given.floor
    json.dump(churn(str(launcher(given.floor)), given.calls), sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
