"""Which hooked method calls which: Android's source against the stand-in's imitation of it.

A method that calls another hooked one fires two hooks for one read; where the stand-in is flat, nothing there tests
that it is still one. ``nesting.yaml`` lists the differences that stay, each with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from hooks.signatures.framework import Member, members
from hooks.signatures.java_source import Sources

HERE = Path(__file__).resolve().parent
REASONS = HERE / "nesting.yaml"
STANDIN = [HERE.parents[1] / "emulator" / "java" / part for part in ("framework", "generated")]


def pairs(table: Iterable[Member]) -> set[tuple[str, str]]:
    """Caller and called, as ``class.method``."""
    return {(f"{member.cls}.{member.name}", call) for member in table for call in member.calls}


def reasons(path: Path = REASONS) -> dict[tuple[str, str], str]:
    """Caller and called, and why the stand-in differs there."""
    listed = yaml.safe_load(path.read_text("utf-8"))
    return {
        (caller, called): entry["why"]
        for entry in listed
        for caller, calls in entry["calls"].items()
        for called in calls
    }


def problems(
    rows: Iterable[Any], table: list[Member], known: dict[tuple[str, str], str], roots: Sequence[Path] = STANDIN
) -> Iterator[str]:
    """One line for each call between hooked methods that only one side has, and for each reason not needed any more.

    Only classes that both sides have are compared."""
    standin = list(members(rows, 0, Sources(roots)))
    theirs, ours = pairs(table), pairs(standin)
    both = {(one.cls, one.name) for one in table} & {(one.cls, one.name) for one in standin}
    shared = {f"{cls}.{name}" for cls, name in both}
    differing = {pair for pair in theirs ^ ours if pair[0] in shared}
    for caller, called in sorted(differing - set(known)):
        side = "Android's" if (caller, called) in theirs else "the stand-in's"
        yield f"only {side} {caller} calls {called}"
    for caller, called in sorted(set(known) - differing):
        yield f"{caller} calls {called} on both sides, or on none: its reason in {REASONS.name} is not needed"
