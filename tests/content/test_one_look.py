"""What is read in one look and searched by fast engines, against slow ways that are obviously right."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import random
import re
import zlib
from collections.abc import Callable
from typing import Any

import cbor2
import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.content import Limits, Message, Needle, Searcher, Tree, decode, peel, values
from monitor.content.automaton import Automaton
from monitor.content.binary import read_cbor
from monitor.content.hits import HEAD, hex_runs
from monitor.content.needles import patterns

IMEI = "358240057611122"
NEEDLES = [Needle("imei", "a", IMEI), Needle("mac", "b", "a4:b1:c2:d3:e4:f5"), Needle("ssid", "c", "K9x+Q2/v z8"),
           Needle("location", "d", "31.230416,121.473701")]  # fmt: skip


def everywhere(text: bytes, part: bytes) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(part, at)]


@given(st.sets(st.binary(min_size=1, max_size=4).map(lambda raw: bytes(b"\0a\\xb.("[c % 7] for c in raw)), min_size=1),
       st.binary(max_size=60).map(lambda raw: bytes(b"\0a\\xb.("[c % 7] for c in raw)))  # fmt: skip
def test_both_engines_find_every_occurrence(strings: set[bytes], text: bytes) -> None:
    wanted = sorted((i, at) for i, string in enumerate(sorted(strings)) for at in everywhere(text, string))
    automaton = Automaton(sorted(strings))
    assert sorted(automaton.find(text)) == wanted
    automaton._left = 0  # as after much text
    assert sorted(automaton.find(text)) == wanted
    assert automaton._fast is not None


def test_a_searcher_finds_every_pattern_before_and_after_it_changes_engines() -> None:
    searcher, dice = Searcher(), random.Random(1)
    searcher.add(NEEDLES)
    known = [pattern for needle in NEEDLES for pattern in patterns(needle)]
    parts = [pattern.data for pattern in known] + [b"lorem ipsum ", IMEI.encode()[:9], b"\0\xff\0"]
    found = []
    for number in range(100):
        text = b" ".join(dice.choice(parts) for _ in range(6))
        wanted = {(at, at + len(p.data), p.form) for p in known if not p.bounded for at in everywhere(text, p.data)}
        seen = {(start, end, owner.form) for start, end, owner in searcher.scan(text) if not owner.bounded}
        assert {hit for hit in seen if "(" not in hit[2] and not hit[2].endswith("_cut")} == wanted, number
        found.append(searcher._segments[0]._automaton)
        if number == 50 and found[-1] is not None:
            found[-1]._left = 0
    assert found[60] is not None and found[60]._fast is not None


@given(st.lists(st.one_of(st.sampled_from([16, 32, 40, 64, 31, 33, 48]).map(lambda n: "a1F"[n % 3] * n),
                          st.sampled_from(["", " ", "g", "-", "\xff"])), max_size=8))  # fmt: skip
def test_runs_of_hexadecimal_digits_are_those_with_the_length_of_a_digest(parts: list[str]) -> None:
    text = "".join(parts).encode("latin-1")
    runs = [match.span() for match in re.finditer(rb"[0-9a-fA-F]+", text)]
    wanted = [(start, end) for start, end in runs if end - start in (16, 32, 40, 48, 64, 20, 24, 56, 96, 128)]
    every = {digit.encode() * HEAD for digit in "a1f"}
    mixed = {text[start : start + HEAD].lower() for start, _ in wanted}
    assert list(hex_runs(text, every | mixed)) == wanted
    assert list(hex_runs(text, set())) == []


_SCALARS = st.one_of(
    st.text(max_size=20), st.integers(-(10**25), 10**25), st.floats(), st.booleans(), st.none(), st.sampled_from([
        IMEI, IMEI.encode().hex(), base64.b64encode(IMEI.encode()).decode(), hashlib.md5(IMEI.encode()).hexdigest(),
        "a4:b1:c2:d3:e4:f5", "lorem ipsum dolor", "2026-01-02", "x=1&y=%41", "\\u0041b", "eyJhIjoxfQ.eyJiIjoyfQ.",
        "0x0123456789abcdef", "https://a.example/?q=1", "-0", "--b\r\n", "BZh91AY&SY", "8" * 20,
        "x^" + "a" * 20, "a b  c"])
)  # fmt: skip
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
_WRAPS: list[Callable[[bytes], bytes]] = [
    base64.b64encode, gzip.compress, zlib.compress, lambda data: data.hex().encode(),
    lambda data: zlib.compress(data, wbits=-15), lambda data: b"a=1&b=" + data.hex().encode(),
    lambda data: b"\x0a" + bytes((len(data[:100]),)) + data[:100], lambda data: msgpack.packb({"k": [data, 1]}),
    lambda data: json.dumps({"v": base64.b64encode(data).decode(), "w": [{"x": 1, "y": "z"}] * 2}).encode(),
]  # fmt: skip


def seen(message: Message, limits: Limits) -> tuple[Any, ...]:
    tree: Tree = decode(message, limits)
    searcher = Searcher()
    searcher.add(NEEDLES)
    nodes = tree.data, tree.keys, tree.leaves, [tree.path(index) for index in range(len(tree.data))]
    return *nodes, tree.reasons, repr(tree.doubles), tree.known, searcher.search(tree)


@settings(max_examples=120)
@given(
    _JSON | st.binary(max_size=60),
    st.lists(st.sampled_from(range(len(_WRAPS))), max_size=4),
    st.sampled_from([1, 3, 6]),
)
def test_one_look_reads_what_asking_every_reader_reads(value: Any, wraps: list[int], depth: int) -> None:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    for wrap in wraps:
        body = _WRAPS[wrap](body)
    quick = seen(Message(body=body), Limits(depth=depth))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peel, "_unpack_plain", lambda _: None)
        assert seen(Message(body=body), Limits(depth=depth)) == quick


def slowly(value: Any, place: str = "", key: str = "") -> list[tuple[str, str, bytes]]:
    if isinstance(value, dict):
        return [row for k, v in value.items() for row in slowly(v, place + values.key_step(k), k)]
    if isinstance(value, list):
        return [row for i, v in enumerate(value) for row in slowly(v, f"{place}[{i}]", key)]
    data = b"true" if value is True else b"" if value in (None, False) else str(value).encode("utf-8", "surrogatepass")
    return [(place, key.lower(), data)] if data or not place else []


@settings(max_examples=80)
@given(_JSON)
def test_json_is_read_as_the_standard_library_reads_it(value: Any) -> None:
    body = json.dumps(value).encode()
    read = values.read_json(body, 1000)
    tree = Tree()
    tree.add("", b"", -1, "body")
    tree.add_fields(read, 0, "x", 0)
    rows = [(tree.path(i).removeprefix(".x"), tree.keys[i], tree.data[i]) for i in range(1, len(tree.data))]
    assert read.whole and rows == slowly(json.loads(body, parse_int=str, parse_float=str, parse_constant=str))


@settings(max_examples=40)
@given(
    st.recursive(
        st.integers(-(2**40), 2**40) | st.text(max_size=30) | st.booleans() | st.none(),
        lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(st.text(max_size=5), inner, min_size=1),
        max_leaves=8,
    ).filter(lambda value: isinstance(value, list | dict))
)
def test_whatever_cbor_holds_is_read(value: Any) -> None:
    data = cbor2.dumps(value)
    if value:
        wanted = [row[2] for row in slowly(json.loads(json.dumps(value), parse_int=str)) if row[2]]
        assert read_cbor(data, 1000).data == wanted
    for bad in (data[:-1], data + b"\0"):
        with pytest.raises(ValueError):
            read_cbor(bad, 1000)


def test_a_digest_is_found_whatever_a_document_makes_of_it() -> None:
    """After an escape that is written with digits, as a name, in two bytes a character, in a document in a document."""
    digest = hashlib.sha1(hashlib.md5(IMEI.encode()).hexdigest().encode()).hexdigest()
    documents = [[digest], {digest: 1}, {"k": [f"id={digest.upper()}&", "x"]}, [f"é{digest}"], {"w": [f"\b{digest}"]}]
    searcher = Searcher()
    searcher.add(NEEDLES)
    for document in documents:
        plain = json.dumps(document).encode()
        wide = plain.decode().encode("utf-16-le") if document != {digest: 1} else plain  # names count as written
        for body in (plain, wide, gzip.compress(plain), json.dumps(plain.decode()).encode()):
            assert {match.form for match in searcher.search(decode(Message(body=body)))} == {"sha1(md5)"}, body
