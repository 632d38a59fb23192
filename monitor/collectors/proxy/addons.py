"""mitmproxy's dispatch of events to addons, prepared: which addon wants which event does not change while it runs, and
mitmproxy asks all of them, and each event for its fields, anew for each of a dozen events per request."""

import dataclasses
import inspect
import logging
from collections.abc import Callable
from typing import Any

from mitmproxy import exceptions, flow, hooks
from mitmproxy.addonmanager import AddonManager

_log = logging.getLogger(__name__)


class Addons(AddonManager):
    """The same addons in the same order with the same arguments: those that ``worker.py`` adds, ``HttpCapture``
    (``http_capture.py``) among them. None may be added later."""

    def __init__(self, master: Any) -> None:
        super().__init__(master)  # type: ignore[no-untyped-call]
        self._wanted: dict[str, list[Callable[..., Any]]] = {}
        self._fields: dict[type, tuple[str, ...]] = {}

    def add(self, *addons: Any) -> None:
        """Add them to the end of the chain."""
        super().add(*addons)  # type: ignore[no-untyped-call]
        self._wanted.clear()

    async def trigger_event(self, event: hooks.Hook) -> None:
        """Tell every addon that wants it. What one of them raises is logged, and the next is told."""
        wanted = self._wanted.get(event.name)
        if wanted is None:
            wanted = [hook for addon in self.chain for _, hook in self._iter_hooks(addon, event)]
            if event.name != "load":
                self._wanted[event.name] = wanted
        if not wanted:
            return
        arguments = self._arguments(event)
        for hook in wanted:
            try:
                answer = hook(*arguments)
                if answer is not None and inspect.isawaitable(answer):
                    await answer
            except exceptions.AddonHalt:
                return
            except exceptions.OptionsError:
                raise
            except Exception as error:  # noqa: BLE001  as mitmproxy does: an addon's fault ends nothing
                _log.exception("Addon error: %s", error)

    async def handle_lifecycle(self, event: hooks.Hook) -> Any:
        """Tell them, and that a flow has changed if it is about one. Returns what it is about."""
        message = self._arguments(event)[0]
        await self.trigger_event(event)
        if isinstance(message, flow.Flow) and self._wanted.get(hooks.UpdateHook.name) != []:
            await self.trigger_event(hooks.UpdateHook([message]))
        return message

    def _arguments(self, event: hooks.Hook) -> list[Any]:
        kind = type(event)
        names = self._fields.get(kind)
        if names is None:
            names = self._fields[kind] = tuple(field.name for field in dataclasses.fields(event))  # type: ignore[arg-type]
        return [getattr(event, name) for name in names]
