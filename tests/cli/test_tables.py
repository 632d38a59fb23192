"""Tables on the terminal: nothing is cut, what is piped is one line a row, counts add up; lists of what there is."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from monitor.base.paths import package_data
from monitor.cli.bundles import FORMATS
from monitor.knowledge.catalogue import load_catalogue
from monitor.reports import formats
from monitor.scenario.registry import VERBS
from monitor.text import t

from .conftest import Run


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_no_table_cuts_what_it_says(monitor: Run, columns: str) -> None:
    said = monitor("hooks", "list", "--lang", "en", COLUMNS=columns).stdout
    assert "…" not in said
    cells = [re.split("[│|]", line)[1].strip() for line in said.splitlines() if line.startswith("│")]
    whole = "".join(cells)
    assert [row.id for row in load_catalogue() if row.id not in whole] == []


def test_what_is_piped_is_a_line_a_row(monitor_process: Run, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    lines = monitor_process("findings", bundle, "--lang", "en").stdout.splitlines()
    found = monitor_process("findings", bundle, "--json").stdout.splitlines()
    assert len([line for line in lines if line.startswith("  ")]) == len(found) > 5
    assert max(map(len, lines)) > 80


def test_findings_and_rules_are_counted_whole(monitor: Run, bundle: Path, tmp_path: Path) -> None:
    """The parts of each count add up to the number before them, and that is the number of lines in JSON."""
    copy = shutil.copytree(bundle, tmp_path / "copy")
    said = monitor("analyse", copy, "--lang", "en", COLUMNS="200").stdout
    (key,) = re.findall("--results-key ([0-9a-f]{64})", said)
    counts = {}
    for what in ("findings", "rules"):
        total, parts = re.search(rf"^{what}: (\d+) \((.*)\)", said, re.M).groups()  # type: ignore[union-attr]
        counts[what] = int(total)
        assert int(total) == sum(int(number) for number in re.findall(r"(?:^|, )(\d+) ", parts))
    rules = [json.loads(line) for line in monitor("coverage", copy, "--json", "--results-key", key).stdout.splitlines()]
    assert counts["rules"] == sum(line["line"] == "rule" for line in rules)
    assert counts["findings"] == len(monitor("findings", copy, "--json", "--results-key", key).stdout.splitlines())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_coverage_counts_hooks_and_lists_them_on_request(monitor: Run, bundle: Path, lang: str) -> None:
    """In words: a code stands only where something is identified by it."""
    found = [json.loads(line) for line in monitor("coverage", bundle, "--json").stdout.splitlines()]
    hooks = [one for one in found if one["line"] == "hook"]
    shown = monitor("coverage", bundle, "--lang", lang, COLUMNS="900").stdout
    assert hooks and t("cli.hooks", lang, n=len(hooks), states="|").partition("|")[0] in shown
    whole = monitor("coverage", bundle, "--hooks", "--lang", lang, COLUMNS="900").stdout
    assert [len([one for one in hooks if one["id"] in said]) for said in (shown, whole)] == [0, len(hooks)]
    cells = [[cell.strip() for cell in row.split("│")] for row in whole.splitlines() if row.startswith("│")]
    assert [row for row in cells if re.fullmatch("[a-z]+_[a-z_]+", row[3]) or (lang == "zh" and row[1].isascii())] == []


def test_no_json_holds_a_character_that_acts(monitor: Run, bundle: Path) -> None:
    said = monitor("events", bundle, "--json").stdout
    assert "隐私政策提示" in said and "\\u202e" in said and "\u202e" not in said
    assert any("\u202e" in json.loads(line).get("title", "") for line in said.splitlines())
    for format in ("json", "sarif", "har"):
        assert "\u202e" not in monitor("report", bundle, "--format", format, "-o", "-").stdout
    proof = monitor("prove", bundle, 6).stdout
    assert "\u202e" not in proof and "\\u202e" in proof


def test_events_are_the_apps_unless_all_are_asked_for(monitor: Run, bundle: Path) -> None:
    def kinds(*more: str) -> set[str]:
        return {json.loads(line)["kind"] for line in monitor("events", bundle, "--json", *more).stdout.splitlines()}

    behind = {"health", "stack"}
    assert behind <= kinds("--all") and not behind & kinds()
    assert kinds("--kind", "health", "--kind", "tap") == {"health", "tap"}
    assert kinds() == kinds("--all") - behind


def test_every_verb_is_listed_with_its_arguments(monitor: Run) -> None:
    """As they are written in the file: what may be left out in brackets, the values of a choice, a bare value's mark;
    the table speaks the reader's language."""
    rows = {row["verb"]: row for row in map(json.loads, monitor("scenarios", "verbs", "--json").stdout.splitlines())}
    assert sorted(rows) == sorted(VERBS) and all(row["does"] for row in rows.values())
    assert {"text*", "optional"} <= set(rows["tapOn"]["arguments"]) and "while" in rows["repeat"]["arguments"]
    assert rows["policy"]["required"] == [] and rows["startActivity"]["required"] == ["activity"]
    assert rows["consent"]["values"] == {"decision": ["accept", "reject", "withdraw", "shown"]}
    shown = monitor("scenarios", "verbs").stdout
    assert "consent" in shown and "  account_pi: name, real name" in shown
    assert "[url*]" in shown.replace("\n", "") and "[optional]" in shown
    shown = monitor("scenarios", "verbs", "--lang", "zh", COLUMNS="300").stdout
    assert "decision: accept | reject | withdraw | shown" in shown and "等待元素出现并点击" in shown and "参数" in shown
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
