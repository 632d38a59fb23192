"""Lists that are followed as sets: what is installed, which networks and devices are around, who is known.

One member alone says little, and many are too short to be recognised on their own; enough of them together are the
list. What is on every phone, and what stands in everybody's calendar, is no member. A value that is made of words only
(the name of a network or of an event) may stand in any sentence.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from monitor.base.yamlfile import regex
from monitor.events import Match
from monitor.knowledge.vocabulary import is_system_package

#: Types of value of which one call returns many.
LISTS: Final = frozenset("apps wifi_scan bt_scan contacts call_log sms calendar procs".split())
#: Types of which a single member is somebody else's name rather than the list.
_ONLY_TOGETHER: Final = frozenset({"apps", "procs"})
#: Members of one list in one message that cannot stand there by chance.
ENOUGH: Final = 5


#: Types of value that are often made of words.
_NAMES: Final = frozenset("ssid wifi_scan bt_scan calendar contacts call_log accounts user_profile account_pi".split())
_EXPRESSIONS: Final = Path(__file__).resolve().parent / "expressions.yaml"
_WORDS: Final = re.compile(r"[^\W\d_]+(?:[ '’.&-]{1,2}[^\W\d_]+)*", re.UNICODE)


def of_everybody(data_type: str, value: str) -> bool:
    """Whether a value of a list says nothing about whose list it is: a package of the system, a holiday."""
    if data_type in ("apps", "procs"):
        return is_system_package(value.partition(":")[0])
    return data_type == "calendar" and bool(regex(_EXPRESSIONS, "days").fullmatch(value.strip()))


def worded(data_type: str, value: str) -> bool:
    """Whether a value is made of words alone, so that a sentence may hold it."""
    return data_type in _NAMES and bool(_WORDS.fullmatch(value))


def in_prose(text: bytes, start: int, end: int) -> bool:
    """Whether what stands around a hit goes on as a sentence does: with a letter, after at most one space."""
    before = text[max(0, start - 5) : start].decode("utf-8", "ignore")
    after = text[end : end + 5].decode("utf-8", "ignore")
    return before.removesuffix(" ")[-1:].isalpha() or after.removeprefix(" ")[:1].isalpha()


def settled(matches: list[Match]) -> list[Match]:
    """The matches, with members of a list ``found`` where enough of them stand together, and ``possible`` where a few
    packages do."""
    members: defaultdict[str, set[str]] = defaultdict(set)
    for match in matches:
        if match.data_type in LISTS and match.tag:
            members[match.data_type].add(match.tag)
    return [_settled(match, len(members[match.data_type])) if match.tag else match for match in matches]


def _settled(match: Match, count: int) -> Match:
    if match.data_type not in LISTS or match.form == "split":
        return match
    if count < ENOUGH and match.data_type not in _ONLY_TOGETHER:
        return match
    return replace(match, certainty="found" if count >= ENOUGH else "possible")
