"""Positions: datums against published reference points, every way of writing, near misses; shapes; consent."""

from __future__ import annotations

import base64
import gzip
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from searching import search

from monitor.content import Message, Searcher, decode
from monitor.content.coordinates import Point, geohash, parse_point, to_bd09, to_gcj02
from monitor.content.identifiers import guesses, luhn, resident_id
from monitor.events import Match
from monitor.knowledge.consent_strings import ALL, NONE, SOME, extent, purposes

HERE = Point(31.230416, 121.473701)
GCJ, BD = to_gcj02(HERE), to_bd09(to_gcj02(HERE))
EXACT, COARSE = (HERE.lat, HERE.lon), (39.92, 116.4)


def matches(sent: object, known: tuple[float, float] = EXACT) -> list[Match]:
    return search(sent, ("location", "t", "{},{}".format(*known)))


def pair(lat: object, lon: object) -> object:
    return {"p": {"lat": lat, "lng": lon}}


def test_datums_shift_by_some_hundred_metres() -> None:
    # Beijing, a point often quoted with its conversions: WGS-84 39.908823,116.397470
    gcj = to_gcj02(Point(39.908823, 116.397470))
    assert gcj.lat == pytest.approx(39.910226, abs=2e-5) and gcj.lon == pytest.approx(116.403714, abs=2e-5)
    bd = to_bd09(gcj)
    assert bd.lat == pytest.approx(39.916527, abs=1e-4) and bd.lon == pytest.approx(116.410126, abs=1e-4)
    assert to_gcj02(Point(48.8584, 2.2945)) == Point(48.8584, 2.2945)


def test_published_points_and_numbers() -> None:
    assert geohash(Point(57.64911, 10.40744), 11) == "u4pruydqqvj"
    assert luhn("490154203237518") and not luhn("490154203237519")
    assert luhn("4111111111111111") and not luhn("4111111111111112")
    assert resident_id("11010519491231002X") and not resident_id("110105194912310021")


DOUBLE = b"\x09" + struct.pack("<d", HERE.lat) + b"\x11" + struct.pack("<d", HERE.lon)
SINGLE = b"\x0d" + struct.pack("<f", HERE.lat) + b"\x15" + struct.pack("<f", HERE.lon)
#: The form in which a position is found in what is sent; bytes are protobuf.
WRITTEN: list[tuple[str, object]] = [
    *(("decimal", pair(*point)) for point in (
        EXACT, (31.23, 121.474), (31.2304, 121.4737), (31.23, 121.47), (31.2304161234, 121.4737011234),
    )),
    ("decimal", {"g": "31.2304,121.4737"}),
    ("decimal", {"g": "121.4737,31.2304"}),
    ("gcj02.decimal", pair(round(GCJ.lat, 6), round(GCJ.lon, 6))),
    ("bd09.decimal", pair(round(BD.lat, 5), round(BD.lon, 5))),
    ("e5", pair(3123042, 12147370)),
    ("e6", pair(31230416, 121473701)),
    ("e7", pair(312304160, 1214737010)),
    ("gcj02.e6", pair(int(GCJ.lat * 1e6), int(GCJ.lon * 1e6))),
    ("dms", {"g": "31\u00b013'49.5\"N 121\u00b028'25.3\"E"}),
    ("dms", {"GPSLatitude": "31/1,13/1,494976/10000", "GPSLongitude": "121/1,28/1,253236/10000"}),
    ("geohash", {"geohash": geohash(HERE, 9)}),
    ("gcj02.geohash", {"geohash": geohash(GCJ, 8)}),
    ("float64", DOUBLE),
    ("float64", b"\x0a\x04name\x12" + bytes([len(DOUBLE)]) + DOUBLE),
    ("float32", SINGLE),
]  # fmt: skip


@pytest.mark.parametrize(("form", "sent"), WRITTEN)
def test_every_way_of_writing(form: str, sent: object) -> None:
    message = Message(body=sent, content_type="application/x-protobuf") if isinstance(sent, bytes) else sent
    assert [(m.form, m.certainty) for m in matches(message)] == [(form, "found")]


