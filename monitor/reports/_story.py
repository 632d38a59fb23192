"""What happened around each finding of a report: its time relative to consent, the account that ``explain`` gives, and
the screens before and after."""

import base64
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

import msgspec

from monitor.analysis.consent.timelines import KeptMark
from monitor.analysis.consent.window import seen
from monitor.analysis.correlate.findings import Finding
from monitor.analysis.correlate.owner import Owners, with_declared
from monitor.analysis.explain import story as telling
from monitor.analysis.explain.blocks import Block, Lang
from monitor.analysis.explain.moments import BESIDE, Moments, stack_of
from monitor.analysis.explain.remedy import code, joined
from monitor.analysis.explain.sentences import shot as screen_name
from monitor.events import Event, Lifecycle, Stack, Step, Tap, Transmission, UiSnapshot, Window
from monitor.reports._rows import FindingRow
from monitor.reports._text import clean
from monitor.reports._view import Chain, View
from monitor.text import t

_AROUND: Final = (Lifecycle, Step, Tap, Transmission, UiSnapshot, Window)
_DECIDED: Final = ("granted", "denied", "withdrawn", "unread")
_PICTURE_BYTES: Final = 8 << 20


class _Index:
    """What all findings of one view share: the stacks, and the events around that may bear on an account. What a window
    says takes long to read, and a long session has many: once, not once for each finding."""

    def __init__(self, view: View) -> None:
        self.stacks = {event.stack: event for event in view.events.of(Stack)}
        self._declared, self._owners = view.names.declaration, dict[str, Owners]()
        self.packages = with_declared(view.names.sdks, self._declared)
        decisive = {mark.seq for mark in view.marks}
        decisive |= {seq for mark in view.marks if mark.scope == "policy" for seq in mark.events}

        def bears(event: Event) -> bool:
            notice = isinstance(event, Window) and event.action == "shown" and seen(event).policy
            return isinstance(event, Lifecycle | Step) or event.seq in decisive or notice

        first = min(view.events.of(*_AROUND), key=lambda event: event.seq, default=None)
        self.around = [*([first] if first else []), *view.events.of(*_AROUND, where=bears)]
        self._sent: defaultdict[str, list[Transmission]] = defaultdict(list)
        for sent in view.events.of(Transmission):
            for kind in {match.data_type for match in sent.matches if match.certainty == "found"}:
                self._sent[kind].append(sent)

    def owners(self, app: str) -> Owners:
        """Whose an app's code is."""
        return self._owners.setdefault(app, Owners(self.packages, self._declared.app_prefixes(app)))

    def sent(self, item: Finding, most: int) -> Iterable[Event]:
        """The transmissions of such data since a finding, no more than an account looks at: an app may send many."""
        return islice((e for e in self._sent.get(item.data_type, ()) if e.t + e.err >= item.first_seen), most)


#: That of the view which was asked for last: a report is made of one.
_index: Final = lru_cache(maxsize=1)(_Index)


def against(view: View, finding: FindingRow) -> str:
    """When a finding was first observed, relative to the decisions in its consent scope, with the error of both times:
    ``2.500 s before consent (±1 ms)``, ``1.2 s after the refusal``; empty for a finding that has no time."""
    at = finding.first_seen
    if not at:
        return ""
    errors = {event.t: event.err for event in map(view.by_seq.get, reversed(finding.events)) if event}
    # The answer to a system dialog is named as one: a permission granted is no consent. Of a permission that was never
    # requested, only the answer to the notice is available.
    for scope, kind in ((f"permission:{finding.permission}", "permission_"), ("policy", "")):
        if mark := _deciding(view, scope, at):
            key = f"after_{mark.state}" if mark.t <= at else "before_granted"
            gap, err = abs(at - mark.t), errors.get(at, 0) + mark.err
            return view.t(f"against.{kind}{key}", gap=f"{gap / 1e6:.3f}", err=f"{err / 1000:.1f}")
    return view.t("against.never")


