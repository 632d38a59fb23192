"""The log's line format, group commit, segments, and its visible stop."""

from __future__ import annotations

import json
import os
import threading
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.base.errors import EnvironmentFault, EvidenceDamaged, InputError, MonitorError
from monitor.events import Health, Window, encode, encode_observed
from monitor.evidence.lines import body, read_events
from monitor.evidence.log import EvidenceLog, Policy
from monitor.evidence.standalone.verify import MAX_LINE

from .conftest import T0, call, consent


def test_line_format(tmp_path: Path) -> None:
    """``prev`` comes first and is the hash of the line before; the rest is the event as observed."""
    with closing(EvidenceLog.create(tmp_path)) as log:
        first, second = log.append(call(1)), log.append(call(2))
    lines = (tmp_path / "data/events/000001.jsonl").read_bytes().splitlines()
    assert lines[0].startswith(b'{"prev":"' + b"0" * 64 + b'","')
    assert json.loads(lines[1])["prev"] == sha256(lines[0]).hexdigest()
    assert [first.seq, second.seq] == [1, 2]
    assert [body(line) for line in lines] == [encode_observed(first), encode_observed(second)]
    assert list(read_events(tmp_path)) == [first, second]


def test_acknowledged_after_flush(tmp_path: Path) -> None:
    """After ``flush`` the lines are in the file; a critical event needs no flush to get there soon."""
    log = EvidenceLog.create(tmp_path, policy=Policy(interval=60))
    log.append(call(1))
    assert log.flush() == log.durable == 1
    assert len(list(read_events(tmp_path))) == 1
    log.append(call(2))
    log.append(consent(3))
    for _ in range(200):
        if log.durable == 3:
            break
        threading.Event().wait(0.01)
    assert log.durable == 3
    log.close()


def test_threads(tmp_path: Path) -> None:
    """Many writers make one unbroken chain."""
    log = EvidenceLog.create(tmp_path)
    threads = [threading.Thread(target=lambda: [log.append(call(n)) for n in range(300)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    head = log.close()
    assert head.size == 1200
    assert [event.seq for event in read_events(tmp_path)] == list(range(1, 1201))


def test_segments_roll(tmp_path: Path) -> None:
    """The chain runs on across segments."""
    with closing(EvidenceLog.create(tmp_path, policy=Policy(segment=4000, batch=5))) as log:
        for n in range(100):
            log.append(call(n))
            if n % 10 == 0:
                log.flush()
    assert len(list((tmp_path / "data/events").iterdir())) > 3
    assert [event.seq for event in read_events(tmp_path)] == list(range(1, 101))
    assert len((tmp_path / "checkpoints.jsonl").read_bytes().splitlines()) > 3


def test_missing_segment(tmp_path: Path) -> None:
    with closing(EvidenceLog.create(tmp_path, policy=Policy(segment=1000, batch=1))) as log:
        for n in range(9):
            log.append(call(n))
            log.flush()
    (tmp_path / "data/events/000002.jsonl").unlink()
    with pytest.raises(EvidenceDamaged, match="segment of the log is missing"):
        list(read_events(tmp_path))
    with pytest.raises(EvidenceDamaged, match="there is no log"):
        list(read_events(tmp_path / "data"))


def test_second_log_refused(tmp_path: Path) -> None:
    EvidenceLog.create(tmp_path).close()
    with pytest.raises(InputError, match="already a log"):
        EvidenceLog.create(tmp_path)


def test_stops_visibly(tmp_path: Path) -> None:
    """When the disk fails, the callback is invoked and the next append raises; the session cannot go on."""
    reported = []
    log = EvidenceLog.create(tmp_path, on_failure=reported.append)
    log.append(call(1))
    log.flush()
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, log._writer._fd)
    os.close(full)
    log.append(call(2))
    with pytest.raises(EnvironmentFault, match="cannot be written: No space left"):
        log.flush()
    with pytest.raises(EnvironmentFault):
        log.append(call(3))
    with pytest.raises(EnvironmentFault):
        log.close()
    assert len(reported) == 1
    assert [event.seq for event in read_events(tmp_path)] == [1]


def test_a_fault_of_any_kind_stops_it_visibly(tmp_path: Path) -> None:
    """Whatever ends the writer, nobody waits for ever and nothing is claimed that is not on disk."""
    reported = []
    log = EvidenceLog.create(tmp_path, on_failure=reported.append)
    log.append(call(1))
    log.flush()
    log._writer.tree = None  # type: ignore[assignment]
    log.append(call(2))
    with pytest.raises(MonitorError, match="AttributeError"):
        log.flush()
    with pytest.raises(MonitorError):
        log.close()
    assert len(reported) == 1 and log.durable == 1


def test_closed(tmp_path: Path) -> None:
    log = EvidenceLog.create(tmp_path)
    assert log.close() == log.close()
    with pytest.raises(EnvironmentFault, match="closed"):
        log.append(call(1))


@pytest.mark.parametrize(
    "bad",
    [
        msgspec.structs.replace(call(1), t=1 << 53),
        msgspec.structs.replace(call(1), t=1.5),
        msgspec.structs.replace(call(1), cls="\ud800"),
        Health(t=T0, err=0, src="runner", app="a", component="x", what="y", detail={"text": "z" * MAX_LINE}),
    ],
    ids=["large integer", "float", "lone surrogate", "endless"],
)
def test_refused_events_leave_the_log_whole(tmp_path: Path, bad: object) -> None:
    """An event that could not be read back is refused, and the log goes on."""
    with closing(EvidenceLog.create(tmp_path)) as log:
        with pytest.raises(InputError):
            log.append(bad)  # type: ignore[arg-type]
        assert log.append(call(2)).seq == 1
    assert len(list(read_events(tmp_path))) == 1


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=60)
@given(
    texts=st.lists(_texts, max_size=3),
    keys=st.dictionaries(st.text(st.characters(max_codepoint=127, exclude_categories=["Cs"]), max_size=8), _texts),
    t=st.integers(-(2**53) + 1, 2**53 - 1),
)
def test_encoding_is_rfc_8785(texts: list[str], keys: dict[str, str], t: int) -> None:
    """The bytes equal those of an independent canonicaliser."""
    rfc8785 = pytest.importorskip("rfc8785", reason="needs the rfc8785 package: pip install rfc8785")
    for event in (
        Window(t=t, err=0, src="hooks:1", app="a", window=1, window_kind="dialog", action="shown", texts=texts),
        Health(t=t, err=0, src="runner", app="a", component="c", what="w", detail=keys),
    ):
        assert encode(event) == rfc8785.dumps(json.loads(encode(event)))
