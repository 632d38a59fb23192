"""A user's own rules at re-analysis: they are kept, attested and used by everything that reads the results."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.assess.evaluate import reanalyse
from monitor.assess.opened import Opened
from monitor.assess.render import render_bundle
from monitor.assess.tables import GROUPS
from monitor.errors import EvidenceDamaged, InputError
from monitor.evidence.seal import OWN_RULES, attested_configuration
from monitor.evidence.verify import verify
from tests import command

SCRIPT = Path(__file__).parents[2] / "monitor/evidence/standalone/verify.py"
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
def bundle(recorded: Path, tmp_path: Path) -> Path:
    path = tmp_path / "bundle"
    shutil.copytree(recorded, path)
    return path


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
    assert again.own == ("OWN-01",) and rules_of(bundle) == before | {"OWN-01"}
    verify(bundle)
    shutil.rmtree(own)
    with Opened.of_results(bundle) as opened:
        assert opened.tables.texts("rules")["OWN-01.yaml"] == RULE
        assert opened.tables.digests == attested_configuration(bundle)
    assert "Anything sent to Umeng" in render_bundle("html", bundle, "en").decode()
    assert "向友盟发送数据" in render_bundle("markdown", bundle, "zh").decode()
    assert reanalyse(bundle).own == ("OWN-01",) and "OWN-01" in rules_of(bundle), "a later analysis uses them"
    verify(bundle)
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
    assert reanalyse(bundle, rules=[own]).own == (gone,)
    assert rules_of(bundle) == before - {gone}


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
    assert reanalyse(bundle).own == () and "OWN-01" not in rules_of(bundle)
    verify(bundle)


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
    done = command.run("analyse", bundle, "--lang", "zh", cwd=tmp_path)
    assert done.returncode == 0 and "自定义规则：OWN-01" in done.stdout, done.stderr
    done = command.run("analyse", bundle, "--rules", tmp_path / "nowhere", cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1


def test_this_version_has_none_of_them() -> None:
    assert not (GROUPS["rules"] / "OWN-01.yaml").exists()
