"""Expands the short events of a rule's examples.

Times are seconds from the start (``at``), errors milliseconds (``err``). ``matches``, ``values`` and ``boxes`` may be
short: ``matches: [imei]``, ``values: [tag]``, ``boxes: {label: true}``.
"""

from typing import Any, Final

import msgspec

from monitor.analysis.rules.model import Example
from monitor.errors import InputError, nearest
from monitor.events import DATA_TYPES, KINDS, Event, decode

START: Final = 1_700_000_000_000_000
_DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "api_call": {"hook": "x.y", "role": "source", "cls": "a.B", "method": "m", "sig": "()V", "outcome": "value",
                 "sdk": "app", "data_type": "misc"},
    "permission_request": {"via": "hook"},
    "permission_result": {"via": "hook", "dialog": "yes", "result": "denied"},
    "prompt": {"prompt_kind": "permission", "shown": True, "via": "logcat"},
    "window": {"window": 1, "window_kind": "dialog", "action": "shown"},
    "ui_snapshot": {"name": "s"},
    "consent": {"via": "scenario"},
    "toggle": {"via": "scenario"},
    "policy": {"url": "https://policy.example/p", "status": 200, "sha256": "a" * 64, "bytes": 20000},
    "connection": {"address": "10.0.0.1", "port": 443, "local_port": 4000},
    "transmission": {"flow": "f", "host": "api.example.com", "port": 443, "scheme": "https", "method": "POST"},
    "tls_failure": {"sni": "x", "host": "x", "port": 443, "client_port": 1, "alert": "", "reading": "unknown"},
    "step": {"index": 1, "state": "started"},
    "health": {"component": "hooks"},
    "stack": {"frames": []},
}  # fmt: skip
#: A year in seconds: no example needs more, and more would leave the range of an event's time.
_FARTHEST: Final = 366 * 86_400
_SOURCES: Final = {"transmission": "proxy", "tls_failure": "proxy", "permission_result": "logcat", "prompt": "logcat",
                   "ui_snapshot": "runner", "consent": "runner", "toggle": "runner", "policy": "runner",
                   "step": "runner", "health": "runner", "hook_state": "runner", "capability": "runner",
                   "lifecycle": "logcat"}  # fmt: skip


def event(raw: dict[str, Any], seq: int, where: str = "") -> Event:
    """One event from its short form. Raises ``InputError``."""
    data = dict(raw)
    kind = data.pop("kind", "")
    if kind not in KINDS:
        raise InputError(f"unknown event kind {kind!r} in an example", where=where)
    whole: dict[str, Any] = {
        "kind": kind,
        "seq": seq,
        "t": START + _scaled(data.pop("at", seq), 1_000_000, f"at of event {seq}", where),
        "err": _scaled(data.pop("err", 1), 1000, f"err of event {seq}", where),
        "src": _SOURCES.get(kind, "hooks:100"),
        "app": "com.example.app",
        "pid": 100,
        **_DEFAULTS.get(kind, {}),
        **data,
    }
    if "values" in whole:
        whole["values"] = [_value(v, str(whole.get("data_type", ""))) for v in whole["values"]]
    if "matches" in whole:
        whole["matches"] = [_match(m) for m in whole["matches"]]
    if isinstance(whole.get("boxes"), dict):
        whole["boxes"] = [{"label": k, "checked": v} for k, v in whole["boxes"].items()]
    for name in (
        whole.get("data_type", ""),
        *(m["data_type"] for key in ("values", "matches") for m in whole.get(key, ())),
    ):
        if name and name not in DATA_TYPES:
            raise InputError(
                f"event {seq} of an example: no such data type: {name}", where=where, hint=nearest(name, DATA_TYPES)
            )
    try:
        return decode(msgspec.json.encode(whole))
    except msgspec.ValidationError as error:
        raise InputError(f"event {seq} of an example: {error}", where=where) from None


def _scaled(value: Any, factor: int, what: str, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _FARTHEST:
        hint = "at in seconds from the start, err in milliseconds"
        raise InputError(f"{what} in an example is not a time", where=where, hint=hint)
    return round(value * factor)


def _value(value: Any, data_type: str) -> Any:
    if isinstance(value, str):
        return {"data_type": data_type, "tag": value, "commit": "0" * 64, "size": 15}
    return value


def _match(value: Any) -> Any:
    base = {"form": "plain", "path": "body.json.x", "certainty": "found", "tag": ""}
    return {**base, "data_type": value} if isinstance(value, str) else {**base, **value}


def events(example: Example, where: str = "") -> list[Event]:
    """The events of an example in the order of the file, numbered from 1."""
    return [event(raw, number, where) for number, raw in enumerate(example.events, 1)]
