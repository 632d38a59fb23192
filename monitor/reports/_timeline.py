"""The timeline's data: lanes (one per SDK, one for the user, one for consent) with points and bands, relative times in
µs."""

import itertools
from array import array
from collections import Counter
from typing import Final, NamedTuple, TypedDict

from monitor.analysis.consent.marks import KeptMark
from monitor.analysis.explain.moments import start_of
from monitor.events import (
    ApiCall,
    Lifecycle,
    PermissionRequest,
    PermissionResult,
    Prompt,
    Step,
    Tap,
    TlsFailure,
    Transmission,
    Window,
)
from monitor.reports._text import clean
from monitor.reports._view import View
from monitor.reports._words import happened
from monitor.text import scope_name

#: Maximum number of points drawn; those named by findings always are.
MAX_POINTS: Final = 5_000
_MAX_LANES: Final = 30
_USER = (PermissionRequest, PermissionResult, Prompt, Step, Tap, Window, Lifecycle)
_DRAWN = (ApiCall, Transmission, TlsFailure, *_USER)


class Point(NamedTuple):
    """An event on its lane: µs from the left edge, half width of its interval, number in the log, kind, the status of a
    finding that names it (or none), words."""

    lane: int
    at: int
    err: int
    seq: int
    kind: str
    status: str
    words: str


#: A state of consent: from and until in µs from the left edge, half width of its first edge, the mark's event.
Band = TypedDict("Band", {"scope": str, "state": str, "name": str, "from": int, "err": int, "until": int, "seq": int})


class Drawing(TypedDict):
    """What the page's script draws: ``t0`` is the left edge, ``origin`` the app's start from there, ``cut`` says that
    not every event is drawn."""

    t0: int
    origin: int
    length: int
    lanes: list[str]
    points: list[Point]
    bands: list[Band]
    cut: str


def timeline(view: View) -> Drawing:
    """The drawing of a recording, ready for JSON."""
    flagged = {seq: finding.status for finding in reversed(view.findings) for seq in finding.events}

    important, others = array("q"), array("q")
    for place, seq, struct in view.events.places(*_DRAWN):
        (important if seq in flagged or issubclass(struct, _USER) else others).append(place)
    drawn, room = len(important) + len(others), max(MAX_POINTS - len(important), 0)
    step = -(-len(others) // room) if room else len(others) + 1
    chosen = [*important[:MAX_POINTS], *others[:: max(step, 1)]]
    shown = sorted(map(view.events.__getitem__, chosen), key=lambda event: event.t)
    t0, end = view.events.span()
    origin = start_of(itertools.chain(view.events[:1], view.events.of(Lifecycle)))
    busiest = Counter(event.sdk for event in shown if isinstance(event, ApiCall | Transmission | TlsFailure))
    sdks = [sdk for sdk, _ in busiest.most_common(_MAX_LANES)]
    lanes = [view.t("report.timeline.lane.user"), *(clean(view.sdk(sdk)) for sdk in sdks)]
    numbers = {sdk: number for number, sdk in enumerate(sdks, 1)}
    points = []
    for event in shown:
        lane = 0 if isinstance(event, _USER) else numbers.get(getattr(event, "sdk", ""), len(sdks))
        kind = str(type(event).__struct_config__.tag)
        status, words = flagged.get(event.seq, ""), happened(view, event)
        points.append(Point(lane, event.t - t0, event.err, event.seq, kind, status, words))
    return {
        "t0": t0,
        "origin": max(origin - t0, 0),
        "length": max(end - t0, 1),
        "lanes": lanes,
        "points": points,
        "bands": _bands(view, t0, end),
        "cut": view.t("report.timeline.cut", shown=len(shown), total=drawn) if len(shown) < drawn else "",
    }


def _bands(view: View, t0: int, end: int) -> list[Band]:
    """Consent states over time: scope, state, from, until, and the half widths of both edges."""
    lines: dict[str, list[KeptMark]] = {}
    for mark in view.marks:
        lines.setdefault(mark.scope, []).append(mark)
    bands: list[Band] = []
    for scope, marks in sorted(lines.items(), key=lambda item: (item[0] != "policy", item[0]))[:12]:
        for number, mark in enumerate(marks):
            after = marks[number + 1] if number + 1 < len(marks) else None
            if mark.state == "unknown":
                continue
            bands.append(
                {
                    "scope": clean(scope_name(scope, view.lang)),
                    "state": mark.state,
                    "name": view.label("consent_state", mark.state),
                    "from": mark.t - t0,
                    "err": mark.err,
                    "until": (after.t if after else end) - t0,
                    "seq": mark.seq,
                }
            )
    return bands
