"""Values that code has read or a user has typed, and what became of them: whose read it was, who was sent it; and what
code has gathered that only together says something: traits of the device, positions as they arrive.
"""

from collections import defaultdict, deque
from collections.abc import Collection
from functools import lru_cache
from typing import Final, NamedTuple

from monitor.analysis.rules.given import Facts
from monitor.events import NOT_PERSONAL, ApiCall, KnownValues, Transmission
from monitor.knowledge.vocabulary import is_system_package
from monitor.knowledge.wordlists import derived, table
from monitor.session.declaration import covers

#: What a message that cannot be read is not suspected of: it is about no person, or many devices share it.
_ALIKE: Final = NOT_PERSONAL | {"hw_fp", "", "screen", "sensors"}
#: Types of what is typed that overlap: a date of birth is part of a profile, of an account or of a form.
ENTERED: Final = frozenset({"account_pi", "form", "user_profile"})
#: Arguments that say of what was typed into which field it was, and of whom that is.
_TYPED: Final = frozenset({"field", "whose"})
#: Types of values of the device that its user may also enter.
_ENTERABLE: Final = frozenset({"accounts", "phone_no"})
_KEEP: Final = 512
_TAGS: Final = 20_000
#: Hooks whose way of naming a trait is remembered: by the key that was asked for, or by app or action.
_HOOKS: Final = 4096
_KEYED, _NAMED = 1, 2
#: Positions with more time (microseconds) between them were asked for separately.
_PAUSE_US: Final = 30_000_000


def typed(hook: str, role: str) -> bool:
    """Whether a call only says what the tester typed: no hook saw it."""
    return role == "context" and not hook


def trait(event: ApiCall) -> str:
    """The trait that a call asks for, of those that say little alone, or empty: something that devices of a model have,
    whether an app, known by name, is installed, or which apps can do something."""
    way = _trait_naming(event.hook, event.data_type)
    if not way:
        return ""
    known, args = table("data_types")["fingerprint"], event.args
    if way == _KEYED:
        return "" if args.get("key", "") in known["names"] else f"{event.hook} {args.get('key', '')}"
    named = args.get("package") or args.get("component", "").partition("/")[0]
    action = args.get("action", "")
    return named or ("" if action in known["every_app"] else action)


@derived
@lru_cache(_HOOKS)
def _trait_naming(hook: str, data_type: str) -> int:
    known = table("data_types")["fingerprint"]
    if data_type in known["types"] or hook in known["hooks"]:
        return _KEYED
    return _NAMED if hook.startswith(tuple(known["asked_by"])) else 0


def _delivers_position(event: ApiCall) -> bool:
    return event.data_type == "location" and event.role == "context" and event.outcome == "value"


def telling(event: ApiCall) -> bool:
    """Whether calls with its hook, role, data type and outcome say something together: see ``Values.gather``."""
    return _delivers_position(event) or bool(_trait_naming(event.hook, event.data_type))


class Series(NamedTuple):
    """Positions that one recipient was sent as they arrived, the same one where the device stands still."""

    first: int
    last: int
    number: int = 1


