"""Every form of a known value is found, alone and two wrappings deep: digests in part or in another shape, codings and
frames besides the usual ones, lists as sets. What misses narrowly is not."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import random
import string
import struct
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import cbor2
import cramjam
import lz4.block
import lz4.frame
import pytest
from searching import CASES, IMEI, search, searcher

from monitor.base.yamlfile import load
from monitor.content import Message, Needle, Searcher, decode
from monitor.content.codings import LZ4_JAVA, SNAPPY_JAVA, unlz4, unsnappy, unzip
from monitor.content.decode import examine
from monitor.content.readback import _listed
from monitor.events import Transmission

SALTED = hashlib.sha256(b"salt" + IMEI.encode()).digest()


def certainties(sent: object, *needles: tuple[str, ...]) -> Counter[str]:
    """How many matches there are of each certainty."""
    return Counter(match.certainty for match in search(sent, *needles))


def forms(sent: object) -> list[str]:
    """Forms in which the IMEI, or a salted digest of it that a hook saw, is found."""
    needles = [("imei", "t", IMEI), ("imei", "t", SALTED.hex(), "digest")]
    return sorted({match.form for match in search(sent, *needles) if match.certainty == "found"})


def digest(name: str, value: str = IMEI) -> bytes:
    return SALTED if name == "digest" else hashlib.new(name, value.encode()).digest()


def changed(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def test_a_weak_value_is_only_possible_and_only_as_a_whole_field() -> None:
    for text, certainty in (("46000", ["possible"]), ("x46000", []), ("146000", [])):
        assert list(certainties({"a": [{"v": text}]}, ("sim_op", "t", "46000"))) == certainty


@pytest.mark.parametrize(("data_type", "name", "certainty"), CASES["names"])
def test_a_name_that_was_entered_is_found_as_a_whole_field(data_type: str, name: str, certainty: str) -> None:
    assert certainties({"n": name}, (data_type, "t", name)) == {certainty: 1}
    for text in (f"{name}路", f"我是{name}", f"{name} Inc", f"{name}s"):
        assert not certainties({"n": text}, (data_type, "t", name)), text


APPS = [f"com.vendor.tool{i}" for i in range(6)]
COMMON = "com.android.vending com.google.android.gms com.android.chrome com.huawei.hwid com.miui.home".split()
PEOPLE = ["Anna", "Bertil", "Cesar", "David", "Erik", "Filip"]


@pytest.mark.parametrize(
    ("data_type", "sent", "found"),
    [
        *(
            ("apps", sent, found)
            for sent, found in ((APPS[:4], 0), (APPS[:5], 5), (COMMON, 0), ([*COMMON, APPS[0]], 0))
        ),
        *(("contacts", PEOPLE[:count], found) for count, found in ((6, 6), (5, 5), (4, 0))),
        ("contacts", ["Anna"] * 9, 0),
    ],
)
def test_a_list_is_found_when_enough_of_it_stands_together(data_type: str, sent: list[str], found: int) -> None:
    """Few of them may be there by chance, and some apps are on every phone."""
    needles = [(data_type, f"t{n}", name) for n, name in enumerate([*APPS, *COMMON, *PEOPLE])]
    counted = certainties({"all": [{"n": name} for name in sent]}, *needles)
    assert counted["found"] == found
    assert ("possible" in counted) == (not found and bool(set(sent) & set(APPS + PEOPLE)))


def test_values_in_paths_and_keys_are_hidden() -> None:
    sent = Transmission(t=1, err=0, src="import", app="a", flow="f", host="a.example", port=1, path=f"/u/{IMEI}/x?i=1")
    body = json.dumps({IMEI: {"imei": IMEI}}).encode()
    event, _ = examine(searcher(), sent, Message(target=f"/u/{IMEI}/x?i={IMEI}".encode(), body=body))
    assert event.path == "/u/…/x" and IMEI not in str(event)
    assert {m.path for m in event.matches} == {"path[1]", "query.i", "body.json.….imei"}


@pytest.mark.parametrize("sent", ["a3:f2:9c:71:4b:e0:5d:68", "A3 F2 9C 71 4B E0 5D 68", "a3f2-9c71-4be0-5d68"])
def test_an_android_id_in_groups(sent: str) -> None:
    searcher = Searcher("a.b")
    searcher.add([Needle("android_id", "t", "a3f29c714be05d68")])
    bodies = (f'{{"v":"{sent}"}}'.encode(), base64.b64encode(sent.encode()), urlencode({"v": sent}).encode())
    for body in bodies:
        found = searcher.search(decode(Message(body=body)), shapes=False)
        assert [(match.data_type, match.certainty) for match in found] == [("android_id", "found")]
    other = bodies[0].replace(b"68", b"69")
    assert not searcher.search(decode(Message(body=other)), shapes=False)


def test_a_needle_is_taken_up_once() -> None:
    known = Searcher("com.example")
    assert known.add([Needle("imei", "t", IMEI)] * 3) == 1
    assert known.add([Needle("apps", "t", "com.example"), Needle("mac", "t", "02:00:00:00:00:00")]) == 0


def _plain(value: str) -> bytes:
    return json.dumps({"id": value, "os": "android"}).encode()


def _body(value: str) -> bytes:
    return json.dumps({"a": "hello world " * 6, "id": value, "b": "bye " * 10}).encode()


def _field(value: str | bytes) -> bytes:
    return json.dumps({"v": value if isinstance(value, str) else value.decode()}).encode()


def _snappy(data: bytes) -> bytes:
    """A block, without any magic number."""
    return bytes(cramjam.snappy.compress_raw(data))


_STANDARD = (string.ascii_uppercase + string.ascii_lowercase + string.digits).encode()
LOWER_FIRST = bytes.maketrans(_STANDARD, _STANDARD.swapcase())
#: What is sent, by the names of ``tests/followed.yaml``.
CODINGS: dict[str, Callable[[str], bytes]] = {
    "base64_reordered": lambda v: _field(base64.b64encode(_body(v)).translate(LOWER_FIRST)),
    "base32": lambda v: _field(base64.b32encode(_body(v))),
    "base32_lower": lambda v: _field(base64.b32encode(_body(v)).rstrip(b"=").lower()),
    "base85": lambda v: _field(base64.b85encode(_body(v))),
    "ascii85": lambda v: _field(base64.a85encode(_body(v), adobe=True)),
    "cbor": lambda v: cbor2.dumps({"d": [{"id": v}]}),
    "lz4": lambda v: lz4.frame.compress(_body(v)),
    "snappy": lambda v: _snappy(_body(v)),
    "snappy_framed": lambda v: base64.b64encode(cramjam.snappy.compress(_body(v))),
    "socket_io": lambda v: b'42["login",%s]' % _body(v),
    "socket_io_base64": lambda v: b'42["login",%s]' % json.dumps(base64.b64encode(_body(v)).decode()).encode(),
    "engine_io": lambda v: b"b4" + base64.b64encode(_body(v)),
    "sm3": lambda v: _field(digest("sm3", v).hex()),
    "sha512": lambda v: _field(digest("sha512", v).hex()),
    "sha256_cut": lambda v: _field(base64.b64encode(digest("sha256", v)[:8])),
    "md5_uuid": lambda v: _field(str(uuid.UUID(bytes=digest("md5", v), version=3))),
}
#: Others of the same kind, in the ways of libraries.
FRAMED: dict[str, Callable[[str], bytes]] = {
    "socket.io with a name": lambda v: b'42/chat,17["login",%s]' % _plain(v),
    "socket.io with an attachment": lambda v: b'451-["up",{"_placeholder":true,"num":0},"%s"]' % v.encode(),
    "socket.io with its length": lambda v: b'73:42["login",%s]' % _plain(v),
    "lz4-java": lambda v: _lz4_java(_body(v)),
    "snappy-java": lambda v: base64.b64encode(_snappy_java(_body(v))),
}


def test_the_table_of_codings_is_tried() -> None:
    assert set(CODINGS) == set(load(Path(__file__).parents[1] / "followed.yaml")["codings"])


@pytest.mark.parametrize("coding", CODINGS | FRAMED)
def test_a_coding_and_its_near_miss(coding: str) -> None:
    packed = (CODINGS | FRAMED)[coding]
    assert len(forms(packed(IMEI))) == 1
    assert forms(packed(IMEI[:-1] + "3")) == []


@pytest.mark.parametrize("body", [{"indent": 2}, {"ensure_ascii": False}, {"indent": 1, "ensure_ascii": False}])
def test_base64_in_another_order_of_a_text_in_lines_or_in_chinese(body: dict[str, Any]) -> None:
    said = json.dumps({"设备标识": IMEI, "渠道": "应用市场"}, **body).encode()
    assert len(forms(_field(base64.b64encode(said).translate(LOWER_FIRST)))) == 1


@pytest.mark.parametrize("size", [8, 10, 12, 16, 20])
@pytest.mark.parametrize("name", ["sha1", "sha256", "sm3", "sha512", "digest"])
def test_a_digest_cut_short(name: str, size: int) -> None:
    whole = digest(name)
    part, form = whole[:size], name if size == len(whole) else f"{name}_cut"
    for text in (part.hex(), part.hex().upper(), base64.b64encode(part).decode(), f"id={part.hex()};"):
        assert forms({"v": text}) == [form]
    longer = [] if part == whole else ["7" + part.hex()]
    for text in (changed(part).hex(), base64.b64encode(changed(part)).decode(), *longer):
        assert forms({"v": text}) == []


def _uuid(data: bytes, version: int | None = None) -> str:
    return str(uuid.UUID(bytes=data, version=version))


@pytest.mark.parametrize(
    ("sent", "form"),
    [
        *((digest(name).hex(), name) for name in ("md5", "sha1", "sha256", "sm3", "sha512", "digest")),
        (_uuid(digest("md5")), "md5_uuid"),
        (_uuid(digest("md5"), 3).upper(), "md5_uuid"),  # UUID.nameUUIDFromBytes
        (_uuid(SALTED[:16], 5), "digest_uuid"),
        (_uuid(changed(digest("md5")), 3), ""),
        ("a" + _uuid(digest("md5")), ""),
        (base64.b32encode(IMEI.encode()).decode(), "plain"),
        (base64.b32encode(SALTED[:16]).decode(), "digest_cut"),
        (cbor2.dumps({"k": SALTED, "t": "x" * 300}), "digest"),
    ],
)
def test_a_digest_whole_or_in_another_shape_has_one_name(sent: str | bytes, form: str) -> None:
    assert forms(sent if isinstance(sent, bytes) else {"v": sent}) == ([form] if form else [])


def _lz4_java(data: bytes) -> bytes:
    packed = lz4.block.compress(data, store_size=False)
    return LZ4_JAVA + b"\x26" + struct.pack("<III", len(packed), len(data), 0) + packed + LZ4_JAVA + b"\x16" + bytes(12)


def _snappy_java(data: bytes) -> bytes:
    packed = _snappy(data)
    return SNAPPY_JAVA + struct.pack(">III", 1, 1, len(packed)) + packed


def _zip(method: int) -> Callable[[bytes], bytes]:
    def pack(data: bytes) -> bytes:
        with zipfile.ZipFile(out := io.BytesIO(), "w", method) as archive:
            for number in range(3):
                archive.writestr(f"{number}.txt", data)
        return out.getvalue()

    return pack


def _unlz4(data: bytes, cap: int) -> list[bytes]:
    return [unlz4(data, cap).data]


def _unsnappy(data: bytes, cap: int) -> list[bytes]:
    return [unsnappy(data, cap).data]


def _unzip(data: bytes, cap: int) -> list[bytes]:
    return unzip(data, cap)[0]


FRAMES: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes, int], list[bytes]]]] = {
    "lz4": (lz4.frame.compress, _unlz4), "lz4-java": (_lz4_java, _unlz4), "snappy": (_snappy, _unsnappy),
    "snappy frames": (lambda data: bytes(cramjam.snappy.compress(data)), _unsnappy),
    "snappy-java": (_snappy_java, _unsnappy),
    "zip, stored": (_zip(zipfile.ZIP_STORED), _unzip), "zip": (_zip(zipfile.ZIP_DEFLATED), _unzip),
    "zip, bzip2": (_zip(zipfile.ZIP_BZIP2), _unzip), "zip, lzma": (_zip(zipfile.ZIP_LZMA), _unzip),
}  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_what_is_packed_is_read_within_the_limit_or_cannot_be_read(frame: str) -> None:
    """Whatever an app sends: the decoder raises nothing but ``ValueError``, and goes on."""
    pack, unpack = FRAMES[frame]
    plain, rng = _body(IMEI), random.Random(3)
    whole = pack(plain)
    assert decode(Message(body=whole)).reasons == [] and set(unpack(whole, 1 << 20)) == {plain}
    assert sum(map(len, unpack(whole, 20))) <= 20
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(rng.randrange(1, 6)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        with contextlib.suppress(ValueError):
            assert sum(map(len, unpack(bytes(damaged), 5_000))) <= 5_000


def test_a_list_of_code_points_is_read_as_text() -> None:
    name = "张伟明先生"
    (found,) = _listed([str(ord(character)) for character in name])
    assert found.decode() == name
    assert list(_listed(["99999999"])) == []