def _deciding(view: View, scope: str, at: int) -> KeptMark | None:
    """The last decision in a scope until then, but for a dialog's own; without one, the first agreement after it."""
    marks = [mark for mark in view.marks if mark.scope == scope and mark.state in _DECIDED]
    before = [mark for mark in marks if mark.t < at or (mark.t == at and scope == "policy")]
    return before[-1] if before else next((mark for mark in marks if mark.t > at and mark.state == "granted"), None)


def story(view: View, finding: FindingRow) -> list[Block]:
    """The blocks of ``monitor explain`` without heading, clauses and advice, which are shown beside it; none for a line
    that is not a complete finding."""
    try:
        item = msgspec.convert(finding.raw, Finding)
    except msgspec.ValidationError:
        return []
    own = [view.by_seq[seq] for seq in item.events if seq in view.by_seq]
    index = _index(view)
    stacks = [index.stacks[number] for number in map(stack_of, own) if number in index.stacks]
    sent = index.sent(item, BESIDE + len(own))
    by_seq = {event.seq: event for event in [*index.around, *sent, *own, *stacks]}
    events = [by_seq[seq] for seq in sorted(by_seq)]
    lang: Lang = "zh" if view.lang == "zh" else "en"
    blocks = telling.finding(
        item, view.names.rules.get(item.rule), Moments(item, events, view.marks), lang,
        name=view.name, packages=index.packages,
        prefixes=view.names.declaration.app_prefixes(item.app), scenario=view.session.scenario, scenarios=[],
    )  # fmt: skip
    beside = {t("explain.clauses", lang), t("explain.advice", lang)}
    return [block for block in blocks[1:] if block.heading not in beside]


def stack(view: View, finding: FindingRow, chain: Chain, most: int) -> str:
    """The innermost frames of the app and its libraries, those of who submitted the task, and how that was started."""
    index, number = _index(view), stack_of(chain.first) if chain.first else 0
    owners, api = index.owners(finding.app), chain.call.cls if chain.call else ""
    own = code(index.stacks[number].frames, owners, api).frames if number in index.stacks else []
    frames, kind = code(joined(index.stacks, number), owners, api)
    places = [clean(frame.place) for frame in own[:most]]
    if handed := frames[len(own) :]:
        places.append(view.t("entry.submitted", what=view.parts(clean(frame.place) for frame in handed[:most])))
    return view.parts([*places, *([view.t(f"entry.{kind}")] if kind else [])])


class Shot(NamedTuple):
    """A screen; ``data`` is its picture, empty where it may not be shown or is no PNG or JPEG."""

    caption: str
    name: str
    seq: int
    t: int
    sha256: str
    data: bytes

    @property
    def source(self) -> str:
        """The picture as a data URL; empty without one."""
        kind = "png" if self.data.startswith(b"\x89PNG") else "jpeg"
        return f"data:image/{kind};base64,{base64.b64encode(self.data).decode()}" if self.data else ""


def near(finding: FindingRow, shots: list[Shot]) -> list[Shot]:
    """The screens before and after the moment of a finding with evidence."""
    if finding.status != "evidenced" or not finding.first_seen:
        return []
    pictures = [shot for shot in shots if shot.data]
    before = [shot for shot in pictures if shot.t <= finding.first_seen]
    after = [shot for shot in pictures if shot.t > finding.first_seen]
    return [*before[-1:], *after[:1]]


def pictures(view: View) -> list[Shot]:
    """The screens of a session, with their pictures where these may be shown."""
    shots = []
    for event in view.events.of(UiSnapshot):
        data = (view.blobs(event.screenshot) if view.blobs and event.screenshot else None) or b""
        if len(data) > _PICTURE_BYTES or not data.startswith((b"\x89PNG", b"\xff\xd8")):
            data = b""
        caption = clean(f"{view.clock(event.t)} {screen_name(event.name, view.lang)} #{event.seq}")
        shots.append(Shot(caption, event.name, event.seq, event.t, event.screenshot, data))
    return shots
