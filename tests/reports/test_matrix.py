"""An item of the guideline shows evidence only from findings on it, whatever else its rule looks for."""

from __future__ import annotations

from typing import Final

import pytest

from monitor.analysis.rules.load import load_rules
from monitor.assess.trial import example as example_of
from monitor.reports import make_view
from monitor.reports._matrix import matrix
from monitor.session import Session

#: Item to the rules and patterns that see what it is about: withdrawal, generative AI, training data.
ABOUT: Final = {
    6: {"COL-05", "CON-06", "CON-05:exit_after_withdrawal"},
    11: {"AI-01", "AI-02"},
    12: {"AI-02", "CON-02:training_on"},
}
CASES: Final = [
    pytest.param(rule, example, id=f"{rule.id}: {example.name}")
    for rule in load_rules(["cn"])
    for example in rule.text.examples
    if example.expect in ("fires", "review") and set(example.packs or ["cn"]) == {"cn"}
]


@pytest.mark.parametrize("rule, example", CASES)
def test_items_6_11_and_12_are_only_about_what_was_seen(rule: object, example: object) -> None:
    found = example_of(rule, example).findings  # type: ignore[arg-type]
    assert found
    rows = matrix(make_view(Session(), [], found, []))
    for item, about in ABOUT.items():
        seen = {f"{finding.rule}:{finding.pattern}" for finding in rows[item - 1].findings}
        assert all(name in about or name.partition(":")[0] in about for name in seen), (item, seen)


def test_each_of_them_is_seen_by_an_example() -> None:
    """Otherwise the test above would pass for an empty matrix."""
    seen = set()
    for case in CASES:
        rule, example = case.values
        for row in matrix(make_view(Session(), [], example_of(rule, example).findings, [])):
            if row.findings:
                seen.add(row.number)
    assert {"6", "11", "12"} <= seen
