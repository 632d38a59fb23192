"""Second looks: digests of digests, stacked codings, pieces, base64 that holds all of a value; near misses."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import io
import itertools
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.content import Message, Needle, Searcher, decode
from monitor.content.decode import across, examine
from monitor.events import Match, Transmission
from tests.each import each

IMEI = "358240057611122"
ANDROID_ID = "9f3c51a27be84d06"
MAC = "3c:5a:b4:0d:9e:71"


def seen(message: Message | dict[str, str], *values: tuple[str, str]) -> list[Match]:
    searcher = Searcher("com.example")
    searcher.add([Needle(kind, "t" + value, value) for kind, value in values or [("imei", IMEI)]])
    if isinstance(message, dict):
        message = Message(body=json.dumps(message).encode())
    return searcher.search(decode(message), shapes=False)


def digest(name: str, data: bytes) -> str:
    return hashlib.new(name, data).hexdigest()


@pytest.mark.parametrize("outer", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize("inner", ["md5", "sha1", "sha256"])
def test_a_digest_of_a_digest_is_found(inner: str, outer: str) -> None:
    for once in (digest(inner, IMEI.encode()), digest(inner, IMEI.encode()).upper()):
        twice = digest(outer, once.encode())
        packed = base64.b64encode(bytes.fromhex(twice)).decode()
        for text in (twice, twice.upper(), packed, packed.rstrip("="), f"v2:{twice};"):
            (match,) = seen({"u": text})
            assert (match.form, match.certainty) == (f"{outer}({inner})", "found")


def test_near_misses_of_a_digest_of_a_digest() -> None:
    twice = digest("md5", digest("md5", IMEI.encode()).encode())
    other = digest("md5", digest("md5", b"358240057611123").encode())
    thrice = digest("md5", twice.encode())
    for text in (other, thrice, twice[:-1] + ("0" if twice[-1] != "0" else "1"), twice[1:], "0" + twice, twice + "ab"):
        assert seen({"u": text}) == []


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress, "bzip2": bz2.compress, "xz": lzma.compress,
}  # fmt: skip


@pytest.mark.parametrize("written", ["as applied", "the other way"])
def test_stacked_codings_in_either_order(written: str) -> None:
    each(stacked, ((first, second, written) for first in PACKERS for second in PACKERS))


def stacked(first: str, second: str, written: str) -> None:
    body = PACKERS[second](PACKERS[first](json.dumps({"id": IMEI}).encode()))
    names = [first, second] if written == "as applied" else [second, first]
    tree = decode(Message(body=body, encoding=", ".join(names)))
    searcher = Searcher()
    searcher.add([Needle("imei", "t", IMEI)])
    assert [m.certainty for m in searcher.search(tree, shapes=False)] == ["found"]
    assert tree.reasons == []


@pytest.mark.parametrize("when", [1795002304, *range(1795002000, 1795003000, 50)])
def test_the_beginning_of_a_gzip_body_is_not_taken_for_brotli(when: int) -> None:
    """The time in gzip's header decides whether brotli refuses it at once; at the first of these it does not."""
    body = gzip.compress(brotli.compress(json.dumps({"id": IMEI}).encode()), mtime=when)
    tree = decode(Message(body=body, encoding="gzip, br"))
    assert tree.reasons == [] and any(IMEI.encode() in data for data in tree.data)


def test_an_unknown_coding_is_named_and_the_others_are_undone() -> None:
    tree = decode(Message(body=gzip.compress(IMEI.encode()), encoding="gzip, x-\x00own"))
    assert tree.reasons == ["unknown content coding x-own"]
    assert IMEI.encode() in tree.data
    assert decode(Message(body=b"id=" + IMEI.encode(), encoding="UTF-8")).reasons == []
    tree = decode(Message(body=b'{"a":1}', encoding="br"))
    assert tree.reasons == ["content coding br does not match the body"]


