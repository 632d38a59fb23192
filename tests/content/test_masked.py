"""Values behind codecs of the app's own: XOR and constants, found without the key, each with near misses."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from itertools import cycle

import pytest

from monitor.content.decode import Message
from monitor.content.examine import examine
from monitor.content.needles import Needle
from monitor.content.search import Searcher
from monitor.events import Match, Transmission

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
    assert [m.form for m in seen(b"d=" + text, "application/x-www-form-urlencoded")] == ["xor"]


@pytest.mark.parametrize("other", [ANDROID_ID[:-1] + "5", ANDROID_ID[:8] + "00000000", "0" * 16])
def test_another_value_is_none(other: str) -> None:
    assert seen(xored(b"\xa5")(PLAIN.replace(ANDROID_ID.encode(), other.encode()))) == []


def test_random_bytes_hold_nothing(seed: int = 7) -> None:
    assert seen(random.Random(seed).randbytes(4000)) == []
