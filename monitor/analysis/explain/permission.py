"""The permission that a call needs, as the catalogue notes it, in words."""

import re
from typing import Final

from monitor.text import t

_LEVELS: Final = re.compile(r"(?P<what>.+)@(?P<first>\d*)-(?P<last>\d*)")


def permission_words(noted: str, lang: str) -> str:
    """``A@-28|B+C@29-`` is A up to API 28, or B together with C from API 29.

    >>> permission_words("READ_PHONE_STATE@-28", "en")
    'READ_PHONE_STATE (up to API 28)'
    """
    if noted in ("", "-"):
        return "—"
    ways = (t("explain.with", lang).join(_one(part, lang) for part in way.split("+")) for way in noted.split("|"))
    return t("explain.or", lang).join(ways)


def _one(noted: str, lang: str) -> str:
    found = _LEVELS.fullmatch(noted)
    if found is None:
        return noted
    key = "between" if found["first"] and found["last"] else "from" if found["first"] else "until"
    return t(f"explain.level_{key}", lang, **found.groupdict())
