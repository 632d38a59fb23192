"""A checkpoint says what was signed, in one spelling only, and by whose key."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.evidence.checkpoint import Checkpoint, parse_line, signed_line
from monitor.evidence.keys import Signer

SIGNER, OTHER = Signer.generate(), Signer.generate()
POINT = Checkpoint(7, "ab" * 32, "cd" * 32, 1_790_000_000_000_000)
LINE = signed_line(POINT, SIGNER).rstrip(b"\n")


def test_what_was_signed_is_read_back() -> None:
    assert parse_line(LINE, [OTHER.public, SIGNER.public]) == POINT
    assert POINT.text().splitlines()[:2] == ["app-privacy-monitor/evidence-log", "7"]


def test_a_signature_of_another_key_is_none() -> None:
    for keys in ([], [OTHER.public]):
        with pytest.raises(ValueError, match="matches no key"):
            parse_line(LINE, keys)


def test_a_witness_may_sign_beside_us_but_not_alone() -> None:
    note = json.loads(LINE)["note"]
    text, _, ours = note.partition("\n\n")
    theirs = f"— witness.example {base64.b64encode(b'1234' + bytes(64)).decode()}\n"
    both = json.dumps({"note": f"{text}\n\n{theirs}{ours}"}, ensure_ascii=False).encode()
    assert parse_line(both, [SIGNER.public]) == POINT
    alone = json.dumps({"note": f"{text}\n\n{theirs}"}, ensure_ascii=False).encode()
    with pytest.raises(ValueError, match="matches no key"):
        parse_line(alone, [SIGNER.public])


@given(st.integers(0, len(LINE) - 1), st.integers(0, 255))
@example(LINE.rindex(b"n"), ord("r"))
def test_no_other_bytes_are_the_same_checkpoint(place: int, byte: int) -> None:
    changed = LINE[:place] + bytes([byte]) + LINE[place + 1 :]
    if changed != LINE:
        with pytest.raises(ValueError, match=r"checkpoint|key"):
            parse_line(changed, [SIGNER.public])


@given(
    st.binary(max_size=80)
    | st.recursive(st.none() | st.text(max_size=5), st.lists).map(lambda v: json.dumps({"note": v}).encode())
)
def test_anything_else_is_refused_in_words(line: bytes) -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        parse_line(line, [SIGNER.public])
