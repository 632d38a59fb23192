"""How long a plan takes on many devices, simulated, against the lower bound; prints JSON.

    python -m bench.bench_fleet [--sessions 10000] [--devices 1000]

Sessions begin in the plan's order on whichever device is free, as ``monitor fleet run`` lets them. Their durations are
drawn around ``--minutes`` (log-normal); one in ``--fails`` fails at a random moment and is tried on another device;
one in ``--slow`` takes ten times as long; one device in a hundred fails always and is set aside after three. The lower
bound is no schedule's: all time that devices were busy, spread evenly, or the longest session.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
from typing import NamedTuple

from monitor.fleet.cluster import SET_ASIDE_AFTER
from monitor.fleet.run import ATTEMPTS


class Simulated(NamedTuple):
    """``makespan`` and ``bound`` in minutes; sessions done, missing; devices set aside."""

    makespan: float
    bound: float
    done: int
    missing: int
    aside: int


def simulate(sessions: int, devices: int, minutes: float, fails: int, slow: int, seed: int) -> Simulated:
    rng = random.Random(seed)
    lengths = [rng.lognormvariate(0, 0.4) * minutes * (10 if rng.randrange(slow) == 0 else 1) for _ in range(sessions)]
    broken = {n for n in range(devices) if rng.random() < 0.01}
    todo = [(n, 1, -1) for n in range(sessions)][::-1]
    free, running = list(range(devices)), list[tuple[float, int, tuple[int, int, int], bool]]()
    failed, aside = [0] * devices, 0
    now = busy = 0.0
    done = missing = 0
    while todo or running:
        while todo and free:
            task = todo.pop()
            place = next((at for at, device in enumerate(free) if device != task[2]), None)
            if place is None and not running:
                missing += 1
                continue
            if place is None:
                todo.append(task)
                break
            device = free.pop(place)
            bad = device in broken or rng.randrange(fails) == 0
            took = lengths[task[0]] * (rng.random() if bad else 1)
            busy += took
            heapq.heappush(running, (now + took, device, task, bad))
        if not running:
            missing += len(todo)
            break
        now, device, (number, attempt, _), bad = heapq.heappop(running)
        failed[device] = failed[device] + 1 if bad else 0
        if failed[device] >= SET_ASIDE_AFTER:
            aside += 1
        else:
            free.append(device)
        if not bad:
            done += 1
        elif attempt < ATTEMPTS:
            todo.append((number, attempt + 1, device))
        else:
            missing += 1
    return Simulated(now, max(busy / max(1, devices - aside), max(lengths)), done, missing, aside)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--devices", type=int, default=1_000)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--fails", type=int, default=50)
    parser.add_argument("--slow", type=int, default=200)
    options = parser.parse_args()
    found = []
    for devices in sorted({max(2, options.devices // part) for part in (1, 10, 100)}):
        one = simulate(options.sessions, devices, options.minutes, options.fails, options.slow, 11)
        assert one.done + one.missing == options.sessions
        found.append({
            "devices": devices, "makespan_h": round(one.makespan / 60, 2), "bound_h": round(one.bound / 60, 2),
            "ratio": round(one.makespan / one.bound, 3), "done": one.done, "missing": one.missing,
            "set_aside": one.aside,
        })  # fmt: skip
    print(json.dumps({"sessions": options.sessions, "minutes": options.minutes, "runs": found}, indent=1))


if __name__ == "__main__":
    main()
