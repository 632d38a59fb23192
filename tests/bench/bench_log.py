"""The size of a log, by kind, beside what its events took before schema 3; and what it costs to verify and read it.

    python -m tests.bench.bench_log BUNDLE

Before schema 3 each line had all fields, each stack its frames, and each hook a line of its own at every report. Times
are CPU seconds of this process.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from monitor.events import Event, Health, HookState, encode
from monitor.evidence import raw_lines, read_events, verify
from monitor.evidence.lines import BODY

#: What ``prev`` and the newline add to an encoded event.
_AROUND = BODY


def before(event: Event) -> int:
    """Bytes of an event as it was written before schema 3."""
    if not isinstance(event, HookState):
        return len(encode(event)) + _AROUND
    size = 0
    for hook, state, why in event.each():
        detail = {"data_type": "location", "exercised": str(event.calls.get(hook, 0)), "late": "no", "state": state,
                  "final": "yes" if event.final else "no", "overloads": str(event.overloads.get(hook, 1)),
                  "process": event.process} | ({"why": why} if why else {})  # fmt: skip
        line = Health(
            t=event.t, err=0, src=event.src, app=event.app, pid=event.pid, seq=event.seq, component="hooks",
            what="hook", detail=detail, hook=hook, n=event.calls.get(hook, 0),  # type: ignore[arg-type]
        )  # fmt: skip
        size += len(encode(line)) + _AROUND
    return size


def cpu(work: Callable[[], object]) -> float:
    """The least of three runs."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def main() -> int:
    """Command line."""
    bundle = Path(sys.argv[1])
    now, then, count = Counter[str](), Counter[str](), Counter[str]()
    for line, event in zip(raw_lines(bundle), read_events(bundle), strict=True):
        kind = str(event.__struct_config__.tag)
        count[kind] += 1
        now[kind] += len(line.raw) + 1
        then[kind] += before(event)
    for kind, size in [*now.most_common(), ("all", now.total())]:
        old = then[kind] or then.total()
        print(
            f"{kind:20} {count[kind] or count.total():6} {size:10,} bytes; before schema 3 {old:10,}: {size / old:.2f}"
        )
    print(f"verify {cpu(lambda: verify(bundle)):.3f} s; read {cpu(lambda: sum(1 for _ in read_events(bundle))):.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
