"""Users of the device by number and by name."""

from __future__ import annotations

import re

NAMES = {0: "root", 1000: "system", 1001: "radio", 1023: "media_rw", 2000: "shell", 3003: "inet", 9997: "everybody"}
IDS = {name: number for number, name in NAMES.items()}


def user_name(uid: int) -> str:
    """`root`, `shell`, `u0_a123`, or the number."""
    if uid in NAMES:
        return NAMES[uid]
    return f"u0_a{uid - 10000}" if 10000 <= uid < 20000 else str(uid)


def user_id(name: str) -> int:
    """Reverse of `user_name`; ValueError if unknown."""
    if name in IDS:
        return IDS[name]
    if match := re.fullmatch(r"u0_a(\d+)", name):
        return 10000 + int(match.group(1))
    if name.isdigit():
        return int(name)
    raise ValueError(f"bad user '{name}'")
