"""Speed of the log and cost of verification. Ratios within one run; one JSON object on standard output.

    python bench/bench_evidence.py [EVENTS]

``append``: events a second into the log, and relative to writing the same lines without sync, hash or encoding.
``verify``: time of each check relative to SHA-256 over the whole log (lower is better, 1 is the bound).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import file_digest
from pathlib import Path

from monitor.events import ApiCall, ValueRef
from monitor.evidence.bundle import Bundle
from monitor.evidence.lines import read_events
from monitor.evidence.standalone.verify import Verifier
from monitor.evidence.verify import read_head, verify
from monitor.session.manifest import Session

EVENT = ApiCall(
    t=1_790_000_000_123_456, err=1500, src="hooks:1234", app="com.example.shop", pid=1234, hook="telephony.imei",
    role="read", data_type="imei", cls="android.telephony.TelephonyManager", method="getImei",
    sig="()Ljava/lang/String;", outcome="value", stack=3, sdk="analytics", call=4, tid=12, process="com.example.shop",
    values=[ValueRef(data_type="imei", tag="a" * 32, commit="b" * 64, size=15)],
)  # fmt: skip


def timed(job: Callable[[], object]) -> float:
    """Seconds of the fastest of three runs."""
    best = 1e9
    for _ in range(3):
        start = time.perf_counter()
        job()
        best = min(best, time.perf_counter() - start)
    return best


def exhaust(things: object) -> None:
    for _ in things:  # type: ignore[attr-defined]
        pass


def measure(events: int, root: Path) -> dict[str, object]:
    bundle = Bundle.create(root / "bundle")
    start = time.perf_counter()
    for _ in range(events):
        bundle.log.append(EVENT)
    returned = time.perf_counter() - start
    bundle.log.flush()
    durable = time.perf_counter() - start
    bundle.seal(Session())
    bundle.attest({}, "0.1.0", {})
    path = root / "bundle/data/events/000001.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)

    def plain() -> None:
        with (root / "plain").open("wb") as file:
            file.writelines(lines)

    def bulk() -> None:
        with path.open("rb") as file:
            file_digest(file, "sha256")

    bound = timed(bulk)
    checks = {
        "chain": lambda: exhaust(Verifier(root / "bundle").read_pieces()),
        "chain_and_tree": lambda: read_head(root / "bundle"),
        "chain_and_events": lambda: exhaust(read_events(root / "bundle")),
        "everything": lambda: verify(root / "bundle"),
    }
    return {
        "events": events,
        "bytes_per_event": path.stat().st_size // events,
        "append": {
            "events_per_second": round(events / returned),
            "durable_events_per_second": round(events / durable),
            "relative_to_plain_write": round(timed(plain) / durable, 4),
        },
        "verify_relative_to_sha256": {name: round(timed(job) / bound, 2) for name, job in checks.items()},
    }


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as directory:
        print(json.dumps(measure(number, Path(directory)), indent=1))
