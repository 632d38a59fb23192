"""A known position in traffic: three datums, any precision, integers, degrees and minutes, geohash, binary floats.

GCJ-02 and BD-09 are implemented from their published formulas; they move a point in China by 100-700 m, so a search
for the WGS-84 numbers alone would miss what Chinese map SDKs send.
"""

import bisect
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final, NamedTuple

from monitor.content.tree import Tree

_A: Final = 6378245.0
_EE: Final = 0.00669342162296594323
_GEOHASH: Final = "0123456789bcdefghjkmnpqrstuvwxyz"
_PAIR: Final = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[,;| /]\s*(-?\d{1,3}(?:\.\d+)?)")
_NUMBER: Final = re.compile(rb"(?<![\d.\w])-?\d{1,3}\.\d{1,20}(?![\d.])")
_INTEGER: Final = re.compile(rb"(?<![\d.\w])-?\d{6,10}(?![\d.\w])")
_DMS: Final = re.compile(
    r"(?<![\d.])(-?\d{1,3})\s*(?:°|º|d|:|/1,|\s)\s*(\d{1,2})\s*(?:'|′|m|:|/1,|\s)\s*(\d{1,2}(?:\.\d+)?|\d{1,9}/\d{1,7})",
    re.I,
)
_LEAST: Final = 2
"""Decimals of an approximate position (about a kilometre)."""
_SIGHTINGS: Final = 2000
_DIGITS: Final = re.compile(rb"\d\d")
_HASH: Final = re.compile(rb"(?<![0-9a-zA-Z])[0-9b-hjkmnp-z]{6,12}(?![0-9a-zA-Z])")
LAT_KEYS: Final = frozenset({"lat", "latitude", "y", "gps_lat", "geo_lat", "lati", "wd", "纬度"})
LON_KEYS: Final = frozenset({"lon", "lng", "long", "longitude", "x", "gps_lon", "gps_lng", "geo_lon", "jd", "经度"})


_AXES: Final = ("lat", "lon")


class Point(NamedTuple):
    """Degrees."""

    lat: float
    lon: float


class Fix(NamedTuple):
    """A known position: its tag, and the same place and its geohash in each datum."""

    tag: str
    places: dict[str, Point]
    hashes: dict[str, str]


class Sighting(NamedTuple):
    """Half of a position (``axis`` lat or lon) found in node ``node``, or a whole one (``axis`` both)."""

    node: int
    axis: str
    datum: str
    way: str
    """decimal, e5, e6, e7, dms, geohash, float32, float64."""
    digits: int


class Pair(NamedTuple):
    """Both halves of a known position in one message."""

    node: int
    """Node of the latitude (or the whole)."""
    form: str
    certain: bool


def parse_point(text: str) -> Point | None:
    """``lat,lon`` (or a text that contains such a pair) in degrees; None if there is no pair in range."""
    for match in _PAIR.finditer(text[:2000]):
        lat, lon = float(match[1]), float(match[2])
        if abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0) and "." in match[0]:
            return Point(lat, lon)
    named = dict(re.findall(r"\b(lat|lng|lon)[a-z]*\W{1,4}(-?\d{1,3}\.\d+)", text[:2000].lower()))
    lon_text = named.get("lon") or named.get("lng")
    return Point(float(named["lat"]), float(lon_text)) if "lat" in named and lon_text else None


def _in_china(p: Point) -> bool:
    return 72.004 <= p.lon <= 137.8347 and 0.8293 <= p.lat <= 55.8271


def to_gcj02(p: Point) -> Point:
    """WGS-84 to GCJ-02; unchanged outside China."""
    if not _in_china(p):
        return p
    x, y = p.lon - 105.0, p.lat - 35.0
    wave = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    rad = p.lat / 180 * math.pi
    magic = 1 - _EE * math.sin(rad) ** 2
    dlat = north * 180 / ((_A * (1 - _EE)) / (magic * math.sqrt(magic)) * math.pi)
    dlon = east * 180 / (_A / math.sqrt(magic) * math.cos(rad) * math.pi)
    return Point(p.lat + dlat, p.lon + dlon)


def to_bd09(gcj: Point) -> Point:
    """GCJ-02 to BD-09."""
    turn = math.pi * 3000 / 180
    z = math.hypot(gcj.lon, gcj.lat) + 0.00002 * math.sin(gcj.lat * turn)
    theta = math.atan2(gcj.lat, gcj.lon) + 0.000003 * math.cos(gcj.lon * turn)
    return Point(z * math.sin(theta) + 0.006, z * math.cos(theta) + 0.0065)


def fix(tag: str, point: Point) -> Fix:
    """A position with its coordinates in the datums that differ there."""
    places = {"wgs84": point}
    if _in_china(point):
        places["gcj02"] = to_gcj02(point)
        places["bd09"] = to_bd09(places["gcj02"])
    return Fix(tag, places, {datum: geohash(place) for datum, place in places.items()})


def geohash(p: Point, length: int = 12) -> str:
    """The geohash of a point, of at most 12 characters."""
    halves = ((p.lon + 180) / 360, (p.lat + 90) / 180)
    lon, lat = (f"{min(int(half * (1 << 30)), (1 << 30) - 1):030b}" for half in halves)
    bits = "".join(map("".join, zip(lon, lat, strict=True)))
    return "".join(_GEOHASH[int(bits[at : at + 5], 2)] for at in range(0, 5 * length, 5))


