"""The rule files against the reference: levels and thresholds, and a reason for each difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.analysis.rules.load import Rule, load_rules
from monitor.analysis.rules.model import Pattern

TABLE: dict[str, dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "deviations.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
RULES = {rule.id: rule for rule in load_rules()}


def levels(rule: Rule) -> set[str]:
    """Every level that a finding of the rule can have in the packs of the reference."""
    text = rule.text
    found = {p.level or text.level for p in text.match if not p.packs or "cn" in p.packs}
    return found | ({text.level_attempted, text.level_sensitive} - {None})  # type: ignore[arg-type]


def number(pattern: Pattern, name: str) -> float:
    """A threshold by name, or the time of a neighbour; the name of a profile stands for its ``min``."""
    neighbour = getattr(pattern, name, None)
    if neighbour is not None and hasattr(neighbour, "within"):
        return float(neighbour.within)
    if name in pattern.thresholds:
        return float(pattern.thresholds[name]["min"])
    return float(pattern.thresholds.get("default", {}).get(name, pattern.within))


def test_every_rule_has_its_line() -> None:
    assert set(TABLE) <= set(RULES)
    for line in TABLE.values():
        assert set(line) <= {"levels", "numbers", "differs"}
        assert all(len(reason) > 20 for reason in line.get("differs", ["-" * 21]))


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_levels_and_numbers(rule: str) -> None:
    line, text = TABLE[rule], RULES[rule].text
    assert text.level == line["levels"][0]
    assert levels(RULES[rule]) == set(line["levels"])
    patterns = {pattern.name: pattern for pattern in text.match}
    for place, wanted in line.get("numbers", {}).items():
        name, _, what = place.partition(".")
        assert number(patterns[name], what) == wanted, place
