"""``monitor explain`` of a rule, a hook and a finding, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner
from typer.main import get_command

from monitor.analysis.rules.load import load_rules
from monitor.cli import app, explaining
from monitor.cli.explaining import scenario_argument
from monitor.text import t
from tests.cli.conftest import Run


def found(bundle: Path, rule: str) -> str:
    lines = [json.loads(line) for line in (bundle / "findings.jsonl").read_text("utf-8").splitlines()]
    return str(next(line["fingerprint"] for line in lines if line["rule"] == rule))


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("PRM-01", "--lang", "en"),  # what, why, clauses with rank and how well they are known, thresholds, scenarios
         ["Network Data Security Management Regulations, Article 22, paragraph 1, item 5 — administrative regulation,",
          "checked against the original [cn]", "within 172800", "monitor run quickstart", "Known false positives"]),
        (("prm-01", "--lang", "zh"), ["行政法规"]),
        (("telephony.get_imei",),
         ["android.telephony.TelephonyManager.getImei", "(int)java.lang.String", "since API 26", "READ_PHONE_STATE"]),
    ],
)  # fmt: skip
def test_a_rule_or_hook_is_explained(monitor: Run, words: tuple[str, ...], parts: list[str]) -> None:
    text = monitor("explain", *words).stdout.casefold()
    assert [part for part in parts if part.casefold() not in text] == []


def test_finding_is_a_story(monitor: Run, bundle: Path) -> None:
    """When, before which tap, by whose code, under which clause, what would change it, how to see it again."""
    name = found(bundle, "COL-02")
    done = monitor("explain", name[:6], "--bundle", bundle, "--lang", "en")
    for part in (
        "+0.498 s ±1 ms", "Beacon Analytics", "2.500 s before the tap “同意并继续”", "beyond timing uncertainty",
        "cn.beacon.analytics.Beacon.start (Beacon.java:35)  ←",
        "Personal Information Protection Law of the PRC, Article 13 — law", "monitor run quickstart",
        "at step 1: start the app (launchApp)", "before the first of these events, the user had not agreed",
        "legal basis", "of the act accept/clear, in zh.tsv",
    ):  # fmt: skip
        assert part in done.stdout, (part, done.stdout)
    assert monitor("explain", f"{bundle}#{name}", "--lang", "en").stdout == done.stdout
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout


def test_a_scenario_of_ones_own_is_run_from_the_bundle(tmp_path: Path) -> None:
    kept = tmp_path / "my bundle" / "data" / "inputs" / "scenario.yaml"
    kept.parent.mkdir(parents=True)
    declaration = kept.with_name("declaration.yaml")
    bundle = tmp_path / "my bundle"
    assert scenario_argument(bundle, "mine") == "mine"
    kept.touch()
    assert scenario_argument(bundle, "quickstart") == "quickstart"
    assert scenario_argument(bundle, "mine") == f"'{kept}' --app FILE"
    declaration.touch()
    assert scenario_argument(bundle, "mine").endswith(f"--app FILE --declaration '{declaration}'")


def test_recipient_of_a_finding(monitor: Run, bundle: Path) -> None:
    text = monitor("explain", f"{bundle}#{found(bundle, 'SHR-01')}", "--lang", "zh").stdout
    assert re.search(r"dmp\.datamarket-union\.com——.*第三方.*Android", text), text


def test_every_rule_and_finding_can_be_explained(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key or field is missing for any of them, in either language."""
    rules = load_rules()
    monkeypatch.setattr("monitor.analysis.rules.load.load_rules", lambda *_, **__: rules)
    monkeypatch.setattr(explaining, "exercising", cache(explaining.exercising))
    lines = [json.loads(line) for line in (bundle / "findings.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) >= 3
    wanted = [*(rule.id for rule in load_rules()), *(f"{bundle}#{line['fingerprint']}" for line in lines)]
    command = get_command(app)
    for number, what in enumerate(wanted):
        done = CliRunner().invoke(command, ["explain", what, "--lang", ("en", "zh")[number % 2]])
        assert (done.exit_code, done.exception) == (0, None), what


def test_a_rule_with_a_bundle_lists_its_findings_there(monitor: Run, bundle: Path) -> None:
    """Each with the fingerprint that explains it; a rule without findings says so."""
    rows = [json.loads(line) for line in (bundle / "findings.jsonl").read_text("utf-8").splitlines()]
    rule = rows[0]["rule"]
    text = monitor("explain", rule, "--bundle", str(bundle), "--lang", "en").stdout.partition(
        "Findings in this bundle"
    )[2]
    assert text and all((row["fingerprint"] in text) == (row["rule"] == rule) for row in rows)
    without = next(one.id for one in load_rules() if one.id not in {row["rule"] for row in rows})
    assert "No findings." in monitor("explain", without, "--bundle", str(bundle), "--lang", "en").stdout
    assert "Findings in this bundle" not in monitor("explain", rule, "--lang", "en").stdout


def test_grades_are_explained_where_they_are_shown(monitor: Run, bundle: Path) -> None:
    """Those that occur, in words; an item of the guideline names its rules without a result."""
    rows = [json.loads(line) for line in (bundle / "findings.jsonl").read_text("utf-8").splitlines()]
    text = monitor("findings", str(bundle), "--lang", "en").stdout
    for grade in ("attempted", "access", "collection"):
        shown = any(row["grade"] == grade and row["data_type"] for row in rows)
        assert (t(f"grade.{grade}.long", "en").rstrip(".") in " ".join(text.split())) == shown, grade
    lines = [json.loads(line) for line in (bundle / "coverage.jsonl").read_text("utf-8").splitlines()]
    item = next(one for one in lines if one["line"] == "item" and "not_exercised" in one["detail"].values())
    named = [rule for rule, state in item["detail"].items() if state == "not_exercised"]
    table = re.sub(r"[│\s]+", "", monitor("coverage", str(bundle), "--lang", "en").stdout)
    assert "notexercised:" + ",".join(named) in table


def _commands(group: Command, path: str = "") -> Iterator[tuple[str, Command, int]]:
    own = getattr(group, "commands", {})
    for name, command in own.items():
        yield f"{path} {name}".strip(), command, max(map(len, own))
        yield from _commands(command, f"{path} {name}")


def test_help_is_plain_and_summaries_are_whole() -> None:
    """In a list of commands no summary is cut at 80 columns, and no help shows markup."""
    for path, command, widest in _commands(get_command(app)):
        assert not command.get_short_help_str(72 - widest).endswith("..."), path
        helps = [command.help or "", *(getattr(one, "help", "") or "" for one in command.params)]
        assert not any("`" in text for text in helps), path
