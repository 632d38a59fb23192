"""After a kill or a power cut: nothing acknowledged is lost, a torn tail is kept, a cut before a checkpoint refused."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.base.clock import now_us
from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError
from monitor.events import Recovery
from monitor.evidence import custody
from monitor.evidence.bundle import Bundle, add_public
from monitor.evidence.keeping import recover_bundle, sweep
from monitor.evidence.keys import Signer
from monitor.evidence.lines import read_events
from monitor.evidence.log import Policy
from monitor.evidence.standalone import verify as standalone
from monitor.evidence.verify import verify
from monitor.session.manifest import Session

from .conftest import call, make_sealed
from .test_verify import alone

RECORDER = """
import sys, pathlib
from monitor.events import Health
from monitor.evidence.bundle import Bundle
from monitor.evidence.log import Policy
from monitor.evidence.standalone import verify as standalone
bundle = Bundle.create(pathlib.Path(sys.argv[1]), policy=Policy(batch=32, interval=0.005, checkpoint_events=400))
n = 0
while True:
    for _ in range(random_batch := 1 + n % 37):
        n += 1
        bundle.log.append(Health(t=n, err=0, src="runner", app="a.b", component="test", what="heartbeat", n=n))
    print(bundle.log.flush(), flush=True)
"""


def killed_recording(bundle: Path, milliseconds: int) -> int:
    """Record in a process of its own, kill it hard; the last number that it had acknowledged."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", RECORDER, str(bundle)], stdout=subprocess.PIPE, cwd=root, text=True
    )
    assert process.stdout
    first = process.stdout.readline()
    time.sleep(milliseconds / 1000)
    process.send_signal(signal.SIGKILL)
    lines = [first, *process.stdout.read().splitlines(keepends=True)]
    process.wait()
    return max(int(line) for line in lines if line.endswith("\n"))


def unsynced_from(bundle: Path, acknowledged: int) -> int:
    """Offset behind the last acknowledged line: what lies behind may be lost in a power cut."""
    data = (bundle / "data/events/000001.jsonl").read_bytes()
    place = 0
    for _ in range(acknowledged):
        place = data.index(b"\n", place) + 1
    return place


@pytest.mark.parametrize("seed", range(4))
def test_killed(tmp_path: Path, seed: int) -> None:
    """SIGKILL, then the unsynced tail cut, zeroed or garbled as by a power cut: every acknowledged event is there."""
    chance = random.Random(seed)
    bundle = tmp_path / "b"
    acknowledged = killed_recording(bundle, chance.randrange(20, 150))
    path = bundle / "data/events/000001.jsonl"
    keep, size = unsynced_from(bundle, acknowledged), path.stat().st_size
    # A power cut may also lose the checkpoint that was being written: it covers only what was synced before it.
    how = ["nothing", "cut", "zeros", "garbage"][seed % 4]
    if how != "nothing":
        covered = (
            [json.loads(line)["note"].split("\n")[1] for line in (bundle / "checkpoints.jsonl").open()]
            if (bundle / "checkpoints.jsonl").exists()
            else []
        )
        keep = max(keep, unsynced_from(bundle, int(covered[-1])) if covered else 0)
        at = chance.randint(keep, size)
        with path.open("r+b") as file:
            file.truncate(at)
            file.seek(at)
            if how == "zeros":
                file.write(bytes(size - at + 100))
            elif how == "garbage":
                file.write(chance.randbytes(size - at + 100))
    found = recover_bundle(bundle)
    events = list(read_events(bundle))
    assert found.size >= acknowledged
    assert [event.n for event in events[:-1]] == list(range(1, found.size + 1))
    last = events[-1]
    assert isinstance(last, Recovery) and last.app == "a.b" and last.events == found.size
    assert last.torn_bytes == found.torn_bytes
    assert (found.torn_bytes > 0) >= (how in ("zeros", "garbage"))
    if found.torn_bytes:
        assert next((bundle / "data/torn").iterdir()).stat().st_size == found.torn_bytes
    Bundle.open(bundle, found.signer).seal(Session(ended="recovered"))
    assert (bundle / "public.pem").read_bytes().count(b"BEGIN PUBLIC KEY") == 2, "its own was only in its process"
    (recovery,) = verify(bundle, results=False).recovered()
    assert found.signer and recovery["torn_bytes"] == str(found.torn_bytes) and recovery["by"] == found.signer.public.id


def abandoned(path: Path, events: int = 10) -> Bundle:
    """A recording that ended without seal, with a checkpoint over its events and three more behind."""
    bundle = Bundle.create(path, policy=Policy(checkpoint_seconds=1e9, checkpoint_events=events))
    for n in range(events):
        bundle.log.append(call(n))
    bundle.log.flush()
    for n in range(3):
        bundle.log.append(call(100 + n))
    bundle.log.flush()
    bundle.drop_lock()
    return bundle


