"""Bundled scenarios over and over: are the findings with evidence the same each time, fingerprint by fingerprint?

    python -m bench.repeated_sessions [SCENARIO ...] [--times 5] [--keep DIRECTORY]

Prints one line a scenario, and below it each finding with evidence that some repetition lacks and each rule whose
state in the coverage differs. A recording that already lies in the directory to keep is read, not made again. Exit 1
if a session could not be recorded or the evidenced fingerprints differ.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from monitor.base.errors import printable
from monitor.scenario.model import names
from monitor.testing import Assessed


class Said(NamedTuple):
    """The result of one repetition."""

    evidenced: dict[str, str]
    """Fingerprint to what it is about."""
    states: dict[str, str]


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", choices=[*names(), []], help="all by default")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="keep the bundles here")
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        for scenario in options.scenarios or names():
            bundles = [(options.keep or Path(name)) / f"{scenario}-{number}" for number in range(1, options.times + 1)]
            wrong += not alike(scenario, bundles)
    print(f"{wrong} differ" if wrong else "all alike")
    return 1 if wrong else 0


def alike(scenario: str, bundles: list[Path]) -> bool:
    """Record what is missing, compare, print; returns whether all agree."""
    faults = [fault for bundle in bundles if not bundle.exists() and (fault := recorded(scenario, bundle))]
    if faults:
        print(f"{scenario}: {faults[0]}", flush=True)
        return False
    said = [read(bundle) for bundle in bundles]
    about = {key: what for one in said for key, what in one.evidenced.items()}
    times = Counter(key for one in said for key in one.evidenced)
    partly = sorted(key for key, count in times.items() if count < len(said))
    print(f"{scenario}: {len(about) - len(partly)} findings in each of {len(said)}, {len(partly)} in some", flush=True)
    for key in partly:
        numbers = [number for number, one in enumerate(said, 1) if key in one.evidenced]
        print(f"  {key} {about[key]}: only in {numbers}")
    for rule in sorted({rule for one in said for rule in one.states}):
        states = [one.states.get(rule, "none") for one in said]
        if len(set(states)) > 1:
            print(f"  {rule}: {' '.join(states)}", flush=True)
    return not partly


def recorded(scenario: str, bundle: Path) -> str:
    """Record a session; what went wrong, or nothing."""
    command = [sys.executable, "-m", "monitor", "run", scenario, "--out", str(bundle), "--quiet", "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    lines = (done.stderr or done.stdout).strip().splitlines() or ["?"]
    return "" if done.returncode == 0 else printable(f"exit {done.returncode}: {lines[0]}", 300)


def read(bundle: Path) -> Said:
    """What a recording says."""
    session = Assessed(bundle)
    return Said(
        {
            f.fingerprint: " · ".join(part for part in (f.rule, f.data_type, f.sdk, f.recipient, f.permission) if part)
            for f in session.findings
            if f.status == "evidenced"
        },
        {line.id: line.state for line in session.coverage if line.line == "rule"},
    )


if __name__ == "__main__":
    sys.exit(main())