@pytest.mark.parametrize("value, kind", [(IMEI, "imei"), (ANDROID_ID, "android_id"), (MAC, "mac")])
def test_a_value_in_pieces_is_possible(value: str, kind: str) -> None:
    for sizes in ((8,), (5, 10), (3, 6, 9)):
        ends = [0, *sizes, len(value)]
        pieces = {f"p{i}": value[a:b] for i, (a, b) in enumerate(itertools.pairwise(ends))}
        (match,) = seen({"v": "1.2.3", **pieces, "w": "x"}, (kind, value))
        assert (match.data_type, match.form, match.certainty) == (kind, "split", "possible")
        assert match.path == "body.json.p0"


@pytest.mark.parametrize(
    "fields",
    [
        {"a": "35824005", "b": "7611123"},
        {"a": "35824005", "b": "761112"},
        {"a": "35824005", "b": "76111221"},
        {"a": "7611122", "b": "35824005"},
        {"a": "35824005", "x": "1", "b": "7611122"},
        {"a": "35", "b": "8240057611122"},
        {"a": "35824005"},
    ],
)
def test_near_misses_of_a_value_in_pieces(fields: dict[str, str]) -> None:
    assert seen(fields) == []


@given(st.binary(max_size=9), st.binary(max_size=9), st.sampled_from([IMEI, ANDROID_ID, MAC, "oaid-7f3c-99-x1"]))
def test_base64_around_a_value_is_found_wherever_it_begins(before: bytes, after: bytes, value: str) -> None:
    packed = base64.b64encode(before + value.encode() + after).decode()
    for text in (packed, packed.rstrip("="), packed.replace("+", "-").replace("/", "_"), f"data:;base64,{packed}"):
        assert "found" in {m.certainty for m in seen({"u": text}, ("oaid", value))}


@settings(max_examples=40)
@given(st.sampled_from([IMEI, ANDROID_ID, MAC, "oaid-7f3c-99-x1"]), st.sampled_from([1, 2, 3]), st.booleans(),
       st.integers(0, 2))  # fmt: skip
def test_a_value_that_differs_in_its_outer_bits_is_another_one(value: str, bits: int, last: bool, pad: int) -> None:
    raw = bytearray(value.encode())
    raw[-1 if last else 0] ^= bits if last else bits << 4
    packed = base64.b64encode(b"\xf1" * pad + bytes(raw)).decode()
    for text in (packed, packed.rstrip("=")):
        assert seen({"u": text}, ("oaid", value)) == []


VALUE = "869158030012345678"


def parts(stream: bytes, cut: int) -> list[list[str]]:
    """Forms of the value that are found in a stream cut in two, in either part."""
    searcher = Searcher()
    searcher.add([Needle("imei", "t", VALUE)])
    first, second = stream[:cut], stream[cut:]
    empty = Transmission(t=1, err=1, src="proxy", app="a", flow="f", host="h", port=1, decoded="opaque")
    one, _ = examine(searcher, empty, Message(body=first))
    two, _ = examine(searcher, empty, Message(body=second))
    two = across(searcher, two, first[-200:], second)
    return [[m.form for m in event.matches if m.certainty == "found"] for event in (one, two)]


@settings(max_examples=40)
@given(st.binary(min_size=40, max_size=60), st.integers(0, 200), st.booleans())
def test_a_value_cut_by_the_border_of_a_streams_parts_is_found_once(noise: bytes, cut: int, packed: bool) -> None:
    value = VALUE.encode()
    stream = noise + (base64.b64encode(noise + value + noise) if packed else value) + noise
    assert sum(map(len, parts(b"\x00" + stream + b"\x00", min(cut, len(stream))))) == 1


def test_a_value_of_the_part_before_is_not_sent_again() -> None:
    value = VALUE.encode()
    assert parts(b"x" + value + b"y" * 20 + b"z" * 40, 30) == [["plain"], []]
    assert parts(b"x" * 30 + value[:10] + b"-" + value[10:], 40) == [[], []]


