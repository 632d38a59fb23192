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

from monitor import events
from monitor.analysis.consent import screen
from monitor.analysis.consent.decide import Tapped, TapReader
from monitor.analysis.consent.named import switched, turns_off
from monitor.analysis.consent.taps import TapMerger
from monitor.analysis.consent.text import goes_to_agree, plain
from monitor.analysis.consent.timelines import KeptMark, Timelines, detail, kept, read_marks
from monitor.analysis.consent.window import WindowText, bounded, keeps_on, seen
from monitor.analysis.timeline import AGAINST, Mark, Moment, before, gap, moment
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
#: A statement refers to a tap at most this long before it (microseconds).
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

    tap: events.Tap
    witnesses: frozenset[int]
    """Its own number, that of its other witness, and that of its window."""
    marks: tuple[tuple[str, Mark], ...]
    window: int
    """Number of the event that showed the window, 0 = not known."""
    meaning: str
    """``accept``, ``reject`` or anything else."""
    leads: bool
    """By its own words it goes to where one agrees (去同意)."""

    @property
    def takes_back(self) -> bool:
        """Whether it withdraws or cancels by its own words, or answers the question whether to."""
        return not self.tap.checked and any(mark.state == "withdrawn" for _, mark in self.marks)

    def opens(self, event: events.Event, within_us: int) -> bool:
        """Whether what is shown with this event came up within this time after the tap."""
        return 0 <= event.t - self.tap.t <= within_us


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

    def step(self, event: events.Step) -> None:
        """A step began or ended."""
        if event.state == "started":
            self._started = event.t if event.verb in _VERBS else None

    def last(self, event: events.Event) -> Answer | None:
        """The last tap, if it was made shortly before an event that states something."""
        last = self.answers[-1] if self.answers else None
        return last if last is not None and event.t - last.tap.t <= NEAR_US else None

    def tapped(self, answer: Answer) -> None:
        """Remember a tap, and settle it by the labels that a person gave it."""
        self.answers.append(answer)
        for label in (label for number in sorted(answer.witnesses) for label in self._labels.get(number, ())):
            if label.state == "nothing":
                self._lines.settle(answer.witnesses)
                self._notices.strange.pop(answer.window, None)
                self._lines.drop(answer.marks)
            else:
                by = {"by": label.by, "at": label.at}
                self._settle(label.scope, label.state, answer, answer.tap.seq, "labelled", by)

    def stated(self, event: events.Consent) -> None:
        """The scenario's step states what its tap decided."""
        if event.scope.startswith("permission:") or event.state not in _OPPOSED:
            return  # the system's own answer is observed; "shown" decides nothing
        if (answer := self.last(event)) is not None:
            for one in self.answers:  # of a step's path, all taps are told by it
                if self._started is not None and one.tap.t + one.tap.err >= self._started:
                    self._lines.settle(one.witnesses)
            self._settle(event.scope, event.state, answer, event.seq, "stated", {})
            return
        start = min(self._started or event.t, event.t)
        when = Moment((start + event.t) // 2, (event.t - start) // 2 + event.err, event.src, event.seq)
        self._lines.add(event.scope, when, event.state, True, (event.seq,), basis="stated")
        self.notes.append(Note("stated_without_tap", {"scope": event.scope, "stated": event.state}, (event.seq,)))

    def _settle(self, scope: str, state: str, answer: Answer, seq: int, basis: str, detail: dict[str, str]) -> None:
        """Replace what was read from a tap by what the event ``seq`` states about it. A contradiction is noted and
        leaves the statement in doubt; a consent where nothing was seen to ask for one is noted."""
        asked = answer.marks or answer.window in self._notices.asked or answer.window in self._notices.strange
        self._lines.settle(answer.witnesses)
        if scope == "policy":
            self._notices.stated.add(answer.window)
            self._notices.strange.pop(answer.window, None)
        same = [mark for name, mark in answer.marks if name == scope]
        agreed = [mark for mark in same if mark.state == state]
        opposed = [mark.state for mark in same if mark.clear and mark.state in _OPPOSED.get(state, ())]
        self._replace(scope, state, answer, bool(agreed))
        at = moment(agreed[-1] if agreed else answer.tap)
        said = tuple(sorted({*(agreed[-1].events if agreed else answer.witnesses), seq}))
        self._lines.add(scope, at, state, not opposed, said, basis=basis)
        if opposed:
            detail = {"scope": scope, "stated": state, "observed": opposed[0], **detail}
            self.notes.append(Note("consent_hint_differs", detail, said))
        elif state == "granted" and not asked:
            self.notes.append(Note("stated_unasked", {"scope": scope, "control": answer.tap.label, **detail}, said))

    def _replace(self, scope: str, state: str, answer: Answer, agreed: bool) -> None:
        """Remove what was read from a tap, but for what it decides together with what is stated. A screen that was read
        as requesting the stated scope was understood (``agreed``): what it asked for besides was agreed to as well,
        else that is in doubt. A refusal of other scopes goes."""
        for name, mark in answer.marks:
            if name != scope and mark.state == state and {name, scope} == _TOGETHER:
                continue
            self._lines.drop([(name, mark)])
            if name != scope and mark.state == "granted":
                self._lines.scopes[name].add(mark if agreed else mark._replace(clear=False))


class ConsentTracker:
    """Timelines of one app. Feed events in order of time, taps merged; ask ``lines``."""

    def __init__(
        self, merger: TapMerger, recipients: Mapping[str, str] | None = None,
        labels: Mapping[int, tuple[Label, ...]] | None = None, switches: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """``recipients``: name as shown on a screen to recipient ID. ``labels``: number of a tap to a person's
        statement about it. ``switches``: as for ``switched``."""
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
        """When the system's last permission prompt came up or, if it is not ``_open``, was closed."""
        self._open = False
        self.answered: set[int] = set()
        """Taps that answered a system permission prompt."""
        self.stated = False
        """Consent rests on the operator's statement (set when it arrives, before its moment)."""
        self.kept = False
        """The app was on the device before the session, with its data."""
        self.unseen = False
        """The device is not observed: the absence of an observed consent means nothing."""
        self._takes: dict[type, Callable[[Any], None]] = {
            events.Window: self._window, events.Tap: self._tap, events.UiSnapshot: self._snapshot,
            events.Prompt: self._prompted, events.PermissionResult: self._permission, events.Toggle: self._toggle,
            events.Step: self._statements.step, events.Lifecycle: self._lifecycle, events.Consent: self._consent,
        }  # fmt: skip

    @property
    def perhaps_earlier(self) -> bool:
        """Whether the user may have agreed before the session: the app kept its data, and nothing asks for the policy
        or answers it in the session."""
        return self.kept and "policy" not in self.lines.scopes

    def feed(self, event: events.Event) -> bool:
        """Feed an event; True if a mark was made or moved."""
        self.lines.earliest = None
        if (take := self._takes.get(type(event))) is not None:
            take(event)
        return self.lines.earliest is not None

    def _lifecycle(self, event: events.Lifecycle) -> None:
        self.kept = (self.kept or event.what == events.DATA_KEPT) and event.what not in RESETS
        if event.what in RESETS:
            self._statements.answers.clear()
            self._reader.forget()
            self.lines.reset(event)

    def _consent(self, event: events.Consent) -> None:
        if event.via in _STATED:
            self._statements.stated(event)
        elif event.via in ("operator", "carried"):
            self.lines.add(event.scope, event, event.state, True, (event.seq,), basis=event.via)

    # Windows ------------------------------------------------------------------------------------------------------

    def _window(self, event: events.Window) -> None:
        event = self.sheets.alone(event)
        if event.action == "hidden":
            self.notices.hide(screen.key_of(event), event)
        elif event.window_kind != "toast":
            self._show(event, event.window_kind == "activity" and component_title(event.title))

    def _snapshot(self, event: events.UiSnapshot) -> None:
        if system_prompt(event.focus, event.app):
            self._prompt, self._open = moment(event), True
            self.notices.forget(screen.SCREEN)
            return
        if event.focus:
            self._prompt = None
        shown = self.sheets.alone(event)
        self._show(shown, shown is event)

    def _show(self, event: events.Window | events.UiSnapshot, page: bool) -> None:
        key, looks, layers = screen.key_of(event), seen(event), self.notices.layers
        question = self._question(event, looks, page)
        layer = layers.of(looks, moment(event))
        if layer and (layered := seen(event, layer)).sends:  # else its switches count at once
            looks = layered
            if (opener := layers.opened_by(moment(event))) is not None:  # it only led there
                self.lines.settle({opener.seq})
        if looks.policy and looks.clear_accept:
            self._led_to(event)
        answers = [a for a in self._statements.answers if a.meaning in ("accept", "reject")]
        later = [a for a in answers if not before(a.tap, moment(event))]
        refusals = (a.tap for a in answers if a.meaning == "reject" and a not in later)
        insists = any(gap(tap, event)[0] <= screen.INSISTS_US for tap in refusals)
        scopes = self.notices.show(key, looks, event, page, question, insists)
        for answer in later if scopes else ():
            self.notices.change(key, doubtful=True)
            # An agreement may have been to this notice, so its absence cannot be claimed.
            for scope in scopes if answer.meaning == "accept" else ():
                if self.lines.state(scope) != "granted":
                    self.lines.add(scope, answer.tap, "granted", False, (event.seq, answer.tap.seq))
        for scope in scopes:
            if self.lines.state(scope) == "unknown":
                self.lines.add(scope, event, "shown", True, (event.seq,))

    def _question(
        self, event: events.Window | events.UiSnapshot, looks: WindowText, page: bool
    ) -> screen.Question | None:
        """What a window would take back that asks whether to: what the taps had done that opened it, which have not
        withdrawn anything yet. A picture of the screen tells of it where no window was observed."""
        known = self.notices.get(screen.key_of(event))
        asks, asked = looks.asks_back, known is not None and known.screen.asks_back
        last = self._last()
        whether = last is not None and last.takes_back and last.opens(event, _DIALOG_US) and looks.asks_whether(page)
        if ((asks and not asked) or whether) and (opened := self._taken_back(event)):
            return opened
        if self._off is not None and 0 <= event.t - self._off[0] <= _DIALOG_US and looks.asks_off:
            return self._off[1]
        return known.question if known is not None and (asks or looks.asks_off) else None

    def _taken_back(self, event: events.Window | events.UiSnapshot) -> screen.Question | None:
        """The question about what the taps that opened a window had withdrawn, which now stands again."""
        question, answers = None, self._statements.answers
        for number, answer in enumerate(answers):
            known = isinstance(event, events.Window) or not answer.tap.window
            if known and answer.takes_back and answer.opens(event, screen.OPENS_US):
                self.lines.drop(answer.marks)
                question = screen.Question(tuple(scope for scope, _ in answer.marks))
                answers[number] = answer._replace(marks=())
        return question

    def _last(self) -> Answer | None:
        """The last tap that decided anything."""
        return next((answer for answer in reversed(self._statements.answers) if answer.marks), None)

    def _led_to(self, event: events.Window | events.UiSnapshot) -> None:
        """A tap that only went to the notice that comes up now (去同意) has not agreed to anything yet."""
        last = self._last()
        another = isinstance(event, events.Window) and last is not None and event.window != last.tap.window
        if another and last is not None and last.leads and last.opens(event, _DIALOG_US):
            self.lines.drop(last.marks)

    # Taps ---------------------------------------------------------------------------------------------------------

    def _tap(self, event: events.Tap) -> None:
        if event.via == "runner" and (system_view(event.view, event.app) or self._on_prompt(event)):
            self._prompt = None
            self.answered.add(event.seq)
            return
        under = self.notices.under(event)
        taps = tuple(sorted({event.seq, self._twins.get(event.seq, event.seq)}))
        if event.checked == "off":
            self._switched_off(event.t, switched(event.label, self._switches)[0])
        leads = not event.checked and goes_to_agree(event.label, self.lines.state("policy") in AGAINST)
        asked = under.question if under is not None and plain(event.label) in under.screen.controls else None
        meaning = ""
        if under is not None and asked is not None and asked.stood is not None:
            marks = self._kept_on(event, asked.scopes[0], asked.stood, taps)
            self.notices.change(under.key, question=None)
        else:
            marks, meaning = self._reader.decide(event, taps)
        self.notices.requests.first = False
        witnesses = frozenset({*taps, *(n for _, mark in marks for n in mark.events)})
        number = under.seen.seq if under else 0
        self._statements.tapped(Answer(event, witnesses, tuple(marks), number, meaning, leads))

    def foresee(self, event: events.Tap) -> tuple[Tapped, list[tuple[str, str]]]:
        """How a tap would be read if it were made now, and what it would decide; nothing is kept."""
        on, marks = self._reader.foresee(event)
        asked = on.under.question if on.under is not None and on.words in on.page.controls else None
        if asked is not None and asked.stood is not None:  # whether to turn a switch off
            marks = [(asked.scopes[0], asked.stood)] if keeps_on(on.words) else []
        return on, marks

    def _kept_on(self, event: events.Tap, scope: str, stood: str, taps: tuple[int, ...]) -> list[tuple[str, Mark]]:
        """The question whether to turn a switch off was answered: what keeps it restores the state before."""
        self._off = None
        if not keeps_on(plain(event.label)):
            return []
        self.kept_on[event.seq] = scope
        return [(scope, self.lines.add(scope, event, stood, True, taps))]

    def _toggle(self, event: events.Toggle) -> None:
        if event.via == "app":
            return  # what the app reports about its switch is not what a person did with it
        if (answer := self._statements.last(event)) is not None:
            self.lines.settle(answer.witnesses)
        scope, clear = switched(event.name, self._switches)
        state = "granted" if event.value != turns_off(event.name) else self.lines.turned_off(scope)
        self.lines.add(scope, event, state, clear, (event.seq,), basis="stated")

    def _switched_off(self, t: int, scope: str) -> None:
        """A switch is turned off: call before that is written."""
        last, off = self.lines.last(scope), self._off
        if off is None or off[1].scopes != (scope,) or t - off[0] > _DIALOG_US:  # else the same, as told
            self._off = t, screen.Question((scope,), last.state if last else "unknown")

    # Permissions --------------------------------------------------------------------------------------------------

    def _on_prompt(self, event: events.Tap) -> bool:
        """Whether a permission prompt may have been on the screen: shown before, and not certainly closed."""
        if self._prompt is None:
            return False
        return not (before(event, self._prompt) if self._open else before(self._prompt, event))

    def _prompted(self, event: events.Prompt) -> None:
        self._prompt, self._open = moment(event), event.shown
        # After a refusal, a dialog in its own words that leads to the system's prompt has asked for that alone.
        led = [d for d in self.lines.unread if d.aside and 0 <= event.t - d.mark.t <= _LEADS_US]
        for dialog in led if event.shown else ():
            self.lines.settle(dialog.mark.events)

    def _permission(self, event: events.PermissionResult) -> None:
        # A dialog that is cut short (the app is told of fewer answers than it asked for) or needs no answer refuses
        # nothing.
        dismissed = event.result == "ignored" and event.via == "logcat" and event.dialog != "unknown"
        state = "denied" if dismissed else _ANSWERS.get(event.result)
        if state is None:
            return
        if self._prompt is not None and self._open:
            self._prompt, self._open = moment(event), False
        self.lines.add(f"permission:{event.permission}", event, state, True, (event.seq,), basis="system")

    def close(self) -> list[Note]:
        """Notes, including the answered dialogs that could not be read."""
        unread = (Note("unread_dialog", detail(one), one.mark.events) for one in self.lines.unread)
        return [*self._statements.notes, *unread]


def read_consent(
    recorded: Iterable[events.Event], recipients: Mapping[str, str] | None = None,
    labels: Mapping[int, tuple[Label, ...]] | None = None, switches: frozenset[str] = frozenset(),
) -> ConsentTracker:  # fmt: skip
    """The timelines of one app from all its events in order of time, with the records of all its taps."""
    merger = TapMerger()
    tracker = ConsentTracker(merger, recipients, labels, switches)
    tracker.records.most = sys.maxsize
    for event in recorded:
        for one in merger.push(bounded(event)):
            tracker.feed(one)
    for one in merger.release(None):
        tracker.feed(one)
    return tracker


def marks_of(coverage: Iterable[Coverage], recorded: Iterable[events.Event]) -> list[KeptMark]:
    """The marks in the results; if they hold none (an earlier version), those derived from the events now."""
    found = read_marks(coverage)
    if found:
        return found
    own: dict[str, list[events.Event]] = {}
    for event in recorded:
        own.setdefault(event.app, []).append(event)
    for app, one in sorted(own.items()):
        found += kept(app, read_consent(sorted(one, key=lambda event: (event.t, event.seq))).lines.scopes)
    return found
