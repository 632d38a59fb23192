"""Facts about permission requests."""

from __future__ import annotations

from typing import Any, Final

from monitor.analysis.consent.timeline import gap
from monitor.analysis.rules.context import Context, Subject, permission_entry
from monitor.analysis.rules.facts.registry import REQUESTS, fact
from monitor.events import KINDS

_SPECIAL: Final = ("BIND_ACCESSIBILITY", "BIND_NOTIFICATION_LISTENER", "SYSTEM_ALERT_WINDOW", "BIND_DEVICE_ADMIN")
_BURST_US: Final = 5_000_000


def _groups(e: Any) -> set[str]:
    return {str(permission_entry(p).get("group", "")) for p in e.permissions} - {""}


def _needed(e: Any, c: Context) -> bool:
    """Whether the current function is declared to need every permission of the request."""
    function = c.declaration.functions.get(c.function(e))
    names = e.permissions if hasattr(e, "permissions") else [e.permission]
    return function is not None and all(_listed(p, function.permissions) for p in names)


def _listed(permission: str, names: list[str]) -> bool:
    last = permission.rpartition(".")[2]
    return any(name.rpartition(".")[2] == last for name in names)


def _burst(e: Any, c: Context) -> int:
    """Groups requested in this request and in those within five seconds before it, without a tap between."""
    groups = _groups(e)
    for other in c.history["permission_request"]:
        near = gap(other, e)[0] >= 0 and gap(other, e)[1] <= _BURST_US
        if near and not any(other.t < tap.t < e.t for tap in c.taps):
            groups |= _groups(other)
    return len(groups)


@fact(*KINDS)
def permission(e: Any, c: Context, s: Subject) -> Any:
    """The permission under assessment, or empty."""
    return s.permission or getattr(e, "permission", "")


@fact("permission_request")
def group_count(e: Any, c: Context, s: Subject) -> Any:
    """How many permission groups are requested at once."""
    return len(_groups(e))


@fact("permission_request")
def burst_groups(e: Any, c: Context, s: Subject) -> Any:
    """How many permission groups are requested within five seconds, without a tap between."""
    return _burst(e, c)


@fact("permission_request", "permission_result")
def needed_by_function(e: Any, c: Context, s: Subject) -> Any:
    """Whether the current function is declared to need every permission of it."""
    return _needed(e, c)


@fact(*REQUESTS)
def dangerous(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is a dangerous permission."""
    return bool(permission_entry(s.permission))


@fact(*REQUESTS)
def special_access(e: Any, c: Context, s: Subject) -> Any:
    """Whether it is a special access."""
    return s.permission.rpartition(".")[2].startswith(_SPECIAL)
