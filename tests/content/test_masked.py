"""Values behind codecs of the app's own: XOR and constants, found without the key, each with near misses."""

from __future__ import annotations

import base64
import codecs
import json
import random
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

import pytest

from monitor.base.yamlfile import load
from monitor.content.decode import Message, examine
from monitor.content.needles import Needle
from monitor.content.search import Searcher
from monitor.events import Match, Transmission

ANDROID_ID = "9f3c1e77ab20d584"
KNOWN = [Needle("android_id", "t1", ANDROID_ID), Needle("imei", "t2", "867530021436587")]
#: Another value, as near as a disguise tells them apart: both of its ends differ.
NEAR = "8" + ANDROID_ID[1:-1] + "8"
PLAIN = f'{{"ids":["{ANDROID_ID}"],"v":7}}'.encode()


def seen(body: bytes, content_type: str = "application/octet-stream", *needles: Needle) -> list[Match]:
    searcher = Searcher("com.example")
    searcher.add(needles or KNOWN)
    event = Transmission(t=1, err=0, src="proxy", app="", flow="f", host="h.example", port=443, method="POST",
                         bytes=len(body))  # fmt: skip
    return examine(searcher, event, Message(body=body, content_type=content_type))[0].matches


def xored(key: bytes) -> Callable[[bytes], bytes]:
    return lambda data: bytes(a ^ b for a, b in zip(data, cycle(key), strict=False))


def own(order: str) -> Callable[[bytes], bytes]:
    """Base64 of the first value in an alphabet of one's own."""
    table = bytes.maketrans(STANDARD, order.encode())
    return lambda data: b'{"v":7,"k":"' + base64.b64encode(identifier(data)).translate(table) + b'"}'


def identifier(data: bytes) -> bytes:
    return data[data.index(b'["') + 2 : data.index(b'"]')]


STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
SHUFFLED = "".join(random.Random(3).sample(STANDARD.decode(), 64))
CAESAR = bytes.maketrans(b"0123456789abcdef", b"56789abcdef01234")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def json_of(**fields: str) -> bytes:
    return json.dumps({"model": "Pixel", **fields}).encode()


def base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


#: The rows of the table, each with what it sends and as what.
MASKS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "xor_one_byte": (xored(b"\xa5"), ""),
    "xor_short_key": (xored(b"\x91secret\xee"), ""),
    "xor_reversed": (lambda data: xored(b"\xa5")(data[::-1]), ""),
    "xor_base64": (lambda data: b"d=" + base64.b64encode(xored(b"\xa5\x19")(data)), FORM),
    "xor_hex": (lambda data: json_of(k=xored(b"K7")(identifier(data)).hex()), JSON),
    "own_base64_rotated": (own((STANDARD[11:] + STANDARD[:11]).decode()), JSON),
    "own_base64_shuffled": (own(SHUFFLED), JSON),
    "caesar": (lambda data: json_of(k=identifier(data).translate(CAESAR).decode()), JSON),
    "letters_and_digits": (lambda data: json_of(k=codecs.encode(identifier(data).decode(), "rot13")), JSON),
    "first_half": (lambda data: json_of(k=identifier(data)[:8].decode()), JSON),
    "last_half": (lambda data: json_of(k=identifier(data)[8:].decode()), JSON),
    "two_halves": (lambda data: json_of(b=identifier(data)[8:].decode(), x="1", a=identifier(data)[:8].decode()), JSON),
    "decimal": (lambda data: json_of(k=str(int(identifier(data), 16))), JSON),
    "decimal_signed": (lambda data: b'{"k":%d}' % (int(identifier(data), 16) - (1 << 64)), JSON),
    "base36": (lambda data: json_of(k=base36(int(identifier(data), 16))), JSON),
    "reversed_bytes": (lambda data: json_of(k=bytes.fromhex(identifier(data).decode())[::-1].hex()), JSON),
    "moved": (lambda data: bytes((b + 0x93) & 0xFF for b in data), ""),
}
TABLE = load(Path(__file__).parents[1] / "followed.yaml")["masks"]


@pytest.mark.parametrize("row", sorted(MASKS.keys() | TABLE.keys()))
def test_what_the_table_says_is_seen_and_a_near_miss_is_not(row: str) -> None:
    mask, kind = MASKS[row]
    kind = kind or "application/octet-stream"
    found = [(m.data_type, m.form, m.certainty) for m in seen(mask(PLAIN), kind)]
    assert found == [("android_id", TABLE[row]["form"], TABLE[row]["certainty"])]
    near = PLAIN.replace(ANDROID_ID.encode(), NEAR.encode())
    assert seen(mask(near), kind) == []


@pytest.mark.parametrize("key", [b"\xa5\x19", b"\xa5", b"\x5d", b"\x20", b"\x17"])
def test_below_base64_it_is_found_as_well_and_where_the_masked_text_is_ascii_again(key: bytes) -> None:
    text = base64.b64encode(xored(key)(PLAIN))
    assert [m.form for m in seen(urlencode({"d": text}).encode(), FORM)] == ["xor"]
    assert [m.form for m in seen(json_of(d=text.decode()), JSON)] == ["xor"]
    near = base64.b64encode(xored(key)(PLAIN.replace(ANDROID_ID.encode(), NEAR.encode())))
    assert seen(json_of(d=near.decode()), JSON) == []


@pytest.mark.parametrize("key", [b"\x5a", b"\x17"])
@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", ""])
def test_a_body_that_is_ascii_again_is_looked_at_too(key: bytes, kind: str) -> None:
    body = ANDROID_ID.encode() + b"|r7"
    assert [m.form for m in seen(xored(key)(body), kind)] == ["xor"]
    assert seen(xored(key)(NEAR.encode() + b"|r7"), kind) == []


@pytest.mark.parametrize("key", [b"\xa5", b"\x5a\xc3", b"k3\xf0"])
def test_the_value_of_the_tag_is_found_and_no_other_one(key: bytes) -> None:
    assert [(match.tag, match.certainty) for match in seen(xored(key)(PLAIN))] == [("t1", "found")]
    for other in (ANDROID_ID[:-1] + "5", ANDROID_ID[:8] + "00000000", "0" * 16):
        assert seen(xored(key)(PLAIN.replace(ANDROID_ID.encode(), other.encode()))) == []


def test_random_bytes_hold_nothing(seed: int = 7) -> None:
    assert seen(random.Random(seed).randbytes(4000)) == []


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("1212121212121212", "abababababababab"),
        ("00000000000000000000000000001234", "-" * 28 + "5678"),
        ("00000000000000000000000000001234", "1" * 28 + "2345"),
    ],
)
def test_a_value_that_repeats_itself_is_for_sure_in_no_other_that_does(value: str, field: str) -> None:
    matches = seen(json_of(id=field), JSON, Needle("install_id", "t", value))
    assert "found" not in {match.certainty for match in matches}
