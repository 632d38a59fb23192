"""What is installed is what was tested: one exact set with digests and without a registry address."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def pins() -> dict[str, str]:
    """The set of constraints.txt."""
    lines = (line.strip() for line in (ROOT / "constraints.txt").read_text().splitlines())
    exact = (re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)", line) for line in lines if line and not line.startswith("#"))
    return {_name(match[1]): match[2] for match in exact if match}


def locked() -> dict[str, tuple[str, int]]:
    """Version and number of digests by name in locked.txt."""
    text = (ROOT / "locked.txt").read_text()
    parts = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(.*?)(?=^[A-Za-z]|\Z)", text, re.M | re.S)
    return {_name(name): (number, rest.count("--hash=sha256:")) for name, number, rest in parts}


def test_one_set_everywhere() -> None:
    wired = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["constraint-dependencies"]
    named = {_name(re.split("==", pin)[0]): re.split(r"==|;| ", pin)[1] for pin in wired}
    assert named == pins() and pins()["mitmproxy"].startswith("12.2."), "below the versions with the key"
    kept = locked()
    for name, number in pins().items():
        assert kept[name][0] == number, name
    assert all(digests for _, digests in kept.values())


def test_no_address_of_a_registry() -> None:
    for name in ("constraints.txt", "locked.txt", "pyproject.toml"):
        text = (ROOT / name).read_text()
        assert not re.search(r"pypi\.org|files\.pythonhosted|index-url|npmjs", text), name


def test_what_is_installed_is_what_is_pinned() -> None:
    """Under ``uv run`` and in CI; a user's own environment may differ and is not this test's business."""
    if not (Path(sys.prefix) / "pyvenv.cfg").is_file() or "uv" not in (Path(sys.prefix) / "pyvenv.cfg").read_text():
        pytest.skip("not an environment that uv made")
    differs = {}
    for name, number in pins().items():
        try:
            if version(name) != number:
                differs[name] = (number, version(name))
        except PackageNotFoundError:
            continue  # another system's or an extra that is not wanted here
    assert not differs


def test_bill_of_materials() -> None:
    done = subprocess.run([sys.executable, ROOT / ".ci/sbom.py"], capture_output=True, text=True, check=True)
    bill = json.loads(done.stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {c["name"]: c["version"] for c in bill["components"]} == {n: v for n, (v, _) in locked().items()}
