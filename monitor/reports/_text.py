"""Texts and times as reports show them: inert; in the zone of the recording machine, and in UTC."""

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Final
from unicodedata import category

from monitor.base.output import inert_json

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


def local(t_us: int, offset: int) -> str:
    """``2026-01-02 11:04:05 UTC+08:00 (03:04:05 UTC)``; empty for an unknown time."""
    moment = re.sub(r"\.\d{3}", "", clock(t_us, date=True, offset=offset))
    return f"{moment} ({clock(t_us)[:8]} UTC)" if moment and offset else moment


def zone_name(offset: int) -> str:
    """``UTC`` or ``UTC+08:00`` by the offset in minutes."""
    return timezone(timedelta(minutes=offset)).tzname(None) if offset else "UTC"


def clock(t_us: int, *, date: bool = False, offset: int = 0) -> str:
    """A human-readable time with milliseconds, ``offset`` minutes east of UTC; empty for 0 or a time out of range.

    A date names its zone; a time alone is used where the page states the zone.
    """
    if not 0 < t_us < 1 << 53:
        return ""
    try:
        moment = datetime.fromtimestamp(t_us // 1_000_000, timezone(timedelta(minutes=offset)))
    except (ValueError, OverflowError, OSError):
        return ""
    text = moment.strftime("%Y-%m-%d %H:%M:%S" if date else "%H:%M:%S")
    return f"{text}.{t_us % 1_000_000 // 1000:03}" + (f" {zone_name(offset)}" if date else "")


def json_document(document: object) -> bytes:
    """A document for programs; what could act on a terminal is escaped."""
    return inert_json(json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")) + b"\n"
