"""Expands the short events of a rule's examples.

Times are seconds from the start (``at``), errors milliseconds (``err``). ``matches``, ``values`` and ``boxes`` may be
short: ``matches: [imei]``, ``values: [tag]``, ``boxes: {label: true}``.
"""

from pathlib import Path
from typing import Any, Final

import msgspec

from monitor.analysis.rules.model import Example
from monitor.base.errors import InputError, nearest
from monitor.base.yamlfile import own_table
from monitor.events import DATA_TYPES, KINDS, Event, decode

START: Final = 1_700_000_000_000_000
#: A year in seconds: no example needs more, and more would leave the range of an event's time.
_FARTHEST: Final = 366 * 86_400
_FILE: Final = Path(__file__).with_suffix(".yaml")


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
        "src": own_table(_FILE)["sources"].get(kind, "hooks:100"),
        "app": "com.example.app",
        "pid": 100,
        **own_table(_FILE)["defaults"].get(kind, {}),
        **data,
    }
    _expand(whole)
    parts = [whole, *(one for key in ("values", "matches") for one in whole.get(key, ()))]
    if wrong := [name for one in parts if (name := one.get("data_type")) and name not in DATA_TYPES]:
        said = f"event {seq} of an example: no such data type: {wrong[0]}"
        raise InputError(said, where=where, hint=nearest(wrong[0], DATA_TYPES))
    try:
        return decode(msgspec.json.encode(whole))
    except msgspec.ValidationError as error:
        raise InputError(f"event {seq} of an example: {error}", where=where) from None


def _expand(whole: dict[str, Any]) -> None:
    """Values by their tag alone, matches by their data type, boxes as label: state."""
    if "values" in whole:
        ref = {"data_type": str(whole.get("data_type", "")), "commit": "0" * 64, "size": 15}
        whole["values"] = [{**ref, "tag": value} if isinstance(value, str) else value for value in whole["values"]]
    if "matches" in whole:
        named = ({"data_type": one} if isinstance(one, str) else one for one in whole["matches"])
        whole["matches"] = [{"form": "plain", "path": "body.json.x", "certainty": "found", **one} for one in named]
    if isinstance(whole.get("boxes"), dict):
        whole["boxes"] = [{"label": k, "checked": v} for k, v in whole["boxes"].items()]


def _scaled(value: Any, factor: int, what: str, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _FARTHEST:
        hint = "at in seconds from the start, err in milliseconds"
        raise InputError(f"{what} in an example is not a time", where=where, hint=hint)
    return round(value * factor)


def events(example: Example, where: str = "") -> list[Event]:
    """The events of an example in the order of the file, numbered from 1."""
    return [event(raw, number, where) for number, raw in enumerate(example.events, 1)]
