"""What a library, a recipient or data is for, where a consent platform or a switch asked for each purpose apart."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from monitor.analysis.consent.words import pattern, plain, regex
from monitor.analysis.guarded import permissions_of
from monitor.analysis.rules.answers import NO, TemporalAnswer, consented, refused, witnesses
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.values import ENTERED
from monitor.analysis.timeline import AGAINST, before
from monitor.events import ApiCall, Base, Transmission
from monitor.knowledge.vocabulary import is_gdpr_basis, legal_basis
from monitor.knowledge.wordlists import groups_of, table
from monitor.session.declaration import Collection as Collected
from monitor.session.declaration import DeclaredSdk, Recipient, covers

#: Purposes that serve another one for which a consent platform asks.
_SERVES: Final = {"attribution": "advertising"}


# What the user answered about the purposes ----------------------------------------------------------------------------
def by_purpose(c: Context, event: Base, temporal: TemporalAnswer, data_type: str = "") -> TemporalAnswer:
    """Of a choice of purposes (GDPR 4(11): consent is specific): whether it covers what the library or the recipient is
    for. ``temporal``, the answer to the notice at large, where their purposes are not known or not all chosen
    alike. What nobody says a library is for may still be data that is declared for a refused purpose alone, and what
    the app's own code is for is what its data is declared for."""
    asked, of_type = _asked_for(c, event, data_type)
    answers = [consented(c, scope, event) for scope in asked]
    if of_type and not (_own(event) and answers and all(one.answer == "yes" for one in answers)):
        denied = bool(answers) and all(one.answer == "no" and one.events for one in answers)
        return TemporalAnswer("no", answers[0].events) if denied else temporal
    return _alike(c, asked, answers) or temporal


def chosen_since(c: Context, event: Base, data_type: str, refusal: TemporalAnswer) -> TemporalAnswer:
    """Whether the user has turned on every purpose of the library or recipient since the notice was refused at large
    (``refusal``, the answer to that), as by a switch in the settings, and each is still on."""
    policy = c.consent.lines.scopes.get("policy")
    asked, of_type = _asked_for(c, event, data_type)
    if policy is None or (of_type and not _own(event)) or _for_other_data(c, event, data_type):
        return NO
    answers = [consented(c, scope, event) for scope in asked]
    if _alike(c, asked, answers) is None:
        return NO
    refusals = [mark for seq in refusal.events for mark in policy.named(seq)]
    granted = [m for scope in asked for m in c.consent.lines.scopes[scope].possible(event) if m.state == "granted"]
    return answers[0] if all(before(old, new) for old in refusals for new in granted) else NO


def purpose_refused(
    c: Context, event: Base, data_type: str, states: Collection[str], grace_us: int = 0
) -> TemporalAnswer:
    """Whether every purpose of the library or recipient, or else every one that the data is declared for, had been
    refused or withdrawn in a choice of purposes: as ``refused``."""
    asked, _ = _asked_for(c, event, data_type)
    return _alike(c, asked, [refused(c, scope, event, states, grace_us) for scope in asked]) or NO


def _alike(c: Context, asked: Sequence[str], answers: Sequence[TemporalAnswer]) -> TemporalAnswer | None:
    """The answer of all of the purposes; None where one was not in the choice, or has another answer."""
    known = all(scope in c.consent.lines.scopes for scope in asked)
    if not known or len({one.answer for one in answers}) != 1:
        return None
    return TemporalAnswer(answers[0].answer, witnesses(answers))


