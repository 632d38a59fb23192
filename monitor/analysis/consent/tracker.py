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
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from monitor.analysis.consent.decide import TapReader
from monitor.analysis.consent.dialogue import (
    GONE_US,
    OPENS_US,
    SCREEN,
    Key,
    Notices,
    Questions,
    Sheets,
    key_of,
)
from monitor.analysis.consent.named import switched, toggle_scope
from monitor.analysis.consent.statements import Answer, Label, Note, Statements
from monitor.analysis.consent.taps import TapMerger
from monitor.analysis.consent.text import goes_to_agree
from monitor.analysis.consent.timelines import Timelines, detail
from monitor.analysis.consent.window import CHOICE, bounded, seen
from monitor.analysis.timeline import AGAINST, Mark, Moment, before, moment
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

#: Events by which the app loses its record of the user's answers.
RESETS: Final = frozenset({"installed", "data_cleared"})
#: A dialog that a tap opens.
_DIALOG_US: Final = 3_000_000
#: From the answer to a dialog that explains a permission to the system's prompt.
_LEADS_US: Final = 2_000_000
_STATED: Final = frozenset({"scenario", "hint", "step", "person"})
#: Result of a permission's request to what was answered. ``ignored``: as it had been refused, or its dialog dismissed.
_ANSWERS: Final = {"granted": "granted", "granted_once": "granted", "denied": "denied", "denied_forever": "denied"}


