"""The end of a session on the terminal: page one in a few lines, on narrow and on old terminals."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from monitor.analysis.correlate.findings import Assessment
from monitor.cli import _show, make_streams_robust, run
from monitor.live.state import Watch
from monitor.record import Outcome
from monitor.record.run import _unmet
from monitor.reports import Front, _problems
from monitor.scenario import model, runner
from monitor.session.manifest import Session
from monitor.text.reasons import Code, coverage_line, reason
from tests.assess.samples import finding

LONG = "AdNova (fictional sample): sharing with third parties, and protection in transit — " + "Android ID, " * 9
PROBLEM: Any = dict.fromkeys((field.name for field in fields(_problems.Problem)), "")
FRONT = Front(
    ("The session was interrupted.",), "This session found evidence of 10 problems " + "and so on, " * 20,
    (_problems.Problem(**PROBLEM | {"status": "evidenced", "level": "critical", "what": LONG}),) * 7,
    "5 more problems", 11, 45,
)  # fmt: skip
ASSESSED = Assessment(
    [finding(rule="COL-02")],
    [
        coverage_line("rule", "COL-04", "silent"),
        coverage_line("rule", "COL-05", "not_exercised", reason(Code.NOTHING_WITHDRAWN)),
    ],
)
#: Of the last no pack is chosen.
EXPECTED = model.Expect(fires=["COL-01", "COL-02"], silent=["COL-02", "COL-04", "COL-05", "PRM-03"])


def ended(tmp_path: Path, **more: object) -> Outcome:
    outcome = Outcome(tmp_path / "bundle", ASSESSED, Session(key="k" * 64), **more)  # type: ignore[arg-type]
    outcome.front, outcome.unmet = FRONT, _unmet(ASSESSED, runner.Outcome(1, 0, "", False, EXPECTED))
    assert outcome.unmet == ["COL-01", "!COL-02", "?COL-05"]
    return outcome


def shown(monkeypatch: pytest.MonkeyPatch, width: int, coding: str = "utf-8") -> list[str]:
    out = io.TextIOWrapper(io.BytesIO(), coding, write_through=True)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("COLUMNS", str(width))
    make_streams_robust()
    _show.show_front(FRONT)
    return out.buffer.getvalue().decode(coding).splitlines()  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_end_is_page_one(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    lines = shown(monkeypatch, 80)
    assert len(lines) <= 21  # and four more: report, evidence, key, the next command
    assert sum("AdNova" in line for line in lines) == 7


@pytest.mark.parametrize("width", [40, 60])
def test_narrow_terminals_wrap_and_cut_nothing(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    lines = shown(monkeypatch, width)
    assert max(map(cell_len, lines)) <= width
    assert "5 more problems" in "\n".join(lines) and "11 of 45 rules" in " ".join(line.strip() for line in lines)


@pytest.mark.parametrize("coding", ["ascii", "latin-1", "gbk"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_old_terminals_are_written_to_all_the_same(monkeypatch: pytest.MonkeyPatch, coding: str, lang: str) -> None:
    text = "\n".join(shown(monkeypatch, 80, coding))
    assert "AdNova (fictional sample)" in text and "5" in text
    if coding == "ascii" and lang == "en":
        assert "?" not in text  # punctuation has what comes close


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", ["findings {}", "events {}", "coverage {} --json", "rules list --json", "--help"])
def test_a_pipe_that_is_closed_ends_a_command_in_silence(bundle: Path, words: str, unbuffered: str) -> None:
    """As ``| head`` closes it. 1 would say that there are findings."""
    read, write = os.pipe()
    os.close(read)
    assert printing(words.format(bundle), write, PYTHONUNBUFFERED=unbuffered) == (0, "")


@pytest.mark.parametrize("words", ["--version", "rules list", "verify {}"])
def test_a_full_disk_is_said(bundle: Path, words: str) -> None:
    code, said = printing(words.format(bundle), os.open("/dev/full", os.O_WRONLY), PYTHONUNBUFFERED="")
    assert code == 3
    assert said == "monitor: stdout: No space left on device (free space or fix the disk)\n"


def printing(words: str, out: int, **environment: str) -> tuple[int, str]:
    """The exit code and standard error of a process of its own that prints there."""
    command = [sys.executable, "-m", "monitor", *words.split()]
    done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, env=os.environ | environment)
    os.close(out)
    return done.returncode, done.stderr


def test_an_interrupted_session_names_no_unmet_expectation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = ended(tmp_path, interrupted=True)
    run._report(outcome)
    said = capsys.readouterr()
    assert "expected" not in said.err and "interrupted" in said.err
    assert "monitor findings" in said.out.splitlines()[-1]
    outcome.interrupted = False
    run._report(outcome)
    said = capsys.readouterr()
    assert "expected a finding of COL-01" in said.err and "expected no finding of COL-02, but there was one" in said.err
    assert "COL-05, but it was not tested (no consent was withdrawn)" in said.err


def test_the_time_that_is_left_runs_through_a_wait() -> None:
    now = [0.0]
    watch = Watch("en", clock=lambda: now[0])
    watch.stage("session")
    watch.step(runner.Progress(1, 3, "idle", "80 s", 100_000, 80_000))
    said = [watch.line()]
    for now[0] in (30.0, 200.0):
        said.append(watch.line())
    assert [line.rpartition(" · ")[2] for line in said] == ["100 s left", "70 s left", "20 s left"]
