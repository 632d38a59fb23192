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


def test_the_values_of_a_choice_are_listed_and_the_table_speaks_the_readers_language(monitor: Run) -> None:
    rows = {row["verb"]: row for row in map(json.loads, monitor("scenarios", "verbs", "--json").stdout.splitlines())}
    assert rows["consent"]["values"] == {"decision": ["accept", "reject", "withdraw", "shown"]}
    shown = monitor("scenarios", "verbs", "--lang", "zh", COLUMNS="300").stdout
    assert "decision: accept | reject | withdraw | shown" in shown and "点击（tapOn）" in shown and "参数" in shown


def test_a_hook_is_listed_with_the_code_of_its_data_and_explained_by_class_and_method(monitor: Run) -> None:
    line = next(
        one
        for one in monitor("hooks", "list", "--lang", "en", COLUMNS="300").stdout.splitlines()
        if "telephony.get_imei " in one
    )
    assert [cell.strip() for cell in line.split("│")][3:5] == ["imei", "device IMEI"]
    done = monitor("explain", "android.telephony.TelephonyManager.getImei")
    assert done.stdout == monitor("explain", "telephony.get_imei").stdout != ""
    assert "telephony.get_imei" in monitor("explain", "TelephonyManager.getImei").stderr


def test_what_a_fact_says_is_one_line(monitor: Run) -> None:
    rows = [json.loads(line) for line in monitor("rules", "facts", "--json").stdout.splitlines()]
    assert len(rows) > 100 and [row["fact"] for row in rows if "\n" in row["says"] or "  " in row["says"]] == []
    assert "\\u000a" not in monitor("rules", "facts").stdout


def test_a_pattern_that_reports_have_no_words_for_is_named(monitor: Run, tmp_path: Path) -> None:
    text = (package_data("rules") / "CON-01.yaml").read_text("utf-8")
    (tmp_path / "CON-01.yaml").write_text(text.replace("name: main_screen", "name: first_screen"), "utf-8")
    done = monitor("rules", "check", tmp_path / "CON-01.yaml", "--lang", "en")
    assert done.returncode == 0 and "no words for it in monitor/text (pattern.first_screen)" in done.stdout
    assert done.stdout.count("no words") == 1


def test_a_rule_in_a_file_of_another_name_is_refused(monitor: Run, tmp_path: Path) -> None:
    """As by every command that uses it."""
    (tmp_path / "MINE-1.yaml").write_bytes((package_data("rules") / "CON-01.yaml").read_bytes())
    done = monitor("rules", "check", tmp_path, "--lang", "en")
    assert done.returncode == 2 and "the file of CON-01 must be named CON-01.yaml" in done.stderr


def test_every_report_format_is_in_the_help() -> None:
    assert sorted(formats()) == FORMATS
