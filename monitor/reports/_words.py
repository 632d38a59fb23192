"""Events, findings and the session in words; the steps as a table; and 偏离情况, what departed from the procedure."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any, Final

from monitor import events
from monitor.analysis.explain.about import broken_off, code
from monitor.analysis.explain.sentences import DEEDS, shot, step
from monitor.analysis.rules.load import Rule
from monitor.base.errors import printable
from monitor.events import ApiCall, Event, Step, Tap, Transmission, Window
from monitor.reports import _blocks, _rows
from monitor.reports._text import clean
from monitor.reports._view import Trouble, View
from monitor.text import has, retold, scope_name, step_done
from monitor.text.reasons import Code

_TEXT: Final = 160
_REASONS: Final = 8
_PAST: Final = 5
_HOUR: Final = 3600
_SECOND: Final = 1_000_000


def _called(view: View, call: ApiCall) -> str:
    what = f"{view.label('data_type', call.data_type)} · {call.cls.rpartition('.')[2]}.{call.method}"
    if call.data_type in DEEDS and (component := call.args.get("component")):
        what += f" · {component}"
    what += f" ×{call.count}" if call.count > 1 else ""
    done = call.data_type in DEEDS and call.outcome in ("value", "null", "constant")  # it reads nothing
    return what if done else f"{what} · {view.label('outcome', call.outcome)}"


def _sent(view: View, event: Transmission) -> str:
    types = sorted({view.label("data_type", m.data_type) for m in event.matches})
    host = view.aside(event.host, view.t("sent.named", name=event.named)) if event.named else event.host
    return view.aside(f"{event.method} {host}{event.path}", view.listed(types))


def _window(view: View, event: Window) -> str:
    kind = f"{view.label('window_kind', event.window_kind)} {view.label('window_action', event.action)}"
    return view.pair(kind, view.parts(dict.fromkeys(filter(None, (event.title, *event.texts[:2])))))


def _permissions(view: View, event: events.Prompt | events.PermissionRequest) -> str:
    return view.listed(name.rpartition(".")[2] for name in event.permissions)


#: What of an event stands beside the word for its kind.
_HAPPENED: Final[dict[type[Event], Callable[[View, Any], str]]] = {
    ApiCall: _called,
    Transmission: _sent,
    Window: _window,
    Tap: lambda view, e: e.label,
    Step: lambda view, e: f"{step(e, view.lang)} {view.label('step_state', e.state)}",
    events.Prompt: _permissions,
    events.PermissionRequest: _permissions,
    events.PermissionResult: lambda view, e: view.pair(
        e.permission.rpartition(".")[2], view.label("permission_result", e.result)
    ),
    events.TlsFailure: lambda view, e: view.pair(e.sni or e.host, view.label("tls", e.reading)),
    events.UiSnapshot: lambda view, e: f"{shot(e.name, view.lang)} {' '.join(e.texts[:2])}",
    events.Consent: lambda view, e: f"{scope_name(e.scope, view.lang)} {view.label('consent_state', e.state)}",
    events.Lifecycle: lambda view, e: f"{view.label('lifecycle', e.what)} {e.component.rpartition('.')[2]}",
    events.Toggle: lambda view, e: f"{e.name} {view.label('switch', 'on' if e.value else 'off')}",
}


def happened(view: View, event: Event) -> str:
    """An event in one line, as a timeline mark shows it; never a value."""
    kind = view.label("kind", str(type(event).__struct_config__.tag))
    text = _HAPPENED[type(event)](view, event) if type(event) in _HAPPENED else ""
    return clean((view.pair(kind, text) if text else kind)[:_TEXT])


def url(event: Transmission, otherwise: str = "") -> str:
    """Where a message was sent. ``otherwise``: the scheme that stands for one that is not of HTTP."""
    host = f"[{event.host}]" if ":" in event.host else event.host
    path = event.path if event.path.startswith("/") else f"/{event.path}"
    scheme = event.scheme if event.scheme in ("http", "https") or not otherwise else otherwise
    return f"{scheme}://{host}:{event.port}{path}"


def about(view: View, finding: _rows.FindingRow) -> str:
    """A finding in one line: data or permission, the pattern that sets it apart, whose code, and the recipient."""
    parts = [_rows.subject(finding, view.lang), finding.apart, code(finding.sdk, finding.detail, view.lang, view.sdk)]
    text = " · ".join(part for part in parts if part)
    return f"{text} → {view.org(finding.recipient)}".lstrip() if finding.recipient else text


def step_why(view: View, event: Step) -> str:
    """What a step said at its end, in the reader's language."""
    return retold("step_said", event.detail, view.lang)


def standin(view: View) -> str:
    """What a session on the stand-in device was, and what ran the app there."""
    text = view.t("report.standin", runtime=runtime(view) or "JVM")
    return ("" if view.lang == "zh" else " ").join([text, *stated(view, "uncontained")])


