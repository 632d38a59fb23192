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
from searching import CASES, IMEI, search, searcher

from monitor.content import Message, Searcher, decode
from monitor.content.decode import across, examine
from monitor.events import Transmission
from tests.each import each

ANDROID_ID = "9f3c51a27be84d06"
MAC = "3c:5a:b4:0d:9e:71"
NAMES = ("md5", "sha1", "sha256")


def digest(name: str, data: str) -> str:
    return hashlib.new(name, data.encode()).hexdigest()


def certainties(text: str, data_type: str, value: str) -> list[str]:
    return [match.certainty for match in search({"a": text}, (data_type, "t", value))]


@pytest.mark.parametrize("outer", NAMES)
@pytest.mark.parametrize("inner", NAMES)
def test_a_digest_of_a_digest_is_found(inner: str, outer: str) -> None:
    for once in (digest(inner, IMEI), digest(inner, IMEI).upper()):
        twice = digest(outer, once)
        packed = base64.b64encode(bytes.fromhex(twice)).decode()
        for text in (twice, twice.upper(), packed, packed.rstrip("="), f"v2:{twice};"):
            (match,) = search({"u": text})
            assert (match.form, match.certainty) == (f"{outer}({inner})", "found")


def test_near_misses_of_a_digest_of_a_digest() -> None:
    twice = digest("md5", digest("md5", IMEI))
    other = digest("md5", digest("md5", "358240057611123"))
    thrice = digest("md5", twice)
    for text in (other, thrice, twice[:-1] + ("0" if twice[-1] != "0" else "1"), twice[1:], "0" + twice, twice + "ab"):
        assert search({"u": text}) == []


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress, "bzip2": bz2.compress, "xz": lzma.compress,
}  # fmt: skip


def test_stacked_codings_in_either_order() -> None:
    each(stacked, itertools.product(PACKERS, PACKERS, (1, -1)))


def stacked(first: str, second: str, order: int) -> None:
    body = PACKERS[second](PACKERS[first](json.dumps({"id": IMEI}).encode()))
    message = Message(body=body, encoding=", ".join([first, second][::order]))
    assert [match.certainty for match in search(message)] == ["found"]
    assert decode(message).reasons == []


@pytest.mark.parametrize("when", [1795002304, *range(1795002000, 1795003000, 50)])
def test_the_beginning_of_a_gzip_body_is_not_taken_for_brotli(when: int) -> None:
    """The time in gzip's header decides whether brotli refuses it at once; at the first of these it does not."""
    body = gzip.compress(brotli.compress(json.dumps({"id": IMEI}).encode()), mtime=when)
    tree = decode(Message(body=body, encoding="gzip, br"))
    assert tree.reasons == [] and any(IMEI.encode() in data for data in tree.data)


@pytest.mark.parametrize(
    ("body", "encoding", "reasons"),
    [
        (gzip.compress(IMEI.encode(), mtime=0), "gzip, x-\x00own", ["unknown content coding x-own"]),
        (b"id=" + IMEI.encode(), "UTF-8", []),
        (b'{"a":"%s"}' % IMEI.encode(), "br", ["content coding br does not match the body"]),
    ],
)
def test_an_unknown_or_wrong_coding_is_named_and_the_rest_is_read(
    body: bytes, encoding: str, reasons: list[str]
) -> None:
    message = Message(body=body, encoding=encoding)
    assert decode(message).reasons == reasons and [match.form for match in search(message)] == ["plain"]


@pytest.mark.parametrize(("kind", "value"), [("imei", IMEI), ("android_id", ANDROID_ID), ("mac", MAC)])
def test_a_value_in_pieces_is_possible(kind: str, value: str) -> None:
    for sizes in ((8,), (5, 10), (3, 6, 9)):
        ends = [0, *sizes, len(value)]
        pieces = {f"p{i}": value[a:b] for i, (a, b) in enumerate(itertools.pairwise(ends))}
        (match,) = search({"v": "1.2.3", **pieces, "w": "x"}, (kind, "t", value))
        assert (match.data_type, match.form, match.certainty) == (kind, "split", "possible")
        assert match.path == "body.json.p0"


@pytest.mark.parametrize("fields", CASES["no_pieces"])
def test_near_misses_of_a_value_in_pieces(fields: dict[str, str]) -> None:
    assert search(fields) == []


CODED = st.sampled_from([IMEI, ANDROID_ID, MAC, "oaid-7f3c-99-x1"])


