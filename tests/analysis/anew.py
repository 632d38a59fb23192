"""A recording re-assessed with every set of rules: each pack alone, all together, each threshold profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from pathlib import Path

from monitor.analysis.correlate.findings import Finding
from monitor.analysis.rules.load import PACKS, PROFILES, Rule, load_rules
from monitor.assess.evaluation import Evaluation
from monitor.assess.opened import Opened
from monitor.evidence.lines import read_events
from monitor.session.declaration import Declaration, load_declaration

#: All together, then each alone.
SETS = (PACKS, *((pack,) for pack in PACKS))


@cache
def rules(packs: tuple[str, ...], profile: str) -> Sequence[Rule]:
    """The rules of packs with a profile, read once."""
    return load_rules(packs, profile)


def declared(bundle: Path) -> Declaration:
    """The statement that a recording was made with."""
    path = bundle / "data" / "inputs" / "declaration.yaml"
    return load_declaration(path) if path.is_file() else Declaration()


def assessed(
    bundle: Path, declaration: Declaration, sets: Iterable[tuple[tuple[str, ...], str]]
) -> Iterator[tuple[str, Finding]]:
    """Every finding of these sets of rules and profiles, with their names. The bundle stays as it is."""
    events = list(read_events(bundle))
    with Opened(bundle) as opened:
        organisations, sdks = opened.organisations, opened.sdks
    for packs, profile in sets:
        evaluator = Evaluation(rules(packs, profile), declaration, organisations, sdks, [])
        evaluator.feed(events)
        for finding in evaluator.close().findings:
            yield f"{'+'.join(packs)} {profile}", finding


def accused(bundle: Path) -> dict[str, set[str]]:
    """Rules with an ``evidenced`` finding, to the sets that have it: with the app's own statement, and with none."""
    found: dict[str, set[str]] = {}
    for statement, name in ((declared(bundle), ""), (Declaration(), " undeclared")):
        for chosen, finding in assessed(bundle, statement, product(SETS, PROFILES)):
            if finding.status == "evidenced":
                found.setdefault(f"{finding.rule} {finding.pattern}", set()).add(chosen + name)
    return found
