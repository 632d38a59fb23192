"""One offline HTML file: it makes no request, runs no script but our own, and shows names as plain text only.

The template shows the view; the script draws a timeline, and tells of an event when it is opened: never a value.
"""

import base64
import itertools
import json
import shlex
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from monitor import events
from monitor.analysis.coverage.verdict import Verdict
from monitor.analysis.explain import about, moments
from monitor.base.errors import printable
from monitor.events import ApiCall, Event, Lifecycle, TlsFailure, Transmission, UiSnapshot
from monitor.reports import _places, _results, _story
from monitor.reports import _words as words
from monitor.reports._problems import SHOWN, conclusion, for_review, problems, unlisted
from monitor.reports._rows import LEVELS, STATUSES, CoverageRow, FindingRow, heading, place, subject, unique
from monitor.reports._text import clean
from monitor.reports._view import View
from monitor.text import scope_name

TITLE = "one offline page with timeline, chains of evidence and coverage"
#: Maximum number of points drawn; those named by findings always are.
MAX_POINTS: Final = 5_000
_MAX_LANES: Final = 30
_MAX_SCOPES: Final = 12
_MAX_FLOWS: Final = 500
_MAX_EVENTS: Final = 5_000
_FRAMES: Final = 60
_FIELDS: Final = 24
_LONGEST: Final = 300
_ASKED: Final = (events.PermissionRequest, events.PermissionResult, events.Prompt)
_USER: Final = (*_ASKED, events.Step, events.Tap, events.Window, Lifecycle)
_DRAWN: Final = (ApiCall, Transmission, TlsFailure, *_USER)
#: Fields that every event has or that the panel words itself.
_COMMON: Final = frozenset("seq t err src app pid kind stack".split())
_FILES: Final = Path(__file__).parent / "page"
_CONTENTS: Final = {
    "summary": "report.contents.summary", "problems": "report.problems", "timeline-h": "report.timeline",
    "findings": "report.findings", "recipients": "report.recipients", "flows": "report.flows",
    "places": "report.places",
    "untested": "report.not_observable", "coverage": "report.contents.coverage", "items": "report.contents.items",
    "steps": "report.steps", "limits": "report.limits", "evidence": "report.bundle",
}  # fmt: skip
#: Filters of the findings: name on the page, and the field of a finding whose values it offers.
_FILTERS: Final = {"status": "status", "level": "level", "sdk": "sdk", "data": "data_type", "rule": "rule"}
#: Of those with an order of their own: the gravest first.
_SCALES: Final = {"status": STATUSES, "level": LEVELS}


def render(view: View) -> bytes:
    """The page. Screenshots are in it only if the view has ``blobs``."""
    style, script = ((_FILES / name).read_text("utf-8") for name in ("report.css", "report.js"))
    # In the style sheet, a string that no name in it can end.
    head = clean(f"{view.t('report.title')} · {view.session.app.package}")
    head = "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in head)
    style += f'@page{{@top-left{{font-size:9pt;content:"{head}"}}}}'
    drawing, items, found, places = timeline(view), _results.matrix(view), problems(view), _places.graph(view)
    text = page_template(_FILES / "report.html.j2", finalize=shown).render(
        against=_story.against,
        heading=heading,
        near=_story.near,
        story=_story.story,
        words=words,
        v=view,
        s=view.session,
        t=view.t,
        label=view.label,
        statuses=STATUSES,
        groups=[_group(view, found) for found in _results.groups(view).values()],
        matrix=items,
        problems=found,
        places=places,
        shown=SHOWN,
        more=unlisted(view, found),
        review=for_review(found),
        conclusion=conclusion(view, found),
        broken=about.broken_off(view.session, view.lang),
        untested=_untested(view),
        contents=[
            pair
            for pair in _CONTENTS.items()
            if {"problems": found, "items": items, "places": places}.get(pair[0], True)
        ],
        filters=_filters(view),
        style=Markup(style),
        script=Markup(script),
        policy=page_policy(style, script, "img-src data:"),
        timeline=drawing,
        data=Markup(_in_script(drawing)),
        flows=flows(view),
        total_flows=view.events.number(Transmission),
        panel=Markup(_in_script(panel(view))),
        pictures=_story.pictures(view),
    )
    return text.encode("utf-8", "replace")


