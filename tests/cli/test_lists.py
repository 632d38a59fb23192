"""``monitor scenarios verbs``: what the author of a scenario needs to know."""

from __future__ import annotations

import json

from monitor.scenario.registry import VERBS
from tests.cli.conftest import Run


def test_every_verb_is_listed_with_its_arguments(monitor: Run) -> None:
    done = monitor("scenarios", "verbs", "--json")
    rows = {row["verb"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert sorted(rows) == sorted(VERBS)
    assert "text*" in rows["tapOn"]["arguments"] and "optional" in rows["tapOn"]["arguments"]
    assert "while" in rows["repeat"]["arguments"], "as it is written in the file"
    assert all(row["does"] for row in rows.values())
    shown = monitor("scenarios", "verbs").stdout
    assert "consent" in shown and "  account_pi: name, real name" in shown


def test_what_may_be_left_out_stands_in_brackets(monitor: Run) -> None:
    rows = {row["verb"]: row for row in map(json.loads, monitor("scenarios", "verbs", "--json").stdout.splitlines())}
    assert rows["policy"]["required"] == [] and rows["inputText"]["required"] == ["text"]
    shown = monitor("scenarios", "verbs").stdout
    assert "[url*]" in shown.replace("\n", "") and "[optional]" in shown
