"""What code has gathered so far that only together says something: traits of the device, positions as they arrive."""

from __future__ import annotations

from typing import Final

from monitor.analysis.wordlists import table
from monitor.events import ApiCall

_KEEP: Final = 512
#: Positions with more time (microseconds) between them were asked for separately.
_PAUSE_US: Final = 30_000_000


class Gathered:
    """Fed with the calls of one app in order of time; bounded."""

    def __init__(self) -> None:
        self._traits: dict[str, set[tuple[str, str]]] = {}
        """Owner of code to the traits of the device that it read: hook and key."""
        self._fixes: tuple[int, int] | None = None
        """When the first and the last of the positions arrived that came without a pause."""

    def add(self, event: ApiCall) -> None:
        """A call that gave a value."""
        if event.data_type in table("data_types")["fingerprint"]["types"]:
            traits = self._traits.setdefault(event.sdk, set())
            if len(traits) < _KEEP:
                traits.add((event.hook, event.args.get("key", "")))
        elif event.data_type == "location" and event.role == "context":
            pause = self._fixes is None or event.t - self._fixes[1] > _PAUSE_US
            first, last = (event.t, event.t) if pause or self._fixes is None else self._fixes
            self._fixes = first, max(last, event.t)

    def traits(self, sdk: str) -> int:
        """How many different traits of the device the code of an owner has read."""
        return len(self._traits.get(sdk, ()))

    def following_us(self) -> int:
        """How long positions have been arriving without a pause."""
        return self._fixes[1] - self._fixes[0] if self._fixes else 0