@cache
def page_template(file: Path, **more: Any) -> Template:
    """A page's template, compiled once per process: what is inserted is escaped."""
    environment = Environment(
        loader=FileSystemLoader(file.parent),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **more,
    )
    return environment.get_template(file.name)


def page_policy(style: str, script: str, *more: str) -> str:
    """Content-Security-Policy: only this style and this script, by digest, and what ``more`` directives allow."""
    digests = (base64.b64encode(sha256(text.encode()).digest()).decode() for text in (style, script))
    own = (f"{kind}-src 'sha256-{digest}'" for kind, digest in zip(("style", "script"), digests, strict=True))
    return "; ".join(("default-src 'none'", *own, *more, "base-uri 'none'", "form-action 'none'"))


def shown(value: object) -> object:
    """Every text inserted into the page, made inert before it is escaped."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _in_script(data: object) -> str:
    """JSON that cannot close the script element that contains it, nor start a comment there."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _group(view: View, findings: Sequence[FindingRow]) -> dict[str, Any]:
    """The findings of a rule, of which the first has the rule's texts; the clauses and names of all of them once."""
    cited = {clause.ref: clause for finding in findings for clause in finding.clauses}
    return {
        "first": findings[0],
        "findings": findings,
        "statuses": Counter(finding.status for finding in findings),
        "clauses": sorted(cited.values(), key=lambda clause: clause.draft),
        "what": unique(subject(finding, view.lang) for finding in findings),
        "sdks": unique(view.sdk(finding.sdk) for finding in findings if finding.sdk),
        "recipients": unique(view.org(finding.recipient) for finding in findings),
    }


def _untested(view: View) -> list[tuple[str, list[CoverageRow]]]:
    """Rules without a result in this session, by reason, the most frequent first."""
    by_reason: dict[str, list[CoverageRow]] = {}
    for row in view.covered("rule"):
        if row.verdict in (Verdict.NOT_EXERCISED, Verdict.NOT_OBSERVABLE):
            by_reason.setdefault(row.why, []).append(row)
    return sorted(by_reason.items(), key=lambda pair: -len(pair[1]))


