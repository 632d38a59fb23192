"""What the declaration says about one use of one data type: by whom, for which function, on which legal basis.

An entry that names a function applies only to that function, once the scenario says which function the app is in; until
a step says so, it is unknown and every entry counts. A declaration does not excuse a use to which the user has not
agreed.
"""

from __future__ import annotations

from typing import Any, Final

from monitor.analysis.rules.answers import consented
from monitor.analysis.rules.context import Context, Subject
from monitor.analysis.wordlists import table
from monitor.declaration import Collection, Declaration
from monitor.events import Transmission

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
            return data_type in declaration.by_type
        if declaration.sdks is not None:
            return False
    own = data_type in declaration.by_type
    if sdk:
        return own
    return own or any(data_type in item.data_types for item in declaration.sdks or [])


def entries(e: Any, c: Context, s: Subject) -> tuple[Collection, ...]:
    """The declared collection entries that can apply to this event."""
    found = c.declaration.entries.get(s.data_type, ())
    if not any([item.function for item in found]):
        return found
    current = c.function(e)
    return tuple(item for item in found if not current or item.function in ("", current))


def here(e: Any, c: Context, s: Subject) -> bool:
    """Whether the type is declared for this caller and, if for a function, for the current one."""
    sdk = getattr(e, "sdk", "")
    if not by_caller(c.declaration, sdk, s.data_type):
        return False
    return sdk not in NOT_SDK or s.data_type not in c.declaration.entries or bool(entries(e, c, s))


def function_unknown(e: Any, c: Context, s: Subject) -> bool:
    """Whether the type is declared for functions alone, and no step has said yet which one the app is in."""
    listed = c.declaration.entries.get(s.data_type, ())
    return bool(listed) and all(item.function for item in listed) and not c.function(e)


def risk_control(e: Any, c: Context, s: Subject) -> bool:
    """Whether it is declared as serving security or risk control here."""
    return any(item.risk_control for item in entries(e, c, s))


def in_background(e: Any, c: Context, s: Subject) -> bool:
    """Whether use in the background is declared."""
    if any(item.background for item in entries(e, c, s)):
        return True
    function = c.declaration.functions.get(c.function(e)) if c.declaration.functions else None
    return bool(function and function.background and s.data_type in function.data_types)


def agreed_apart(e: Any, c: Context, s: Subject) -> bool:
    """Whether the user agreed to this use separately from the policy: to the type itself, to sharing it with a declared
    recipient, or to advertising or other personalisation where the type serves that."""
    facts = table("data_types")
    scopes = [f"sensitive:{s.data_type}"]
    scopes += [f"share:{item.org}" for item in c.declaration.recipients or [] if s.data_type in item.data_types]
    if s.data_type in (*facts["advertising_ids"], *facts["other_ids"]):
        scopes.append("personalisation")
    return any(consented(c, scope, e).answer == "yes" for scope in scopes)


def agreed_for(e: Any, c: Context, s: Subject) -> bool:
    """Whether another consent than one to the type itself covers it: a guardian's for a child's data, one to giving it
    to a declared recipient of the type for what goes there."""
    if c.declaration.app.child_directed and consented(c, "guardian", e).answer in ("yes", "unclear"):
        return True
    if not isinstance(e, Transmission):
        return False
    recipient = c.declaration.recipient(e.org, e.host)
    if recipient is None or s.data_type not in recipient.data_types:
        return False
    return consented(c, f"share:{recipient.org}", e).answer == "yes"


def maybe_sensitive(c: Context, s: Subject) -> bool:
    """Whether only some lists have the type as sensitive (GB/T 35273 App. B and its successors differ), and the
    declaration does not."""
    declared = any(item.sensitive for item in c.declaration.entries.get(s.data_type, ()))
    return s.data_type in table("data_types")["maybe_sensitive"] and not declared


def after_consent(e: Any, c: Context, s: Subject) -> bool:
    """Whether consent to the policy was certainly in force."""
    return consented(c, "policy", e).answer == "yes"


def operator_known(c: Context) -> bool:
    """Whether the declaration says which hosts are the operator's own."""
    return bool(c.declaration.operator.domains or c.declaration.operator.org)


def perhaps_own(e: Transmission, c: Context) -> bool:
    """Whether the recipient may be the operator itself: an unknown host, and no operator hosts are declared."""
    return not e.org and e.party == "unknown" and not operator_known(c)


def ai_recipient(e: Transmission, c: Context) -> bool:
    """Whether the recipient is declared as answering prompts."""
    ai = c.declaration.ai
    return e.org in ai.recipients or c.facts.recipient(e) in ai.recipients or c.declaration.ai_host(e.host)


def has_prompt(e: Transmission) -> bool:
    """Whether the message contains the user's prompt for the AI function."""
    return any(m.certainty == "found" and m.data_type in ("prompt", "ui_input") for m in e.matches)
