"""Cost of judging: all rules over a synthetic log, against decoding and hashing its lines.

    python tests/bench/bench_analysis.py [--events 200000]

Lower bound: what any reader of the log must do, decode each line and hash it. Both are measured in this run, in turn;
the figure is the ratio. Target: at most 2.0 (reading and judging together, over reading alone).
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import time
from collections.abc import Iterator

from monitor.analysis.correlator import Analysis
from monitor.analysis.examples import event
from monitor.analysis.rules import load_rules
from monitor.declaration import Declaration
from monitor.events import decode, encode

CONTEXT = ("prefs", "log", "net", "file_io", "db", "ipc", "reflection", "webview")
PERSONAL = ("android_id", "imei", "apps", "mac", "ssid")
TEMPLATES = 400


def lines(count: int) -> Iterator[bytes]:
    """A busy session of 2,000 events a second: one call in ten reads personal information, one event in a hundred is
    traffic or the user's; all but one kind of data is declared."""
    rng = random.Random(1)
    yield encode(event({"kind": "window", "at": 0, "title": "隐私政策", "buttons": ["同意", "不同意"]}, 1))
    yield encode(event({"kind": "tap", "at": 1, "label": "同意", "window": 1}, 2))
    kinds = []
    for number in range(TEMPLATES):
        pick = rng.random()
        if pick < 0.005:
            raw = {"kind": "transmission", "matches": [rng.choice(PERSONAL)], "err": 1}
        elif pick < 0.01:
            raw = {"kind": "tap", "label": "首页", "err": 1}
        else:
            personal = rng.random() < 0.1
            raw = {"kind": "api_call", "data_type": rng.choice(PERSONAL if personal else CONTEXT),
                   "role": "source" if personal else "context", "hook": f"row.{number % 60}", "stack": number,
                   "cls": "android.content.SharedPreferencesImpl", "method": "getString",
                   "sdk": rng.choice(["app", "umeng", "framework"]), "args": {"key": "consent_shown"}}  # fmt: skip
            if personal:
                raw["values"] = [f"{number:032x}"]
        kinds.append(encode(event({**raw, "at": 0}, 4242424242)))
    base = event({"kind": "tap", "at": 0, "label": "x"}, 1).t
    old_t, old_seq = b'"t":%d' % base, b'"seq":4242424242'
    for number in range(3, count + 1):
        line = kinds[rng.randrange(TEMPLATES)]
        yield line.replace(old_t, b'"t":%d' % (base + number * 500)).replace(old_seq, b'"seq":%d' % number)


def bound(data: list[bytes]) -> float:
    """Seconds to decode and hash."""
    began = time.perf_counter()
    for line in data:
        hashlib.sha256(line).digest()
        decode(line)
    return time.perf_counter() - began


def judged(data: list[bytes]) -> tuple[float, int]:
    """Seconds to decode, hash and judge, and the number of findings."""
    types = [kind for kind in PERSONAL if kind != "mac"]
    declared = {
        "collection": [{"data_type": kind} for kind in types],
        "recipients": [{"org": "x", "role": "processor", "hosts": ["example.com"], "data_types": types}],
        "sdks": [{"name": "Umeng", "id": "umeng", "data_types": types}],
    }
    judge = Analysis(load_rules(), Declaration.model_validate(declared))
    began = time.perf_counter()
    for line in data:
        hashlib.sha256(line).digest()
        judge.feed(decode(line))
    result = judge.close()
    return time.perf_counter() - began, len(result.findings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    count = parser.parse_args().events
    data = list(lines(count))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rounds = [(bound(data), *judged(data)) for _ in range(3)]
    low, full = min(r[0] for r in rounds), min(r[1] for r in rounds)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(f"events {count}  bytes/event {sum(map(len, data)) // count}  findings {rounds[0][2]}")
    print(f"decode + hash 1.00   decode + hash + 45 rules {full / low:.2f}   (target 2.00)")
    print(f"memory grown while judging {grown} MB")


if __name__ == "__main__":
    main()
