"""Every text that a user reads, in English and Chinese: ``en.yaml`` and ``zh.yaml`` with the same flat keys.

>>> t("status.evidenced", "en")
'evidence found'
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import yaml

from monitor.paths import package_data

LANGUAGES: Final = ("en", "zh")
_UNREAD: Final = re.compile(r"(\d+) connections could not be read \((.*)\)", re.DOTALL)


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Key to text of one language; an unknown language is read as English."""
    path = package_data("text") / f"{lang if lang in LANGUAGES else 'en'}.yaml"
    loaded = yaml.safe_load(path.read_text("utf-8"))
    return {str(key): str(value) for key, value in loaded.items()}


def t(key: str, lang: str, /, **values: object) -> str:
    """The text of ``key`` with ``{name}`` replaced by ``values``. Raises ``KeyError`` for a key that is not there."""
    text = catalogue(lang)[key]
    return text.format_map(values) if values else text


def label(group: str, value: str, lang: str) -> str:
    """The name of a word of a vocabulary (``data_type``, ``status``, ``grade`` …); the word itself if it has none."""
    return catalogue(lang).get(f"{group}.{value}", value)


def headline(status: str, title: str, lang: str) -> str:
    """A finding's title with what is claimed of it: evidence only where the status says so."""
    key = f"report.evidence_of.{status}"
    return t(key if has(key) else "report.evidence_of", lang, title=title)


def has(key: str) -> bool:
    """Whether there is a text for the key."""
    return key in catalogue("en")


def reasons(why: str, lang: str) -> str:
    """The reasons of a coverage line (``; `` between them) in a language; one without a text stands as it is."""
    return "; ".join(_reason(sentence, lang) for sentence in why.split("; ") if sentence)


def _reason(sentence: str, lang: str) -> str:
    if found := _UNREAD.fullmatch(sentence):
        return t("reason.connections_could_not_be_read", lang, n=found[1], hosts=found[2])
    if sentence.startswith("witnessed: "):
        return t("reason.witnessed", lang, names=sentence.removeprefix("witnessed: "))
    key = re.sub(r"[^a-z0-9]+", "_", sentence.lower()).strip("_")
    return catalogue(lang).get(f"reason.{key}") or label("why", sentence, lang)
