"""Every text that users read, in English and Chinese: ``en.yaml`` and ``zh.yaml`` with the same flat keys.

>>> t("status.evidenced", "en")
'evidenced'
"""

from collections.abc import Iterable
from functools import cache
from string import Formatter
from typing import Final

import yaml

from monitor.base.paths import package_data

LANGUAGES: Final = ("en", "zh")


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Key to text of one language; an unknown language is read as English."""
    path = package_data("text") / f"{lang if lang in LANGUAGES else 'en'}.yaml"
    loaded = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {str(key): str(value) for key, value in loaded.items()}


def t(key: str, lang: str, /, **values: object) -> str:
    """The text of ``key`` with ``{name}`` replaced by ``values``. Raises ``KeyError`` for an unknown key.

    A number may name what it counts: ``{n:finding|findings}`` is ``1 finding`` or ``2 findings``.
    """
    text = catalogue(lang)[key]
    if not values:
        return text
    return _WORDS.vformat(text, (), values) if "|" in text else text.format_map(values)


class _Words(Formatter):
    """Singular and plural of what a number counts."""

    def format_field(self, value: object, spec: str) -> str:
        if "|" not in spec:
            return str(super().format_field(value, spec))
        one, many = spec.split("|")
        return f"{value} {one if str(value) == '1' else many}"


_WORDS: Final = _Words()


def label(group: str, value: str, lang: str) -> str:
    """The display name of a vocabulary word (``data_type``, ``status``, ``grade`` …); the word itself if it has
    none."""
    return catalogue(lang).get(f"{group}.{value}", value)


def pair(name: str, value: object, lang: str) -> str:
    """``name: value`` in the punctuation of the language."""
    return t("punct.pair", lang, name=name, value=value)


def aside(text: str, note: str, lang: str) -> str:
    """The text with a note in brackets; without brackets if there is no note."""
    return t("punct.aside", lang, text=text, note=note) if note else text


def listed(items: Iterable[str], lang: str) -> str:
    """Items of one kind, one after the other."""
    return t("punct.list", lang).join(items)


def parts(items: Iterable[str], lang: str) -> str:
    """Longer parts, one after the other."""
    return t("punct.semicolon", lang).join(items)


def translated(group: str, text: str, lang: str) -> str:
    """A text that data hold in English, in the reader's language if the group has it; else as it stands."""
    keys = _by_english(group)
    return t(keys[text], lang) if text in keys else text


@cache
def _by_english(group: str) -> dict[str, str]:
    return {text: key for key, text in catalogue("en").items() if key.startswith(f"{group}.")}


def headline(status: str, title: str, lang: str) -> str:
    """A finding's title with its claim: evidence only where the status says so."""
    key = f"report.evidence_of.{status}"
    return t(key if has(key) else "report.evidence_of", lang, title=title)


def scope_name(scope: str, lang: str) -> str:
    """The name of a consent scope."""
    group, _, what = scope.partition(":")
    if not what:
        return label("scope", scope, lang)
    if group == "sensitive":
        what = label("data_type", what, lang)
    elif group == "permission":
        what = what.rpartition(".")[2]
    return t(f"scope.{group}", lang, what=what) if group in ("sensitive", "share", "permission", "purpose") else scope


def has(key: str) -> bool:
    """Whether there is a text for the key."""
    return key in catalogue("en")
