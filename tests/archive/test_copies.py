"""Copies of one recording count once, whatever was done to them, and the best one is kept."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from monitor.archive.archive import Archive, migrated, verified
from monitor.archive.copies import Entry
from monitor.archive.sql import Tables
from monitor.assess.evaluate import reanalyse, seal_recovered
from monitor.assess.handover import redact
from monitor.evidence.keeping import recover_bundle
from monitor.evidence.keys import Signer, load_public
from monitor.evidence.verify import verify
from tests.evidence.test_timestamp import authority

from .conftest import Run
from .samples import T0, make

__all__ = ["authority"]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(str(tmp_path / "a"), make=True)


def held(archive: Archive) -> list[tuple[str, int]]:
    """How the sessions that count ended, and their numbers of events; the tables hold these and no others."""
    sessions = {entry.session for entry in archive.entries()}
    with Tables(archive.parts) as tables:
        assert {row[0] for row in tables.ask("SELECT DISTINCT session FROM findings").rows} == sessions
        found = tables.ask("SELECT session, ended, events FROM sessions ORDER BY ALL").rows
    assert {row[0] for row in found} == sessions and len(found) == len(sessions)
    return [(row[1], row[2]) for row in found]


def as_interrupted(bundle: Path, copy: Path, events: int) -> Path:
    """A copy as if its recording had been interrupted, then recovered: nothing that says more is left."""
    shutil.copytree(bundle, copy)
    later = "seal.dsse.json checkpoints.jsonl findings.dsse.json findings.jsonl coverage.jsonl report.html"
    for name in f"{later} manifest-sha256.txt tagmanifest-sha256.txt data/session.json".split():
        (copy / name).unlink()
    for name, number in (("custody.jsonl", 1), ("data/events/000001.jsonl", events)):
        (copy / name).write_bytes(b"".join((copy / name).read_bytes().splitlines(keepends=True)[:number]))
    signer = recover_bundle(copy).signer
    seal_recovered(copy, signer)
    reanalyse(copy, key=signer)
    verify(copy)
    return copy


ALL = 11


@pytest.mark.parametrize("events", [ALL, 6, 1])
@pytest.mark.parametrize("first", ["whole", "copy"])
def test_the_seal_removed_and_recovered(
    archive: Archive, tmp_path: Path, bundle: Path, first: str, events: int
) -> None:
    """Whole or cut, before or after: the one that was sealed counts, the other one is kept apart and named."""
    copy = as_interrupted(bundle, tmp_path / "copy", events)
    how = [archive.add(one).how for one in ((bundle, copy) if first == "whole" else (copy, bundle))]
    assert how == (["added", "rejected"] if first == "whole" else ["added", "replaced"])
    assert held(archive) == [("done", ALL)]
    (note,) = archive.rejected()
    assert "another copy of the recording of session" in note.why and archive.store.has(note.object)
    assert archive.add(bundle).how == "known" and archive.add(copy).how == "rejected"
    assert not verified(archive).faults


def test_the_longer_of_two_recovered_ones(archive: Archive, tmp_path: Path, bundle: Path) -> None:
    for events, how in ((6, "added"), (4, "rejected"), (8, "replaced")):
        assert archive.add(as_interrupted(bundle, tmp_path / str(events), events)).how == how
    assert held(archive) == [("recovered", 9)]


def test_one_by_a_key_that_was_named_takes_the_place_of_anyones(archive: Archive, tmp_path: Path, key: Path) -> None:
    """And no other way round, however it was made."""
    ours = make(tmp_path / "ours", key=key)
    theirs = as_interrupted(ours, tmp_path / "theirs", ALL)
    again = as_interrupted(ours, tmp_path / "again", 6)
    keys = {load_public(key).id}
    assert archive.add(theirs).how == "added"
    with_key = shutil.copytree(ours, tmp_path / "with key")
    assert archive.add(with_key, keys).how == "replaced" and archive.add(again).how == "rejected"
    assert held(archive) == [("done", ALL)]
    assert [entry.trusted for entry in archive.entries()] == [True]


def test_the_command_says_which_one_counts(monitor: Run, tmp_path: Path, bundle: Path) -> None:
    copy = as_interrupted(bundle, tmp_path / "copy", 6)
    done = monitor("archive", "add", "a", bundle, copy, "--lang", "en")
    assert done.returncode == 4
    (line,) = [line for line in done.stdout.splitlines() if line.startswith(str(copy))]
    assert re.search(f"another copy of the recording of session .*: 7 events, .*; kept: {ALL} events, sealed by", line)
    done = monitor("archive", "add", "b", copy, bundle, "--lang", "en")
    assert done.returncode == 0 and "takes the place of another copy" in done.stdout
    done = monitor("archive", "add", "b", copy, "--lang", "zh")
    assert done.returncode == 4 and "同一录制" in done.stdout


def redacted(bundle: Path, copy: Path) -> Path:
    redact(bundle, copy)
    return copy


def analysed(bundle: Path, copy: Path) -> Path:
    reanalyse(Path(shutil.copytree(bundle, copy)), key=Signer.generate())
    return copy


@pytest.mark.parametrize(("change", "then"), [(redacted, "replaced"), (analysed, "known")])
def test_copies_with_the_same_seal(
    archive: Archive, tmp_path: Path, bundle: Path, change: Callable[[Path, Path], Path], then: str
) -> None:
    """Without the private part, or with results made anew: one session; the private part is kept once it is here."""
    whole = Path(shutil.copytree(bundle, tmp_path / "whole"))
    copy = change(whole, tmp_path / "copy")
    results = verify(copy, results_keys=None).results()
    assert results
    assert archive.add(copy, results_keys=[results.key]).how == "added"
    assert archive.add(whole).how == then and archive.add(copy, results_keys=[results.key]).how == "known"
    assert held(archive) == [("done", ALL)]
    (entry,) = archive.entries()
    with archive.unpacked(entry) as kept:
        assert (kept / "private").is_dir()


def test_a_time_stamped_copy(archive: Archive, tmp_path: Path, bundle: Path, authority: tuple[str, Path]) -> None:
    from monitor.evidence.bundle import Bundle

    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    Bundle.open(copy).timestamp(f"{authority[0]}/tsa")
    assert [archive.add(one).how for one in (bundle, copy, bundle)] == ["added", "replaced", "known"]
    assert held(archive) == [("done", ALL)] and next(archive.entries()).stamped


def test_one_within_a_joined_part(archive: Archive, tmp_path: Path, bundle: Path) -> None:
    copy = as_interrupted(bundle, tmp_path / "copy", 6)
    for number in (1, 2):
        archive.add(make(tmp_path / str(number), start=T0 + number))
    assert archive.add(copy).how == "added" and archive.parts.join(least=3) == 3
    assert archive.add(bundle).how == "replaced"
    assert sorted(held(archive)) == [("done", ALL)] * 3 and not verified(archive).faults


def test_repetitions_are_no_copies(archive: Archive, tmp_path: Path) -> None:
    """The same app, scenario and device, a microsecond later; the same moment, another build."""
    for number, more in enumerate(({}, {"start": T0 + 1}, {"version": 2}, {"app": "com.example.two"})):
        assert archive.add(make(tmp_path / str(number), **more)).how == "added"  # type: ignore[arg-type]
    assert len(held(archive)) == 4 and not verified(archive).faults


def as_version_1(archive: Archive) -> Archive:
    """The archive as the version before this one wrote it."""
    import pyarrow.parquet as pq

    top = Path(archive.store.address)
    shutil.rmtree(top / "recordings")
    (top / "tables/v2").rename(top / "tables/v1")
    for path in (top / "tables/v1/sessions").rglob("*.parquet"):
        new = [name for name in "recording rules_sha256 own_rules replaced_rules packs given differs".split()]
        pq.write_table(pq.read_table(path, partitioning=None).drop_columns(new), path)
    for path in (top / "index").rglob("*.json"):
        entry = json.loads(path.read_bytes())
        for name in "recording events recovered private stamped".split():
            entry.pop(name, None)
        path.write_text(json.dumps(entry), "utf-8")
    (top / "archive.json").write_text('{"format":1,"tables":1}', "utf-8")
    return Archive(archive.store.address)


def test_an_archive_of_the_version_before(monitor: Run, archive: Archive, tmp_path: Path, bundle: Path) -> None:
    """It can be asked; nothing is added before it is brought up to date, and then each recording counts once."""
    assert archive.add(bundle).how == "added"
    shutil.rmtree(Path(archive.store.address) / "recordings")  # as if it did not know them
    assert archive.add(as_interrupted(bundle, tmp_path / "copy", 6)).how == "added"
    old = as_version_1(archive)
    assert len(held(old)) == 2
    (fault,) = verified(old).faults
    assert "counted twice" in fault[0]
    assert monitor("archive", "query", "a", "early-reads").returncode == 0
    assert monitor("archive", "report", "a", "-o", "out").returncode == 0
    done = monitor("archive", "add", "a", bundle)
    assert done.returncode == 2 and "monitor archive migrate" in done.stderr
    assert migrated(Archive(archive.store.address, migrating=True)) == 1
    now = Archive(archive.store.address)
    assert held(now) == [("done", ALL)] and not verified(now).faults and len(now.rejected()) == 1
    assert now.add(tmp_path / "copy").how == "rejected" and now.add(bundle).how == "known"
    assert all(isinstance(entry, Entry) and entry.recording and entry.events for entry in now.entries())


def test_what_an_interrupted_addition_left_does_not_stand_in_the_way(archive: Archive, bundle: Path) -> None:
    """It names a session that never came."""
    assert archive.add(bundle).how == "added"
    (entry,) = archive.entries()
    archive.store.drop(f"index/{entry.session[:2]}/{entry.session}.json")
    assert archive.add(bundle).how == "added" and held(archive) == [("done", ALL)]
    mark = next(iter(archive.store.names("recordings")))
    for spoiled in (b"../../archive", b"\xff", b"", msgspec.json.encode("0" * 64)):
        archive.store.put(mark, spoiled)
        assert archive.add(bundle).how == "known"
