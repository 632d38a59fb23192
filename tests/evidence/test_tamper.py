"""A bundle changed in every possible way: both verifiers refuse all but the documented cases, and never disagree."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import tamper
from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import set_aside
from monitor.evidence.verify import read_head

from .conftest import make_sealed


def test_nothing_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tamper, "_STEP", 5000)
    bundle = make_sealed(tmp_path / "b", events=3)
    set_aside(bundle, read_head(bundle))
    bundle.joinpath("findings.jsonl").write_bytes(b'{"rule":"COL-02"}\n')
    Bundle.open(bundle).attest({}, "0.2.0", {"evidenced": 1})
    assert tamper.main([str(bundle)]) == 0
    said = capsys.readouterr().out.splitlines()
    counts = {" ".join(line.split()[1:]): int(line.split()[0]) for line in said if line.split()[0].isdigit()}
    assert counts["tried"] > 200
    assert counts["refused by monitor verify"] == counts["refused by verify.py"]
    assert counts["tried"] - counts["refused by verify.py"] == counts["accepted as stated"] <= 3
