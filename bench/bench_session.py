"""How long does a whole session take, and how much memory? One JSON object on standard output.

    python bench/bench_session.py [--scenario quickstart]

``seconds``: from command to report, and of each phase; ``waits``: what the scenario itself waits at least, by its own
account; ``cpu``: seconds of processor time by process.
``memory_mb``: highest sum of the proportional set sizes of the monitor's own processes (monitor, proxy worker, adb
server), and of the stand-in with its apps apart.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from monitor.scenario.model import load_scenario  # noqa: E402
from monitor.text import t  # noqa: E402
from tests.session.command import Command  # noqa: E402

PACKAGE = "com.example.shop"
STANDIN = ("-m emulator.standin", PACKAGE)


def pss(pid: int) -> int:
    """Proportional set size in kB; 0 for a process that is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def cpu(pid: int) -> float:
    """Processor time in seconds; 0 for a process that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kind(words: str) -> str:
    """What a process is, by its command line."""
    names = {"proxy.worker": "proxy", "-m monitor run": "monitor", "emulator.standin": "standin", PACKAGE: "app"}
    return next((name for part, name in names.items() if part in words), "adb and helpers")


def phases(began: float, ended: float, command: Command) -> dict[str, float]:
    """Seconds of each phase: up to the first line, each stage, each verb of the scenario by its sum."""
    stages = {t(f"cli.stage.{key}", "en"): key for key in ("device", "install", "proxy", "hooks", "seal", "report")}
    marks = [("load", began)]
    for line, at in zip(command.err, command.err_at, strict=False):
        words = line.split()
        if line in stages:
            marks.append((stages[line], at))
        elif words and "/" in words[0] and words[0].replace("/", "").isdigit():
            marks.append((f"step {words[1]}", at))
    found: dict[str, float] = {}
    for (name, at), (_, until) in itertools.pairwise([*marks, ("", ended)]):
        found[name] = round(found.get(name, 0) + until - at, 2)
    return found


def session(scenario: str, out: Path) -> dict[str, object]:
    """One session by the command line, its memory sampled five times a second."""
    began = time.monotonic()
    command = Command("run", scenario, "--out", out)
    own = apart = 0
    parts: dict[str, int] = {}
    times: dict[tuple[int, str], float] = {}
    while command.process.poll() is None:
        for pid, words in command.pids().items():
            key = (pid, kind(words))
            times[key] = max(cpu(pid), times.get(key, 0))
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
    ended = time.monotonic()
    used: dict[str, float] = {}
    for (_, name), one in times.items():
        used[name] = round(used.get(name, 0) + one, 2)
    stages = json.loads((out / "data" / "session.json").read_text("utf-8"))
    return {
        "exit_code": command.wait(),
        "seconds": round(ended - began, 1),
        "phases": phases(began, ended, command),
        "cpu": used,
        "waits": load_scenario(scenario).waits_ms / 1000,
        "events": sum(stages["counters"].values()),
        "memory_mb": {
            "own": own // 1024, **{name: size // 1024 for name, size in parts.items()}, "standin": apart // 1024,
        },
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="quickstart")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = session(given.scenario, Path(home) / "bundle")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
