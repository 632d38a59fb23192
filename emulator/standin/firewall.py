"""Rules of iptables, and what they do to a connection: only a REDIRECT by owner, to another port of the device."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .state import DeviceState

TABLES = {
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "raw": ("PREROUTING", "OUTPUT"),
}


@dataclass
class Chains:
    """Rules by (table, chain), in order; a rule is its argument list. ``hits`` counts packets of a rule."""

    rules: dict[tuple[str, str], list[list[str]]] = field(default_factory=dict)
    hits: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table, names in TABLES.items():
            for name in names:
                self.rules.setdefault((table, name), [])


def chains(state: DeviceState, family: str) -> Chains:
    """The rules of ``iptables`` or ``ip6tables``."""
    return state.firewall.setdefault(family, Chains())


def redirect(state: DeviceState, uid: int, port: int) -> int | None:
    """The port that a connection of this user to a loopback port is sent to, None if it is left alone."""
    found = chains(state, "iptables")
    for rule in found.rules[("nat", "OUTPUT")]:
        words = dict(itertools.pairwise(rule))
        if (
            words.get("-j") != "REDIRECT"
            or words.get("-p", "tcp") != "tcp"
            or not words.get("--to-ports", "").isdigit()
        ):
            continue
        if words.get("--uid-owner") == str(uid) and words.get("--dport") == str(port):
            key = ("nat", "OUTPUT", *rule)
            found.hits[key] = found.hits.get(key, 0) + 1
            return int(words["--to-ports"])
    return None
