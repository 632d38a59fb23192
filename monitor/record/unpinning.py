"""The level of TLS interception of a session: what it installs, and what the log records about it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from monitor.collectors.proxy import ProxyWorker
from monitor.events import ApiCall, Event
from monitor.knowledge.catalogue import Row
from monitor.session.manifest import Deviation

FAMILY: Final = "unpinning"
#: Argument of an ``api_call`` saying that its check rejected the certificate and was bypassed.
_BYPASSED: Final = "bypassed"
_HOSTS: Final = 20


def rows_at(level: str, rows: Sequence[Row]) -> list[Row]:
    """The catalogue at a level: rows that change the app are active only at ``hooks``."""
    if level != "hooks":
        return list(rows)
    return [row.model_copy(update={"enabled": True, "reason": ""}) if row.family == FAMILY else row for row in rows]


def agent_options(level: str, worker: ProxyWorker | None) -> dict[str, Any]:
    """The agent's option: the only certificate for which checks may be bypassed."""
    return {"ca": worker.ca_pem.decode("ascii")} if level == "hooks" and worker is not None else {}


def certificate(worker: ProxyWorker, level: str) -> bytes:
    """The certificate (PEM) to install on the device; empty = none."""
    return b"" if level == "none" else worker.ca_pem


class Bypasses:
    """How often a check of the app was bypassed, and for which hosts."""

    def __init__(self) -> None:
        self.hooks: Counter[str] = Counter()
        self.hosts: Counter[str] = Counter()

    def feed(self, event: Event) -> None:
        """An event that is in the log."""
        if isinstance(event, ApiCall) and event.args.get(_BYPASSED) == "yes":
            self.hooks[event.hook] += 1
            self.hosts[event.args.get("host", "")] += 1

    def deviation(self) -> Deviation | None:
        """For the manifest; None if nothing in the app was changed."""
        if not self.hooks:
            return None
        ways = ", ".join(f"{hook} {count}" for hook, count in sorted(self.hooks.items()))
        known = sorted(host for host in self.hosts if host)
        named = ", ".join(known[:_HOSTS]) + (" …" if len(known) > _HOSTS else "")
        return Deviation(
            what=f"the app under test was modified: {self.hooks.total()} certificate checks bypassed ({ways})",
            reason=f"--unpin hooks, to read traffic to {named or 'unknown hosts'}",
        )
