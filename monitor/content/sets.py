"""Lists that are followed as sets: what is installed, which networks and devices are around, who is known.

One member alone says little, and many are too short to be recognised on their own; enough of them together are the
list.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from monitor.events import Match

#: Types of value of which one call returns many.
LISTS: Final = frozenset("apps wifi_scan bt_scan contacts call_log sms calendar procs".split())
#: Types of which a single member is somebody else's name rather than the list.
_ONLY_TOGETHER: Final = frozenset({"apps", "procs"})
#: Members of one list in one message that cannot stand there by chance.
ENOUGH: Final = 5


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
    if count >= ENOUGH:
        certainty = "found"
    elif match.data_type in _ONLY_TOGETHER:
        certainty = "possible"
    else:
        return match
    if certainty == match.certainty:
        return match
    return Match(data_type=match.data_type, form=match.form, path=match.path, certainty=certainty, tag=match.tag)
