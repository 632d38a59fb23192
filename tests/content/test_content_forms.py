"""Every form of a known value is found, alone and two wrappings deep, with its type, place and form: digests in part
or in another shape, codings and frames besides the usual ones, lists as sets. What misses narrowly is not."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import random
import string
import struct
import urllib.parse
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cbor2
import cramjam
import lz4.block
import lz4.frame
import pytest

from monitor.base.yamlfile import load
from monitor.content import Message, Needle, Searcher, decode
from monitor.content.binary import read_cbor
from monitor.content.codings import LZ4_JAVA, SNAPPY_JAVA, Codec, unlz4, unsnappy, unzip
from monitor.content.decode import examine
from monitor.content.readback import _listed
from monitor.events import Match, Transmission

IMEI = "358240057611122"
MAC = "a4:b1:c2:d3:e4:f5"
GAID = "3f2a9c1e-7b4d-4e8a-9f60-1c2d3e4f5a6b"
SSID = "K9x+Q2/v z8"
NAME = "欧阳测试用户甲乙"
IDENTIFIERS = [
    ("imei", "t-imei", IMEI),
    ("mac", "t-mac", MAC),
    ("gaid", "t-gaid", GAID),
    ("ssid", "t-ssid", SSID),
    ("contacts", "t-name", NAME),
    ("oaid", "t-salted", hashlib.sha256(b"salt" + IMEI.encode()).hexdigest(), "digest"),
]


def _named(name: str, value: str) -> bytes:
    return hashlib.new(name, value.encode()).digest()


def _units(text: str) -> str:
    return "".join(f"\\u{ord(c):04x}" for c in text)


FORMS: list[tuple[str, str, str, str]] = [
    ("imei", "plain", IMEI, "as is"),
    ("imei", "separators", "35824005-761112-2", "dashes"),
    ("imei", "separators", "35 824005 761112 2", "spaces"),
    ("imei", "reversed", IMEI[::-1], ""),
    ("imei", "hex", IMEI.encode().hex(), ""),
    ("imei", "base64", base64.b64encode(IMEI.encode()).decode(), "offset 0"),
    ("imei", "base64", base64.b64encode(b"\x01" + IMEI.encode() + b"\x02").decode(), "offset 1"),
    ("imei", "base64", base64.b64encode(b"\x01\x02" + IMEI.encode() + b"\x03").decode(), "offset 2"),
    ("imei", "unicode", _units(IMEI), ""),
    ("mac", "plain", MAC, "as is"),
    ("mac", "upper", MAC.upper(), ""),
    ("mac", "no_separators", "a4b1c2d3e4f5", ""),
    ("mac", "no_separators", "A4B1C2D3E4F5", "upper"),
    ("mac", "separators", "A4-B1-C2-D3-E4-F5", "dashes"),
    ("mac", "separators", "a4 b1 c2 d3 e4 f5", "spaces"),
    ("mac", "hex_upper", MAC.encode().hex().upper(), ""),
    ("mac", "url", "a4%3Ab1%3Ac2%3Ad3%3Ae4%3Af5", "once"),
    ("mac", "url2", "a4%253Ab1%253Ac2%253Ad3%253Ae4%253Af5", "twice"),
    ("gaid", "no_separators", GAID.replace("-", ""), ""),
    ("gaid", "upper", GAID.upper(), ""),
    ("ssid", "plain", SSID, ""),
    ("ssid", "url", urllib.parse.quote(SSID, safe=""), ""),
    ("ssid", "base64", base64.b64encode(SSID.encode()).decode(), ""),
    ("contacts", "plain", NAME, ""),
    ("contacts", "url", urllib.parse.quote(NAME), ""),
    ("contacts", "unicode", _units(NAME), ""),
    ("oaid", "digest", IDENTIFIERS[5][2], "seen by a hook"),
    ("oaid", "digest", base64.b64encode(bytes.fromhex(IDENTIFIERS[5][2])).decode(), "seen by a hook, repacked"),
]
for _type, _value in (("imei", IMEI), ("mac", MAC), ("gaid", GAID)):
    _bare = _value.replace(":", "").replace("-", "")
    for _text in dict.fromkeys((_value, _value.upper(), _value.lower(), _bare, _bare.upper())):
        for _name in ("md5", "sha1", "sha256"):
            _raw = _named(_name, _text)
            FORMS.append((_type, _name, _raw.hex(), f"of {_text}"))
            FORMS.append((_type, _name, _raw.hex().upper(), f"of {_text}, upper"))
            FORMS.append((_type, _name, base64.b64encode(_raw).decode(), f"of {_text}, base64"))
            FORMS.append((_type, _name, base64.urlsafe_b64encode(_raw).decode(), f"of {_text}, base64url"))
        FORMS.append((_type, "md5_16", _named("md5", _text).hex()[:16], f"of {_text}"))


def certainties(bodies: list[object], *needles: tuple[str, ...]) -> list[set[str]]:
    """How certain what is found in each body is."""
    searcher = Searcher("com.example")
    searcher.add(Needle(*needle) for needle in needles)
    trees = [decode(Message(body=json.dumps(body).encode())) for body in bodies]
    return [{match.certainty for match in searcher.search(tree)} for tree in trees]


def test_a_weak_value_is_only_possible_and_only_as_a_whole_field() -> None:
    bodies: list[object] = [{"a": [{"v": text}]} for text in ("46000", "x46000", "146000")]
    assert certainties(bodies, ("sim_op", "t", "46000")) == [{"possible"}, set(), set()]


@pytest.mark.parametrize(
    ("data_type", "name", "certainty"),
    [
        ("account_pi", "林小满", "found"), ("form", "林致", "found"), ("account_pi", "欧阳小满", "found"),
        ("ui_input", "林小满", "possible"), ("contacts", "林小满", "possible"), ("account_pi", "中国移动", "possible"),
        ("account_pi", "海淀区", "possible"), ("account_pi", "隐私政策", "possible"),
        ("account_pi", "Fenna", "possible"), ("account_pi", "Leopoldine", "found"), ("form", "Fennah", "found"),
        ("account_pi", "leopoldine", "possible"), ("account_pi", "Summer", "possible"),
        ("account_pi", "Advertising", "possible"), ("user_profile", "Leopoldine", "possible"),
        ("accounts", "Leopoldine", "possible"),
    ],
)  # fmt: skip
def test_a_name_that_was_entered_is_found_as_a_whole_field(data_type: str, name: str, certainty: str) -> None:
    bodies: list[object] = [{"n": text} for text in (name, f"{name}路", f"我是{name}", f"{name} Inc", f"{name}s")]
    assert certainties(bodies, (data_type, "t", name)) == [{certainty}, set(), set(), set(), set()]


def test_few_apps_or_those_of_every_phone_are_no_list() -> None:
    apps = [f"com.vendor.tool{i}" for i in range(6)]
    common = "com.android.vending com.google.android.gms com.android.chrome com.huawei.hwid com.miui.home".split()
    needles = [("apps", f"t{i}", name) for i, name in enumerate([*apps, *common])]
    bodies: list[object] = [apps[:4], apps[:5], common, [*common, apps[0]]]
    assert certainties(bodies, *needles) == [{"possible"}, {"found"}, set(), {"possible"}]


def test_values_in_paths_and_keys_are_hidden() -> None:
    searcher = Searcher("com.example")
    searcher.add(Needle(*item) for item in IDENTIFIERS)
    sent = Transmission(t=1, err=0, src="import", app="a", flow="f", host="a.example", port=1, path=f"/u/{IMEI}/x?i=1")
    body = json.dumps({IMEI: {"imei": IMEI}}).encode()
    event, _ = examine(searcher, sent, Message(target=f"/u/{IMEI}/x?i={IMEI}".encode(), body=body))
    assert event.path == "/u/…/x"
    assert {m.path for m in event.matches} == {"path[1]", "query.i", "body.json.….imei"}
    assert IMEI not in str(event)


def test_a_needle_is_taken_up_once() -> None:
    searcher = Searcher("com.example")
    assert searcher.add([Needle("imei", "t", IMEI)] * 3) == 1
    assert searcher.add([Needle("apps", "t", "com.example"), Needle("mac", "t", "02:00:00:00:00:00")]) == 0


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_archive_is_one_that_cannot_be_read(method: int) -> None:
    """Whatever an app sends: the decoder raises nothing but ``ValueError``, and goes on."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", b"hello world " * 100)
    whole, rng = out.getvalue(), random.Random(7)
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        with contextlib.suppress(ValueError):
            unzip(bytes(data), 100_000)