def of_the_function(c: Context, event: Base, temporal: TemporalAnswer, s: Subject) -> bool:
    """Whether a choice of purposes, the answer on which ``temporal`` rests, has left nothing open: what is declared for
    the very function that the user uses, or is typed where a contract or a duty is declared for it, by and for whom it
    is declared, and for no purpose that one could choose.
    That is asked for by using the function (GDPR 6(1)(b), PIPL 13(2)), or by consent of its own, which other rules
    look at. Where the platform's notice was refused at large, only of what is typed or what the user then gave the
    permission for; where nothing asked, only of what is typed on a basis of the GDPR."""
    if not isinstance(event, ApiCall | Transmission):
        return False
    in_field = s.tag in c.values.fields
    typed = isinstance(event, Transmission) and (s.data_type in ENTERED or (in_field and not _special(s.data_type)))
    never = typed and temporal.answer == "no" and not temporal.events
    if not (never or _chose(c, temporal) or _refused_at_large(c, event, temporal, s, typed=typed)):
        return False
    current, data_type = c.function(event), s.data_type
    listed = c.declaration.entries.get(data_type, ()) or (entered_as(c, s) if typed else ())
    function = c.declaration.functions.get(current)
    entries = [item for item in listed if current and item.function == current]
    if not entries and in_field:
        entries = [item for item in listed if legal_basis(item.legal_basis) in ("contract", "duty")]
    if not entries and not (function and data_type in function.data_types):
        return False
    if never and not any(is_gdpr_basis(item.legal_basis) for item in entries):
        return False
    if refused(c, f"sensitive:{data_type}", event, AGAINST).answer != "no":
        return False
    stated = [*_known(c, event), *_stated(c, event), *(item.purpose for item in entries)]
    return _for_data(c, event, data_type) and not optional(stated)


def _chose(c: Context, temporal: TemporalAnswer) -> bool:
    """Whether an answer rests on a choice of purposes."""
    lines = (line for scope, line in c.consent.lines.scopes.items() if scope.startswith("purpose:"))
    return temporal.answer == "unclear" and any(
        not set(mark.events).isdisjoint(temporal.events) for line in lines for mark in line.marks
    )


def _refused_at_large(c: Context, event: Base, temporal: TemporalAnswer, s: Subject, *, typed: bool) -> bool:
    """Whether a platform's notice was refused, and then data typed, or the system's permission for it given."""
    if c.consent.lines.platforms.isdisjoint(temporal.events):
        return False
    scopes = (f"permission:android.permission.{name}" for name in permissions_of(s.data_type))
    return typed or any(consented(c, scope, event).answer == "yes" for scope in scopes)


def agreed_alone(c: Context, event: Base, s: Subject) -> bool:
    """Whether the user agreed to this alone, whatever became of the notice at large: to the special category of data
    that it is of (GDPR 9(2)(a)), by and for whom it is declared, or to giving data to a company that is declared to get
    it."""
    if not isinstance(event, ApiCall | Transmission):
        return False
    special = _special(s.data_type) and _for_data(c, event, s.data_type)
    if special and consented(c, f"sensitive:{s.data_type}", event).answer == "yes":
        return True
    given = (item for item in _receivers(c, event) if s.data_type in item.data_types)
    return any(_given_alone(c, f"share:{item.org}", event) for item in given)


def _given_alone(c: Context, scope: str, event: Base) -> bool:
    """Whether consent to a scope was in force, and not by the very answer that agreed to the notice: that fell with
    it."""
    line, policy = (c.consent.lines.scopes.get(name) for name in (scope, "policy"))
    if line is None or consented(c, scope, event).answer != "yes":
        return False
    agreed = {mark.seq for mark in policy.marks if mark.state == "granted"} if policy else set()
    return any(mark.state == "granted" and mark.seq not in agreed for mark in line.possible(event))


# By and for whom data is declared -------------------------------------------------------------------------------------
def _own(event: Base) -> bool:
    """Whether it is the app's own code, which gives what it read to nobody else."""
    if isinstance(event, Transmission) and event.party != "first":
        return False
    return isinstance(event, ApiCall | Transmission) and event.sdk == "app"


def _special(data_type: str) -> bool:
    """Whether data of a type is of a special category, for which no contract is enough (GDPR 9)."""
    return data_type in groups_of("special")


def _library(c: Context, event: ApiCall | Transmission) -> DeclaredSdk | None:
    return c.declaration.sdk(event.sdk) if event.sdk else None


def _receivers(c: Context, event: ApiCall | Transmission) -> list[Recipient]:
    """The declared recipient of a message, or those whose library it is that reads something."""
    if isinstance(event, Transmission):
        recipient = c.declaration.recipient(event.org, event.host)
        return [recipient] if recipient else []
    library = _library(c, event)
    listed = c.declaration.recipients or [] if library else []
    return [item for item in listed if library and any(covers(library.hosts, host) for host in item.hosts)]


