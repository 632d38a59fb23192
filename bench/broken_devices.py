"""How long the self-test takes to find what is wrong: ``python -m bench.broken_devices [NAME…]``, by default all.

Runs it on each of the twelve broken devices (tests/device/test_broken.py), one after another, and writes the table to
docs/selftest.md: the line that is red, seconds, and seconds of processor time, of which a machine that does other
things leaves less. Ends with 1 where a device is not found out within a minute.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from monitor.device.wire.server import AdbServer
from monitor.record import selftest
from monitor.text import label
from tests.device.phones import joined
from tests.device.test_broken import DEVICES, Broken
from tests.device.test_selftest import PAGE, by_name

LIMIT_S: Final = 60
HEAD: Final = "| device that is broken | red line | seconds | of the processor |\n|---|---|---|---|\n"


def spent() -> float:
    """Processor seconds of this process and of those that it started and that have ended."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def timed(one: Broken, server: AdbServer, home: Path) -> tuple[float, float, bool]:
    """Seconds, processor seconds (with those of the device), and whether the line is red and says why."""
    home.mkdir()
    before = spent()
    with joined(server, home, one.profile, one.api, **one.state) as device:
        began = time.monotonic()
        line = by_name(selftest.run(device.serial))[one.line]
        took = time.monotonic() - began
    return took, spent() - before, line.state == "fail" and one.said in line.detail


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(DEVICES))
    names = parser.parse_args(given).names or list(DEVICES)
    rows, bad = [], []
    with tempfile.TemporaryDirectory() as folder, AdbServer.private(Path(folder) / "adb") as server:
        os.environ["XDG_STATE_HOME"] = folder
        for name in names:
            one = DEVICES[name]
            took, cpu, red = timed(one, server, Path(folder) / name)
            rows.append(f"| {one.title} | {label('doctor.what', one.line, 'en')} | {took:.0f} | {cpu:.0f} |\n")
            print(rows[-1], end="", flush=True)
            bad += [name] if not red or took > LIMIT_S else []
    if names == list(DEVICES):
        page = PAGE.read_text("utf-8")
        PAGE.write_text(re.sub(re.escape(HEAD) + r"(\|.*\n)*", lambda _: HEAD + "".join(rows), page), "utf-8")
    print("\n".join(f"{name}: not found out within {LIMIT_S} s" for name in bad), end="")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