SALTED = hashlib.sha256(b"salt" + IMEI.encode()).digest()
PLAIN = json.dumps({"id": IMEI, "os": "android"}).encode()


def matches(message: Message, *needles: Needle) -> list[Match]:
    searcher = Searcher("com.example")
    searcher.add(needles or [Needle("imei", "t", IMEI), Needle("imei", "t", SALTED.hex(), "digest")])
    return [m for m in searcher.search(decode(message)) if m.certainty == "found"]


def forms(text: str | bytes) -> set[str]:
    value = text if isinstance(text, bytes) else json.dumps({"v": text}).encode()
    return {m.form for m in matches(Message(body=value))}


def _sha(name: str) -> bytes:
    return _named(name, IMEI)


def _changed(data: bytes, at: int = -1) -> bytes:
    out = bytearray(data)
    out[at] ^= 1
    return bytes(out)


def _body(value: str) -> bytes:
    return json.dumps({"a": "hello world " * 6, "id": value, "b": "bye " * 10}).encode()


def _field(value: str | bytes) -> bytes:
    return json.dumps({"v": value if isinstance(value, str) else value.decode()}).encode()


#: What is sent, by the names of ``tests/followed.yaml``.
_STANDARD = (string.ascii_uppercase + string.ascii_lowercase + string.digits).encode()
LOWER_FIRST = bytes.maketrans(_STANDARD, _STANDARD.swapcase())
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
    "sm3": lambda v: _field(_named("sm3", v).hex()),
    "sha512": lambda v: _field(_named("sha512", v).hex()),
    "sha256_cut": lambda v: _field(base64.b64encode(_named("sha256", v)[:8])),
    "md5_uuid": lambda v: _field(str(uuid.UUID(bytes=_named("md5", v), version=3))),
}


