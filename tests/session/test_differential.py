"""The monitor does not change what it measures: the app behaves and prints the same without it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.device.adb import AdbDevice
from monitor.device.standin import Standin
from monitor.device.wire.server import AdbServer
from monitor.events import Event
from monitor.scenario.apps import bundled_app
from monitor.scenario.context import Run
from monitor.scenario.model import load_scenario
from monitor.scenario.runner import Outcome, Runner
from monitor.session.observe import RawValue
from tests.session.conftest import Logcat, Recorded

pytestmark = pytest.mark.device


class Nowhere:
    """A sink that discards everything: there is no monitor."""

    def emit(self, event: Event, values: Sequence[RawValue] = ()) -> None: ...

    def blob(self, data: bytes, *, private: bool) -> str:
        return "0" * 64

    def stack_number(self) -> int:
        return 1


def alone(scenario: str, directory: Path) -> tuple[Outcome, list[str]]:
    """The same taps over adb, and nothing else: no hooks, no proxy, no certificate, the app started as a user does."""
    log = Logcat("ShopOut")
    with AdbServer.private(directory / "adb") as server, Standin.launch(directory / "standin") as standin:
        device = AdbDevice(server.connect(standin.serial), port=server.port)
        device.install(bundled_app("shop", directory))
        steps = load_scenario(scenario)
        log.begin(device.serial, server.port)

        def start(package: str) -> int:
            device.start(package)
            return device.pids(package)[0]

        outcome = Runner(steps, Run(steps.app_id, device, Nowhere(), start, quiet_for=log.quiet_for)).run()
    return outcome, log.lines()


# Libraries that read again on a timer of their own: how often, depends on how long the session takes.
TIMED = ("beacon ", "adnova ")


def steady(lines: list[str]) -> Counter[str]:
    """What was said and how often, without the number that tells a library's own order among threads, and without the
    one line that tells the time: whether the second process gets the clipboard depends on which window has the focus
    when it asks, and it is held at its start until its hooks are in place."""
    said = Counter(re.sub(r"^(\w+) \d+ ", r"\1 ", line) for line in lines if "push clipboard" not in line)
    return Counter({line: 1 if line.startswith(TIMED) else times for line, times in said.items()})


def test_the_app_says_the_same_with_and_without_the_monitor(shop: Recorded, tmp_path: Path) -> None:
    outcome, said = alone("quickstart", tmp_path)
    assert not outcome.failed
    assert shop.outcome.steps is not None
    assert (outcome.done, outcome.skipped) == (shop.outcome.steps.done, shop.outcome.steps.skipped)
    assert len(said) > 20
    assert steady(said) == steady(shop.said)
