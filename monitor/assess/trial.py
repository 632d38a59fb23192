"""Trying out a rule: its own examples, and what it would find in a recording. Nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from monitor.analysis.correlate.correlator import Assessment, analyse
from monitor.analysis.rules.examples import events
from monitor.analysis.rules.load import PACKS, Rule
from monitor.analysis.rules.model import Example
from monitor.assess.evaluate import Evaluation
from monitor.assess.opened import Opened
from monitor.declaration import Declaration
from monitor.evidence.lines import read_events
from monitor.law import load_clauses
from monitor.tables import load_organisations, load_sdks
from monitor.yamlfile import parse

_STATUS: Final = {"fires": "evidenced", "review": "review", "inconclusive": "inconclusive", "silent": ""}
_STRONGEST: Final = ("evidenced", "review", "inconclusive")


def example(rule: Rule, one: Example) -> Assessment:
    """The rule's result for an example, under the example's packs and profile. Raises ``InputError``."""
    chosen = Rule(rule.text, rule.path, one.packs or PACKS, one.profile, load_clauses())
    where = f"{rule.path}: {one.name}"
    declaration = parse(Declaration, one.declaration, where)
    return analyse(events(one, where), [chosen], declaration, organisations=load_organisations(), sdks=load_sdks())


def failing(rule: Rule) -> list[tuple[str, str, str]]:
    """Examples with an unexpected result: name, expected, actual (``silent`` = no finding)."""
    found: list[tuple[str, str, str]] = []
    words = {status: word for word, status in _STATUS.items()}
    for one in rule.text.examples:
        statuses = {finding.status for finding in example(rule, one).findings}
        best = next((status for status in _STRONGEST if status in statuses), "")
        if best != _STATUS[one.expect]:
            found.append((one.name, one.expect, words[best]))
    return found


def on_bundle(rules: list[Rule], bundle: Path) -> Assessment:
    """What rules find in a recording, with its own declaration and tables. Raises ``EvidenceDamaged``."""
    with Opened(bundle) as opened:
        stage = opened.stage()
        evaluation = Evaluation(rules, opened.declaration, opened.organisations, opened.sdks, opened.rows, stage=stage)
        for event in read_events(bundle):
            evaluation.feed(event)
        return evaluation.close()