TAMPERED: dict[str, tuple[Callable[[bytes, bytes], bytes], str]] = {
    "a changed line": (
        lambda data, _: data.replace(b"getImei", b"getName", 5),
        r"000001.jsonl:2 \(seq 2\).*expected 10 events, found 1 good ones",
    ),
    "a cut": (lambda data, _: b"".join(data.splitlines(keepends=True)[:9]), "a checkpoint covers"),
    "another history": (lambda _, other: other[:-7].replace(b'"method":"getImei"', b'"method":"getMeid"', 1), ""),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_a_checkpoint_covers_is_not_repaired(tmp_path: Path, how: str) -> None:
    """Refused with place and counts; the file is left as it was."""
    change, message = TAMPERED[how]
    path, other = (abandoned(tmp_path / name).path / "data/events/000001.jsonl" for name in "bc")
    data = change(path.read_bytes(), other.read_bytes())
    path.write_bytes(data)
    with pytest.raises(EvidenceDamaged, match=message):
        recover_bundle(tmp_path / "b")
    assert path.read_bytes() == data
    assert not (tmp_path / "b/data/torn").exists()


def test_bad_line_behind_the_checkpoint_is_a_torn_tail(tmp_path: Path) -> None:
    """Cut at the first bad line, kept whole in data/torn, never searched for good lines behind it."""
    abandoned(tmp_path / "b")
    path = tmp_path / "b/data/events/000001.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:11], b"garbage\n", lines[12]]))
    found = recover_bundle(tmp_path / "b")
    assert found.size == 11
    assert next((tmp_path / "b/data/torn").iterdir()).read_bytes() == b"garbage\n" + lines[12]


def test_torn_checkpoint_line(tmp_path: Path) -> None:
    """A checkpoint cut in writing is passed over, not tampering."""
    abandoned(tmp_path / "b")
    with (tmp_path / "b/checkpoints.jsonl").open("ab") as file:
        file.write(b'{"note": "app-pri')
    assert recover_bundle(tmp_path / "b").size == 13
    Bundle.open(tmp_path / "b").seal(Session())
    verify(tmp_path / "b", results=False)


def test_recovered_by_a_clock_that_is_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine came up again with its clock an hour behind: the recording is no less intact for that."""
    abandoned(tmp_path / "b")
    behind = now_us() - 3_600_000_000
    monkeypatch.setattr("monitor.evidence.log.now_us", lambda: behind)
    Bundle.open(tmp_path / "b", recover_bundle(tmp_path / "b").signer).seal(Session())
    verify(tmp_path / "b", results=False)


def test_no_recovery_enters_while_the_seal_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def seal(*words: object, **more: object) -> None:
        with pytest.raises(EnvironmentFault, match="still being recorded") as refused:
            recover_bundle(tmp_path / "b")
        tried.append(refused)
        note(*words, **more)  # type: ignore[arg-type]

    note = custody.note
    bundle = Bundle.create(tmp_path / "b")
    bundle.log.append(call(1))
    monkeypatch.setattr(custody, "note", seal)
    bundle.seal(Session())
    assert tried
    verify(tmp_path / "b", results=False)


def test_live_and_sealed_bundles_are_left_alone(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path / "b")
    bundle.log.append(call(1))
    with pytest.raises(EnvironmentFault, match="still being recorded"):
        recover_bundle(tmp_path / "b")
    bundle.seal(Session())
    with pytest.raises(InputError, match="sealed"):
        recover_bundle(tmp_path / "b")


def leftovers(bundle: Path) -> list[Path]:
    """What assessments and time-stamps that were killed leave behind."""
    names = [f".{name}.0123456789abcdef.new" for name in ("findings.jsonl", "report.html", "seal.tsr")]
    for name in names:
        (bundle / name).write_text("half")
    (bundle / "earlier/.001.new").mkdir(parents=True)
    with (bundle / "custody.jsonl").open("ab") as file:
        file.write(b'{"prev":"')
    return [*(bundle / name for name in names), bundle / "earlier"]


def test_what_an_interruption_left_is_removed_before_it_is_written_again(sealed: Path) -> None:
    left = leftovers(sealed)
    with pytest.raises(EvidenceDamaged):
        verify(sealed)
    sweep(sealed)
    assert not any(path.exists() for path in left)
    verify(sealed)


def test_only_that_is_removed(sealed: Path, tmp_path: Path) -> None:
    """A hostile bundle leads nowhere else, and what somebody added stays for the verifier to name."""
    mine = tmp_path / "mine"
    (mine / ".001.new").mkdir(parents=True)
    (mine / "custody").write_text("a line\nand more")
    (sealed / "earlier").symlink_to(mine)
    (sealed / ".notes.0123456789abcdef.new").write_text("x")
    (sealed / "custody.jsonl").unlink()
    (sealed / "custody.jsonl").symlink_to(mine / "custody")
    sweep(sealed)
    assert (mine / ".001.new").is_dir() and (mine / "custody").read_text() == "a line\nand more"
    assert (sealed / ".notes.0123456789abcdef.new").exists() and (sealed / "custody.jsonl").is_symlink()


def test_kills_at_any_moment() -> None:
    """Created, recorded, sealed, assessed, recovered: killed at random moments of a whole life."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.kills", "3"], cwd=Path(__file__).parents[2], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert (said["kills"], said["lost"], said["unreadable"]) == (3, 0, 0)


