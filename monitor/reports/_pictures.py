"""Screens that a report may show, as data URLs."""

from __future__ import annotations

import base64
from typing import Final

from monitor.reports._view import Row, View

_MAX_BYTES: Final = 8 << 20


def near(view: View, finding: Row, shots: list[dict[str, str]]) -> list[dict[str, str]]:
    """The screens before and after the moment of a finding with evidence."""
    if finding["status"] != "evidenced" or not finding["first_seen"]:
        return []
    times = {str(event.seq): event.t for event in view.snapshots}
    there = [picture for picture in shots if picture["source"]]
    before = [p for p in there if times[p["seq"]] <= finding["first_seen"]]
    after = [p for p in there if times[p["seq"]] > finding["first_seen"]]
    return [*before[-1:], *after[:1]]


def pictures(view: View) -> list[dict[str, str]]:
    """Screens with their picture as a data URL where it may be shown and is a PNG or JPEG."""
    shown = []
    for event in view.snapshots:
        data = view.blobs(event.screenshot) if view.blobs and event.screenshot else None
        kind = ""
        if data and len(data) <= _MAX_BYTES:
            kind = "png" if data.startswith(b"\x89PNG") else "jpeg" if data.startswith(b"\xff\xd8") else ""
        source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}" if data and kind else ""
        row = {"name": event.name, "time": view.clock(event.t), "seq": str(event.seq)}
        shown.append({**row, "source": source, "sha256": event.screenshot})
    return shown
