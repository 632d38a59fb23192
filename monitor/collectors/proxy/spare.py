"""What mitmproxy does for every message and this worker needs not, left out."""

from typing import Any

from mitmproxy import flow, http
from mitmproxy.proxy import commands
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler


def spare() -> None:
    """Change mitmproxy in this process."""
    http.MessageData.__post_init__ = _unchecked  # type: ignore[method-assign]
    ProxyConnectionHandler.handle_hook = _handle_hook  # type: ignore[method-assign]


def _unchecked(_: http.MessageData) -> None:
    """The types of what mitmproxy's own parsers made need no check; ``python -O`` leaves it out, too."""


async def _handle_hook(self: ProxyConnectionHandler, hook: commands.StartHook) -> None:
    """As mitmproxy's own, without a generator and a look at the fields for each event."""
    watchdog, addons = self.timeout_watchdog, self.master.addons
    watchdog.can_timeout.clear()
    watchdog.blocker += 1
    try:
        data: Any = await addons.handle_lifecycle(hook)
        if isinstance(data, flow.Flow) and data.intercepted:
            await data.wait_for_resume()  # type: ignore[no-untyped-call]
    finally:
        watchdog.blocker -= 1
        if watchdog.blocker == 0:
            watchdog.register_activity()  # type: ignore[no-untyped-call]
            watchdog.can_timeout.set()
