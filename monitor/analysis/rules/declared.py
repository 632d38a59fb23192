"""What the declaration says about one use of one data type: by whom, for which function, on which legal basis; and what
"not in the declaration" means, field by field.

An entry that names a function (not ``all``) applies only to that function, once the scenario says which function the
app is in; until a step says so, it is unknown and every entry counts. A declaration does not excuse a use to which the
user has not agreed.
"""

from collections.abc import Iterable
from typing import Final

from monitor.analysis.consent.words import plain
from monitor.analysis.guarded import FAR_REACHING, permission_entry, short
from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context
from monitor.analysis.rules.fact import Fact, Use, made
from monitor.analysis.rules.given import Subject
from monitor.analysis.rules.purposes import optional
from monitor.analysis.timeline import before
from monitor.events import ApiCall, Base, Event, Lifecycle, Step, Transmission
from monitor.knowledge.vocabulary import legal_basis
from monitor.knowledge.wordlists import table
from monitor.session.declaration import Collection, Declaration, covers

#: What an entry names as its function that is for all of them.
EVERY: Final = ("", "all", "全部", "所有")
NOT_SDK: Final = ("", "app", "framework")
_MINOR: Final = frozenset({"minor", "minor_profile", "age_under_14", "child"})


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
    stated = [*(library.purposes if library else ()), *([recipient.purpose] if recipient else ())]
    listed = [item for item in declaration.entries.get(data_type, ()) if item.legal_basis]
    if any(map(plain, stated)):
        fitting = (item for item in listed if _serves(item, stated))
    else:
        others = [text for sdk in declaration.sdks or [] for text in sdk.purposes]
        others += [recipient.purpose for recipient in declaration.recipients or []]
        fitting = (item for item in listed if not _serves(item, others))
    return next(fitting, next(iter(listed), None))


def _serves(item: Collection, purposes: Iterable[str]) -> bool:
    """Whether an entry is for one of the purposes."""
    return any(text and text in plain(item.purpose) for text in map(plain, purposes))


def not_begun(item: Collection, e: Base, c: Context) -> bool:
    """Whether a contract is declared as the basis for a function of its own, and nobody can have begun that function:
    no control was touched since the app was installed, and no step of the scenario is in one."""
    if legal_basis(item.legal_basis) != "contract" or item.function not in c.declaration.functions:
        return False
    unknown = c.consent.kept or c.consent.unseen or c.function(e)
    return not unknown and all(before(e, tap) for tap in c.history["tap"])


def target(e: ApiCall) -> str:
    """The package that a call names."""
    return (e.args.get("component") or e.args.get("package") or "").partition("/")[0]


def enters_minor(step: Step) -> bool:
    """Whether a step enters a minor's profile."""
    return step.label.casefold() in _MINOR


def used_by_minor(e: Base, c: Context) -> bool:
    """Whether the session is still in the phase or function that enters a minor's profile."""
    return any({step.verb: enters_minor(step) for step in c.steps(e, _enters)}.values())


def _enters(step: Step, c: Context, s: Subject) -> bool:
    """Whether a phase or function begins with it."""
    return step.verb in ("phase", "function") and step.state != "failed" and step.label != "child_profile"


def answered_for(e: Use, c: Context, s: Subject) -> bool:
    """Whether a guardian answers for whose data it is: in an app for children, where it was typed into a field about
    a child, while a minor uses the app."""
    return c.declaration.app.child_directed or s.tag in c.values.whose or used_by_minor(e, c)


# What is not declared. Each condition is asked with the rule's own filter, so that what is declared at any time costs
# nothing later. A missing block yields no finding, except that a declaration of what is collected that names no
# recipient declares none. ---------------------------------------------------------------------------------------------
#: What a user types to an assistant is declared under either.
_TYPED: Final = {"prompt", "ui_input"}
#: What Android makes an app ask for with another permission that gives more (Android 12 and 14), or gives with it.
_COMES_WITH: Final = {
    "ACCESS_COARSE_LOCATION": ("ACCESS_FINE_LOCATION",),
    "READ_MEDIA_VISUAL_USER_SELECTED": ("READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO"),
    "READ_EXTERNAL_STORAGE": ("WRITE_EXTERNAL_STORAGE",),
}