def test_the_table_of_codings_is_tried() -> None:
    assert set(CODINGS) == set(load(Path(__file__).parents[1] / "followed.yaml")["codings"])


@pytest.mark.parametrize("coding", CODINGS)
def test_a_coding_and_its_near_miss(coding: str) -> None:
    assert len(matches(Message(body=CODINGS[coding](IMEI)))) == 1
    assert matches(Message(body=CODINGS[coding](IMEI[:-1] + "3"))) == []


@pytest.mark.parametrize("body", [{"indent": 2}, {"ensure_ascii": False}, {"indent": 1, "ensure_ascii": False}])
def test_base64_in_another_order_of_a_text_in_lines_or_in_chinese(body: dict[str, Any]) -> None:
    said = json.dumps({"设备标识": IMEI, "渠道": "应用市场"}, **body).encode()
    assert len(matches(Message(body=_field(base64.b64encode(said).translate(LOWER_FIRST))))) == 1


@pytest.mark.parametrize("size", [8, 10, 12, 16, 20])
@pytest.mark.parametrize("name", ["sha1", "sha256", "sm3", "sha512", "digest"])
def test_a_digest_cut_short(name: str, size: int) -> None:
    digest = SALTED if name == "digest" else _sha(name)
    whole = size == len(digest)
    expected = {name if whole else f"{name}_cut"}
    assert forms(digest[:size].hex()) == expected
    assert forms(digest[:size].hex().upper()) == expected
    assert forms(base64.b64encode(digest[:size]).decode()) == expected
    assert forms(f"id={digest[:size].hex()};") == expected
    assert forms(_changed(digest[:size]).hex()) == set()
    assert forms(base64.b64encode(_changed(digest[:size])).decode()) == set()
    if not whole:
        assert forms("7" + digest[:size].hex()) == set(), "part of something longer"


def test_a_whole_digest_is_called_by_its_name_and_not_by_its_parts() -> None:
    for name in ("md5", "sha1", "sha256", "sm3", "sha512"):
        assert forms(_sha(name).hex()) == {name}
    assert forms(SALTED.hex()) == {"digest"}


