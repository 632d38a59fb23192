"""Which hookable rows the exerciser reaches on the JVM and on ART, and why they differ.

    uv run python -m tests.bench.runtimes

Prints a line a row that differs and the sums; ends with 1 if a difference has no reason in tests/hooks/runtimes.yaml.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml

from monitor.catalogue import load_catalogue
from monitor.events import Health
from monitor.evidence import read_events
from monitor.record import Options, record

TABLE = Path(__file__).resolve().parents[1] / "hooks" / "runtimes.yaml"


class Quiet:
    """A terminal without output."""

    def stage(self, key: str) -> None: ...
    def step(self, step: object) -> None: ...
    def event(self, event: object) -> None: ...
    def finding(self, finding: object) -> None: ...


def reached(runtime: str, directory: Path) -> set[str]:
    """Rows that a session counted calls of."""
    outcome = record(Options(scenario="exerciser", out=directory / runtime, runtime=runtime), Quiet())
    if outcome.fault:
        raise SystemExit(f"{runtime}: {outcome.fault}")
    events = read_events(directory / runtime)
    return {e.hook for e in events if isinstance(e, Health) and e.hook and e.detail.get("final") == "yes" and e.n}


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        jvm, art = (reached(runtime, Path(name)) for runtime in ("jvm", "art"))
    rows = {row.id for row in load_catalogue() if row.enabled}
    reasons = yaml.safe_load(TABLE.read_text("utf-8"))
    bare = 0
    for row in sorted((jvm ^ art) & rows):
        side = "jvm" if row in jvm else "art"
        known = reasons.get(row, {})
        why = known.get("why", "") if known.get("seen") == side else ""
        bare += not why
        print(f"{row:40} {side:4} {why or 'NO REASON'}")
    jvm, art = jvm & rows, art & rows
    print(f"{len(rows)} rows; reached on the JVM {len(jvm)}, on ART {len(art)}, on both {len(jvm & art)}")
    print(f"without a reason: {bare}")
    return 1 if bare else 0


if __name__ == "__main__":
    sys.exit(main())
