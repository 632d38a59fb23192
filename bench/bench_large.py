"""A long session: an hour with two million events, twenty thousand of them requests, and whether anything grows faster.

    python -m bench.bench_large [--events 2000000] [--steps 3] [--bundle DIR] [--write]

A log (the synthetic one of ``bench_analysis``, or with ``--bundle`` that of a recording, over and over) is recorded,
analysed (with its page) and verified by the commands themselves, at the full size and at half of it ``--steps`` times:
CPU seconds, most memory (MiB), size of the page, and ``growth``, by how much more of each the full size takes than half
of it. Twice is in proportion; four times would be with the square.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import tempfile
from pathlib import Path

import msgspec

from bench import bench_analysis, budget
from monitor.events import Match, Transmission, decode
from monitor.evidence.bundle import Bundle
from monitor.session.manifest import App, Session

#: Events for each request of a flow of its own.
EACH = 100


def record(count: int, place: Path, recording: Path | None = None) -> None:
    """The log with a request for every hundredth event, sealed."""
    source = bench_analysis.recorded(recording, count) if recording else bench_analysis.lines(count)
    bundle = Bundle.create(place)
    first = last = 0
    app = ""
    for number, line in enumerate(itertools.islice(source, count)):
        event = decode(line)
        first, last, app = first or event.t, event.t, event.app
        if number % EACH == EACH - 1:
            match = Match(data_type="imei", form="md5", path="body.json.id", certainty="found", tag="a" * 32)
            event = Transmission(
                t=event.t, err=1, src="proxy", app=app, flow=f"f{number}", host=f"h{number % 50}.example", port=443,
                bytes=512, method="POST", path=f"/c/{number}", matches=[match] * (number % 1000 < EACH), decoded="yes",
            )  # fmt: skip
        bundle.log.append(msgspec.structs.replace(event, seq=0))
    bundle.seal(Session(start=first, end=last, app=App(package=app)))


def taken(*command: str) -> tuple[float, float]:
    """CPU seconds and most memory (MiB) of a Python command."""
    with Path(os.devnull).open("wb") as nothing:
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, *command],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, nothing.fileno(), 1)],
        )
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"{command}: exit code {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measured(count: int, recording: Path | None) -> dict[str, float]:
    """The costs of a log of so many events."""
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "bundle")
        found: dict[str, float] = {"events": count}
        steps = {
            "record": (
                "-m",
                "bench.bench_large",
                "--record",
                place,
                "--events",
                str(count),
                *(("--bundle", str(recording)) if recording else ()),
            ),
            "analyse": ("-m", "monitor", "analyse", place),
            "verify": ("-m", "monitor", "verify", place),
        }
        for name, command in steps.items():
            cpu, memory = taken(*command)
            found |= {f"{name} s": round(cpu, 1), f"{name} MiB": round(memory)}
        found["page MB"] = round((Path(place) / "report.html").stat().st_size / 1e6, 2)
        return found


def main() -> None:
    """Print the measurements as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--bundle", type=Path, help="a recording")
    parser.add_argument(
        "--write", action="store_true", help="keep what is measured, and show it in docs/performance.md"
    )
    parser.add_argument("--record", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.record:
        record(wanted.events, wanted.record, wanted.bundle)
        return
    rows = [measured(wanted.events >> step, wanted.bundle) for step in reversed(range(wanted.steps))]
    half, full = rows[-2:] if len(rows) > 1 else rows * 2
    growth = {name: round(full[name] / half[name], 2) for name in full if half[name]}
    if wanted.write:
        known = json.loads(budget.FILE.read_text()) | {"large": rows}
        budget.FILE.write_text(json.dumps(known, indent=2) + "\n")
        budget.PAGE.write_text(budget.page(known))
    print(json.dumps({"sizes": rows, "growth": growth}, indent=1))


if __name__ == "__main__":
    main()
