"""Two whole sessions on the stand-in device, recorded once through the command line's own code."""

import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import adbutils
import pytest

from monitor.assess.opened import Opened
from monitor.events import Event
from monitor.record import Options, Outcome, record
from tests.runtimes import require


class Quiet:
    """Progress without output."""

    def stage(self, key: str) -> None: ...

    def step(self, step: object) -> None: ...

    def event(self, event: object) -> None: ...

    def finding(self, finding: object) -> None: ...


class Logcat:
    """App messages in the device's log under some tags, read by the unmodified adb until the device is gone."""

    def __init__(self, *tags: str) -> None:
        self._tags = tags
        self._lines: list[str] = []
        self._heard = time.monotonic()
        self._reader: threading.Thread | None = None

    def begin(self, serial: str, port: int) -> None:
        command = [adbutils.adb_path(), "-s", serial, "logcat", "-v", "brief", "-s", *self._tags]
        process = subprocess.Popen(
            command,
            env={**os.environ, "ANDROID_ADB_SERVER_PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

        def read() -> None:
            with process:
                assert process.stdout
                for line in process.stdout:
                    self._lines.append(line.rstrip("\n"))
                    self._heard = time.monotonic()

        self._reader = threading.Thread(target=read)
        self._reader.start()

    def quiet_for(self) -> float:
        """Seconds since the app last said something."""
        return time.monotonic() - self._heard

    def lines(self) -> list[str]:
        """Messages, without the number that tells their order among threads."""
        assert self._reader
        self._reader.join(30)
        found = [re.fullmatch(r"./\S+ *\( *\d+\): (?:app \d+ )?(.*)", line) for line in self._lines]
        return [match[1] for match in found if match]


class Recorded(NamedTuple):
    """A finished session with the stand-in's log of what happened, and the app's own output."""

    outcome: Outcome
    events: list[Event]
    truth: list[dict[str, Any]]
    said: list[str]

    def api(self, data_type: str) -> list[dict[str, Any]]:
        return [line for line in self.truth if line["what"] == "api" and line["data_type"] == data_type]


def recorded_events(bundle: Path) -> list[Event]:
    """The events of a bundle with what is inferred of them."""
    with Opened(bundle) as opened:
        return list(opened.events())


def run(scenario: str, out: Path, **options: Any) -> Recorded:
    log = Logcat("ShopOut")
    outcome = record(Options(scenario=scenario, out=out, **options), Quiet(), on_device=log.begin)
    assert not outcome.session.cause, outcome.session.cause
    truth = [json.loads(line) for line in outcome.truth.splitlines()]
    return Recorded(outcome, recorded_events(out), truth, log.lines())


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Recorded]:
    """A scenario on a runtime, recorded once."""
    made: dict[tuple[str, str], Recorded] = {}

    def recorded(scenario: str, runtime: str) -> Recorded:
        if (scenario, runtime) not in made:
            require(runtime)
            out = tmp_path_factory.mktemp(f"{scenario}-{runtime}") / "bundle"
            made[scenario, runtime] = run(scenario, out, device=f"standin:{runtime}")
        return made[scenario, runtime]

    return recorded


@pytest.fixture(scope="session")
def shop(request: pytest.FixtureRequest, recordings: Callable[[str, str], Recorded]) -> Recorded:
    return recordings("quickstart", getattr(request, "param", "jvm"))


@pytest.fixture(scope="session")
def clean(request: pytest.FixtureRequest, recordings: Callable[[str, str], Recorded]) -> Recorded:
    return recordings("clean", getattr(request, "param", "jvm"))
