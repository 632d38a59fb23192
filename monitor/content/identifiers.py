"""Which values can be recognised in traffic: not placeholders, what is too short or everybody's; and somebody's names,
although they are short.

And which values merely have the form of an identifier, by format and checksum. Such a match is only ever ``possible``,
and only where the field's name supports it, because numbers that look like identifiers are everywhere.
"""

import ipaddress
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import compress, count
from pathlib import Path
from typing import Final, NamedTuple

from monitor.base.paths import package_data
from monitor.base.yamlfile import own_table, regex
from monitor.content.coordinates import LAT_KEYS, LON_KEYS
from monitor.content.tree import GAP, Tree
from monitor.knowledge.consent_strings import extent, purposes
from monitor.knowledge.lexicon import LEXICON
from monitor.knowledge.vocabulary import is_system_package
from monitor.knowledge.wordlists import table

MIN_LENGTH: Final = 8
_MIN_BITS: Final = 16.0
SEPARATORS: Final = re.compile(r"[\s\-:._/()]")
_EXPRESSIONS: Final = Path(__file__).resolve().parent / "expressions.yaml"
#: Placeholders returned by APIs and emulators to every caller: sending one is not a leak.
DUMMIES: Final = frozenset(
    """020000000000 000000000000 ffffffffffff 0215b2000000 358240051111110 310260000000000 89014103211118510720
    15555215554 9774d56d682e549c 0123456789abcdef unknown null none undefined android localhost true false no
    generic sdk_gphone goldfish ranchu""".split()
)
#: Types of value that can be a person's name, and the shortest text that is taken for one. Words of consent are not: to
#: hide them would hide what the user was asked.
_NAMED: Final = frozenset("contacts call_log account_pi accounts user_profile form".split())
_NO_NAME: Final = "同意|拒绝|允许|取消|确定|隐私|权限|信息|人脸|识别|定位|位置|手机|身份|照片|账号|登录"
_NAME: Final = re.compile(rf"(?!.*(?:{_NO_NAME}))[\u3400-\u9fff·]{{3,7}}")
#: Types of what is typed into a form, and a name in Chinese there, which no place, company or address ends like. Names
#: in an address book are often those of companies, which apps send of their own.
_ENTERED: Final = frozenset({"account_pi", "form"})
_ENTERED_NAME: Final = re.compile(
    rf"(?!.*(?:{_NO_NAME}|公司|银行|移动|联通|电信))[\u3400-\u9fff]{{2,4}}(?<![省市区县镇乡村路街号楼])"
)
#: One given name in Latin letters, as it is written: five could be the start of anything.
_ENTERED_LATIN: Final = re.compile(r"[A-Z][a-z]{5,30}")
#: Texts of our own, from which a word like 通讯录 is known not to be somebody's name.
_ORDINARY: Final = (package_data("text") / "zh.yaml", *sorted(LEXICON.iterdir()))
_LATIN: Final = (package_data("text") / "en.yaml", *_ORDINARY[1:])
#: Types of value that are often made of words.
_WORDED: Final = frozenset("ssid wifi_scan bt_scan calendar contacts call_log accounts user_profile account_pi".split())
_WORDS: Final = re.compile(r"[^\W\d_]+(?:[ '’.&-]{1,2}[^\W\d_]+)*", re.UNICODE)


def is_dummy(value: str) -> bool:
    """Whether a value is a placeholder: a known one, or the same character throughout."""
    bare = SEPARATORS.sub("", value).lower()
    return not bare or len(set(bare)) == 1 or bare in DUMMIES or value == "127.0.0.1"


def is_weak(value: str) -> bool:
    """Too short or too regular to be recognised on its own: such a value is only ever ``possible``."""
    if len(value) < MIN_LENGTH:
        return True
    if len(value) < 12 and value.isascii() and value.isalpha() and (value.islower() or value.istitle()):
        return True  # an ordinary word
    steps = {ord(b) - ord(a) for a, b in itertools.pairwise(value)}
    return len(steps) == 1 or entropy_of(value) * len(value) < _MIN_BITS


