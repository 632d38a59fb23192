"""How long does a whole session take, and how much memory? One JSON object on standard output.

    python tests/bench/bench_session.py [--scenario quickstart]

``seconds``: from command to report; ``waits``: what the scenario itself waits at least, by its own account.
``memory_mb``: highest sum of the proportional set sizes of the monitor's own processes (monitor, proxy worker, adb
server), and of the stand-in with its apps apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="quickstart")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        found = session(given.scenario, Path(home) / "bundle")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
