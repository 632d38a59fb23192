"""What ``monitor diff`` tells its reader: names, what two rows differ in, that the sessions are of different apps."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.assess.evaluate import reanalyse
from monitor.evidence import Bundle
from monitor.session import App, Session

from .conftest import APP, Run


def other_app(path: Path, package: str = "com.example.other", scenario: str = "withdraw") -> Path:
    made = Bundle.create(path)
    made.seal(Session(scenario=scenario, start=1, end=2, app=App(package=package)))
    reanalyse(path, (), "", None, "en")
    return path


@pytest.mark.parametrize("form", [(), ("--markdown",)])
def test_different_apps_and_scenarios_are_stated_first(
    monitor: Run, bundle: Path, tmp_path: Path, form: tuple[str, ...]
) -> None:
    said = monitor("diff", other_app(tmp_path / "other"), bundle, "--lang", "en", *form, COLUMNS="300").stdout
    lines = [line for line in said.replace("\\", "").splitlines() if line]
    assert lines[0].startswith(f"different apps: com.example.other and {APP}")
    assert lines[1].startswith("different scenarios: withdraw and quickstart")
    assert "Beacon Analytics (fictional sample)" in said and "example_beacon" not in said.replace("\\", "")


def test_a_session_and_itself(monitor: Run, bundle: Path) -> None:
    assert monitor("diff", bundle, bundle, "--lang", "en").stdout == "no differences\n"