#: A position, what is sent, and how certainly it is that position: halves, near misses and prices are none.
CERTAINTIES: list[tuple[tuple[float, float], str, object]] = [
    *((EXACT, "", body) for body in (
        pair(31.2304, 121.4837), pair(31.2404, 121.4737), pair(31.2304, 5), pair(31230416, 121573701),
        pair(round(GCJ.lat, 6), round(HERE.lon, 6)), {"geohash": geohash(Point(31.3, 121.4), 9)},
        {"price": 31.2304, "rate": 4.5}, {"v": "131.2304,1121.4737"},
    )),
    (EXACT, "possible", {"a": {"price": 31.23}, "b": {"total": 121.47}}),
    *((COARSE, "found", body) for body in (
        {"lat": "39.92", "lon": "116.4"}, {"lat": 39.92, "lng": 116.4}, {"at": "39.92,116.4"},
        gzip.compress(b'{"lat":"39.92","lon":"116.4"}', mtime=0),
    )),
    (COARSE, "possible", {"a": 39.92, "b": 116.4}),
    *((COARSE, "", body) for body in (
        {"lat": 39.92}, {"lon": "116.4"}, {"lat": 39.92, "lon": 116.5}, {"lat": 39.82, "lon": 116.4},
        {"item": {"price": 39.92}, "total": {"sum": 116.4}}, {"lat": 39.92, "lon": 116}, {"lat": 39.9, "lon": 116.4},
        {"v": "3.39.92", "w": "116.4.1"},
    )),
]  # fmt: skip


@pytest.mark.parametrize(("known", "certainty", "sent"), CERTAINTIES)
def test_how_certain_a_position_is(known: tuple[float, float], certainty: str, sent: object) -> None:
    assert [m.certainty for m in matches(sent, known)] == ([certainty] if certainty else [])


@given(st.floats(-89, 89), st.floats(-179, 179))
def test_any_pair_is_read_back(lat: float, lon: float) -> None:
    point = parse_point(f"{lat:.6f},{lon:.6f}")
    assert point is None or (abs(point.lat - lat) < 1e-5 and abs(point.lon - lon) < 1e-5)


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"imei": "490154203237518", "n": "490154203237518", "order": "460001234567890"}, {("imei", "imei")}),
        ({"Android-ID": "9f1c2b3a4d5e6f70", "hash": "9f1c2b3a4d5e6f70"}, {("android_id", "Android-ID")}),
        ({"v": "11010519491231002X"}, {("account_pi", "v")}),
        ({"loc": {"latitude": 48.8584, "longitude": 2.2945}, "x": 1.5}, {("location", "loc.latitude")}),
        ({"mac": "02:00:00:00:00:00", "imei": "0" * 15, "gaid": "00000000-0000-0000-0000-000000000000"}, set()),
        ({"phone": "13812345678", "ts": "13812345678"}, {("phone_no", "phone")}),
    ],
)
def test_shapes_are_possible_and_need_a_telling_name(sent: dict[str, object], found: set[tuple[str, str]]) -> None:
    seen = Searcher("").search(decode(Message(body=json.dumps(sent).encode())))
    assert {(m.data_type, m.path.removeprefix("body.json."), m.certainty) for m in seen} == {
        (*one, "possible") for one in found
    }


#: The example of the TCF's specification; the package iab-tcf 0.2.2 reads purposes 1 to 3 from it, too.
SPECIFIED = (
    "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBA"
)


def string(chosen: str, version: int = 2) -> str:
    """A TC string whose purposes are these 24 bits."""
    bits = f"{version:06b}" + "1" * 146 + chosen + "0" * 64
    data = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_the_example_of_the_specification_alone_and_in_a_gpp_string() -> None:
    assert purposes(SPECIFIED) == purposes(f"DBABMA~{SPECIFIED}") == "111" + "0" * 21


@given(st.integers(0, 2**24 - 1).map("{:024b}".format))
def test_any_choice_is_read(chosen: str) -> None:
    assert purposes(string(chosen)) == chosen
    assert purposes(string(chosen, 3)) == ""


@given(st.text())
def test_nothing_else_is_one(text: str) -> None:
    assert purposes(text) == ""


@pytest.mark.parametrize(
    ("bits", "how"),
    [
        ("0" * 24, NONE),
        ("1" * 10, ALL),
        ("1" * 10 + "0" * 14, ALL),
        ("1", SOME),
        ("01" * 12, SOME),
        ("", ""),
        ("12", ""),
    ],
)
def test_how_much_was_consented_to(bits: str, how: str) -> None:
    assert extent(bits) == how


def test_one_is_told_whatever_its_field() -> None:
    tree = decode(Message(target=f"/t?x={SPECIFIED}&y={'C' * 40}".encode()))
    assert [(guess.data_type, guess.form) for guess in guesses(tree)] == [("consent", SOME)]
