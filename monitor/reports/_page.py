"""The data of the HTML page: the timeline, what is shown of an event when it is opened, and the messages as a table,
each with a command that sends one like it; never a value."""

import itertools
import shlex
from array import array
from bisect import bisect_right
from collections import Counter
from operator import itemgetter
from typing import Any, Final, NamedTuple

import msgspec

from monitor.analysis.explain.moments import start_of, without_repeats
from monitor.base.errors import printable
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
    UiSnapshot,
    Window,
)
from monitor.reports._text import clean
from monitor.reports._view import View
from monitor.reports._words import happened, url
from monitor.text import scope_name

#: Maximum number of points drawn; those named by findings always are.
MAX_POINTS: Final = 5_000
_MAX_LANES: Final = 30
_MAX_SCOPES: Final = 12
_USER: Final = (PermissionRequest, PermissionResult, Prompt, Step, Tap, Window, Lifecycle)
_DRAWN: Final = (ApiCall, Transmission, TlsFailure, *_USER)
_MAX_FLOWS: Final = 500
_MAX_EVENTS: Final = 5_000
_FRAMES: Final = 60
_FIELDS: Final = 24
_LONGEST: Final = 300
#: Fields that every event has or that the panel words itself.
_COMMON: Final = frozenset("seq t err src app pid kind stack".split())


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


def timeline(view: View) -> dict[str, Any]:
    """What the page's script draws, ready for JSON: lanes (one for the user, one per SDK) with points, and bands of
    consent. ``t0`` is the left edge in µs, ``origin`` the app's start from there, ``cut`` says that not every event is
    drawn."""
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
    lanes = {sdk: number for number, sdk in enumerate(sdks, 1)}
    points = []
    for event in shown:
        lane = 0 if isinstance(event, _USER) else lanes.get(getattr(event, "sdk", ""), len(sdks))
        kind = str(type(event).__struct_config__.tag)
        status, words = flagged.get(event.seq, ""), happened(view, event)
        points.append(Point(lane, event.t - t0, event.err, event.seq, kind, status, words))
    return {
        "t0": t0,
        "origin": max(origin - t0, 0),
        "length": max(end - t0, 1),
        "lanes": [view.t("report.timeline.lane.user"), *(clean(view.sdk(sdk)) for sdk in sdks)],
        "points": points,
        "bands": _bands(view, t0, end),
        "cut": view.t("report.timeline.cut", shown=len(shown), total=drawn) if len(shown) < drawn else "",
    }


def _bands(view: View, t0: int, end: int) -> list[dict[str, Any]]:
    """States of consent: from and until in µs from the left edge, half width of the first edge, the mark's event."""
    scopes = sorted({mark.scope for mark in view.marks}, key=lambda scope: (scope != "policy", scope))
    bands = []
    for scope in scopes[:_MAX_SCOPES]:
        marks = [mark for mark in view.marks if mark.scope == scope]
        for mark, until in zip(marks, [*(after.t for after in marks[1:]), end], strict=True):
            band = {"scope": clean(scope_name(scope, view.lang)), "state": mark.state}
            band["name"] = view.label("consent_state", mark.state)
            times = {"from": mark.t - t0, "err": mark.err, "until": until - t0, "seq": mark.seq}
            if mark.state != "unknown":
                bands.append(band | times)
    return bands


def flows(view: View) -> list[dict[str, Any]]:
    """The first messages, in order of time: with the types of ``data`` ``found`` in each, and ``curl``, a command for
    one like it, without a value."""
    sent = sorted(view.events.of(Transmission), key=lambda event: (event.t, event.seq))
    rows = []
    for event in sent[:_MAX_FLOWS]:
        types = sorted({m.data_type for m in event.matches if m.certainty == "found"})
        row = {name: getattr(event, name) for name in ("seq", "host", "path", "method", "sdk", "bytes")}
        row |= {"time": view.clock(event.t), "org": view.org(event.org), "party": view.label("party", event.party)}
        row |= {"data": " ".join(types), "found": view.listed(view.label("data_type", name) for name in types)}
        rows.append(row | {"status": str(event.status or ""), "curl": curl(event)})
    return rows


