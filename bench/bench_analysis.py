"""Cost of an assessment: attribution and all rules over a log, against decoding and hashing its lines.

    python bench/bench_analysis.py [--events 200000] [--rounds 3] [--bundle DIR]

The log is synthetic, or the one of a recording, over and over (``--bundle``), each time later.

Lower bound: what any reader of the log must do, decode each line and hash it. Both are measured in this run in turn,
chunk by chunk, in time of the processor; the figure is the ratio, median of the rounds. Target: at most 1.8 (reading
and assessing together, over reading alone) and 64 MiB of memory at any size of log: only a chunk of it is ever held.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import itertools
import json
import random
import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from monitor.analysis.rules.examples import event
from monitor.analysis.rules.load import load_rules
from monitor.assess.evaluation import Evaluation, seldom_collected
from monitor.events import Frame, Stack, decode, encode_observed
from monitor.evidence.lines import Reader, frame, read_events
from monitor.evidence.standalone.verify import GENESIS, pieces_of
from monitor.knowledge.tables import load_organisations, load_sdks
from monitor.session.declaration import Declaration, load_declaration

CONTEXT = ("prefs", "log", "net", "file_io", "db", "ipc", "reflection", "webview")
PERSONAL = ("android_id", "imei", "apps", "mac", "ssid")
TEMPLATES = 400
CHUNK = 5_000
RATIO = 1.8
MEMORY = 64


def lines(count: int) -> Iterator[bytes]:
    """A busy session of 2,000 events a second: one call in ten reads personal information, one event in a hundred is
    traffic or the user's; all but one kind of data is declared. Each call has one of 400 stacks, each message the
    connection that it went over."""
    rng = random.Random(1)
    yield encode_observed(event({"kind": "window", "at": 0, "title": "隐私政策", "buttons": ["同意", "不同意"]}, 1))
    yield encode_observed(event({"kind": "tap", "at": 1, "label": "同意", "window": 1}, 2))
    base = event({"kind": "tap", "at": 0, "label": "x"}, 1)
    owners = {"app": f"{base.app}.Main", "umeng": "com.umeng.commonsdk.Config", "framework": "java.lang.Thread"}
    kinds, stacks = [], []
    for number in range(1, TEMPLATES + 1):
        pick = rng.random()
        if pick < 0.005:
            raw = {"kind": "transmission", "matches": [rng.choice(PERSONAL)], "err": 1, "client_port": 4000 + number}
        elif pick < 0.0075:
            raw = {"kind": "connection", "address": "192.0.2.1", "port": 443, "local_port": 4000 + number,
                   "stack": number, "err": 1}  # fmt: skip
        elif pick < 0.01:
            raw = {"kind": "tap", "label": "首页", "err": 1}
        else:
            personal = rng.random() < 0.1
            raw = {"kind": "api_call", "data_type": rng.choice(PERSONAL if personal else CONTEXT),
                   "role": "source" if personal else "context", "hook": f"row.{number % 60}", "stack": number,
                   "cls": "android.content.SharedPreferencesImpl", "method": "getString",
                   "args": {"key": "consent_shown"}}  # fmt: skip
            frames = [Frame(cls="android.app.SharedPreferencesImpl", method="getString")] * 12
            frames.append(Frame(cls=owners[rng.choice(["app", "umeng", "framework"])], method="run"))
            stacks.append(Stack(t=base.t, err=0, src="hooks:1", app=base.app, stack=number, frames=frames))
            if personal:
                raw["values"] = [f"{number:032x}"]
        kinds.append(encode_observed(event({**raw, "at": 0}, 4242424242)))
    for seq, stack in enumerate(stacks, 3):
        yield encode_observed(msgspec.structs.replace(stack, seq=seq))
    old_t, old_seq = b'"t":%d' % base.t, b'"seq":4242424242'
    for number in range(len(stacks) + 3, count + 1):
        line = kinds[rng.randrange(TEMPLATES)]
        yield line.replace(old_t, b'"t":%d' % (base.t + number * 500)).replace(old_seq, b'"seq":%d' % number)


def recorded(bundle: Path, count: int) -> Iterator[bytes]:
    """The log of a recording, repeated: a second after its end it begins again."""
    events = list(read_events(bundle))
    span, last = max(e.t for e in events) - min(e.t for e in events) + 1_000_000, max(e.seq for e in events)
    for again in itertools.islice(itertools.count(), -(-count // len(events))):
        for one in events[: count - again * len(events)]:
            moved = msgspec.structs.replace(one, t=one.t + again * span, seq=one.seq + again * last)
            yield encode_observed(moved)


def declaration(bundle: Path | None = None) -> Declaration:
    """That of a recording; otherwise all but one kind of data, the recipient and one of the SDKs."""
    if bundle is not None:
        stated = bundle / "data" / "inputs" / "declaration.yaml"
        return load_declaration(stated) if stated.is_file() else Declaration()
    types = [kind for kind in PERSONAL if kind != "mac"]
    declared = {
        "collection": [{"data_type": kind} for kind in types],
        "recipients": [{"org": "x", "role": "processor", "hosts": ["example.com"], "data_types": types}],
        "sdks": [{"name": "Umeng", "id": "umeng_analytics", "data_types": types}],
    }
    return Declaration.model_validate(declared)


class Chunk(NamedTuple):
    """Lines of a log: as they stand in its file, without newlines, and the event in each."""

    seq: int
    """Of the first."""
    lines: list[bytes]
    events: list[bytes]


def chunks(source: Iterator[bytes]) -> Iterator[Chunk]:
    """A log of these events, some at a time."""
    prev, seq = GENESIS, 1
    for bodies in itertools.batched(source, CHUNK):
        lines = []
        for body in bodies:
            lines.append(frame(prev, body))
            prev = hashlib.sha256(lines[-1]).hexdigest().encode()
        yield Chunk(seq, lines, list(bodies))
        seq += len(lines)


def bound(data: Chunk) -> float:
    """Seconds to decode and hash."""
    began = time.process_time()
    for line, body in zip(data.lines, data.events, strict=True):
        hashlib.sha256(line).digest()
        decode(body)
    return time.process_time() - began


def assessed(data: Chunk, reader: Reader, evaluation: Evaluation) -> float:
    """Seconds to read, as ``monitor.evidence.lines.read_events`` does from a file, to attribute and assess."""
    file = io.BytesIO(b"\n".join(data.lines) + b"\n")
    began = time.process_time()
    for piece in pieces_of(file, "log", data.seq):
        evaluation.feed(reader.events(piece, evaluation.counted))
    return time.process_time() - began


def one_round(count: int, bundle: Path | None = None) -> tuple[float, float, int]:
    """Seconds of the lower bound, seconds with the correlator, number of findings: a chunk each in turn, now one, now
    the other, so that whatever else the machine does meets both."""
    source = recorded(bundle, count) if bundle else lines(count)
    evaluator = Evaluation(load_rules(), declaration(bundle), load_organisations(), load_sdks(), [])
    reader, low, full = Reader(), 0.0, 0.0
    with seldom_collected():
        for number, data in enumerate(chunks(source)):
            if number % 2:
                full += assessed(data, reader, evaluator)
                low += bound(data)
            else:
                low += bound(data)
                full += assessed(data, reader, evaluator)
    began = time.process_time()
    findings = evaluator.close().findings
    return low, full + time.process_time() - began, len(findings)


def peak() -> int:
    """The most memory this process ever had, in bytes (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bundle", type=Path, help="a recording")
    options = parser.parse_args()
    source = recorded(options.bundle, options.events) if options.bundle else lines(options.events)
    warm = list(chunks(itertools.islice(source, CHUNK)))
    bound(warm[0])
    rules = len(load_rules())
    before = peak()
    del warm
    rounds = [one_round(options.events, options.bundle) for _ in range(options.rounds)]
    ratios = sorted(full / low for low, full, _ in rounds)
    result = {
        "log": str(options.bundle or "synthetic"),
        "events": options.events,
        "rules": rules,
        "findings": rounds[0][2],
        "rounds": options.rounds,
        "bound_us_per_event": round(statistics.median(low for low, _, _ in rounds) / options.events * 1e6, 2),
        "assessed_us_per_event": round(statistics.median(full for _, full, _ in rounds) / options.events * 1e6, 2),
        "ratio": round(statistics.median(ratios), 2),
        "ratio_spread": [round(ratios[0], 2), round(ratios[-1], 2)],
        "ratio_target": RATIO,
        "peak_memory_added_mib": round((peak() - before) / 2**20, 1),
        "memory_target_mib": MEMORY,
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