class _Applied(NamedTuple):
    """A tap that made marks, kept because it may only have opened a confirmation."""

    t: int
    marks: tuple[tuple[str, Mark], ...]
    takes_back: bool = False
    """By its own words it withdraws or cancels, or it answered the question whether to."""
    leads: bool = False
    """By its own words it goes to where one agrees (去同意)."""
    window: int = 0


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
        self.notices = Notices(recipients or {}, self.lines.state)
        self._statements = Statements(self.lines, self.notices, labels or {})
        self._questions = Questions()
        self.sheets = Sheets()
        self.kept_on: dict[int, str] = {}
        """Tap to the scope of the switch that it left on after all."""
        self._reader = TapReader(self.lines, self.notices, self._questions, merger, switches)
        self.records = self._reader.records
        self._twins = merger.twins
        self._recent: list[_Applied] = []
        self._prompt: Moment | None = None
        self._gone: Moment | None = None
        self._dialog: Window | None = None
        """The dialog shown last, until it is closed."""
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
            self.notices.requests.first = True
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
        page = event.window_kind == "activity"
        self._asked_again(event, page)
        if event.action == "hidden":
            self.notices.hide(key_of(event), event)
            if self._dialog is not None and self._dialog.window == event.window:
                self._dialog = None
        elif event.window_kind != "toast":
            self._dialog = self._dialog if page else event
            self._show(key_of(event), event, page and component_title(event.title))

    def _snapshot(self, event: UiSnapshot) -> None:
        if system_prompt(event.focus, event.app):
            self._prompt = moment(event)
            self.notices.forget(SCREEN)
            return
        if event.focus:
            self._prompt = None
        shown = self.sheets.alone(event, self.lines.state("policy") == "granted")
        self._asked_again(shown, page=shown is event)
        self._show(SCREEN, shown, page=shown is event)

    def _asked_again(self, event: Window | UiSnapshot, page: bool) -> None:
        """A tap that only opened the withdrawal confirmation has not withdrawn anything yet. A picture of the screen
        tells of it where no window was observed."""
        if not (self._questions.opens(event, page) or self._whether(event, page)):
            return
        for number, tap in enumerate(self._recent):
            known = isinstance(event, Window) or not tap.window
            if known and tap.takes_back and 0 <= event.t - tap.t <= OPENS_US:
                self._drop(tap.marks)
                self._questions.ask(event, tuple(scope for scope, _ in tap.marks))
                self._recent[number] = tap._replace(marks=(), takes_back=False)

    def _whether(self, event: Window | UiSnapshot, page: bool) -> bool:
        """Whether what comes up with the tap that takes something back asks in words of its own whether to."""
        last = self._recent[-1] if self._recent else None
        if last is None or not last.takes_back or not 0 <= event.t - last.t <= _DIALOG_US:
            return False
        gone = isinstance(event, Window) and (event.action == "hidden" or event.window_kind == "toast")
        return not gone and seen(event).asks_whether(page)

    def _drop(self, marks: Iterable[tuple[str, Mark]]) -> None:
        """What a tap had been taken for, but where a statement has taken its place."""
        for scope, mark in marks:
            if mark in self.lines.scopes[scope]:
                self.lines.drop(scope, mark)
        self.lines.recheck()

    def _led_to(self, event: Event) -> None:
        """A tap that only went to the notice that comes up now (去同意) has not agreed to anything yet."""
        last = self._recent[-1] if self._recent else None
        opened = isinstance(event, Window) and event.action == "shown" and last and event.window != last.window
        if opened and last and last.leads and 0 <= event.t - last.t <= _DIALOG_US:
            self._drop(pair for pair in last.marks if pair[1].state == "granted")

    def _asked_to_withdraw(self, event: Consent) -> None:
        """The window that the taps of a step that withdraws opened asks whether to, in whatever words."""
        answer, shown = self._statements.meant(event), self._dialog
        if answer is None or shown is None or len(shown.buttons) < CHOICE or before(shown, answer.tap):
            return
        if 0 <= shown.t - answer.tap.t <= OPENS_US and not self._questions.asks(shown):
            self._questions.ask(shown, (event.scope,))

    def _show(self, key: Key, event: Window | UiSnapshot, page: bool) -> None:
        looks = seen(event)
        layer = self.notices.layer(key, looks, event)
        if layer and (layered := seen(event, layer)).sends:  # else its switches count at once
            looks = layered
            if (opener := self.notices.layers.opened_by(moment(event))) is not None:  # it only led there
                self.lines.unread.settle({opener.seq})
        if looks.policy and looks.clear_accept:
            self._led_to(event)
        if self._questions.whether_off(event, looks):
            self.notices.forget(key)
            return
        scopes = self.notices.show(key, looks, event, page, self.sheets.behind(key))
        if scopes and (self._perhaps_agreed(scopes, event) or self.notices.refused_near(event)):
            self.notices.doubt(key)
        for scope in scopes:
            if self.lines.state(scope) == "unknown":
                self.lines.add(scope, event, "shown", True, (event.seq,))

    def _perhaps_agreed(self, scopes: tuple[str, ...], event: Event) -> bool:
        """An agreement tapped just before, within timing uncertainty: it may have been to this notice, so its absence
        cannot be claimed."""
        near = self.notices.agreed_near(event)
        for tap in near:
            for scope in scopes:
                if self.lines.state(scope) != "granted":
                    self.lines.add(scope, tap, "granted", False, (event.seq, tap.seq))
        return bool(near)

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
        refused = self.lines.state("policy") in AGAINST
        kept = self._questions.kept(event)
        if kept is None:
            marks = self._reader.decide(event, taps)
        else:
            marks = [(scope, self.lines.add(scope, event, state, True, taps)) for scope, state in [kept] if scope]
            self.kept_on.update((event.seq, scope) for scope, _ in marks)
        self.notices.requests.first = False
        witnesses = frozenset({*taps, *(n for _, mark in marks for n in mark.events)})
        said = self._statements.tapped(Answer(event, witnesses, tuple(marks), under.seen.seq if under else 0))
        if marks and not said:
            self._recent = [r for r in self._recent if event.t - r.t <= OPENS_US][-16:]
            back = not event.checked and any(mark.state == "withdrawn" for _, mark in marks)
            leads = not event.checked and goes_to_agree(event.label, refused)
            self._recent.append(_Applied(event.t, tuple(marks), back, leads, event.window))

    def _toggle(self, event: Toggle) -> None:
        if event.via == "app":
            return  # what the app reports about its switch is not what a person did with it
        self.lines.unread.settle({n for answer in self._statements.since_step() for n in answer.events})
        scope, told = switched(event.name, self._switches)
        if not event.value:
            self._switched_off(event.t, scope)
        state = "granted" if event.value else self.lines.turned_off(scope)
        self.lines.add(scope, event, state, told, (event.seq,), basis="stated")

    def _switched_off(self, t: int, scope: str) -> None:
        last = self.lines.last(scope)
        self._questions.off(t, scope, last.state if last else "unknown")

    # Permissions --------------------------------------------------------------------------------------------------

    def _on_prompt(self, event: Tap) -> bool:
        """Whether a permission prompt may have been on the screen: shown before, and not certainly closed."""
        if self._prompt is not None:
            return not before(event, self._prompt)
        return self._gone is not None and not before(self._gone, event) and abs(event.t - self._gone.t) <= GONE_US

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
    tracker._reader.most_records = sys.maxsize
    for event in events:
        for one in merger.push(bounded(event)):
            tracker.feed(one)
    for one in merger.release(None):
        tracker.feed(one)
    return tracker
