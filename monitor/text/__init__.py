"""Every text that a user reads, in English and Chinese: ``en.yaml`` and ``zh.yaml`` with the same flat keys.

>>> t("status.evidenced", "en")
'evidence found'
"""

from __future__ import annotations

from functools import cache
from typing import Final

import yaml

from monitor.paths import package_data

LANGUAGES: Final = ("en", "zh")


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


def has(key: str) -> bool:
    """Whether there is a text for the key."""
    return key in catalogue("en")