class Values:
    """Fed with the calls and messages of one app in order of time; bounded."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.readers: dict[str, dict[str, int]] = {}
        """Tag of a value to the owners of the code that read it, the last one last, and the number of the last call."""
        self.known: dict[str, KnownValues] = {}
        """Tag of a value that was known without a call that read it."""
        self._unread: dict[str, str] = {}
        """Tag of a value that was sent although no call was seen reading it, to its type."""
        self.lately: defaultdict[str, dict[str, ApiCall]] = defaultdict(dict)
        """Owner of code to the call with which it last read a value of each type that is about a person."""
        self.first: dict[tuple[str, str], ApiCall] = {}
        """Owner of code and such a type to the call with which it first read a value of it."""
        self.fields: dict[str, str] = {}
        """Tag of a typed value to what its field says it is, where nobody stated its type."""
        self.whose: dict[str, str] = {}
        """Tag of a value typed into a field about a child: ``child``, or by a date of birth ``minor`` or ``older``."""
        self.entered: deque[ApiCall] = deque(maxlen=_KEEP)
        """What the tester typed."""
        self.asked: set[str] = set()
        """Tags of what was typed and sent to a recipient that answers prompts."""
        self.prompts: dict[str, int] = {}
        """Tag of a prompt to when it was first observed leaving."""
        self.locations: deque[ApiCall] = deque(maxlen=64)
        self._places: dict[str, frozenset[str]] = {}
        """Recipient to the tags of the positions that it was sent."""
        self.traits: defaultdict[str, set[str]] = defaultdict(set)
        """Owner of code to the traits that it asked for."""
        self.fixes: tuple[int, int] | None = None
        """When the first and the last of the positions arrived that came without a pause."""
        self._series: dict[str, Series] = {}
        """Recipient to how it was sent them, each as it arrived."""

    def knows(self, event: KnownValues) -> None:
        """Keep which values were known from the device, or from the tester."""
        for ref in event.known[:_KEEP] if len(self.known) < _KEEP else ():
            self.known.setdefault(ref.tag, event)

    def told(self, tag: str) -> KnownValues | None:
        """Who told a value that no call was seen reading."""
        return self.known.get(tag) if tag not in self.readers else None

    def unread(self) -> set[str]:
        """Types of the device's own values that were sent although no call was seen reading them. What was known only
        later counts."""
        told = {tag for tag, event in self.known.items() if event.way}
        return {kind for tag, kind in self._unread.items() if tag in told and kind not in _ENTERABLE}

    def remember(self, event: ApiCall) -> None:
        """Keep which values a call returned, and where it was a location."""
        sdk, args = event.sdk, event.args
        if typed(event.hook, event.role):
            self.entered.append(event)
        for name, kept in () if _TYPED.isdisjoint(args) else (("field", self.fields), ("whose", self.whose)):
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
            self._remember_read(event)

    def _remember_read(self, event: ApiCall) -> None:
        sdk, data_type = event.sdk, event.data_type
        if data_type == "location":
            self.locations.append(event)
        if data_type in _ALIKE:
            return
        read = self.lately[sdk]
        if data_type not in read:
            self.first[sdk, data_type] = event
        read[data_type] = event
        if not sdk and (caller := self.caller(event)):
            self.lately[caller][data_type] = event

    def read_by(self, tag: str, sender: str) -> int:
        """The call that read what is being sent: the sender's own last one, else anyone's last; 0 = none was seen."""
        readers = self.readers.get(tag)
        return (readers.get(sender, 0) or readers[next(reversed(readers))]) if readers else 0

    def credited(self, tag: str, event: Transmission) -> tuple[Collection[str], bool]:
        """Whose read of a value a message carries on, and whether that is sure: the sender's, if it read the value
        itself, and that of the library (or the app) to which the host belongs. Else anyone may have handed it the
        value, most likely the last reader; code that nobody knows, what such code read."""
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
        left = "" if call.sdk else self._facts.renamed.get(call.stack, "")
        return f"({left})" if "." in left else call.sdk

    def _hosted(self, reader: str, event: Transmission) -> bool:
        """Whether the host belongs to the reader of the value."""
        if reader == "app":
            return event.party == "first"
        known, declared = self._facts.sdks.get(reader), self._facts.declaration.sdk(reader)
        hosts = [host for one in (known, declared) if one for host in one.hosts]
        return covers(hosts, event.host) or bool(known and known.org and known.org == event.org)

    def sent(self, event: Transmission) -> None:
        """Keep when a prompt first left, and which positions went to whom."""
        if ("location", "found") in [(match.data_type, match.certainty) for match in event.matches]:
            recipient, places = self._facts.recipient(event), self.places_sent(event)
            series = self.position_series(recipient, event.t)
            if series is not None and (recipient in self._series or len(self._series) < _KEEP):
                self._series[recipient] = series
            if places and len(self._places) < _KEEP and len(places) < _KEEP:
                self._places[recipient] = places
        for match in event.matches if len(self._unread) < _KEEP else ():
            if match.tag and match.tag not in self.readers and match.certainty == "found":
                self._unread[match.tag] = match.data_type
        typed_in = [match for match in event.matches if match.tag and match.data_type in ("prompt", "ui_input")]
        for match in typed_in if len(self.prompts) < _TAGS else ():
            self.prompts.setdefault(match.tag, event.t + event.err)
            if self.answers_prompts(event):
                self.asked.add(match.tag)

    def answers_prompts(self, event: Transmission) -> bool:
        """Whether the recipient is declared as answering prompts."""
        ai = self._facts.declaration.ai
        named = event.org in ai.recipients or self._facts.recipient(event) in ai.recipients
        return named or covers(ai.hosts, event.host)

    def places_sent(self, event: Transmission) -> frozenset[str]:
        """Tags of the different positions that the recipient has, those of this event included."""
        now = {m.tag for m in event.matches if m.data_type == "location" and m.certainty == "found" and m.tag}
        return self._places.get(self._facts.recipient(event), frozenset()) | now

    def gather(self, event: ApiCall) -> None:
        """The next call that is ``telling``, whatever it gave."""
        asked = trait(event)
        given = event.outcome == "value" or event.data_type not in table("data_types")["fingerprint"]["types"]
        if asked and given and not is_system_package(asked):
            traits = self.traits[self.caller(event)]
            if len(traits) < _KEEP:
                traits.add(asked)
        elif _delivers_position(event):
            pause = self.fixes is None or event.t - self.fixes[1] > _PAUSE_US
            first, last = (event.t, event.t) if pause or self.fixes is None else self.fixes
            self.fixes = first, max(last, event.t)

    def position_series(self, recipient: str, t: int) -> Series | None:
        """The series that a position sent to a recipient now continues or begins; None where none has just arrived."""
        if self.fixes is None or t - self.fixes[1] > _PAUSE_US:
            return None
        series = self._series.get(recipient)
        if series is None or series.last < self.fixes[0]:
            return Series(t, t)
        return Series(series.first, t, series.number + 1) if series.last < self.fixes[1] else series
