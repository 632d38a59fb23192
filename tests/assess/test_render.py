"""The reports that a pipeline keeps: the same as one by one, from a bundle opened once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.assess.opened import Opened
from monitor.assess.render import FOR_CI, render_bundle, write_reports
from monitor.assess.tables import Tables
from monitor.errors import EvidenceDamaged, InputError


def test_each_is_what_monitor_report_writes(recorded: Path, tmp_path: Path) -> None:
    written = write_reports(recorded, tmp_path / "reports", "en")
    assert [path.name for path in written] == list(FOR_CI)
    for path in written:
        assert path.read_bytes() == render_bundle(FOR_CI[path.name], recorded, "en"), path.name


def test_the_bundle_is_opened_once(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    loaded: list[Path] = []

    class Counted(Opened):
        def __init__(self, path: Path, *more: Any, **named: Any) -> None:
            opened.append(path)
            super().__init__(path, *more, **named)

    kept = Tables.kept
    monkeypatch.setattr("monitor.assess.render.Opened", Counted)
    monkeypatch.setattr(Tables, "kept", lambda path, session: loaded.append(path) or kept(path, session))
    write_reports(recorded, tmp_path / "reports", "en")
    assert opened == loaded == [recorded]


def test_what_cannot_be_written_or_read_is_named(recorded: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file"):
        write_reports(recorded, tmp_path / "file", "en")
    (tmp_path / "bundle").mkdir()
    with pytest.raises(EvidenceDamaged, match=r"findings\.jsonl"):
        write_reports(tmp_path / "bundle", tmp_path / "reports", "en")
