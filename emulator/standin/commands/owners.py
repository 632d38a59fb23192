"""Users of the device by number and by name."""

from __future__ import annotations

import re

NAMES = {0: "root", 1000: "system", 1001: "radio", 1023: "media_rw", 2000: "shell", 3003: "inet", 9997: "everybody"}
IDS = {name: number for number, name in NAMES.items()}


def user_name(uid: int) -> str:
    """`root`, `shell`, `u10_a123`, or the number."""
    if uid in NAMES:
        return NAMES[uid]
    user, app = divmod(uid, 100_000)
    return f"u{user}_a{app - 10000}" if 10000 <= app < 20000 else str(uid)


def short_name(uid: int) -> str:
    """`u10a123`, as dumps have it, or the number."""
    user, app = divmod(uid, 100_000)
    return f"u{user}a{app - 10000}" if app >= 10000 else str(uid)


def user_id(name: str) -> int:
    """Reverse of `user_name`; ValueError if unknown."""
    if name in IDS:
        return IDS[name]
    if match := re.fullmatch(r"u(\d+)_a(\d+)", name):
        return int(match.group(1)) * 100_000 + 10000 + int(match.group(2))
    if name.isdigit():
        return int(name)
    raise ValueError(f"bad user '{name}'")