@pytest.mark.parametrize("known", ["13812345678", "+8613812345678", "+86 138 1234 5678"])
@pytest.mark.parametrize("written", ["13812345678", "8613812345678", "+8613812345678"])
@pytest.mark.parametrize("encoding", ["plain", "sha256"])
def test_a_mobile_number_is_one_with_and_without_its_country(known: str, written: str, encoding: str) -> None:
    text = hashlib.sha256(written.encode()).hexdigest() if encoding == "sha256" else written
    assert [match.certainty for match in seen({"p": text}, ("phone_no", known))] == ["found"]
    other = written[:-1] + "9"
    text = hashlib.sha256(other.encode()).hexdigest() if encoding == "sha256" else other
    assert seen({"p": text}, ("phone_no", known)) == []


def archive(*files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, content in enumerate(files):
            packed.writestr(f"{number}.json", content)
    return made.getvalue()


def test_files_in_an_archive_are_read() -> None:
    body = archive(b'{"a":1}', json.dumps({"d": VALUE}).encode())
    for sent in (body, base64.b64encode(body)):
        (match,) = seen(Message(body=sent), ("imei", VALUE))
        assert (match.form, match.certainty) == ("plain", "found")


def test_an_archive_that_cannot_be_read_whole_is_reported() -> None:
    many = decode(Message(body=archive(*(b"x%d" % n for n in range(80)))))
    assert "zip is not read whole" in many.reasons
    assert decode(Message(body=archive(b"x" * 50)[:60])).reasons in ([], ["zip is not read whole"])
    bomb = decode(Message(body=archive(b"\0" * (40 << 20))))
    assert "zip is not read whole" in bomb.reasons and sum(map(len, bomb.data)) < 49 << 20


YES = [b'{"train": true}', b'{"opts": {"allow_training": 1}}', b"useForTraining=true&x=1", b'{"training":"yes"}']
NO = [b'{"train": false}', b'{"train": "G7731"}', b'{"trainer": true}', b'{"x": true}', b"training=0", b"true"]


@pytest.mark.parametrize("body", YES + NO)
def test_a_training_flag_that_says_yes_is_seen(body: bytes) -> None:
    matches = Searcher().search(decode(Message(body=body)))
    seen = [("consent", "training_on", "found")] if body in YES else []
    assert [(m.data_type, m.form, m.certainty) for m in matches] == seen


@pytest.mark.parametrize(
    "kind, value, text, there",
    [
        ("ip", "192.168.1.1", "192.168.1.17", False),
        ("ip", "10.0.2.15", "Chrome/110.0.2.15 Safari", False),
        ("ip", "10.0.2.15", "10.0.2.15:8080", True),
        ("ip", "127.0.0.1", "127.0.0.1", False),
        ("phone_no", "+49 151 23456789", "4915123456789", True),
        ("phone_no", "+49 151 23456789", "004915123456789", True),
        ("apps", "com.google.android.gm", "at com.google.android.gms.ads.X", False),
        ("apps", "com.whatsapp", "package:com.whatsapp_2.23", True),
        ("apps", "com.whatsapp", "com.whatsapp.apk", True),
        ("ssid", "AndroidWifi", "AndroidWifiManager", False),
        ("ssid", "AndroidWifi", 'SSID: "AndroidWifi"', True),
        ("ssid", "Guest WiFi", "Enjoy the Guest WiFi of our hotel", False),
        ("ssid", "Guest WiFi", "net=Guest WiFi;rssi=-50", True),
        ("ssid", "Guest WiFi", "Guest WiFi", True),
        ("ssid", "TP-LINK_5F2A", "connected to TP-LINK_5F2A again", True),
        ("wifi_scan", "星巴克咖啡免费上网", "欢迎来到星巴克咖啡免费上网区", False),
        ("contacts", "Michael Jackson", "Michael Jackson sang it", False),
        ("contacts", "Michael Jackson", "Michael Jackson", True),
        ("calendar", "Christmas Day", "Christmas Day", False),
        ("calendar", "Dentist in Weimar", "Dentist in Weimar", True),
        ("form", "2026-11-28", "2026-11-28T10:15:00Z", False),
        ("form", "1990-05-17", "1990-05-17 00:00:00", True),
    ],
)
def test_a_value_is_no_part_of_a_longer_one(kind: str, value: str, text: str, there: bool) -> None:
    assert bool(seen({"a": text}, (kind, value))) is there
