"""Kinds of calls: how many there were of each, and whether anybody asks about them."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from monitor.analysis.correlate.attribution import FLOWING
from monitor.analysis.rules.engine import Route
from monitor.analysis.rules.values import typed
from monitor.events import NOT_PERSONAL, ApiCall, Glance

#: Types of which a device has one, whoever asks how often.
_ONE: Final = frozenset("imei meid imsi iccid phone_no sim_op serial android_id oaid gaid drm_id mac bt_mac".split())
#: Argument of a call that gave more values than are kept: how many more.
CUT: Final = "values_cut"
#: Arguments that are wanted whoever asks about the call: which rows a query took, and what was typed into a field.
_SAID: Final = frozenset({"query", "field", "whose"})
#: What makes a call more than one to be counted, whoever asks.
TOLD: Final = _SAID | {CUT}


class Kind:
    """Calls with one hook, role, data type, SDK and outcome, told or counted: how many, and who asks about them."""

    __slots__ = tuple("aggregated count data_type hook needed outcome role route sdk telling unasked".split())

    def __init__(self, words: Iterable[str], aggregated: bool, route: Route, *, telling: bool) -> None:
        """``telling``: as of ``monitor.analysis.rules.values``."""
        self.hook, self.role, self.data_type, self.sdk, self.outcome = words
        self.aggregated = aggregated
        self.count = 0
        self.route = route
        self.telling = telling
        self.needed = route.needed or typed(self.hook, self.role)
        self.unasked = not (self.needed or route.early)

    def wants(self, call: ApiCall | Glance) -> bool:
        """Whether anybody may need one of them."""
        if self.unasked:
            return not _SAID.isdisjoint(call.args)
        return self.needed or self.route.passes(call)


def values_counted(kinds: Iterable[Kind]) -> dict[tuple[str, str, str], int]:
    """By hook, role and data type, how many calls with a value are known by their number only. What a device has one of
    is known once a call was told in detail. What the platform digests or enciphers of its own, with no other code
    below, is no value of the app's: a key store's check sum alone takes ten thousand."""
    every = [kind for kind in kinds if kind.outcome == "value" and (kind.role, kind.sdk) != ("transform", "framework")]
    told = {(kind.hook, kind.data_type) for kind in every if not kind.aggregated and kind.data_type in _ONE}
    found: Counter[tuple[str, str, str]] = Counter()
    for kind in every:
        personal = kind.role == "transform" or kind.data_type not in NOT_PERSONAL | FLOWING
        if kind.aggregated and personal and (kind.hook, kind.data_type) not in told:
            found[kind.hook, kind.role, kind.data_type] += kind.count
    return found
