"""The well-behaved sample shop in every bundled scenario that it supports: no rule of any pack may fire.

    python -m bench.clean_sessions [SCENARIO ...] [--keep DIRECTORY]

Records each scenario and assesses the recording by every pack, alone and together, with every profile, with the app's
declaration and without one. A recording that already lies in the directory to keep is assessed again, not made again.
Prints one line a scenario. Exit 1 if a session could not be recorded or anything is ``evidenced``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from itertools import product
from pathlib import Path

from monitor.base.errors import printable
from monitor.base.paths import bundled
from monitor.events import Step
from monitor.evidence.lines import read_events
from monitor.scenario.model import bundled_scenarios
from tests.analysis.anew import PROFILES, SETS, accused, assessed, declared

#: The twins share the scenarios' steps; the other samples have functions of their own, and one scenario a policy.
APPS = ("shop", "shop-clean")
PLAYABLE = [s.name for s in bundled_scenarios() if s.header.app in APPS and s.name != "policy_text"]


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", choices=[*PLAYABLE, []], help="all by default")
    parser.add_argument("--keep", type=Path, help="keep the bundles here")
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        for scenario in options.scenarios or PLAYABLE:
            bundle = (options.keep or Path(name)) / scenario
            wrong += bool(fault := recorded(scenario, bundle)) or show(scenario, bundle)
            if fault:
                print(f"{scenario:18} not recorded: {fault}", flush=True)
    print(f"{wrong} wrong" if wrong else "nothing evidenced")
    return 1 if wrong else 0


def recorded(scenario: str, bundle: Path) -> str:
    """Record the scenario unless it exists; returns the fault, or empty."""
    if not bundle.exists():
        declaration = bundled("scenarios") / "declarations" / "shop-clean.yaml"
        command = [sys.executable, "-m", "monitor", "run", scenario, "--app", "shop-clean", "--quiet"]
        command += ["--declaration", str(declaration), "--out", str(bundle)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if not (bundle / "coverage.jsonl").is_file():
            return printable(done.stderr, 300) or f"exit {done.returncode}"
    failed = [e for e in read_events(bundle) if isinstance(e, Step) and e.state == "failed"]
    return "; ".join(printable(f"{e.verb} {e.label}: {e.detail}", 100) for e in failed)


def show(scenario: str, bundle: Path) -> int:
    """Print the scenario's lines; returns the number of false findings."""
    other = Counter(
        f"{found.rule} {found.pattern} {found.status}"
        for rules, found in assessed(bundle, declared(bundle), product(SETS, PROFILES))
        if found.status != "evidenced" and rules.startswith("cn+")
    )
    print(f"{scenario:18} also: {', '.join(sorted(other)) or 'nothing'}", flush=True)
    wrong = accused(bundle)
    for rule, where in sorted(wrong.items()):
        print(f"{'':18} {rule} EVIDENCED by {', '.join(sorted(where))}", flush=True)
    return len(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
