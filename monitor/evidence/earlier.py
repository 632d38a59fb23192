"""Events of logs before schema 3, in which ``health`` carried evidence as texts by name: each becomes the event of its
own kind that is written today. One that does not say what it should stays as it was recorded.
"""

from collections.abc import Callable
from typing import Any, Final

from monitor.events import (
    AppSocket,
    Base,
    DeviceCapability,
    Event,
    Health,
    HookGroup,
    HookOverloads,
    HookState,
    LateMatch,
    Match,
    Recovery,
)

_MAX_DIGITS: Final = 15


def today(event: Event) -> Event:
    """The event as this version would have recorded it."""
    if type(event) is not Health or event.what not in _MADE:
        return event
    common = {name: getattr(event, name) for name in Base.__struct_fields__}
    try:
        return _MADE[event.what](event, {name: str(value) for name, value in event.detail.items()}, common)
    except (KeyError, ValueError):
        return event


def _hook(event: Health, told: dict[str, str], common: dict[str, Any]) -> Event:
    if not event.hook:
        raise ValueError
    hook, absent, more = event.hook, told.get("overloads_absent", ""), told.get("overloads_unlisted", "")
    return HookState(
        **common,
        process=told.get("process", ""),
        late=told.get("late") == "yes",
        final=told.get("final") == "yes",
        states=[HookGroup(state=told.get("state") or "installed", why=told.get("why", ""), hooks=[hook])],
        calls={hook: event.n} if event.n else {},
        overloads={hook: _number(told["overloads"])} if "overloads" in told else {},
        differing=[HookOverloads(hook=hook, absent=absent, unlisted=more)] if absent or more else [],
    )


def _capability(event: Health, told: dict[str, str], common: dict[str, Any]) -> Event:
    return DeviceCapability(**common, name=told["capability"], state=told["state"], why=told.get("why", ""))


def _socket(event: Health, told: dict[str, str], common: dict[str, Any]) -> Event:
    return AppSocket(
        **common, local_port=_number(told["local_port"]), uid=_number(told["uid"]), own=told["own"] == "yes"
    )


def _late_match(event: Health, told: dict[str, str], common: dict[str, Any]) -> Event:
    match = Match(
        data_type=told["data_type"], form=told["form"], path=told["path"], certainty="found", tag=told["tag"]
    )  # fmt: skip
    first = told["flow"]
    others = [flow for flow in told.get("flows", "").split() if flow != first]
    return LateMatch(**common, match=match, flows=[first, *others], n=event.n)


def _recovery(event: Health, told: dict[str, str], common: dict[str, Any]) -> Event:
    return Recovery(
        **common,
        events=_number(told["events"]),
        torn_bytes=_number(told["torn_bytes"]),
        torn_sha256=told.get("torn_sha256", ""),
    )


_MADE: Final[dict[str, Callable[[Health, dict[str, str], dict[str, Any]], Event]]] = {
    "hook": _hook,
    "capability": _capability,
    "socket": _socket,
    "late_needle": _late_match,
    "recovery": _recovery,
}


def _number(text: str) -> int:
    """Raises ``ValueError`` unless it is a decimal number that an event may hold."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise ValueError
    return int(text)
