"""Where a user lets the monitor write, nothing is written through a link."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import InputError
from monitor.output import write_out


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "rc", tmp_path / "report.md"
    target.write_text("mine")
    link.symlink_to(target)
    with pytest.raises(InputError, match="a link"):
        write_out(link, b"theirs")
    assert target.read_text() == "mine"
    write_out(target, b"new")
    assert target.read_text() == "new"
