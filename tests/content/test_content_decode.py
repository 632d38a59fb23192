"""The decode tree: formats, content codings, limits; hostile input only ever makes it partial. What a small body can
stand for is bounded before it is built, by counts that are the same on every machine."""

from __future__ import annotations

import base64
import gzip
import json
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import count

import brotli
import cramjam
import lz4.frame
import msgpack
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.content import Limits, Message, Needle, Searcher, Tree, binary, codings, decode, status, values
from monitor.content.tree import Exceeded

VALUE = "358240057611122"


def paths(message: Message, value: str = VALUE) -> set[str]:
    searcher = Searcher("com.example")
    searcher.add([Needle("imei", "t", value)])
    return {m.path for m in searcher.search(decode(message)) if m.certainty == "found"}


def _jwt() -> bytes:
    parts = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in ({"alg": "HS256"}, {"sub": VALUE})]
    return b".".join([*parts, base64.urlsafe_b64encode(b"signature-bytes!").rstrip(b"=")])


def _field(number: int, data: bytes) -> bytes:
    return bytes([number << 3 | 2, len(data)]) + data


PROTO = _field(1, b"device") + _field(2, _field(3, VALUE.encode()) + b"\x20\x05")
MULTIPART = (
    b'--xYz\r\nContent-Disposition: form-data; name="meta"\r\n\r\n{"id":"' + VALUE.encode() + b'"}\r\n'
    b'--xYz\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n\x00\x01\x02\r\n--xYz--\r\n'
)
PLAIN = json.dumps({"id": VALUE}).encode()


@pytest.mark.parametrize(
    ("message", "path"),
    [
        (Message(b"/a/b?x=1&id=" + VALUE.encode()), "query.id"),
        (Message(b"/u/" + VALUE.encode() + b"/z"), "path[1]"),
        (Message(headers=[(b"X-Device", VALUE.encode())]), "header.x-device"),
        (Message(headers=[(b"Cookie", b"a=1; uid=" + VALUE.encode())]), "cookie.uid"),
        (Message(headers=[(b"Authorization", b"Bearer " + _jwt())]), "header.authorization.jwt.payload.json.sub"),
        (Message(body=PLAIN), "body.json.id"),
        (Message(body=b'{"id": 358240057611122}'), "body.json.id"),
        (Message(body=b'{"a":1}\n{"id":' + VALUE.encode() + b"}\n"), "body.jsonl[1].id"),
        (Message(body=f"a=1&id={VALUE}".encode()), "body.form.id"),
        (Message(body=MULTIPART, content_type="multipart/form-data; boundary=xYz"), "body.multipart.meta.json.id"),
        (Message(body=b"<r><d id='" + VALUE.encode() + b"'/></r>"), "body.xml.r.d.@id"),
        (Message(body=PROTO, content_type="application/x-protobuf"), "body.pb.2.pb.3"),
        (Message(body=PROTO), "body.pb.2.pb.3"),
        (Message(body=b"\0" + struct.pack(">I", len(PROTO)) + PROTO, content_type="application/grpc"),
         "body.grpc[0].pb.2.pb.3"),
        (Message(body=msgpack.packb({"d": {"id": VALUE}})), "body.msgpack.d.id"),
        (Message(body=gzip.compress(PLAIN)), "body.gzip.json.id"),
        (Message(body=zlib.compress(PLAIN)), "body.zlib.json.id"),
        (Message(body=zlib.compress(PLAIN)[2:-4]), "body.deflate.json.id"),
        (Message(body=base64.b64encode(gzip.compress(PLAIN))), "body.b64.gzip.json.id"),
        (Message(body=PLAIN.hex().encode()), "body.hex.json.id"),
        (Message(body=gzip.compress(PLAIN), encoding="gzip"), "body.gzip.json.id"),
        (Message(body=gzip.compress(PLAIN)[:-8], encoding="gzip"), "body.gzip.json.id"),
        (Message(body=brotli.compress(gzip.compress(PLAIN)), encoding="gzip, br"), "body.br.gzip.json.id"),
        (Message(body=zlib.compress(PLAIN)[2:-4], encoding="deflate"), "body.deflate.json.id"),
        (Message(body=zstandard.compress(PLAIN), encoding="zstd"), "body.zstd.json.id"),
        (Message(b"/g?d=%7B%22a%22%3A%5B%22id%3D" + VALUE.encode() + b"%26k%3D1%22%5D%7D"),
         "query.d.json.a[0].form.id"),
        (Message(body=b"payload=" + base64.b64encode(json.dumps({"e": [PLAIN.decode()]}).encode())),
         "body.form.payload.b64.json.e[0].json.id"),
    ],
)  # fmt: skip
def test_formats(message: Message, path: str) -> None:
    assert paths(message) == {path}


