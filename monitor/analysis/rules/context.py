"""The state kept for one app while events pass: consent, taps, windows, foreground, steps."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, Final

import msgspec

from monitor import events
from monitor.analysis.consent.named import switched
from monitor.analysis.consent.taps import PAIR_US, TapMerger
from monitor.analysis.consent.text import closes
from monitor.analysis.consent.tracker import RESETS, ConsentTracker, Label
from monitor.analysis.guarded import permission_entry
from monitor.analysis.rules.given import NOBODY, Facts, Subject, switches
from monitor.analysis.rules.model import HISTORY, KIND_OF
from monitor.analysis.rules.values import Values
from monitor.analysis.rules.way import Way
from monitor.analysis.timeline import Mark, Moment, Timeline, before, gap
from monitor.events import Base, Event
from monitor.session.declaration import Function

#: Source of events that an earlier session left behind.
CARRIED: Final = "carried"
#: Who says that the app was left with HOME, not by a way of its own (to the system's settings, say).
LEFT_BY: Final = "runner"
_KEEP: Final = 512
#: From a request to its prompt, on a busy device (microseconds).
_ASKED_US: Final = 5_000_000
_STARTS: Final = frozenset({"foreground", "activity_resumed", "screen_on"})
_STOPS: Final = frozenset({"background", "screen_off"})


class Context:
    """The state kept for one app. Memory is bounded."""

    def __init__(self, facts: Facts, labels: Mapping[int, tuple[Label, ...]] | None = None) -> None:
        self.facts = facts
        self.declaration = facts.declaration
        self._merger = TapMerger()
        self.twins: Mapping[int, int] = self._merger.twins
        self.touches: Mapping[int, Moment] = self._merger.touches
        self.acted: set[str] = set()
        """Whose code called something, by ID."""
        self.switches = switches(facts.declaration)
        self.consent = ConsentTracker(self._merger, facts.recipient_names(), labels, self.switches)
        self.state = object()
        """Another one after each change of a consent or of the foreground, and after the first event of a kind: what
        depends on them alone is determined once per state."""
        self.calm = 0
        """What begins after this time follows all that changed a consent or the foreground."""
        self.windows: deque[events.Window] = deque(maxlen=_KEEP)
        self.snapshots: deque[events.UiSnapshot] = deque(maxlen=_KEEP)
        self.history: dict[str, deque[Any]] = {kind: deque(maxlen=_KEEP) for kind in HISTORY}
        self.history |= {"window": self.windows, "ui_snapshot": self.snapshots}
        self._fitting: dict[str, dict[Callable[[Any, Any, Any], bool], deque[Any]]] = {}
        self.stage = Timeline()
        self._left = Timeline()
        """Of those, when the tester left the app."""
        self.taps: deque[events.Tap] = deque(maxlen=_KEEP)
        self.first_start = 0
        """Number of the call that first started another app."""
        self.policies: dict[str, tuple[str, int]] = {}
        """Address of a policy to the digest of its text, and when it was last fetched."""
        self._carried: set[str] = set()
        self.policy_changed: dict[int, int] = {}
        """Number of the event that brought another text to when the one before was fetched."""
        self.user_toggles: dict[str, bool] = {}
        self._seen_off: set[str] = set()
        self.reverted: set[int] = set()
        self.in_force: defaultdict[int, set[str]] = defaultdict(set)
        """Process to the hooks in force in it."""
        self.ended: dict[int, int] = {}
        """Process to when it ended, or was watched no longer."""
        self.values = Values(facts)
        self.way = Way()
        self._taps_ordered = True
        self._tap_err = 0

    @property
    def screens(self) -> Sequence[events.Window | events.UiSnapshot]:
        """All that is kept of what was shown: windows, then pictures of the screen."""
        return (*self.windows, *self.snapshots)

    def feed(self, event: Event) -> int | None:
        """Feed a context event, in time order. Returns the earliest time from which consent has now changed, or
        None."""
        return self._take_all(self._merger.push(event))

    def advance(self, until: int | None) -> int | None:
        """No more events before this time (None = none at all): see ``feed``."""
        return self._take_all(self._merger.release(None if until is None else until - PAIR_US))

    def _take_all(self, arrived: Iterable[Event]) -> int | None:
        changed = [self.consent.lines.earliest for event in arrived if self._take(event)]
        return min((t for t in changed if t is not None), default=None)

    def _take(self, event: Event) -> bool:
        stood = len(self.stage.marks)
        first = self._keep(event)
        changed = self.consent.feed(event)
        if isinstance(event, events.Tap):
            self._tap(event, changed)
        elif isinstance(event, events.Consent) and changed:
            self._decided(self.taps)
        elif isinstance(event, events.Lifecycle):
            self._life(event)
        elif isinstance(event, events.Policy):
            self._policy(event)
        elif isinstance(event, events.Toggle):
            self._toggle(event)
        if changed or first or len(self.stage.marks) > stood:
            self.state = object()
            self.calm = max(self.consent.lines.settled(), self.stage.settled)
        return changed

    def _keep(self, event: Event) -> bool:
        """Keep it with those of its kind. True if it is the first."""
        kind = KIND_OF[type(event)]
        kept = self.history[kind]
        gone = kept[0] if len(kept) == kept.maxlen else None
        kept.append(event)
        for test, fitting in self._fitting.get(kind, {}).items():
            if fitting and fitting[0] is gone:
                fitting.popleft()
            if test(event, self, NOBODY):
                fitting.append(event)
        return len(kept) == 1

    def fitting(self, kind: str, test: Callable[[Any, Any, Any], bool]) -> deque[Any]:
        """The kept events of a kind for which a test holds that depends on nothing else: each is tested once."""
        tests = self._fitting.setdefault(kind, {})
        found = tests.get(test)
        if found is None:
            found = tests[test] = deque([event for event in self.history[kind] if test(event, self, NOBODY)])
        return found

    def _policy(self, event: events.Policy) -> None:
        """A text fetched before under this address, or in an earlier session under another one, and now another."""
        known, fetched = self.policies.get(event.url, ("", event.t))
        earlier = [self.policies[url] for url in self._carried]
        moved = not known and bool(earlier) and event.sha256 not in {digest for digest, _ in earlier}
        if event.src == CARRIED:
            self._carried.add(event.url)
        elif event.url and event.sha256 and (moved or known not in ("", event.sha256)):
            self.policy_changed[event.seq] = max(t for _, t in earlier) if moved else fetched
        self.policies[event.url] = event.sha256 or known, event.t

    def _tap(self, event: events.Tap, changed: bool) -> None:
        if event.seq in self.consent.answered:
            return
        if self.taps and event.t < self.taps[-1].t:
            self._taps_ordered = False
        self._tap_err = max(self._tap_err, event.err)
        self.taps.append(event)
        scope = switched(event.label, self.switches)[0]
        if event.checked and scope != event.label:
            self._turned(scope, event.checked == "on")
        else:
            self.way.tap(event, self.windows_of(event))
        if event.seq in self.consent.kept_on:
            self._turned(self.consent.kept_on[event.seq], True)
        if changed:
            self._decided([event])

    def _decided(self, taps: Iterable[events.Tap]) -> None:
        """The consent to the policy has changed, perhaps by one of these taps."""
        last = self.consent.lines.last("policy")
        for tap in taps:
            if last and tap.seq in last.events:
                self.way.decided(tap, self.consent.lines.scopes["policy"])

    def _turned(self, scope: str, on: bool) -> None:
        self.user_toggles[scope] = on
        self._seen_off.discard(scope)

    def _toggle(self, event: events.Toggle) -> None:
        """Turned off by the user, seen off, and on again without consent: changed without the user."""
        scope = switched(event.name, self.switches)[0]
        if event.via != "app":
            self._turned(scope, event.value)
        elif self.user_toggles.get(scope) is not False:
            return
        elif event.value and scope in self._seen_off and self.consent.lines.state(scope) != "granted":
            self.reverted.add(event.seq)
        if not event.value:
            self._seen_off.add(scope)  # of a step's: it read the switch after its tap

    def _life(self, event: events.Lifecycle) -> None:
        # Whoever starts the app for the user brings it to the front, however long its hooks take.
        launched = event.what == "released" and bool(self.stage.marks)
        if event.what in _STARTS | _STOPS or launched:
            state = "foreground" if event.what in _STARTS or launched else event.what
            mark = Mark(event.t, event.err, event.src, event.seq, state, True, (event.seq,))
            self.stage.add(mark)
            if state == "background" and event.src == LEFT_BY:
                self._left.add(mark)
        if event.what in ("foreground", "process_start"):
            self.way.begin()
        elif event.what in ("activity_created", "activity_resumed") and event.src.startswith("hooks"):
            self.way.screen(event)
        elif event.what in RESETS:
            self.user_toggles.clear()
            self._seen_off.clear()

    def hooked(self, event: events.HookState) -> None:
        """What became of hooks: known on arrival."""
        for hook, state, _ in event.each():
            (set.add if state in events.HOOKS_IN_FORCE else set.discard)(self.in_force[event.pid], hook)
        if event.final:
            self.ended[event.pid] = event.t

    def since_tap(self, event: Base, *, wish: bool = False) -> tuple[int, int] | None:
        """Least and greatest microseconds since the nearest earlier tap, None = no tap before.

        ``wish``: without taps that only refuse or close something.
        """
        best: tuple[int, int] | None = None
        t, err = event.t, event.err
        for tap in reversed(self.taps):
            if best is not None and self._taps_ordered and t - tap.t - err - self._tap_err > best[0]:
                break  # every earlier one is farther away
            if tap.t > t + tap.err + err or (wish and closes(tap.label)):
                continue
            near = gap(tap, event)
            if near[1] >= 0 and (best is None or near < best):
                best = near
        return best

    def untouched_return(self, event: Base, *, wish: bool = False) -> bool:
        """Whether the tester certainly left the app with HOME after the last tap before the event."""
        left = next((mark for mark in reversed(self._left.marks) if before(mark, event)), None)
        tap = self.since_tap(event, wish=wish)
        return left is not None and (tap is None or gap(left, event)[1] < tap[0])

    def wished(self, event: Base, within_us: int) -> bool:
        """Whether a tap that refuses and closes nothing was made within this time before the event, and the tester has
        not left the app with HOME since."""
        tap = self.since_tap(event, wish=True)
        return tap is not None and tap[0] <= within_us and not self.untouched_return(event, wish=True)

    def last_tap(self, event: Base) -> events.Tap | None:
        """The last tap that was certainly made before."""
        return next((tap for tap in reversed(self.taps) if before(tap, event)), None)

    def taps_between(self, first: Base | Mark | Moment, then: Base | Mark) -> Iterator[events.Tap]:
        """The taps that were certainly made after one moment and before another."""
        return (tap for tap in self.taps if before(first, tap) and before(tap, then))

    def marks(self, scope: str, event: Base, *states: str) -> list[Mark]:
        """The marks of a scope that may be the last at an event: those of some states, or all."""
        line = self.consent.lines.scopes.get(scope)
        return [mark for mark in line.possible(event) if not states or mark.state in states] if line else []

    def windows_of(self, event: events.Tap | events.Window) -> Iterator[events.Window]:
        """What was seen of the window of a tap, or of this one, the latest first."""
        place = event.src, event.window
        return (window for window in reversed(self.windows) if (window.src, window.window) == place)

    def away(self, event: Base) -> bool:
        """Whether the app was certainly in the background."""
        return bool(self.stage.marks) and "foreground" not in self.stage.states(event, "foreground")

    def named(self, event: events.Prompt) -> events.Prompt:
        """A prompt with the permissions of the request that stood then and had no answer yet: those of the one group
        that it can have asked for, where nobody read its text; of those that the recorder, which may not have known of
        the request in time, took it to be about, the requested ones."""
        request = next((r for r in reversed(self.history["permission_request"]) if before(r, event)), None)
        if not event.shown or request is None or gap(request, event)[0] > _ASKED_US:
            return event
        results = [r for r in self.history["permission_result"] if before(request, r) and before(r, event)]
        open_ = [name for name in request.permissions if all(r.permission != name for r in results)]
        if event.permissions:
            open_ = [name for name in event.permissions if name in open_] or event.permissions
        elif len({permission_entry(name).get("group") for name in open_}) != 1:
            return event
        return msgspec.structs.replace(event, permissions=open_)

    def steps(self, event: Base, test: Callable[[Any, Any, Any], bool]) -> Iterator[events.Step]:
        """The steps up to an event for which a test holds that depends on nothing else."""
        return takewhile(lambda step: step.t <= event.t, self.fitting("step", test))

    def function(self, event: Base) -> str:
        """Label of the function the scenario is in at the event, or empty."""
        begun = (step for step in reversed(self.fitting("step", _names_function)) if step.t <= event.t)
        step = next(begun, None)
        return step.label if step is not None and step.state != "failed" else ""

    def used_function(self, event: Base) -> Function | None:
        """What is declared of the function the scenario is in."""
        return self.declaration.functions.get(self.function(event)) if self.declaration.functions else None

    def by_hand(self, event: Base) -> bool:
        """Whether a person used the device without the scenario at an event."""
        manual = [step for step in self.history["step"] if step.verb == "manual" and not before(event, step)]
        return bool(manual) and manual[-1].state == "started"


def _names_function(step: events.Step, c: Context, s: Subject) -> bool:
    return step.verb == "function"
