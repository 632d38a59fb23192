"""Every rule in a real session: whether the violation is found and the well-behaved twin yields no finding.

    python bench/rule_sessions.py [SCENE ...] [--keep DIRECTORY] [--app FILE]

Prints one line a rule. Exit 1 if a violating behaviour was not found or a twin was accused.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).resolve().parents[1] / "tests" / "analysis"),
    str(Path(__file__).resolve().parents[1]),
]

from conduct import HOWS, SCENES, Session, play  # noqa: E402


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", nargs="*", choices=[*SCENES, []], help="all by default")
    parser.add_argument("--keep", type=Path, help="keep the bundles here")
    parser.add_argument("--app", default="", help="another file of the app")
    options = parser.parse_args()
    wrong = 0
    print(f"{'rule':7} {'scene':10} {'wanted':10} {'violating':22} {'twin':22} {'twin: coverage'}")
    with tempfile.TemporaryDirectory() as name:
        for scene in options.scenes or SCENES:
            folder = options.keep or Path(name)
            both = [play(scene, how, folder / f"{scene}-{how}", options.app) for how in HOWS]
            wrong += show(scene, both)
    print(f"{wrong} wrong" if wrong else "all as wanted")
    return 1 if wrong else 0


def show(scene: str, both: list[Session]) -> int:
    """Print the scene's lines; the number of wrong ones."""
    wrong = 0
    others = {f["rule"] for f in both[1].findings if f["status"] == "evidenced"} - set(SCENES[scene])
    if others:
        wrong += len(others)
        print(f"{scene} comply: also accused of {', '.join(sorted(others))}")
    for session, how in zip(both, HOWS, strict=True):
        if session.fault:
            wrong += 1
            print(f"{scene} {how}: {session.fault}")
    for rule, wanted in sorted(SCENES[scene].items()):
        bad, twin = (session.line(rule) for session in both)
        good = bad.status == wanted and not twin.status
        wrong += not good
        outcome = f"{bad.coverage}:{bad.status}" if bad.status else bad.coverage
        mark = "" if good else "  <-- wrong"
        state = f"{twin.coverage}:{twin.status}" if twin.status else twin.coverage
        print(f"{rule:7} {scene:10} {wanted:10} {outcome:22} {state:22} {twin.why[:70]}{mark}", flush=True)
    return wrong


if __name__ == "__main__":
    raise SystemExit(main())
