"""What the log watcher needs from a device: small protocols implemented by ``monitor.record``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol


class Seen(Protocol):
    """An observation read from the device's log (see ``monitor.device.watch``)."""

    @property
    def what(self) -> str:
        """Kind of observation."""

    @property
    def t_us(self) -> int:
        """Device time."""

    @property
    def resolution_us(self) -> int:
        """It happened at most this much after ``t_us``."""

    @property
    def package(self) -> str:
        """Package concerned."""

    @property
    def component(self) -> str:
        """Activity."""

    @property
    def process(self) -> str:
        """Process name."""

    @property
    def pid(self) -> int:
        """Process number."""

    @property
    def permission(self) -> str:
        """Permission answered."""

    @property
    def result(self) -> str:
        """Its answer."""

    @property
    def dialog(self) -> str:
        """Whether a dialog was shown."""

    @property
    def code(self) -> int:
        """Android's numeric code of the answer."""

    @property
    def cause(self) -> str:
        """Why."""


class Log(Protocol):
    """The device's log."""

    def open(self, since_us: int) -> Iterator[Seen]:
        """Observations from a device time on."""

    def caught_up(self, seconds: float) -> bool:
        """Wait until everything is read that is there now; whether it is. Raises ``EnvironmentFault``."""

    def close(self) -> None:
        """Stop reading."""


class Flags(Protocol):
    """State of one permission by the package manager."""

    @property
    def granted(self) -> bool:
        """Held or not."""

    @property
    def flags(self) -> frozenset[str]:
        """``USER_SET`` and the like."""


ReadFlags = Callable[[], Mapping[str, Flags]]
ReadPrompt = Callable[[], tuple[str, Sequence[str]]]
"""Text and buttons of the permission dialog on the screen; raises ``EnvironmentFault`` if it cannot be read."""
Asked = Callable[[str], list[str]]
"""Permissions that a dialog with this text (empty = not known) is about; raises ``EnvironmentFault``."""


def answer_of(state: Flags) -> str:
    """What the user must have answered for the package manager to hold this state; unknown without such a flag."""
    if "ONE_TIME" in state.flags and state.granted:
        return "granted_once"
    if "USER_FIXED" in state.flags:
        return "granted" if state.granted else "denied_forever"
    if "USER_SET" in state.flags:
        return "granted" if state.granted else "denied"
    return "unknown"
