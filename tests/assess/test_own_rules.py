"""A user's own rules at re-analysis: they are kept, attested and used by everything that reads the results."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from monitor.analysis.rules.load import rule_files
from monitor.assess.evaluate import Added, reanalyse
from monitor.assess.opened import Opened
from monitor.assess.render import render_bundle
from monitor.assess.tables import GROUPS, keep_tables, read_files, unpacked
from monitor.base.errors import EvidenceDamaged, InputError, ResultsOfAnother
from monitor.events import Health
from monitor.evidence.bundle import Bundle
from monitor.evidence.keys import Signer
from monitor.evidence.seal import OWN_RULES, claimed
from monitor.evidence.verify import verify
from monitor.session.manifest import App, Session
from tests import command

SCRIPT = Path(__file__).parents[2] / "monitor/evidence/standalone/verify.py"
T0 = 1_790_000_000_000_000
RULE = """\
id: OWN-01
title: Anything sent to Umeng
title_zh: 向友盟发送数据
level: low
proof: direct
description: A request to a host of Umeng was observed.
description_zh: 监测到向友盟主机发送的请求。
advice: Ask whether it is needed.
advice_zh: 核实其必要性。
falsepositives: [None.]
falsepositives_zh: [无。]
clauses: {cn: [PIPL 23]}
match:
- {type: sequence, event: transmission, where: "host == 'ulogs.umeng.com'"}
witness: [traffic]
examples:
- name: sent
  expect: fires
  events: [{kind: transmission, at: 1, host: ulogs.umeng.com}]
- name: elsewhere
  expect: silent
  events: [{kind: transmission, at: 1, host: example.com}]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    place = tmp_path / "own"
    place.mkdir()
    (place / "OWN-01.yaml").write_text(RULE, "utf-8")
    return place


def rules_of(bundle: Path) -> set[str]:
    return {json.loads(line)["rule"] for line in (bundle / "findings.jsonl").read_text("utf-8").splitlines()}


def test_they_are_found_kept_attested_and_explained(bundle: Path, own: Path) -> None:
    before = rules_of(bundle)
    assert "OWN-01" not in before
    again = reanalyse(bundle, rules=[own])
    key = again.written.key
    assert again.added.own == ("OWN-01",) and rules_of(bundle) == before | {"OWN-01"}
    verify(bundle, results_keys=[key])
    shutil.rmtree(own)
    with Opened.of_results(bundle) as opened:
        assert read_files(opened.tables.place("rules"))["OWN-01.yaml"] == RULE
        assert opened.tables.digests == claimed((bundle / "findings.dsse.json").read_bytes())["configuration"]
    assert "Anything sent to Umeng" in render_bundle("html", bundle, "en").decode()
    assert "向友盟发送数据" in render_bundle("markdown", bundle, "zh").decode()
    told: list[Added] = []
    later = reanalyse(bundle, results_keys=[key], on_added=told.append)
    assert "OWN-01" in rules_of(bundle), "a later analysis uses them"
    assert told == [later.added] == [Added(("OWN-01",), (), (OWN_RULES,), key)]
    verify(bundle, results_keys=[later.written.key])
    assert "OWN-01" not in rules_of(bundle / "earlier" / "001") and "OWN-01" in rules_of(bundle / "earlier" / "002")


def test_one_with_a_known_id_replaces_that_rule_and_no_other(bundle: Path, own: Path) -> None:
    before = rules_of(bundle)
    gone = sorted(before)[0]
    text = (
        RULE.replace("OWN-01", gone)
        .replace("ulogs.umeng.com'", "nowhere.example'")
        .replace("host: ulogs.umeng.com", "host: nowhere.example")
    )
    (own / "OWN-01.yaml").unlink()
    (own / f"{gone}.yaml").write_text(text, "utf-8")
    added = reanalyse(bundle, rules=[own]).added
    assert added.own == added.replaced == (gone,) and added.taken == ()
    assert rules_of(bundle) == before - {gone}
    for form in ("html", "json", "markdown", "csv", "sarif", "junit"):
        said = render_bundle(form, bundle, "en").decode().replace("\\", "")
        assert gone in said.partition("Built-in rules were replaced by rules of the same ID that are not: ")[2], form


def test_changed_afterwards_they_are_refused_by_both_verifiers(bundle: Path, own: Path) -> None:
    reanalyse(bundle, rules=[own])
    text = (bundle / OWN_RULES).read_text("utf-8")
    (bundle / OWN_RULES).write_text(text.replace("Umeng", "Nobody"), "utf-8")
    for attempt in (verify, reanalyse, lambda path: render_bundle("html", path, "en")):
        with pytest.raises(EvidenceDamaged, match=OWN_RULES):
            attempt(bundle)
    done = subprocess.run([sys.executable, "-I", SCRIPT, bundle], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and OWN_RULES in done.stdout + done.stderr
    (bundle / OWN_RULES).unlink()
    again = reanalyse(bundle)
    assert again.added == Added() and "OWN-01" not in rules_of(bundle)
    verify(bundle, results_keys=[again.written.key])


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("OTHER.yaml", RULE, "must be named OWN-01.yaml"),
        ("OWN-01.yaml", RULE.replace("host ==", "hoost =="), "hoost"),
        ("OWN-01.yaml", RULE.replace("PIPL 23", "PIPL 999"), "no such clause"),
        ("OWN-01.yaml", "surprise: 1\n" + RULE, "unknown key 'surprise'"),
    ],
)
def test_a_faulty_rule_is_named_and_nothing_is_rewritten(
    bundle: Path, own: Path, name: str, text: str, what: str
) -> None:
    (own / "OWN-01.yaml").unlink()
    (own / name).write_text(text, "utf-8")
    before = (bundle / "findings.dsse.json").read_bytes()
    with pytest.raises(InputError, match=what) as caught:
        reanalyse(bundle, rules=[own])
    assert str(own / name) in str(caught.value)
    assert (bundle / "findings.dsse.json").read_bytes() == before and not (bundle / OWN_RULES).exists()


