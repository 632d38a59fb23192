"""What is done with a bundle after recording: earlier results set aside, copies for others, repairs."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.base.errors import InputError
from monitor.evidence import custody
from monitor.evidence.bag import TEMPORARY
from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import export, set_aside
from monitor.evidence.standalone.verify import FINDINGS, HANDOVER
from monitor.evidence.verify import read_head, verify

RESULTS = ("findings.jsonl", "coverage.jsonl", "report.html", FINDINGS)


def again(path: Path, text: bytes = b'{"rule":"COL-02"}\n') -> str:
    """What an analysis does: set aside, write, attest. Returns the ID of its key."""
    set_aside(path, read_head(path))
    bundle = Bundle.open(path)
    bundle.write("findings.jsonl", text)
    bundle.attest({"COL-01.yaml": "cd" * 32}, "2", {"evidenced": 1})
    return bundle.signer().public.id


def test_earlier_results_are_kept_complete_and_numbered(sealed: Path) -> None:
    before = {name: (sealed / name).read_bytes() for name in RESULTS}
    again(sealed)
    assert {name: (sealed / "earlier/001" / name).read_bytes() for name in RESULTS} == before
    key = again(sealed, b"{}\n")
    assert (sealed / "earlier/002/findings.jsonl").read_bytes() == b'{"rule":"COL-02"}\n'
    verify(sealed, results_keys=[key])


def test_results_that_are_not_what_was_attested_are_not_kept(sealed: Path) -> None:
    (sealed / "findings.jsonl").write_text("{}\n")
    set_aside(sealed, read_head(sealed))
    assert not (sealed / "earlier").exists()
    (sealed / FINDINGS).unlink()
    set_aside(sealed, read_head(sealed))
    assert not (sealed / "earlier").exists()


def test_what_an_interrupted_analysis_left_is_removed(sealed: Path) -> None:
    left = sealed / "earlier" / f".001{TEMPORARY}"
    left.mkdir(parents=True)
    (left / "findings.jsonl").write_text("half")
    key = again(sealed)
    assert not left.exists() and (sealed / "earlier/001/findings.jsonl").is_file()
    verify(sealed, results_keys=[key])


def test_a_copy_has_everything_but_the_private_part_and_says_whose_it_is(sealed: Path, tmp_path: Path) -> None:
    key = again(sealed)
    out = tmp_path / "copy"
    export(Bundle.open(sealed), out)
    names = {path.relative_to(sealed).as_posix() for path in sealed.rglob("*") if path.is_file()}
    copied = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert copied == {name for name in names if not name.startswith("private/")} | {HANDOVER}
    verify(out, results_keys=[key])
    assert custody.check(out)[-1].what == "exported"
    assert custody.check(sealed)[-1].what == "exported", "the original knows of its copy"


def test_a_copy_never_replaces_anything(sealed: Path, tmp_path: Path) -> None:
    out = tmp_path / "used"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    entries = len(custody.check(sealed))
    with pytest.raises(InputError):
        export(Bundle.open(sealed), out)
    assert [path.name for path in out.iterdir()] == ["mine.txt"] and len(custody.check(sealed)) == entries