def curl(event: Transmission) -> str:
    """A command that sends a message like this one: where to, by which method, of which type; the body is left out."""
    words = ["curl", "-X", event.method or "GET", url(event, "https")]
    if event.content_type:
        words += ["-H", f"Content-Type: {event.content_type}"]
    if event.bytes:
        words += ["--data", "REDACTED"]
    return shlex.join(printable(word, _LONGEST) for word in words)


def panel(view: View) -> dict[str, Any]:
    """The events that findings and notes name, and the messages, by number as text; with their stacks. Of each event
    the words, its fields with their names, and the numbers of its stack, of the screen before it and of a finding (0:
    none). Ready for JSON."""
    named = dict.fromkeys(seq for finding in view.findings for seq in finding.events)
    named |= dict.fromkeys(seq for note in view.covered("note") for seq in note.events)
    named |= dict.fromkeys(event.seq for event in view.events.of(Transmission))
    events = [view.by_seq[seq] for seq in list(named)[:_MAX_EVENTS] if seq in view.by_seq]
    screens = sorted((event.t, event.seq) for event in view.events.of(UiSnapshot) if event.screenshot)
    numbers = {seq: finding.number for finding in reversed(view.findings) for seq in finding.events}
    stacks = {getattr(event, "stack", 0) for event in events}
    return {
        "events": {
            str(event.seq): {
                "what": happened(view, event),
                "fields": _fields(view, event),
                "stack": getattr(event, "stack", 0),
                "shot": screens[at - 1][1] if (at := bisect_right(screens, event.t, key=itemgetter(0))) else 0,
                "finding": numbers.get(event.seq, 0),
            }
            for event in events
        },
        "stacks": {
            str(number): [clean(f.place) for f in without_repeats(frames)[:_FRAMES]]
            for number, frames in view.stacks.items()
            if number in stacks
        },
    }


def _fields(view: View, event: Event) -> list[list[str]]:
    t = view.t
    when = f"{view.clock(event.t)} ±{event.err / 1000:.1f} ms"
    rows = [(t("report.begun"), when), (t("panel.process"), f"{event.app} · {getattr(event, 'pid', '') or '–'}")]
    match event:
        case ApiCall():
            rows += [
                (t("report.data_type"), view.label("data_type", event.data_type)),
                (t("inspection.call"), f"{event.cls}.{event.method}{event.sig}"),
                (t("panel.outcome"), view.label("outcome", event.outcome)),
                (t("report.sdk"), view.sdk(event.sdk)),
                (t("report.count"), str(event.count)),
                *((f"args.{name}", value) for name, value in event.args.items()),
            ]
        case Transmission():
            rows += _message(view, event)
        case _:
            rest = msgspec.to_builtins(event)
            rows += [(name, _text(value)) for name, value in rest.items() if name not in _COMMON and value]
    return [[clean(name), printable(clean(value), _LONGEST)] for name, value in rows if value][:_FIELDS]


def _message(view: View, event: Transmission) -> list[tuple[str, str]]:
    t = view.t
    request = f"{event.method} {event.scheme}://{event.host}:{event.port}{event.path}"
    headers = [f"Host: {event.named or event.host}"]
    if event.content_type:
        headers.append(f"Content-Type: {event.content_type}")
    found = Counter(
        f"{m.path} = {view.label('data_type', m.data_type)} ({m.form}, {view.label('certainty', m.certainty)})"
        for m in event.matches
    )
    return [
        (t("report.sdk"), view.sdk(event.sdk)),
        (t("report.recipient"), view.aside(view.org(event.org), view.label("party", event.party))),
        (t("panel.request"), f"{request} {event.http_version or event.protocol}"),
        (t("panel.headers"), view.parts(headers)),
        (t("panel.body"), view.aside(t("panel.bytes", n=event.bytes), t("panel.redacted")) if event.bytes else ""),
        *((t("panel.found"), f"{one} ×{n}" if n > 1 else one) for one, n in found.most_common(12)),
        (t("panel.response"), f"{event.status} · {t('panel.bytes', n=event.response_bytes)}" if event.status else ""),
    ]


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return ", ".join(f"{key}: {one}" for key, one in value.items()) if isinstance(value, dict) else str(value)
