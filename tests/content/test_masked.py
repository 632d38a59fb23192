"""Values behind codecs of the app's own: XOR and constants, found without the key, each with near misses."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from monitor.content.decode import Message
from monitor.content.examine import examine
from monitor.content.needles import Needle
from monitor.content.search import Searcher
from monitor.events import Match, Transmission
from monitor.yamlfile import load

ANDROID_ID = "9f3c1e77ab20d584"
KNOWN = [Needle("android_id", "t1", ANDROID_ID), Needle("imei", "t2", "867530021436587")]
PLAIN = f'{{"ids":["{ANDROID_ID}"],"v":7}}'.encode()


def seen(body: bytes, content_type: str = "application/octet-stream") -> list[Match]:
    searcher = Searcher("com.example")
    searcher.add(KNOWN)
    event = Transmission(t=1, err=0, src="proxy", app="", flow="f", host="h.example", port=443, method="POST",
                         bytes=len(body))  # fmt: skip
    return examine(searcher, event, Message(body=body, content_type=content_type))[0].matches


def xored(key: bytes) -> Callable[[bytes], bytes]:
    return lambda data: bytes(a ^ b for a, b in zip(data, cycle(key), strict=False))


FORM = "application/x-www-form-urlencoded"
#: The rows of the table, each with what it sends and as what.
MASKS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "xor_one_byte": (xored(b"\xa5"), ""),
    "xor_short_key": (xored(b"\x91secret\xee"), ""),
    "xor_reversed": (lambda data: xored(b"\xa5")(data[::-1]), ""),
    "xor_base64": (lambda data: b"d=" + base64.b64encode(xored(b"\xa5\x19")(data)), FORM),
    "moved": (lambda data: bytes((b + 0x93) & 0xFF for b in data), ""),
}
TABLE = load(Path(__file__).parents[1] / "followed.yaml")["masks"]


@pytest.mark.parametrize("row", sorted(TABLE))
def test_what_the_table_says_is_possible_and_a_near_miss_is_not(row: str) -> None:
    mask, kind = MASKS[row]
    kind = kind or "application/octet-stream"
    found = [(m.data_type, m.form, m.certainty) for m in seen(mask(PLAIN), kind)]
    assert found == [("android_id", TABLE[row]["form"], "possible")]
    near = PLAIN.replace(ANDROID_ID.encode(), (ANDROID_ID[:-1] + "5").encode())
    assert seen(mask(near), kind) == []


def test_the_table_has_every_form_of_a_mask() -> None:
    assert MASKS.keys() == TABLE.keys()


@pytest.mark.parametrize("key", [b"\xa5", b"\x5a\xc3", b"k3\xf0", b"\x91secret\xee"])
def test_a_value_xored_with_a_short_key_is_possible(key: bytes) -> None:
    (match,) = seen(xored(key)(PLAIN))
    assert (match.data_type, match.form, match.certainty, match.tag) == ("android_id", "xor", "possible", "t1")


def test_a_value_moved_by_a_constant_is_possible() -> None:
    (match,) = seen(bytes((b + 0x93) & 0xFF for b in PLAIN))
    assert (match.data_type, match.form, match.certainty) == ("android_id", "moved", "possible")


def test_a_value_turned_round_before_it_is_xored_is_possible() -> None:
    assert [m.form for m in seen(xored(b"\xa5")(PLAIN[::-1]))] == ["xor"]


def test_below_base64_it_is_found_as_well() -> None:
    text = base64.b64encode(xored(b"\xa5\x19")(PLAIN))
    assert [m.form for m in seen(b"d=" + text, FORM)] == ["xor"]


@pytest.mark.parametrize("other", [ANDROID_ID[:-1] + "5", ANDROID_ID[:8] + "00000000", "0" * 16])
def test_another_value_is_none(other: str) -> None:
    assert seen(xored(b"\xa5")(PLAIN.replace(ANDROID_ID.encode(), other.encode()))) == []


def test_random_bytes_hold_nothing(seed: int = 7) -> None:
    assert seen(random.Random(seed).randbytes(4000)) == []
