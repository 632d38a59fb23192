"""Temporary directories: kept while their process lives, cleared by the next one after it was killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from monitor.base.process import Scratch
from monitor.collectors import endpoint

HOLDER = """
import sys, time
from monitor.base.process import Scratch
print(Scratch().path, flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_it_is_gone_after_use(place: Path) -> None:
    with Scratch() as scratch:
        (scratch.path / "deep").mkdir()
        assert scratch.path.stat().st_mode & 0o077 == 0
    assert not list(place.iterdir())
    scratch.close()


def test_a_killed_process_leaves_nothing_for_long_and_a_live_one_loses_nothing(place: Path) -> None:
    code = [sys.executable, "-c", HOLDER]
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(code, stdout=subprocess.PIPE, text=True, cwd=root, env=os.environ) as holder:
        assert holder.stdout
        left = Path(holder.stdout.readline().strip())
        assert left.parent == place
        with Scratch():
            assert left.is_dir()
        holder.send_signal(signal.SIGKILL)
    assert left.is_dir()
    with Scratch() as mine:
        assert list(place.iterdir()) == [mine.path]


@pytest.mark.parametrize("looked", [True, False], ids=["there-before", "put-there-after-a-look"])
def test_only_what_is_ours_is_cleared(place: Path, looked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not looked:
        monkeypatch.setattr(Path, "is_symlink", lambda self: False)
    (place / "elsewhere").mkdir()
    (place / "elsewhere" / "thesis.txt").write_text("the only copy", "utf-8")
    (place / "elsewhere" / "lock").touch()
    (place / "monitor-run-link").symlink_to(place / "elsewhere")
    (place / "monitor-run-other").mkdir()
    (place / "monitor-20260101-000000").mkdir()
    (place / "monitor-20260101-000000" / "lock").touch()
    with Scratch():
        pass
    left = {path.name for path in place.iterdir()}
    assert left == {"elsewhere", "monitor-run-link", "monitor-run-other", "monitor-20260101-000000"}
    assert (place / "elsewhere" / "thesis.txt").is_file()


def test_what_fridas_helper_left_is_removed_once_it_has_ended(tmp_path: Path) -> None:
    """Not while it runs or may still be written, and nothing else that Frida keeps there."""
    for name in ("frida-ended", "frida-runs", "frida-new", "frida-agent"):
        (tmp_path / name).mkdir()
        shutil.copy("/bin/sleep", tmp_path / name / "idund")
    (tmp_path / "frida-agent" / "frida-agent.so").touch()
    (tmp_path / "frida-link").symlink_to(tmp_path / "frida-new")
    for name in ("frida-ended", "frida-runs", "frida-agent"):
        os.utime(tmp_path / name, (0, 0))
    with subprocess.Popen([tmp_path / "frida-runs" / "idund", "60"]) as helper:
        endpoint.sweep()
        helper.kill()
    assert {path.name for path in tmp_path.iterdir()} == {"frida-runs", "frida-new", "frida-agent", "frida-link"}
