"""The scopes of consent by name."""

import re
from typing import Final

ABOUT: Final = {
    "policy": "the privacy policy",
    "personalisation": "personalised recommendations and advertising",
    "ai_training": "training a model with what the user enters",
    "account": "keeping the account; withdrawn by closing it",
    "guardian": "a guardian's consent to handling a child's data",
    "cross_border": "transfer abroad",
    "sensitive:DATA_TYPE": "separate consent to one data type",
    "share:NAME": "separate consent to giving data to a recipient, by its `recipients: org` in the declaration",
    "purpose:NAME": "one purpose, chosen among others in a consent platform or by a switch (`purpose:analytics`);"
    " it states that one purpose alone, and is no answer to the notice: that is `policy`",
    "permission:NAME": "a permission of the system; its own dialog decides",
}
"""What each scope is about."""
_PLAIN: Final = tuple(name for name in ABOUT if ":" not in name)
_SCOPE = re.compile(
    rf"({'|'.join(_PLAIN)}|(sensitive|permission|purpose):[\w.\-]{{1,100}}|share:[\w*][\w.\-&,()（）·' ]{{0,99}})"
)


def checked_scope(value: str) -> str:
    """The name if it is that of a scope. Raises ``ValueError``."""
    if not _SCOPE.fullmatch(value):
        raise ValueError(f"not a scope: {', '.join(ABOUT)}")
    return value
