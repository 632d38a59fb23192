"""How long does a whole session take, how much memory, and are hooks always first? One JSON object on standard output.

    python tests/bench/bench_session.py [--scenario quickstart] [--starts 50]

``seconds``: from command to report; ``waits``: what the scenario itself waits at least, by its own account.
``memory_mb``: highest sum of the proportional set sizes of the monitor's own processes (monitor, proxy worker, adb
server), and of the stand-in with its apps apart. ``starts``: of so many starts of the app, in how many was the first
call that the device knows of among the events, and the median time of a start.
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

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from monitor.catalogue import load_catalogue  # noqa: E402
from monitor.collectors.endpoint import frida_endpoint  # noqa: E402
from monitor.collectors.hooks import HookCollector  # noqa: E402
from monitor.device.adb import AdbDevice  # noqa: E402
from monitor.device.server import AdbServer  # noqa: E402
from monitor.device.standin import Standin  # noqa: E402
from monitor.events import ApiCall, Event  # noqa: E402
from monitor.observe import RawValue  # noqa: E402
from monitor.record.launch import Launcher  # noqa: E402
from monitor.scenario.apps import bundled_app  # noqa: E402
from monitor.scenario.model import load_scenario  # noqa: E402
from tests.session.command import Command  # noqa: E402

PACKAGE = "com.example.shop"
STANDIN = ("-m standin", PACKAGE)


def pss(pid: int) -> int:
    """Proportional set size in kB; 0 for a process that is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def session(scenario: str, out: Path) -> dict[str, object]:
    """One session by the command line, its memory sampled five times a second."""
    began = time.monotonic()
    command = Command("run", scenario, "--out", out)
    own = apart = 0
    parts: dict[str, int] = {}
    while command.process.poll() is None:
        sizes = [(words, pss(pid)) for pid, words in command.pids().items()]
        ours = [(words, size) for words, size in sizes if not any(name in words for name in STANDIN)]
        total = sum(size for _, size in ours)
        if total > own:
            own, parts = total, {}
            for words, size in ours:
                name = "proxy" if "proxy.worker" in words else "monitor" if "-m monitor" in words else "adb"
                parts[name] = parts.get(name, 0) + size
        apart = max(apart, sum(size for _, size in sizes) - total)
        time.sleep(0.2)
    seconds = time.monotonic() - began
    stages = json.loads((out / "data" / "session.json").read_text("utf-8"))
    return {
        "exit_code": command.wait(),
        "seconds": round(seconds, 1),
        "waits": load_scenario(scenario).waits_ms / 1000,
        "events": sum(stages["counters"].values()),
        "memory_mb": {
            "own": own // 1024, **{name: size // 1024 for name, size in parts.items()}, "standin": apart // 1024,
        },
    }  # fmt: skip


class Kept:
    """A sink that keeps the reads it is told of."""

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


def starts(count: int, home: Path) -> dict[str, object]:
    """Start the app so often on one device; the device's own account says what its first call was."""
    truth, sink = home / "truth.jsonl", Kept()
    seen, times = 0, []
    with (
        AdbServer.private(home / "adb") as server,
        Standin.launch(home / "standin", options=["--root", str(home / "root"), "--truth", str(truth)]) as standin,
    ):
        device = AdbDevice(standin.connect(server), port=server.port)
        device.install(bundled_app("shop", home))
        with frida_endpoint(device.forward("tcp:27042")) as endpoint:
            hooks = HookCollector.for_device(endpoint, sink, PACKAGE, load_catalogue())
            launcher = Launcher(device, hooks, sink, PACKAGE)
            for _ in range(count):
                began = time.monotonic()
                pid = launcher(PACKAGE)
                times.append(time.monotonic() - began)
                seen += first_was_seen(truth, pid, sink)
            launcher.close()
            hooks.stop()
    return {"starts": count, "seen": seen, "median_start_ms": round(statistics.median(times) * 1000)}


def first_was_seen(truth: Path, pid: int, sink: Kept) -> bool:
    """Whether the first read of this process that the device noted is among the events.

    The device notes a call when the app's message about it comes, some tens of milliseconds after the call.
    """
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        first = next((line for line in api_calls(truth) if line["pid"] == pid), None)
        if first is not None and any(
            call.pid == pid and call.data_type == first["data_type"] and abs(call.t // 1000 - first["t_ms"]) < 500
            for call in list(sink.calls)
        ):
            return True
        time.sleep(0.1)
    return False


def api_calls(truth: Path) -> list[dict[str, Any]]:
    lines = truth.read_text("utf-8").splitlines(keepends=True)
    rows = [json.loads(line) for line in lines if line.endswith("\n")]
    return [row for row in rows if row["what"] == "api"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="quickstart")
    parser.add_argument("--starts", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = session(given.scenario, Path(home) / "bundle")
        if given.starts:
            found["hooks_first"] = starts(given.starts, Path(home))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
