"""Where a new user begins, what the shell completes, and ``monitor.yaml``, which stands for options not given."""

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


def project(tmp_path: Path, text: str) -> None:
    (tmp_path / "monitor.yaml").write_text(text, "utf-8")


def test_its_values_stand_for_options_and_give_way_to_them(monitor: Run, tmp_path: Path) -> None:
    project(tmp_path, "run: {scenario: quickstart, fail_on: enormous}\n")
    done = monitor("run")
    assert done.returncode == 2 and "no such level: enormous" in done.stderr
    done = monitor("run", "absent.yaml", "--fail-on", "high")
    assert done.returncode == 2 and "absent.yaml: no such file" in done.stderr


def test_paths_are_relative_to_the_file(monitor: Run, tmp_path: Path) -> None:
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "p.yaml").write_text("run: {scenario: quickstart, baseline: accepted.yaml}\n", "utf-8")
    (tmp_path / "ci" / "accepted.yaml").write_text("accepted: [{fingerprint: short}]\n", "utf-8")
    done = monitor("--project", "ci/p.yaml", "run")
    assert done.returncode == 2 and "ci/accepted.yaml: accepted.0" in done.stderr
    project(tmp_path, "sdk: {library: beacon, declaration: absent.yaml}\n")
    done = monitor("sdk", "check")
    assert done.returncode == 2 and "absent.yaml: no such file" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("run: {fail_om: high}", "run: unknown key 'fail_om'"),
        ("run: {unpin: everything}", "run.unpin"),
        ("sdk: {watch: 0}", "sdk.watch"),
        ("run: [", "not valid YAML"),
    ],
)
def test_a_fault_is_one_line_and_affects_no_other_command(monitor: Run, tmp_path: Path, text: str, said: str) -> None:
    project(tmp_path, text)
    done = monitor("sdk" if text.startswith("sdk") else "run", "x")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert said in done.stderr and "monitor.yaml" in done.stderr
    assert monitor("rules", "list", "--json").returncode == 0


def test_a_file_that_is_named_must_be_there(monitor: Run) -> None:
    done = monitor("--project", "absent.yaml", "run", "quickstart")
    assert done.returncode == 2 and "absent.yaml: no such file" in done.stderr
