"""The only way out in normal mode: names are looked up here, and no other address than one judged here is dialled."""

import asyncio
import socket
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from monitor.base.network import WAIT, Found, NotReached, is_public, judge, look_up

#: Names that are looked up at the same time: of its own threads, as a slow name must not hold up anything else.
_AT_ONCE: Final = 8
_ALLOWED: Final = 4096


class Lookup:
    """Judges what the app wants to reach. ``allow``: non-public names and addresses that may be reached; ``refused`` is
    told each host that is not, with the reason."""

    def __init__(self, allow: Collection[str], refused: Callable[[str, NotReached], None]) -> None:
        self._allow, self._refused = frozenset(allow), refused
        self._threads = ThreadPoolExecutor(_AT_ONCE, "lookup")
        self._allowed: dict[str, None] = {}
        """Addresses of allowed names, the latest."""

    async def addresses(self, host: str, port: int) -> Found:
        """The addresses of a host, all of which may be dialled. Raises ``NotReached``."""
        loop = asyncio.get_running_loop()
        try:
            found = await asyncio.wait_for(loop.run_in_executor(self._threads, look_up, host, port), WAIT)
            if host in self._allow:
                self._allowed |= {str(address[0]): None for *_, address in found}
                while len(self._allowed) > _ALLOWED:
                    del self._allowed[next(iter(self._allowed))]
            else:
                judge(found)
        except TimeoutError:
            fault = NotReached("slow")
        except NotReached as refused:
            fault = refused
        else:
            return found
        self._refused(host, fault)
        raise fault

    def require(self, address: str) -> None:
        """Raises ``NotReached`` for an address that must not be dialled, and for anything that is not an address."""
        if address in self._allow or address in self._allowed:
            return
        try:
            public = is_public(address)
        except ValueError:
            public = False
        if not public:
            fault = NotReached("private")
            self._refused(address, fault)
            raise fault


class CheckedLoop(asyncio.SelectorEventLoop):
    """An event loop whose outgoing connections are all judged, whoever makes them."""

    lookup: Lookup | None = None
    """None = nothing is judged."""

    async def getaddrinfo(self, host: Any, port: Any, **how: Any) -> Any:
        """As of the base class; raises ``NotReached``."""
        if self.lookup is None:
            return await super().getaddrinfo(host, port, **how)
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        found = await self.lookup.addresses(name, int(port or 0))
        family = how.get("family") or 0
        return [one for one in found if family in (0, one[0])]

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """As of the base class; raises ``NotReached``."""
        if self.lookup is not None and isinstance(address, tuple):
            self.lookup.require(str(address[0]))
        await super().sock_connect(sock, address)
