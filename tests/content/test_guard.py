"""No known value in any text of an event, in any field and any encoding."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from forms import AROUND, LAYERS, SPELLINGS, forms
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.content import Needle, Searcher
from monitor.content.decode import Message, decode
from monitor.content.guard import Guard, covered, personal
from monitor.content.needles import patterns
from monitor.events import KINDS, Match, Transmission, encode
from monitor.session.observe import bucket
from tests.each import each

APP = "com.example.shop"
VALUES = {
    "imei": "863301048722415",
    "android_id": "9f3c2b7a61d04e85",
    "mac": "5C:CF:7F:3A:91:0D",
    "gaid": "38400000-8cf0-11bd-b23e-10b96e40000d",
    "phone_no": "13912345678",
    "ssid": "Haus-am-See 4711",
    "location": "31.230416,121.473701",
    "clipboard": "我的卡号是六二二二八八",
}


def _guard() -> Guard:
    guard = Guard(APP)
    guard.learn((data_type, f"{n:032x}", text) for n, (data_type, text) in enumerate(VALUES.items()))
    return guard


GUARD = _guard()


def _encodings(text: str) -> list[str]:
    """The value as an app may write it into a text."""
    raw = text.encode()
    packed = base64.b64encode(gzip.compress(json.dumps({"a": {"id": text}}).encode())).decode()
    return [
        text,
        text.upper(),
        f"id={text}&x=1",
        f"<b>{text}</b>",
        raw.hex(),
        "".join(f"%{b:02x}" for b in raw),
        "".join(f"%25{b:02X}" for b in raw),
        "".join(f"&#{ord(c)};" for c in text),
        base64.b64encode(raw).decode(),
        base64.b64encode(b"x" + raw + b"yz").decode(),
        json.dumps({"inner": json.dumps({"id": text})}),
        packed,
    ]


EXAMINER = Searcher()
EXAMINER.add([Needle(data_type, data_type, text) for data_type, text in VALUES.items()])


@cache
def _read(text: str) -> frozenset[str]:
    """The values in a text, once for each: most of an event's texts are those of the event before."""
    tree = decode(Message(target=b"/" + text.encode(), body=text.encode()))
    return frozenset(m.data_type for m in EXAMINER.search(tree, shapes=False) if m.certainty == "found")


def _found(data: bytes) -> set[str]:
    """What an examiner with the values finds in what was written: each text decoded like traffic."""
    found = {owner.data_type for _, _, owner in EXAMINER.scan(data) if not owner.weak}

    def walk(value: Any) -> None:
        if isinstance(value, str):
            for text in {value, html.unescape(value)}:
                found.update(_read(text))
        elif isinstance(value, dict):
            for name, item in value.items():
                walk(name)
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(msgspec.json.decode(data))
    return found


def _filled(kind: type[Any], text: str, only: str = "") -> Any:
    """An event whose texts of the app's own (all, or one) hold ``text``."""
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {"t": 1, "err": 0, "src": "proxy", "app": APP}
    for field in msgspec.structs.fields(kind):
        if field.name not in values and field.required:
            match = Match(data_type="imei", form="plain", path="x", certainty="found", tag="")
            values[field.name] = {str: "x", int: 0, bool: False, Match: match}.get(field.type, [])
    for name in _texts(kind):
        if only in ("", name):
            sort = fields[name]
            values[name] = text if sort is str else {"key": text} if "dict[str, str]" in str(sort) else [text]
    return kind(**values)


def _texts(kind: type[Any]) -> list[str]:
    """Fields that an app can write into."""
    ours = """src app hook role data_type sig outcome sdk org party via state verb scheme protocol link decoded
    attribution what sha256 head tree screenshot flow result dialog window_kind action prompt_kind reading
    inner""".split()
    return [
        field.name
        for field in msgspec.structs.fields(kind)
        if field.name not in ours and (field.type is str or str(field.type) in ("list[str]", "dict[str, str]"))
    ]


FIELDS = [(name, field) for name, kind in sorted(KINDS.items()) for field in _texts(kind)]


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_no_value_in_any_field_in_any_form(kind: str, field: str, guard: Guard = GUARD) -> None:
    turn = FIELDS.index((kind, field))
    for data_type, value in list(VALUES.items())[turn % 4 :: 4]:
        for encoded in _encodings(value):
            event = _filled(KINDS[kind], encoded, field)
            assert not _found(encode(guard.public(event))), (data_type, encoded)


