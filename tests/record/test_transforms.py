"""What a hooked call derived from a known value is searched for, and nothing else."""

import hashlib
import hmac

import msgspec
import pytest

from monitor.events import ApiCall, ValueRef
from monitor.record.transforms import CALLS, Transforms
from monitor.session.observe import RawValue

IMEI = "358240057611122"
REF = ValueRef(data_type="imei", tag="t", commit="c", size=15)


def known() -> Transforms:
    transforms = Transforms("com.example")
    transforms.register([RawValue("imei", IMEI)], [REF])
    return transforms


def call(hook: str = "mac.do_final", t: int = 1) -> ApiCall:
    return ApiCall(
        t=t, err=1, src="hooks:1", app="a", hook=hook, role="transform", data_type="crypto", cls="C", method="m",
        sig="()", outcome="value",
    )  # fmt: skip


def crypto(*texts: str) -> list[RawValue]:
    return [RawValue("crypto", text) for text in texts]


def test_a_keyed_digest_of_a_known_value() -> None:
    result = hmac.new(b"secret", IMEI.encode(), hashlib.sha256).hexdigest()
    made = known().made(call(), crypto(f"id={IMEI}".encode().hex(), result))
    assert made.refs == [REF]
    assert [tuple(needle) for needle in made.needles] == [("imei", "t", result, "mac")]


def test_a_digest_of_a_digest_is_followed() -> None:
    inner = hashlib.md5(IMEI.encode()).hexdigest()
    made = known().made(call("digest.digest"), crypto(inner.encode().hex(), "ab" * 16))
    assert [(needle.tag, needle.form) for needle in made.needles] == [("t", "digest")]


def test_other_inputs_and_short_results_make_nothing() -> None:
    assert known().made(call(), crypto(b"hello world".hex(), "ab" * 16)) == ([], [])
    assert known().made(call(), crypto(IMEI[:-1].encode().hex(), "ab" * 16)) == ([], [])
    assert known().made(call(), crypto("ab" * 16)) == ([], [])
    assert known().made(call(), []) == ([], [])
    assert known().made(call(), crypto(IMEI.encode().hex(), "abcd")) == ([REF], [])
    message = crypto((IMEI.encode() + b"x" * 500).hex(), "ab" * 16)
    assert known().made(call(), message) == ([REF], []), "a signature of a message is not the value in it"
    assert known().made(call("cipher.do_final"), message).needles


def test_results_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.record.transforms.MOST", 50)
    transforms = known()
    for number in range(55):
        transforms.made(call(), crypto(IMEI.encode().hex(), f"{number:032x}"))
    assert transforms.made(call(), crypto(IMEI.encode().hex(), "f" * 32)).needles == []


def test_a_plain_digest_is_looked_for_under_its_own_name_and_a_keyed_one_once() -> None:
    transforms = known()
    plain = hashlib.md5(IMEI.encode()).hexdigest()
    assert transforms.made(call("digest.digest"), crypto(IMEI.encode().hex(), plain)) == ([REF], [])
    keyed = crypto(IMEI.encode().hex(), "c0ffee" * 6)
    assert [len(transforms.made(call(), keyed).needles) for _ in range(2)] == [1, 0]


def test_what_was_derived_is_followed_in_turn() -> None:
    transforms = known()
    first = hashlib.sha256(b"salt" + IMEI.encode()).hexdigest()
    transforms.made(call("digest.digest"), crypto((b"salt" + IMEI.encode()).hex(), first))
    for text in (first.encode().hex(), first):  # its hexadecimal text, its bytes
        made = transforms.made(call("cipher.do_final"), crypto(text, hashlib.sha512(text.encode()).hexdigest()))
        assert [needle.form for needle in made.needles] == ["cipher"]
    other = hashlib.sha256(b"pepper" + IMEI.encode()).hexdigest()
    assert transforms.made(call("cipher.do_final"), crypto(other, "ef" * 16)) == ([], [])


def test_a_uuid_made_of_a_value_is_followed_as_bytes_and_as_text() -> None:
    made = known().made(
        call("uuid.name_from_bytes"), crypto(IMEI.encode().hex(), "2a5b1c3d-7b4d-3e8a-9f60-1c2d3e4f5a6b")
    )
    assert [(needle.value, needle.form) for needle in made.needles] == [("2a5b1c3d7b4d3e8a9f601c2d3e4f5a6b", "digest")]