def _data_type(sdk: str, s: Subject, d: Declaration) -> bool:
    return d.collection is not None and not by_caller(d, sdk, s.data_type)


def _recipient(e: Transmission, d: Declaration) -> bool:
    if not d.names_recipients or d.recipient(e.org, e.host) is not None:
        return False
    if any(covers(sdk.hosts, e.host) for sdk in d.sdks or []):
        return False  # listed as the library's
    return d.recipients is not None or not _named_elsewhere(e, d)


def _named_elsewhere(e: Transmission, d: Declaration) -> bool:
    """Whether a declaration without a list of recipients names this one in another block, or may mean it: a library
    that is listed without its hosts."""
    library = d.sdk(e.sdk)
    listed = (*d.ai.recipients, *(x.recipient for x in d.cross_border))
    by_host = covers([*d.ai.hosts, *d.personalisation.ad_hosts], e.host)
    return by_host or (library is not None and not library.hosts) or bool(e.org and e.org in listed)


def _recipient_type(e: Transmission, s: Subject, d: Declaration) -> bool:
    declared = d.recipient(e.org, e.host)
    same = _TYPED if s.data_type in _TYPED else {s.data_type}
    return declared is not None and bool(declared.data_types) and same.isdisjoint(declared.data_types)


def _sdk(sdk: str, d: Declaration) -> bool:
    return d.sdks is not None and sdk not in NOT_SDK and d.sdk(sdk) is None


def _sdk_host(e: Transmission, d: Declaration) -> bool:
    declared = d.sdk(e.sdk)
    certain = e.attribution in ("port", "request")
    return declared is not None and bool(declared.hosts) and certain and not covers(declared.hosts, e.host)


def _permission(e: Event, s: Subject, d: Declaration) -> bool:
    last = short(s.permission)
    granted = isinstance(e, Lifecycle) and last in FAR_REACHING  # by the manifest, or on the system's own screen
    if d.permissions is None or not (granted or permission_entry(s.permission)):
        return False
    return {short(p.name) for p in d.permissions}.isdisjoint((last, *_COMES_WITH.get(last, ())))


def _not_needed(s: Subject, d: Declaration) -> bool:
    """Whether the declared type of app does not need the data type (NEC-39)."""
    number = d.app.type_39
    return bool(number) and s.data_type not in table("data_types")["nec39"].get(number, [])


def _not_agreed(e: Event, c: Context, s: Subject) -> bool:
    """Whether no consent apart from the policy covers what is not needed: to the type itself, to sharing it with a
    declared recipient, or to advertising or other personalisation where the type serves that."""
    facts = table("data_types")
    scopes = [f"sensitive:{s.data_type}"]
    scopes += [f"share:{item.org}" for item in c.declaration.recipients or [] if s.data_type in item.data_types]
    if s.data_type in (*facts["advertising_ids"], *facts["other_ids"]):
        scopes.append("personalisation")
    return all(consented(c, scope, e).answer != "yes" for scope in scopes)


def _not_for_service(e: ApiCall, c: Context, s: Subject) -> bool:
    """Whether the declaration does not say what it is needed for: for the app's own code the function in use, for a
    library a purpose of its own that is no one's to leave out (security, push; not advertising or statistics). Nor what
    the declaration says has been agreed to."""
    if consented(c, "policy", e).answer not in ("yes", "unclear"):
        return True
    if e.sdk in NOT_SDK:
        current = c.function(e)
        function = c.declaration.functions.get(current)
        listed = c.declaration.entries.get(s.data_type, ()) if current else ()
        own = function is not None and s.data_type in function.data_types
        return not (own or any(item.function == current for item in listed))
    library = c.declaration.sdk(e.sdk)
    if library is None or s.data_type not in library.data_types:
        return True
    return not library.purposes or optional(library.purposes)


#: Of what a pattern of the type ``undisclosed`` asks besides its filter, by its ``field``: all parts must hold.
UNDISCLOSED: Final[dict[str, tuple[Fact, ...]]] = {
    "data_type": (made(_data_type),),
    "recipient": (made(_recipient),),
    "recipient_type": (made(_recipient_type),),
    "sdk": (made(_sdk),),
    "sdk_host": (made(_sdk_host),),
    "permission": (made(_permission),),
    "necessary": (made(_not_needed), made(_not_agreed), made(_not_for_service)),
}
