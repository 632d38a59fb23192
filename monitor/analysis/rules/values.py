"""Values that code has read or a user has typed, and what became of them: whose read it was, who was sent it."""

from collections import defaultdict, deque
from collections.abc import Collection
from typing import Final

from monitor.analysis.rules.gathered import Gathered
from monitor.analysis.rules.given import Facts
from monitor.events import NOT_PERSONAL, ApiCall, Transmission
from monitor.session.declaration import covers

#: What a message that cannot be read is not suspected of: it is about no person, or many devices share it.
_ALIKE: Final = NOT_PERSONAL | {"hw_fp", "", "screen", "sensors"}
#: Types of what is typed that overlap: a date of birth is part of a profile, of an account or of a form.
ENTERED: Final = frozenset({"account_pi", "form", "user_profile"})
#: Arguments that say of what was typed into which field it was, and of whom that is.
_TYPED: Final = frozenset({"field", "whose"})
_KEEP: Final = 512
_TAGS: Final = 20_000


def typed(hook: str, role: str) -> bool:
    """Whether a call only says what the tester typed: no hook saw it."""
    return role == "context" and not hook


class Values:
    """Fed with the calls and messages of one app in order of time; bounded."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.gathered = Gathered()
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
        self.entered: deque[ApiCall] = deque(maxlen=_KEEP)
        """What the tester typed."""
        self.asked: set[str] = set()
        """Tags of what was typed and sent to who answers prompts."""
        self.prompts: dict[str, int] = {}
        """Tag of a prompt to when it was first observed leaving."""
        self.locations: deque[ApiCall] = deque(maxlen=64)
        self._places: dict[str, frozenset[str]] = {}
        """Recipient to the tags of the positions that it was sent."""

    def remember(self, event: ApiCall) -> None:
        """Keep which values a call returned, and where it was a location."""
        sdk, args = event.sdk, event.args
        if typed(event.hook, event.role):
            self.entered.append(event)
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
        left = "" if call.sdk else self._facts.renamed.get(call.stack, "")
        return f"({left})" if "." in left else call.sdk

    def _hosted(self, reader: str, event: Transmission) -> bool:
        """Whether the host belongs to who read the value."""
        if reader == "app":
            return event.party == "first"
        known, declared = self._facts.sdks.get(reader), self._facts.declaration.sdk(reader)
        hosts = [*(known.hosts if known else ()), *(declared.hosts if declared else ())]
        return covers(hosts, event.host) or bool(known and known.org and known.org == event.org)

    def sent(self, event: Transmission) -> None:
        """Keep when a prompt first left, and which positions went to whom."""
        if any([m.data_type == "location" and m.certainty == "found" for m in event.matches]):
            recipient, places = self._facts.recipient(event), self.places_sent(event)
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
        ai = self._facts.declaration.ai
        return (
            event.org in ai.recipients or self._facts.recipient(event) in ai.recipients or covers(ai.hosts, event.host)
        )

    def places_sent(self, event: Transmission) -> frozenset[str]:
        """Tags of the different positions that the recipient has, those of this event included."""
        now = {m.tag for m in event.matches if m.data_type == "location" and m.certainty == "found" and m.tag}
        return self._places.get(self._facts.recipient(event), frozenset()) | now
