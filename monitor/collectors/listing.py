"""Which processes of an app there are: as they are listed, and to which of them Frida gets."""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final

import frida

from monitor.collectors.agent_session import bounded

NOBODY: Final = frozenset({""})
#: Time-outs in a row, of ten seconds each, after which Frida has gone.
_SLOW_LISTINGS: Final = 6
_UNANSWERED_S: Final = 60.0
"""Until the next attempt with a process that did not let Frida in: meanwhile the others are looked after."""


class Listing:
    """The processes of ``app`` on a device of frida's. ``named``: as of ``HookCollector``."""

    def __init__(self, device: Any, app: str, named: Callable[[], Iterable[tuple[int, str]]] | None) -> None:
        self._device, self._app = device, app
        self.named = named or self._frida_names
        self.names: frozenset[str] | None = None
        """Processes that are looked for: if empty, ``app`` and ``app:*``; None: none so far."""
        self._failures = 0
        self._lost = False
        self._again: dict[int, float] = {}
        """When to try again with processes that Frida got no answer from: they may have been frozen."""

    def look(self) -> tuple[list[tuple[int, str]], set[int]]:
        """Pid and name of running processes, and the pids that Frida sees: one may be too new for it. Raises
        whatever Frida and the list of names do."""
        listed = list(self.named())
        visible = {int(one.pid) for one in bounded(self._device.enumerate_processes, 10)}
        self._failures = 0
        return listed, visible

    def is_lost(self, error: Exception) -> bool:
        """Whether a failure of ``look`` means that Frida has gone; said once.

        It does at the second consecutive failure: a process that ends during listing makes one fail, the end of Frida
        makes all fail. What only takes long has more tries: a busy machine may be slow.
        """
        self._failures += 1
        slow = isinstance(error, TimeoutError | frida.TimedOutError)
        if self._lost or self._failures < (_SLOW_LISTINGS if slow else 2):
            return False
        self._lost = True
        return True

    def wants(self, pid: int, name: str) -> bool:
        """Whether a process is one of the app's that are looked for, and due."""
        wanted = name in self.names if self.names else name == self._app or name.startswith(f"{self._app}:")
        return wanted and time.monotonic() >= self._again.get(pid, 0)

    def put_off(self, pid: int, unanswered: bool) -> bool:
        """A process could not be attached to; ``unanswered``: try later. Returns whether that is news."""
        known = pid in self._again
        if unanswered:
            self._again[pid] = time.monotonic() + _UNANSWERED_S
        return not known

    def _frida_names(self) -> list[tuple[int, str]]:
        return [(int(one.pid), str(one.name)) for one in bounded(self._device.enumerate_processes, 10)]
