"""Forms of identifiers: checks of format and checksum. A match of form is only ever ``possible``, and only where the
field's name supports it, because numbers that look like identifiers are everywhere."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import compress, count
from pathlib import Path
from typing import Final, NamedTuple

from monitor.base.yamlfile import own_table
from monitor.content.coordinates import LAT_KEYS, LON_KEYS
from monitor.content.recognise import is_dummy
from monitor.content.tree import GAP, Tree
from monitor.knowledge.consent_strings import extent, purposes

_FILE: Final = Path(__file__).with_suffix(".yaml")


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


def _phone(text: str) -> bool:
    """A mobile number of China, or one of any country that says which (ITU-T E.164: + or 00 and at most 15 digits) and
    is assigned there by the numbering plans that ``phonenumbers`` holds."""
    if _form("mobile")(text):
        return True
    bare = re.sub(r"[\s().\-/]", "", text)
    if not re.fullmatch(r"(?:\+|00)[1-9]\d{6,14}", bare):
        return False
    import phonenumbers  # its plans take a moment to load, and few messages need them

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse("+" + bare.removeprefix("+").removeprefix("00")))
    except phonenumbers.NumberParseException:
        return False


def _local_ip(text: str) -> bool:
    """An address of a private network (RFC 1918, RFC 4193, link-local), which says something of the network one is
    in."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_private and not (address.is_loopback or address.is_unspecified)


_NO_NETWORK: Final = frozenset({"<unknown ssid>", "unknown ssid", "unknown", "false", "(null)"})


class Shape(NamedTuple):
    """One identifier: the field names under which it occurs (compared without separators, lower case) and its check."""

    data_type: str
    keys: frozenset[str]
    check: Callable[[str], bool]


@cache
def _form(name: str) -> Callable[[str], bool]:
    """The check of a kind of value: the expression in the table, and what no expression can say."""
    expression, more = own_table(_FILE)["forms"].get(name, ""), _MORE.get(name, bool)
    machine = re.compile(expression or ".*", re.DOTALL)
    return lambda text: machine.fullmatch(text) is not None and more(text)


_MORE: Final[Mapping[str, Callable[[str], bool]]] = {
    "imei": luhn, "iccid": luhn, "phone_no": _phone, "ip": _local_ip, "account_pi": resident_id,
    "ssid": lambda text: text.isprintable() and text.casefold() not in _NO_NETWORK and not text.isdigit(),
}  # fmt: skip


@cache
def _shapes() -> tuple[Shape, ...]:
    fields = own_table(_FILE)["fields"].items()
    return tuple(Shape(kind, frozenset(names.split()), _form(kind)) for kind, names in fields)


@cache
def _training() -> frozenset[str]:
    """Fields that state whether sent content may train a model (compared like the others)."""
    return frozenset(own_table(_FILE)["training"].split())


#: Affirmative values of fields about training.
_YES: Final = frozenset({b"true", b"1", b"yes", b"on", b"allow", b"allowed", b"enabled"})
_DEGREES: Final = re.compile(r"-?\d{1,3}\.\d{3,15}")


class Guess(NamedTuple):
    """A match of form at a node."""

    node: int
    data_type: str
    form: str


def guesses(tree: Tree, joined: bytes | None = None) -> list[Guess]:
    """Matches of form in single values under a matching field name; resident identity numbers by checksum alone.
    ``joined``: all nodes of the tree, joined by ``GAP``."""
    joined = GAP.join(tree.data) if joined is None else joined
    found: list[Guess] = []
    if b"ssid" in joined or b"SSID" in joined:
        found += _in_words(tree)
    if joined[:1] == b"C" or b"~C" in joined or _CONSENT.search(joined):
        found += _consent_strings(tree)
    halves: dict[int, dict[str, int]] = {}
    names = {key: shapes for key in set(tree.keys) if (shapes := _wanted(key)) is not None}
    named = compress(count(), map(names.__contains__, tree.keys)) if names else ()
    for index in sorted({*tree.sized(_ID_CARD), *named}):
        data, key = tree.data[index], tree.keys[index]
        if not tree.leaves[index]:
            continue
        if data.lower() in _YES and _bare(key) in _training():
            found.append(Guess(index, "consent", "training_on"))
        elif _SHORTEST <= len(data) <= _LONGEST_VALUE:
            text = data.decode("latin-1").strip()
            found += [Guess(index, kind, "shape") for kind in _kinds(tree, index, text, names.get(key, ()))]
            if axis := _axis(key, text):
                halves.setdefault(tree.group(index).parent, {}).setdefault(axis, index)
    found += [Guess(pair["lat"], "location", "shape") for pair in halves.values() if len(pair) == 2]
    return found