def _filters(view: View) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, text key and options (value, text) of each filter of the findings."""
    filters = []
    own: dict[str, Callable[[str], str]] = {"sdk": view.sdk, "rule": str}
    for name, field in _FILTERS.items():
        word = own.get(field) or partial(view.label, field)
        options = [(value, word(value)) for value in unique(getattr(finding, field) for finding in view.findings)]
        scale = _SCALES.get(field, ())
        options.sort(key=lambda option: (place(scale, option[0]), option[1]))
        filters.append((name, f"report.{field}", options))
    items = sorted({item for finding in view.findings for item in finding.items})
    return [*filters, ("item", "report.item", [(str(item), f"{item} {view.t(f'item.{item}')}") for item in items])]


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
    for at, seq, struct in view.events.places(*_DRAWN):
        (important if seq in flagged or issubclass(struct, _USER) else others).append(at)
    drawn, room = len(important) + len(others), max(MAX_POINTS - len(important), 0)
    step = -(-len(others) // room) if room else len(others) + 1
    chosen = [*important[:MAX_POINTS], *others[:: max(step, 1)]]
    shown = sorted(map(view.events.__getitem__, chosen), key=lambda event: event.t)
    t0, end = view.events.span()
    origin = moments.start_of(itertools.chain(view.events[:1], view.events.of(Lifecycle)))
    busiest = Counter(event.sdk for event in shown if isinstance(event, ApiCall | Transmission | TlsFailure))
    sdks = [sdk for sdk, _ in busiest.most_common(_MAX_LANES)]
    lanes = {sdk: number for number, sdk in enumerate(sdks, 1)}
    points = []
    for event in shown:
        lane = 0 if isinstance(event, _USER) else lanes.get(getattr(event, "sdk", ""), len(sdks))
        kind, status = str(type(event).__struct_config__.tag), flagged.get(event.seq, "")
        points.append(Point(lane, event.t - t0, event.err, event.seq, kind, status, words.happened(view, event)))
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
    command = ["curl", "-X", event.method or "GET", words.url(event, "https")]
    if event.content_type:
        command += ["-H", f"Content-Type: {event.content_type}"]
    if event.bytes:
        command += ["--data", "REDACTED"]
    return shlex.join(printable(word, _LONGEST) for word in command)


def panel(view: View) -> dict[str, Any]:
    """The events that findings and notes name, and the messages, by number as text; with their stacks. Of each event
    the words, its fields with their names, and the numbers of its stack, of the screen before it and of a finding (0:
    none). Ready for JSON."""
    naming = (*(finding.events for finding in view.findings), *(note.events for note in view.covered("note")))
    named = dict.fromkeys(itertools.chain(*naming, (event.seq for event in view.events.of(Transmission))))
    screens = sorted((event.t, event.seq) for event in view.events.of(UiSnapshot) if event.screenshot)
    numbers = {seq: finding.number for finding in reversed(view.findings) for seq in finding.events}
    found, stacks = {}, {}
    for seq in [seq for seq in itertools.islice(named, _MAX_EVENTS) if seq in view.by_seq]:
        event = view.by_seq[seq]
        stack, before = getattr(event, "stack", 0), bisect_right(screens, event.t, key=itemgetter(0))
        found[str(seq)] = {
            "what": words.happened(view, event),
            "fields": _fields(view, event),
            "stack": stack,
            "shot": screens[before - 1][1] if before else 0,
            "finding": numbers.get(seq, 0),
        }
        if stack in view.stacks:
            stacks[str(stack)] = [clean(f.place) for f in moments.without_repeats(view.stacks[stack])[:_FRAMES]]
    return {"events": found, "stacks": stacks}


def _fields(view: View, event: Event) -> list[list[str]]:
    t = view.t
    rows: list[tuple[str, str]] = [
        (t("report.begun"), f"{view.clock(event.t)} ±{event.err / 1000:.1f} ms"),
        (t("panel.process"), f"{event.app} · {getattr(event, 'pid', '') or '–'}"),
    ]
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


def _message(view: View, event: Transmission) -> Iterable[tuple[str, str]]:
    t = view.t
    yield t("report.sdk"), view.sdk(event.sdk)
    yield t("report.recipient"), view.aside(view.org(event.org), view.label("party", event.party))
    request = f"{event.method} {event.scheme}://{event.host}:{event.port}{event.path}"
    yield t("panel.request"), f"{request} {event.http_version or event.protocol}"
    headers = [f"Host: {event.named or event.host}"]
    if event.content_type:
        headers.append(f"Content-Type: {event.content_type}")
    yield t("panel.headers"), view.parts(headers)
    if event.bytes:
        yield t("panel.body"), view.aside(t("panel.bytes", n=event.bytes), t("panel.redacted"))
    found = Counter(
        f"{m.path} = {view.label('data_type', m.data_type)} ({m.form}, {view.label('certainty', m.certainty)})"
        for m in event.matches
    )
    for one, n in found.most_common(12):
        yield t("panel.found"), f"{one} ×{n}" if n > 1 else one
    if event.status:
        yield t("panel.response"), f"{event.status} · {t('panel.bytes', n=event.response_bytes)}"


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return ", ".join(f"{key}: {one}" for key, one in value.items()) if isinstance(value, dict) else str(value)
