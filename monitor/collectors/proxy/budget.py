"""How much is kept of what the app sends: all of it until a session's budget is spent, or a flow's; then the beginning
of each body, and at last nothing but length and digest. Everything is searched first."""

import threading
from typing import Final

from monitor.collectors.proxy.capture import KEEP

HEAD: Final = 4 << 10
"""Bytes of a body that are kept beyond the budget."""
_SHARE: Final = 4
#: Flows of which it is remembered how much of them was kept; the session's budget holds for all.
_FLOWS: Final = 4096


class Budget:
    """The bytes of a session's private part that bodies and flows may take. Thread-safe."""

    def __init__(self, limit: int) -> None:
        """``limit``: of a session; one flow may take a quarter of it, and the beginnings a quarter more."""
        self.cut = 0
        """How many bodies and flows are not kept whole."""
        self._limit, self._spent = limit, 0
        self._flows: dict[str, int] = {}
        self._lock = threading.Lock()

    def grant(self, flow: str, size: int) -> int:
        """How many of so many more bytes of a flow are to be kept."""
        flow = flow.partition("#")[0]
        with self._lock:
            before = self._flows.pop(flow, 0)
            fits = before + size <= self._limit // _SHARE and self._spent + size <= self._limit
            whole = fits and size <= KEEP  # of a longer body the file in the spool is not whole
            beginning = min(size, HEAD) if self._spent < self._limit + self._limit // _SHARE else 0
            kept = size if whole else beginning
            self._spent += kept
            self.cut += kept < size
            self._flows[flow] = before + kept
            if len(self._flows) > _FLOWS:
                del self._flows[next(iter(self._flows))]
            return kept
