"""Consent as it was observed: windows and taps become marks on one timeline per (app, scope).

Scopes: ``policy``, ``sensitive:<type>``, ``share:<recipient>``, ``permission:<name>``, ``personalisation``,
``ai_training``, ``account``, ``guardian``, ``cross_border``. States: ``unknown, shown, granted, denied, withdrawn`` and
``unread`` (answered in words that are not understood: neither given nor refused). The moment of consent is an observed
tap; what it decides is what the operator states about it (a scenario step, a label given afterwards), otherwise what
the decision table reads from the words. A stored flag or an SDK's call changes nothing. An answer to a system
permission prompt is a permission, never consent to a purpose. Where the device was not observed (an imported capture),
the operator's own statement of the moment is used instead, and findings mark it as an assumption.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from monitor.analysis.consent import screen
from monitor.analysis.consent.decide import TapReader
from monitor.analysis.consent.named import switched, toggle_scope
from monitor.analysis.consent.taps import TapMerger
from monitor.analysis.consent.text import goes_to_agree, plain
from monitor.analysis.consent.timelines import KeptMark, Timelines, detail, kept, read_marks
from monitor.analysis.consent.window import CHOICE, WindowText, bounded, keeps_on, seen
from monitor.analysis.timeline import AGAINST, Mark, Moment, before, gap, moment
from monitor.events import (
    DATA_KEPT,
    Consent,
    Event,
    Lifecycle,
    PermissionResult,
    Prompt,
    Step,
    Tap,
    Toggle,
    UiSnapshot,
    Window,
)
from monitor.knowledge.prompts import component_title, system_prompt, system_view
from monitor.text.reasons import Coverage

#: Events by which the app loses its record of the user's answers.
RESETS: Final = frozenset({"installed", "data_cleared"})
#: A dialog that a tap opens, or the touch of a switch (microseconds).
_DIALOG_US: Final = 3_000_000
#: From the answer to a dialog that explains a permission to the system's prompt.
_LEADS_US: Final = 2_000_000
#: The scenario's steps that state a consent, and the witnesses that do.
_VERBS: Final = frozenset({"consent", "withdraw", "toggle"})
_STATED: Final = frozenset({"scenario", "hint", "step", "person"})
#: A statement refers to a tap at most this long before it (microseconds), unless its own step made one.
NEAR_US: Final = 30_000_000
#: A step reports after its tap was made and the screen read again: events wait this long for it.
SETTLE_US: Final = 8_000_000
_OPPOSED: Final = {"granted": ("denied", "withdrawn"), "denied": ("granted",), "withdrawn": ("granted",)}
#: One tap necessarily decides both.
_TOGETHER: Final = {"account", "policy"}
#: Result of a permission's request to what was answered. ``ignored``: as it had been refused, or its dialog dismissed.
_ANSWERS: Final = {"granted": "granted", "granted_once": "granted", "denied": "denied", "denied_forever": "denied"}


class Label(NamedTuple):
    """A person's statement about one dialog after the session."""

    scope: str
    state: str
    by: str
    at: str


class Note(NamedTuple):
    """Something a reader must know about the observation itself."""

    what: str
    detail: dict[str, str]
    events: tuple[int, ...]


class Answer(NamedTuple):
    """A tap, what it means, and the marks that were read from it."""

    tap: Tap
    events: frozenset[int]
    """Its own number, that of its other witness, and that of its window."""
    marks: tuple[tuple[str, Mark], ...]
    window: int = 0
    """Number of the event that showed the window, 0 = not known."""
    meaning: str = ""
    """``accept`` (in clear words), ``reject`` or anything else."""
    stated: bool = False
    """A person said what it decided."""
    leads: bool = False
    """By its own words it goes to where one agrees (去同意)."""

    @property
    def takes_back(self) -> bool:
        """Whether it withdraws or cancels by its own words, or answers the question whether to."""
        return not (self.stated or self.tap.checked) and any(mark.state == "withdrawn" for _, mark in self.marks)