def entropy_of(text: str) -> float:
    """Bits a character, from how often each occurs in the text."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


@cache
def _ordinary() -> str:
    return "\n".join(path.read_text("utf-8") for path in _ORDINARY)


@cache
def _ordinary_latin() -> frozenset[str]:
    words = "\n".join(path.read_text("utf-8") for path in _LATIN).casefold()
    return frozenset([*re.findall("[a-z]{6,}", words), *table("fields")["no_name"].split()])


def is_name(data_type: str, value: str) -> bool:
    """Whether a value too short to be searched for in traffic is a name that must not appear in anything public."""
    return data_type in _NAMED and bool(_NAME.fullmatch(value)) and value not in _ordinary()


def is_entered_name(data_type: str, value: str) -> bool:
    """Whether it is a name that was entered, in Chinese or a rare word in Latin letters, of which a field that holds
    just that is no coincidence."""
    if data_type not in _ENTERED:
        return False
    if _ENTERED_LATIN.fullmatch(value):
        return value.casefold() not in _ordinary_latin()
    return bool(_ENTERED_NAME.fullmatch(value)) and value not in _ordinary()


def of_everybody(data_type: str, value: str) -> bool:
    """Whether a value of a list says nothing about whose list it is: a package of the system, a holiday."""
    if data_type in ("apps", "procs"):
        return is_system_package(value.partition(":")[0])
    return data_type == "calendar" and bool(regex(_EXPRESSIONS, "days").fullmatch(value.strip()))


def worded(data_type: str, value: str) -> bool:
    """Whether a value is made of words alone, so that a sentence may hold it."""
    return data_type in _WORDED and bool(_WORDS.fullmatch(value))


_FILE: Final = Path(__file__).with_suffix(".yaml")


def luhn(digits: str) -> bool:
    """Luhn check of a digit string whose last digit is the check digit."""
    doubled = (int(char) * (1 + place % 2) for place, char in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def resident_id(text: str) -> bool:
    """Chinese resident identity number (GB 11643): a plausible birth date and the ISO 7064 mod 11-2 check character."""
    if not re.fullmatch(r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]", text):
        return False
    total = sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()


def _card(text: str) -> bool:
    """A number of a payment card (ISO/IEC 7812): 13 to 19 digits with their check digit."""
    digits = re.sub(r"[ -]", "", text)
    return 13 <= len(digits) <= 19 and luhn(digits)


def _iban(text: str) -> bool:
    """The number of a bank account (ISO 13616): its check digits by ISO 7064 mod 97-10."""
    bare = text.replace(" ", "")
    return int("".join(str(int(char, 36)) for char in bare[4:] + bare[:4])) % 97 == 1


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


@cache
def _form(name: str) -> Callable[[str], bool]:
    """The check of a kind of value: the expression in the table, and what no expression can say."""
    expression, more = own_table(_FILE)["forms"].get(name, ""), _MORE.get(name, bool)
    machine = re.compile(expression or ".*", re.DOTALL)
    return lambda text: machine.fullmatch(text) is not None and more(text)


_DEGREES: Final = re.compile(r"-?\d{1,3}\.\d{3,15}")
_MORE: Final[Mapping[str, Callable[[str], bool]]] = {
    "imei": luhn, "iccid": luhn, "phone_no": _phone, "ip": _local_ip, "account_pi": resident_id,
    "card": _card, "iban": _iban,
    "lat": lambda text: bool(_DEGREES.fullmatch(text)) and abs(float(text)) <= 90,
    "lon": lambda text: bool(_DEGREES.fullmatch(text)) and abs(float(text)) <= 180,
    "ssid": lambda text: text.isprintable() and text.casefold() not in _NO_NETWORK and not text.isdigit(),
}  # fmt: skip


@cache
def _kinds_by_name() -> Mapping[str, list[str]]:
    """Types of value by the name of the field, in lower case without separators; ``_TRAINING`` for a field that states
    whether sent content may train a model."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for kind, names in (own_table(_FILE)["fields"] | {_TRAINING: own_table(_FILE)["training"]}).items():
        for name in names.split():
            found[name].append(kind)
    return dict(found)


