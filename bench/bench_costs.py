"""What a hooked call costs on ART: ``python -m bench.bench_costs [--runtime art] [--rounds N] [--calls N]``.

Two tables, as one JSON object of microseconds. ``ways``: the same call below 20 and 60 frames, not hooked (``bare``),
recorded with its stack (``ours``), with something that a script takes from the result (``ours_script``), counted with
stack and outcome (``counted``), only counted (``hot``). ``kinds``: what a row may keep of a call, in a script and as it
is recorded otherwise (``below``). The lowest of the rounds is kept, as the machine does other things, too.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import bench_kinds
from bench.bench_hooks import DEPTHS, OURS, Mode, launcher
from tests.hooks.support import framework

WAYS = ("bare", *OURS)


def ways(java: str, calls: int, rounds: int) -> dict[str, dict[str, float]]:
    """Lowest microseconds of a call by way and depth; the first round is for warming up."""
    modes = {name: Mode(name, java) for name in WAYS}
    spent: dict[str, dict[int, list[int]]] = {name: {depth: [] for depth in DEPTHS} for name in WAYS}
    try:
        for turn in range(rounds + 1):
            for name, mode in modes.items():
                for depth in DEPTHS:
                    took = mode.call(depth, calls * (100 if name == "bare" else 1))
                    if turn:
                        spent[name][depth].append(took)
    finally:
        for mode in modes.values():
            mode.close()
    return {name: {str(depth): min(took) / 1000 for depth, took in row.items()} for name, row in spent.items()}


def measured(java: str, calls: int, rounds: int) -> dict[str, Any]:
    """Both tables."""
    with tempfile.TemporaryDirectory() as folder:
        return {"ways": ways(java, calls, rounds), "kinds": bench_kinds.measured(java, rounds, framework(Path(folder)))}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runtime", choices=["jvm", "art"], default="art")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=2000)
    options = parser.parse_args()
    json.dump(measured(launcher(options.runtime), options.calls, options.rounds), sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
