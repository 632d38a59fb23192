"""What the declaration says about one use of one data type: by whom, for which function, on which legal basis.

An entry that names a function (not ``all``) applies only to that function, once the scenario says which function the
app is in; until a step says so, it is unknown and every entry counts. A declaration does not excuse a use to which the
user has not agreed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

from monitor.analysis.consent.text import pattern, plain
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import Subject
from monitor.analysis.timeline import before
from monitor.events import ApiCall, Base, Event, Transmission
from monitor.knowledge.vocabulary import legal_basis
from monitor.knowledge.wordlists import groups_of, table
from monitor.session.declaration import Collection, Declaration, DeclaredSdk, covers

#: What an entry names as its function that is for all of them.
EVERY: Final = ("", "all", "全部", "所有")
NOT_SDK: Final = ("", "app", "framework")


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


def entries(e: Base, c: Context, s: Subject) -> tuple[Collection, ...]:
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


def entered_as(c: Context, s: Subject) -> list[Collection]:
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
def stated_basis(d: Declaration, e: Base, data_type: str) -> Collection | None:
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


def not_begun(item: Collection, e: Base, c: Context) -> bool:
    """Whether a contract is declared as the basis for a function of its own, and nobody can have begun that function:
    no control was touched since the app was installed, and no step of the scenario is in one."""
    if legal_basis(item.legal_basis) != "contract" or item.function not in c.declaration.functions:
        return False
    unknown = c.consent.kept or c.consent.unseen or c.function(e)
    return not unknown and all(before(e, tap) for tap in c.history["tap"])
