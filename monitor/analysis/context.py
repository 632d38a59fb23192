"""What the judge remembers of one app while events pass: consent, taps, windows, foreground, steps, values read."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Final, NamedTuple

from monitor.analysis.consent import PAIR_US, RESETS, ConsentTracker
from monitor.analysis.model import HISTORY, KIND_OF
from monitor.analysis.timeline import Mark, Moment, Timeline, gap, moment
from monitor.analysis.words import label, plain, table, toggle_scope
from monitor.declaration import Declaration
from monitor.events import ApiCall, Base, Event, Lifecycle, Policy, Tap, Toggle, Transmission
from monitor.tables import Hosts, Organisation, Sdk

#: Kinds that are history: few events, looked up by rules.
CONTEXT: Final = HISTORY
_SCREENS: Final = 32
_KEEP: Final = 512
_TAGS: Final = 20_000
_SAME_TAP_US: Final = 500_000
_STARTS: Final = frozenset({"foreground", "activity_resumed", "screen_on"})
_STOPS: Final = frozenset({"background", "screen_off"})


class Subject(NamedTuple):
    """The part of an event that is judged: one data type of a call or transmission, or one permission of a request."""

    data_type: str = ""
    certainty: str = "found"
    tag: str = ""
    path: str = ""
    permission: str = ""
    form: str = ""


class Facts(NamedTuple):
    """Tables and declaration, the same for every app of a session."""

    declaration: Declaration
    organisations: Mapping[str, Organisation]
    sdks: Mapping[str, Sdk]
    hosts: Hosts

    def recipient(self, event: Transmission) -> str:
        """Who receives it: declared recipient, organisation, else the host itself."""
        declared = self.declaration.recipient(event.org, event.host)
        return declared.org if declared else event.org or event.host

    def recipient_names(self) -> dict[str, str]:
        """Names that may stand on a screen, to recipient."""
        found: dict[str, str] = {}
        for item in self.declaration.recipients or []:
            organisation = self.organisations.get(item.org)
            names = (organisation.name, organisation.name_zh) if organisation else ()
            found.update((name, item.org) for name in (item.org, *names) if name)
        return found


class Context:
    """Everything remembered about one app. Memory is bounded."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.declaration = facts.declaration
        self.consent = ConsentTracker(facts.recipient_names())
        self.history: dict[str, deque[Event]] = {kind: deque(maxlen=_KEEP) for kind in CONTEXT}
        self.stage = Timeline()
        self.taps: deque[Tap] = deque(maxlen=_KEEP)
        self.read: dict[str, int] = {}
        self.readers: dict[str, set[str]] = {}
        """Tag of a value to whose code read it."""
        self.policies: dict[str, str] = {}
        self.policy_changed: set[int] = set()
        self.user_toggles: dict[str, bool] = {}
        self._seen_off: set[str] = set()
        self._one_witness: tuple[str, str, int] | None = None
        self.reverted: set[int] = set()
        self.locations: deque[ApiCall] = deque(maxlen=64)
        self.withdraw_extra: dict[int, int] = {}
        self._taps_ordered = True
        self._tap_err = 0
        self._way: list[int] = []
        """The taps of the way to where the user is: of each, the screen on which it was made."""
        self._screens: list[tuple[str, int]] = [("", 0)]
        """The activities below each other, as the hooks saw them made: class, and number of the event."""
        self._made = False
        self._grant_taps = 0

    def feed(self, event: Event) -> bool:
        """Take a context event in; True when a consent mark was made."""
        self.history[KIND_OF[type(event)]].append(event)
        changed = self.consent.feed(event)
        if isinstance(event, Tap):
            self._tap(event, changed)
        elif isinstance(event, Lifecycle):
            self._life(event)
        elif isinstance(event, Policy):
            known = self.policies.setdefault(event.url, event.sha256)
            if event.url and event.sha256 and known and known != event.sha256:
                self.policy_changed.add(event.seq)
            self.policies[event.url] = event.sha256 or known
        elif isinstance(event, Toggle):
            self._toggle(event)
        return changed

    def _tap(self, event: Tap, changed: bool) -> None:
        if event.seq in self.consent.answered:
            return
        if self.taps and event.t < self.taps[-1].t:
            self._taps_ordered = False
        self._tap_err = max(self._tap_err, event.err)
        self.taps.append(event)
        switch = bool(event.checked) and toggle_scope(event.label) != event.label
        if switch:
            self._turned(toggle_scope(event.label), event.checked == "on")
        if not self._same_tap(event) and not switch:
            self._way.append(self._screens[-1][1])
        if not changed:
            return
        line = self.consent.timeline("policy")
        last = line.marks[-1] if line and line.marks else None
        if last and event.seq in last.events:
            if last.state == "granted":
                self._grant_taps = len(self._way)
            elif last.state == "withdrawn":
                self.withdraw_extra[event.seq] = len(self._way) - max(self._grant_taps, 1)
            self._way.clear()

    def _same_tap(self, event: Tap) -> bool:
        """Whether the other witness (runner or hook) of this tap was counted already."""
        last, words = self._one_witness, plain(event.label)
        if last is not None and last[0] != event.via:
            near = abs(event.t - last[2])
            if near <= _SAME_TAP_US or (near <= PAIR_US and last[1] == words):
                self._one_witness = None
                return True
        self._one_witness = (event.via, words, event.t)
        return False

    def _turned(self, scope: str, on: bool) -> None:
        self.user_toggles[scope] = on
        self._seen_off.discard(scope)

    def _toggle(self, event: Toggle) -> None:
        """Turned off by the user, seen off, and on again without consent: changed for him."""
        scope = toggle_scope(event.name)
        if event.via != "app":
            self._turned(scope, event.value)
            if not event.value:
                self._seen_off.add(scope)  # the step looked at the switch after its tap
        elif self.user_toggles.get(scope) is False:
            line = self.consent.timeline(scope)
            granted = bool(line and line.marks and line.marks[-1].state == "granted")
            if not event.value:
                self._seen_off.add(scope)
            elif scope in self._seen_off and not granted:
                self.reverted.add(event.seq)

    def _life(self, event: Lifecycle) -> None:
        if event.what in _STARTS | _STOPS:
            state = "foreground" if event.what in _STARTS else event.what
            self.stage.add(Mark(event.t, event.err, event.src, event.seq, state, True, (event.seq,)))
        if event.what in ("foreground", "process_start"):
            self._way.clear()
        elif event.what in ("activity_created", "activity_resumed") and event.src.startswith("hooks"):
            self._screen(event)
        elif event.what in RESETS:
            self.user_toggles.clear()
            self._seen_off.clear()

    def _screen(self, event: Lifecycle) -> None:
        """A new screen; or one that was left is there again: what was tapped from there on led nowhere."""
        if event.what == "activity_created":
            self._screens = [*self._screens[-_SCREENS:], (event.component, event.seq)]
            self._made = True
        elif self._made:
            self._made = False
        elif any(name == event.component for name, _ in self._screens):
            while self._screens[-1][0] != event.component:
                self._screens.pop()
            left = {number for _, number in self._screens[:-1]}
            self._way = [number for number in self._way if number in left]

    def remember(self, event: ApiCall) -> None:
        """Keep which values a call returned, and where it was a location."""
        if len(self.read) < _TAGS:
            for value in event.values:
                self.read.setdefault(value.tag, event.seq)
                self.readers.setdefault(value.tag, set()).add(event.sdk)
        if event.data_type == "location" and event.outcome == "value":
            self.locations.append(event)

    def since_tap(self, event: Base, *, wish: bool = False) -> tuple[int, int] | None:
        """Least and greatest microseconds since the nearest earlier tap, None = no tap before.

        ``wish``: without taps that only refuse or close something.
        """
        best: tuple[int, int] | None = None
        t, err = event.t, event.err
        for tap in reversed(self.taps):
            if best is not None and self._taps_ordered and t - tap.t - err - self._tap_err > best[0]:
                break  # every earlier one is farther away
            if tap.t > t + tap.err + err or (wish and label(tap.label).verdict == "reject"):
                continue
            near = gap(tap, event)
            if near[1] >= 0 and (best is None or near < best):
                best = near
        return best

    def function(self, event: Base) -> str:
        """Label of the function the scenario is in at the event, or empty."""
        label = ""
        for step in self.history["step"]:
            if step.t > event.t:
                break
            if getattr(step, "verb", "") == "function":
                label = getattr(step, "label", "") if getattr(step, "state", "") != "failed" else ""
        return label


def permission_entry(permission: str) -> Mapping[str, object]:
    """Group and data types of a permission by the last part of its name; empty if it guards nothing known."""
    entry = table("permissions").get(permission.rpartition(".")[2])
    return entry if isinstance(entry, dict) else {}


def permissions_of(data_type: str) -> tuple[str, ...]:
    """Names (last part) of the permissions that guard a data type."""
    return _BY_TYPE.get(data_type, ())


def _by_type() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, entry in table("permissions").items():
        for data_type in entry["types"]:
            found.setdefault(data_type, []).append(name)
    return {key: tuple(value) for key, value in found.items()}


_BY_TYPE: Final = _by_type()
NOWHERE: Final = Moment(0, 0, "", 0)
__all__ = ["CONTEXT", "Context", "Facts", "Subject", "moment", "permission_entry", "permissions_of"]
