"""``uv run python -m bench.hostile [N] [--seed S]``: sessions with N hostile apps (10), each of another seed.

An app calls anything at random from many threads, forks, fills its storage and the log, takes hooks out, writes over
the agent, looks for Frida, talks nonsense to the device and the proxy, and ends in one of many ways. Each session must
end by itself, sealed, with its cause, and verify; nothing that the app prevented may be claimed. Prints one JSON
object; exits 1 if a session did not. Needs javac and gcc.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from monitor.analysis.correlate.correlator import analyse
from monitor.analysis.rules.load import load_rules
from monitor.events import Health, HookState, Lifecycle
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.knowledge.catalogue import load_catalogue
from tests.javaapp import JAVAC

ROOT = Path(__file__).resolve().parents[1]
SOURCES = Path(__file__).parent / "hostile_app"
NAME = "org.example.hostile"
LIMIT = 240
MOST = 500 << 20
PERMISSIONS = (
    "INTERNET",
    "READ_PHONE_STATE",
    "ACCESS_FINE_LOCATION",
    "READ_CONTACTS",
    "WRITE_SECURE_SETTINGS",
    "NO_SUCH",
)
MANIFEST = f"""<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="{NAME}">
{"".join(f'<uses-permission android:name="android.permission.{p}"/>' for p in PERMISSIONS)}
<application><activity android:name=".Main" android:exported="true"><intent-filter>
<action android:name="android.intent.action.MAIN"/><category android:name="android.intent.category.LAUNCHER"/>
</intent-filter></activity></application></manifest>"""
SCENARIO = f"""appId: {NAME}
---
- launchApp
- idle: {{duration: %ds}}
"""
#: What a thread may do, with the numbers that it may do it with.
ACTS: dict[str, tuple[int, int]] = {
    "wait": (0, 800), "calls": (20, 400), "ids": (1, 200), "log": (50, 3000), "files": (5, 200), "deep": (10, 900),
    "net": (1, 20), "wire": (1, 60), "detect": (0, 0), "unhook": (0, 7), "redirect": (0, 0), "over": (0, 2),
    "spawn": (0, 40), "shell": (0, 5), "close": (5, 300), "hog": (10, 200), "die": (0, 8),
}  # fmt: skip
_RARE = frozenset({"over", "close", "die"})


class Built(NamedTuple):
    """The compiled parts that all apps share."""

    classes: Path
    library: Path


def build(directory: Path) -> Built:
    """Compile. RuntimeError with what the compiler said."""
    classes, library = directory / "classes", directory / "hostile.so"
    jar = ROOT / "emulator/java/standin.jar"
    for words in (
        [*JAVAC, "--release", "17", "-nowarn", "-cp", str(jar), "-d", str(classes), str(SOURCES / "Main.java")],
        ["gcc", "-shared", "-fPIC", "-O1", "-w", "-o", str(library), str(SOURCES / "hostile.c"), "-ldl"],
    ):
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
    return Built(classes, library)


def plan(seed: int) -> list[str]:
    """The lines of a plan: the app's own seed, then what each thread does."""
    chance = random.Random(seed)
    often = [act for act in ACTS if act not in _RARE]
    lines = []
    for _ in range(chance.randrange(2, 9)):
        acts = [chance.choice(often) for _ in range(chance.randrange(1, 7))]
        lines.append(" ".join(f"{act}:{chance.randint(*ACTS[act])}" for act in acts))
    for act in chance.sample(sorted(_RARE), chance.randrange(len(_RARE) + 1)):
        lines.append(f"wait:{chance.randrange(2500)} {act}:{chance.randint(*ACTS[act])}")
    return [str(chance.randrange(1 << 40)), *lines]


def packed(built: Built, lines: list[str], out: Path) -> Path:
    """An app with a plan."""
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("AndroidManifest.xml", MANIFEST)
        for path in built.classes.rglob("*.class"):
            archive.write(path, f"classes/{path.relative_to(built.classes).as_posix()}")
        archive.write(built.library, "classes/hostile.so")
        archive.writestr("classes/plan.txt", "\n".join(lines))
    return out


class Outcome(NamedTuple):
    """How a session with an app ended, and what is wrong with that."""

    ended: str
    cause: str
    code: int
    changed: int
    """Rows whose hook was reported as changed or lost."""
    silenced: bool
    """The agent was cut off."""
    peak: int
    """Bytes of memory that the largest process of ours had (the app's own, which takes what it can, is not one)."""
    seconds: float
    wrong: list[str]


def _ours(root: int) -> dict[int, int]:
    """Python processes below one, by their number, with the most memory that each has had (bytes; Linux)."""
    parents, peaks = dict[int, int](), dict[int, int]()
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            lines = (line.partition(":") for line in (place / "status").read_text("utf-8", "replace").splitlines())
            told = {key: value.split()[0] for key, _, value in lines if value.strip()}
            parents[int(place.name)] = int(told["PPid"])
            if (place / "exe").readlink().name.startswith("python") and "VmHWM" in told:
                peaks[int(place.name)] = int(told["VmHWM"]) << 10
    below = {root}
    while more := {number for number, parent in parents.items() if parent in below} - below:
        below |= more
    return {number: peak for number, peak in peaks.items() if number in below}


def _watch(root: int, peaks: list[int], ended: threading.Event) -> None:
    while not ended.wait(0.25):
        peaks.append(max(_ours(root).values(), default=0))


