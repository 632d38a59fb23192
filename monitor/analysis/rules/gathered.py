"""What code has gathered so far that only together says something: traits of the device, positions as they arrive."""

from functools import lru_cache
from typing import Final, NamedTuple

from monitor.events import ApiCall
from monitor.knowledge.vocabulary import is_system_package
from monitor.knowledge.wordlists import derived, table

_KEEP: Final = 512
#: Hooks whose way of naming a trait is remembered: by the key that was asked for, or by app or action.
_HOOKS: Final = 4096
_KEYED, _NAMED = 1, 2
#: Positions with more time (microseconds) between them were asked for separately.
_PAUSE_US: Final = 30_000_000


def trait(event: ApiCall) -> str:
    """Which trait a call asks for, of those that say little alone, or empty: something that devices of a model share,
    whether one app, known by name, is installed, or which apps can do one thing."""
    way = _way(event.hook, event.data_type)
    if not way:
        return ""
    known, args = table("data_types")["fingerprint"], event.args
    if way == _KEYED:
        return "" if args.get("key", "") in known["names"] else f"{event.hook} {args.get('key', '')}"
    named = args.get("package") or args.get("component", "").partition("/")[0]
    action = args.get("action", "")
    return named or ("" if action in known["every_app"] else action)


@derived
@lru_cache(_HOOKS)
def _way(hook: str, data_type: str) -> int:
    """How the calls of a hook name a trait."""
    known = table("data_types")["fingerprint"]
    if data_type in known["types"] or hook in known["hooks"]:
        return _KEYED
    return _NAMED if hook.startswith(tuple(known["asked_by"])) else 0


def telling(event: ApiCall) -> bool:
    """Whether calls with its hook, role, data type and outcome say anything together."""
    position = event.data_type == "location" and event.role == "context" and event.outcome == "value"
    return position or bool(_way(event.hook, event.data_type))


class Series(NamedTuple):
    """Positions that one recipient was sent as they arrived, the same one where the device stands still."""

    first: int
    last: int
    number: int = 1


class Gathered:
    """Fed with the calls of one app in order of time; bounded."""

    def __init__(self) -> None:
        self._traits: dict[str, set[str]] = {}
        """Owner of code to the traits that it asked for."""
        self._fixes: tuple[int, int] | None = None
        """When the first and the last of the positions arrived that came without a pause."""
        self._sent: dict[str, Series] = {}
        """Recipient to how it was sent them, each as it arrived."""

    def add(self, event: ApiCall, caller: str) -> None:
        """The next call that is ``telling``, whatever it gave. ``caller``: as of ``Values.caller``."""
        asked = trait(event)
        if (
            asked
            and not is_system_package(asked)
            and (event.outcome == "value" or event.data_type not in table("data_types")["fingerprint"]["types"])
        ):
            traits = self._traits.setdefault(caller, set())
            if len(traits) < _KEEP:
                traits.add(asked)
        elif event.data_type == "location" and event.role == "context" and event.outcome == "value":
            pause = self._fixes is None or event.t - self._fixes[1] > _PAUSE_US
            first, last = (event.t, event.t) if pause or self._fixes is None else self._fixes
            self._fixes = first, max(last, event.t)

    def traits(self, caller: str) -> int:
        """How many different traits a caller has asked for."""
        return len(self._traits.get(caller, ()))

    def following_us(self) -> int:
        """How long positions have been arriving without a pause."""
        return self._fixes[1] - self._fixes[0] if self._fixes else 0

    def sending(self, recipient: str, t: int) -> Series | None:
        """The series that a position sent to a recipient now continues or begins; None where none has just arrived."""
        if self._fixes is None or t - self._fixes[1] > _PAUSE_US:
            return None
        series = self._sent.get(recipient)
        if series is None or series.last < self._fixes[0]:
            return Series(t, t)
        return Series(series.first, t, series.number + 1) if series.last < self._fixes[1] else series

    def sent(self, recipient: str, t: int) -> None:
        """A position was sent to a recipient."""
        series = self.sending(recipient, t)
        if series is not None and (recipient in self._sent or len(self._sent) < _KEEP):
            self._sent[recipient] = series