@settings(max_examples=60)
@given(st.binary(max_size=9), st.binary(max_size=9), CODED)
def test_base64_around_a_value_is_found_wherever_it_begins(before: bytes, after: bytes, value: str) -> None:
    packed = base64.b64encode(before + value.encode() + after).decode()
    for text in (packed, packed.rstrip("="), packed.replace("+", "-").replace("/", "_"), f"data:;base64,{packed}"):
        assert "found" in certainties(text, "oaid", value)


@settings(max_examples=40)
@given(CODED, st.sampled_from([1, 2, 3]), st.booleans(), st.integers(0, 2))
def test_a_value_that_differs_in_its_outer_bits_is_another_one(value: str, bits: int, last: bool, pad: int) -> None:
    raw = bytearray(value.encode())
    raw[-1 if last else 0] ^= bits if last else bits << 4
    packed = base64.b64encode(b"\xf1" * pad + bytes(raw)).decode()
    for text in (packed, packed.rstrip("=")):
        assert certainties(text, "oaid", value) == []


def parts(stream: bytes, cut: int) -> list[list[str]]:
    """Forms of the IMEI that are found in a stream cut in two, in either part."""
    known, first, second = searcher(), stream[:cut], stream[cut:]
    empty = Transmission(t=1, err=1, src="proxy", app="a", flow="f", host="h", port=1)
    one, two = (examine(known, empty, Message(body=body))[0] for body in (first, second))
    two = across(known, two, first[-200:], second)
    return [[m.form for m in event.matches if m.certainty == "found"] for event in (one, two)]


@settings(max_examples=40)
@given(st.binary(min_size=40, max_size=60), st.integers(0, 200), st.booleans())
def test_a_value_cut_by_the_border_of_a_streams_parts_is_found_once(noise: bytes, cut: int, packed: bool) -> None:
    value = IMEI.encode()
    stream = noise + (base64.b64encode(noise + value + noise) if packed else value) + noise
    assert sum(map(len, parts(b"\x00" + stream + b"\x00", min(cut, len(stream))))) == 1


def test_a_value_of_the_part_before_is_not_sent_again() -> None:
    value = IMEI.encode()
    assert parts(b"x" + value + b"y" * 20 + b"z" * 40, 30) == [["plain"], []]
    assert parts(b"x" * 30 + value[:10] + b"-" + value[10:], 40) == [[], []]


@pytest.mark.parametrize("known", ["13812345678", "+8613812345678", "+86 138 1234 5678"])
@pytest.mark.parametrize("written", ["13812345678", "8613812345678", "+8613812345678"])
def test_a_mobile_number_is_one_with_and_without_its_country(known: str, written: str) -> None:
    for text, found in ((written, ["found"]), (written[:-1] + "9", [])):
        for sent in (text, digest("sha256", text)):
            assert certainties(sent, "phone_no", known) == found, sent


def archive(*files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, content in enumerate(files):
            packed.writestr(f"{number}.json", content)
    return made.getvalue()


def test_files_in_an_archive_are_read() -> None:
    body = archive(b'{"a":1}', json.dumps({"d": IMEI}).encode())
    for sent in (body, base64.b64encode(body)):
        (match,) = search(sent)
        assert (match.form, match.certainty) == ("plain", "found")


def test_an_archive_that_cannot_be_read_whole_is_reported() -> None:
    many = decode(Message(body=archive(*(b"x%d" % n for n in range(80)))))
    assert "zip is not read whole" in many.reasons
    assert decode(Message(body=archive(b"x" * 50)[:60])).reasons in ([], ["zip is not read whole"])
    bomb = decode(Message(body=archive(b"\0" * (40 << 20))))
    assert "zip is not read whole" in bomb.reasons and sum(map(len, bomb.data)) < 49 << 20


@pytest.mark.parametrize(("body", "on"), CASES["training"])
def test_a_training_flag_that_says_yes_is_seen(body: str, on: bool) -> None:
    matches = Searcher().search(decode(Message(body=body.encode())))
    seen = [(match.data_type, match.form, match.certainty) for match in matches]
    assert seen == ([("consent", "training_on", "found")] if on else [])


@pytest.mark.parametrize(("kind", "value", "text", "there"), CASES["within"])
def test_a_value_is_no_part_of_a_longer_one(kind: str, value: str, text: str, there: bool) -> None:
    assert bool(certainties(text, kind, value)) is there
