"""What rules say in the words of Chinese law, in those of the GDPR: for reports that cite the GDPR and nothing else."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from monitor.base.yamlfile import load

_GDPR: Final[Mapping[str, str]] = load(Path(__file__).with_suffix(".yaml"))
_WORDS: Final = re.compile("|".join(map(re.escape, _GDPR)), re.IGNORECASE)
_FIELDS: Final = ("title", "description", "advice", "falsepositives", "limits")


def worded(rule: Mapping[str, Any], packs: Collection[str]) -> dict[str, Any]:
    """The texts of a rule, as far as they read otherwise under these packs."""
    if set(packs) != {"gdpr"}:
        return {}
    texts = {name: rule[name] for field in _FIELDS for name in (field, f"{field}_zh") if rule.get(name)}
    said = {
        name: [_said(one) for one in text] if isinstance(text, list) else _said(text) for name, text in texts.items()
    }
    return {name: text for name, text in said.items() if text != texts[name]}


def _said(text: object) -> str:
    return _WORDS.sub(lambda met: _cased(_GDPR[met[0].lower()], met[0]), str(text))


def _cased(word: str, like: str) -> str:
    return word[0].upper() + word[1:] if like[0].isupper() else word