def test_a_digest_in_the_shape_of_a_uuid() -> None:
    md5 = _sha("md5")
    assert forms(str(uuid.UUID(bytes=md5))) == {"md5_uuid"}
    assert forms(str(uuid.UUID(bytes=md5, version=3)).upper()) == {"md5_uuid"}  # UUID.nameUUIDFromBytes
    assert forms(str(uuid.UUID(bytes=SALTED[:16], version=5))) == {"digest_uuid"}
    assert forms(str(uuid.UUID(bytes=_changed(md5), version=3))) == set()
    assert forms("a" + str(uuid.UUID(bytes=md5))) == set()


def test_base32_of_a_value_or_digest_alone() -> None:
    assert forms(base64.b32encode(IMEI.encode()).decode()) == {"plain"}
    assert forms(base64.b32encode(SALTED[:16]).decode()) == {"digest_cut"}


def test_cbor() -> None:
    body = cbor2.dumps({"d": [{"id": IMEI}, {"n": int(IMEI)}], "k": SALTED, "t": "x" * 300})
    found = {(m.path, m.form) for m in matches(Message(body=body))}
    assert found == {("body.cbor.d[0].id", "plain"), ("body.cbor.d[1].n", "plain"), ("body.cbor.k", "digest")}
    assert matches(Message(body=cbor2.dumps({"id": IMEI[:-1] + "9"}))) == []
    for bad in (b"\xbf", b"\x9b" + b"\xff" * 8, b"\xa1\x61", b"\x9f" * 300, body[:-1], body + b"\0"):
        with pytest.raises(ValueError, match=r".+"):
            read_cbor(bad, 100)


def _snappy(data: bytes) -> bytes:
    """A block, without any magic number."""
    return bytes(cramjam.snappy.compress_raw(data))


def _lz4_java(data: bytes) -> bytes:
    packed = lz4.block.compress(data, store_size=False)
    return LZ4_JAVA + b"\x26" + struct.pack("<III", len(packed), len(data), 0) + packed + LZ4_JAVA + b"\x16" + bytes(12)


def _snappy_java(data: bytes) -> bytes:
    packed = _snappy(data)
    return SNAPPY_JAVA + struct.pack(">III", 1, 1, len(packed)) + packed


FRAMES: dict[str, tuple[Callable[[bytes], bytes], Codec]] = {
    "lz4": (lz4.frame.compress, unlz4), "lz4-java": (_lz4_java, unlz4), "snappy": (_snappy, unsnappy),
    "snappy frames": (lambda data: bytes(cramjam.snappy.compress(data)), unsnappy),
    "snappy-java": (_snappy_java, unsnappy),
}  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_lz4_and_snappy(frame: str) -> None:
    pack, unpack = FRAMES[frame]
    plain, rng = _body(IMEI), random.Random(3)
    whole = pack(plain)
    assert unpack(whole, 1 << 20) == (plain, True, False) and unpack(whole, 20).capped
    for body in (whole, base64.b64encode(whole)):
        assert len(matches(Message(body=body))) == 1
    assert matches(Message(body=pack(plain.replace(b"8240", b"8241")))) == []
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(rng.randrange(1, 6)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        with contextlib.suppress(ValueError):
            assert len(unpack(bytes(damaged), 5_000).data) <= 5_000


def test_a_list_of_code_points_is_read_as_text() -> None:
    name = "张伟明先生"
    (found,) = _listed([str(ord(character)) for character in name])
    assert found.decode() == name
    assert list(_listed(["99999999"])) == []


@pytest.mark.parametrize(
    "frame",
    [
        b'42/chat,17["login",%s]' % PLAIN,
        b'451-["up",{"_placeholder":true,"num":0},"%s"]' % IMEI.encode(),
        b'73:42["login",%s]' % PLAIN,
    ],
)
def test_frames_of_socket_io(frame: bytes) -> None:
    assert len(matches(Message(body=frame))) == 1
    assert matches(Message(body=frame), Needle("imei", "t", IMEI[:-1] + "9")) == []


def test_a_list_is_found_when_enough_of_it_stands_together() -> None:
    names = ["Anna", "Bertil", "Cesar", "David", "Erik", "Filip"]
    needles = [Needle("contacts", f"t{i}", name) for i, name in enumerate(names)]

    def found(some: list[str]) -> int:
        return len(matches(Message(body=json.dumps({"people": [{"n": name} for name in some]}).encode()), *needles))

    assert found(names) == 6
    assert found(names[:5]) == 5
    assert found(names[:4]) == 0
    assert found(["Anna"] * 9) == 0
