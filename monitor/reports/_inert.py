"""Texts of the app's as a report may show them."""

import re
from typing import Final
from unicodedata import category

#: Characters that XML 1.0 cannot represent.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def clean(text: str) -> str:
    """Inert text: control characters, bidirectional overrides and lone surrogates are shown as escapes."""
    if text.isprintable():
        return text
    return "".join(" " if c in "\n\t\r" else f"\\u{ord(c):04x}" if category(c) in _ACTING else c for c in text)


def plain(text: str) -> str:
    """Text that XML can represent."""
    return _NOT_XML.sub("\ufffd", text)