def how_it_ended(died: Sequence[Lifecycle]) -> str:
    """What the log says last of a process's end, and the call by which the app itself ended it, if a hook saw one."""
    calls = [event.cause for event in died if event.src.startswith("hooks:") and event.cause]
    return " by ".join([one.what for one in died[-1:]] + calls[-1:])


def session(app: Path, lines: list[str], out: Path, *words: str, seconds: int = 3) -> Outcome:
    """Record one for some seconds from its start, and look at what came of it."""
    script = out.with_suffix(".yaml")
    script.write_text(SCENARIO % seconds)
    began, wrong = time.monotonic(), []
    command = [sys.executable, "-m", "monitor", "run"]
    command += map(str, (script, "--app", app, "--out", out, "--quiet", *words))
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    peaks, ended = [0], threading.Event()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
        env=environment,
    ) as run:  # fmt: skip
        watch = threading.Thread(target=_watch, args=(run.pid, peaks, ended), daemon=True)
        watch.start()
        try:
            printed, errors = run.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            run.kill()
            return Outcome("hangs", "", -1, 0, False, max(peaks), LIMIT, [f"did not end within {LIMIT} s"])
        finally:
            ended.set()
            watch.join()
    done, peak = subprocess.CompletedProcess(command, run.returncode, printed, errors), max(peaks)
    if re.search(r"Traceback|internal error", done.stderr + done.stdout):
        wrong.append(f"a traceback: {done.stderr[-1500:]}")
    if done.returncode not in (0, 1, 3):
        wrong.append(f"exit {done.returncode}: {done.stderr[-500:]}")
    if not (out / "seal.dsse.json").is_file():
        wrong.append(f"no seal: {done.stderr[-500:]}")
        return Outcome("", "", done.returncode, 0, False, peak, time.monotonic() - began, wrong)
    checked = subprocess.run(
        [sys.executable, "-m", "monitor", "verify", str(out)], capture_output=True, text=True, env=environment
    )
    if checked.returncode:
        wrong.append(f"verify: {checked.stderr[-300:]}")
    about = Bundle.open(out).session()
    events = list(read_events(out))
    states = [one for e in events if isinstance(e, HookState) for one in e.each()]
    unreliable = {hook for hook, state, _ in states if state in ("changed", "lost")}
    died = [
        e
        for e in events
        if isinstance(e, Lifecycle) and e.what in ("crash", "process_exit", "process_killed", "anr", "process_end")
    ]
    if about.ended != "done" and not about.cause:
        wrong.append(f"ended as {about.ended} without a cause")
    if done.returncode == 3 and not about.cause:
        wrong.append("exit 3 without a cause")
    silenced = any(e.what == "lost" and e.detail.get("kind") == "silence" for e in events if isinstance(e, Health))
    rules = load_rules()
    by_traffic = {rule.id for rule in rules if set(rule.text.witness) <= {"traffic", "third_party_traffic"}}
    found = analyse(iter(events), rules, hooks=load_catalogue())
    for line in found.coverage:
        if line.line == "hook" and line.id in unreliable and line.state not in ("not_observable", "fired"):
            wrong.append(f"{line.id} is {line.state}, although its hook was taken out")
        if line.line == "rule" and silenced and line.state == "silent" and line.id not in by_traffic:
            wrong.append(f"{line.id} is silent, although the agent was cut off")
    cause = about.cause or how_it_ended(died)
    took = time.monotonic() - began
    return Outcome(about.ended, cause, done.returncode, len(unreliable), silenced, peak, took, wrong)


def main(arguments: list[str]) -> int:
    """Record them one after another."""
    parser = argparse.ArgumentParser(prog="hostile", description=__doc__)
    parser.add_argument("apps", type=int, nargs="?", default=10)
    parser.add_argument("--seed", type=int, default=1, help="of the first; the next has the next number")
    parser.add_argument("--runtime", default="jvm", choices=("jvm", "art"))
    parser.add_argument("--keep", type=Path, help="directory for bundles of sessions that went wrong")
    options = parser.parse_args(arguments)
    ends, causes, failures, changed, cut, peak = Counter[str](), Counter[str](), [], 0, 0, 0
    with tempfile.TemporaryDirectory() as directory:
        built = build(Path(directory))
        for seed in range(options.seed, options.seed + options.apps):
            out = (options.keep or Path(directory)) / f"hostile-{seed}"
            lines = plan(seed)
            one = session(
                packed(built, lines, Path(directory) / "hostile.apk"), lines, out, "--runtime", options.runtime
            )
            ends[one.ended] += 1
            causes[re.sub(r"[0-9]+", "N", one.cause)[:80] or "-"] += 1
            changed += bool(one.changed)
            cut += one.silenced
            peak = max(peak, one.peak)
            failures += [f"seed {seed}: {why}" for why in one.wrong]
            print(f"{seed}: {one.ended} {one.code} {one.cause[:80]} changed {one.changed} {one.seconds:.0f} s"
                  + "".join(f"\n    {why}" for why in one.wrong), file=sys.stderr, flush=True)  # fmt: skip
    result = {
        "apps": options.apps, "first seed": options.seed, "ended": dict(ends), "cause": dict(causes.most_common()),
        "hooks changed in": changed, "agent cut off in": cut, "peak MB": peak >> 20, "failures": failures,
    }  # fmt: skip
    print(json.dumps(result, indent=1, ensure_ascii=False))
    return 1 if failures or peak > MOST else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
