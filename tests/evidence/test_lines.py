"""Reading the log by pieces: every line with its place, whatever is long or broken; and calls of which a glance is
enough."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from monitor.base.errors import EvidenceDamaged
from monitor.events import KINDS, OUTCOMES, ApiCall, Event, Glance, Health, encode_observed
from monitor.evidence.lines import Lines, frame, read_events
from monitor.evidence.log import EvidenceLog
from monitor.evidence.standalone.verify import EVENTS, GENESIS, MAX_LINE, Damaged, Verifier, pieces
from monitor.evidence.verify import CheckedLog
from monitor.knowledge.catalogue import Role

from .conftest import T0, call

SEGMENT = f"{EVENTS}/000001.jsonl"


def long(n: int, size: int) -> Event:
    return Health(t=T0 + n, err=0, src="runner", app="a", component="x", what="ready", detail={"why": "z" * size})


def chained(bundle: Path, *bodies: bytes) -> Path:
    """A log of these bodies, chained as if the monitor had written them."""
    (bundle / EVENTS).mkdir(parents=True)
    prev, lines = GENESIS, []
    for body in bodies:
        lines.append(frame(prev, body))
        prev = sha256(lines[-1]).hexdigest().encode()
    (bundle / SEGMENT).write_bytes(b"".join(line + b"\n" for line in lines))
    return bundle


def told(seq: int, /, **other: Any) -> bytes:
    """A call's line without ``prev``, with other fields where given."""
    fields = json.loads(encode_observed(msgspec.structs.replace(call(seq), seq=seq)))
    return json.dumps(fields | other, separators=(",", ":")).encode()


def test_lines_of_any_length_have_their_places(tmp_path: Path) -> None:
    """Shorter and longer than what is read at once, and ending where that ends."""
    with closing(EvidenceLog.create(tmp_path)) as log:
        for n in range(600):
            log.append(call(n) if n % 7 else long(n, n * 400))
    data, lines = (tmp_path / SEGMENT).read_bytes(), list[bytes]()
    for piece in pieces(tmp_path):
        assert (piece.number, piece.seq, piece.complete) == (len(lines) + 1, len(lines) + 1, True)
        assert data[piece.offset : piece.offset + len(piece.data)] == piece.data
        lines += piece.lines
    assert b"".join(line + b"\n" for line in lines) == data and len(data) > 8 << 20
    assert [event.seq for event in read_events(tmp_path)] == list(range(1, 601))
    hashes = [one for _, hashes in Verifier(tmp_path).read_pieces() for one in hashes]
    assert hashes == [sha256(line).hexdigest() for line in lines]


@pytest.mark.parametrize("ended", [True, False])
def test_an_endless_line(tmp_path: Path, ended: bool) -> None:
    bundle = chained(tmp_path / "b", told(1), told(2, hook="h" * MAX_LINE), told(3))
    if not ended:
        (bundle / SEGMENT).write_bytes((bundle / SEGMENT).read_bytes().split(b"\n")[0] + b"\n" + b"x" * 3 * MAX_LINE)
    with pytest.raises(Damaged, match=f"a line longer than {MAX_LINE} bytes") as error:
        list(pieces(bundle))
    assert error.value.where == f"{SEGMENT}:2 (seq 2)"


def test_a_line_that_was_cut_off(tmp_path: Path) -> None:
    bundle = chained(tmp_path / "b", told(1), told(2))
    (bundle / SEGMENT).write_bytes((bundle / SEGMENT).read_bytes()[:-1])
    with pytest.raises(EvidenceDamaged, match="the last line is cut off") as error:
        list(read_events(bundle))
    assert error.value.where == f"{SEGMENT}:2 (seq 2)"
    assert [piece.complete for piece in pieces(bundle)] == [True, False]


