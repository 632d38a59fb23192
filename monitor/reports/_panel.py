"""What the page shows of one event when it is opened: its fields, its stack once, a message with what was found in it;
never a value. And the messages as a table, each as a command that sends one like it."""

import shlex
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, TypedDict

import msgspec

from monitor.analysis.explain.moments import without_repeats
from monitor.base.errors import printable
from monitor.events import ApiCall, Event, Transmission
from monitor.reports._text import clean
from monitor.reports._view import View
from monitor.reports._words import happened

MAX_FLOWS: Final = 500
_MAX_EVENTS: Final = 5_000
_FRAMES: Final = 60
_FIELDS: Final = 24
_LONGEST: Final = 300
#: Fields that every event has or that the panel words itself.
_COMMON: Final = frozenset("seq t err src app pid kind stack".split())


@dataclass(frozen=True)
class Flow:
    """A message as a row: ``data`` found in it, ``curl``: a command for one like it, without a value."""

    seq: int
    time: str
    host: str
    path: str
    method: str
    org: str
    party: str
    sdk: str
    data: str
    found: str
    bytes: int
    status: str
    curl: str


def flows(view: View) -> list[Flow]:
    """The first messages, in order of time."""
    sent = sorted(view.events.of(Transmission), key=lambda event: (event.t, event.seq))
    return [_flow(view, event) for event in sent[:MAX_FLOWS]]


def _flow(view: View, event: Transmission) -> Flow:
    types = sorted({m.data_type for m in event.matches if m.certainty == "found"})
    return Flow(
        seq=event.seq, time=view.clock(event.t), host=event.host, path=event.path, method=event.method,
        org=view.org(event.org), party=view.label("party", event.party), sdk=event.sdk, data=" ".join(types),
        found=view.listed(view.label("data_type", name) for name in types), bytes=event.bytes,
        status=str(event.status or ""), curl=curl(event),
    )  # fmt: skip


def curl(event: Transmission) -> str:
    """A command that sends a message like this one: where to, by which method, of which type; the body is left out."""
    host = f"[{event.host}]" if ":" in event.host else event.host
    path = event.path if event.path.startswith("/") else f"/{event.path}"
    scheme = event.scheme if event.scheme in ("http", "https") else "https"
    words = ["curl", "-X", event.method or "GET", f"{scheme}://{host}:{event.port}{path}"]
    if event.content_type:
        words += ["-H", f"Content-Type: {event.content_type}"]
    if event.bytes:
        words += ["--data", "REDACTED"]
    return shlex.join(printable(word, _LONGEST) for word in words)


class Shown(TypedDict):
    """An event when it is opened: in words, its fields with their names, and the numbers of its stack, of the screen
    before it and of a finding (0: none)."""

    what: str
    fields: list[list[str]]
    stack: int
    shot: int
    finding: int


class Panel(TypedDict):
    """What the page's script shows, by number as text."""

    events: dict[str, Shown]
    stacks: dict[str, list[str]]


def panel(view: View) -> Panel:
    """The events that findings and notes name, and the messages; with their stacks. Ready for JSON."""
    named = dict.fromkeys(seq for finding in view.findings for seq in finding.events)
    named |= dict.fromkeys(seq for note in view.notes for seq in note.events)
    named |= dict.fromkeys(event.seq for event in view.events.of(Transmission))
    events = [view.by_seq[seq] for seq in list(named)[:_MAX_EVENTS] if seq in view.by_seq]
    screens = sorted((event.t, event.seq) for event in view.snapshots if event.screenshot)
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
    found = [
        f"{m.path} = {view.label('data_type', m.data_type)} ({m.form}, {view.label('certainty', m.certainty)})"
        for m in event.matches
    ]
    return [
        (t("report.sdk"), view.sdk(event.sdk)),
        (t("report.recipient"), view.aside(view.org(event.org), view.label("party", event.party))),
        (t("panel.request"), f"{event.method} {event.scheme}://{event.host}:{event.port}{event.path} "
                             f"{event.http_version or event.protocol}"),
        (t("panel.headers"), view.parts([f"Host: {event.named or event.host}",
                                         *([f"Content-Type: {event.content_type}"] if event.content_type else [])])),
        (t("panel.body"), view.aside(t("panel.bytes", n=event.bytes), t("panel.redacted")) if event.bytes else ""),
        *((t("panel.found"), f"{one} ×{n}" if n > 1 else one) for one, n in Counter(found).most_common(12)),
        (t("panel.response"), f"{event.status} · {t('panel.bytes', n=event.response_bytes)}" if event.status else ""),
    ]  # fmt: skip


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return ", ".join(f"{key}: {one}" for key, one in value.items()) if isinstance(value, dict) else str(value)
