"""What cannot be used is refused in one line: which argument or file, what is wrong with it, and what to do."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from .conftest import Run

INIT = ["baseline", "init", "{bundle}", "--reason", "r", "--author", "a", "--until"]
SDK = ["sdk", "check", "text", "--declaration"]
BAD = {
    "until": ([*INIT, "2020-01-01"], "--until: already past"),
    "day": ([*INIT, "soon"], "--until: not a day"),
    "capture": (["import", "nope.har", "--app", "a.b", "--out", "new"], "nope.har: no such file (check the name)"),
    "directory": (["import", ".", "--app", "a.b", "--out", "new"], ".: a directory, not a file (name a file)"),
    "key": (["verify", "{bundle}", "--key", "text"], "text: no PEM public key (monitor key show"),
    "empty": (["findings", "empty"], "empty: not an evidence bundle (give the directory"),
    "copy": (["redact", "{bundle}", "-o", "full"], "full: the directory is not empty (choose another directory"),
    "har": (["import", "text", "--app", "a.b", "--out", "new"], "text: neither HAR"),
    "entries": (["import", "broken.har", "--app", "a.b", "--out", "new"], "broken.har"),
    "declaration": ([*SDK, "nosuch"], "--declaration nosuch: no such file (a file, or one of: "),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_refused_in_one_line(monitor: Run, bundle: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "text").write_text("text")
    (tmp_path / "broken.har").write_text("{")
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    words, said = BAD[name]
    done = monitor(*(word.format(bundle=bundle) for word in words), "--lang", "en")
    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert not (tmp_path / "new").exists() and not (tmp_path / "baseline.yaml").exists()


def test_a_refusal_in_chinese(monitor: Run, tmp_path: Path) -> None:
    """The kind of fault always, its text where it is a common one; what was given stays as it was."""
    (tmp_path / "text").write_text("text")
    done = monitor("findings", "nosuch{0}", "--lang", "zh")
    assert done.stderr == "monitor: 输入有误：nosuch{0}：没有该证据包（请给出 monitor run 生成的目录）\n"
    done = monitor("import", "text", "--app", "a.b", "--out", "new", "--lang", "zh")
    assert done.returncode == 2 and done.stderr.startswith("monitor: 输入有误：text：neither HAR"), done.stderr


def test_a_report_on_standard_output(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    done = monitor("report", bundle, "--format", "markdown", "-o", "-", "--lang", "en")
    assert done.returncode == 0 and done.stdout.startswith("# ") and "report written" not in done.stdout
    assert not (tmp_path / "-").exists()


def test_a_time_stamp_that_is_not_given_says_why(monitor: Run, bundle: Path) -> None:
    with socket.socket() as held:  # bound and not listening: connections are refused
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/"
        done = monitor("timestamp", bundle, "--url", url)
    assert done.returncode == 3 and "no time-stamp: connection refused" in done.stderr, done.stderr
