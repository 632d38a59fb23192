"""Which of a call's arguments an event may hold. The agent sends them privately; personal ones stop here."""

import re
from collections.abc import Mapping
from typing import Final

from monitor.knowledge.catalogue import Row

_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z_.]{0,60}\Z")
_LIMIT: Final = re.compile(r"(?:[?&]limit=|\blimit\s+)(\d{1,9})", re.IGNORECASE)
#: Parts of a provider's path that are followed by a name, number or address being searched for.
_SOUGHT: Final = frozenset("lookup filter filter_enterprise lookup_enterprise phone_lookup search suggestions".split())


def reduced(args: Mapping[str, str], row: Row, sig: str) -> dict[str, str]:
    """At most 16 arguments of 300 characters. Of a provider's path only the words are kept, of ``limit`` only the
    number; a missing array, text or bundle whose size the row keeps has size 0."""
    found = {key[:40]: value[:300] for key, value in list(args.items())[:16] if key.isascii()}
    for kept in row.args:
        text = found.get(kept.name, "")
        if kept.keep == "uri_path" and text:
            found[kept.name] = provider_path(text)
        elif kept.keep == "limit" and text:
            number = _LIMIT.search(text)
            found.pop(kept.name)
            if number:
                found[kept.name] = number[1]
        elif kept.keep in ("count", "length") and not text and kept.index < _parameters(sig):
            found[kept.name] = "0"
    return found


def provider_path(path: str) -> str:
    """``/contacts/lookup/0r1-2A/17`` as ``/contacts/lookup/*/#``: no row ID, no key, no search term."""
    parts: list[str] = []
    sought = False
    for part in path.split("/"):
        plain = part == "" or (not sought and _WORD.match(part) is not None)
        parts.append(part if plain else "#" if part.isdigit() and not sought else "*")
        sought = part in _SOUGHT
    return "/".join(parts)


def _parameters(sig: str) -> int:
    inner = sig[sig.find("(") + 1 : sig.find(")")]
    return inner.count(",") + 1 if inner else 0