def test_what_was_derived_before_the_value_was_known_is_followed_once_it_is() -> None:
    transforms = Transforms("com.example")
    first, second = "ab" * 10 + "c0ffee" * 2, "12" * 16 + "fedcba"
    assert transforms.made(call("digest.digest"), crypto((b"salt" + IMEI.encode()).hex(), first)) == ([], [])
    assert transforms.made(call("cipher.do_final"), crypto(first.encode().hex(), second)) == ([], [])
    other = ValueRef(data_type="imsi", tag="o", commit="c", size=15)
    assert transforms.register([RawValue("imsi", "460011234567890")], [other])[1:] == []
    value, *made = transforms.register([RawValue("imei", IMEI)], [REF])
    assert value.value == IMEI
    assert [(n.tag, n.value, n.form) for n in made] == [("t", first, "digest"), ("t", second, "cipher")]
    assert transforms.register([RawValue("imei", IMEI)], [REF]) == [], "once"


def test_what_began_before_the_call_that_delivered_the_value_is_not_looked_at_again() -> None:
    for began, found in ((98, 0), (99, 1), (150, 1)):  # give or take a microsecond
        transforms = Transforms("com.example")
        transforms.made(call("digest.digest", began), crypto((b"salt" + IMEI.encode()).hex(), "c0ffee" * 6))
        assert len(transforms.register([RawValue("imei", IMEI)], [REF], since=100)) == 1 + found


def test_only_the_last_calls_are_looked_at_again() -> None:
    for between, found in ((CALLS - 1, 1), (CALLS, 0)):
        transforms = Transforms("com.example")
        transforms.made(call("digest.digest"), crypto((b"salt" + IMEI.encode()).hex(), "c0ffee" * 6))
        for number in range(between):
            transforms.made(call("digest.digest"), crypto(f"nothing {number}".encode().hex(), f"{number:032x}"))
        assert len(transforms.register([RawValue("imei", IMEI)], [REF])) == 1 + found


HERE = "39.9163447,116.3971546"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"la":39.9163447,"lo":116.3971546}', True),
        ('{"la":"39.9163","lo":"116.3972"}', True),
        ('{"lat":39.92,"lng":116.40}', True),
        ('{"gps":[{"x":"39.916345,116.397155"}]}', True),
        ("39.9163447|116.3971546", True),
        ('{"la":39.9263447,"lo":116.3971546}', False),
        ('{"la":39.9163447,"lo":116.4071546}', False),
        ('{"price":39.9,"size":116.4}', False),
        ('{"la":39.9163447}', False),
    ],
)
def test_a_position_is_found_in_what_is_encrypted_as_in_what_is_sent(text: str, found: bool) -> None:
    transforms = Transforms("com.example")
    place = ValueRef(data_type="location", tag="p", commit="c", size=22)
    transforms.register([RawValue("location", HERE)], [place])
    made = transforms.made(call("cipher.do_final"), crypto(text.encode().hex(), "ef01" * 12))
    assert made.refs == ([place] if found else [])
    assert [(n.data_type, n.tag, n.form) for n in made.needles] == ([("location", "p", "cipher")] if found else [])


PHONE = "13907155826"


@pytest.mark.parametrize("salted", ["yj#2023{}", "{}2023#yj", "20{}"])
def test_a_salt_that_ends_in_digits_hides_no_number(salted: str) -> None:
    """Parts of what is digested are one text by then."""
    ref = msgspec.structs.replace(REF, data_type="phone_no")
    transforms = Transforms("com.example")
    transforms.register([RawValue("phone_no", PHONE)], [ref])
    made = transforms.made(call("digest.digest"), crypto(salted.format(PHONE).encode().hex(), "ab" * 16))
    assert made.refs == [ref] and len(made.needles) == 1
    other = crypto(f"id=1{PHONE}2;".encode().hex(), "cd" * 16)
    assert transforms.made(call("digest.digest"), other) == ([], []), "between other digits it is another number"
