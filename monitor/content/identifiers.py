"""Forms of identifiers: checks of format and checksum. A match of form is only ever ``possible``, and only where the
field's name supports it, because numbers that look like identifiers are everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from monitor.content.coordinates import LAT_KEYS, LON_KEYS
from monitor.content.needles import is_dummy
from monitor.content.tree import Tree


def luhn(digits: str) -> bool:
    """Luhn check of a digit string whose last digit is the check digit."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def resident_id(text: str) -> bool:
    """Chinese resident identity number (GB 11643): a plausible birth date and the ISO 7064 mod 11-2 check character."""
    if not re.fullmatch(r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]", text):
        return False
    total = sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()


def imei(text: str) -> bool:
    """15 digits with a valid Luhn digit (or 16: IMEISV has none)."""
    return bool(re.fullmatch(r"\d{15}", text)) and luhn(text)


def _whole(pattern: str) -> Callable[[str], bool]:
    machine = re.compile(pattern)
    return lambda text: machine.fullmatch(text) is not None


_UUID: Final = _whole(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_MAC: Final = _whole(r"[0-9A-Fa-f]{2}(?:[:-]?[0-9A-Fa-f]{2}){5}")
_PHONE: Final = _whole(r"(?:\+?86|0086)?1[3-9]\d{9}")
_ICCID: Final = _whole(r"89\d{17,18}")
_HEXID: Final = _whole(r"[0-9A-Fa-f]{16}|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64}")


class Shape(NamedTuple):
    """One identifier: the field names under which it occurs (compared without separators, lower case) and its check."""

    data_type: str
    keys: frozenset[str]
    check: Callable[[str], bool]


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _iccid(text: str) -> bool:
    return _ICCID(text) and luhn(text)


SHAPES: Final = (
    Shape("imei", _keys("imei imei1 imei2 imeis deviceid did mdimei device"), imei),
    Shape("meid", _keys("meid"), _whole(r"[0-9A-Fa-f]{14}")),
    Shape("imsi", _keys("imsi imsi1 imsi2 subscriberid"), _whole(r"[2-7]\d{13,14}")),
    Shape("iccid", _keys("iccid simserial simserialnumber"), _iccid),
    Shape("phone_no", _keys("phone mobile tel msisdn phonenumber phoneno mobileno line1number"), _PHONE),
    Shape("mac", _keys("mac macaddress wifimac macaddr wlanmac mc"), _MAC),
    Shape("bssid", _keys("bssid apmac routermac"), _MAC),
    Shape("android_id", _keys("androidid aid andid ssaid anid"), _whole(r"[0-9a-f]{14,16}")),
    Shape("gaid", _keys("gaid adid advertisingid advertiserid aaid googleaid gpsadid rdid"), _UUID),
    Shape("oaid", _keys("oaid"), lambda t: _UUID(t) or _HEXID(t)),
    Shape("account_pi", _keys("idcard idno idnumber cardno identity certno sfz idcardno"), resident_id),
    Shape("drm_id", _keys("drmid widevineid mediadrmid"), _whole(r"[0-9A-Fa-f]{64}")),
)
#: Fields that state whether sent content may train a model (compared like the others), and their affirmative values.
TRAINING: Final = _keys(
    """train training allowtrain allowtraining trainingallowed enabletraining usefortraining modeltraining
    allowmodeltraining trainingconsent trainingoptin improvemodel modelimprovement datatraining"""
)
_YES: Final = frozenset({b"true", b"1", b"yes", b"on", b"allow", b"allowed", b"enabled"})
_DEGREES: Final = re.compile(r"-?\d{1,3}\.\d{3,15}")


class Guess(NamedTuple):
    """A match of form at a node."""

    node: int
    data_type: str
    form: str


def guesses(tree: Tree) -> list[Guess]:
    """Matches of form in single values under a matching field name; resident identity numbers by checksum alone."""
    found: list[Guess] = []
    halves: dict[int, dict[str, int]] = {}
    names = {key: shapes for key in set(tree.keys) if (shapes := _wanted(key)) is not None}
    rows = enumerate(zip(tree.data, tree.keys, strict=True))
    for index in [index for index, (data, key) in rows if key in names or len(data) == 18]:
        data, key = tree.data[index], tree.keys[index]
        size = len(data)
        if not tree.leaves[index] or not size or size > 80:
            continue
        if size <= 7 and data.lower() in _YES:
            if _bare(key) in TRAINING:
                found.append(Guess(index, "consent", "training_on"))
            continue
        if size < 5:
            continue
        text = data.decode("latin-1").strip()
        kinds = [shape.data_type for shape in names.get(key, ()) if shape.check(text) and not is_dummy(text)]
        if "account_pi" not in kinds and len(text) == 18 and resident_id(text):
            kinds.append("account_pi")
        found.extend(Guess(index, kind, "shape") for kind in kinds)
        _half(halves, index, key, tree, text)
    found.extend(Guess(pair["lat"], "location", "shape") for pair in halves.values() if len(pair) == 2)
    return found


def _bare(key: str) -> str:
    return re.sub(r"[^0-9a-z]", "", key.removeprefix("x-"))


def _wanted(key: str) -> tuple[Shape, ...] | None:
    """The forms that a field of this name may hold; None = the name indicates nothing."""
    bare = _bare(key)
    shapes = tuple(shape for shape in SHAPES if bare in shape.keys)
    return shapes if shapes or bare in TRAINING or key in LAT_KEYS or key in LON_KEYS else None


def _half(halves: dict[int, dict[str, int]], index: int, key: str, tree: Tree, text: str) -> None:
    axis = "lat" if key in LAT_KEYS else "lon" if key in LON_KEYS else ""
    if axis and _DEGREES.fullmatch(text) and abs(float(text)) <= (90 if axis == "lat" else 180):
        halves.setdefault(tree.group(index).parent, {}).setdefault(axis, index)
