"""The page on pandas and DuckDB, run as it stands on the lines of a bundle."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, Run

PAGE = (ROOT / "docs" / "how-to" / "data.md").read_text("utf-8")
#: They are not part of the project: uv fetches them once, and keeps them.
NEEDS = ("pandas==3.1.1", "duckdb==2.0.1")


@pytest.fixture(scope="module")
def python() -> list[str]:
    words = ["uv", "run", "--quiet", "--no-project", "--python", sys.executable]
    words += [word for need in NEEDS for word in ("--with", need)] + ["python"]
    ready = shutil.which("uv") and subprocess.run([*words, "-c", "import pandas, duckdb"], timeout=300, check=False)
    if not ready or ready.returncode:
        assert not os.environ.get("CI"), "uv cannot install pandas and DuckDB"
        pytest.skip("needs uv, and the network once: pandas and DuckDB")
    return words


def test_what_the_page_says_is_what_happens(monitor: Run, bundle: Path, tmp_path: Path, python: list[str]) -> None:
    for line in re.findall(r"^\$ monitor (.+)$", PAGE, re.M):
        said, file = line.split(" > ")
        done = monitor(*(str(bundle) if word == "BUNDLE" else word for word in shlex.split(said)))
        assert done.returncode == 0 and done.stdout
        (tmp_path / file).write_text(done.stdout, "utf-8")
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    code = "\nprint('----')\n".join(blocks)
    made = subprocess.run([*python, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 0, made.stderr
    found, sent, hosts, untested = made.stdout.split("----\n")
    assert len(blocks) == 4 and all(len([line for line in block.split("\n") if line]) <= 6 for block in blocks)
    assert re.search(r"COL-02 +evidenced +example_beacon +android_id +\d", found)
    assert re.search(r"2026-\S+ \S+ +collect\.beacon-analytics\.cn .*\b90 +\{android_id\}", sent)
    assert re.search(r"dmp\.datamarket-union\.com.*\b1\b.*\b70\b", hosts)
    assert "not_exercised" in untested and (tmp_path / "untested.parquet").read_bytes()[:4] == b"PAR1"
