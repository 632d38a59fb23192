"""The pages of all web views: by a browser where the device's state names one (``web: {browser: chromium}``) and the
app lets scripts run, else by their HTML."""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from functools import partial
from typing import Any

from emulator.browser.driven import Browser, Driven

from .parsed import Parsed, Tell

#: Views of a process.
_MOST = 20
Key = tuple[int, int]


class Pages:
    """By process and number of the view. ``send`` brings an event to a process."""

    def __init__(self, send: Any, browser: str) -> None:
        self._send = send
        self._browser = Browser(shutil.which(browser) or browser) if browser else None
        self._pages: dict[Key, Parsed | Driven] = {}
        self._turns: defaultdict[Key, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def asked(self, what: str, pid: int, a: dict[str, Any]) -> Any:
        """``load``, ``click``, ``type``, ``eval``, ``answer``, ``result`` or ``close`` (PROTOCOL.md)."""
        key = pid, int(a["web"])
        if what in ("answer", "result"):  # while the page waits for it
            return await getattr(self._pages.get(key), what, self._nothing)(a)
        if what == "close":
            return self._close(key)
        async with self._turns[key]:
            if what == "load":
                return await self._page(key, bool(a["scripts"])).load(str(a["url"]), str(a["html"]), a["objects"])
            return await getattr(self._pages.get(key), what, self._nothing)(a)

    async def _nothing(self, a: dict[str, Any]) -> str:
        return "null"

    def _page(self, key: Key, scripts: bool) -> Parsed | Driven:
        driven = self._browser is not None and scripts
        if isinstance(known := self._pages.get(key), Driven if driven else Parsed):
            return known
        self._close(key)
        for other in [one for one in self._pages if one[0] == key[0]][: 1 - _MOST]:
            self._close(other)
        tell: Tell = partial(self._tell, key)
        self._pages[key] = made = Driven(self._browser, tell) if self._browser and driven else Parsed(tell)
        return made

    def _tell(self, key: Key, what: str, **more: Any) -> None:
        self._send(key[0], "web", {"listener": key[1], "what": what, **more})

    def _close(self, key: Key) -> None:
        if isinstance(page := self._pages.pop(key, None), Driven):
            page.drop()

    def gone(self, pid: int) -> None:
        """The process ended."""
        for key in [key for key in self._turns if key[0] == pid]:
            del self._turns[key]
            self._close(key)

    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()
