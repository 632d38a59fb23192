"""Rules of iptables, and what they do to a TCP connection to the loopback: sent to another port, or refused."""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.standin.state.device import DeviceState

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

    def hit(self, table: str, rule: list[str]) -> None:
        """One packet more of a rule of ``OUTPUT``."""
        key = (table, "OUTPUT", *rule)
        self.hits[key] = self.hits.get(key, 0) + 1

    def __post_init__(self) -> None:
        for table, names in TABLES.items():
            for name in names:
                self.rules.setdefault((table, name), [])


def chains(state: DeviceState, family: str) -> Chains:
    """The rules of ``iptables`` or ``ip6tables``."""
    return state.firewall.setdefault(family, Chains())


def redirect(state: DeviceState, uid: int, port: int) -> int | None:
    """The port that a connection of this user to a loopback port is sent to, None if it is left alone."""
    ports = _met(state, "nat", ("REDIRECT",), uid, port).get("--to-ports", "")
    return int(ports) if ports.isdigit() else None


def blocked(state: DeviceState, uid: int, port: int) -> bool:
    """Whether a rule, as apps that are firewalls make them, refuses this user's connection to a loopback port."""
    words = _met(state, "filter", ("REJECT", "DROP", "ACCEPT", "RETURN"), uid, port)
    return words.get("-j") in ("REJECT", "DROP")


def _met(state: DeviceState, table: str, targets: tuple[str, ...], uid: int, port: int) -> dict[str, str]:
    """The words of the first rule with one of these targets that such a connection meets, which counts it."""
    found = chains(state, "iptables")
    for rule in found.rules[(table, "OUTPUT")]:
        words = dict(itertools.pairwise(rule))
        if words.get("-j") in targets and _matches(words, uid, port):
            found.hit(table, rule)
            return words
    return {}


def laid(rows: Mapping[str, Iterable[str]]) -> dict[str, Chains]:
    """The rules of a state file, by tool: ``-A CHAIN …`` of the filter table. ValueError for others."""
    made: dict[str, Chains] = {}
    for tool, lines in rows.items():
        made[tool] = Chains()
        for line in lines:
            verb, chain, *rule = shlex.split(line)
            if tool not in ("iptables", "ip6tables") or verb != "-A" or chain not in TABLES["filter"]:
                raise ValueError(f"firewall.{tool}: {line}")
            made[tool].rules[("filter", chain)].append(rule)
    return made


def _matches(words: Mapping[str, str], uid: int, port: int) -> bool:
    """Whether a rule is about TCP from this user to this port of the loopback."""
    return (
        words.get("-p", "tcp") == "tcp"
        and words.get("-o", "lo") == "lo"
        and words.get("-d", "127.0.0.1") in ("127.0.0.1", "127.0.0.0/8")
        and _within(words.get("--dport"), ":", port)
        and _within(words.get("--uid-owner"), "-", uid)
    )


def _within(span: str | None, between: str, number: int) -> bool:
    """Whether a number lies in ``A`` or ``A:B``; anything does if nothing is asked."""
    if span is None:
        return True
    first, _, last = span.partition(between)
    return first.isdigit() and (last or first).isdigit() and int(first) <= number <= int(last or first)
