"""What is done with a bundle after recording: earlier results set aside, copies for others, repairs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.base.errors import InputError
from monitor.evidence import custody
from monitor.evidence.bag import TEMPORARY
from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import export, recover_bundle, set_aside
from monitor.evidence.standalone.verify import FINDINGS, HANDOVER
from monitor.evidence.verify import read_head, verify
from monitor.session.manifest import App, Session
from tests.evidence.conftest import T0, call

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


def interrupted(path: Path) -> Path:
    bundle = Bundle.create(path)
    for n in range(5):
        bundle.log.append(call(n))
    bundle.log.close()
    bundle.drop_lock()
    return path


def test_an_interrupted_recording_is_repaired_and_can_be_sealed(tmp_path: Path) -> None:
    path = interrupted(tmp_path / "bundle")
    leftover = path / "data" / f".x{TEMPORARY}"
    leftover.write_text("half")
    (segment,) = (path / "data" / "events").iterdir()
    with segment.open("ab") as file:
        file.write(b'{"prev":"00')
    found = recover_bundle(path)
    assert found.size == 5 and found.torn_bytes == 11 and not leftover.exists()
    assert custody.check(path)[-1].detail["torn_bytes"] == "11"
    bundle = Bundle.open(path, found.signer)
    bundle.seal(Session(start=T0, end=T0 + 9, app=App(package="com.example.shop")))
    verify(path, results=False)
    record = json.loads((path / "data" / "session.json").read_bytes())
    assert record["app"]["package"] == "com.example.shop"
