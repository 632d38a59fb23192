"""The timeline's data: lanes (one per SDK, one for the user, one for consent) with points and bands, relative times in
µs."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from monitor.analysis.consent.marks import KeptMark
from monitor.analysis.explain.moments import start_of
from monitor.events import (
    ApiCall,
    Event,
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
from monitor.reports._inert import clean
from monitor.reports._view import View
from monitor.reports._words import happened
from monitor.text import scope_name

#: Maximum number of points drawn; those named by findings always are.
MAX_POINTS: Final = 5_000
_MAX_LANES: Final = 30
_USER = (PermissionRequest, PermissionResult, Prompt, Step, Tap, Window, Lifecycle)
_DRAWN = (ApiCall, Transmission, TlsFailure, *_USER)


def timeline(view: View) -> dict[str, Any]:
    """``t0`` (left edge), ``origin`` (the app's start, from ``t0``), ``length``,
    ``lanes`` (names), ``points`` and ``bands``, ready for JSON."""
    drawn: list[Event] = [event for event in view.events if isinstance(event, _DRAWN)]
    flagged = {seq: finding.status for finding in reversed(view.findings) for seq in finding.events}
    important: list[Event] = [event for event in drawn if event.seq in flagged or isinstance(event, _USER)]
    rest: list[Event] = [event for event in drawn if not (event.seq in flagged or isinstance(event, _USER))]
    room = max(MAX_POINTS - len(important), 0)
    step = -(-len(rest) // room) if room else len(rest) + 1
    shown: list[Event] = sorted(important[:MAX_POINTS] + rest[:: max(step, 1)], key=lambda event: event.t)
    t0 = min((event.t - event.err for event in view.events), default=0)
    origin = start_of(view.events)
    end = max((event.t + event.err for event in view.events), default=0)
    busiest = Counter(event.sdk for event in shown if isinstance(event, ApiCall | Transmission | TlsFailure))
    sdks = [sdk for sdk, _ in busiest.most_common(_MAX_LANES)]
    lanes = [view.t("report.timeline.lane.user"), *(clean(view.sdk(sdk)) for sdk in sdks)]
    numbers = {sdk: number for number, sdk in enumerate(sdks, 1)}
    points = []
    for event in shown:
        lane = 0 if isinstance(event, _USER) else numbers.get(getattr(event, "sdk", ""), len(sdks))
        kind = str(type(event).__struct_config__.tag)
        status, words = flagged.get(event.seq, ""), happened(view, event)
        points.append([lane, event.t - t0, event.err, event.seq, kind, status, words])
    return {
        "t0": t0,
        "origin": max(origin - t0, 0),
        "length": max(end - t0, 1),
        "lanes": lanes,
        "points": points,
        "bands": _bands(view, t0, end),
        "cut": len(shown) < len(drawn) and view.t("report.timeline.cut", shown=len(shown), total=len(drawn)),
    }


def _bands(view: View, t0: int, end: int) -> list[dict[str, Any]]:
    """Consent states over time: scope, state, from, until, and the half widths of both edges."""
    lines: dict[str, list[KeptMark]] = {}
    for mark in view.marks:
        lines.setdefault(mark.scope, []).append(mark)
    bands = []
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
