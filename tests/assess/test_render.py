"""The reports that a pipeline keeps: the same as one by one, from a bundle opened once."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest

from monitor.assess.opened import Opened
from monitor.assess.render import FOR_CI, render_bundle, write_reports
from monitor.assess.tables import Tables
from monitor.base.errors import InputError
from tests import command


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
    with pytest.raises(InputError, match=r"findings\.jsonl"):
        write_reports(tmp_path / "bundle", tmp_path / "reports", "en")


def test_numbers_and_names_are_stated_after_the_session_and_blanks_are_listed(recorded: Path, tmp_path: Path) -> None:
    def report(*words: str) -> subprocess.CompletedProcess[str]:
        return command.run("report", recorded, *words, "--lang", "en", cwd=tmp_path)

    said = report("--format", "docx", "--no-annex", "--record", "report_no=JC-7", "--record", "operators=A, B")
    assert said.returncode == 0, said.stderr
    blank = next(line for line in said.stdout.splitlines() if "Left blank" in line)
    assert "approver (approver)" in blank and "report_no" not in blank and "operators" not in blank
    document = docx.Document(str(tmp_path / "report.docx"))
    assert document.sections[0].header.paragraphs[0].text.endswith("JC-7")
    assert any("report number, operators" in paragraph.text for paragraph in document.paragraphs)
    for words, message in (
        (("--format", "csv", "--record", "client=A"), "csv states no numbers and names"),
        (("--format", "docx", "--record", "clientt=A"), "did you mean client"),
    ):
        refused = report(*words)
        assert refused.returncode == 2 and message in refused.stderr and len(refused.stderr.splitlines()) == 1
