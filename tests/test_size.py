"""The tree stays within ``tests/size.yaml``: lines of Python a package, complex functions, length of data lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
MOST: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "size.yaml").read_text("utf-8"))


@pytest.mark.parametrize("place", MOST["lines"])
def test_a_package_has_no_more_lines_than_its_budget(place: str) -> None:
    lines = sum(len(path.read_bytes().splitlines()) for path in (ROOT / place).rglob("*.py"))
    assert lines <= MOST["lines"][place], f"{place} has {lines} lines: shorten it, or raise the budget with a reason"


def test_few_functions_are_complex() -> None:
    words = ["check", "--isolated", "--select", "C901", "--config", "lint.mccabe.max-complexity=15"]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *words, "--output-format", "json", ROOT / "monitor"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    found = [(int(item["message"].rpartition("(")[2].split()[0]), item["message"]) for item in json.loads(done.stdout)]
    assert len(found) <= MOST["complexity"]["functions_above_15"], sorted(found, reverse=True)
    assert not found or max(found)[0] <= MOST["complexity"]["highest"], max(found)


@pytest.mark.parametrize("pattern", MOST["columns"])
def test_no_line_of_data_is_too_long_to_review(pattern: str) -> None:
    most = MOST["columns"][pattern]
    long = [
        (path.name, number, len(line))
        for path in ROOT.glob(pattern)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > most
    ]
    assert long == []


def test_the_top_of_the_package_is_nearly_empty() -> None:
    assert len(list((ROOT / "monitor").glob("*.py"))) <= MOST["files_at_the_top_of_monitor"]
