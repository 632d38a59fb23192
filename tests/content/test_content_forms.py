"""Every form of a known value is found, alone and two wrappings deep, with its type, place and form."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import random
import urllib.parse
import zipfile

import pytest

from monitor.content import Message, Needle, Searcher, decode
from monitor.content.codings import unzip
from monitor.content.decode import examine
from monitor.events import Transmission

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


def _digest(name: str, text: str) -> hashlib._Hash:
    return hashlib.new(name, text.encode())


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
            _raw = _digest(_name, _text).digest()
            FORMS.append((_type, _name, _raw.hex(), f"of {_text}"))
            FORMS.append((_type, _name, _raw.hex().upper(), f"of {_text}, upper"))
            FORMS.append((_type, _name, base64.b64encode(_raw).decode(), f"of {_text}, base64"))
            FORMS.append((_type, _name, base64.urlsafe_b64encode(_raw).decode(), f"of {_text}, base64url"))
        FORMS.append((_type, "md5_16", _digest("md5", _text).hexdigest()[:16], f"of {_text}"))


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
