"""Trying out a rule: its own examples, and what it would find in a recording. Nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from monitor.analysis.correlate.correlator import Assessment, analyse
from monitor.analysis.correlate.findings import STATUSES
from monitor.analysis.rules.examples import events
from monitor.analysis.rules.load import PACKS, Rule
from monitor.analysis.rules.model import EXPECTED, Example
from monitor.assess.evaluate import Evaluation
from monitor.assess.opened import Opened
from monitor.declaration import Declaration
from monitor.evidence.lines import read_events
from monitor.law import load_clauses
from monitor.tables import load_organisations, load_sdks
from monitor.yamlfile import parse

_WORDS: Final = {status: word for word, status in EXPECTED.items()}


def example(rule: Rule, one: Example) -> Assessment:
    """The rule's result for an example, under the example's packs and profile. Raises ``InputError``."""
    chosen = Rule(rule.text, rule.path, one.packs or PACKS, one.profile, load_clauses())
    where = f"{rule.path}: {one.name}"
    declaration = parse(Declaration, one.declaration, where)
    return analyse(events(one, where), [chosen], declaration, organisations=load_organisations(), sdks=load_sdks())


def failing(rule: Rule) -> list[tuple[str, str, str]]:
    """Examples with an unexpected result: name, expected, actual (``silent`` = no finding; ``fires x3`` = three
    matches, where the example states their number)."""
    found: list[tuple[str, str, str]] = []
    for one in rule.text.examples:
        findings = example(rule, one).findings
        status = max((f.status for f in findings), key=STATUSES.index, default="")
        counts = {f.count for f in findings if f.status == status}
        if status != EXPECTED[one.expect] or (one.count and one.count not in counts):
            came = f" x{max(counts, default=0)}" if one.count else ""
            found.append((one.name, one.expect + (f" x{one.count}" if one.count else ""), _WORDS[status] + came))
    return found


def on_bundle(rules: list[Rule], bundle: Path) -> Assessment:
    """What rules find in a recording, with its own declaration and tables. Raises ``EvidenceDamaged``."""
    with Opened(bundle, additions=False) as opened:
        stage = opened.stage()
        evaluation = Evaluation(rules, opened.declaration, opened.organisations, opened.sdks, opened.rows, stage=stage)
        evaluation.feed(read_events(bundle))
        return evaluation.close()
