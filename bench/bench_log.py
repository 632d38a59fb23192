"""The size of a log, by kind, beside what its events took before schema 3; and what it costs to verify and read it.

    python -m bench.bench_log BUNDLE

Before schema 3 each line had all fields, each stack its frames, and each hook a line of its own at every report. The
same events are sealed in bundles of both forms; times are CPU seconds of this process, in one run.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from monitor.assess.evaluate import reanalyse, reassessed
from monitor.events import Event, Health, HookState, encode
from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import recover_bundle
from monitor.evidence.lines import frame, read_events
from monitor.evidence.standalone.verify import BODY, EVENTS, GENESIS, pieces
from monitor.evidence.verify import verify
from monitor.session.manifest import Session


def before(event: Event) -> Iterator[Event]:
    """An event as it was written before schema 3: of hook states, one a hook and report."""
    if not isinstance(event, HookState):
        yield event
        return
    for hook, state, why in event.each():
        detail = {"data_type": "location", "exercised": str(event.calls.get(hook, 0)), "late": "no", "state": state,
                  "final": "yes" if event.final else "no", "overloads": str(event.overloads.get(hook, 1)),
                  "process": event.process} | ({"why": why} if why else {})  # fmt: skip
        yield Health(
            t=event.t, err=0, src=event.src, app=event.app, pid=event.pid, seq=event.seq, component="hooks",
            what="hook", detail=detail, hook=hook, n=event.calls.get(hook, 0),  # type: ignore[arg-type]
        )  # fmt: skip


def made(path: Path, recorded: Path, events: list[Event], session: Session, *, old: bool) -> Path:
    """A sealed bundle of these events and of what the recording keeps beside them; ``old``: with a log as before."""
    bundle = Bundle.create(path)
    shutil.copytree(
        recorded / "data", path / "data", dirs_exist_ok=True, ignore=shutil.ignore_patterns("events", "session.json")
    )
    for event in events if not old else ():
        bundle.log.append(event)
    if old:
        bundle.log.close()
        (path / "checkpoints.jsonl").unlink(missing_ok=True)
        prev, lines = GENESIS, []
        for seq, line in enumerate((one for event in events for one in before(event)), 1):
            lines.append(frame(prev, encode(msgspec.structs.replace(line, seq=seq))))
            prev = sha256(lines[-1]).hexdigest().encode()
        for segment in (path / EVENTS).iterdir():
            segment.unlink()
        (path / EVENTS / "000001.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
        bundle.write_session(session)
        bundle.drop_lock()
        bundle = Bundle.open(path, recover_bundle(path).signer)
    bundle.seal(session)
    reanalyse(path, key=bundle.signer())
    return path


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
    lines = (raw for piece in pieces(bundle) for raw in piece.lines)
    for line, event in zip(lines, read_events(bundle), strict=True):
        kind = str(event.__struct_config__.tag)
        count[kind] += 1
        now[kind] += len(line) + 1
        then[kind] += sum(len(encode(one)) + BODY for one in before(event))
    for kind, size in [*now.most_common(), ("all", now.total())]:
        old = then[kind] or then.total()
        print(
            f"{kind:20} {count[kind] or count.total():6} {size:10,} bytes; before schema 3 {old:10,}: {size / old:.2f}"
        )
    with tempfile.TemporaryDirectory() as place:
        listed, session = list(read_events(bundle)), Bundle.open(bundle).session()
        for name, old in (("before schema 3", True), ("schema 3", False)):
            one = made(Path(place) / name.replace(" ", "-"), bundle, listed, session, old=old)
            size = sum(path.stat().st_size for path in (one / EVENTS).iterdir())
            print(
                f"{name}: log {size:,} bytes; verify {cpu(lambda one=one: verify(one)):.3f} s; "  # type: ignore[misc]
                f"read {cpu(lambda one=one: sum(1 for _ in read_events(one))):.3f} s; "  # type: ignore[misc]
                f"analyse {cpu(lambda one=one: reassessed(one, current=True)):.3f} s"  # type: ignore[misc]
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