def test_private_part_is_closed_to_others(tmp_path: Path) -> None:
    bundle = Bundle.create(tmp_path / "b")
    for name in ("key", "disclosures.jsonl"):
        assert (bundle.path / "private" / name).stat().st_mode & 0o077 == 0
    assert (bundle.path / "private").stat().st_mode & 0o077 == 0
    bundle.log.close()


def unsealed(bundle: Path, *gone: str) -> Path:
    """The seal removed, and what else is named; as whoever has the bundle can do it."""
    for name in ("seal.dsse.json", "manifest-sha256.txt", "tagmanifest-sha256.txt", *gone):
        path = bundle / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return bundle


RESULTS = ("findings.dsse.json", "findings.jsonl", "coverage.jsonl", "report.html")


def trimmed(bundle: Path, entries: int) -> None:
    """Custody with its first entries only: its chain and signatures hold."""
    path = bundle / "custody.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:entries]))


def cut_log(bundle: Path, events: int) -> None:
    path = bundle / "data/events/000001.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:events]))


#: What else was removed of a sealed bundle of twelve events that was cut to four, entries of custody left, and why not.
CUT: dict[str, tuple[tuple[str, ...], int, str]] = {
    "nothing else": ((), 3, "its seal is missing"),
    "its results": (RESULTS, 3, "its seal is missing"),
    "and what custody says of them": ((*RESULTS, "checkpoints.jsonl"), 2, "the log differs from what was sealed"),
    "custody to its beginning": ((*RESULTS, "checkpoints.jsonl"), 1, "the recording had ended"),
    "custody and manifest": (
        (*RESULTS, "checkpoints.jsonl", "custody.jsonl", "data/session.json"),
        0,
        "the recording are missing",
    ),
}


@pytest.mark.parametrize("how", CUT)
def test_a_sealed_log_is_not_cut_and_recovered(sealed: Path, how: str) -> None:
    gone, entries, message = CUT[how]
    trimmed(sealed, entries) if entries else None
    cut_log(unsealed(sealed, *gone), 4)
    before = {path: path.read_bytes() for path in sealed.rglob("*") if path.is_file()}
    with pytest.raises(EvidenceDamaged, match=message):
        recover_bundle(sealed)
    assert {path: path.read_bytes() for path in sealed.rglob("*") if path.is_file()} == before


def test_nothing_is_added_to_a_log_that_was_sealed(sealed: Path) -> None:
    """Behind its end, with a chain that holds."""
    trimmed(unsealed(sealed, *RESULTS), 2)
    path = sealed / "data/events/000001.jsonl"
    data = path.read_bytes()
    last = data.splitlines()[-1]
    body = last[standalone.BODY :].replace(b'"seq":12', b'"seq":13')
    path.write_bytes(data + b'{"prev":"' + sha256(last).hexdigest().encode() + b'",' + body + b"\n")
    with pytest.raises(EvidenceDamaged, match="the recording had ended"):
        recover_bundle(sealed)


@pytest.mark.parametrize("again", [0, 1])
@pytest.mark.parametrize("entries", [1, 2])
def test_killed_while_it_was_sealed(sealed: Path, entries: int, again: int) -> None:
    """Its manifests are written, custody may say so already; and a recovery may be killed as well. The log is whole."""
    trimmed(unsealed(sealed, *RESULTS), entries)
    for _ in range(again):
        assert recover_bundle(sealed).size == 12
    found = recover_bundle(sealed)
    assert found.size == 12 + again
    Bundle.open(sealed, found.signer).seal(Session(ended="recovered"))
    assert verify(sealed, results=False).events == 13 + again


@pytest.mark.parametrize("left", [4, 0])
def test_custody_is_compared_with_the_log(tmp_path: Path, left: int) -> None:
    """A log that was cut, by a recovery that did not look (as those of earlier versions): both verifiers refuse it."""
    bundle = make_sealed(tmp_path / "b")
    trimmed(unsealed(bundle, *RESULTS, "checkpoints.jsonl"), 2)
    cut_log(bundle, left)
    again = Bundle.open(bundle, Signer.generate())
    add_public(bundle, again.signer().public)
    again.seal(Session(ended="recovered"))
    with pytest.raises(EvidenceDamaged, match="the log differs from what was sealed") as refused:
        verify(bundle, results=False)
    assert (refused.value.where, refused.value.expected) == ("custody.jsonl:2", "12 events")
    assert refused.value.actual == f"{left} events"
    done = alone(bundle)
    assert done.returncode == 4 and done.stderr.startswith(
        "CHANGED: custody.jsonl:2: the log differs from what was sealed"
    )