def test_the_limit_of_depth() -> None:
    deep: bytes = b'"x"'
    for _ in range(9):
        deep = json.dumps({"a": base64.b64encode(deep + b" " * 12).decode()}).encode()
    assert "limit: depth" in decode(Message(body=deep)).reasons


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "' + b"A" * 1000 + b'"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;&y;</a>'
    assert not any(group.step == "xml" for group in decode(Message(body=bomb)).groups)


def test_what_cannot_be_read_says_so() -> None:
    noise = bytes((i * 197 + (i * i) % 251) % 256 for i in range(600))
    assert status(decode(Message(body=noise)), Message(body=noise)) == ("no", "encrypted or unknown format")
    hidden = Message(body=json.dumps({"v": 1, "data": base64.b64encode(noise).decode()}).encode())
    decoded, reason = status(decode(hidden), hidden)
    assert decoded == "partial" and reason == "unreadable: body.json.data.b64"
    alone = Message(body=base64.b64encode(noise[:30]))
    assert status(decode(alone), alone) == ("partial", "unreadable: body")
    for little in (base64.b64encode(b"a line of plain words, no more"), json.dumps({"h": noise[:30].hex()}).encode()):
        assert status(decode(Message(body=little)), Message(body=little)) == ("yes", "")
    picture = Message(body=b"\x89PNG" + noise, content_type="image/png")
    assert status(decode(picture), picture) == ("no", "media: image/png")
    strange = Message(body=PLAIN, encoding="zipper")
    assert status(decode(strange), strange)[0] == "partial"


def test_a_text_of_spaces_only_is_no_base64() -> None:
    for text in ("\t" * 14, "\n" * 11, "\r\n" * 20, " " * 30, "-" * 12):
        tree = decode(Message(body=json.dumps([text, VALUE]).encode()))
        assert [data for index, data in enumerate(tree.data) if tree.group(index).step == "json"] == [
            text.encode(),
            VALUE.encode(),
        ]


_SEEDS = [
    PLAIN,
    PROTO,
    MULTIPART,
    gzip.compress(PLAIN, mtime=0),
    msgpack.packb({"a": [1, {"b": VALUE}]}),
    _jwt(),
    b"a=%41&b=\\u0041",
]


@settings(max_examples=300)
@given(
    st.one_of(st.binary(max_size=400), st.sampled_from(_SEEDS)),
    st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=3)), max_size=6),
    st.sampled_from(["", "gzip", "br", "zstd", "deflate, gzip", "x, y"]),
    st.sampled_from(["", "multipart/form-data", "application/grpc", "application/x-protobuf", "text/xml"]),
    st.binary(max_size=60),
)
def test_no_exception_escapes(
    body: bytes, edits: list[tuple[int, bytes]], encoding: str, kind: str, target: bytes
) -> None:
    for at, piece in edits:
        body = body[:at] + piece + body[at + 1 :]
    message = Message(target, [(b"Cookie", target), (b"x", body[:40])], body, kind, encoding)
    searcher = Searcher("com.example")
    searcher.add([Needle("imei", "t", VALUE), Needle("location", "p", "31.230416,121.473701")])
    tree = decode(message)
    searcher.search(tree)
    assert status(tree, message)[0] in ("yes", "partial", "no")


