"""Consent as it was observed: windows and taps become marks on one timeline per (app, scope).

Scopes: ``policy``, ``sensitive:<type>``, ``share:<recipient>``, ``permission:<name>``, ``personalisation``,
``ai_training``, ``account``. States: ``unknown, shown, granted, denied, withdrawn``. The moment of consent is a tap on
an agree control while a notice is visible; a stored flag, a scenario's hint or an SDK's call moves nothing. An answer
to a system permission prompt is a permission, never consent to a purpose. Where nothing of the device was seen (an
imported capture), the operator's own statement of the moment stands in, and findings say that it was assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from monitor.analysis.asked import Questions
from monitor.analysis.notices import GONE_US, SCREEN, Key, Notices
from monitor.analysis.timeline import Mark, Moment, Timeline, before, moment
from monitor.analysis.words import (
    Screen,
    component_title,
    label,
    pattern,
    plain,
    screen,
    system_prompt,
    system_view,
    toggle_scope,
)
from monitor.events import (
    Consent,
    Event,
    Lifecycle,
    PermissionResult,
    Prompt,
    Tap,
    Toggle,
    UiSnapshot,
    Window,
)

#: A tap seen by the runner and by the hook is one tap when they lie this near (microseconds).
PAIR_US: Final = 2_000_000
_HINT_US: Final = 10_000_000
#: What makes the app forget what it was told.
RESETS: Final = frozenset({"installed", "cleared", "data_cleared", "uninstalled"})


class _Applied(NamedTuple):
    """A tap that made marks, kept to pair the runner's view of it with the hook's."""

    words: str
    via: str
    t: int
    marks: tuple[tuple[str, Mark], ...]
    takes_back: bool = False
    """By its own words, it withdraws or cancels."""


class Note(NamedTuple):
    """Something a reader must know about the observation itself."""

    what: str
    detail: dict[str, str]
    events: tuple[int, ...]


class ConsentTracker:
    """Timelines of one app. Feed events in order of time; ask through ``timeline(scope)``."""

    def __init__(self, recipients: Mapping[str, str] | None = None) -> None:
        """``recipients``: name as it may stand on a screen to recipient id."""
        self.notices = Notices(recipients or {}, self._state)
        self.scopes: dict[str, Timeline] = {}
        self.notes: list[Note] = []
        self._prompt: Moment | None = None
        self._recent: list[_Applied] = []
        self._questions = Questions()
        self._ticked: Key | None = None
        """The window whose box for the policy was ticked last, until one of its buttons answers."""
        self._hints: list[Consent] = []
        self.toggles: dict[str, tuple[bool, str]] = {}
        self.stated = False
        """Consent rests on the operator's statement (set when it arrives, before its moment)."""
        self.unseen = False
        """Nothing of the device is seen: that no consent was observed says nothing."""
        self.refused = False
        """Something was refused or withdrawn at some time."""
        self._gone: Moment | None = None
        self.answered: set[int] = set()
        """Taps that answered a system permission prompt."""

    def timeline(self, scope: str) -> Timeline | None:
        """The timeline of a scope, or None = nothing was ever seen about it."""
        return self.scopes.get(scope)

    def feed(self, event: Event) -> bool:
        """Take an event in; True when a mark was made."""
        size = sum(len(line.marks) for line in self.scopes.values())
        if isinstance(event, Window):
            self._window(event)
        elif isinstance(event, Tap):
            self._tap(event)
        elif isinstance(event, UiSnapshot):
            self._snapshot(event)
        elif isinstance(event, Prompt):
            self._prompt, self._gone = (moment(event), None) if event.shown else (None, moment(event))
        elif isinstance(event, PermissionResult):
            self._permission(event)
        elif isinstance(event, Toggle):
            self._toggle(event)
        elif isinstance(event, Lifecycle) and event.what in RESETS:
            for scope in list(self.scopes):
                self._mark(scope, event, "unknown", True, (event.seq,))
        elif isinstance(event, Consent) and event.via in ("scenario", "hint", "step"):
            self._hints.append(event)
        elif isinstance(event, Consent) and event.via in ("operator", "carried"):
            self._mark(event.scope, event, event.state, True, (event.seq,))
        return size != sum(len(line.marks) for line in self.scopes.values())

    def _mark(
        self, scope: str, event: Event, state: str, clear: bool, events: tuple[int, ...], perhaps: bool = False
    ) -> Mark:
        mark = Mark(event.t, event.err, event.src, event.seq, state, clear, events, perhaps)
        self.scopes.setdefault(scope, Timeline()).add(mark)
        self.refused |= state in ("denied", "withdrawn")
        return mark

    def _state(self, scope: str) -> str:
        line = self.scopes.get(scope)
        return line.marks[-1].state if line and line.marks else "unknown"

    # Windows ------------------------------------------------------------------------------------------------------

    def _window(self, event: Window) -> None:
        key = (event.src, event.window)
        if self._questions.opens(event):
            self._asked_again(event)
        if event.action == "hidden":
            self.notices.hide(key, event)
            return
        seen = screen(event.title, event.texts, event.buttons, event.boxes, event.links)
        self._show(key, seen, event, page=event.window_kind == "activity" and component_title(event.title))

    def _asked_again(self, event: Window) -> None:
        """A tap that only opened the question whether to withdraw has withdrawn nothing yet."""
        for number, tap in enumerate(self._recent):
            if tap.takes_back and 0 <= event.t - tap.t <= PAIR_US:
                for scope, mark in tap.marks:
                    self.scopes[scope].drop(mark)
                self._questions.ask(event, tuple(scope for scope, _ in tap.marks))
                self._recent[number] = tap._replace(marks=(), takes_back=False)
        ends = ("denied", "withdrawn")
        self.refused = any(mark.state in ends for line in self.scopes.values() for mark in line.marks)

    def _snapshot(self, event: UiSnapshot) -> None:
        if system_prompt(event.focus):
            self._prompt = moment(event)
            self.notices.forget(SCREEN)
            return
        if event.focus:
            self._prompt = None
        self._show(SCREEN, screen("", event.texts, event.buttons, event.boxes), event, page=True)

    def _show(self, key: Key, seen: Screen, event: Event, page: bool) -> None:
        scopes = self.notices.show(key, seen, event, page)
        if scopes and (self._perhaps_agreed(scopes, event) or self.notices.refused_near(event)):
            self.notices.doubt(key)
        for scope in scopes:
            if self._state(scope) == "unknown":
                self._mark(scope, event, "shown", True, (event.seq,))

    def _perhaps_agreed(self, scopes: tuple[str, ...], event: Event) -> bool:
        """An agreement tapped just before, inside the errors of time: perhaps to this notice, so that nobody can say
        that there was none."""
        near = self.notices.agreed_near(event)
        for tap in near:
            for scope in scopes:
                if self._state(scope) != "granted":
                    self._mark(scope, tap, "granted", False, (event.seq, tap.seq))
        return bool(near)

    # Taps ---------------------------------------------------------------------------------------------------------

    def _tap(self, event: Tap) -> None:
        words = plain(event.label)
        if event.via == "runner" and (system_view(event.view) or self._on_prompt(event)):
            self._prompt = None
            self.answered.add(event.seq)
            return
        if self._paired(event, words):
            return
        marks = self._switched(event) if event.checked else []
        if not marks:
            marks = self._answered(event)
        if marks:
            self._recent = [r for r in self._recent if event.t - r.t <= PAIR_US][-16:]
            back = not event.checked and label(event.label).verdict in ("withdraw", "cancel_account")
            self._recent.append(_Applied(words, event.via, event.t, tuple(marks), back))

    def _on_prompt(self, event: Tap) -> bool:
        """Whether a permission prompt may have been on the screen: shown before, and not surely gone."""
        if self._prompt is not None:
            return not before(event, self._prompt)
        return self._gone is not None and not before(self._gone, event) and abs(event.t - self._gone.t) <= GONE_US

    def _paired(self, event: Tap, words: str) -> bool:
        """Whether the other witness of this tap was seen; the hook's time replaces the runner's."""
        for number, other in enumerate(self._recent):
            if other.via in (event.via, "both") or other.words != words or abs(event.t - other.t) > PAIR_US:
                continue  # two dialogs with the same words may be answered within the time of a pair
            self._recent[number] = other._replace(via="both")
            if event.via == "hook":
                renewed = []
                for scope, mark in other.marks:
                    self.scopes[scope].drop(mark)
                    witnesses = (*mark.events, event.seq)
                    renewed.append((scope, self._mark(scope, event, mark.state, mark.clear, witnesses)))
                self._recent[number] = other._replace(via="both", marks=tuple(renewed))
            return True
        return False

    def _answered(self, event: Tap) -> list[tuple[str, Mark]]:
        meaning = label(event.label)
        asked = self._questions.scopes(event)
        if asked is not None and meaning.verdict not in ("withdraw", "cancel_account"):
            yes = meaning.verdict == "accept" and not event.checked
            return [(s, self._mark(s, event, "withdrawn", True, (event.seq,))) for s in asked] if yes else []
        shown = self.notices.visible(event)
        if meaning.verdict == "cancel_account":
            return [(s, self._mark(s, event, "withdrawn", True, (event.seq,))) for s in ("account", "policy")]
        if meaning.verdict == "withdraw":
            scopes = [s for s in (shown.scopes if shown else ()) if self._state(s) == "granted"] or ["policy"]
            return [(s, self._mark(s, event, "withdrawn", True, (event.seq,))) for s in scopes]
        if meaning.verdict == "accept" and meaning.clear and pattern("policy").search(plain(event.label)):
            state = "denied" if event.checked == "off" else "granted"
            self._ticked = (event.src, event.window) if event.checked == "on" and event.window else None
            return [("policy", self._mark("policy", event, state, True, (event.seq,)))]
        left = self._ticked is not None and self._ticked == (event.src, event.window) and not event.checked
        if left and meaning.verdict:
            self._ticked = None
            if meaning.verdict == "reject":  # the box was ticked, and then not sent off
                return [("policy", self._mark("policy", event, "denied", meaning.clear, (event.seq,)))]
        if meaning == ("accept", True):
            self.notices.agreed.append(event)
        elif meaning.verdict == "reject":
            self.notices.refusals.append(event)
        if shown is None or not meaning.verdict:
            return []
        events = (shown.seen.seq, event.seq)
        if pattern("withdraw").search(shown.screen.words) and self._state("policy") in ("granted", "withdrawn"):
            state = "withdrawn" if meaning.verdict == "accept" else "granted"
            return [("policy", self._mark("policy", event, state, meaning.clear, events))]
        state = "granted" if meaning.verdict == "accept" else "denied"
        if state == "granted" and event.checked == "off":
            state = "denied"
        clear = meaning.clear and not shown.doubtful
        perhaps = state == "denied" and (shown.doubtful or not before(shown.seen, event))
        moved = [s for s in shown.scopes if clear or self._state(s) != "granted"]
        marks = [(s, self._mark(s, event, state, clear, events, perhaps)) for s in moved]
        if shown.key != SCREEN and not event.checked:
            self.notices.answered(shown, event)
        return marks

    def _switched(self, event: Tap) -> list[tuple[str, Mark]]:
        words = plain(event.label)
        for scope, name in (("personalisation", "switch"), ("ai_training", "ai_training")):
            if pattern(name).search(words):
                return [(scope, self._turn(scope, event, event.checked == "on", "tap"))]
        return []

    def _turn(self, scope: str, event: Event, on: bool, via: str) -> Mark:
        self.toggles[scope] = (on, via)
        off = "withdrawn" if self._state(scope) in ("granted", "unknown", "shown") else "denied"
        return self._mark(scope, event, "granted" if on else off, True, (event.seq,))

    def _toggle(self, event: Toggle) -> None:
        scope = toggle_scope(event.name)
        if event.via == "app":
            self.toggles.setdefault(scope, (event.value, "app"))
            return
        self._turn(scope, event, event.value, event.via)

    def _permission(self, event: PermissionResult) -> None:
        if event.result in ("granted", "granted_once"):
            state = "granted"
        elif event.result in ("denied", "denied_forever", "ignored"):
            state = "denied"
        else:
            return
        if self._prompt is not None:
            self._prompt, self._gone = None, moment(event)
        self._mark(f"permission:{event.permission}", event, state, True, (event.seq,))

    # Hints --------------------------------------------------------------------------------------------------------

    def close(self) -> list[Note]:
        """Notes, with the hints of the scenario that no observed tap bears out."""
        found = list(self.notes)
        for hint in self._hints:
            line = self.scopes.get(hint.scope)
            near = [m.state for m in line.marks if abs(m.t - hint.t) <= _HINT_US] if line else []
            if hint.state not in near and hint.state != "shown":
                seen = near[-1] if near else "nothing"
                detail = {"scope": hint.scope, "stated": hint.state, "observed": seen}
                found.append(Note("consent_hint_differs", detail, (hint.seq,)))
        return found
