"""apt while another program holds its lock: waited for, and named when it does not end."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from pathlib import Path

import pytest

from emulator.art import apt
from emulator.art.pins import BedError


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """apt's own lock of its lists, in a place of ours; there are no sources, so that nothing is fetched."""
    if not shutil.which("apt-get"):
        pytest.skip("no apt-get")
    (tmp_path / "lists" / "partial").mkdir(parents=True)
    (tmp_path / "none.d").mkdir()
    config = tmp_path / "apt.conf"
    config.write_text(
        f'Dir::State::Lists "{tmp_path}/lists";\nDir::Etc::SourceList "{tmp_path}/none";\n'
        f'Dir::Etc::SourceParts "{tmp_path}/none.d";\nDir::Cache "{tmp_path}";\n',
        "ascii",
    )
    monkeypatch.setenv("APT_CONFIG", str(config))
    monkeypatch.setattr(apt, "_TRY_EVERY_S", 0.05)
    return tmp_path / "lists" / "lock"


def test_a_lock_that_is_not_let_go_is_named(lock: Path) -> None:
    with lock.open("w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        with pytest.raises(BedError, match=rf"apt is in use by process {os.getpid()} \(.*which holds {lock}") as caught:
            apt.get("update", wait_s=0)
        assert "wait until it has ended" in str(caught.value) and "\n" not in str(caught.value)


def test_a_lock_that_is_let_go_is_waited_for(lock: Path) -> None:
    said: list[str] = []
    freed = threading.Event()
    with lock.open("w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)

        def say(text: str) -> None:
            said.append(text)
            fcntl.lockf(file, fcntl.LOCK_UN)
            freed.set()

        apt.get("update", say=say)
    assert freed.is_set() and said == [f"packages: waiting for {said[0].removeprefix('packages: waiting for ')}"]
    assert f"process {os.getpid()}" in said[0]


def test_another_failure_is_not_waited_for(lock: Path) -> None:
    with pytest.raises(BedError, match="apt-get nonsense failed: E: Invalid operation"):
        apt.get("nonsense")
