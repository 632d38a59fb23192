"""Data types by the words that people use for what they hold (for hints and for the reference), and which values say
nothing about a person."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from monitor.base.errors import nearest
from monitor.base.yamlfile import load
from monitor.events import DATA_TYPES, NOT_PERSONAL

_TABLE: Final[Any] = load(Path(__file__).with_suffix(".yaml"))
#: What a test person types in, by data type.
TYPED: Final[Mapping[str, Sequence[str]]] = _TABLE["typed"]
_BELOW: Final = (*_TABLE["system"].split(), *(f"google.android.{name}" for name in _TABLE["google"].split()))
_SYSTEM: Final = re.compile(
    rf"android|com\.(?:{'|'.join(re.escape(name).replace(r'\*', r'\w*') for name in _BELOW)})(?:\..+)?"
)


def of_system(package: str) -> bool:
    """Whether a package is of the platform or of a phone's vendor: that it is installed says nothing about the user."""
    return bool(_SYSTEM.fullmatch(package))


def _key(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "").replace(" ", "")


_MEANT: Final = {_key(word): name for name, words in TYPED.items() for word in words}


def checked_data_type(value: str) -> str:
    """The ID if it is one. Raises ``ValueError`` with the one that was probably meant, else those about a person."""
    if value in DATA_TYPES:
        return value
    meant = _MEANT.get(_key(value))
    if meant:
        hint = f"did you mean {meant} ({', '.join(word for word in TYPED[meant] if word.isascii())})?"
    else:
        hint = nearest(value, DATA_TYPES - NOT_PERSONAL | {"prompt", "ui_input"})
    raise ValueError(f"unknown data type {value[:40]!r}: {hint}")
