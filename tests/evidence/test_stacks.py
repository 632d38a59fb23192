"""Frames in the log: each defined once, before its first use, and named by number; old stacks, floods, lies, cuts."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.base.errors import EvidenceDamaged
from monitor.events import Event, Frame, Stack, encode
from monitor.evidence import stacks as codec
from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import recover_bundle
from monitor.evidence.lines import read_events
from monitor.evidence.log import EvidenceLog, Policy
from monitor.evidence.stacks import StackReader, StackWriter
from monitor.evidence.standalone.verify import EVENTS
from monitor.evidence.verify import verify
from monitor.session.manifest import Session

from .conftest import T0, call
from .test_lines import chained

MAIN = Frame(cls="a.b.Main", method="run", file="Main.java", line=12)
LOOP = Frame(cls="android.os.Looper", method="loop")
READ = Frame(cls="a.b.Reader", method="<init>", file="Reader.kt", line=7)


def stack(number: int, *frames: Frame, truncated: bool = False) -> Stack:
    return Stack(
        t=T0, err=3, src="hooks:7", app="a.b", pid=7, stack=number, frames=list(frames), truncated=truncated,
        submitter=number + 1,
    )  # fmt: skip


def lines_of(bundle: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bundle / EVENTS / "000001.jsonl").read_bytes().splitlines()]


def body(seq: int, frames: list[Any], new: list[Any]) -> bytes:
    told = {"app": "a.b", "err": 0, "frames": frames, "kind": "stack", "new": new, "seq": seq, "src": "hooks:7",
            "stack": seq, "t": T0}  # fmt: skip
    return json.dumps(told).encode()


def test_a_frame_is_written_once(tmp_path: Path) -> None:
    """In the line of its first stack; a stack is whole again for whoever reads events, live or from the file."""
    with closing(EvidenceLog.create(tmp_path)) as log:
        written = [log.append(stack(1, READ, MAIN, LOOP)), log.append(call(1)), log.append(stack(2, LOOP, MAIN, LOOP))]
    first, _, second = lines_of(tmp_path)
    assert first["new"] == [["a.b.Reader", "<init>", "Reader.kt", 7], ["a.b.Main", "run", "Main.java", 12],
                            ["android.os.Looper", "loop"]]  # fmt: skip
    assert first["frames"] == [1, 2, 3]
    assert second["frames"] == [3, 2, 3] and "new" not in second
    assert list(read_events(tmp_path)) == written


def test_a_stack_written_whole_is_read(tmp_path: Path) -> None:
    """As every stack was before schema 3."""
    old = encode(msgspec.structs.replace(stack(1, READ, LOOP, truncated=True), seq=1))
    new = body(2, [1], [["a.b.Main", "run"]])
    assert list(read_events(chained(tmp_path / "b", old, new))) == [
        msgspec.structs.replace(stack(1, READ, LOOP, truncated=True), seq=1),
        Stack(t=T0, err=0, src="hooks:7", app="a.b", seq=2, stack=2, frames=[Frame(cls="a.b.Main", method="run")]),
    ]


@pytest.mark.parametrize(
    ("frames", "new", "said"),
    [
        ([2], [["a.b.Main", "run"]], "a stack names frame 2, which no line before it defines"),
        ([0], [["a.b.Main", "run"]], "frame 0"),
        ([-1], [["a.b.Main", "run"]], "frame -1"),
        ([1 << 60], [], "frame 1152921504606846976"),
        ([True], [["a.b.Main", "run"]], "Expected `int | object`"),
        ([1], [["a.b.Main"]], "at least length 2"),
        ([1], [["a.b.Main", "run", "Main.java", 3, "more"]], "at most length 4"),
        ([1], [["x" * 401, "run"]], "the definition of a frame is too long"),
        ([1], [["a", "b"]] * 1025, "a stack that defines more than 1024 frames"),
    ],
)
def test_a_lie_about_frames_is_a_damaged_line(tmp_path: Path, frames: list[Any], new: list[Any], said: str) -> None:
    good = json.dumps({**json.loads(encode(call(1))), "seq": 1}).encode()
    bundle = chained(tmp_path / "b", good, body(2, frames, new))
    read: list[Event] = []
    with pytest.raises(EvidenceDamaged, match=said) as raised:
        read.extend(read_events(bundle))
    assert raised.value.where == "data/events/000001.jsonl:2 (seq 2)" and "\n" not in raised.value.message


def test_a_flood_of_frames_fills_no_memory() -> None:
    """Both sides forget the oldest; what is named again after that is defined again."""
    writer, reader = StackWriter(), StackReader()
    width, most = 50, 0
    for number in range(1, 3 * codec.NAMED // width):
        fresh = [Frame(cls=f"a.C{number}", method=f"m{place}") for place in range(width)]
        event = stack(number, LOOP, *fresh, MAIN)
        encoded = writer.encode(event)
        assert reader.decode(encoded) == event
        most = max(most, len(writer._numbers), len(reader._frames))
    assert codec.NAMED <= most <= codec.KNOWN
    assert reader.defined > 2 * codec.NAMED


def test_what_is_beyond_the_limits_is_written_whole(tmp_path: Path) -> None:
    """Nothing is cut: a stack of too many frames, and one with a text too long to keep in mind."""
    deep = stack(1, *[Frame(cls="a.Deep", method=f"m{place}") for place in range(codec.LONGEST + 1)])
    wide = stack(2, MAIN, Frame(cls="a" * 401, method="m"))
    with closing(EvidenceLog.create(tmp_path)) as log:
        written = [log.append(event) for event in (deep, wide, stack(3, MAIN))]
    assert [len(line.get("new", [])) for line in lines_of(tmp_path)] == [0, 0, 1]
    assert list(read_events(tmp_path)) == written


def test_a_refused_event_defines_nothing(tmp_path: Path) -> None:
    with closing(EvidenceLog.create(tmp_path)) as log:
        with pytest.raises(Exception, match="2\\*\\*53"):
            log.append(stack(1 << 60, MAIN))
        log.append(stack(2, LOOP, MAIN))
    assert lines_of(tmp_path)[0]["frames"] == [1, 2]
    assert len(list(read_events(tmp_path))) == 1


def test_a_cut_log_reads_and_goes_on(tmp_path: Path) -> None:
    """Cut in the middle of a line that defines frames: those of the lines before are known, the rest was never said."""
    bundle = Bundle.create(tmp_path / "b", policy=Policy(checkpoint_events=10_000))
    kept = [bundle.log.append(stack(1, READ, LOOP)), bundle.log.append(stack(2, MAIN, LOOP))]
    bundle.log.append(stack(3, Frame(cls="a.b.Lost", method="m"), LOOP))
    bundle.log.close()
    (bundle.path / "checkpoints.jsonl").unlink()
    path = bundle.path / EVENTS / "000001.jsonl"
    path.write_bytes(path.read_bytes()[:-30])
    bundle.write_session(Session())
    bundle.drop_lock()
    found = recover_bundle(bundle.path)
    events = list(read_events(bundle.path))
    assert events[:2] == kept and len(events) == 3
    Bundle.open(bundle.path, found.signer).seal(Session())
    assert verify(bundle.path, results=False).events == 3


def test_a_log_that_goes_on_numbers_on() -> None:
    """After a recovery the writer knows how many frames there are, and names none that it did not write."""
    first, reader = StackWriter(), StackReader()
    encoded = first.encode(stack(1, READ, LOOP))
    assert reader.decode(encoded) == stack(1, READ, LOOP)
    second = StackWriter(reader.defined)
    encoded = second.encode(stack(2, LOOP, MAIN))
    assert json.loads(encoded)["frames"] == [3, 4]
    assert reader.decode(encoded) == stack(2, LOOP, MAIN)


FRAMES = st.builds(
    Frame, cls=st.sampled_from(["a", "b", "c"]), method=st.text(max_size=3), file=st.sampled_from(["", "f"]),
    line=st.integers(0, 2),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(FRAMES, max_size=6), max_size=25), st.integers(1, 12))
def test_any_stacks_come_back(listed: list[list[Frame]], named: int) -> None:
    """Whatever is forgotten in between."""

    def come_back() -> Iterator[tuple[Event, Event]]:
        writer, reader = StackWriter(), StackReader()
        for number, frames in enumerate(listed, 1):
            encoded = writer.encode(stack(number, *frames))
            yield reader.decode(encoded), stack(number, *frames)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "NAMED", named)
        patch.setattr(codec, "KNOWN", named + codec.LONGEST)
        assert all(read == written for read, written in come_back())


def test_the_page_says_how_to_read_stacks_by_hand(tmp_path: Path) -> None:
    """Its program prints every stack of a log whole, however it was written."""
    old = encode(msgspec.structs.replace(stack(1, READ), seq=1))
    bundle = chained(tmp_path / "b", old, body(2, [1, 2, 1], [["a.b.Main", "run"], ["a.b.Other", "go", "O.java", 3]]))
    page = (Path(codec.__file__).parent / "standalone/VERIFY.md").read_text("utf-8").split("**Stacks.**")[1]
    program = textwrap.dedent(page.split("<<'END'\n")[1].split("    END\n")[0])
    done = subprocess.run([sys.executable, "-I", "-c", program], cwd=bundle, capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    assert first.startswith("1 [{") and "a.b.Reader" in first
    assert second == "2 [['a.b.Main', 'run'], ['a.b.Other', 'go', 'O.java', 3], ['a.b.Main', 'run']]"
