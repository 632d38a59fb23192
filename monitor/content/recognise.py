"""Which values can be recognised in traffic: not placeholders, what is too short or everybody's; and somebody's names,
although they are short."""

import itertools
import math
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final

from monitor.base.paths import package_data
from monitor.base.yamlfile import regex
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
