"""Sessions whose threads run by a random schedule: are the findings those of a session that is left alone?

    python -m bench.schedules [N] [--seed S] [--together M] [--load K] [--stall SECONDS…] [--scenario FILE]
                                    [--keep DIRECTORY]

Records the sample shop once undisturbed and N times (10) with random pauses at the seams (``bench.unsettled``),
each by another seed, M of them at once, with K more processes that keep the processors busy; the recorder is stopped
for each of the SECONDS at a random moment, while the proxy, the device and its apps go on. Of each: it came to its end,
it verifies, nothing was lost, its findings with evidence and the states of its rules are the first one's, it was held
exactly where the stand-in says so, and then each kind of call that the app made is in the log. Prints one JSON object;
exits 1 if one differs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.repeated_sessions import Said, read
from bench.unsettled import ROOT, environment
from monitor.events import ApiCall, Health, Transmission
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events

SCENARIO = """\
appId: com.example.shop
app: shop
name: schedules
---
- launchApp: {clearState: true}
- phase: before_consent
- extendedWaitUntil: {visible: "同意并继续|同意", timeout: 120s}
- extendedWaitUntil: {sent: reg.pushwave.io, timeout: 120s}
- idle: {duration: 500ms, quiet: 1s}
- consent: {scope: policy, decision: reject, tapOn: "不同意.*"}
- phase: after_refusal
- background
- foreground
- extendedWaitUntil: {sent: collect.beacon-analytics.cn, timeout: 120s}
- idle: {duration: 500ms, quiet: 1s}
- extendedWaitUntil: {visible: "同意并继续|同意", timeout: 120s}
- consent: {scope: policy, decision: accept, tapOn: "同意并继续|同意"}
- phase: after_consent
- repeat:
    times: 4
    while: {visible: {id: "permission_deny.*button"}}
    commands:
      - permission: {decision: deny, optional: true}