def test_every_form_that_traffic_is_searched_for() -> None:
    guard = _guard()
    for data_type, value in VALUES.items():
        for pattern in patterns(Needle(data_type, "", value)):
            text = pattern.data.decode("utf-8", "ignore")
            if text.encode() != pattern.data:
                continue  # bytes that no text can be
            event = _filled(KINDS["window"], f"a {text} b")
            assert pattern.data not in encode(guard.public(event)), (data_type, pattern)


def test_values_in_the_names_of_a_mapping_and_cut_over_neighbouring_texts() -> None:
    guard = _guard()
    snapshot = KINDS["ui_snapshot"](
        t=1, err=0, src="runner", app=APP, name="n", sizes={VALUES["imei"]: [1, 2, 3, 4]},
        texts=[VALUES["imei"][:8], VALUES["imei"][8:]],
    )  # fmt: skip
    assert VALUES["imei"] not in encode(guard.public(snapshot)).decode().replace('","', "")  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "field"), [one for one in FIELDS if one[1] != "path"])
def test_a_text_that_was_cut_ends_with_no_part_of_a_value(kind: str, field: str) -> None:
    """Wherever it was cut: fields, messages of exceptions and windows are, each after so many characters."""
    for part in (VALUES["imei"][:kept] for kept in range(7, 15)):
        event = _filled(KINDS[kind], "a" * 30 + " " + part, field)
        assert part.encode() not in encode(GUARD.public(event))


@pytest.mark.parametrize(
    "text", ["order 8633019", "8633010", "863301048722416", "call 86330", "id 9f3c2b7", "Haus-am-"]
)
def test_what_only_begins_alike_stays(text: str) -> None:
    hidden = text in ("8633010", "id 9f3c2b7")
    assert (GUARD.hide(text) != text) is hidden


def test_a_value_begun_very_often_is_hidden_as_often() -> None:
    assert GUARD.hide("to " + VALUES["imei"][:7] * 5_000) == "to …"


@pytest.mark.parametrize("field", ["method", "http_version", "content_type"])
def test_a_request_is_cut_only_when_no_value_is_in_it(field: str) -> None:
    """In any coding: a half of base64 is a half of the value."""
    raw = VALUES["imei"].encode()
    for start in range(0, 140, 7):
        for value in (raw.decode(), raw.hex(), base64.b64encode(raw).decode(), "".join(f"%{b:02x}" for b in raw)):
            written = getattr(GUARD.public(_filled(Transmission, "a" * start + " " + value, field)), field)
            assert len(written) <= 120 and value[:6] not in written, (start, value)
    event = _filled(Transmission, "a " * 20_000, field)
    assert getattr(GUARD.public(event), field) == getattr(Guard(APP).public(event), field) == "…"


def test_the_owner_of_a_host_can_still_be_read() -> None:
    event = _filled(KINDS["transmission"], f"{VALUES['android_id']}.t.beacon.example", "host")
    assert _guard().public(event).host == "….t.beacon.example"


@given(st.text(max_size=60))
@settings(max_examples=50)
def test_other_texts_stay_as_they_are(text: str) -> None:
    guard = Guard(APP)
    guard.learn([("imei", "", VALUES["imei"])])
    event = _filled(KINDS["window"], text)
    assert guard.public(event) == event


def test_words_that_many_share_are_no_secret() -> None:
    guard = Guard(APP)
    guard.learn([("apps", "", "com.tencent.mm"), ("hw_fp", "", "Pixel 6 Pro"), ("imei", "", APP)])
    event = _filled(KINDS["window"], "com.tencent.mm on Pixel 6 Pro")
    assert guard.public(event) == event


def test_an_ordinary_word_in_a_field_is_nobody() -> None:
    """A contact called 通讯录 or a search for 人脸识别 must not hide what the user was asked."""
    guard = Guard(APP)
    guard.learn([("contacts", "", "通讯录"), ("form", "", "人脸识别"), ("contacts", "", "欧阳若兰")])
    event = _filled(KINDS["window"], "我们需要人脸识别信息并读取通讯录")
    assert guard.public(event) == event
    assert guard.hide("欧阳若兰的通讯录") == "…的通讯录"