def test_the_command_says_so_in_both_languages(bundle: Path, own: Path, tmp_path: Path) -> None:
    done = command.run("analyse", bundle, "--rules", own, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0 and "your own rules: OWN-01" in done.stdout, done.stderr
    (key,) = re.findall("--results-key ([0-9a-f]{64})", done.stdout)
    done = command.run("analyse", bundle, "--results-key", key, "--lang", "zh", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.count("自定义规则：OWN-01") == 2, done.stderr
    assert done.stdout.count(f"沿用上次分析的内容（密钥 {key}）：自定义规则") == 2
    done = command.run("analyse", bundle, "--rules", tmp_path / "nowhere", cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1


@pytest.mark.parametrize("kept", [False, True])
def test_a_strangers_rules_are_not_taken_over(bundle: Path, own: Path, tmp_path: Path, *, kept: bool) -> None:
    """Built-in rules that a stranger replaced by harmless ones under the same ID, attested with a key of their own."""
    before = rules_of(bundle)
    (own / "OWN-01.yaml").unlink()
    for gone in before:
        text = RULE.replace("OWN-01", gone).replace("ulogs.umeng.com", "nowhere.example")
        (own / f"{gone}.yaml").write_text(text, "utf-8")
    stranger = reanalyse(bundle, rules=[own]).written.key
    assert rules_of(bundle) == set()
    more, left = ["--recorded-tables"] if kept else [], (bundle / "findings.dsse.json").read_bytes()
    done = command.run("analyse", bundle, *more, "--lang", "en", cwd=tmp_path)
    assert done.returncode == 4 and f"own-rules.json: attested by key {stranger}" in done.stderr, done.stdout
    assert (bundle / "findings.dsse.json").read_bytes() == left, "nothing is rewritten"
    with pytest.raises(ResultsOfAnother):
        reanalyse(bundle, key=Signer.generate(), recorded=kept)

    copy = Path(shutil.copytree(bundle, tmp_path / "copy"))
    done = command.run("analyse", copy, *more, "--results-key", stranger, "--lang", "en", cwd=tmp_path)
    said = f"OWN RULES REPLACE BUILT-IN ONES: {', '.join(sorted(before))}"
    first, found, last = done.stdout.partition("findings: 0")
    assert done.returncode == 0 and found and said in first and said in last
    assert f"by key {stranger}" in first and f"by key {stranger}" in last

    done = command.run("analyse", bundle, *more, "--without-additions", cwd=tmp_path)
    assert done.returncode == 0 and rules_of(bundle) == before and not (bundle / OWN_RULES).exists()
    assert (bundle / "earlier/002" / OWN_RULES).is_file(), "kept, with those results"


def test_this_version_has_none_of_them() -> None:
    assert not (GROUPS["rules"] / "OWN-01.yaml").exists()


def test_those_of_the_session_are_named_as_well(tmp_path: Path, own: Path) -> None:
    """Given to the recorder, and kept with its tables: one of them is a built-in rule made harmless."""
    text = RULE.replace("OWN-01", "COL-03").replace("ulogs.umeng.com", "nowhere.example")
    (own / "COL-03.yaml").write_text(text, "utf-8")
    bundle = recorded(tmp_path / "b", rules=rule_files((own,)))
    added = reanalyse(bundle, recorded=True).added
    assert (added.own, added.replaced) == (("COL-03", "OWN-01"), ("COL-03",))
    said = render_bundle("markdown", bundle, "en").decode()
    assert "rules that are not built in: COL-03, OWN-01" in said and "of the same ID that are not: COL-03" in said
    assert reanalyse(bundle).added == Added()
    (own / "OWN-01.yaml").unlink()
    (own / "COL-03.yaml").rename(own / "COL-01.yaml")
    (own / "COL-01.yaml").write_text(text.replace("COL-03", "COL-01"), "utf-8")
    added = reanalyse(bundle, rules=[own], recorded=True).added
    assert (added.own, added.replaced) == (("COL-01", "COL-03", "OWN-01"), ("COL-01", "COL-03"))
    plain = recorded(tmp_path / "plain", rules=[GROUPS["rules"] / "COL-03.yaml"])
    assert reanalyse(plain, recorded=True).added.replaced == (), "the built-in one itself replaces nothing"


def recorded(path: Path, rules: Iterable[Path]) -> Path:
    made = Bundle.create(path)
    about = App(package="com.example.shop")
    made.log.append(Health(t=T0, err=0, src="runner", app=about.package, component="hooks", what="ready"))
    made.seal(Session(app=about, start=T0, end=T0 + 1, digests=keep_tables(made, rules=rules)))
    return path


def test_a_text_that_is_none_is_one_clear_line() -> None:
    """JSON's escapes can stand for what no file holds; whoever seals a bundle writes them."""
    with pytest.raises(EvidenceDamaged, match="not a set of files"):
        unpacked(b'{"OWN-01.yaml":"\\ud800"}', OWN_RULES)
