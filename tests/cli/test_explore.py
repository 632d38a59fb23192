"""``monitor explore``: what is refused, what is written for each variant, and a whole exploration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor import text
from monitor.assess import stored
from monitor.base.errors import EnvironmentFault, InputError
from monitor.base.paths import bundled
from monitor.evidence.bundle import Bundle
from monitor.record import Outcome
from monitor.scenario.explore import variants
from monitor.scenario.model import Expect, load_scenario
from monitor.scenario.runner import Outcome as Steps
from monitor.session.options import Options
from tests.archive.samples import make
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


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_variant_that_cannot_begin_costs_nothing_of_those_before(
    monitor: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """The device is gone after the first variant: the report is that of what was recorded, and says what is missing."""

    def record(options: Options, *_: object) -> Outcome:
        if options.out.name != "ignore":
            raise EnvironmentFault("the device is gone", where="emulator-5554")
        bundle = make(options.out)
        return Outcome(
            bundle, stored.assessment(bundle), Bundle.open(bundle).session(), Steps(1, 0, "", False, Expect())
        )

    monkeypatch.setattr("monitor.record.record", record)
    done = monitor("explore", "mall", "--out", tmp_path / "out", "--lang", lang, "--variants", "ignore,refuse,accept")
    assert done.returncode == 3 and done.stderr.count("the device is gone") == 1
    found = json.loads((tmp_path / "out/report.json").read_text("utf-8"))
    assert [walk["variant"] for walk in found["walks"]] == ["ignore"] and list(found["unwalked"]) == [
        "refuse",
        "accept",
    ]
    page = (tmp_path / "out/report.html").read_text("utf-8")
    for line, variant in zip(found["stated"], ("refuse", "accept"), strict=False):
        assert "the device is gone" in line and text.label("variant", variant, lang) in line and line in page
        assert line in done.stdout
    assert {"en": "of 3 variants were walked", "zh": "共 3 种应答方式"}[lang] in found["conclusion"][0]
    monkeypatch.setattr(
        "monitor.record.record", lambda options, *_: record(options.model_copy(update={"out": Path("x")}))
    )
    assert monitor("explore", "mall", "--out", tmp_path / "none", "--lang", lang).returncode == 3  # not even one
    assert not (tmp_path / "none/report.json").exists()


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