def _for_data(c: Context, event: ApiCall | Transmission, data_type: str) -> bool:
    """Whether the code, and whoever it sends to, is the app's own or declared for the type."""
    declared: DeclaredSdk | Recipient | None
    if isinstance(event, Transmission) and event.party != "first":
        declared = c.declaration.recipient(event.org, event.host)
    elif event.sdk in ("app", "framework"):
        return True
    else:
        declared = _library(c, event)
    return declared is not None and data_type in declared.data_types


def _for_other_data(c: Context, event: Base, data_type: str) -> bool:
    """Whether the library or recipient is declared, for other data than this."""
    if not isinstance(event, ApiCall | Transmission):
        return False
    parties = (one for one in (_library(c, event), *_receivers(c, event)) if one is not None)
    return any(one.data_types and data_type not in one.data_types for one in parties)


def listed_as(c: Context, s: Subject) -> Sequence[str]:
    """Other data types under which a declaration may list what is typed into such a field."""
    others: Mapping[str, Sequence[str]] = table("fields")["listed_as"]
    return others.get(c.values.fields.get(s.tag, ""), ())


def entered_as(c: Context, s: Subject) -> list[Collected]:
    """What is declared under these: not for something else than such a thing is for."""
    said = re.compile(table("fields")["listed_for"].get(c.values.fields.get(s.tag, ""), ""))
    entries = [item for name in listed_as(c, s) for item in c.declaration.entries.get(name, ())]
    stated = [(item, plain(f"{item.purpose} {item.function}").strip()) for item in entries]
    return [item for item, words in stated if not words or said.search(words)]


# The purposes ---------------------------------------------------------------------------------------------------------
def _asked_for(c: Context, event: Base, data_type: str) -> tuple[list[str], bool]:
    """The scopes of the purposes that a library or recipient serves, as the tables and the declaration have them; none
    where it is declared for something else as well, which nobody refused. And whether they are only what the data is
    declared for, since nobody says what that code is for."""
    known, stated = _known(c, event), _stated(c, event)
    of_type = not (known or stated)
    texts = [item.purpose for item in c.declaration.entries.get(data_type, ())] if of_type else stated
    declared = _named(texts)
    purposes = {*known, *declared} if declared or not stated else set()
    return [f"purpose:{name}" for name in sorted({_SERVES.get(purpose, purpose) for purpose in purposes})], of_type


def _known(c: Context, event: Base) -> Collection[str]:
    """The purposes of a library or recipient by the tables."""
    if isinstance(event, Transmission):
        return c.facts.purposes(event)
    library = c.facts.sdks.get(event.sdk) if isinstance(event, ApiCall) else None
    return library.purposes if library else ()


def _stated(c: Context, event: Base) -> list[str]:
    """The purposes that the declaration states of the library or recipient itself."""
    stated: list[str] = []
    for item in c.declaration.sdks or []:
        own = isinstance(event, ApiCall | Transmission) and event.sdk in c.declaration.ids(item)
        hosted = isinstance(event, Transmission) and covers(item.hosts, event.host)
        stated += item.purposes if own or hosted else []
    if isinstance(event, Transmission) and (recipient := c.declaration.recipient(event.org, event.host)):
        stated += [recipient.purpose] if recipient.purpose else []
    return stated


def optional(texts: Iterable[str]) -> bool:
    """Whether a purpose that a user may leave out, such as a consent platform asks for, is among what texts name."""
    known = groups_of("purposes")
    return any(text in known or pattern("purposes", name).search(plain(text)) for text in texts for name in known)


def parted(texts: Iterable[str]) -> list[str]:
    """The purposes that texts name, one by one, in plain words."""
    parts = (part.strip() for text in texts for part in regex("between_purposes").split(plain(text)))
    return [part for part in parts if part]


def _named(texts: Iterable[str]) -> list[str]:
    """The purposes of a consent platform that texts name; none where one of them, or a part of one, names another:
    nobody asked for that one."""
    found: set[str] = set()
    for part in parted(texts):
        other = pattern("statistics", "other").search(part)
        known = () if other else groups_of("purposes")
        named = {name for name in known if pattern("purposes", name).search(part)}
        if not named and not regex("better").search(part):
            return []
        found |= named
    return sorted(found)
