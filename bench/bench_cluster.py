"""A plan on real stand-ins, and bundles assessed anew, with one worker and with two; prints JSON.

    python -m bench.bench_cluster devices [--wait 30] [--each 2]
    python -m bench.bench_cluster analyse [--bundles 120] --bundle DIR
    python -m bench.bench_cluster overhead

``devices``: the same plan of a session that mostly waits, with one stand-in and with two. ``analyse``: copies of a
recorded bundle, with one process and with two: seconds from the first result to the last, processor time of all
workers in it, and the largest worker's memory after a third and at the end. ``overhead``: one session through a fleet
beside ``monitor run``. Seconds are real ones: measure on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import msgspec

from monitor.archive.archive import Archive
from monitor.base.process import Scratch
from monitor.fleet import cluster
from monitor.fleet.again import analysed
from monitor.fleet.plan import ready
from monitor.fleet.run import Run

SCENARIO = (
    "appId: com.example.shop\napp: shop-clean\nname: waiting\n---\n- launchApp: {clearState: true}\n- idle: %ds\n"
)


def plan(top: Path, wait: int, each: int) -> Path:
    (top / "waiting.yaml").write_text(SCENARIO % wait)
    (top / "plan.yaml").write_text(f"sessions:\n- {{scenario: waiting.yaml, repetitions: {each}}}\n")
    return top / "plan.yaml"


def went(top: Path, standins: int, wait: int, each: int) -> tuple[float, list[dict[str, float]]]:
    """Seconds of a plan, the cluster's start not counted, and the phases of each session."""
    with Scratch() as scratch, cluster.local(standins) as client:
        archive = Archive(str(top / f"archive-{standins}"), make=True)
        running = Run(client, archive, archive.store.url, ready(plan(top, wait, each), scratch))
        began = time.monotonic()
        summary = running.go(threading.Event())
        took = time.monotonic() - began
    assert not summary.missing, summary.missing
    return took, [one.phases for one in summary.results.values()]


def devices(top: Path, options: argparse.Namespace) -> dict[str, Any]:
    one, _ = went(top, 1, options.wait, options.each)
    two, _ = went(top, 2, options.wait, options.each)
    return {"sessions": options.each, "wait_s": options.wait, "one_s": round(one, 1), "two_s": round(two, 1),
            "ratio": round(one / two, 2)}  # fmt: skip


def _memory(dask_worker: Any) -> int:
    return int(dask_worker.monitor.update()["memory"])


def _cpu(dask_worker: Any) -> float:
    return time.process_time()


def analyse(top: Path, options: argparse.Namespace) -> dict[str, Any]:
    archive = Archive(str(top / "a"), make=True)
    assert archive.add(options.bundle).how == "added"
    (entry,) = archive.entries()
    for number in range(1, options.bundles):  # the index names the same bundle as that of other sessions
        name = f"{number:064x}"
        copy = msgspec.structs.replace(entry, session=name)
        archive.store.put_new(f"index/{name[:2]}/{name}.json", msgspec.json.encode(copy))
    found: dict[str, Any] = {"bundles": options.bundles}
    for workers in (1, 2):
        memory = []
        with cluster.local(workers) as client:
            began = spent = 0.0
            for number, lines in enumerate(analysed(client, archive, archive.store.url, {}, current=True)):
                assert not any(line.fault for line in lines), lines
                if not began:
                    began, spent = time.monotonic(), sum(client.run(_cpu).values())
                if number in (options.bundles // 3, options.bundles - 1):
                    memory.append(round(max(client.run(_memory).values()) / 1e6))
            took = time.monotonic() - began
            spent = sum(client.run(_cpu).values()) - spent
        found[f"{workers}"] = {"seconds": round(took, 2), "cpu_seconds": round(spent, 2), "memory_mb": memory}
    return found | {"ratio": round(found["1"]["seconds"] / found["2"]["seconds"], 2)}


def overhead(top: Path, options: argparse.Namespace) -> dict[str, Any]:
    began = time.monotonic()
    took, (phases,) = went(top, 1, 1, 1)
    whole = time.monotonic() - began
    plan(top, 1, 1)
    words = [sys.executable, "-m", "monitor", "run", str(top / "waiting.yaml"), "--out", str(top / "out"), "--quiet"]
    began = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    alone = time.monotonic() - began
    return {"session_alone_s": round(alone, 2), "session_in_the_fleet_s": phases["session"], "run_s": round(took, 2),
            "around_it_s": round(took - phases["session"], 2), "with_the_clusters_start_s": round(whole, 2),
            "phases": phases}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("devices", "analyse", "overhead"))
    parser.add_argument("--wait", type=int, default=30)
    parser.add_argument("--each", type=int, default=2)
    parser.add_argument("--bundles", type=int, default=120)
    parser.add_argument("--bundle", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        print(json.dumps(globals()[options.what](Path(place), options), indent=1))


if __name__ == "__main__":
    main()