def test_a_break_is_named_wherever_it_is(tmp_path: Path) -> None:
    """At the line after the changed one, the first and last of a piece included."""
    with closing(EvidenceLog.create(tmp_path)) as log:
        for n in range(1000):
            log.append(call(n))
    path = tmp_path / SEGMENT
    data = path.read_bytes()
    firsts = [piece.number for piece, _ in Verifier(tmp_path).read_pieces()]
    assert len(firsts) > 2
    for number in (1, firsts[1] - 1, firsts[1], firsts[1] + 1):  # changed; the next one no longer follows
        lines = data.split(b"\n")
        lines[number - 1] = lines[number - 1].replace(b"getImei", b"getMeid")
        path.write_bytes(b"\n".join(lines))
        with pytest.raises(EvidenceDamaged, match="does not follow from the previous one") as error:
            list(read_events(tmp_path))
        assert error.value.where == f"{SEGMENT}:{number + 1} (seq {number + 1})"
        assert error.value.hint.startswith(f"this line or the one before it, {SEGMENT}:{number} (seq {number}), was")
        assert error.value.expected == f"prev {sha256(lines[number - 1]).hexdigest()}"
        assert error.value.actual == f"prev {json.loads(lines[number])['prev']}"


def test_a_glance_shows_fields_of_a_call() -> None:
    """And no event of another kind has one that a glance could not read."""
    shown = {field.name: field for field in msgspec.structs.fields(Glance) if field.name != "kind"}
    calls = {field.name: field for field in msgspec.structs.fields(ApiCall)}
    apart = ("values", "outcome", "role")  # of values, only that there are some
    for name, field in shown.items():
        whole = calls[name]
        assert whole.required or (field.default, field.default_factory) == (whole.default, whole.default_factory)
    for struct in KINDS.values():
        for field in msgspec.structs.fields(struct):
            if field.name in shown and field.name not in apart:
                assert field.type == shown[field.name].type, (struct, field.name)
    for name in apart:
        assert [struct for struct in KINDS.values() if name in struct.__struct_fields__] == [ApiCall]
    words = {name: {*get_args(field.type), ""} for name, field in shown.items() if name in ("outcome", "role")}
    assert words == {"outcome": {*OUTCOMES, ""}, "role": {*get_args(Role), ""}}
    kinds = next(field.type for field in msgspec.structs.fields(Glance) if field.name == "kind")
    assert set(get_args(kinds)) == {*KINDS, ""}


def test_calls_are_asked_about_in_their_turn(tmp_path: Path) -> None:
    """Each after the events before it, and only calls, whatever else is named in a line."""
    with closing(EvidenceLog.create(tmp_path)) as log:
        for n in range(40):
            log.append(call(n) if n % 4 else long(n, 0))
        log.append(msgspec.structs.replace(long(41, 0), detail={"kind": "api_call"}))
        log.append(msgspec.structs.replace(call(42), args={"kind": "stack", '"kind":"tap"': "x"}))
    order: list[tuple[str, int]] = []

    def counted(events: Iterator[Glance], lines: Lines) -> Glance | None:
        for one in events:
            if one.kind != "api_call":
                return one
            order.append(("asked", one.seq))
            if one.seq % 2:
                return one
        return None

    for event in CheckedLog(tmp_path).events(counted):
        order.append(("given", event.seq))
    expected: list[tuple[str, int]] = []
    for event in read_events(tmp_path):
        asked = isinstance(event, ApiCall)
        expected += [("asked", event.seq)] * asked
        expected += [("given", event.seq)] * (not asked or event.seq % 2 == 1)
    assert order == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (told(2, seq=3), "sequence number out of order"),
        (told(2, err="x"), "not an event: Expected `int`, got `str`"),
        (told(2, args={"key": 1}), "not an event: Expected `str`, got `int`"),
        (told(2)[:-1] + b',"hook":"\xff"}', "not an event: "),
        (told(2)[:-1], "not an event: "),
    ],
)
def test_what_is_no_call_is_not_counted(tmp_path: Path, line: bytes, said: str) -> None:
    bundle = chained(tmp_path / "b", told(1), line)
    messages = set()
    for counted in (None, lambda calls: next((one for one in calls if one.kind != "api_call"), None)):
        with pytest.raises(EvidenceDamaged) as error:
            list(read_events(bundle) if counted is None else CheckedLog(bundle).events(counted))
        assert error.value.message.startswith(said) and error.value.where == f"{SEGMENT}:2 (seq 2)"
        messages.add(error.value.message)
    assert len(messages) == 1