class Statements:
    """What is stated of the taps: by a scenario step, or a label given afterwards. It settles scope and decision in
    place of what was read from the screen; the moment is that of the observed tap. ``notes``: contradictions, and
    statements without a tap."""

    def __init__(self, lines: Timelines, notices: screen.Notices, labels: Mapping[int, tuple[Label, ...]]) -> None:
        self._lines, self._notices, self._labels = lines, notices, labels
        self.answers: deque[Answer] = deque(maxlen=32)
        """The most recent taps."""
        self._started: int | None = None
        """Start of the current step, if it is one of ``_VERBS``."""
        self.notes: list[Note] = []

    def step(self, event: Step) -> None:
        """A step began or ended."""
        if event.state == "started":
            self._started = event.t if event.verb in _VERBS else None

    def since_step(self) -> list[Answer]:
        """The taps of the current step, in order."""
        started = self._started
        return [a for a in self.answers if started is not None and a.tap.t + a.tap.err >= started]

    def meant(self, event: Consent) -> Answer | None:
        """The tap to which a statement refers: the last of its own step, otherwise the last one shortly before."""
        near = (a for a in (self.since_step() or [*self.answers])[-1:])
        return next((a for a in near if self.since_step() or event.t - a.tap.t <= NEAR_US), None)

    def tapped(self, answer: Answer) -> None:
        """Remember a tap, and settle it by the labels that a person gave it."""
        labels = [label for number in sorted(answer.events) for label in self._labels.get(number, ())]
        self.answers.append(answer._replace(stated=bool(labels)))
        for scope, state, by, at in labels:
            if state != "nothing":
                self._settle(scope, state, answer, answer.marks, (answer.tap.seq,), "labelled", {"by": by, "at": at})
                continue
            self._lines.unread.settle(set(answer.events))
            self._notices.strange.pop(answer.window, None)
            for name, mark in answer.marks:
                self._lines.drop(name, mark)

    def stated(self, event: Consent) -> None:
        """The scenario's step states what its tap decided."""
        if event.scope.startswith("permission:") or event.state not in _OPPOSED:
            return  # the system's own answer is observed; "shown" decides nothing
        answer = self.meant(event)
        if answer is None:
            start = min(self._started or event.t, event.t)
            when = Moment((start + event.t) // 2, (event.t - start) // 2 + event.err, event.src, event.seq)
            self._lines.add(event.scope, when, event.state, True, (event.seq,), basis="stated")
            self.notes.append(Note("stated_without_tap", {"scope": event.scope, "stated": event.state}, (event.seq,)))
            return
        step = self.since_step()
        read = tuple(pair for one in step or [answer] for pair in one.marks)
        for one in step:
            self._lines.unread.settle(set(one.events))
        self._settle(event.scope, event.state, answer, read, (event.seq,), "stated", {})

    def _settle(
        self, scope: str, state: str, answer: Answer, read: tuple[tuple[str, Mark], ...], events: tuple[int, ...],
        basis: str, detail: dict[str, str],
    ) -> None:  # fmt: skip
        """Replace what was read from a tap by what was stated about it. A contradiction is noted and leaves the
        statement in doubt."""
        self._lines.unread.settle(set(answer.events))
        if scope == "policy" and answer.window:
            self._notices.stated.add(answer.window)
            self._notices.strange.pop(answer.window, None)
        at: Tap | Moment = answer.tap
        witnesses = {*answer.events, *events}
        # A screen that was read as requesting the stated scope was understood: its other requests were decided as well.
        agreed = any(name == scope and mark.state == state for name, mark in read)
        standing = [(name, mark) for name, mark in read if mark in self._lines.scopes[name]]
        opposed = [mark.state for name, mark in standing if name == scope and _opposed(mark, state)]
        for name, mark in standing:
            if name == scope and mark.state == state:
                at, witnesses = moment(mark), {*mark.events, *events}
            left = _left(mark, state, {name, scope}, agreed)
            if left != mark:
                self._lines.drop(name, mark)
                if left is not None:
                    self._lines.scopes[name].add(left)
        said = tuple(sorted(witnesses))
        self._lines.add(scope, at, state, not opposed, said, basis=basis)
        self._lines.recheck()
        if opposed:
            detail = {"scope": scope, "stated": state, "observed": opposed[0], **detail}
            self.notes.append(Note("consent_hint_differs", detail, said))


def _opposed(mark: Mark, state: str) -> bool:
    """Whether a mark says clearly what contradicts a stated state."""
    return mark.clear and mark.state in _OPPOSED.get(state, ())


def _left(mark: Mark, state: str, scopes: set[str], agreed: bool) -> Mark | None:
    """What is left of a mark read from a tap that was stated to have had this state. ``scopes``: the mark's, and that
    of the statement. Of other scopes, a refusal goes, but for what one tap decides as well; an agreement stays, in
    doubt unless the stated scope was ``agreed`` to as well."""
    if mark.state != "granted" or len(scopes) == 1:
        return mark if scopes == _TOGETHER and mark.state == state else None
    return mark if agreed or scopes == _TOGETHER else mark._replace(clear=False)


class ConsentTracker:
    """Timelines of one app. Feed events in order of time, taps merged; ask ``lines``."""

    def __init__(
        self, merger: TapMerger, recipients: Mapping[str, str] | None = None,
        labels: Mapping[int, tuple[Label, ...]] | None = None, switches: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """``recipients``: name as shown on a screen to recipient ID. ``labels``: number of a tap to a person's
        statement about it. ``switches``: as for ``toggle_scope``."""
        self._switches = switches
        self.lines = Timelines()
        self.notices = screen.Notices(recipients or {}, self.lines.state)
        self._statements = Statements(self.lines, self.notices, labels or {})
        self.sheets = screen.Sheets()
        self.kept_on: dict[int, str] = {}
        """Tap to the scope of the switch that it left on after all."""
        self._reader = TapReader(self.lines, self.notices, merger, switches)
        self.records = self._reader.records
        self._twins = merger.twins
        self._off: tuple[int, screen.Question] | None = None
        """When the switch was turned off that was turned off last, and the question whether to."""
        self._prompt: Moment | None = None
        self._gone: Moment | None = None
        self.answered: set[int] = set()
        """Taps that answered a system permission prompt."""
        self.stated = False
        """Consent rests on the operator's statement (set when it arrives, before its moment)."""
        self.kept = False
        """The app was on the device before the session, with its data."""
        self.unseen = False
        """The device is not observed: the absence of an observed consent means nothing."""
        self._takes: dict[type, Callable[[Any], None]] = {
            Window: self._window, Tap: self._tap, UiSnapshot: self._snapshot, Prompt: self._prompted,
            PermissionResult: self._permission, Toggle: self._toggle, Step: self._statements.step,
            Lifecycle: self._lifecycle, Consent: self._consent,
        }  # fmt: skip

    @property
    def perhaps_earlier(self) -> bool:
        """Whether the user may have agreed before the session: the app kept its data, and nothing asks for the policy
        or answers it in the session."""
        return self.kept and "policy" not in self.lines.scopes

    def feed(self, event: Event) -> bool:
        """Feed an event; True if a mark was made or moved."""
        self.lines.earliest = None
        if (take := self._takes.get(type(event))) is not None:
            take(event)
        return self.lines.earliest is not None

    def _lifecycle(self, event: Lifecycle) -> None:
        self.kept = (self.kept or event.what == DATA_KEPT) and event.what not in RESETS
        if event.what in RESETS:
            self._statements.answers.clear()
            self._reader.forget()
            self.lines.reset(event)

    def _consent(self, event: Consent) -> None:
        if event.via in _STATED:
            self._statements.stated(event)
            if event.state == "withdrawn":
                self._asked_to_withdraw(event)
        elif event.via in ("operator", "carried"):
            self.lines.add(event.scope, event, event.state, True, (event.seq,), basis=event.via)

    # Windows ------------------------------------------------------------------------------------------------------

    def _window(self, event: Window) -> None:
        event = self.sheets.alone(event, self.lines.state("policy") == "granted")
        if event.action == "hidden":
            self.notices.hide(screen.key_of(event), event)
        elif event.window_kind != "toast":
            self._show(screen.key_of(event), event, event.window_kind == "activity")

    def _snapshot(self, event: UiSnapshot) -> None:
        if system_prompt(event.focus, event.app):
            self._prompt = moment(event)
            self.notices.forget(screen.SCREEN)
            return
        if event.focus:
            self._prompt = None
        shown = self.sheets.alone(event, self.lines.state("policy") == "granted")
        self._show(screen.SCREEN, shown, page=shown is event)

    def _show(self, key: screen.Key, event: Window | UiSnapshot, page: bool) -> None:
        looks = seen(event)
        question = self._question(key, event, looks, page)
        own = self.notices.get(key)
        notice = own.screen if own is not None and "policy" in own.scopes else None
        layer = self.notices.layers.of(looks, moment(event), notice)
        if layer and (layered := seen(event, layer)).sends:  # else its switches count at once
            looks = layered
            if (opener := self.notices.layers.opened_by(moment(event))) is not None:  # it only led there
                self.lines.unread.settle({opener.seq})
        if looks.policy and looks.clear_accept:
            self._led_to(event)
        page = page and (isinstance(event, UiSnapshot) or component_title(event.title))
        refusals = [a.tap for a in self._statements.answers if a.meaning == "reject"]
        insists = any(before(tap, moment(event)) and gap(tap, event)[0] <= screen.INSISTS_US for tap in refusals)
        scopes = self.notices.show(key, looks, event, page, question, insists)
        near = [a for a in self._statements.answers if not before(a.tap, moment(event))]
        for answer in near:
            if scopes and answer.meaning in ("accept", "reject"):
                self.notices.change(key, doubtful=True)
            # An agreement may have been to this notice, so its absence cannot be claimed.
            for scope in scopes if answer.meaning == "accept" else ():
                if self.lines.state(scope) != "granted":
                    self.lines.add(scope, answer.tap, "granted", False, (event.seq, answer.tap.seq))
        for scope in scopes:
            if self.lines.state(scope) == "unknown":
                self.lines.add(scope, event, "shown", True, (event.seq,))

    def _question(
        self, key: screen.Key, event: Window | UiSnapshot, looks: WindowText, page: bool
    ) -> screen.Question | None:
        """What a window would take back that asks whether to: what the taps had done that opened it, who had not
        withdrawn anything yet. A picture of the screen tells of it where no window was observed."""
        before_it = self.notices.get(key)
        asks, old, asked = looks.asks_again(page), None, False
        if before_it is not None:
            old, asked = before_it.question, before_it.screen.asks_again(before_it.page)
        if ((asks and not asked) or self._whether(event, looks, page)) and (opened := self._taken_back(event)):
            old, asks = opened, True
        dialog = isinstance(event, Window) and event.action == "shown" and not page
        if self._off is not None and dialog and 0 <= event.t - self._off[0] <= _DIALOG_US and looks.asks_off:
            return self._off[1]
        return old if old is not None and (asks if old.stood is None else looks.asks_off) else None

    def _taken_back(self, event: Window | UiSnapshot) -> screen.Question | None:
        """The question about what the taps that opened a window had withdrawn, which now stands again."""
        question, answers = None, self._statements.answers
        for number, answer in enumerate(answers):
            known = isinstance(event, Window) or not answer.tap.window
            if known and answer.takes_back and 0 <= event.t - answer.tap.t <= screen.OPENS_US:
                self._drop(answer.marks)
                question = screen.Question(tuple(scope for scope, _ in answer.marks))
                answers[number] = answer._replace(marks=())
        return question

    def _last(self) -> Answer | None:
        """The last tap that decided anything."""
        return next((a for a in reversed(self._statements.answers) if a.marks and not a.stated), None)

    def _whether(self, event: Window | UiSnapshot, looks: WindowText, page: bool) -> bool:
        """Whether what comes up with the tap that takes something back asks in words of its own whether to."""
        last = self._last()
        opened = last is not None and last.takes_back and 0 <= event.t - last.tap.t <= _DIALOG_US
        return opened and looks.asks_whether(page)

    def _drop(self, marks: Iterable[tuple[str, Mark]]) -> None:
        """What a tap had been taken for, but where a statement has taken its place."""
        for scope, mark in marks:
            if mark in self.lines.scopes[scope]:
                self.lines.drop(scope, mark)
        self.lines.recheck()

    def _led_to(self, event: Window | UiSnapshot) -> None:
        """A tap that only went to the notice that comes up now (去同意) has not agreed to anything yet."""
        last = self._last()
        if last is None or not last.leads or not isinstance(event, Window) or event.action != "shown":
            return
        if event.window != last.tap.window and 0 <= event.t - last.tap.t <= _DIALOG_US:
            self._drop(pair for pair in last.marks if pair[1].state == "granted")

    def _asked_to_withdraw(self, event: Consent) -> None:
        """The window that the taps of a step that withdraws opened asks whether to, in whatever words."""
        answer, shown = self._statements.meant(event), self.notices.dialog()
        if answer is None or shown is None or len(shown.screen.controls) < CHOICE or before(shown.seen, answer.tap):
            return
        if 0 <= shown.seen.t - answer.tap.t <= screen.OPENS_US and shown.question is None:
            self.notices.change(shown.key, question=screen.Question((event.scope,)))

    # Taps ---------------------------------------------------------------------------------------------------------

    def _tap(self, event: Tap) -> None:
        if event.via == "runner" and (system_view(event.view, event.app) or self._on_prompt(event)):
            self._prompt = None
            self.answered.add(event.seq)
            return
        under = self.notices.under(event)
        twin = self._twins.get(event.seq)
        taps = (event.seq,) if twin is None else tuple(sorted((event.seq, twin)))
        if event.checked == "off":
            self._switched_off(event.t, toggle_scope(event.label, self._switches))
        leads = not event.checked and goes_to_agree(event.label, self.lines.state("policy") in AGAINST)
        asked = under.question if under is not None and plain(event.label) in under.screen.controls else None
        meaning = ""
        if under is not None and asked is not None and asked.stood is not None:
            marks = self._kept_on(event, asked, taps)
            self.notices.change(under.key, question=None)
        else:
            marks, meaning = self._reader.decide(event, taps)
        self.notices.requests.first = False
        witnesses = frozenset({*taps, *(n for _, mark in marks for n in mark.events)})
        number = under.seen.seq if under else 0
        self._statements.tapped(Answer(event, witnesses, tuple(marks), number, meaning, leads=leads))

    def _kept_on(self, event: Tap, asked: screen.Question, taps: tuple[int, ...]) -> list[tuple[str, Mark]]:
        """The question whether to turn a switch off was answered: what keeps it restores the state before."""
        self._off = None
        if not keeps_on(plain(event.label)):
            return []
        self.kept_on[event.seq] = scope = asked.scopes[0]
        return [(scope, self.lines.add(scope, event, asked.stood or "unknown", True, taps))]

    def _toggle(self, event: Toggle) -> None:
        if event.via == "app":
            return  # what the app reports about its switch is not what a person did with it
        self.lines.unread.settle({n for answer in self._statements.since_step() for n in answer.events})
        scope, clear = switched(event.name, self._switches)
        if not event.value:
            self._switched_off(event.t, scope)
        state = "granted" if event.value else self.lines.turned_off(scope)
        self.lines.add(scope, event, state, clear, (event.seq,), basis="stated")

    def _switched_off(self, t: int, scope: str) -> None:
        """A switch is turned off: call before that is written."""
        last, off = self.lines.last(scope), self._off
        if off is None or off[1].scopes != (scope,) or t - off[0] > _DIALOG_US:  # else the same, as told
            self._off = t, screen.Question((scope,), last.state if last else "unknown")

    # Permissions --------------------------------------------------------------------------------------------------

    def _on_prompt(self, event: Tap) -> bool:
        """Whether a permission prompt may have been on the screen: shown before, and not certainly closed."""
        if self._prompt is not None:
            return not before(event, self._prompt)
        return (
            self._gone is not None and not before(self._gone, event) and abs(event.t - self._gone.t) <= screen.GONE_US
        )

    def _prompted(self, event: Prompt) -> None:
        self._prompt, self._gone = (moment(event), None) if event.shown else (None, moment(event))
        # After a refusal, a dialog in its own words that leads to the system's prompt has asked for that alone.
        led = [d for d in self.lines.unread.dialogs if d.aside and 0 <= event.t - d.mark.t <= _LEADS_US]
        for dialog in led if event.shown else ():
            self.lines.unread.settle(set(dialog.mark.events))

    def _permission(self, event: PermissionResult) -> None:
        # A dialog that is cut short (the app is told of fewer answers than it asked for) or needs no answer refuses
        # nothing.
        dismissed = event.result == "ignored" and event.via == "logcat" and event.dialog != "unknown"
        state = "denied" if dismissed else _ANSWERS.get(event.result)
        if state is None:
            return
        if self._prompt is not None:
            self._prompt, self._gone = None, moment(event)
        self.lines.add(f"permission:{event.permission}", event, state, True, (event.seq,), basis="system")

    def close(self) -> list[Note]:
        """Notes, including the answered dialogs that could not be read."""
        unread = (Note("unread_dialog", detail(one), one.mark.events) for one in self.lines.unread.dialogs)
        return [*self._statements.notes, *unread]


def read_consent(
    events: Iterable[Event], recipients: Mapping[str, str] | None = None,
    labels: Mapping[int, tuple[Label, ...]] | None = None, switches: frozenset[str] = frozenset(),
) -> ConsentTracker:  # fmt: skip
    """The timelines of one app from all its events in order of time, with the records of all its taps."""
    merger = TapMerger()
    tracker = ConsentTracker(merger, recipients, labels, switches)
    tracker.records.most = sys.maxsize
    for event in events:
        for one in merger.push(bounded(event)):
            tracker.feed(one)
    for one in merger.release(None):
        tracker.feed(one)
    return tracker


def marks_of(coverage: Iterable[Coverage], events: Iterable[Event]) -> list[KeptMark]:
    """The marks in the results; if they hold none (an earlier version), those derived from the events now."""
    found = read_marks(coverage)
    if found:
        return found
    own: dict[str, list[Event]] = {}
    for event in events:
        own.setdefault(event.app, []).append(event)
    for app, one in sorted(own.items()):
        found += kept(app, read_consent(sorted(one, key=lambda event: (event.t, event.seq))).lines.scopes)
    return found
