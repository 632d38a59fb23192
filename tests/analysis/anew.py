"""A recording judged again by every set of rules: each pack alone and all together, with each profile of thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from pathlib import Path

from monitor.analysis.findings import Finding
from monitor.analysis.rules import PACKS, PROFILES, Rule, load_rules
from monitor.declaration import Declaration, load_declaration, none
from monitor.evidence.lines import read_events
from monitor.record.inputs import kept_organisations
from monitor.record.judge import analysis
from monitor.tables import load_sdks

#: All together, then each alone.
SETS = (PACKS, *((pack,) for pack in PACKS))


@cache
def rules(packs: tuple[str, ...], profile: str) -> Sequence[Rule]:
    """The rules of packs with a profile, read once."""
    return load_rules(packs, profile)


def declared(bundle: Path) -> Declaration:
    """The statement that a recording was made with."""
    path = bundle / "data" / "inputs" / "declaration.yaml"
    return load_declaration(path) if path.is_file() else none()


def judged(bundle: Path, declaration: Declaration) -> Iterator[tuple[str, Finding]]:
    """Every finding of every set of rules and profile, with their names. The bundle stays as it is."""
    events, organisations, sdks = list(read_events(bundle)), kept_organisations(bundle), load_sdks()
    for packs, profile in product(SETS, PROFILES):
        judge = analysis(rules(packs, profile), declaration, organisations, sdks, [])
        for event in events:
            judge.feed(event)
        for finding in judge.close().findings:
            yield f"{'+'.join(packs)} {profile}", finding


def accused(bundle: Path) -> dict[str, set[str]]:
    """Rules with an ``evidenced`` finding, to the sets that have it: with the app's own statement, and with none."""
    found: dict[str, set[str]] = {}
    for statement, name in ((declared(bundle), ""), (none(), " undeclared")):
        for chosen, finding in judged(bundle, statement):
            if finding.status == "evidenced":
                found.setdefault(f"{finding.rule} {finding.pattern}", set()).add(chosen + name)
    return found
