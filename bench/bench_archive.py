"""Adding sessions to an archive, and its ready questions on many synthetic ones; prints JSON.

    python -m bench.bench_archive [--sessions 10000] [--added 20] [--bundle DIR]

Synthetic sessions have the sizes of a quickstart session (85 findings, 60 lines of coverage, 25 consent marks, 23
reads, 17 transfers) of 2,500 apps in five quarters and 20 categories, and stand in parts of 64 sessions, as joining
leaves them.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from monitor.archive.archive import Archive
from monitor.archive.parts import JOINED_FROM, Part, batch, month_of, tables
from monitor.archive.sql import Tables, questions
from tests.archive.samples import QUARTER, T0, make

SIZES = {"sessions": 1, "findings": 85, "coverage": 60, "consent": 25, "reads": 23, "transfers": 17, "sdks": 3}
RULES = [f"{group}-{n:02d}" for group in ("COL", "CON", "PRM", "SHR", "SEC") for n in range(1, 10)]
TYPES = "android_id imei oaid mac location contacts clipboard apps serial ssid".split()
SDKS = ["app", *(f"sdk_{n}" for n in range(60))]
HOSTS = [f"h{n}.example.com" for n in range(300)]


def session(number: int, rng: random.Random) -> dict[str, list[dict[str, object]]]:
    """The rows of one session."""
    app = number % 2500
    keys = {"session": f"{number:064x}", "app": f"com.example.a{app}"}
    start = T0 - (number * 5 // 10_000) * QUARTER

    def rows(name: str) -> list[dict[str, object]]:
        found = []
        own = random.Random(f"{app} {name}")  # an app does the same in each session, but for one thing in twenty
        for place in range(SIZES[name]):
            row: dict[str, object] = dict(keys)
            same = own.getrandbits(64)
            seed = same if rng.random() < 0.95 else rng.getrandbits(64)
            rnd = random.Random(seed)
            row |= {
                "rule": rnd.choice(RULES), "status": "evidenced" if rnd.random() < 0.8 else "inconclusive",
                "data_type": rnd.choice(TYPES), "sdk": rnd.choice(SDKS), "recipient": rnd.choice(HOSTS),
                "host": rnd.choice(HOSTS), "org": f"org{rnd.randrange(100)}", "certainty": "found", "count": 3,
                "consent": rnd.choice(("before", "granted", "denied")), "outcome": "value", "version": str(number % 5),
                "hook": f"hook.{rnd.randrange(500)}", "fingerprint": f"{seed ^ place:016x}", "state": "fired",
                "category": f"c{app % 20}", "version_code": 1 + number // 2500, "apk": f"{number:064x}",
                "ended": "done",
                "start": start, "plan": "p", "row": f"{app}", "repetition": 1 + number // 2500, "first": number,
            }  # fmt: skip
            found.append(row)
        return found

    return {name: rows(name) for name in tables()}


def fill(archive: Archive, number: int) -> int:
    """Write synthetic sessions as joined parts; returns the number of rows."""
    rng, total = random.Random(5), 0
    for first in range(0, number, JOINED_FROM):
        made = [session(n, rng) for n in range(first, min(number, first + JOINED_FROM))]
        start = made[0]["sessions"][0]["start"]
        assert isinstance(start, int)
        whole = {name: [row for one in made for row in one[name]] for name in tables()}
        total += sum(len(rows) for rows in whole.values())
        archive.parts._put(
            Part(month_of(start), f"joined-{first:032x}"), lambda name, whole=whole: batch(name, whole[name])
        )
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--added", type=int, default=20)
    parser.add_argument("--bundle", type=Path, help="a recorded session to add once as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        archive = Archive(str(top / "a"), make=True)
        rows = fill(archive, options.sessions)
        made = [make(top / f"b{n}", app=f"com.example.added{n}") for n in range(options.added)]
        if options.bundle:
            shutil.copytree(options.bundle, top / "recorded")
            made.append(top / "recorded")
        spent = []
        for path in made:
            begun = time.perf_counter(), time.process_time()
            assert archive.add(path).how == "added"
            spent.append((time.perf_counter() - begun[0], time.process_time() - begun[1]))
        begun_s = time.perf_counter()
        with Tables(archive.parts) as opened:
            opening = time.perf_counter() - begun_s
            answers = {}
            for question in questions().values():
                begun = time.perf_counter(), time.process_time()
                found = opened.ask(question.sql, question.set)
                answers[question.name] = {
                    "seconds": round(time.perf_counter() - begun[0], 3),
                    "cpu_seconds": round(time.process_time() - begun[1], 3), "rows": len(found.rows),
                }  # fmt: skip
        size = sum(path.stat().st_size for path in (top / "a/tables").rglob("*.parquet"))
    print(json.dumps({
        "sessions": options.sessions, "rows": rows, "tables_mb": round(size / 1e6, 1), "opening_s": round(opening, 3),
        "add": {"median_s": round(statistics.median(one for one, _ in spent), 3),
                "worst_s": round(max(one for one, _ in spent), 3), "recorded_s": round(spent[-1][0], 3),
                "median_cpu_s": round(statistics.median(cpu for _, cpu in spent), 3)},
        "questions": answers,
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
