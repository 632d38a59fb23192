"""The words that fields and facts have, where they are few: a filter that asks for another word is never true."""

from collections.abc import Collection, Mapping
from typing import Final, get_args

from monitor.events import CERTAINTIES, CONSENT_STATES, DATA_TYPES, LIFECYCLE, OUTCOMES, PARTIES
from monitor.knowledge.catalogue import Role as HookRole
from monitor.session.declaration import Role

_ANY: Final[Mapping[str, Collection[str]]] = {
    "data_type": DATA_TYPES,
    "certainty": CERTAINTIES,
    "party": PARTIES,
    "role_declared": get_args(Role),
    "extent": ("item", "all"),
    "precision": ("coarse", "fine"),
    "fine_fix": ("certain", "perhaps"),
    "label_kind": ("accept", "reject", "withdraw", "cancel_account"),
}
_OF: Final[Mapping[str, Mapping[str, Collection[str]]]] = {
    "api_call": {"role": get_args(HookRole), "outcome": OUTCOMES},
    "consent": {"state": CONSENT_STATES},
    "lifecycle": {"what": LIFECYCLE},
    "permission_result": {
        "result": ("granted", "granted_once", "denied", "denied_forever", "ignored", "unknown"),
        "dialog": ("yes", "no", "unknown"),
    },
    "step": {"state": ("started", "ok", "failed", "skipped")},
    "tap": {"checked": ("on", "off")},
    "transmission": {
        "decoded": ("yes", "partial", "no", "opaque"),
        "attribution": ("request", "port", "opened", "host", "system", "unattributed", "none"),
    },
    "window": {
        "action": ("shown", "changed", "hidden"),
        "window_kind": ("activity", "dialog", "popup", "toast", "overlay"),
    },
}  # fmt: skip


def vocabulary(kind: str) -> Mapping[str, Collection[str]]:
    """The words by name, for events of a kind; each name may also be empty."""
    return {**_ANY, **_OF.get(kind, {})}
