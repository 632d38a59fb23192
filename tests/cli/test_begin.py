"""Where a new user begins, and what the shell completes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_without_a_command_it_says_where_to_begin(monitor: Run) -> None:
    for lang in ("en", "zh"):
        done = monitor(LC_ALL=f"{lang}.UTF-8")
        assert done.returncode == 0 and "monitor run quickstart" in done.stdout
        for name in re.findall(r"^    monitor (\w+)", done.stdout, re.M):
            assert monitor(name, "--help").returncode == 0, name


def test_the_shell_completes_commands(monitor: Run) -> None:
    done = monitor(_MONITOR_COMPLETE="complete_bash", COMP_WORDS="monitor ver", COMP_CWORD="1")
    assert done.stdout.split() == ["verify"]


@pytest.mark.parametrize(
    "words", [("run",), ("analyse",), ("findings",), ("verify",), ("recover",), ("rules", "check")]
)
def test_a_name_that_no_file_can_have_is_bad_input(monitor: Run, words: tuple[str, ...]) -> None:
    done = monitor(*words, "x" * 5000)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr[-300:]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://tsa.example/", "https://", "http://[::1", "tsa.example"])
def test_no_session_is_recorded_for_a_time_stamp_that_cannot_be(monitor: Run, tmp_path: Path, url: str) -> None:
    done = monitor("run", "quickstart", "--timestamp", url, "--out", tmp_path / "b")
    assert done.returncode == 2 and "not an http or https address" in done.stderr
    assert not (tmp_path / "b").exists()
