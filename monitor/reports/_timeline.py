"""The timeline's data: lanes (one an SDK, the user's, the consent's) with points and bands, times relative in µs."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from monitor.analysis.consent import ConsentTracker
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
from monitor.reports._view import Row, View, clean
from monitor.text import label, t

#: More points than this are not drawn; those that findings name always are.
MAX_POINTS: Final = 5_000
_MAX_LANES: Final = 30
_TEXT: Final = 160
_USER = (PermissionRequest, PermissionResult, Prompt, Step, Tap, Window, Lifecycle)
_DRAWN = (ApiCall, Transmission, TlsFailure, *_USER)


def timeline(view: View) -> dict[str, Any]:
    """``t0``, ``length``, ``lanes`` (names), ``points`` and ``bands``, ready for JSON."""
    drawn: list[Event] = [event for event in view.events if isinstance(event, _DRAWN)]
    flagged = {seq: finding["status"] for finding in reversed(view.findings) for seq in finding["events"]}
    important: list[Event] = [event for event in drawn if event.seq in flagged or isinstance(event, _USER)]
    rest: list[Event] = [event for event in drawn if not (event.seq in flagged or isinstance(event, _USER))]
    room = max(MAX_POINTS - len(important), 0)
    step = -(-len(rest) // room) if room else len(rest) + 1
    shown: list[Event] = sorted(important[:MAX_POINTS] + rest[:: max(step, 1)], key=lambda event: event.t)
    t0 = min((event.t - event.err for event in view.events), default=0)
    end = max((event.t + event.err for event in view.events), default=0)
    busiest = Counter(event.sdk for event in shown if isinstance(event, ApiCall | Transmission | TlsFailure))
    sdks = [sdk for sdk, _ in busiest.most_common(_MAX_LANES)]
    lanes = [view.t("report.timeline.lane.user"), *(clean(view.sdk(sdk)) for sdk in sdks)]
    numbers = {sdk: number for number, sdk in enumerate(sdks, 1)}
    points = []
    for event in shown:
        lane = 0 if isinstance(event, _USER) else numbers.get(getattr(event, "sdk", ""), len(sdks))
        kind = str(type(event).__struct_config__.tag)
        points.append([lane, event.t - t0, event.err, event.seq, kind, flagged.get(event.seq, ""), _text(view, event)])
    return {
        "t0": t0,
        "length": max(end - t0, 1),
        "lanes": lanes,
        "points": points,
        "bands": _bands(view, t0, end),
        "cut": len(shown) < len(drawn) and view.t("report.timeline.cut", shown=len(shown), total=len(drawn)),
    }


def _bands(view: View, t0: int, end: int) -> list[Row]:
    """Consent states over time: scope, state, from, until, and the half widths of both edges."""
    tracker = ConsentTracker()
    for event in sorted(view.events, key=lambda event: (event.t, event.seq)):
        tracker.feed(event)
    bands = []
    for scope, line in sorted(tracker.scopes.items(), key=lambda item: (item[0] != "policy", item[0]))[:12]:
        marks = [mark for mark in line.marks if mark.state != "unknown"]
        for number, mark in enumerate(marks):
            after = marks[number + 1] if number + 1 < len(marks) else None
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


def scope_name(scope: str, lang: str) -> str:
    """The name of a consent scope."""
    group, _, what = scope.partition(":")
    if not what:
        return label("scope", scope, lang)
    if group == "sensitive":
        what = label("data_type", what, lang)
    elif group == "permission":
        what = what.rpartition(".")[2]
    return t(f"scope.{group}", lang, what=what) if group in ("sensitive", "share", "permission") else scope


def _text(view: View, event: Event) -> str:
    """What a reader sees when pointing at it; never a value."""
    kind = view.label("kind", str(type(event).__struct_config__.tag))
    match event:
        case ApiCall():
            count = f" ×{event.count}" if event.count > 1 else ""
            what = f"{view.label('data_type', event.data_type)} · {event.cls.rpartition('.')[2]}.{event.method}"
            text = f"{what}{count} · {view.label('outcome', event.outcome)}"
        case Transmission():
            types = sorted({view.label("data_type", m.data_type) for m in event.matches})
            text = f"→ {event.host} {event.method} {event.path} {', '.join(types)}"
        case TlsFailure():
            text = f"{event.sni or event.host}: {view.label('tls', event.reading)}"
        case Window():
            text = f"{event.window_kind} {event.action} {event.title} {' '.join(event.texts[:2])}"
        case Tap():
            text = event.label
        case Prompt() | PermissionRequest():
            text = ", ".join(name.rpartition(".")[2] for name in event.permissions)
        case PermissionResult():
            text = f"{event.permission.rpartition('.')[2]}: {event.result}"
        case Step():
            text = f"{event.verb} {event.label} {view.label('step_state', event.state)}"
        case Lifecycle():
            text = f"{event.what} {event.component.rpartition('.')[2]}"
        case _:
            text = ""
    return clean(f"{kind}: {text}"[:_TEXT])
