"""Two whole sessions on the stand-in device, recorded once through the command line's own code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from monitor.events import Event
from monitor.evidence.lines import read_events
from monitor.record import Options, Outcome, record


class Quiet:
    """Progress that nobody looks at."""

    def stage(self, key: str) -> None: ...

    def step(self, step: object) -> None: ...

    def event(self, event: object) -> None: ...

    def finding(self, finding: object) -> None: ...


class Recorded(NamedTuple):
    """A finished session with the stand-in's own account of what happened."""

    outcome: Outcome
    events: list[Event]
    truth: list[dict[str, Any]]

    def api(self, data_type: str) -> list[dict[str, Any]]:
        return [line for line in self.truth if line["what"] == "api" and line["data_type"] == data_type]


def run(scenario: str, out: Path, **options: Any) -> Recorded:
    outcome = record(Options(scenario=scenario, out=out, **options), Quiet())
    truth = [json.loads(line) for line in outcome.truth.splitlines()]
    return Recorded(outcome, list(read_events(out)), truth)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return run("quickstart", tmp_path_factory.mktemp("shop") / "bundle")


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return run("clean", tmp_path_factory.mktemp("clean") / "bundle")
