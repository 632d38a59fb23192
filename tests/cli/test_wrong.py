"""Sixty-three and more wrong uses: each is answered in one line that says what, where and what to do, in both
languages, before anything is started."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from tests.cli.wrong import WRONG, prepared

from .conftest import Run

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
