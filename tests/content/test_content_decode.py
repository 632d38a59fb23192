"""The decode tree: formats, content codings, limits, and that hostile input only ever makes it partial."""

from __future__ import annotations

import base64
import gzip
import json
import struct
import zlib

import brotli
import msgpack
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.content import Message, Needle, Searcher, decode, status

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
