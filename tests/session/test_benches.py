"""The measurements that read recorded sessions still do, on those that other tests look at."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from bench import bench_log, clean_sessions, repeated_sessions, runtimes
from tests.session.conftest import Recorded

pytestmark = pytest.mark.device


def test_one_session_is_like_itself(
    shop: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (1, 2):
        shutil.copytree(shop.outcome.bundle, tmp_path / f"quickstart-{number}")
    monkeypatch.setattr(sys, "argv", ["repeated_sessions", "quickstart", "--times", "2", "--keep", str(tmp_path)])
    assert repeated_sessions.main() == 0
    assert "findings in each of 2, 0 in some" in capsys.readouterr().out


def test_the_well_behaved_shop_is_not_accused(
    clean: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(clean.outcome.bundle, tmp_path / "clean")
    monkeypatch.setattr(sys, "argv", ["clean_sessions", "clean", "--keep", str(tmp_path)])
    assert clean_sessions.main() == 0
    assert "nothing evidenced" in capsys.readouterr().out


def test_rows_of_two_sessions_are_compared(shop: Recorded, clean: Recorded, capsys: pytest.CaptureFixture[str]) -> None:
    bundles = [str(shop.outcome.bundle), str(shop.outcome.bundle)]
    assert runtimes.main(bundles) == 0
    assert "without a reason: 0" in capsys.readouterr().out
    assert runtimes.main([bundles[0], str(clean.outcome.bundle)]) == 1
    assert "NO REASON" in capsys.readouterr().out


def test_a_frame_is_written_once(
    shop: Recorded, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench_log", str(shop.outcome.bundle)])
    assert bench_log.main() == 0
    ratio = {line.split()[0]: float(line.rpartition(": ")[2]) for line in capsys.readouterr().out.splitlines()[:-2]}
    assert ratio["stack"] < 0.2 and ratio["all"] < 0.3
