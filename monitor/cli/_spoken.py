"""The languages that a command was asked for, the last of which its errors are told in."""

import os
from collections.abc import Sequence
from typing import Final

SPOKEN: Final[list[str]] = []


def begin(words: Sequence[str]) -> None:
    """A command begins: what it says before it has read its options is in the language that they ask for."""
    SPOKEN.clear()
    asked = [words[at + 1] for at, word in enumerate(words[:-1]) if word == "--lang"]
    asked += [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    SPOKEN.extend(lang for lang in asked if lang in ("en", "zh"))


def default_lang() -> str:
    """``zh`` if the locale says so, else ``en``."""
    return "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).lower().startswith("zh") else "en"


def lang() -> str:
    """The language that the command line asks for, else the system's."""
    return SPOKEN[-1] if SPOKEN else default_lang()
