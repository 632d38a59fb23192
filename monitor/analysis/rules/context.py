"""The state kept for one app while events pass: consent, taps, windows, foreground, steps, values read."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from monitor.analysis.consent.labels import closes
from monitor.analysis.consent.named import toggle_scope
from monitor.analysis.consent.statements import Label
from monitor.analysis.consent.taps import PAIR_US, TapMerger
from monitor.analysis.consent.timeline import Mark, Timeline, before, gap
from monitor.analysis.consent.tracker import RESETS, ConsentTracker
from monitor.analysis.consent.words import plain
from monitor.analysis.recipient import readings
from monitor.analysis.rules.gathered import Gathered
from monitor.analysis.rules.model import HISTORY, KIND_OF
from monitor.declaration import Declaration, covers
from monitor.events import (
    HOOKS_IN_FORCE,
    NOT_PERSONAL,
    ApiCall,
    Base,
    Event,
    HookState,
    Lifecycle,
    PermissionRequest,
    Policy,
    Prompt,
    Step,
    Tap,
    Toggle,
    Transmission,
    UiSnapshot,
    Window,
)
from monitor.tables import Hosts, Organisation, Sdk
from monitor.wordlists import derived, table

#: Source of events that an earlier session left behind.
CARRIED: Final = "carried"
#: Who says that the app was left with HOME, not by a way of its own (to the system's settings, say).
LEFT_BY: Final = "runner"
#: What a message that cannot be read is not suspected of: it is about no person, or many devices share it.
_ALIKE: Final = NOT_PERSONAL | {"hw_fp", "", "screen", "sensors"}
#: Types of what is typed that overlap: a date of birth is part of a profile, of an account or of a form.
ENTERED: Final = frozenset({"account_pi", "form", "user_profile"})
_SCREENS: Final = 32
_CONTROLS: Final = 3
_KEEP: Final = 512
_TAGS: Final = 20_000
#: Arguments that say of what was typed into which field it was, and of whom that is.
_TYPED: Final = frozenset({"field", "whose"})
#: From a request to its prompt, on a busy device (microseconds).
_ASKED_US: Final = 5_000_000
#: What a company's full name says besides: where it is, and what kind of company.
_COMPANY: Final = re.compile(
    r"[(（][^()（）]*[)）]|(?:股份|集团)?有限(?:责任)?公司$"
    r"|,? (?:ltd|limited|inc|llc|plc|gmbh|ag|s\.?a|b\.?v|corp|corporation|pte\.? ltd|co\.?,? ltd)\.?$",
    re.IGNORECASE,
)
_STARTS: Final = frozenset({"foreground", "activity_resumed", "screen_on"})
_STOPS: Final = frozenset({"background", "screen_off"})


class Subject(msgspec.Struct, frozen=True):
    """The part of an event under assessment: one data type of a call or transmission, one permission of a request."""

    data_type: str = ""
    certainty: str = "found"
    tag: str = ""
    path: str = ""
    permission: str = ""
    form: str = ""


NOBODY: Final = Subject()


class Facts(NamedTuple):
    """Tables and declaration, the same for every app of a session."""

    declaration: Declaration
    organisations: Mapping[str, Organisation]
    sdks: Mapping[str, Sdk]
    hosts: Hosts
    renamed: Mapping[int, str] = MappingProxyType({})
    """Of stacks of code without an owner, what a shrinker left of its package."""

    def recipient(self, event: Transmission) -> str:
        """Who receives it: declared recipient, organisation, otherwise the host itself."""
        declared = self.declaration.recipient(event.org, event.host)
        return declared.org if declared else event.org or event.host

    def readings(self, event: Transmission) -> Sequence[Transmission]:
        """As of ``monitor.analysis.recipient``."""
        return readings(event, self.hosts, self.declaration)

    def recipient_names(self) -> dict[str, str]:
        """Names that may be shown on a screen, to recipient."""
        found: dict[str, str] = {}
        for item in self.declaration.recipients or []:
            organisation = self.organisations.get(item.org)
            names = [item.org, *((organisation.name, organisation.name_zh) if organisation else ())]
            for sdk in self.declaration.sdks or []:
                if item.org in (sdk.id, sdk.name) or any(covers(sdk.hosts, host) for host in item.hosts):
                    names += sdk.name, sdk.vendor
            found.update((name, item.org) for each in names for name in (each, _COMPANY.sub("", each)) if name)
        return found


def switches(declaration: Declaration) -> frozenset[str]:
    """The switch for personalisation, as its operator calls it."""
    return frozenset(plain(label) for label in declaration.personalisation.switch_path[-1:])


class Context:
    """The state kept for one app. Memory is bounded."""

    def __init__(self, facts: Facts, labels: Mapping[int, tuple[Label, ...]] | None = None) -> None:
        self.facts = facts
        self.declaration = facts.declaration
        self._merger = TapMerger()
        self.twins: Mapping[int, int] = self._merger.twins
        self.acted: set[str] = set()
        """Whose code called something, by ID."""
        self.switches = switches(facts.declaration)
        self.consent = ConsentTracker(
            facts.recipient_names(), labels, self.twins, self._merger.touches, self.switches, self._merger.doubted
        )
        self.state = object()
        """Another one after each change of a consent or of the foreground, and after the first event of a kind: what
        depends on them alone is determined once per state."""
        self.calm = 0
        """What begins after this time follows all that changed a consent or the foreground."""
        self._found: dict[tuple[object, ...], Any] = {}
        """What was found since the last event."""
        self.windows: deque[Window] = deque(maxlen=_KEEP)
        self.snapshots: deque[UiSnapshot] = deque(maxlen=_KEEP)
        self.requests: deque[PermissionRequest] = deque(maxlen=_KEEP)
        self.prompts_seen: deque[Prompt] = deque(maxlen=_KEEP)
        self.history: dict[str, deque[Any]] = {
            **{kind: deque(maxlen=_KEEP) for kind in HISTORY}, "window": self.windows, "ui_snapshot": self.snapshots,
            "permission_request": self.requests, "prompt": self.prompts_seen,
        }  # fmt: skip
        self._fitting: dict[str, dict[Callable[[Any, Any, Any], bool], deque[Any]]] = {}
        self.stage = Timeline()
        self._left = Timeline()
        """Of those, when the tester left the app."""
        self.taps: deque[Tap] = deque(maxlen=_KEEP)
        self.readers: dict[str, dict[str, int]] = {}
        """Tag of a value to the owners of the code that read it, the last one last, and the number of the last call."""
        self.lately: defaultdict[str, dict[str, ApiCall]] = defaultdict(dict)
        """Owner of code to the call with which it last read a value of each type that is about a person."""
        self.first: dict[tuple[str, str], ApiCall] = {}
        """Owner of code and such a type to the call with which it first read a value of it."""
        self.fields: dict[str, str] = {}
        """Tag of a typed value to what its field says it is, where nobody stated its type."""
        self.whose: dict[str, str] = {}
        """Tag of a value typed into a field about a child: ``child``, or by a date of birth ``minor`` or ``older``."""
        self.asked: set[str] = set()
        """Tags of what was typed and sent to who answers prompts."""
        self.prompts: dict[str, int] = {}
        """Tag of a prompt to when it was first observed leaving."""
        self.starts: dict[str, int] = {}
        """Number of the call that first started another app."""
        self.policies: dict[str, str] = {}
        self._fetched: dict[str, int] = {}
        """Address of a policy to when its text was last fetched."""
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
        self.locations: deque[ApiCall] = deque(maxlen=64)
        self.gathered = Gathered()
        self._places: dict[str, frozenset[str]] = {}
        """Recipient to the tags of the positions that it was sent."""
        self.withdraw_extra: dict[int, int] = {}
        self._taps_ordered = True
        self._tap_err = 0
        self._way: list[tuple[int, tuple[str, ...]]] = []
        """The taps on the path to the current screen, each with the activity on which it was made, and how that looked.
        """
        self._screens: list[tuple[str, int]] = [("", 0)]
        """The activity stack, as the hooks saw it created: class and event number."""
        self._made = False
        self._grant_taps = 0

    def feed(self, event: Event) -> int | None:
        """Feed a context event, in time order. Returns the earliest time from which consent has now changed, or
        None."""
        return self._take_all(self._merger.push(event))

    def advance(self, until: int | None) -> int | None:
        """No more events before this time (None = none at all): see ``feed``."""
        return self._take_all(self._merger.release(None if until is None else until - PAIR_US))

    def _take_all(self, events: Iterable[Event]) -> int | None:
        changed = [self.consent.lines.earliest for event in events if self._take(event)]
        return min((t for t in changed if t is not None), default=None)

    def _take(self, event: Event) -> bool:
        self._found.clear()
        stood = len(self.stage.marks)
        first = self._keep(event)
        changed = self.consent.feed(event)
        if isinstance(event, Tap):
            self._tap(event, changed)
        elif isinstance(event, Lifecycle):
            self._life(event)
        elif isinstance(event, Policy):
            self._policy(event)
        elif isinstance(event, Toggle):
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

    def _policy(self, event: Policy) -> None:
        """A text fetched before under this address, or in an earlier session under another one, and now another."""
        known, before = self.policies.get(event.url, ""), self._fetched.get(event.url, event.t)
        earlier = {url: t for url, t in self._fetched.items() if url in self._carried}
        moved = not known and bool(earlier) and event.sha256 not in {self.policies[url] for url in earlier}
        if event.src == CARRIED:
            self._carried.add(event.url)
        elif event.url and event.sha256 and (moved or (known and known != event.sha256)):
            self.policy_changed[event.seq] = max(earlier.values()) if moved else before
        self.policies[event.url] = event.sha256 or known
        self._fetched[event.url] = event.t

    def _tap(self, event: Tap, changed: bool) -> None:
        if event.seq in self.consent.answered:
            return
        if self.taps and event.t < self.taps[-1].t:
            self._taps_ordered = False
        self._tap_err = max(self._tap_err, event.err)
        self.taps.append(event)
        switch = bool(event.checked) and toggle_scope(event.label, self.switches) != event.label
        if switch:
            self._turned(toggle_scope(event.label, self.switches), event.checked == "on")
        if not switch:
            place = self._screens[-1][1], self._looks(event)
            if place[1] and place in self._way:  # Back where the path had been: the taps in between led nowhere.
                del self._way[self._way.index(place) :]
            self._way.append(place)
        if not changed:
            return
        line = self.consent.lines.scopes.get("policy")
        last = line.marks[-1] if line and line.marks else None
        if last and event.seq in last.events:
            if last.state == "granted":
                self._grant_taps = len(self._way)
            elif last.state == "withdrawn":
                self.withdraw_extra[event.seq] = len(self._way) - max(self._grant_taps, 1)
            self._way.clear()

    def _looks(self, tap: Tap) -> tuple[str, ...]:
        """By what a screen is known again: its controls, of few also the text; empty where the hooks did not see it."""
        for shown in reversed(self.windows):
            if (shown.src, shown.window) == (tap.src, tap.window) and shown.action != "hidden":
                few = len(shown.buttons) < _CONTROLS
                return (shown.title, *shown.buttons, *(shown.texts if few else ())) if shown.buttons else ()
        return ()

    def _turned(self, scope: str, on: bool) -> None:
        self.user_toggles[scope] = on
        self._seen_off.discard(scope)

    def _toggle(self, event: Toggle) -> None:
        """Turned off by the user, seen off, and on again without consent: changed without the user."""
        scope = toggle_scope(event.name, self.switches)
        if event.via != "app":
            self._turned(scope, event.value)
            if not event.value:
                self._seen_off.add(scope)  # the step read the switch after its tap
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
            mark = Mark(event.t, event.err, event.src, event.seq, state, True, (event.seq,))
            self.stage.add(mark)
            if state == "background" and event.src == LEFT_BY:
                self._left.add(mark)
        if event.what in ("foreground", "process_start"):
            self._way.clear()
        elif event.what in ("activity_created", "activity_resumed") and event.src.startswith("hooks"):
            self._screen(event)
        elif event.what in RESETS:
            self.user_toggles.clear()
            self._seen_off.clear()

    def _screen(self, event: Lifecycle) -> None:
        """A new screen; or an earlier one has returned: the taps made from there on do not count."""
        if event.what == "activity_created":
            self._screens = [*self._screens[-_SCREENS:], (event.component, event.seq)]
            self._made = True
        elif self._made:
            self._made = False
        elif any(name == event.component for name, _ in self._screens):
            while self._screens[-1][0] != event.component:
                self._screens.pop()
            left = {number for _, number in self._screens[:-1]}
            self._way = [place for place in self._way if place[0] in left]

    def hooked(self, event: HookState) -> None:
        """What became of hooks: known on arrival."""
        for hook, state, _ in event.each():
            if state in HOOKS_IN_FORCE:
                self.in_force[event.pid].add(hook)
            else:
                self.in_force[event.pid].discard(hook)
        if event.final:
            self.ended[event.pid] = event.t

    def remember(self, event: ApiCall) -> None:
        """Keep which values a call returned, and where it was a location."""
        sdk, args = event.sdk, event.args
        if not _TYPED.isdisjoint(args):
            for name, kept in (("field", self.fields), ("whose", self.whose)):
                if name in args and len(kept) < _TAGS:
                    kept.update((value.tag, args[name]) for value in event.values)
        for value in event.values if len(self.readers) < _TAGS else ():
            readers = self.readers.get(value.tag)
            if readers is None:
                readers = self.readers[value.tag] = {}
            elif len(readers) > 1:
                readers.pop(sdk, None)
            readers[sdk] = event.seq
        if event.role == "source" and event.outcome == "value":
            data_type = event.data_type
            if data_type not in _ALIKE:
                read = self.lately[sdk]
                if data_type not in read:
                    self.first[sdk, data_type] = event
                read[data_type] = event
                if not sdk and (caller := self.caller(event)):
                    self.lately[caller][data_type] = event
            if data_type == "location":
                self.locations.append(event)

    def read_by(self, tag: str, sender: str) -> int:
        """The call that read what is being sent: the sender's own last one, else the last of anyone; 0 = none was
        seen."""
        readers = self.readers.get(tag)
        if not readers:
            return 0
        return readers.get(sender, 0) or readers[next(reversed(readers))]

    def credited(self, tag: str, event: Transmission) -> tuple[Collection[str], bool]:
        """Whose read of a value a message carries on, and whether that is sure: the sender's, if it read the value
        itself, and that of the library (or the app) to which the host belongs. Else anyone may have handed it the
        value, most likely who read it last; code that nobody knows, what such code read."""
        readers = self.readers.get(tag)
        if not readers:
            return (), False
        own = {name for name in readers if name and (name == event.sdk or self._hosted(name, event))}
        if own:
            return own, True
        return ("" if not event.sdk and "" in readers else next(reversed(readers)),), False

    def caller(self, call: ApiCall | Transmission) -> str:
        """Whose code called or sent: the owner, else what a shrinker left of its package. Empty where neither tells one
        library from another, as where all classes were put into one package."""
        left = "" if call.sdk else self.facts.renamed.get(call.stack, "")
        return f"({left})" if "." in left else call.sdk

    def _hosted(self, reader: str, event: Transmission) -> bool:
        """Whether the host belongs to who read the value."""
        if reader == "app":
            return event.party == "first"
        known, declared = self.facts.sdks.get(reader), self.declaration.sdk(reader)
        hosts = [*(known.hosts if known else ()), *(declared.hosts if declared else ())]
        return covers(hosts, event.host) or bool(known and known.org and known.org == event.org)

    def left(self, event: Transmission) -> None:
        """Keep when a prompt first left, and which positions went to whom."""
        if any([m.data_type == "location" and m.certainty == "found" for m in event.matches]):
            recipient, places = self.facts.recipient(event), self.places_sent(event)
            self.gathered.sent(recipient, event.t)
            if places and len(self._places) < _KEEP and len(places) < _KEEP:
                self._places[recipient] = places
        for match in event.matches:
            if match.tag and match.data_type in ("prompt", "ui_input") and len(self.prompts) < _TAGS:
                self.prompts.setdefault(match.tag, event.t + event.err)
                if self.answers_prompts(event):
                    self.asked.add(match.tag)

    def answers_prompts(self, event: Transmission) -> bool:
        """Whether the recipient is declared as answering prompts."""
        ai = self.declaration.ai
        return (
            event.org in ai.recipients
            or self.facts.recipient(event) in ai.recipients
            or self.declaration.ai_host(event.host)
        )

    def places_sent(self, event: Transmission) -> frozenset[str]:
        """Tags of the different positions that the recipient has, those of this event included."""
        now = {m.tag for m in event.matches if m.data_type == "location" and m.certainty == "found" and m.tag}
        return self._places.get(self.facts.recipient(event), frozenset()) | now

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

    def since_left(self, event: Base) -> tuple[int, int] | None:
        """Least and greatest microseconds since the tester last left the app with HOME, None = never before."""
        for mark in reversed(self._left.marks):
            if before(mark, event):
                return gap(mark, event)
        return None

    def untouched_return(self, event: Base, *, wish: bool = False) -> bool:
        """Whether the tester certainly left the app with HOME after the last tap before the event."""
        tap, left = self.since_tap(event, wish=wish), self.since_left(event)
        return left is not None and (tap is None or left[1] < tap[0])

    def once[Answer](self, about: tuple[object, ...], find: Callable[[], Answer]) -> Answer:
        """What is found now, remembered until the next event for the next who asks about the same."""
        if len(self._found) >= _KEEP:
            self._found.clear()
        if about not in self._found:
            self._found[about] = find()
        answer: Answer = self._found[about]
        return answer

    def named(self, event: Prompt) -> Prompt:
        """A prompt with the permissions of the request that stood then and had no answer yet: those of the one group
        that it can have asked for, where nobody read its text; of those that the recorder, which may not have known of
        the request in time, took it to be about, the requested ones."""
        request = next((r for r in reversed(self.requests) if before(r, event)), None)
        if not event.shown or request is None or gap(request, event)[0] > _ASKED_US:
            return event
        results = [r for r in self.history["permission_result"] if before(request, r) and before(r, event)]
        open_ = [name for name in request.permissions if all(r.permission != name for r in results)]
        if event.permissions:
            open_ = [name for name in event.permissions if name in open_] or event.permissions
        elif len({permission_entry(name).get("group") for name in open_}) != 1:
            return event
        return msgspec.structs.replace(event, permissions=open_)

    def function(self, event: Base) -> str:
        """Label of the function the scenario is in at the event, or empty."""
        return self.once(("function", event.t), lambda: self._function(event))

    def _function(self, event: Base) -> str:
        label = ""
        for step in self.fitting("step", _names_function):
            if step.t > event.t:
                break
            label = step.label if step.state != "failed" else ""
        return label


def _names_function(step: Step, c: Context, s: Subject) -> bool:
    return step.verb == "function"


#: Permissions that the system grants on a screen of its own, or at installation although they reach far.
FAR_REACHING: Final = frozenset(
    """QUERY_ALL_PACKAGES SYSTEM_ALERT_WINDOW MANAGE_EXTERNAL_STORAGE PACKAGE_USAGE_STATS REQUEST_INSTALL_PACKAGES
    WRITE_SETTINGS""".split()
)


def permission_entry(permission: str) -> Mapping[str, object]:
    """Group and data types of a permission by the last part of its name; empty if it guards nothing known."""
    entry = table("permissions").get(permission.rpartition(".")[2])
    return entry if isinstance(entry, dict) else {}


def permissions_of(data_type: str) -> tuple[str, ...]:
    """Names (last part) of the permissions that guard a data type."""
    return _by_type().get(data_type, ())


@derived
@cache
def _by_type() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, entry in table("permissions").items():
        for data_type in entry["types"]:
            found.setdefault(data_type, []).append(name)
    return {key: tuple(value) for key, value in found.items()}
