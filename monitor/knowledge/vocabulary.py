"""Words that declarations and scenarios use: data types, scopes of consent, legal bases; and which values say nothing
about a person."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from monitor.base import errors, yamlfile
from monitor.events import DATA_TYPES, NOT_PERSONAL

SCOPES: Final = {
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
"""The scopes of consent, and what each is about."""
_PLAIN: Final = "|".join(name for name in SCOPES if ":" not in name)
_SCOPE: Final = re.compile(
    rf"({_PLAIN}|(sensitive|permission|purpose):[\w.\-]{{1,100}}|share:[\w*][\w.\-&,()（）·' ]{{0,99}})"
)
#: Items of PIPL Article 13, points of GDPR Article 6(1).
_BASIS: Final = re.compile(r"(?:pipl)?13[-(](\d)\)?|(?:gdpr)?6\(1\)\(([a-f])\)")
_PIPL: Final = dict(zip("1234567", ("consent", "contract", "duty", "vital", "public", "published", "law"), strict=True))
_GDPR: Final = dict(zip("abcdef", ("consent", "contract", "duty", "vital", "public", "legitimate"), strict=True))

_TABLE: Final[Any] = yamlfile.load(Path(__file__).with_name("datatypes.yaml"))
#: What a test person types in, by data type.
TYPED: Final[Mapping[str, Sequence[str]]] = _TABLE["typed"]
_BELOW: Final = (*_TABLE["system"].split(), *(f"google.android.{name}" for name in _TABLE["google"].split()))
_SYSTEM: Final = re.compile(
    rf"android|com\.(?:{'|'.join(re.escape(name).replace(r'\*', r'\w*') for name in _BELOW)})(?:\..+)?"
)


def checked_scope(value: str) -> str:
    """The name if it is that of a scope. Raises ``ValueError``."""
    if not _SCOPE.fullmatch(value):
        raise ValueError(f"not a scope: {', '.join(SCOPES)}")
    return value


def legal_basis(declared: str) -> str:
    """Which basis a declaration names (``legal_basis.*`` in the texts); empty = none of those.

    >>> legal_basis("13(2)"), legal_basis("GDPR 6(1)(f)"), legal_basis("our interest")
    ('contract', 'legitimate', '')
    """
    words = "".join(declared.split()).lower()
    if found := _BASIS.fullmatch(words):
        return _PIPL.get(found[1], "") if found[1] else _GDPR[found[2]]
    return "consent" if words == "consent" else ""


def is_gdpr_basis(declared: str) -> bool:
    """Whether it is a point of GDPR Article 6(1)."""
    found = _BASIS.fullmatch("".join(declared.split()).lower())
    return bool(found and found[2])


def is_consent(declared: str) -> bool:
    """Whether it is consent, which is also what nothing declared means."""
    return not declared.strip() or legal_basis(declared) == "consent"


def is_system_package(package: str) -> bool:
    """Whether a package is of the platform or of a phone's vendor: that it is installed says nothing about the user."""
    return bool(_SYSTEM.fullmatch(package))


def _key(word: str) -> str:
    return re.sub("[-_ ]", "", word.casefold())


_MEANT: Final = {_key(word): name for name, words in TYPED.items() for word in words}


def checked_data_type(value: str) -> str:
    """The ID if it is one. Raises ``ValueError`` with the one that was probably meant, else those about a person."""
    if value in DATA_TYPES:
        return value
    if meant := _MEANT.get(_key(value)):
        hint = f"did you mean {meant} ({', '.join(word for word in TYPED[meant] if word.isascii())})?"
    else:
        hint = errors.nearest(value, DATA_TYPES - NOT_PERSONAL | {"prompt", "ui_input"})
    raise ValueError(f"unknown data type {value[:40]!r}: {hint}")
