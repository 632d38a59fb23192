"""Which hookable rows the exerciser reaches on the JVM and on ART, and why they differ.

    uv run python -m bench.runtimes [BUNDLE_JVM BUNDLE_ART]

Prints a line a row that differs and the sums; ends with 1 if a difference has no reason in tests/hooks/runtimes.yaml.
Records both sessions unless they are given. One that did not get to its end says nothing about the rows: no row of it
is counted.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml

from monitor.events import HookState, Step
from monitor.evidence.lines import read_events
from monitor.knowledge.catalogue import load_catalogue
from monitor.record import Options, record

TABLE = Path(__file__).resolve().parents[1] / "tests" / "hooks" / "runtimes.yaml"


class Quiet:
    """A terminal without output."""

    def stage(self, key: str) -> None: ...
    def step(self, step: object) -> None: ...
    def event(self, event: object) -> None: ...
    def finding(self, finding: object) -> None: ...


def recorded(runtime: str, bundle: Path) -> Path:
    """A session with the exerciser on a runtime."""
    outcome = record(Options(scenario="exerciser", out=bundle, device=f"standin:{runtime}"), Quiet())
    if why := outcome.session.cause or "; ".join(outcome.unmet):
        raise SystemExit(f"{runtime}: {why}")
    return bundle


def reached(runtime: str, bundle: Path) -> set[str]:
    """Rows that a session counted calls of."""
    rows: set[str] = set()
    for event in read_events(bundle):
        if isinstance(event, Step) and event.state == "failed":
            raise SystemExit(f"{runtime}: {event.verb} {event.label}: {event.detail}")
        if isinstance(event, HookState) and event.final:
            rows |= event.calls.keys()
    return rows


def main(given: list[str]) -> int:
    with tempfile.TemporaryDirectory() as name:
        bundles = [Path(path) for path in given] or [recorded(on, Path(name) / on) for on in ("jvm", "art")]
        jvm, art = (reached(on, bundle) for on, bundle in zip(("jvm", "art"), bundles, strict=True))
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
    sys.exit(main(sys.argv[1:]))
