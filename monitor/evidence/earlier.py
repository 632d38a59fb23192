"""Events of logs before schema 3, in which ``health`` carried evidence as texts by name: each becomes the event of its
own kind that is written today. One that does not say what it should stays as it was recorded.
"""

from typing import Any, Final

from monitor import events
from monitor.events import Event, Health

_MAX_DIGITS: Final = 15
_CHANGED: Final = frozenset({"hook", "capability", "socket", "late_needle", "recovery"})


def today(event: Event) -> Event:
    """The event as this version would have recorded it."""
    if type(event) is not Health or event.what not in _CHANGED:
        return event
    common = {name: getattr(event, name) for name in events.Base.__struct_fields__}
    try:
        return _made(event, {name: str(value) for name, value in event.detail.items()}, common)
    except (KeyError, ValueError):
        return event


def _made(event: Health, told: dict[str, str], common: dict[str, Any]) -> Event:
    match event.what:
        case "hook":
            return _hook(event, told, common)
        case "capability":
            why = told.get("why", "")
            return events.DeviceCapability(**common, name=told["capability"], state=told["state"], why=why)
        case "socket":
            port, uid = _number(told["local_port"]), _number(told["uid"])
            return events.AppSocket(**common, local_port=port, uid=uid, own=told["own"] == "yes")
        case "late_needle":
            names = {name: told[name] for name in ("data_type", "form", "path", "tag")}
            flows = list(dict.fromkeys([told["flow"], *told.get("flows", "").split()]))
            match = events.Match(**names, certainty="found")
            return events.LateMatch(**common, match=match, flows=flows, n=event.n)
        case _:
            intact, torn = _number(told["events"]), _number(told["torn_bytes"])
            return events.Recovery(**common, events=intact, torn_bytes=torn, torn_sha256=told.get("torn_sha256", ""))


def _hook(event: Health, told: dict[str, str], common: dict[str, Any]) -> Event:
    if not event.hook:
        raise ValueError
    hook, absent, more = event.hook, told.get("overloads_absent", ""), told.get("overloads_unlisted", "")
    return events.HookState(
        **common,
        process=told.get("process", ""),
        late=told.get("late") == "yes",
        final=told.get("final") == "yes",
        states=[events.HookGroup(state=told.get("state") or "installed", why=told.get("why", ""), hooks=[hook])],
        calls={hook: event.n} if event.n else {},
        overloads={hook: _number(told["overloads"])} if "overloads" in told else {},
        differing=[events.HookOverloads(hook=hook, absent=absent, unlisted=more)] if absent or more else [],
    )


def _number(text: str) -> int:
    """Raises ``ValueError`` unless it is a decimal number that an event may hold."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise ValueError
    return int(text)
