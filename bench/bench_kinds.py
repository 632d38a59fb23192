"""What a call costs by what its row keeps: ``python -m bench.bench_kinds [--runtime art] [--rounds N]``.

Each kind is measured in turns in two VMs: with JavaScript in each call, and as rows are recorded otherwise. ``nested``
keeps a string, which never needed JavaScript after the first calls: the measure for the others. ``cell`` and
``truth`` are calls that an observer does not look at. Prints one JSON object, microseconds: the lowest of the rounds,
as the machine does other things, too; asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import frida

from bench.bench_hooks import launcher
from monitor.collectors.hooks import HookCollector
from tests.hooks.kinds import IN_SCRIPT, rows, watched_rows
from tests.hooks.support import APP, Jvm, Memory, framework

KINDS = (
    "nested count length bytes kind authority intent target permissions file url named packages places network cell "
    "truth"
).split()
CALLS = {"script": 100, "below": 1000}


def measured(java: str, rounds: int, jar: Path) -> dict[str, Any]:
    """Lowest microseconds of a call by kind and way."""
    apps: dict[str, tuple[Jvm, HookCollector]] = {}
    for way, fault in {"script": IN_SCRIPT, "below": ""}.items():
        app = Jvm(java, classpath=[jar])
        app.read("ready")
        options = {"rate": 0, "credits": 2_000_000, "fault": fault}
        device = frida.get_local_device()
        collector = HookCollector(device, Memory(), APP, [*rows(), *watched_rows()], options)
        collector.attach(app.pid)
        apps[way] = app, collector
    spent: dict[str, dict[str, list[int]]] = {kind: {way: [] for way in apps} for kind in KINDS}
    for _ in range(rounds):
        for kind in KINDS:
            for way, (app, _) in apps.items():
                spent[kind][way].append(int(app.do(f"cost {kind} {CALLS[way]}")[0]))
    for app, collector in apps.values():
        collector.stop()
        app.kill()
    least = {kind: {way: min(took) / 1000 for way, took in ways.items()} for kind, ways in spent.items()}
    return {
        kind: {
            **{way: round(took, 1) for way, took in ways.items()},
            "of_a_string": round(ways["below"] / least["nested"]["below"], 2),
        }
        for kind, ways in least.items()
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runtime", choices=["jvm", "art"], default="jvm")
    parser.add_argument("--rounds", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = measured(launcher(options.runtime), options.rounds, framework(Path(name)))
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