def test_values_that_a_searcher_knows_already_are_hidden_the_same() -> None:
    """As in a session, where the patterns of a value are built once."""
    needles = [Needle(data_type, f"{n:032x}", text) for n, (data_type, text) in enumerate(VALUES.items())]
    needles += [Needle("apps", "", "com.tencent.mm"), Needle("hw_fp", "", "Pixel 6 Pro"), Needle("imei", "", "1234")]
    needles.append(Needle("contacts", "", "欧阳小梅"))
    known = Searcher(APP)
    known.add(needles)
    shared, alone = Guard(APP, known), Guard(APP)
    for guard in (shared, alone):
        guard.learn((needle.data_type, needle.tag, needle.value) for needle in needles)
    texts = [f"id={pattern.data.decode('latin-1')};" for needle in needles for pattern in patterns(needle)]
    texts += [base64.b32encode(needle.value.encode()).decode() for needle in needles]
    texts += ["com.tencent.mm on Pixel 6 Pro", "139****5678", "8633010-48722-415", "nothing here", "1234"]
    hidden = [shared.hide(text) for text in texts]
    assert hidden == [alone.hide(text) for text in texts]
    assert sum("…" in text for text in hidden) > 500
    assert shared.hide("com.tencent.mm on Pixel 6 Pro") == "com.tencent.mm on Pixel 6 Pro"


def test_a_body_is_not_found_by_trying() -> None:
    """All IMEIs of one model are tried in seconds: neither digest nor length may say which it was."""
    event = _filled(KINDS["transmission"], "")
    event = msgspec.structs.replace(event, sha256="ab" * 32, bytes=41, response_bytes=1003)
    public = covered(event, lambda digest: "cd" * 32)
    assert isinstance(public, Transmission)
    assert (public.sha256, public.bytes, public.response_bytes) == ("cd" * 32, 44, 1024)


@given(st.integers(0, 1 << 40))
def test_lengths_reveal_little(length: int) -> None:
    rounded = bucket(length)
    assert length <= rounded <= max(32, length * 1.125 + 1)
    assert bucket(rounded) == rounded
    assert rounded.bit_length() <= 6 or rounded % (1 << (rounded.bit_length() - 5)) == 0


CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
DRESSES: dict[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "HEX": lambda raw: raw.hex().upper(),
    "base64": lambda raw: base64.b64encode(raw).decode(),
    "base64 from within": lambda raw: base64.b64encode(b"abcd" + raw + b"e").decode()[1:],
    "base64url": lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="),
    "base85": lambda raw: base64.b85encode(raw).decode(),
    "ascii85": lambda raw: base64.a85encode(raw).decode(),
    "base85 from within": lambda raw: "x" + base64.b85encode(raw).decode(),
    "bytes": lambda raw: json.dumps(list(raw)),
    "signed bytes": lambda raw: " ".join(str(byte - 256 if byte > 127 else byte) for byte in raw),
    "hex bytes": lambda raw: ",".join(f"0x{byte:02x}" for byte in raw),
    "escapes": lambda raw: "".join(f"\\x{byte:02x}" for byte in raw),
    "percent": lambda raw: "".join(f"%{byte:02X}" for byte in raw),
}
DIGESTS = ("sha224", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512", "sm3")


def _digest(name: str, raw: bytes) -> bytes:
    if name in hashlib.algorithms_available:  # another implementation than the one under test, for SM3
        return hashlib.new(name, raw).digest()
    assert name == "sm3"
    digest = hashes.Hash(hashes.SM3())
    digest.update(raw)
    return digest.finalize()


@pytest.mark.parametrize("data_type", VALUES)
def test_every_charset_in_every_dress_is_found(data_type: str) -> None:
    each(in_dress, ((data_type, charset, dress) for charset in CHARSETS for dress in DRESSES))


def in_dress(data_type: str, charset: str, dress: str) -> None:
    text = DRESSES[dress](VALUES[data_type].encode(charset))
    for whole in (text, f"id={text}", json.dumps({"a": text}, separators=(",", ":")), f"x {text} y"):
        assert GUARD.matches(whole) == data_type, whole
        assert text not in GUARD.hide(whole)


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_name_in_every_charset_is_found(charset: str) -> None:
    dresses = ("hex", "HEX", "base64", "base64url", "base85", "ascii85", "bytes", "percent")
    each(named_in_dress, ((charset, dress) for dress in dresses))


def named_in_dress(charset: str, dress: str) -> None:
    guard = Guard(APP)
    guard.learn([("contacts", "", "欧阳若兰")])
    assert guard.matches(DRESSES[dress]("欧阳若兰".encode(charset))) == "contacts"
    assert not guard.matches(DRESSES[dress]("欧阳若蓝".encode(charset)))


@pytest.mark.parametrize("name", DIGESTS)
def test_every_digest_is_found(name: str) -> None:
    each(digested, ((name, data_type, value) for data_type, value in VALUES.items()))


def digested(name: str, data_type: str, value: str) -> None:
    for spelling in {value, value.upper(), value.lower()}:
        raw = _digest(name, spelling.encode())
        for text in (raw.hex(), raw.hex().upper(), base64.b64encode(raw).decode(), f"h={raw.hex()}&x=1"):
            assert GUARD.matches(text) == data_type, (name, text)
    assert not GUARD.matches(_digest(name, b"somebody else's").hex())


@pytest.mark.parametrize("number", [VALUES["imei"], VALUES["phone_no"]])
def test_a_number_in_other_digits_and_in_parts_is_found(number: str) -> None:
    for zero in "\u0660\u06f0\u0966\u0e50\uff10\U0001d7ce":
        assert GUARD.matches("".join(chr(ord(zero) + int(digit)) for digit in number))
    assert GUARD.matches("".join("〇一二三四五六七八九"[int(digit)] for digit in number))
    assert GUARD.matches("".join("零壹贰叁肆伍陆柒捌玖"[int(digit)] for digit in number))
    even = number + "F" * (len(number) % 2)
    swapped = "".join(even[at + 1] + even[at] for at in range(0, len(even), 2))
    assert GUARD.matches(swapped) and GUARD.matches(f"bcd={swapped.lower()}")
    for size in (3, 4, 5, 6):
        parts = [number[at : at + size] for at in range(0, len(number), size)]
        assert GUARD.matches(json.dumps({f"part_{'abcdef'[n]}": part for n, part in enumerate(parts)}))
        assert GUARD.matches(" und ".join(parts))


@pytest.mark.parametrize("text", ["86330104872241", "imei14=86330104872241;", "8633010487224101", "86330104-872241"])
def test_an_imei_without_its_check_digit_is_recoverable(text: str) -> None:
    """The digit follows from the others."""
    assert GUARD.matches(text) == "imei"
    assert "872241" not in GUARD.hide(text)
    assert not GUARD.matches(text.replace("872241", "872242"))


@pytest.mark.parametrize(
    ("data_type", "text"),
    [
        ("imei", "HA3DGMZQGEYDIOBXGIZDIMJV"),  # base32
        ("imei", "u 8i0j0ymx9r z"),
        ("imei", "u 0X3112AF057E3EF z"),
        ("android_id", "u 11474093755260227205 z"),
        ("android_id", "u -6972650318449324411 z"),
        ("mac", "u 102046262530317 z"),
        ("phone_no", "139****5678"),
        ("phone_no", "电话：139 **** 5678。"),
        ("phone_no", "13912xxxx78"),
        ("imei", "863301•••••2415"),
        ("imei", "8633 **** **** 2415"),
        ("imei", "86-33-****-****-2415"),
        ("imei", "863-301…2415"),
        ("phone_no", "139 1234 ****78"),
        ("phone_no", "2024 139****5678 90"),
    ],
)
def test_other_bases_and_masks_are_hidden_too(data_type: str, text: str) -> None:
    """Such spellings are of no use to an SDK, but serve to smuggle a value past the search."""
    assert GUARD.matches(text) == data_type
    hidden = GUARD.hide(text)
    assert not GUARD.matches(hidden) and len(set(text) & set("0123456789")) > len(set(hidden) & set("0123456789"))


@pytest.mark.parametrize("learnt", ["+86 139-1234-5678", "0086 13912345678", "13912345678"])
def test_a_mobile_number_is_masked_with_or_without_the_code_of_its_country(learnt: str) -> None:
    guard = Guard(APP)
    guard.learn([("phone_no", "0" * 32, learnt)])
    assert guard.matches("139****5678") == "phone_no"
    assert guard.matches(f"u {13912345678:X} z") == "phone_no"  # the number itself, in hex


def test_a_code_of_a_country_is_taken_off_a_mobile_number_alone() -> None:
    """What follows 86 in an IMEI or a landline number is nobody's number."""
    guard = Guard(APP)
    guard.learn([("imei", "0" * 32, "863301048722415"), ("phone_no", "1" * 32, "861012345678")])
    for text in ("330****722415", "101****5678", "1012****678"):
        assert not guard.matches(text), text


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize("encode", [base64.b32encode, base64.b32hexencode])
def test_base32_is_found_wherever_in_a_group_it_begins(encode: Callable[[bytes], bytes], before: int) -> None:
    """Characters put before the encoded text shift its groups of eight."""
    dressed = "A" * before + encode(VALUES["imei"].encode()).decode().rstrip("=")
    assert GUARD.matches(f"u {dressed} z") == "imei"
    assert dressed[before:] not in GUARD.hide(f"u {dressed} z")


def test_a_mask_leaves_six_digits_or_no_value() -> None:
    """Five digits fit too many other numbers, whatever the value."""
    assert GUARD.matches("139****678") == GUARD.matches("1391****78") == "phone_no"
    for text in ("139****78", "139********", "1**8", "139****5679", "13****78", "2026...2415"):
        assert not GUARD.matches(text), text


@given(st.from_regex(r"\A[0-9]{3}\*{4}[0-9]{4}\Z|\A[0-9a-z]{8,24}\Z|\A[A-Z2-7]{16,32}\Z|\A[0-9]{10,20}\Z"))
@settings(max_examples=100)
def test_numbers_of_others_are_not_taken_for_known_ones(text: str) -> None:
    if "139****5678" not in text:
        assert not GUARD.matches(text)


@pytest.mark.parametrize(
    "text", ["/s/86330104/8722415", "/p/139/1234/5678/x", "86330104.8722415.evil.example", "body.json.86330104.8722415"]
)
def test_parts_of_a_value_in_segments_labels_or_keys_are_hidden_with_the_whole(text: str) -> None:
    assert GUARD.matches(text) and not any(part in GUARD.hide(text) for part in ("8722415", "5678"))
    assert not GUARD.matches(text.replace("86330104", "86330105").replace("1234", "1235"))


def _search(text: str) -> set[str]:
    """What the search of traffic finds in a body."""
    tree = decode(Message(body=text.encode()))
    return {m.data_type for m in EXAMINER.search(tree, shapes=False) if m.certainty == "found"}


@pytest.mark.parametrize("data_type", VALUES)
def test_whatever_the_search_finds_the_guard_hides(data_type: str) -> None:
    """Up to three layers over a spelling: one chain, not two."""
    found = 0
    for form in forms(VALUES[data_type], random.Random(data_type), 120):
        if data_type in _search(form.text):
            found += 1
            assert GUARD.matches(form.text), form
            assert not _search(GUARD.hide(form.text)), form
    assert found > 60


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_layer_over_every_spelling_is_found_whatever_stands_around_it(spelling: str) -> None:
    for turn, (data_type, value) in enumerate(VALUES.items()):
        for number, (layer, write) in enumerate(LAYERS.items()):
            around = list(AROUND)[(turn + number) % len(AROUND)]
            if layer.startswith("base85") and around in ("address", "named"):
                continue  # what stands around it is of its letters
            text = AROUND[around](write(SPELLINGS[spelling](value)))
            assert GUARD.matches(text), (data_type, layer, around, text)
            assert not GUARD.matches(GUARD.hide(text))


@pytest.mark.parametrize(("data_type", "hidden"), [("ui_input", True), ("prompt", True), ("sim_op", False)])
def test_what_a_person_typed_is_hidden_be_it_asked_of_a_machine(data_type: str, hidden: bool) -> None:
    assert personal(data_type, "How do I bake bread 7731") is hidden


@pytest.mark.parametrize(
    ("data_type", "value", "written"),
    [
        ("mac", "02:4f:9a:1b:07:3e", "2:4f:9a:1b:7:3e"),
        ("accounts", "zhang.weiming1985@example.cn", "\u200b".join("zhang.weiming1985@example.cn")),
        ("accounts", "zhang.weiming1985@example.cn", "zhang.weiming1985\u00ad@example\ufeff.cn"),
        ("android_id", "a3f29c714be05d68", "a3:f2:9c:71:4b:e0:5d:68"),
    ],
)
def test_spellings_that_look_like_the_value_are_hidden(data_type: str, value: str, written: str) -> None:
    guard = Guard("a.b")
    assert written in guard.hide(f"text {written} end")  # before it is known
    guard.learn([(data_type, "t", value)])
    assert written not in guard.hide(f"text {written} end")
    assert guard.hide("a text\u200b of nobody 02:4f:9a:1b:07:3f") == "a text\u200b of nobody 02:4f:9a:1b:07:3f"