SIZE = 1 << 20
WIDE: dict[str, Callable[[], bytes]] = {
    "lists": lambda: b"[" + b"[]," * (SIZE // 3) + b"[]]",
    "objects": lambda: b"[" + b"{}," * (SIZE // 3) + b"{}]",
    "numbers": lambda: b"[" + b"1," * (SIZE // 2) + b"1]",
    "lines": lambda: b"{}\n" * (SIZE // 12),
    "msgpack": lambda: b"\xdd" + SIZE.to_bytes(4) + b"\x80" * SIZE,
    "cbor": lambda: b"\x9a" + SIZE.to_bytes(4) + b"\x01" * SIZE,
    "cbor maps": lambda: b"\x9f" + b"\xa0" * SIZE + b"\xff",
    "nested": lambda: b'{"a":' * (SIZE // 6) + b"1" + b"}" * (SIZE // 6),
    "form": lambda: b"&".join([b"a=1"] * (SIZE // 4)),
    "xml elements": lambda: b"<a>" + b"<b/>" * (SIZE // 4) + b"</a>",
    "xml attributes": lambda: b"<a " + b" ".join(b'b%d = "1"' % n for n in range(SIZE // 14)) + b"/>",
    "xml pieces": lambda: b"<a>" + "字<!---->".encode() * (SIZE // 10) + b"</a>",
    "base64 lines": lambda: b"x\n" * (SIZE // 2),
    "zip": lambda: _listing(SIZE // 50),
    "no form": lambda: b"&".join([b"a=1"] * (SIZE // 4)) + b"<",
}


#: Made by the test that needs one: together they take seconds, which each collection would wait for. Those with a
#: content coding, or above ``CUT``, are read in part, which is said.
BOMBS: dict[str, Callable[[], bytes]] = {
    "deflate": lambda: zlib.compress(bytes(80 << 20), 9),
    "br": lambda: brotli.compress(bytes(60 << 20), quality=1),
    "zstd": lambda: zstandard.compress(bytes(80 << 20)),
    "gzip in gzip": lambda: gzip.compress(gzip.compress(bytes(80 << 20))),
    "gzip in base64": lambda: base64.b64encode(gzip.compress(b"A" * (80 << 20))),
    "lz4": lambda: lz4.frame.compress(bytes(64 << 20)),
    "snappy": lambda: bytes(cramjam.snappy.compress(bytes(24 << 20))),
    "snappy block": lambda: bytes(cramjam.snappy.compress_raw(bytes(64 << 20))),
    "lz4 block": lambda: codings.LZ4_JAVA + b"\x26" + struct.pack("<III", 64, 0xFFFF_FFFF, 0) + b"\x1f" + b"a" * 63,
    "snappy size": lambda: b"\xff\xff\xff\xff\x0f\x00a" + bytes(20),
    "gzip members": lambda: gzip.compress(b"") * 20_000,
    "cbor depth": lambda: b"\x81" * 200_000,
    "cbor tags": lambda: b"\x81" + b"\xc1" * 200_000,
    "cbor shared": lambda: b"\x82\xd8\x1c\x81\xd8\x1d\x00\xd8\x1d\x00",
    "cbor size": lambda: b"\x9b\x00\x00\xff\xff\xff\xff\xff\xff\xbb\x00\x00\xff\xff\xff\xff\xff\xff",
}
CUT = list(BOMBS)[:7]


def measured(message: Message, limits: Limits) -> tuple[Tree, int]:
    """The decoded message, and how much memory that took at most."""
    tracemalloc.start()
    try:
        return decode(message, limits), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", BOMBS)
def test_what_expands_stays_within_the_limits(name: str) -> None:
    message = Message(body=BOMBS[name](), encoding=name if name in codings.CODINGS else "")
    tree, peak = measured(message, Limits(node_bytes=1 << 20, total_bytes=4 << 20, steps=8 << 20))
    assert sum(map(len, tree.data)) <= 5 << 20 and peak < 40 << 20
    decoded, reason = status(tree, message)
    assert name not in CUT or (decoded == "partial" and "limit" in reason)


def _listing(files: int) -> bytes:
    """An archive that lists many files, none of which is there."""
    entry = b"PK\x01\x02" + bytes(24) + b"\x01\0" + bytes(16) + b"a"
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, files & 0xFFFF, files & 0xFFFF, len(entry) * files, 4, 0)
    return b"PK\x03\x04" + entry * files + end


@pytest.mark.parametrize("name", WIDE)
def test_memory_stays_in_proportion_to_the_message(name: str) -> None:
    tree, peak = measured(Message(body=gzip.compress(WIDE[name]()), encoding="gzip"), Limits(nodes=2000))
    assert peak < 9 * SIZE
    said = any(reason.startswith(("limit: ", "zip is not")) for reason in tree.reasons)
    assert said or name in ("no form", "xml pieces", "base64 lines")


def test_of_too_many_elements_the_first_are_read() -> None:
    body = b'[{"a": "x,y]"}, ' + b"[[1], 2], " * 5000 + b"3]"
    tree = decode(Message(body=body), Limits(nodes=100))
    assert [tree.path(index) for index in (1, 2, 3)] == ["body.json[0].a", "body.json[1][0][0]", "body.json[1][1]"]
    assert tree.reasons == ["limit: nodes"]


def test_of_too_wide_an_xml_document_the_first_elements_are_read() -> None:
    tree = decode(Message(body=b"<a><b>x</b>" + b"<c/>" * 5000 + b"</a>"), Limits(nodes=100))
    assert tree.data[1] == b"x" and tree.reasons == ["limit: nodes"]


def test_commas_in_texts_are_no_elements() -> None:
    read = values.read_json(b'["' + b"," * 5000 + b'", 1]', 100)
    assert read.whole and len(read.data) == 2


def test_too_many_elements_of_msgpack_are_refused() -> None:
    with pytest.raises(Exceeded):
        binary.read_msgpack(b"\xdc\x10\x00" + b"\x90" * 4096, 100)


def test_no_clock_decides_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count(step=3600.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(ticks))
    tree = decode(Message(body=b"[" + b'"abc def",' * 500 + b"1]"))
    assert len(tree.data) == 502 and tree.reasons == []


def test_work_that_yields_nothing_is_counted() -> None:
    bomb = gzip.compress(b"\0" * (8 << 20))
    tree = decode(Message(body=bomb, encoding="gzip"), Limits(steps=1 << 20))
    assert tree.reasons == ["limit: steps"]