def numbers(data: bytes) -> Iterator[tuple[float, float, str, int]]:
    """Numbers in a text that may be half a position: degrees, tolerance in degrees, notation, digits of precision."""
    if len(data) < 4 or len(data) > 1 << 20 or not _DIGITS.search(data):
        return
    for match in _NUMBER.finditer(data) if b"." in data else ():
        digits = len(match[0].partition(b".")[2])
        # rounded or truncated: one unit of the last digit, never finer than a metre; 116.4 may have been 116.40
        yield float(match[0]), max(10.0 ** -max(digits, _LEAST), 1e-5) * 1.001, "decimal", digits
    for match in _INTEGER.finditer(data):
        for power in (5, 6, 7):
            yield int(match[0]) / 10**power, 1.5 * 10**-power + 1e-6, f"e{power}", power
    if any(mark in data for mark in (b":", b"'", b"/1,", b"\xc2\xb0", b"\xe2\x80\xb2")):
        yield from map(_sexagesimal, _DMS.finditer(data.decode("utf-8", "replace")))


def _sexagesimal(found: re.Match[str]) -> tuple[float, float, str, int]:
    """Degrees, minutes and seconds, the last also as a fraction."""
    whole, part = found[3].partition("/")[::2]
    second = float(whole) / (float(part or 0) or 1)
    degrees = abs(int(found[1])) + int(found[2]) / 60 + second / 3600
    tail = found.string[found.end() : found.end() + 4].upper()
    sign = -1 if found[1].startswith("-") or "S" in tail or "W" in tail else 1
    return sign * degrees, 3e-5 if "." in found[3] or part else 3e-4, "dms", 4


def locate(tree: Tree, fixes: list[Fix]) -> Iterator[tuple[str, list[Pair]]]:
    """The places of every known position in the tree's single values, with the position's tag."""
    parents = tree.parents() if fixes else ()
    values = (node for node in range(len(tree.data) if fixes else 0) if tree.leaves[node] or node not in parents)
    single = [node for node in values if len(tree.data[node]) <= 1 << 16]
    seen: defaultdict[int, list[Sighting]] = defaultdict(list)
    for number, sighting in itertools.chain(_halves(tree, single, fixes), _geohashes(tree, single, fixes)):
        seen[number].append(sighting)
    for number in sorted(seen):
        yield fixes[number].tag, _pairs(tree, seen[number][:_SIGHTINGS])


def _halves(tree: Tree, nodes: Iterable[int], fixes: list[Fix]) -> Iterator[tuple[int, Sighting]]:
    """Numbers in these nodes that may be half of a known position, with the number of that."""
    places = [(known, *place) for known, fix_ in enumerate(fixes) for place in fix_.places.items()]
    truths = sorted((getattr(point, axis), known, datum, axis) for known, datum, point in places for axis in _AXES)
    written = ((node, number) for node in nodes for number in numbers(tree.data[node]))
    binary = ((node, (value, 2e-5, way, 5)) for node, value, way in tree.doubles if node < len(tree.data))
    for node, (value, tolerance, way, digits) in itertools.chain(written, binary):
        at = bisect.bisect_left(truths, (value - tolerance,))
        while at < len(truths) and truths[at][0] <= value + tolerance:
            _, known, datum, axis = truths[at]
            yield known, Sighting(node, axis, datum, way, digits)
            at += 1


def _geohashes(tree: Tree, nodes: Iterable[int], fixes: list[Fix]) -> Iterator[tuple[int, Sighting]]:
    """Geohashes of known positions, with their numbers: in a field that is named so also a short one."""
    for node in nodes:
        data, named = tree.data[node], "hash" in tree.keys[node]
        texts = (match[0].decode() for match in _HASH.finditer(data)) if named or len(data) <= 12 else ()
        for text in (text for text in texts if named or len(text) >= 7):
            for known, fix_ in enumerate(fixes):
                starts = (datum for datum, full in fix_.hashes.items() if full.startswith(text))
                yield from ((known, Sighting(node, "both", datum, "geohash", len(text))) for datum in starts)


def _pairs(tree: Tree, seen: list[Sighting]) -> list[Pair]:
    """The best pair of halves for each notation, nearest together first; at most one per latitude node."""
    found: dict[int, tuple[tuple[int, int, bool], Pair]] = {}
    for one in seen:
        if one.axis == "both":
            found.setdefault(one.node, ((2, one.digits, False), Pair(one.node, _form(one), True)))
        others = [other for other in seen if (other.datum, other.way) == (one.datum, one.way) and other.axis == "lon"]
        ranked = [pair for other in others if (pair := _paired(tree, one, other))] if one.axis == "lat" else []
        best = max(ranked, key=itemgetter(0), default=None)
        if best and (one.node not in found or best[0] > found[one.node][0]):
            found[one.node] = best
    return [pair for _, pair in found.values()]


def _paired(tree: Tree, lat: Sighting, lon: Sighting) -> tuple[tuple[int, int, bool], Pair] | None:
    """Two halves as a position, with how good a one it is; None = they are too coarse to be one by no chance."""
    siblings = (
        tree.group(lat.node).parent == tree.group(lon.node).parent
        and len({tree.path(node).rpartition(".")[0] for node in (lat.node, lon.node)}) == 1
    )
    near = 2 if lat.node == lon.node else int(siblings)
    digits = min(lat.digits, lon.digits)
    if digits < _LEAST and not near:
        return None
    together = near == 2 or (near == 1 and tree.keys[lat.node] in LAT_KEYS and tree.keys[lon.node] in LON_KEYS)
    certain = digits >= 3 or (together and max(lat.digits, lon.digits) >= _LEAST)
    return (near, digits, lat.datum == "wgs84"), Pair(lat.node, _form(lat), certain)


def _form(sighting: Sighting) -> str:
    return sighting.way if sighting.datum == "wgs84" else f"{sighting.datum}.{sighting.way}"
