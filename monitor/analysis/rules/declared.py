"""What the declaration says about one use of one data type: by whom, for which function, on which legal basis.

An entry that names a function (not ``all``) applies only to that function, once the scenario says which function the
app is in; until a step says so, it is unknown and every entry counts. A declaration does not excuse a use to which the
user has not agreed.
"""

from collections.abc import Iterable
from typing import Final

from monitor.analysis.consent.timeline import before
from monitor.analysis.consent.words import plain
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.given import Subject
from monitor.events import ApiCall, Base, Transmission
from monitor.knowledge.vocabulary import legal_basis
from monitor.knowledge.wordlists import table
from monitor.session.declaration import Collection, Declaration, covers

#: What an entry names as its function that is for all of them.
EVERY: Final = ("", "all", "全部", "所有")
NOT_SDK: Final = ("", "app", "framework")


def by_caller(declaration: Declaration, sdk: str, data_type: str) -> bool:
    """Whether the type is declared for the code that reads or sends it.

    For a library its own list applies, or the app's if it has none; an undeclared library has no list, unless no
    libraries are declared at all. Code of unknown origin may belong to anyone: any entry counts.
    """
    if sdk not in NOT_SDK:
        declared = declaration.sdk(sdk)
        if declared is not None and declared.data_types:
            return data_type in declared.data_types
        if declared is not None:
            return data_type in declaration.entries
        if declaration.sdks is not None:
            return False
    own = data_type in declaration.entries
    if sdk:
        return own
    return own or any(data_type in item.data_types for item in declaration.sdks or [])


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


def agreed_apart(e: Base, c: Context, s: Subject) -> bool:
    """Whether the user agreed to this use separately from the policy: to the type itself, to sharing it with a declared
    recipient, or to advertising or other personalisation where the type serves that."""
    facts = table("data_types")
    scopes = [f"sensitive:{s.data_type}"]
    scopes += [f"share:{item.org}" for item in c.declaration.recipients or [] if s.data_type in item.data_types]
    if s.data_type in (*facts["advertising_ids"], *facts["other_ids"]):
        scopes.append("personalisation")
    return any(consented(c, scope, e).answer == "yes" for scope in scopes)


def purposes(e: Transmission, c: Context) -> list[str]:
    """The declared purposes of the recipient, or of the library with this host."""
    recipient = c.declaration.recipient(e.org, e.host)
    stated = [recipient.purpose] if recipient and recipient.purpose else []
    return stated + [text for sdk in c.declaration.sdks or [] if covers(sdk.hosts, e.host) for text in sdk.purposes]


def stated_basis(declaration: Declaration, e: Base, data_type: str) -> Collection | None:
    """The collection entry whose legal basis counts: that for what the library or recipient is declared for, if one
    says so, otherwise the first with a basis. For what is declared for nothing of its own, as the app's code, one that
    is not for a library or recipient comes first."""
    library = declaration.sdk(e.sdk) if isinstance(e, ApiCall | Transmission) and e.sdk not in NOT_SDK else None
    recipient = declaration.recipient(e.org, e.host) if isinstance(e, Transmission) else None
    stated = [plain(text) for text in (*(library.purposes if library else ()), recipient.purpose if recipient else "")]
    listed = [item for item in declaration.entries.get(data_type, ()) if item.legal_basis]
    if any(stated):
        fitting = (item for item in listed if _serves(item, stated))
    else:
        others = [text for sdk in declaration.sdks or [] for text in sdk.purposes]
        others += [recipient.purpose for recipient in declaration.recipients or []]
        fitting = (item for item in listed if not _serves(item, map(plain, others)))
    return next(fitting, next(iter(listed), None))


def _serves(item: Collection, purposes: Iterable[str]) -> bool:
    """Whether an entry is for one of the purposes, which are plain texts."""
    return any(text and text in plain(item.purpose) for text in purposes)


def not_begun(item: Collection, e: Base, c: Context) -> bool:
    """Whether a contract is declared as the basis for a function of its own, and nobody can have begun that function:
    no control was touched since the app was installed, and no step of the scenario is in one."""
    if legal_basis(item.legal_basis) != "contract" or item.function not in c.declaration.functions:
        return False
    unknown = c.consent.kept or c.consent.unseen or c.function(e)
    return not unknown and all(before(e, tap) for tap in c.history["tap"])


def target(e: ApiCall) -> str:
    """The package that a call names."""
    named = e.args.get("component") or e.args.get("package")
    return named.partition("/")[0] if named else ""
