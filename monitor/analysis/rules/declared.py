"""What the declaration says about one use of one data type: by whom, for which function, on which legal basis; and what
the user answered about the purposes that it states, where a consent platform or a switch asked for each purpose apart
(GDPR 4(11): consent is specific).

An entry that names a function (not ``all``) applies only to that function, once the scenario says which function the
app is in; until a step says so, it is unknown and every entry counts. A declaration does not excuse a use to which the
user has not agreed.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, product
from typing import Final

from monitor.analysis.consent.text import pattern, plain
from monitor.analysis.guarded import permissions_of
from monitor.analysis.rules.answers import NO, TemporalAnswer, consented, refused, witnesses
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.values import ENTERED
from monitor.analysis.timeline import AGAINST, before
from monitor.events import ApiCall, Base, Event, Transmission
from monitor.knowledge.vocabulary import is_gdpr_basis, legal_basis
from monitor.knowledge.wordlists import groups_of, table
from monitor.session.declaration import Collection as DeclaredCollection
from monitor.session.declaration import Declaration, DeclaredSdk, Recipient, covers

#: What an entry names as its function that is for all of them.
EVERY: Final = ("", "all", "全部", "所有")
NOT_SDK: Final = ("", "app", "framework")
#: Purposes that serve another one for which a consent platform asks.
_SERVES: Final = {"attribution": "advertising"}


# Data -----------------------------------------------------------------------------------------------------------------
def by_caller(declaration: Declaration, sdk: str, data_type: str) -> bool:
    """Whether the type is declared for the code that reads or sends it.

    For a library its own list applies, or the app's if it has none; an undeclared library has no list, unless no
    libraries are declared at all. Code of unknown origin may belong to anyone: any entry counts.
    """
    own = data_type in declaration.entries
    library = declaration.sdk(sdk) if sdk not in NOT_SDK else None
    if library is not None:
        return data_type in library.data_types if library.data_types else own
    if sdk not in NOT_SDK:
        return own and declaration.sdks is None
    return own or (not sdk and any(data_type in item.data_types for item in declaration.sdks or []))


def entries(e: Base, c: Context, s: Subject) -> tuple[DeclaredCollection, ...]:
    """The declared collection entries that can apply to this event; those for all functions where none is for this."""
    found = c.declaration.entries.get(s.data_type, ())
    if all(item.function in EVERY for item in found):
        return found
    current = c.function(e)
    if not current:
        return found
    general = ("",) if any(item.function == current for item in found) else EVERY
    return tuple(item for item in found if item.function == current or item.function in general)


def listed_as(c: Context, s: Subject) -> Sequence[str]:
    """Other data types under which a declaration may list what is typed into such a field."""
    others: Mapping[str, Sequence[str]] = table("fields")["listed_as"]
    return others.get(c.values.fields.get(s.tag, ""), ())


def entered_as(c: Context, s: Subject) -> list[DeclaredCollection]:
    """What is declared under these: not for something else than such a thing is for."""
    said = re.compile(table("fields")["listed_for"].get(c.values.fields.get(s.tag, ""), ""))
    entries = [item for name in listed_as(c, s) for item in c.declaration.entries.get(name, ())]
    stated = [(item, plain(f"{item.purpose} {item.function}").strip()) for item in entries]
    return [item for item, words in stated if not words or said.search(words)]


# Code and recipients, and what they are for ---------------------------------------------------------------------------
def library(e: Event | Base, d: Declaration) -> DeclaredSdk | None:
    """The declared library whose code called or sent."""
    sdk = e.sdk if isinstance(e, ApiCall | Transmission) else ""
    return d.sdk(sdk) if sdk not in NOT_SDK else None


def purposes(e: Event | Base, d: Declaration, *, by_sender: bool = True) -> list[str]:
    """The purposes that the declaration states of the recipient, of the library with its host and, ``by_sender``, of
    the library whose code it is."""
    sent, stated = e if isinstance(e, Transmission) else None, list[str]()
    for item in d.sdks or []:
        own = by_sender and isinstance(e, ApiCall | Transmission) and e.sdk in d.ids(item)
        stated += item.purposes if own or (sent and covers(item.hosts, sent.host)) else []
    recipient = d.recipient(sent.org, sent.host) if sent else None
    return [*stated, recipient.purpose] if recipient and recipient.purpose else stated


def optional(texts: Iterable[str]) -> bool:
    """Whether a purpose that a user may leave out, such as a consent platform asks for, is among what texts name."""
    known = groups_of("purposes")
    return any(text in known or pattern("purposes", name).search(plain(text)) for text in texts for name in known)


def parted(texts: Iterable[str]) -> list[str]:
    """The purposes that texts name, one by one, in plain words."""
    parts = (part.strip() for text in texts for part in pattern("between_purposes").split(plain(text)))
    return [part for part in parts if part]


# The legal basis ------------------------------------------------------------------------------------------------------
def stated_basis(d: Declaration, e: Base, data_type: str) -> DeclaredCollection | None:
    """The collection entry whose legal basis counts: that for what the library or recipient is declared for, if one
    says so, otherwise the first with a basis. For what is declared for nothing of its own, as the app's code, one that
    is not for a library or recipient comes first."""
    listed = [item for item in d.entries.get(data_type, ()) if item.legal_basis]
    if len(listed) < 2:
        return next(iter(listed), None)
    own = [text for text in map(plain, purposes(e, d)) if text]
    others = chain(*(sdk.purposes for sdk in d.sdks or ()), (one.purpose for one in d.recipients or ()))
    texts = own or list(filter(None, map(plain, others)))
    serves = {any(text in plain(item.purpose) for text in texts): item for item in reversed(listed)}
    return serves.get(bool(own), listed[0])


def not_begun(item: DeclaredCollection, e: Base, c: Context) -> bool:
    """Whether a contract is declared as the basis for a function of its own, and nobody can have begun that function:
    no control was touched since the app was installed, and no step of the scenario is in one."""
    if legal_basis(item.legal_basis) != "contract" or item.function not in c.declaration.functions:
        return False
    unknown = c.consent.kept or c.consent.unseen or c.function(e)
    return not unknown and all(before(e, tap) for tap in c.history["tap"])


# What the user answered about the purposes ----------------------------------------------------------------------------
def by_purpose(c: Context, event: Base, temporal: TemporalAnswer, data_type: str = "") -> TemporalAnswer:
    """Of a choice of purposes: whether it covers what the library or the recipient is for. ``temporal``, the answer to
    the notice at large, where their purposes are not known or not all chosen alike. What nobody says a library is for
    may still be data that is declared for a refused purpose alone, and what the app's own code is for is what its data
    is declared for."""
    scopes, of_type = _asked_for(c, event, data_type)
    answers = [consented(c, scope, event) for scope in scopes]
    if of_type and not (_own(event) and answers and all(one.answer == "yes" for one in answers)):
        denied = bool(answers) and all(one.answer == "no" and one.events for one in answers)
        return TemporalAnswer("no", answers[0].events) if denied else temporal
    return _alike(c, scopes, answers) or temporal


def chosen_since(c: Context, event: Base, data_type: str, refusal: TemporalAnswer) -> TemporalAnswer:
    """Whether the user has turned on every purpose of the library or recipient since the notice was refused at large
    (``refusal``, the answer to that), as by a switch in the settings, and each is still on. Not where they are declared
    for other data than this."""
    lines = c.consent.lines.scopes
    scopes, of_type = _asked_for(c, event, data_type)
    answers = [consented(c, scope, event) for scope in scopes]
    sdk = library(event, c.declaration)
    listed = [one.data_types for one in _receivers(c, event)] + ([sdk.data_types] if sdk else [])
    if not all(data_type in types for types in filter(None, listed)):
        return NO
    if "policy" not in lines or (of_type and not _own(event)) or _alike(c, scopes, answers) is None:
        return NO
    refusals = chain.from_iterable(map(lines["policy"].named, refusal.events))
    granted = [mark for scope in scopes for mark in c.marks(scope, event, "granted")]
    return answers[0] if all(before(*pair) for pair in product(refusals, granted)) else NO


def purpose_refused(
    c: Context, event: Base, data_type: str, states: Collection[str], grace_us: int = 0
) -> TemporalAnswer:
    """Whether every purpose of the library or recipient, or else every one that the data is declared for, had been
    refused or withdrawn in a choice of purposes: as ``refused``."""
    scopes, _ = _asked_for(c, event, data_type)
    return _alike(c, scopes, [refused(c, scope, event, states, grace_us) for scope in scopes]) or NO


def _alike(c: Context, scopes: Sequence[str], answers: Sequence[TemporalAnswer]) -> TemporalAnswer | None:
    """The answer of all of the purposes; None where one was not in the choice, or has another answer."""
    if not c.consent.lines.scopes.keys() >= set(scopes) or len({one.answer for one in answers}) != 1:
        return None
    return TemporalAnswer(answers[0].answer, witnesses(answers))


def _asked_for(c: Context, event: Base, data_type: str) -> tuple[list[str], bool]:
    """The scopes of the purposes that a library or recipient serves, as the tables and the declaration have them; none
    where it is declared for something else as well, which nobody refused. And whether they are only what the data is
    declared for, since nobody says what that code is for."""
    known, stated = _known(c, event), purposes(event, c.declaration)
    of_type = not (known or stated)
    texts = [item.purpose for item in c.declaration.entries.get(data_type, ())] if of_type else stated
    named = _named(texts)
    served = {*known, *named} if named or not stated else set()
    return [f"purpose:{name}" for name in sorted({_SERVES.get(purpose, purpose) for purpose in served})], of_type


def _known(c: Context, event: Base) -> Collection[str]:
    """The purposes of a library or recipient by the tables."""
    if isinstance(event, Transmission):
        return c.facts.purposes(event)
    sdk = c.facts.sdks.get(event.sdk) if isinstance(event, ApiCall) else None
    return sdk.purposes if sdk else ()


def _named(texts: Iterable[str]) -> list[str]:
    """The purposes of a consent platform that texts name; none where one of them, or a part of one, names another:
    nobody asked for that one."""
    found: set[str] = set()
    for part in parted(texts):
        other = pattern("statistics", "other").search(part)
        known = () if other else groups_of("purposes")
        named = {name for name in known if pattern("purposes", name).search(part)}
        if not named and not pattern("better").search(part):
            return []
        found |= named
    return sorted(found)


# What the user asked for, or agreed to alone --------------------------------------------------------------------------
def of_the_function(c: Context, event: Base, temporal: TemporalAnswer, s: Subject) -> bool:
    """Whether a choice of purposes, the answer on which ``temporal`` rests, has left nothing open: what is declared for
    the very function that the user uses, or is typed where a contract or a duty is declared for it, by and for whom it
    is declared, and for no purpose that one could choose.
    That is asked for by using the function (GDPR 6(1)(b), PIPL 13(2)), or by consent of its own, which other rules
    look at. Where the platform's notice was refused at large, only of what is typed or what the user then gave the
    permission for; where nothing asked, only of what is typed on a basis of the GDPR."""
    if not isinstance(event, ApiCall | Transmission):
        return False
    in_field = s.tag in c.values.fields and s.data_type not in groups_of("special")
    typed = isinstance(event, Transmission) and (s.data_type in ENTERED or in_field)
    never = typed and temporal.answer == "no" and not temporal.events
    if not never and not _left_open(c, event, temporal, s, typed=typed):
        return False
    entries, function = _needed(c, event, s, typed=typed), c.used_function(event)
    if not entries and (function is None or s.data_type not in function.data_types):
        return False
    if never and not any(is_gdpr_basis(item.legal_basis) for item in entries):
        return False
    stated = [*_known(c, event), *purposes(event, c.declaration), *(item.purpose for item in entries)]
    if optional(stated) or not _for_data(c, event, s.data_type):
        return False
    return refused(c, f"sensitive:{s.data_type}", event, AGAINST).answer == "no"


def _needed(c: Context, event: Base, s: Subject, *, typed: bool) -> list[DeclaredCollection]:
    """What is declared of the data for the function that the user uses, or of a field for a contract or a duty."""
    listed = c.declaration.entries.get(s.data_type, ()) or (entered_as(c, s) if typed else ())
    current = c.function(event)
    entries = [item for item in listed if current and item.function == current]
    if entries or s.tag not in c.values.fields:
        return entries
    return [item for item in listed if legal_basis(item.legal_basis) in ("contract", "duty")]


def _left_open(c: Context, event: Base, temporal: TemporalAnswer, s: Subject, *, typed: bool) -> bool:
    """Whether an answer rests on a choice of purposes, or refused a platform's notice at large, after which the data
    was typed or the permission for it given."""
    lines = c.consent.lines
    chosen = (line for scope, line in lines.scopes.items() if scope.startswith("purpose:"))
    if temporal.answer == "unclear" and any(line.named(seq) for line in chosen for seq in temporal.events):
        return True
    if lines.platforms.isdisjoint(temporal.events):
        return False
    given = (f"permission:android.permission.{name}" for name in permissions_of(s.data_type))
    return typed or any(consented(c, scope, event).answer == "yes" for scope in given)


def agreed_alone(c: Context, event: Base, s: Subject) -> bool:
    """Whether the user agreed to this alone, whatever became of the notice at large: to the special category of data
    that it is of (GDPR 9(2)(a): no contract is enough), by and for whom it is declared, or to giving data to a company
    that is declared to get it. Not by the very answer that agreed to the notice: that fell with it."""
    if not isinstance(event, ApiCall | Transmission):
        return False
    special = s.data_type in groups_of("special") and _for_data(c, event, s.data_type)
    if special and consented(c, f"sensitive:{s.data_type}", event).answer == "yes":
        return True
    scopes = (f"share:{item.org}" for item in _receivers(c, event) if s.data_type in item.data_types)
    given = [scope for scope in scopes if consented(c, scope, event).answer == "yes"]
    policy = c.consent.lines.scopes.get("policy")
    agreed = {mark.seq for mark in policy.marks if mark.state == "granted"} if policy else set()
    return any(mark.seq not in agreed for scope in given for mark in c.marks(scope, event, "granted"))


# By and for whom data is declared -------------------------------------------------------------------------------------
def _own(event: Base) -> bool:
    """Whether it is the app's own code, which gives what it read to nobody else."""
    if isinstance(event, Transmission) and event.party != "first":
        return False
    return isinstance(event, ApiCall | Transmission) and event.sdk == "app"


def _receivers(c: Context, event: Base) -> list[Recipient]:
    """The declared recipient of a message, or those whose library it is that reads something."""
    if isinstance(event, Transmission):
        recipient = c.declaration.recipient(event.org, event.host)
        return [recipient] if recipient else []
    hosts = sdk.hosts if (sdk := library(event, c.declaration)) else []
    return [item for item in c.declaration.recipients or [] if any(covers(hosts, host) for host in item.hosts)]


def _for_data(c: Context, event: ApiCall | Transmission, data_type: str) -> bool:
    """Whether the code, and whoever it sends to, is the app's own or declared for the type."""
    if isinstance(event, Transmission) and event.party != "first":
        recipient = c.declaration.recipient(event.org, event.host)
        return recipient is not None and data_type in recipient.data_types
    sdk = library(event, c.declaration)
    return event.sdk in ("app", "framework") or (sdk is not None and data_type in sdk.data_types)
