"""Every example of every rule comes to what it says."""

from __future__ import annotations

import pytest

from monitor.analysis.rules.load import Rule, load_rules
from monitor.analysis.rules.model import EXPECTED, Example
from monitor.assess.trial import example as result_of
from tests.each import each
from tests.rules.examples import FOLDER, SCREENS, examples_of

RULES = load_rules()
STATUSES = ("evidenced", "review", "inconclusive", "")


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_examples(rule: Rule) -> None:
    each(as_expected, ((rule, example) for example in examples_of(rule)))


def as_expected(rule: Rule, example: Example) -> None:
    findings = result_of(rule, example).findings
    expected = EXPECTED[example.expect]
    best = min((finding.status for finding in findings), key=STATUSES.index, default="")
    assert best == expected, [(f.pattern, f.status, f.detail) for f in findings]
    assert example.count in (0, *(f.count for f in findings if f.status == expected))
    assert example.grade in ("", *(f.grade for f in findings))
    assert example.remedy in ("", *(f.advice for f in findings))
    assert example.remedy_zh in ("", *(f.advice_zh for f in findings))
    for finding in findings:
        assert finding.events == sorted(finding.events)
        assert finding.count >= 1
        assert finding.clauses


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_each_rule_says_what_to_change_in_an_example(rule: Rule) -> None:
    """By what the example shows: more than the rule says of any finding."""
    said = [one.remedy for one in examples_of(rule) if one.remedy]
    assert said and ("{" not in rule.text.advice or rule.text.general("en") not in said)


def test_each_file_here_is_read() -> None:
    """Of a rule that there is; its own file keeps the two or three examples that explain it."""
    assert {path.stem for path in FOLDER.glob("*.yaml")} <= {*(rule.id for rule in RULES), SCREENS.stem}
    assert [rule.id for rule in RULES if len(rule.text.examples) > 3] == []
