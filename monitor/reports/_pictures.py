"""Screens that a report may show, as data URLs."""

import base64
from typing import Final, NamedTuple

from monitor.reports._rows import FindingRow
from monitor.reports._view import View

_MAX_BYTES: Final = 8 << 20


class Shot(NamedTuple):
    """A screen; ``source`` is its picture as a data URL, empty where it may not be shown."""

    name: str
    time: str
    seq: str
    source: str
    sha256: str


Shots = list[Shot]


def near(view: View, finding: FindingRow, shots: Shots) -> Shots:
    """The screens before and after the moment of a finding with evidence."""
    if finding.status != "evidenced" or not finding.first_seen:
        return []
    times = {str(event.seq): event.t for event in view.snapshots}
    there = [picture for picture in shots if picture.source]
    before = [p for p in there if times[p.seq] <= finding.first_seen]
    after = [p for p in there if times[p.seq] > finding.first_seen]
    return [*before[-1:], *after[:1]]


def pictures(view: View) -> Shots:
    """Screens with their picture as a data URL where it may be shown and is a PNG or JPEG."""
    shown = []
    for event in view.snapshots:
        data = view.blobs(event.screenshot) if view.blobs and event.screenshot else None
        kind = ""
        if data and len(data) <= _MAX_BYTES:
            kind = "png" if data.startswith(b"\x89PNG") else "jpeg" if data.startswith(b"\xff\xd8") else ""
        source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}" if data and kind else ""
        shown.append(Shot(event.name, view.clock(event.t), str(event.seq), source, event.screenshot))
    return shown
