"""``uv run python -m bench.kills [N] [--seed S]``: kill the recorder N times (30) at random moments; recover.

Each round makes a bundle as a session does (create, record a stream of events, seal, assess, assess again) in a process
that is killed with SIGKILL; in every third round so is the recovery. What the recorder had acknowledged as durable must
be in the recovered bundle, and both verifiers must accept it. Prints one JSON object; exits 1 if an acknowledged event
is lost or a bundle cannot be recovered.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.tamper import standalone
from monitor.assess.evaluate import reanalyse
from monitor.base.errors import MonitorError
from monitor.events import ApiCall, Health
from monitor.evidence.attested import results_of
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.evidence.log import Policy
from monitor.evidence.verify import verify
from monitor.session.manifest import App, Session
from monitor.session.observe import RawValue
from tests import command

APP = "com.example.shop"
T0 = 1_790_000_000_000_000
EVENTS = 400
#: What a recorder does, in order; the letter is what it says when it begins each.
PHASES = {"c": "creating", "r": "recording", "s": "sealing", "a": "assessing", "b": "assessing again", "d": "done"}


def record(out: Path, say: Callable[[str], object]) -> None:
    """A session's life without a device. ``say`` takes a phase's letter, or the number of durable events."""
    say("c")
    bundle = Bundle.create(out, policy=Policy(batch=16, interval=0.005, checkpoint_events=100))
    say("r")
    for n in range(1, EVENTS + 1):
        if n % 20 == 0:
            value = bundle.vault.redact(RawValue("imei", f"{863_301_048_700_000 + n}"))
            bundle.log.append(
                ApiCall(
                    t=T0 + n, err=0, src="hooks:7", app=APP, pid=7, hook="telephony.imei", role="source",
                    data_type="imei", cls="android.telephony.TelephonyManager", method="getImei", sig="()",
                    outcome="value", values=[value],
                )
            )  # fmt: skip
            bundle.blob(f"body {n}".encode(), private=n % 40 == 0)
            say(str(bundle.log.flush()))
        else:
            bundle.log.append(Health(t=T0 + n, err=0, src="runner", app=APP, component="test", what="beat", n=n))
    say("s")
    bundle.seal(Session(start=T0, end=T0 + EVENTS, app=App(package=APP)))
    say("a")
    reanalyse(out, key=bundle.signer())
    say("b")
    reanalyse(out, key=bundle.signer())
    say("d")


def killed(
    work: Callable[[Callable[[str], object]], object], phase: str = "", seconds: float | None = None
) -> list[tuple[float, str]]:
    """Do it in a process of its own, killed so many seconds after it begins a phase (None: never). What it said, and
    when (seconds)."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        code = 1
        with contextlib.suppress(BaseException):
            work(lambda text: os.write(write, f"{text}\n".encode()))
            code = 0
        os._exit(code)
    os.close(write)
    said: list[tuple[float, str]] = []
    with os.fdopen(read) as pipe:
        while seconds is not None and phase and (line := pipe.readline()):
            said.append((time.monotonic(), line.strip()))
            if line.strip() == phase:
                break
        if seconds is not None:
            time.sleep(seconds)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        said += [(time.monotonic(), line.strip()) for line in pipe if line.endswith("\n")]
    os.waitpid(pid, 0)
    return said


def recover(bundle: Path) -> str:
    """What ``monitor recover`` says if it fails; empty if the bundle is whole afterwards, or was already."""
    done = command.run("recover", bundle, cwd=bundle.parent)
    sealed = "nothing to recover" in done.stderr
    if sealed:  # killed while it was assessed again
        done = command.run("analyse", bundle, cwd=bundle.parent)
    return "" if done.returncode in (0, 1) else done.stderr.strip()[-200:]


def checked(bundle: Path, alone: Any) -> str:
    """What is wrong with a bundle by either verifier; empty if nothing is."""
    known = (results_of(bundle).key,)  # of whoever recovered it: the recording's key died with its process
    for check in (lambda: verify(bundle, results_keys=known), lambda: alone.verify(bundle, None, known)):
        try:
            check()
        except (MonitorError, alone.Damaged) as error:
            return str(error)[:200]
    return ""


def main(arguments: list[str]) -> int:
    """Kill, recover, verify, count."""
    parser = argparse.ArgumentParser(prog="kills", description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=30)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    options = parser.parse_args(arguments)
    chance, alone = random.Random(options.seed), standalone()
    counts, phases, failures = Counter[str](), Counter[str](), list[str]()
    with tempfile.TemporaryDirectory() as directory:
        begun = [(when, word) for when, word in killed(lambda say: record(Path(directory) / "whole", say))
                 if word in PHASES]  # fmt: skip
        lasting = {word: end - start for (start, word), (end, _) in itertools.pairwise(begun)}
        for number in range(options.kills):
            bundle = Path(directory) / f"b{number}"
            aim, long = chance.choice(list(lasting.items()))
            heard = killed(lambda say, b=bundle: record(b, say), aim, chance.uniform(0, long))  # type: ignore[misc]
            said = [word for _, word in heard]
            phase = next((PHASES[word] for word in reversed(said) if word in PHASES), "starting")
            phases[phase] += 1
            durable = max((int(word) for word in said if word.isdigit()), default=0)
            counts["acknowledged"] += durable
            if not (bundle / "data/events").is_dir() or not (bundle / "bagit.txt").is_file():
                counts["nothing begun"] += 1
                counts["lost"] += durable
                continue
            if number % 3 == 0:
                killed(lambda say, b=bundle: recover(b), seconds=chance.uniform(0, lasting["a"]))  # type: ignore[misc]
                counts["recoveries killed"] += 1
            wrong = recover(bundle) if checked(bundle, alone) else ""
            wrong = wrong or checked(bundle, alone)
            if wrong:
                counts["unreadable"] += 1
                failures.append(f"round {number}, {phase}: {wrong}")
                continue
            kept = [event for event in read_events(bundle) if event.src != "runner" or getattr(event, "n", 0)]
            counts["recovered"] += len(kept)
            counts["lost"] += max(0, durable - len(kept))
            shutil.rmtree(bundle)
    result: dict[str, object] = {"kills": options.kills, "seed": options.seed, "while": dict(phases.most_common())}
    for what in ("acknowledged", "recovered", "lost", "unreadable", "nothing begun", "recoveries killed"):
        result[what] = counts[what]
    print(json.dumps(result | {"failures": failures}, indent=1, ensure_ascii=False))
    return 1 if counts["lost"] or counts["unreadable"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
