"""Texts of the app's as a report may show them."""

from typing import Final
from unicodedata import category

_ACTING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def clean(text: str) -> str:
    """Inert text: control characters, bidirectional overrides and lone surrogates are shown as escapes."""
    if text.isprintable():
        return text
    return "".join(" " if c in "\n\t\r" else f"\\u{ord(c):04x}" if category(c) in _ACTING else c for c in text)
