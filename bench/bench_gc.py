"""One million hooked calls from eight threads while a ninth forces collections: ``python -m bench.bench_gc``.

    python -m bench.bench_gc [--runtime jvm|art] [--runs 20] [--calls 1000000]

Each run is a fresh VM. ``sums`` is a digest of all results: it must be that of the VM without hooks. ``unaccounted``:
calls that are neither events nor counted. Prints one JSON object; ends with 1 if a run crashed, gave other results or
left a call unaccounted.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import frida

from bench.bench_hooks import launcher
from monitor.collectors.hooks import HookCollector
from tests.hooks.support import APP, Jvm, Memory, row

THREADS = 8


def churn(app: Jvm, calls: int) -> dict[str, str]:
    """The app's output about its calls; empty if it ended."""
    return dict(line.split(" ", 1) for line in app.do(f"churn {THREADS} {calls}"))


def run(java: str, each: int, expected: str) -> dict[str, Any]:
    """One VM with a hook: what it did, and what was recorded."""
    app, sink = Jvm(java), Memory()
    app.read("ready")
    rows = [row("virtual", f"{APP}.Ways$Target", "virtual", data_type="imei", result="value")]
    collector = HookCollector(frida.get_local_device(), sink, APP, rows)
    try:
        collector.attach(app.pid)
        began = time.monotonic()
        said = churn(app, each)
        took = time.monotonic() - began
        crashed = None if app.alive() else app.wait(1)
        collector.detach(app.pid)
    finally:
        app.kill()
        collector.stop()
    return {
        "same_output": said.get("sums") == expected, "collections": int(said.get("collections", 0)),
        "unaccounted": THREADS * each - sum(call.count for call in sink.calls()), "crashed": crashed,
        "lost": [one.detail for one in sink.health("lost")], "seconds": round(took, 1),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runtime", choices=["jvm", "art"], default="art")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--calls", type=int, default=1_000_000)
    options = parser.parse_args()
    java, each = launcher(options.runtime), options.calls // THREADS
    plain = Jvm(java)
    plain.read("ready")
    expected = churn(plain, each)["sums"]
    plain.kill()
    runs = []
    for _ in range(options.runs):
        runs.append(run(java, each, expected))
        sys.stderr.write(f"{json.dumps(runs[-1])}\n")
    bad = [one for one in runs if not one["same_output"] or one["unaccounted"] or one["crashed"] is not None]
    found = {
        "runtime": options.runtime, "calls": THREADS * each, "runs": len(runs), "bad": bad,
        "collections": sum(one["collections"] for one in runs), "seconds": [one["seconds"] for one in runs],
    }  # fmt: skip
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
