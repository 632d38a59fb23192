"""A wheel built from the tree behaves like the checkout in a separate environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import command

ROOT = Path(__file__).resolve().parents[1]

pytestmark = [pytest.mark.device, pytest.mark.timeout(400)]


def run(*words: object, cwd: Path = ROOT, seconds: int = 240, check: bool = True) -> subprocess.CompletedProcess[str]:
    hidden = ("PYTHONPATH", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_OFFLINE")
    env = {key: value for key, value in os.environ.items() if key not in hidden}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=seconds,
    )  # fmt: skip
    assert not check or done.returncode == 0, (words, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    return done


def install(wheel: Path, venv: Path) -> None:
    """Into a new environment: by uv, from its cache if all is there, else by venv and pip."""
    wanted = ["-c", ROOT / "constraints.txt", f"{wheel}[standin]"]
    python = venv / "bin" / "python"
    if uv := shutil.which("uv"):
        run(uv, "venv", "--quiet", "--python", sys.executable, venv)
        command = [uv, "pip", "install", "--quiet", "--python", python]
        if run(*command, "--offline", *wanted, check=False).returncode:
            run(*command, *wanted)
    else:
        run(sys.executable, "-m", "venv", venv)
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment's directory."""
    venv = tmp_path_factory.mktemp("wheel") / "venv"
    install(wheel, venv)
    return venv


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_nothing_is_put_beside_the_package(installed: Path) -> None:
    (site,) = installed.glob("lib/python*/site-packages")
    assert (site / "monitor" / "_bundled").is_dir()
    assert [name for name in ("hooks", "scenarios", "emulator", "tests", "standin") if (site / name).exists()] == []


def test_the_bed_runs_from_the_wheel_but_its_patches_stay_out(installed: Path, tmp_path: Path) -> None:
    (site,) = installed.glob("lib/python*/site-packages")
    bundled = site / "monitor" / "_bundled" / "emulator"
    assert (bundled / "art" / "bed.py").is_file() and (bundled / "avd").is_dir()
    assert [path.name for path in site.rglob("*.patch")] == []
    env = {"PYTHONPATH": str(bundled.parent), "XDG_CACHE_HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [installed / "bin" / "python", "-m", "emulator.art", "build"]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done
    assert "source tree" in done.stderr


def test_the_data_are_there(installed: Path, tmp_path: Path) -> None:
    monitor = installed / "bin" / "monitor"
    assert run(monitor, "--version", cwd=tmp_path).stdout.startswith("monitor ")
    here = lines(command.run("scenarios", "list", "--json", cwd=tmp_path).stdout)
    there = lines(run(monitor, "scenarios", "list", "--json", cwd=tmp_path).stdout)
    assert [item["name"] for item in there] == [item["name"] for item in here]
    assert len(lines(run(monitor, "hooks", "list", "--json", cwd=tmp_path).stdout)) > 60
    assert len(lines(run(monitor, "rules", "list", "--json", cwd=tmp_path).stdout)) > 20


SHORT = """appId: com.example.shop
app: shop
name: short
---
- launchApp: {clearState: true}
- extendedWaitUntil: {visible: "同意并继续|同意", timeout: 20s}
- idle: 1s
"""
PROJECT = """
import pytest

sessions = []

def test_fails(privacy_session):
    sessions.append(privacy_session("short.yaml"))
    sessions[0].assert_silent("COL-02")

@pytest.mark.parametrize("rule", ["COL-05"])
def test_passes(rule):
    assert rule not in {finding.rule for finding in sessions[0].findings}
"""


def test_the_pytest_plugin_in_a_project_of_its_own(installed: Path, tmp_path: Path) -> None:
    """One test passes, one fails with a message that names the observation, the code and the evidence."""
    (tmp_path / "test_app.py").write_text(PROJECT, "utf-8")
    (tmp_path / "short.yaml").write_text(SHORT, "utf-8")
    python = installed / "bin" / "python"
    if uv := shutil.which("uv"):
        run(uv, "pip", "install", "--quiet", "--python", python, "-c", ROOT / "constraints.txt", "pytest")
    else:
        run(python, "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", "pytest")
    done = run(python, "-m", "pytest", "-q", "--basetemp", tmp_path / "t", tmp_path, cwd=tmp_path, check=False)
    assert done.returncode == 1 and "1 failed, 1 passed" in done.stdout, done.stdout[-3000:]
    for part in ("COL-02 was expected to be silent", "at cn.beacon.analytics", "privacy evidence", "bundle"):
        assert part in done.stdout, part
