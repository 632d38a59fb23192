"""The language of the command line, and the words of ``monitor.text`` in it."""

import os
from collections.abc import Callable, Sequence
from typing import Final, Literal

from monitor import text

Lang = Literal["en", "zh"]
_LANGUAGES: Final[dict[str, Lang]] = {"en": "en", "zh": "zh"}
#: The languages that the command line asks for; the last counts.
_REQUESTED: Final[list[Lang]] = []


def begin(words: Sequence[str]) -> None:
    """Take from the command line's words the language in which errors are reported before options are parsed."""
    asked = [words[at + 1] for at, word in enumerate(words[:-1]) if word == "--lang"]
    asked += [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    _REQUESTED[:] = [_LANGUAGES[lang] for lang in asked if lang in _LANGUAGES]


def current_lang() -> Lang:
    """The language that the command line asks for; else ``zh`` if the locale says so, and ``en`` if not."""
    if _REQUESTED:
        return _REQUESTED[-1]
    return "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).lower().startswith("zh") else "en"


def language(wanted: str) -> Lang:
    """Print in this language from now on; empty: the system's. Raises ``InputError`` for any other than en and zh."""
    if wanted and wanted not in _LANGUAGES:
        from monitor.base.errors import InputError

        raise InputError(f"no such language: {wanted}", hint="use en or zh")
    _REQUESTED[:] = [_LANGUAGES[wanted]] if wanted else []
    return current_lang()


def _translated(function: Callable[..., str]) -> Callable[..., str]:
    """A function whose last positional argument is the language, without it."""
    return lambda *given, **values: function(*given, current_lang(), **values)


t, label, pair = _translated(text.t), _translated(text.label), _translated(text.pair)
aside, listed, parts = _translated(text.aside), _translated(text.listed), _translated(text.parts)
retold = _translated(text.retold)


def columns(prefix: str, names: str) -> list[str]:
    """Headings of a table by their keys."""
    return [t(f"{prefix}.{name}") for name in names.split()]
