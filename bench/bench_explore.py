"""``uv run python -m bench.bench_explore [APP]``: a systematic walk against seeded random taps with the same number of
steps, by the stand-in's own log of what was done. Prints one JSON object.

For each strategy and way of answering: places of the app that were seen, risky controls that were touched, answers
against the policy (all three as the app itself says under the tag ``Truth``), rows that fired, and evidenced kinds of
findings. ``--script`` names scenarios written by hand for the app: then also the share of their evidenced kinds that
all walks of a strategy found together. ``--repeat`` walks again, and says how many walks did the same, in order.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from monitor.assess.compare import same
from monitor.assess.opened import Opened
from monitor.events import ApiCall, Decision, Explored, HookState, PlaceSeen
from monitor.record import Options, Outcome, record
from tests.session.conftest import Quiet

ANSWERS = ("refuse", "accept", "ignore")
#: What an app may say was decided that a policy rules out. A permission that is left unanswered counts as denied.
AGAINST = {"refuse": {"granted"}, "accept": {"denied", "withdrawn"}, "ignore": {"granted", "withdrawn"}}
STEPS = """appId: com.example.mall
name: walk
---
- launchApp: {{clearState: true}}
- explore: {{answers: {answers}, strategy: {strategy}, steps: {steps}, seed: {seed}, minutes: 60}}
"""


class Walk(NamedTuple):
    """What came of a session: for the JSON, and to compare with others."""

    shown: dict[str, Any]
    kinds: set[tuple[str, ...]]
    deeds: list[tuple[str, str]]


def walk(scenario: str, app: str, answers: str) -> Walk:
    """Record a session."""
    with tempfile.TemporaryDirectory() as place:
        began = time.monotonic()
        outcome = record(Options(scenario=scenario, app=app, out=Path(place) / "bundle"), Quiet())
        seconds = round(time.monotonic() - began)
        with Opened(Path(place) / "bundle") as opened:
            events = list(opened.events())
    kinds = {same(one) for one in outcome.assessment.findings if one.status == "evidenced"}
    rows = {e.hook for e in events if isinstance(e, ApiCall) and e.hook}
    rows |= {hook for e in events if isinstance(e, HookState) for hook, calls in e.calls.items() if calls}
    said = _said(outcome)
    against = [what for what in said["answer"] if what.split()[-1] in AGAINST.get(answers, ())]
    ended = [e for e in events if isinstance(e, Explored)]
    shown = {
        "steps": sum(e.steps for e in ended), "why": "".join(e.why for e in ended), "seconds": seconds,
        "places_seen": len({e.place for e in events if isinstance(e, PlaceSeen)}),
        "places": len(set(said["place"])), "rooms": len({one for one in said["place"] if one.startswith("room")}),
        "risky": said["risky"], "against": against, "rows": len(rows), "kinds": len(kinds),
        "cause": outcome.session.cause,
    }  # fmt: skip
    return Walk(shown, kinds, [(e.verb, e.control) for e in events if isinstance(e, Decision)])


def _said(outcome: Outcome) -> dict[str, list[str]]:
    """What the app says was done, by the first word."""
    said: dict[str, list[str]] = {"place": [], "risky": [], "answer": []}
    for line in map(json.loads, outcome.truth.splitlines()):
        if line["what"] == "said":
            first, _, rest = line["message"].partition(" ")
            said.setdefault(first, []).append(rest)
    return said


def _united(walks: Iterable[Walk]) -> set[tuple[str, ...]]:
    return {kind for one in walks for kind in one.kinds}


def main() -> int:
    """Command line; 1 if a systematic walk touched something risky or answered against its policy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("app", nargs="?", default="mall")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--answers", nargs="+", choices=ANSWERS, default=ANSWERS)
    parser.add_argument("--strategy", nargs="+", choices=("systematic", "random"), default=("systematic", "random"))
    parser.add_argument("--script", nargs="+", default=[], help="scenarios written by hand")
    parser.add_argument("--repeat", type=int, default=1)
    args = parser.parse_args()
    document: dict[str, Any] = {"app": args.app, "steps": args.steps, "seed": args.seed, "walks": {}}
    wanted = _united([walk(script, args.app, "") for script in args.script])
    bad = False
    for strategy in args.strategy:
        walks: dict[str, list[Walk]] = {}
        for answers in args.answers:
            with tempfile.TemporaryDirectory() as place:
                file = Path(place) / "walk.yaml"
                file.write_text(STEPS.format(answers=answers, strategy=strategy, steps=args.steps, seed=args.seed))
                walks[answers] = [walk(str(file), args.app, answers) for _ in range(args.repeat)]
            first = walks[answers][0]
            first.shown["same"] = sum(one.deeds == first.deeds for one in walks[answers])
            print(strategy, answers, first.shown, file=sys.stderr, flush=True)
        bad |= strategy == "systematic" and any(w[0].shown["risky"] or w[0].shown["against"] for w in walks.values())
        document["walks"][strategy] = {answers: some[0].shown for answers, some in walks.items()}
        if wanted:
            found = _united(one for some in walks.values() for one in some)
            document["walks"][strategy]["of_scripts"] = f"{len(wanted & found)}/{len(wanted)}"
            document["walks"][strategy]["missed"] = sorted(" ".join(filter(None, kind)) for kind in wanted - found)
    print(json.dumps(document, ensure_ascii=False, indent=1))
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
