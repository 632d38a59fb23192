"""An item of the guideline shows evidence only from findings on it, whatever else its rule looks for."""

from __future__ import annotations

from typing import Final

from monitor.analysis.rules.load import load_rules
from monitor.assess.trial import example as example_of
from monitor.reports._results import matrix
from monitor.session.manifest import Session
from tests.reports.conftest import make_view
from tests.rules.examples import examples_of

#: Item to the rules and patterns that see what it is about: withdrawal, generative AI, training data.
ABOUT: Final = {
    6: {"COL-05", "CON-06", "CON-05:exit_after_withdrawal"},
    11: {"AI-01", "AI-02"},
    12: {"AI-02", "CON-02:training_on"},
}
CASES: Final = [
    (rule, example)
    for rule in load_rules(["cn"])
    for example in examples_of(rule)
    if example.expect in ("fires", "review") and set(example.packs or ["cn"]) == {"cn"}
]


def test_items_6_11_and_12_are_only_about_what_was_seen() -> None:
    """And each is seen by an example: otherwise this would pass for an empty matrix."""
    wrong, told = [], set()
    for rule, example in CASES:
        found = example_of(rule, example).findings
        assert found
        items = matrix(make_view(Session(), [], found, []))
        for item, about in ABOUT.items():
            seen = {f"{finding.rule}:{finding.pattern}" for finding in items[item - 1].findings}
            told |= {item} if seen else set()
            if not all(name in about or name.partition(":")[0] in about for name in seen):
                wrong.append((rule.id, example.name, item, seen))
    assert not wrong and told == ABOUT.keys()