def _kinds(tree: Tree, index: int, text: str, shapes: Iterable[Shape]) -> list[str]:
    """What a single value may be by its field and form."""
    kinds = [shape.data_type for shape in shapes if shape.check(text) and not is_dummy(text)]
    if tree.keys[index] == "id" and tree.path(index).endswith(_NUMBERED) and _form("numbered")(text):
        kinds.append("install_id")
    if "account_pi" not in kinds and len(text) == 18 and resident_id(text):
        kinds.append("account_pi")
    return kinds


_ID_CARD: Final = frozenset({18})
#: How a node begins that may be a TC string.
_CONSENT: Final = re.compile(re.escape(GAP) + rb"C[A-Za-z0-9_-]{35}")
_NAMED_BSSID: Final = re.compile(rb"bssid[\"'\s:=]{1,4}((?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})", re.IGNORECASE)
_LONGEST: Final = 4096
_SHORTEST, _LONGEST_VALUE = 5, 80
_TC_LEAST: Final = 36
_NUMBERED: Final = (".device.id", ".user.id", ".installation.id")
#: Kinds whose values tell one device from all others, wherever they stand: those may be followed through a capture.
FOLLOWED: Final = frozenset("imei meid imsi iccid phone_no mac bssid android_id gaid oaid drm_id install_id".split())


def identifying_values(tree: Tree) -> set[tuple[str, str]]:
    """``(data_type, value)`` of single values that a field's name and their form tell: to be looked for in other
    messages, where no name tells them."""
    found = ((guess.data_type, tree.data[guess.node].decode("latin-1").strip()) for guess in guesses(tree))
    return {(kind, value) for kind, value in found if kind in FOLLOWED and len(value) <= _LONGEST_VALUE}


def _in_words(tree: Tree) -> Iterator[Guess]:
    """Addresses of access points inside of a free text that names them so, as logs and WifiInfo do."""
    for index, data in enumerate(tree.data):
        match = _NAMED_BSSID.search(data) if 24 <= len(data) <= _LONGEST and tree.leaves[index] else None
        if match and not is_dummy(match[1].decode()):
            yield Guess(index, "bssid", "shape")


def _consent_strings(tree: Tree) -> Iterator[Guess]:
    """TC and GPP strings, whatever their field: how much of what needs consent they say was consented to."""
    for index, data in enumerate(tree.data):
        begins = _TC_LEAST <= len(data) <= _LONGEST and (data[:1] == b"C" or b"~C" in data)
        if begins and tree.leaves[index] and (how := extent(purposes(data.decode("latin-1")))):
            yield Guess(index, "consent", how)


def _bare(key: str) -> str:
    return re.sub(r"[^0-9a-z]", "", key.removeprefix("x-"))


def _wanted(key: str) -> tuple[Shape, ...] | None:
    """The forms that a field of this name may hold; None = the name indicates nothing."""
    bare = _bare(key)
    shapes = tuple(shape for shape in _shapes() if bare in shape.keys)
    return shapes if shapes or key == "id" or bare in _training() or key in LAT_KEYS or key in LON_KEYS else None


def _axis(key: str, text: str) -> str:
    """Of which axis a field holds degrees: ``lat``, ``lon``, empty = of none."""
    axis = "lat" if key in LAT_KEYS else "lon" if key in LON_KEYS else ""
    return axis if _DEGREES.fullmatch(text) and abs(float(text)) <= (90 if axis == "lat" else 180) else ""