def device(view: View) -> str:
    """The maker's and the model's name; of the stand-in device what it is."""
    one = view.session.device
    return view.label("device", "standin") if one.standin else clean(f"{one.manufacturer} {one.model}".strip())


def method(view: View) -> str:
    """How the app was observed."""
    return view.t("inspection.method.imported" if view.session.imported else "inspection.method.text")


def runtime(view: View) -> str:
    """What ran the app on the stand-in device, as its build names it, in the reader's language."""
    parts = view.session.device.runtime.split("; ")
    return ("; " if view.lang == "en" else "；").join(retold("runtime", part, view.lang) for part in parts)


def tools(view: View) -> str:
    """The tools that made the recording, with their versions."""
    found = view.session.versions.model_dump().items()
    return view.listed(f"{view.label('tool', name)} {version}" for name, version in found if version)


def detail(view: View, name: str, value: str) -> str:
    """What a finding says in detail: of a match the host, and in which field and form the value was."""
    if name != "matches":
        return value
    places = (place.split(" ", 2) for place in value.split("; "))
    return view.parts(
        view.pair(p[0], view.aside(p[2], view.label("form", p[1]))) if len(p) == 3 else " ".join(p) for p in places
    )


def setting(view: View, group: str, value: str) -> str:
    """How the session was set up, in words."""
    return view.label(group, value) if value else view.t("report.unknown")


def trouble(view: View, event: Trouble) -> str:
    """A loss or fault of the monitor: what, where, how many, and details."""
    values = dict(event.detail)
    what = "refused" if event.what == "skipped" and "refused" in values else event.what
    named = view.label("kind" if what == "recovery" else "health", what)
    where = view.aside(named, f"{event.component} {event.hook}".strip())
    if event.what == "skipped" and "why" in values:
        values["why"] = view.label("skip", values["why"])
    if "reason" in values:
        values["reason"] = retold("said", values["reason"], view.lang)
    detail = [view.pair(view.label("detail", name), value) for name, value in values.items()]
    return clean(view.parts([f"{where} ×{event.n}" if event.n else where, *detail]))


def notices(view: View) -> dict[str, str]:
    """What every report says, by name: whose results it shows, which of their rules are not built in, what else was
    given for them, which tables are not those of a release, and that the app was not contained, if it was not."""
    said = {"results": view.t(f"results.{view.results.whose}", key=view.results.key or "–")} if view.results else {}
    said |= view.names.notices
    if past := [
        reason.params.get("hosts", "") for one in view.lines if one.id == Code.PAST_PROXY for reason in one.reasons
    ]:
        hosts = clean(", ".join(past[:_PAST]) + ", …" * (len(past) > _PAST))
        said["past_proxy"] = view.t("report.past_proxy", n=len(past), hosts=hosts)
    return said if view.session.device.contained else said | {"uncontained": view.t("report.uncontained")}


def stated(view: View, *names: str) -> list[str]:
    """What every report says; ``names``: only these notices."""
    return [said for name, said in notices(view).items() if not names or name in names]


def limits(view: View, own: str = "", **counted: int) -> list[str]:
    """What limits this session's results, in order. ``own``: prefix of the texts of a document that says some of them
    in its own way; whose results these are it says elsewhere. ``counted``: numbers in these texts."""
    device = view.session.device
    kinds = {"standin": device.standin, "art": device.art, "compiled": not device.standin}
    keys = [*map(str, range(1, 10)), *(name for name, there in kinds.items() if there)]
    said_own = (f"{own}limit.{key}" for key in keys)
    texts = [view.t(name if has(name) else name.removeprefix(own), **counted) for name in said_own]
    return [*texts, *stated(view, *(["uncontained"] if own else []))]


def unseen_hooks(view: View) -> tuple[str, list[str]]:
    """How many hooks could not be observed, and each reason with how many it concerns; nothing if all could."""
    unseen = Counter(row.why for row in view.covered("hook") if row.state == "not_observable")
    if not unseen:
        return "", []
    shown = unseen.most_common(_REASONS)
    reasons = [view.aside(why.rstrip("."), str(n)) for why, n in shown]
    if others := unseen.total() - sum(n for _, n in shown):
        reasons.append(view.aside(view.t("report.unseen.others"), str(others)))
    return view.t("report.unseen.hooks", n=unseen.total(), all=len(view.covered("hook"))), reasons


