"""How often processes of an app are looked for: often while one may be starting."""

import queue
import time
from typing import Final

_EVERY_S: Final = 0.5
_SOON_S: Final = 0.1
"""Between two looks for processes of the app: usually, and for as long as one may be starting."""
_STARTING_S: Final = 3.0
_SOON_MOST: Final = 60
"""So many quick looks, and one more for each usual one: an app may crash and start again all the time."""


class Pace:
    """One thread waits; any other may quicken it, or end it."""

    def __init__(self) -> None:
        self._inbox: queue.SimpleQueue[bool] = queue.SimpleQueue()
        """Look at once (True), or end (False)."""
        self._soon = 0.0
        self._quick = _SOON_MOST

    def quicken(self) -> None:
        """A process has just started: look at once, and often. Frida sees it some moments after Android has started
        it."""
        self._inbox.put(True)

    def end(self) -> None:
        """No further look."""
        self._inbox.put(False)

    def wait(self) -> bool:
        """Until the next look; False at the end."""
        quick = self._quick > 0 and time.monotonic() < self._soon
        try:
            look = self._inbox.get(timeout=_SOON_S if quick else _EVERY_S)
        except queue.Empty:
            self._quick = self._quick - 1 if quick else min(self._quick + 1, _SOON_MOST)
            return True
        self._soon = time.monotonic() + _STARTING_S
        return look
