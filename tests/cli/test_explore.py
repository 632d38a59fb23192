"""``monitor explore``: what is refused, what is written for each variant, and a whole exploration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.base.errors import InputError
from monitor.base.paths import bundled
from monitor.scenario.explore import variants
from monitor.scenario.model import load_scenario
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mall", "--variants", "maybe"], "no such variant"),
        (["mall", "--variants", "refuse,refuse"], "no such variant, or twice: refuse"),
        (["mall", "--account", "nowhere.yaml"], "nowhere.yaml"),
        (["mall", "--persons", "wrong.yaml"], "not what is typed into fields"),
        (["nowhere.apk/", "--quiet"], "no such app"),
        (["mall", "--account", "manual"], "--account manual needs the name of the person"),
        (["mall", "--by", "Wang"], "add --account manual"),
        (["mall", "--steps", "0"], "out of range"),
        (["mall", "--fail-on", "grave"], "no such level"),
    ],
)
def test_a_wrong_use_is_one_line(monitor: Run, tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "wrong.yaml").write_text("telephone: x\n")
    done = monitor("explore", *words, "--lang", "en", "--out", tmp_path / "out")
    assert done.returncode == 2 and said in done.stderr and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("variant", variants.VARIANTS)
def test_a_variant_is_an_ordinary_scenario_set_for_the_app(tmp_path: Path, variant: str) -> None:
    template = load_scenario(bundled("scenarios") / "explore" / f"{variant}.yaml")
    (tmp_path / "persons.yaml").write_text("name: '王'\n")
    walk = {"steps": 7, "risky": True, "persons": "persons.yaml"}
    made = load_scenario(variants.written(variant, tmp_path, "org.example.own", walk))
    assert (made.header.appId, made.header.app) == (
        "org.example.own",
        "",
    ) and made.header.title == template.header.title
    first, explore = made.steps
    assert first.verb == "launchApp" and first.args == template.steps[0].args
    wanted = {"refuse": "refuse", "ignore": "ignore"}.get(variant, "accept")
    assert (explore.args.answers.policy, explore.args.steps, explore.args.risky) == (wanted, 7, True)  # type: ignore[attr-defined]
    assert explore.args.goal == ("withdraw" if variant == "withdraw" else "all")  # type: ignore[attr-defined]


def test_the_order_of_the_variants_is_ours() -> None:
    assert variants.chosen("withdraw, ignore") == ["ignore", "withdraw"]
    with pytest.raises(InputError, match="no such variant"):
        variants.chosen("")


@pytest.mark.device
def test_two_variants_make_one_report(monitor: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = monitor("explore", "mall", "--variants", "accept,refuse", "--steps", 8, "--out", out, "--fail-on", "low",
                   "--lang", "en")  # fmt: skip
    assert done.returncode == 1, done.stderr  # it reads before anything is answered
    found = json.loads((out / "report.json").read_text("utf-8"))
    assert [walk["variant"] for walk in found["walks"]] == ["refuse", "accept"]
    assert all(walk["why"] == "steps" and walk["places"] > 1 for walk in found["walks"])
    rules = {rule["rule"]: rule for rule in found["rules"]}
    assert rules["COL-01"]["verdict"] == "evidenced" and "COL-01" in done.stdout
    assert set(rules["COL-01"]["verdicts"]) == {"refuse", "accept"}
    assert '<svg class="places"' in (out / "report.html").read_text("utf-8")
    assert "2 places" in done.stderr and str(tmp_path) not in (out / "accept/data/inputs/scenario.yaml").read_text()
    for variant in ("refuse", "accept"):
        assert monitor("verify", out / variant).returncode == 0