- idle: {duration: 500ms, quiet: 1s}
"""
#: Prints what the stand-in knows of the session, and what stopped it.
RECORD = """
import sys
from pathlib import Path
from monitor.record import Options, record
from tests.session.conftest import Quiet
outcome = record(Options(scenario=sys.argv[1], out=Path(sys.argv[2])), Quiet())
failed = outcome.steps.failed if outcome.steps else "no steps"
print(outcome.fault or failed or "", file=sys.stderr)
sys.stdout.buffer.write(outcome.truth)
"""
LIMIT = 600
#: The recorder runs for less than so many seconds, by chance, before it is stopped (again).
APART_S = 12


@contextmanager
def load(processes: int) -> Iterator[None]:
    """Keep the processors busy meanwhile."""
    with ExitStack() as stack:
        for _ in range(processes):
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(busy.wait)
            stack.callback(busy.kill)
        yield


@contextmanager
def stalling(recorder: subprocess.Popen[str], stalls: Sequence[float], chance: random.Random) -> Iterator[None]:
    """Stop it meanwhile, for so many seconds each, and let it go on."""
    over = threading.Event()

    def stall() -> None:
        for seconds in stalls:
            if over.wait(APART_S * chance.random()):
                return
            recorder.send_signal(signal.SIGSTOP)
            time.sleep(seconds)
            recorder.send_signal(signal.SIGCONT)

    thread = threading.Thread(target=stall)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def session(
    script: Path, out: Path, variables: dict[str, str], stalls: Sequence[float] = ()
) -> tuple[list[dict[str, Any]], str]:
    """Record one: what the stand-in knows of it, and what went wrong, or nothing."""
    words = [sys.executable, "-c", RECORD, str(script), str(out)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, text=True, cwd=ROOT, env=variables) as recorder:
        try:
            with stalling(recorder, stalls, random.Random(out.name)):
                written, errors = recorder.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            recorder.kill()
            return [], f"did not end within {LIMIT} s"
    truth = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    said = errors.strip().splitlines()
    return truth, f"exit {recorder.returncode}: {said[-1:]}" if recorder.returncode else said[-1] if said else ""


def own_faults(out: Path, truth: list[dict[str, Any]]) -> list[str]:
    """What a recording says that the stand-in knows better, and what it lost."""
    about, events = Bundle.open(out).session(), list(read_events(out))
    wrong = [] if about.ended == "done" else [f"ended as {about.ended}: {about.cause}"]
    health = [event for event in events if isinstance(event, Health)]
    wrong += [f"lost {e.n} {e.component} {e.detail}" for e in health if e.what == "lost" and e.n]
    wrong += [f"failed {e.component} {e.detail}" for e in health if e.what == "failed"]
    held = {line["pid"] for line in truth if line["what"] == "process" and line["state"] == "held"}
    if (about.frida_start == "held") != bool(held):
        wrong.append(f"started as {about.frida_start}, the stand-in held {sorted(held)}")
    calls = {line["data_type"] for line in truth if line["what"] == "api" and line.get("pid") in held}
    seen = {event.data_type for event in events if isinstance(event, ApiCall) and event.pid in held}
    wrong += [f"{kind}: called and not recorded" for kind in sorted(calls - seen)]
    sent = [e for e in events if isinstance(e, Transmission)]
    return wrong + [f"{e.host}: whose request is not known" for e in sent if e.unowned]


def against(first: Said, said: Said) -> list[str]:
    """How a session differs from the one that was left alone."""
    both = first.evidenced | said.evidenced
    changed = sorted(set(first.evidenced) ^ set(said.evidenced))
    wrong = [f"{'missing' if key in first.evidenced else 'more'}: {both[key]}" for key in changed]
    for rule in sorted(first.states | said.states):
        before, now = first.states.get(rule, "none"), said.states.get(rule, "none")
        wrong += [f"{rule}: {before}, now {now}"] if before != now else []
    return wrong


def judged(
    script: Path, out: Path, variables: dict[str, str], stalls: Sequence[float] = ()
) -> tuple[Said | None, list[str]]:
    """Record one session: what it says, and what is wrong with it by itself."""
    truth, fault = session(script, out, variables, stalls)
    wrong = [fault] if fault else []
    if not (out / "data" / "session.json").is_file():
        return None, wrong
    return read(out), wrong + own_faults(out, truth) + verified(out)


def verified(out: Path) -> list[str]:
    """What ``monitor verify`` finds."""
    words = [sys.executable, "-m", "monitor", "verify", str(out)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    return [] if not done.returncode else [f"verify: {done.stderr.strip()}"]


def main(arguments: list[str]) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="schedules", description=__doc__)
    parser.add_argument("sessions", type=int, nargs="?", default=10)
    parser.add_argument("--seed", type=int, default=1, help="of the first; the next has the next number")
    parser.add_argument("--together", type=int, default=1, help="sessions at once")
    parser.add_argument("--load", type=int, default=0, help="processes that keep the processors busy")
    parser.add_argument("--stall", type=float, nargs="+", default=(), help="stop the recorder for so many seconds each")
    parser.add_argument("--scenario", type=Path)
    parser.add_argument("--keep", type=Path, help="keep the bundles here")
    options = parser.parse_args(arguments)
    failures: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as directory:
        place = options.keep or Path(directory)
        place.mkdir(parents=True, exist_ok=True)
        script = options.scenario or Path(directory) / "schedules.yaml"
        if not options.scenario:
            script.write_text(SCENARIO, "utf-8")
        first, wrong = judged(script, place / "schedule-0", dict(os.environ))
        if wrong or first is None:
            print(f"left alone: {'; '.join(wrong)}", file=sys.stderr)
            return 1

        def scheduled(seed: int) -> None:
            variables = environment(seed, Path(directory) / f"start-{seed}")
            said, wrong = judged(script, place / f"schedule-{seed}", variables, options.stall)
            wrong += against(first, said) if said else []
            if wrong:
                failures[str(seed)] = wrong
            print(f"{seed}: {'; '.join(wrong) or 'same'}", file=sys.stderr, flush=True)

        with load(options.load), ThreadPoolExecutor(options.together) as pool:
            list(pool.map(scheduled, range(options.seed, options.seed + options.sessions)))
    found = len(first.evidenced)
    asked = {name: getattr(options, name) for name in ("sessions", "together", "load", "stall")}
    print(json.dumps({**asked, "findings": found, "differ": failures}, ensure_ascii=False))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
