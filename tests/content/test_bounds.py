"""What a small body can stand for is bounded before it is built, by counts that are the same on every machine."""

from __future__ import annotations

import base64
import gzip
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import count

import brotli
import cramjam
import lz4.frame
import pytest
import zstandard

from monitor.content import Limits, Message, Tree, binary, codings, decode, status, values
from monitor.content.tree import Exceeded

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
