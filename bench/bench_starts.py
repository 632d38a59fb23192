"""Are hooks in force before an app's first line, at every start? Prints one JSON object.

    python -m bench.bench_starts [--runtime jvm|art] [--starts 100]

One device, the shop started again and again as a session starts it. The device keeps its own account of what apps read
(``--truth``): a start counts as ``seen`` only if its first three reads are events, of the same data types in the same
order, and if the start was not late. ``missed`` names the others: pid, what the device noted, what was recorded.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from monitor.collectors.endpoint import frida_endpoint
from monitor.collectors.hooks import HookCollector
from monitor.device.adb import AdbDevice
from monitor.device.standin import Standin
from monitor.device.wire.server import AdbServer
from monitor.events import ApiCall, Event
from monitor.knowledge.catalogue import load_catalogue
from monitor.record.launch import Launcher
from monitor.scenario.apps import bundled_app
from monitor.session.observe import RawValue
from tests.session.first import FIRST, first_reads

PACKAGE = "com.example.shop"


class Kept:
    """A sink that records the reads."""

    def __init__(self) -> None:
        self.calls: list[ApiCall] = []
        self._stacks = 0

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None:
        if isinstance(event, ApiCall):
            self.calls.append(event)

    def blob(self, data: bytes, *, private: bool) -> str:
        return ""

    def stack_number(self) -> int:
        self._stacks += 1
        return self._stacks


def starts(count: int, runtime: str, home: Path) -> dict[str, Any]:
    """Start the app repeatedly on one device and compare the recording with the device's log."""
    truth, sink = home / "truth.jsonl", Kept()
    ways: dict[str, int] = {}
    missed, times = [], []
    options = ["--root", str(home / "root"), "--truth", str(truth), "--runtime", runtime]
    with (
        AdbServer.private(home / "adb") as server,
        Standin.launch(home / "standin", options=options) as standin,
    ):
        device = AdbDevice(server.connect(standin.serial), port=server.port)
        device.install(bundled_app("shop", home))
        with frida_endpoint(device.forward("tcp:27042")) as endpoint:
            hooks = HookCollector(endpoint, sink, PACKAGE, load_catalogue())
            launcher = Launcher(device, hooks, sink, PACKAGE)
            for number in range(count):
                began = time.monotonic()
                pid = launcher(PACKAGE)
                times.append(time.monotonic() - began)
                ways[launcher.way] = ways.get(launcher.way, 0) + 1
                noted, recorded = settled(truth, pid, sink)
                if launcher.way == "late" or len(noted) < FIRST or recorded != noted:
                    missed.append({"start": number, "pid": pid, "noted": noted, "recorded": recorded})
            launcher.close()
            hooks.stop()
    return {
        "runtime": runtime, "starts": count, "seen": count - len(missed), "ways": ways, "missed": missed,
        "median_start_ms": round(statistics.median(times) * 1000),
    }  # fmt: skip


def settled(truth: Path, pid: int, sink: Kept) -> tuple[list[str], list[str]]:
    """The first reads of a process on both sides. They come some time after the calls: up to 30 s are waited for."""
    deadline = time.monotonic() + 30
    while True:
        noted, recorded = first_reads(pid, noted_so_far(truth), list(sink.calls))
        if (len(noted) == FIRST and recorded == noted) or time.monotonic() > deadline:
            return noted, recorded
        time.sleep(0.1)


def noted_so_far(truth: Path) -> list[dict[str, Any]]:
    """The device's log, without a line that is being written."""
    lines = truth.read_text("utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runtime", choices=["jvm", "art"], default="jvm")
    parser.add_argument("--starts", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = starts(given.starts, given.runtime, Path(home))
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
