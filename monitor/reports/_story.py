"""What happened around each finding of a report: its time relative to consent, and the account that ``explain``
gives."""

from collections.abc import Iterable
from typing import Final
from weakref import WeakKeyDictionary

import msgspec

from monitor.analysis.consent.marks import KeptMark
from monitor.analysis.consent.window import seen
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.correlate.owner import with_declared
from monitor.analysis.explain import story as telling
from monitor.analysis.explain.about import naming
from monitor.analysis.explain.blocks import Block, Lang
from monitor.analysis.explain.moments import collect, stack_of
from monitor.events import Event, Lifecycle, Stack, Step, Tap, UiSnapshot, Window
from monitor.reports._rows import FindingRow
from monitor.reports._view import View
from monitor.text import t

_AROUND: Final = (Lifecycle, Step, Tap, UiSnapshot, Window)
_DECIDED: Final = ("granted", "denied", "withdrawn", "unread")


class _Index:
    """What all findings of one view share: the events around them, and the decisions by scope."""

    def __init__(self, view: View) -> None:
        self.stacks = {event.stack: event for event in view.events.of(Stack)}
        self.packages = with_declared(view.names.sdks, view.names.declaration)
        self.prefixes = view.names.declaration.app_prefixes
        self.marks: dict[str, list[tuple[int, int, str]]] = {}
        for mark in view.marks:
            if mark.state in _DECIDED:
                self.marks.setdefault(mark.scope, []).append((mark.t, mark.err, mark.state))
        # What a window says takes long to read, and a long session has many: once, not once for each finding.
        first = min(view.events.of(*_AROUND), key=lambda event: event.seq, default=None)
        self.around = [first] if first else []
        self.around += view.events.of(*_AROUND, where=_Bearing(view.marks))


class _Bearing:
    """Whether an event may bear on a finding's account: starts, steps begun, taps that a mark rests on, notices."""

    def __init__(self, marks: Iterable[KeptMark]) -> None:
        kept = list(marks)
        self.taps = {mark.seq for mark in kept}
        self.notices = {seq for mark in kept if mark.scope == "policy" for seq in mark.events}

    def __call__(self, event: Event) -> bool:
        match event:
            case Lifecycle():
                return event.what == "process_start"
            case Step():
                return event.state == "started"
            case Tap():
                return event.seq in self.taps
            case Window():
                return event.action == "shown" and (event.seq in self.notices or seen(event).policy)
        return False


_indices: WeakKeyDictionary[View, _Index] = WeakKeyDictionary()


def _index(view: View) -> _Index:
    found = _indices.get(view)
    if found is None:
        found = _indices[view] = _Index(view)
    return found


def against(view: View, finding: FindingRow) -> str:
    """When a finding was first observed, relative to the decisions in its consent scope, with the error of both times:
    ``2.500 s before consent (±1 ms)``, ``1.2 s after the refusal``; empty for a finding that has no time."""
    at = finding.first_seen
    if not at:
        return ""
    own = next((event.err for seq in finding.events if (event := view.by_seq.get(seq)) and event.t == at), 0)
    marks = _index(view).marks
    # The answer to a system dialog is told as one: a permission granted is no consent.
    answers = [mark for mark in marks.get(f"permission:{finding.permission}", []) if mark[0] != at]  # not its own event
    answered = _relative(view, answers, at, own, "permission_")
    # A permission that was never requested: only the answer to the notice is available.
    return answered or _relative(view, marks.get("policy", []), at, own) or view.t("against.never")


def _relative(view: View, marks: list[tuple[int, int, str]], at: int, own: int, of: str = "") -> str:
    before = [mark for mark in marks if mark[0] <= at]
    granted = next((mark for mark in marks if mark[0] > at and mark[2] == "granted"), None)
    if before:
        return _gap(view, f"{of}after_{before[-1][2]}", at - before[-1][0], own + before[-1][1])
    return _gap(view, f"{of}before_granted", granted[0] - at, own + granted[1]) if granted else ""


def _gap(view: View, key: str, gap: int, err: int) -> str:
    return view.t(f"against.{key}", gap=f"{gap / 1e6:.3f}", err=f"{err / 1000:.1f}")


def story(view: View, finding: FindingRow) -> list[Block]:
    """The blocks of ``monitor explain`` without heading, clauses and advice, which are shown beside it; none for a line
    that is not a complete finding."""
    try:
        item = msgspec.convert(finding.raw, Finding)
    except msgspec.ValidationError:
        return []
    own = [view.by_seq[seq] for seq in item.events if seq in view.by_seq]
    numbers = {stack_of(event) for event in own}
    index = _index(view)
    stacks = [index.stacks[number] for number in numbers if number in index.stacks]
    events = [*index.around, *own, *stacks]
    unique = sorted({event.seq: event for event in events}.values(), key=lambda event: event.seq)
    found = collect(item, lambda: unique, view.marks)
    lang: Lang = "zh" if view.lang == "zh" else "en"
    name = naming(lang, view.names.sdks, view.names.organisations)
    blocks = telling.finding(
        item, view.names.rules.get(item.rule), found, lang, name=name,
        packages=index.packages, prefixes=index.prefixes(item.app), scenario=view.session.scenario, scenarios=[],
    )  # fmt: skip
    left = {t("explain.clauses", lang), t("explain.advice", lang)}
    return [block for block in blocks[1:] if block.heading not in left]
