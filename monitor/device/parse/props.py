"""``getprop``, ``settings get|list`` and ``date``/``/proc/uptime`` as values."""

import re

_FIRST = re.compile(r"^\[([^\[\]\n]{1,256})\]: \[(.*)$")


def getprop(text: str) -> dict[str, str]:
    """All properties of ``getprop`` without argument.

    A value may span several lines (``persist.sys.boot.reason.history``): it ends at a line that ends with ``]`` and is
    followed by the next property or by nothing.
    """
    lines = text.replace("\r", "\n").split("\n")
    lines = [line for i, line in enumerate(lines) if line or (i and lines[i - 1] and not lines[i - 1].endswith("]"))]
    found: dict[str, str] = {}
    at = 0
    while at < len(lines):
        match = _FIRST.match(lines[at])
        at += 1
        if not match:
            continue
        parts = [match[2]]
        while not (parts[-1].endswith("]") and (at >= len(lines) or _FIRST.match(lines[at]))):
            if at >= len(lines):
                break
            parts.append(lines[at])
            at += 1
        value = "\n".join(parts).rstrip("\n")
        found[match[1]] = value.removesuffix("]").rstrip("\n")
    return found


def settings_value(text: str) -> str | None:
    """The answer of ``settings get``: ``None`` for an unset key (printed as ``null``)."""
    value = text.rstrip("\n")
    return None if value.strip() == "null" else value


def settings_list(text: str) -> dict[str, str]:
    """``settings list NAMESPACE``: one ``key=value`` per line; a value may be empty, a space or the text ``null``."""
    pairs = (line.partition("=") for line in text.split("\n") if "=" in line)
    return {key.strip(): value for key, _, value in pairs if key.strip()}


def date_us(text: str) -> int | None:
    """``date +%s.%N`` or the shell's ``$EPOCHREALTIME`` in microseconds since the epoch; ``None`` if it is not that (a
    ``date`` without ``%N``)."""
    match = re.fullmatch(r"\s*(\d{9,11})\.(\d{1,9})\s*", text)
    return int(match[1]) * 1_000_000 + int(match[2].ljust(9, "0")) // 1000 if match else None