def frequency(view: View, finding: _rows.FindingRow, *, named: bool = True) -> str:
    """How often, in what period, and the rule's threshold if it counts. ``named``: with a label."""
    often = view.t("report.times" if named else "report.occurrences", n=finding.count)
    us = int(finding.raw.get("last_seen") or 0) - finding.first_seen
    if finding.count > 1 and us > 0:  # in milliseconds where tenths of a second say nothing
        short = us < _SECOND
        span = {"ms": max(round(us / 1000), 1)} if short else {"seconds": f"{us / _SECOND:.1f}"}
        often += view.t("frequency.span_ms" if short else "frequency.span", **span)
    rule = view.names.rules.get(finding.rule)
    return view.parts([often, *(_threshold(view, finding, rule) if rule else ())])


def _threshold(view: View, finding: _rows.FindingRow, rule: Rule) -> Iterator[str]:
    """From which count on a finding's pattern finds, and within which time: in whole hours where it is some."""
    for pattern in rule.text.match:
        limits = {**pattern.thresholds.get("default", {}), **pattern.thresholds.get(rule.profile, {})}
        least, seconds = limits.get("min"), limits.get("within") or limits.get("span") or pattern.within
        if pattern.name != finding.pattern or not least:
            continue
        within = ""
        if seconds and seconds >= _HOUR and not seconds % _HOUR:
            within = view.t("frequency.within_hours", hours=f"{seconds / _HOUR:g}")
        elif seconds:
            within = view.t("frequency.within", seconds=f"{seconds:g}")
        yield view.t("frequency.threshold", n=f"{least:g}", within=within)


_TAPPING: Final = frozenset({"tapOn", "longPressOn", "consent", "permission", "withdraw", "toggle"})
_DEVIATIONS: Final = 100


def steps(view: View) -> _blocks.Table | _blocks.Text:
    """What was done, numbered in its order, when, and the result; a step that holds others precedes them. Equal steps
    in a row stand once; what a script repeats is done, and numbered, as often."""
    lines = []
    for begun, action, done in steps_begun(view):
        result = view.aside(view.label("step_state", done.state), clean(step_why(view, done)))
        lines.append((str(done.index), clean(action), result, begun))
    cells = []
    for number, ((_, action, result), equal) in enumerate(groupby(lines, key=lambda line: line[:3]), 1):
        times = [begun for *_, begun in equal]
        text = f"{action} ×{len(times)}" if len(times) > 1 else action
        cells.append([str(number), view.clock(times[0]), text, result])
    if not cells:
        return _blocks.Text(view.t("report.none"))
    when = view.aside(view.t("report.begun"), view.zone)
    headings = [view.t("inspection.step"), when, view.t("inspection.action"), view.t("inspection.result")]
    return _blocks.Table(headings, cells, (2, 4, 12, 5))


def steps_begun(view: View) -> list[tuple[int, str, Step]]:
    """Each step that ended, with the time at which it began and what was done, in that order."""
    running: dict[int, list[int]] = {}
    found: list[tuple[int, int, Step]] = []
    for event in view.events.of(Step):
        if event.state == "started":
            running.setdefault(event.index, []).append(event.seq)
        else:
            starts = running.get(event.index)
            found.append((starts.pop() if starts else event.seq, event.index, event))
    taps = [event for event in view.events.of(Tap) if event.via == "runner"]
    return [
        (view.by_seq.get(seq, done).t, _action(view, done, [tap for tap in taps if seq < tap.seq < done.seq]), done)
        for seq, _, done in sorted(found, key=lambda one: one[:2])
    ]


def _action(view: View, done: Step, taps: list[Tap]) -> str:
    """A step with what it tapped; one that taps more than once, or holds other steps, by its name alone."""
    tapped = printable(taps[0].label, 60) if len(taps) == 1 and done.verb in _TAPPING else ""
    return step_done(done.verb, done.label, tapped, view.lang)


def deviations(view: View) -> list[str]:
    """Departures by statement, by the way in which the session was run, and by fault of the monitor: equal faults in a
    row once, with their number and the first time."""
    session = view.session
    lines = [view.pair(d.what, d.reason) for d in session.record.deviations]
    if early := broken_off(session, view.lang):
        lines.append(" ".join(early))
    if session.imported:
        lines.append(view.t("deviation.imported", format=session.imported))
    if session.device.standin:
        lines.append(standin(view))
    lines += stated(view, "past_proxy", *([] if session.device.standin else ["uncontained"]))
    if session.unpinning in ("none", "hooks"):
        lines.append(view.pair(view.t("report.unpinning"), view.label("unpinning", session.unpinning)))
    if view.bypassed[0]:
        lines.append(view.t("report.bypassed", n=view.bypassed[0], hosts=view.bypassed[1]))
    for what, group in groupby(view.trouble, key=lambda event: trouble(view, event)):
        times = [event.t for event in group]
        lines.append(f"{view.moment(times[0])} {what}" + (f" ×{len(times)}" if len(times) > 1 else ""))
    return [clean(line) for line in view.first(lines, _DEVIATIONS)]