_TRAINING: Final = "training"
#: Of a field that only holds the value of what it is in: ``oaid: {v: …}``.
_HELD: Final = "held"
_HOLDERS: Final = frozenset({"v", "val", "value"})
#: Affirmative values of fields about training.
_YES: Final = frozenset({b"true", b"1", b"yes", b"on", b"allow", b"allowed", b"enabled"})


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
    found += [*_in_words(tree, joined), *_consent_strings(tree, joined)]
    halves: defaultdict[int, dict[str, int]] = defaultdict(dict)
    names = {key: kinds for key in set(tree.keys) if (kinds := _kinds_under(key))}
    named = compress(count(), map(names.__contains__, tree.keys)) if names else ()
    for index in sorted({*tree.sized(_ID_CARD), *named}):
        data, kinds = tree.data[index], names.get(tree.keys[index], [])
        if _TRAINING in kinds and data.lower() in _YES and tree.leaves[index]:
            found.append(Guess(index, "consent", "training_on"))
        elif tree.leaves[index] and _SHORTEST <= len(data) <= _LONGEST_VALUE:
            for kind in _kinds(tree, index, data.decode("utf-8", "replace").strip(), kinds):
                if kind in _AXES:
                    halves[tree.group(index).parent].setdefault(kind, index)
                else:
                    found.append(Guess(index, kind, "shape"))
    found += [Guess(pair["lat"], "location", "shape") for pair in halves.values() if len(pair) == 2]
    return found


def _kinds_under(key: str) -> list[str]:
    """What a field of this name may hold; empty = the name indicates nothing."""
    more = {
        "numbered": key == "id",
        _HELD: key in _HOLDERS,
        "email": key.endswith("email"),
        "lat": key in LAT_KEYS,
        "lon": key in LON_KEYS,
    }
    named = _kinds_by_name().get(re.sub(r"[^0-9a-z]", "", key.removeprefix("x-")), [])
    return [*named, *(kind for kind, fits in more.items() if fits)]


def _kinds(tree: Tree, index: int, text: str, kinds: list[str]) -> list[str]:
    """What a single value may be by its field and form; ``lat`` or ``lon``: half a position."""
    path = tree.path(index)
    if _HELD in kinds:
        kinds = _kinds_under(path.split(".")[-2].lower()) if "." in path else []
    unless = {_TRAINING, _HELD, "" if path.endswith(_NUMBERED) else "numbered"}
    kinds = [kind for kind in kinds if kind not in unless]
    fitting = (kind for kind in kinds if _form(kind)(text))
    holds = own_table(_FILE)["holds"]
    found = {holds.get(kind, kind): None for kind in fitting if kind in _PLAIN or not is_dummy(text)}
    if len(text) == 18 and resident_id(text):
        found["account_pi"] = None
    return list(found)


_AXES: Final = frozenset({"lat", "lon"})
_PLAIN: Final = frozenset({"numbered", *_AXES})
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


def _in_words(tree: Tree, joined: bytes) -> Iterator[Guess]:
    """Addresses of access points inside of a free text that names them so, as logs and WifiInfo do."""
    for index, data in enumerate(tree.data) if b"ssid" in joined or b"SSID" in joined else ():
        match = _NAMED_BSSID.search(data) if 24 <= len(data) <= _LONGEST and tree.leaves[index] else None
        if match and not is_dummy(match[1].decode()):
            yield Guess(index, "bssid", "shape")


def _consent_strings(tree: Tree, joined: bytes) -> Iterator[Guess]:
    """TC and GPP strings, whatever their field: how much of what needs consent they say was consented to."""
    begun = joined[:1] == b"C" or b"~C" in joined or _CONSENT.search(joined)
    for index, data in enumerate(tree.data) if begun else ():
        begins = _TC_LEAST <= len(data) <= _LONGEST and (data[:1] == b"C" or b"~C" in data)
        if begins and tree.leaves[index] and (how := extent(purposes(data.decode("latin-1")))):
            yield Guess(index, "consent", how)
