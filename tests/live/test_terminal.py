"""What the terminal shows never gets in the way of the recording."""

from __future__ import annotations

import os
import sys

import pytest

from monitor.cli._terminal import Terminal
from monitor.live.state import Watch
from monitor.scenario.runner import Progress


def test_nobody_reads_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with ``monitor run quickstart 2>&1 | head``: the reader is gone in the middle of a session."""
    reader, writer = os.pipe()
    stream = os.fdopen(writer, "w", buffering=1)
    monkeypatch.setattr(sys, "stderr", stream)
    terminal = Terminal(Watch("en"), quiet=False)
    terminal.stage("device")
    assert os.read(reader, 100) == b"preparing the device\n"
    os.close(reader)
    terminal.device("127.0.0.1:5", 6)
    terminal.step(Progress(1, 2, "idle", "x", 1000))
    terminal.close()
    os.dup2(os.open(os.devnull, os.O_WRONLY), writer)  # so that the stream itself can be closed
    stream.close()
