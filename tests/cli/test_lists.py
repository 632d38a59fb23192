"""``monitor scenarios verbs`` and ``monitor rules facts``: what the author of a scenario or rule needs to know."""

from __future__ import annotations

import json
from pathlib import Path

from monitor.base.paths import package_data
from monitor.cli.bundles import FORMATS
from monitor.reports import formats
from monitor.scenario.registry import VERBS
from tests.cli.conftest import Run


def test_every_verb_is_listed_with_its_arguments(monitor: Run) -> None:
    """As they are written in the file: what may be left out in brackets, the values of a choice, a bare value's mark;
    the table speaks the reader's language."""
    rows = {row["verb"]: row for row in map(json.loads, monitor("scenarios", "verbs", "--json").stdout.splitlines())}
    assert sorted(rows) == sorted(VERBS) and all(row["does"] for row in rows.values())
    assert {"text*", "optional"} <= set(rows["tapOn"]["arguments"]) and "while" in rows["repeat"]["arguments"]
    assert rows["policy"]["required"] == [] and rows["inputText"]["required"] == ["text"]
    assert rows["consent"]["values"] == {"decision": ["accept", "reject", "withdraw", "shown"]}
    shown = monitor("scenarios", "verbs").stdout
    assert "consent" in shown and "  account_pi: name, real name" in shown
    assert "[url*]" in shown.replace("\n", "") and "[optional]" in shown
    shown = monitor("scenarios", "verbs", "--lang", "zh", COLUMNS="300").stdout
    assert "decision: accept | reject | withdraw | shown" in shown and "点击（tapOn）" in shown and "参数" in shown
    assert "步骤" in shown and "verb" not in shown


def test_a_hook_is_listed_with_the_code_of_its_data_and_explained_by_class_and_method(monitor: Run) -> None:
    lines = monitor("hooks", "list", "--lang", "en", COLUMNS="300").stdout.splitlines()
    line = next(one for one in lines if "telephony.get_imei " in one)
    assert [cell.strip() for cell in line.split("│")][3:5] == ["imei", "device IMEI"]
    done = monitor("explain", "android.telephony.TelephonyManager.getImei")
    assert done.stdout == monitor("explain", "telephony.get_imei").stdout != ""
    assert "telephony.get_imei" in monitor("explain", "TelephonyManager.getImei").stderr


def test_what_a_fact_says_is_one_line(monitor: Run) -> None:
    rows = [json.loads(line) for line in monitor("rules", "facts", "--json").stdout.splitlines()]
    assert len(rows) > 100 and [row["fact"] for row in rows if "\n" in row["says"] or "  " in row["says"]] == []
    assert "\\u000a" not in monitor("rules", "facts").stdout


def test_own_rules_are_checked(monitor: Run, tmp_path: Path) -> None:
    """A pattern that reports have no words for is named; a rule in a file of another name is refused."""
    text = (package_data("rules") / "CON-01.yaml").read_text("utf-8")
    (tmp_path / "CON-01.yaml").write_text(text.replace("name: main_screen", "name: first_screen"), "utf-8")
    done = monitor("rules", "check", tmp_path / "CON-01.yaml", "--lang", "en")
    assert done.returncode == 0 and "no words for it in monitor/text (pattern.first_screen)" in done.stdout
    assert done.stdout.count("no words") == 1
    (tmp_path / "CON-01.yaml").rename(tmp_path / "MINE-1.yaml")
    done = monitor("rules", "check", tmp_path, "--lang", "en")
    assert done.returncode == 2 and "the file of CON-01 must be named CON-01.yaml" in done.stderr


def test_every_report_format_is_in_the_help() -> None:
    assert sorted(formats()) == FORMATS
